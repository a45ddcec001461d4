"""What a large run will cost, told before it starts."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

from tinel.case import Case
from tinel.cohort.chunk import compute
from tinel.exam.laboratory import Laboratory

LARGE = 1_000_000  # twins x arms x days, an exam day counted as five; a usual run has 20,000
FEW, SOME = 1, 6  # twins computed to measure this machine
PROGRAM_MB = 400.0  # a process before it has computed anything


def foretold(
    case: Case, laboratory: Laboratory, days: Sequence[float], parts: int, size: int, workers: int
) -> str:
    """A sentence on time and memory of a large run, empty for a usual one.

    Time is measured on this machine, with a few twins; other programs that run at the same time
    make it longer. Memory is what the values of all twins take.

    Args:
        case: what will be computed.
        laboratory: from ``exam.laboratory.set_up``.
        days: those of the curves.
        parts: how many parts are still to be computed.
        size: twins of one part.
        workers: processes that will be used.
    """
    if case.run.twins * len(case.arm) * (len(days) + 5 * len(case.exam_days)) < LARGE:
        return ""
    seconds = []
    for count in (FEW, SOME):
        start = perf_counter()
        part = compute(case, range(count), laboratory, days)
        seconds.append(perf_counter() - start)
    each = max(seconds[1] - seconds[0], 0.0) / (SOME - FEW)
    fixed = max(seconds[0] - each, 0.0)
    every = parts * (size * each + fixed) / max(workers, 1)
    values = sum(table.values.nbytes for table in part.tables().values()) / SOME
    memory = PROGRAM_MB * (max(workers, 1) + 1) + case.run.twins * values / 1e6
    return (
        f"{case.run.twins:,} twins, {len(case.exam_days):,} exam days: about {_time(every)} and "
        f"{_size(memory)} of memory with {max(workers, 1)} process(es); "
        "a run that is stopped goes on where it was"
    )


def _time(seconds: float) -> str:
    for unit, size in (("days", 86400.0), ("hours", 3600.0), ("minutes", 60.0)):
        if seconds > 1.5 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{max(seconds, 1):.0f} seconds"


def _size(megabytes: float) -> str:
    return f"{megabytes / 1000:.1f} GB"
