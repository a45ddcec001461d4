"""Progress of a computation, on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from tinel.terminal import printable, say

SECONDS_BETWEEN_LINES = 10.0


class Progress(Protocol):
    """Called by a computation with the steps done, all steps, and what is being done now."""

    def __call__(self, done: int, total: int, what: str) -> None: ...


def silent(done: int, total: int, what: str) -> None:
    """Progress for callers who do not watch."""


@contextmanager
def watched(sparse: bool = False) -> Iterator[Progress]:
    """Show progress on standard error: a bar with the time left on a terminal, else few lines.

    Args:
        sparse: lines even on a terminal, as ``--json`` wants.

    Example:
        >>> with watched(sparse=True) as progress:
        ...     progress(1, 2, "examining")
    """
    if sparse or sys.stderr is None or not sys.stderr.isatty():
        yield _lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    # What is being done may quote a case file, so square brackets in it must stay brackets.
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=None)
        shown = ""

        def show(done: int, total: int, what: str) -> None:
            nonlocal shown
            if what != shown:
                # Another kind of work has another pace, so the clock starts anew.
                bar.reset(task, total=total)
                shown = what
            bar.update(task, completed=done, total=total, description=printable(what))

        yield show


def _lines() -> Progress:
    said: dict[str, float] = {}

    def show(done: int, total: int, what: str) -> None:
        now = time.monotonic()
        if now - said.get(what, -SECONDS_BETWEEN_LINES) >= SECONDS_BETWEEN_LINES:
            said[what] = now
            say(f"{what}: {done} of {total}")

    return show
