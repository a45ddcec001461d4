"""What a terminal shows: an answer on one screen, or the nearest questions, or that none is."""

from __future__ import annotations

from textwrap import wrap

from tinel.ask.answer import NOTE, Answer
from tinel.ask.answers import Reply
from tinel.ask.question import questions

WIDTH = 79


def as_text(reply: Reply) -> str:
    """One reply.

    Example:
        >>> from tinel.ask.answers import ask
        >>> print(as_text(ask("how do I bake bread")).splitlines()[0])
        Not known: nothing in the data answers this.
    """
    taken = [f"'{a}' is read as '{b}'." for a, b in reply.taken]
    if reply.answer:
        lines = [*taken, page(reply.answer)]
        if reply.related:
            lines += _wrapped(f"Near: {'; '.join(reply.related)}")
        return "\n".join(lines)
    if not reply.related:
        lines = ["Not known: nothing in the data answers this."]
    else:
        lines = [*taken, "Not clear which is meant, or not known. The nearest:"]
        lines += [f'  tinel ask "{title}"' for title in reply.related]
    return "\n".join([*lines, "See what is answered: tinel ask", NOTE])


def page(answer: Answer) -> str:
    """One answer in full, on one screen."""
    numbers = {source: k for k, source in enumerate(answer.sources, 1)}
    lines = [answer.question, *_wrapped(answer.text)]
    for point in answer.points:
        marks = "".join(f" [{numbers[source]}]" for source in point.sources)
        lines += _wrapped(f"- {point.text}{marks}", 2)
    if answer.said:
        told = "; ".join(f"“{one.quote}”: {one.verdict}" for one in answer.said)
        lines += _wrapped(f"The article: {told}.")
    if answer.thin:
        lines += _wrapped(f"Thin evidence: {answer.thin}.")
    told = "; ".join(f"[{k}] {s.title} ({s.read})" for s, k in numbers.items())
    lines += _wrapped(f"Sources: {told}.")
    if answer.related:
        lines += _wrapped(f"More: {', '.join(answer.related)}")
    return "\n".join([*lines, NOTE])


def list_text() -> str:
    """Every question."""
    width = max(len(q.id) for q in questions())
    lines = [f"{len(questions())} questions, each answered from the data:"]
    lines += [f"  {q.id:{width}}  {q.question}" for q in questions()]
    return "\n".join(
        [*lines, "", 'ask one, or in your own words: tinel ask "do nerves heal"', NOTE]
    )


def _wrapped(text: str, indent: int = 0) -> list[str]:
    # an address stays whole, so that it can be copied
    return wrap(
        text, WIDTH, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False
    )
