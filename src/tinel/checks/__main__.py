"""``python -m tinel.checks``: measure how far forecasts can be believed, and write the page."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tinel.errors import TinelError
from tinel.progress import watched
from tinel.terminal import say

PAGE = Path("docs/calibration.md")
CASES = Path("../shared/cases")
LEAST_PATIENTS = 40


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks for; the exit status."""
    parser = ArgumentParser(prog="python -m tinel.checks", description=__doc__)
    parser.add_argument("--patients", type=int, help="simulated patients in all, 40 or more")
    parser.add_argument("--small", action="store_true", help="a few patients, to try it")
    parser.add_argument("--page", type=Path, default=PAGE, help=f"to write; default {PAGE}")
    parser.add_argument(
        "--cases", type=Path, default=CASES, help="folder with case files of published patients"
    )
    parser.add_argument("--workers", type=int, default=1, help="processes")
    given = parser.parse_args(arguments)
    try:
        _check(given.patients, given.small, given.page, given.cases, given.workers)
    except TinelError as problem:
        say(f"error: {problem}")
        return 1
    except KeyboardInterrupt:
        say("stopped; what was computed is kept, the same command goes on")
        return 130
    return 0


def _check(patients: int | None, small: bool, page: Path, cases: Path, workers: int) -> None:
    from tinel.checks.all import FULL, SMALL, check_all
    from tinel.checks.page import write

    size = SMALL if small else FULL
    if patients is not None:
        if patients < LEAST_PATIENTS:
            told = f"{patients} patients is out of range (allowed: {LEAST_PATIENTS} or more)"
            raise TinelError(told, "--patients", "fewer say nothing of coverage")
        size = replace(size, patients=patients)
    if workers < 1:
        raise TinelError(f"{workers} processes is out of range (allowed: 1 or more)", "--workers")
    if not page.parent.is_dir():
        raise TinelError(f"no folder {page.parent}", "--page", "run it where docs/ is")
    if not cases.is_dir():
        say(f"no folder {cases}: published patients are left out (see --cases)")
    with watched() as progress:
        found = check_all(size, cases if cases.is_dir() else None, workers, progress)
    write(found, page)
    say(f"wrote {page}")


if __name__ == "__main__":
    sys.exit(main())
