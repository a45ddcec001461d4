"""``make bench``: measure, print the table, write ``results.json``.

``python -m benchmarks against`` runs only the rows whose function's name, ``module.function``,
starts so, and writes nothing. Peers are measured where an interpreter that has them is named:
``TINEL_BENCH_NEURON`` (neuron and pyfibers), ``TINEL_BENCH_JAXON`` (jaxon-nerve).
"""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks import against, engine, graphics, patient, startup
from benchmarks.row import HEAD, Row, device, line

# Each function gives rows; add yours here.
ROWS: list[Callable[[], list[Row]]] = [
    startup.import_time,
    startup.tanya,
    patient.patient,
    engine.speed,
    engine.memory,
    engine.first_call,
    against.neuron,
    against.neuron_matched,
    against.gaines_axon,
    against.gaines_matched,
    against.tigerholm_fibre,
    against.tigerholm_matched,
    against.jaxon,
    graphics.graphics_card,
]


def main(names: list[str]) -> None:
    """Run the rows asked for, or all."""
    chosen = [
        f for f in ROWS
        if not names or any(f"{f.__module__}.{f.__name__}"[11:].startswith(n) for n in names)
    ]  # fmt: skip
    print(HEAD)
    rows = []
    for measure in chosen:
        for row in measure():
            print(line(row), flush=True)
            rows.append(row.rounded())
    if names:
        return
    found = {
        "device": device(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load_average": os.getloadavg()[0],
        "rows": rows,
    }
    (Path(__file__).parent / "results.json").write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
