"""``make bench``: how long Tanya's case and the engine take on this machine."""

from __future__ import annotations

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
REPEATS = 3


def main() -> None:
    """Measure, print a table, write ``results.json``."""
    rows = [*_import_time(), *_case(), *_engine()]
    for row in rows:
        print(f"{row['case']:58s} {row['value']:10.3g} {row['unit']:10s} {row['note']}")
    found = {
        "machine": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "rows": rows,
    }
    (Path(__file__).parent / "results.json").write_text(json.dumps(found, indent=1) + "\n")


def _row(case: str, value: float, unit: str, note: str = "") -> dict[str, Any]:
    return {"case": case, "value": round(value, 4), "unit": unit, "note": note}


def _timed(words: list[str], cache: str) -> float:
    start = time.perf_counter()
    subprocess.run(
        words, check=True, cwd=ROOT, env={**os.environ, "TINEL_CACHE": cache},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    return time.perf_counter() - start


def _import_time() -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as cache:
        bare = [_timed([sys.executable, "-c", "pass"], cache) for _ in range(5)]
        full = [_timed([sys.executable, "-c", "import tinel"], cache) for _ in range(5)]
    return [_row("import tinel", statistics.median(full) - statistics.median(bare), "s")]


def _case() -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as place:
        words = [sys.executable, "-m", "tinel", "run", "examples/tanya.toml", "--out"]
        cold = _timed([*words, f"{place}/cold"], f"{place}/cache")
        warm = [_timed([*words, f"{place}/warm"], f"{place}/cache") for _ in range(REPEATS)]
        size = (Path(place) / "warm" / "report.html").stat().st_size / 1e6
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
    note = "200 twins, 3 arms, 8 exam days, report included"
    return [
        _row("tanya, nothing compiled", cold, "s", note),
        _row("tanya, warm compilation cache", statistics.median(warm), "s", f"median of {REPEATS}"),
        _row("tanya, largest process", memory, "GB"),
        _row("tanya, report.html", size, "MB"),
    ]


def _engine() -> list[dict[str, Any]]:
    import numpy as np

    from tinel.cable import mrg, oracle
    from tinel.cable.internode import elements, healthy
    from tinel.cable.simulate import simulate
    from tinel.cable.stimulus import Stimulus, pulse

    count, nodes = 1024, 21
    fibres = elements(mrg.table_geometry(np.full(count, 10.0)), healthy(count))
    current = np.zeros((1, nodes))
    current[0, 1] = 5.0
    stimulus = Stimulus(pulse(5.0, 0.005, 0.1, 0.1), np.repeat(current, count, axis=0))
    simulate(fibres, nodes, stimulus)
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        run = simulate(fibres, nodes, stimulus)
        times.append(time.perf_counter() - start)
    truth = oracle.run(
        fibres, 0, nodes, duration_ms=1.2, dt_ms=0.0005, theta=0.5, current_nA=current[0],
        waveform=pulse(1.2, 0.0005, 0.1, 0.1),
    )  # fmt: skip
    above = [np.argmax(truth.v_mV[:, k] > -30) * 0.0005 for k in (5, 12)]
    off = 100 * ((above[1] - above[0]) / (run.spike_ms[0, 12] - run.spike_ms[0, 5]) - 1)
    return [
        _row(
            "MRG 10 um, 21 nodes, 5 ms at 5 us, batch of 1,024",
            count / statistics.median(times),
            "fibres/s",
            f"velocity {off:+.2f} % of converged; median of {REPEATS}",
        )
    ]


if __name__ == "__main__":
    main()
