"""What can be found: questions, claims, operations and remedies, each with its words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

from tinel.ask.answer import Answer, Point, Source
from tinel.ask.fill import filled, remedy_point, risk_points, said
from tinel.ask.question import Question, questions
from tinel.claims import Claim, claims
from tinel.risk.answer import headline
from tinel.risk.procedure import Procedure, procedures
from tinel.treatment.pain import Remedy, known

ARTICLE = Source("the source article (Regenexx 2022): only the quote, which nothing tests", "page")


@dataclass(frozen=True)
class Text:
    """One thing that can be found: its title, its other names, its body, and how to answer it.

    ``name`` is what a list calls a question by; empty for the rest.
    """

    kind: str
    title: str
    also: tuple[str, ...]
    body: str
    answer: Callable[[], Answer]
    name: str = ""


@cache
def texts() -> tuple[Text, ...]:
    """Everything that can be found, the questions first; what one of them is about stands once."""
    told = {name for q in questions() for name in (*q.risks, *q.treatments) if _about(name, q)}
    return (
        *(
            Text("question", q.question, q.also, q.answer, partial(filled, q), q.id)
            for q in questions()
        ),
        *(_of_procedure(p) for p in procedures() if p.name not in told),
        *(_of_remedy(r) for r in known().values() if r.name not in told),
        *(
            Text("claim", one.quote, (f"claim {one.id}",), one.why, partial(_claimed, one))
            for one in claims().values()
        ),
    )


def _about(name: str, question: Question) -> bool:
    return set(words(name)) - {"and"} <= set(words(question.question))


def words(text: str) -> list[str]:
    """The words of a text, without capitals and accents.

    Example:
        >>> words("Nérves' PAIN?")
        ['nerves', 'pain']
    """
    apart = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"[a-z0-9]+", "".join(c for c in apart if not unicodedata.combining(c)))


def _of_procedure(one: Procedure) -> Text:
    title = f"How often is a nerve hurt by {one.name}?"
    names = (one.name, *one.names, *one.broad_names)
    return Text("risk", title, names, "", partial(_risk, one, title))


def _of_remedy(one: Remedy) -> Text:
    title = f"Does {one.name} help nerve pain?"
    return Text("treatment", title, (one.name,), one.answer, partial(_helps, one, title))


def _risk(one: Procedure, title: str) -> Answer:
    points = tuple(risk_points(one))
    looked = () if points else (Source("published counts were looked for; none was found", "page"),)
    more = (f'tinel risk "{one.name}"',)
    return Answer(f"risk {one.name}", title, headline(one), points, related=more, extra=looked)


def _helps(one: Remedy, title: str) -> Answer:
    found = remedy_point(one)
    looked = () if found.sources else (Source("trials were looked for; none was found", "page"),)
    return Answer(f"pain {one.name}", title, one.answer, (found,), extra=looked)


def _claimed(one: Claim) -> Answer:
    points = tuple(Point(f"{f.sentence}.", (Source(f.source, f.read),)) for f in one.evidence)
    return Answer(
        id=f"claim {one.id}",
        question=f"Is it true: “{one.quote}”?",
        text=f"{one.verdict[0].upper()}{one.verdict[1:]}. {one.why}",
        points=points,
        said=(said(one.id),),
        related=(f"tinel claims {one.id}",),
        extra=() if points else (ARTICLE,),
    )
