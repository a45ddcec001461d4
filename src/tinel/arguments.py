"""Arguments and options that several commands take, each worded once."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

CaseFile = Annotated[Path, typer.Argument(metavar="CASE", help="A case file (TOML).")]
CaseFiles = Annotated[
    list[Path], typer.Argument(metavar="CASE ...", help="One case file (TOML), or several.")
]
Twins = Annotated[int | None, typer.Option(help="Overrides run.twins.")]
Seed = Annotated[int | None, typer.Option(help="Overrides run.seed.")]
Workers = Annotated[
    int | None, typer.Option(help="Processes to use, 1 or more; default: all cores.")
]
OwnFiles = Annotated[
    list[Path] | None, typer.Option("--with", metavar="FILE.py", help="A file of your own.")
]
Json = Annotated[bool, typer.Option("--json", help="Machine-readable output on standard output.")]


def cores() -> int:
    """How many cores this process may use, which on a cluster are fewer than there are."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1
