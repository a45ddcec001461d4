"""How long starting and Tanya's case take, and how much they need."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.row import Row, device

ROOT = Path(__file__).parents[1]
REPEATS = 3


def import_time() -> list[Row]:
    """Of the package, beyond Python's own start."""
    with tempfile.TemporaryDirectory() as cache:
        bare = [timed([sys.executable, "-c", "pass"], cache) for _ in range(5)]
        full = [timed([sys.executable, "-c", "import tinel"], cache) for _ in range(5)]
    took = statistics.median(full) - statistics.median(bare)
    return [Row("import tinel", took, "s", device=device())]


def tanya() -> list[Row]:
    """The example case from file to report."""
    with tempfile.TemporaryDirectory() as place:
        words = [sys.executable, "-m", "tinel", "run", "examples/tanya.toml", "--out"]
        cold = timed([*words, f"{place}/cold"], f"{place}/cache")
        warm = [timed([*words, f"{place}/warm"], f"{place}/cache") for _ in range(REPEATS)]
        size = (Path(place) / "warm" / "report.html").stat().st_size / 1e6
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
    note = "200 twins, 3 arms, 8 exam days, report included"
    return [
        Row("tanya, nothing compiled", cold, "s", device=device(), note=note),
        Row(
            "tanya, warm compilation cache", statistics.median(warm), "s", device=device(),
            note=f"median of {REPEATS}",
        ),
        Row("tanya, largest process", memory, "GB", device=device()),
        Row("tanya, report.html", size, "MB", device=device()),
    ]  # fmt: skip


def timed(words: list[str], cache: str) -> float:
    """Seconds that a command takes, with a cache folder of its own."""
    start = time.perf_counter()
    subprocess.run(
        words, check=True, cwd=ROOT, env={**os.environ, "TINEL_CACHE": cache},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    return time.perf_counter() - start
