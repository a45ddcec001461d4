"""The command ``tinel check``."""

from __future__ import annotations

from tinel.arguments import CaseFile, Json, OwnFiles
from tinel.terminal import print_json, printable


def check(
    case_file: CaseFile,
    own: OwnFiles = None,
    as_json: Json = False,
) -> None:
    """Read a case file and say what was understood of it, finding by finding."""
    from tinel.case import load
    from tinel.case.show import as_data, as_text

    case = load(case_file, files=own or [])
    if as_json:
        print_json(as_data(case))
    else:
        print(printable(as_text(case)))
