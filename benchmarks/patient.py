"""How long the twins of one patient take, and how that grows with twins and fibres.

An ulnar nerve cut at the wrist, five arms, five years, ten days with conduction studies, strength
and touch. A row of fibres stands for one motor axon or for several sensory ones; cost goes with
rows. The nerve is taken as it is, and with its motor units multiplied until it has as many rows as
wanted.

``python -m benchmarks.patient TWINS WORKERS ROWS`` measures one size and prints it as JSON.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.row import Row, device
from tinel.case import Case, load
from tinel.cohort.person import grow
from tinel.flow import run

ROOT = Path(__file__).parents[1]
REPEATS = 3
AS_IT_IS, WANTED = 0, 2000  # rows
TWINS, WANTED_s = 1000, 10.0
MORE_TWINS, MORE_ROWS = (125, 250, 500, 1000), (AS_IT_IS, 2000, 4000)
TEXT = """
[patient]
sex = "female"
age = 29
height_cm = 170
limb_temperature_c = 32

[nerve]
name = "ulnar"
side = "left"

[cause]
kind = "laceration"
procedure = "cut with glass at the wrist"
site = "wrist"
severed_percent = 100

[[exam]]
days = [1, 10, 42, 90, 180, 365, 545, 730, 1095, 1825]
tests = ["motor conduction", "sensory conduction", "strength", "touch"]

[[arm]]
name = "wait"

[[arm]]
name = "suture on day 1"
step = [{ treatment = "repair", day = 1 }]

[[arm]]
name = "suture at 3 weeks"
step = [{ treatment = "repair", day = 21 }]

[[arm]]
name = "graft at 3 months"
step = [{ treatment = "graft", day = 90, gap_mm = 30 }]

[[arm]]
name = "graft at 6 months"
step = [{ treatment = "graft", day = 180, gap_mm = 30 }]

[run]
seed = 1
twins = 1000
horizon_days = 1826
"""


def patient() -> list[Row]:
    """The case with 1 and 2 processes; then how its time grows."""
    rows = []
    for n_row in (AS_IT_IS, WANTED):
        each = {workers: repeated(TWINS, workers, n_row) for workers in (1, 2)}
        alike = len({one["numbers"] for runs in each.values() for one in runs}) == 1
        told = "the same numbers in every run" if alike else "THE NUMBERS OF THE RUNS DIFFER"
        for workers, runs in each.items():
            rows.append(_timed(runs, workers, told))
    by_twins = [repeated(n, 1, AS_IT_IS) for n in MORE_TWINS]
    by_rows = [repeated(MORE_TWINS[1], 1, n) for n in MORE_ROWS]
    return [*rows, _slope("twins", by_twins), _slope("rows", by_rows)]


def repeated(twins: int, workers: int, n_row: int) -> list[dict[str, Any]]:
    """Measurements of one size, each in a process of its own, with warm tables."""
    words = [sys.executable, "-m", "benchmarks.patient", *map(str, (twins, workers, n_row))]
    return [
        json.loads(
            subprocess.run(
                words, check=True, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            ).stdout
        )
        for _ in range(REPEATS)
    ]


def measured(twins: int, workers: int, n_row: int) -> dict[str, Any]:
    """Wall and processor time (s) of one run, rows, axons, and a mark of all its numbers."""
    case, fibres = sized(n_row)
    run(case, twins=1)  # tables and compiled loops
    used, start = _processor_s(), time.perf_counter()
    outcomes = run(case, twins=twins, workers=workers).outcomes
    wall, used = time.perf_counter() - start, _processor_s() - used
    mark = hashlib.sha256()
    for table in outcomes.tables().values():
        mark.update(np.ascontiguousarray(table.values).tobytes())
    return {
        "wall_s": wall,
        "processor_s": used,
        "load": os.getloadavg()[0],
        "twins": twins,
        "rows": len(fibres.kind),
        "axons": round(float(fibres.weight.sum())),
        "numbers": mark.hexdigest(),
    }


def sized(n_row: int) -> tuple[Case, Any]:
    """The case with so many rows of fibres (0: as its nerve has them), and those fibres."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "patient.toml"
        file.write_text(TEXT)
        case = load(file)
    nerve = grow(case, range(1))
    muscles = [t for t in nerve.targets if t.kind == "motor"]
    if n_row:
        motor = sum(t.units for t in muscles)
        more = 1 + (n_row - len(nerve.fibres.kind)) / motor
        keys = {f"nerve.ulnar.target.{t.name}.units": round(more * t.units) for t in muscles}
        case = case.with_parameters(keys)
        nerve = grow(case, range(1))
    return case, nerve.fibres


def _processor_s() -> float:
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(sum(resource.getrusage(kind)[:2]) for kind in kinds)


def _median(runs: list[dict[str, Any]], what: str) -> float:
    return statistics.median(one[what] for one in runs)


def _timed(runs: list[dict[str, Any]], workers: int, told: str) -> Row:
    one = runs[0]
    name = f"one patient, {one['twins']:,} twins of {one['rows']:,} rows, {workers} process(es)"
    note = (
        f"5 arms, 5 years; rows stand for {one['axons']:,} axons; processor "
        f"{_median(runs, 'processor_s'):.1f} s; load {_median(runs, 'load'):.1f}; {told}"
    )
    return Row(
        name, _median(runs, "wall_s"), "s", batch=one["twins"], device=device(),
        must=WANTED_s if workers == 2 else None, note=note,
    )  # fmt: skip


def _slope(what: str, sizes: list[list[dict[str, Any]]]) -> Row:
    # of the logarithm of processor time, which other programs disturb less than wall time
    size = [runs[0][what] for runs in sizes]
    seconds = [_median(runs, "processor_s") for runs in sizes]
    slope = float(np.polyfit(np.log(size), np.log(seconds), 1)[0])
    found = ", ".join(f"{n:,}: {s:.1f} s" for n, s in zip(size, seconds, strict=True))
    return Row(
        f"one patient, growth of processor time with {what}", slope, "power", device=device(),
        must=1.0, note=f"1 process; {found}",
    )  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(measured(*map(int, sys.argv[1:4]))))
