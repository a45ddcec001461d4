"""The engine by itself: speed, memory per fibre, first call on a new shape."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile

from benchmarks import mrg
from benchmarks.row import Row, device
from benchmarks.startup import ROOT

REPEATS = 5
FEW, MANY = 65536, 262144  # fibres; memory per fibre is the slope between them

_MEMORY = """
import resource, sys
from benchmarks.mrg import seconds
seconds(batch=int(sys.argv[1]), field=bool(int(sys.argv[2])))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
_FIRST = """
import sys, time
import numpy as np
from tinel.cable.models import build as models
from tinel.cable.simulate import simulate
from tinel.cable.stimulation.stimulus import pulse
nodes, count = int(sys.argv[1]), int(sys.argv[2])
fibres = models.mrg(diameter_um=np.full(count, 10.0), nodes=nodes, geometry="table")
start = time.perf_counter()
simulate(fibres, pulse(node=1, amplitude_nA=5.0), duration_ms=1.0)
print(time.perf_counter() - start)
"""


def speed() -> list[Row]:
    """Fibres per second at the default step, driven by a current and by a field."""
    rows = []
    for field in (False, True):
        mrg.seconds(field=field)
        took = statistics.median(mrg.seconds(field=field) for _ in range(REPEATS))
        rows.append(
            Row(
                f"MRG 10 um, 21 nodes, 5 ms at 5 us, {'field' if field else 'current'}",
                mrg.BATCH / took, "fibres/s", accuracy_percent=mrg.off_percent(),
                batch=mrg.BATCH, device=device(), note=f"median of {REPEATS}",
            )
        )  # fmt: skip
    return rows


def memory() -> list[Row]:
    """What a further fibre in a batch adds to the largest resident memory of the process."""
    rows = []
    for field, name in ((0, "one current for all"), (1, "each its own field")):
        few, many = (float(_child(_MEMORY, count, field)) for count in (FEW, MANY))
        rows.append(
            Row(
                f"memory per fibre in a batch, {name}", (many - few) / (MANY - FEW), "kB",
                batch=MANY, device=device(), must=20, aim=4,
                note=f"largest resident memory, slope from {FEW:,} to {MANY:,} fibres",
            )
        )  # fmt: skip
    return rows


def first_call() -> list[Row]:
    """A new process, a shape never run before, machine code kept from an earlier process."""
    with tempfile.TemporaryDirectory() as cache:
        _child(_FIRST, 21, 64, cache=cache)
        took = [float(_child(_FIRST, 25 + 4 * k, 90 + k, cache=cache)) for k in range(REPEATS)]
    return [
        Row(
            "first call on a new shape, warm cache", statistics.median(took), "s", batch=90,
            device=device(), must=2, aim=0.5,
            note=f"1 ms of 90 fibres, loading the compiler included; median of {REPEATS}",
        )
    ]  # fmt: skip


def _child(code: str, *arguments: int, cache: str | None = None) -> str:
    path = os.pathsep.join([str(ROOT), str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path}
    if cache:
        environment["TINEL_CACHE"] = cache
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)], env=environment, check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout
