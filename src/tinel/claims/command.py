"""The command ``tinel claims``."""

from __future__ import annotations

from typing import Annotated

import typer

from tinel.arguments import Json


def claims(
    key: Annotated[
        str, typer.Argument(metavar="ID", help="1 to 59, or ref-1 to ref-18; all when left out.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Say what is true of the source article, with evidence and by computation."""
    from tinel.claims import claim
    from tinel.claims.answer import answers
    from tinel.claims.files import claims as every
    from tinel.claims.text import as_data, in_full, listed
    from tinel.progress import watched
    from tinel.terminal import print_json, printable

    if not key.strip() and not as_json:
        print(printable(listed(every().values())))
        return
    which = [claim(key)] if key.strip() else list(every().values())
    with watched(sparse=as_json) as progress:
        found = answers(which, progress=progress)
    if not as_json:
        print(printable(in_full(found[0])))
    elif key.strip():
        print_json(as_data(found[0]))
    else:
        print_json([as_data(answer) for answer in found])
