"""The command ``tinel ask``."""

from __future__ import annotations

from typing import Annotated

import typer

from tinel.arguments import Json


def ask_(
    question: Annotated[
        list[str] | None,
        typer.Argument(help="A question in words; without it all are listed."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Answer a question from the data with its sources, or say that it is not known."""
    from tinel.ask.answers import ask
    from tinel.ask.question import questions
    from tinel.ask.show import as_text, list_text
    from tinel.terminal import print_json, printable

    given = None if not question else " ".join(question)
    if given is None and as_json:
        listed = [{"id": q.id, "question": q.question, "asked": q.asked} for q in questions()]
        print_json({"questions": listed})
    elif given is None:
        print(printable(list_text()))
    elif as_json:
        print_json(ask(given).as_data())
    else:
        print(printable(as_text(ask(given))))
