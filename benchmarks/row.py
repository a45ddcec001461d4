"""One measured row, and how rows are printed."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass, fields
from pathlib import Path


def device() -> str:
    """The processor and how many cores of it this process may use."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{cores} cores, {_processor()}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()


@dataclass(frozen=True)
class Row:
    """What one case came to.

    ``value`` in ``unit`` is this project's own figure; ``ratio`` says how many times faster than
    the peer, whose own figure is ``peer_value``. Accuracies are in per cent off the converged
    velocity. None where nothing was measured, and ``note`` then says why.
    """

    case: str
    value: float | None = None
    unit: str = ""
    peer: str = ""
    peer_version: str = ""
    peer_value: float | None = None
    ratio: float | None = None
    accuracy_percent: float | None = None
    peer_accuracy_percent: float | None = None
    batch: int | None = None
    device: str = ""
    must: float | None = None
    aim: float | None = None
    note: str = ""

    def rounded(self) -> dict[str, object]:
        """As an object for ``results.json``, four significant digits."""
        found = {f.name: getattr(self, f.name) for f in fields(self)}
        return {name: float(f"{a:.4g}") if isinstance(a, float) else a for name, a in found.items()}


HEAD = f"{'case':72s} {'value':>22s} {'ratio':>9s} {'must':>7s} {'aim':>7s}  peer, accuracy, note"


def line(row: Row) -> str:
    """One line of the table."""

    def number(a: float | None) -> str:
        return "-" if a is None else f"{a:,.3g}" if abs(a) < 100 else f"{a:,.0f}"

    rest = []
    if row.peer:
        figure = "" if row.peer_value is None else f": {number(row.peer_value)} {row.unit}"
        rest.append(f"against {row.peer} {row.peer_version}".rstrip() + figure)
    if row.accuracy_percent is not None:
        rest.append(f"ours {row.accuracy_percent:+.2f} %")
    if row.peer_accuracy_percent is not None:
        rest.append(f"theirs {row.peer_accuracy_percent:+.2f} %")
    if row.batch is not None:
        rest.append(f"batch {row.batch:,}")
    value = f"{number(row.value)} {row.unit}" if row.value is not None else "not measured"
    return (
        f"{row.case:72s} {value:>22s} {number(row.ratio):>9s} {number(row.must):>7s} "
        f"{number(row.aim):>7s}  {'; '.join([*rest, row.note] if row.note else rest)}"
    )
