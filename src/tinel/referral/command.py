"""The command ``tinel next``."""

from __future__ import annotations

from typing import Annotated

import typer

from tinel.arguments import CaseFile, Json, OwnFiles
from tinel.terminal import print_json, printable


def next_(
    case_file: CaseFile,
    day: Annotated[
        str | None,
        typer.Option(
            help="Days after day 0, or a text such as '6 weeks'; default: the last day that a "
            "finding or symptom of the case has, else 0."
        ),
    ] = None,
    own: OwnFiles = None,
    as_json: Json = False,
) -> None:
    """Say whom to see with an injury, how soon, and which test comes first."""
    from tinel.case import load
    from tinel.referral.show import as_text
    from tinel.referral.steps import next_steps

    referral = next_steps(load(case_file, files=own or []), _number(day))
    if as_json:
        print_json(referral.as_data())
    else:
        print(printable(as_text(referral)))


def _number(given: str | None) -> float | str | None:
    try:
        return None if given is None else float(given)
    except ValueError:
        return given
