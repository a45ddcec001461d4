"""The command ``tinel risk``."""

from __future__ import annotations

from typing import Annotated

import typer

from tinel.arguments import Json


def risk(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[OPERATION]", help="An operation or cause, such as hip replacement or THA."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Say how often a nerve is hurt by an operation, or list the operations."""
    from tinel.risk.answer import NO_ADVICE, as_text, list_text
    from tinel.risk.as_json import as_data
    from tinel.risk.match import find
    from tinel.risk.procedure import procedures
    from tinel.terminal import print_json, printable

    if not words:
        if as_json:
            listed = [
                {"procedure": p.name, "names": list(p.names), "events": len(p.events)}
                for p in procedures()
            ]
            print_json({"procedures": listed, "advice": NO_ADVICE})
        else:
            print(printable(list_text()))
        return
    found = find(" ".join(words))
    if as_json:
        print_json(as_data(found))
    else:
        print(printable(as_text(found)))
