"""The command ``tinel check``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tinel.terminal import print_json, printable


def check(
    case_file: Annotated[Path, typer.Argument(metavar="CASE", help="A case file (TOML).")],
    own: Annotated[
        list[Path] | None, typer.Option("--with", metavar="FILE.py", help="A file of your own.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Machine-readable output on standard output.")
    ] = False,
) -> None:
    """Read a case file and say what was understood of it, finding by finding."""
    from tinel.case import load
    from tinel.case.show import as_data, as_text

    case = load(case_file, files=own or [])
    if as_json:
        print_json(as_data(case))
    else:
        print(printable(as_text(case)))
