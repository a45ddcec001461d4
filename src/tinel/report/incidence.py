"""How often a nerve is hurt by the operation of the case; nothing where it is not known."""

from __future__ import annotations

from dataclasses import dataclass

from tinel.case import Case
from tinel.errors import TinelError
from tinel.report.figure import Table, table
from tinel.risk.answer import METHOD, headline
from tinel.risk.event import Event
from tinel.risk.match import Found, find
from tinel.risk.phrases import count_text, course_sentence, percent_text


@dataclass(frozen=True)
class Incidence:
    """A paragraph, and the figures behind it; no table where no data were found."""

    paragraph: str
    course: str
    article: str
    figures: Table | None
    method: str


def incidence(case: Case) -> Incidence | None:
    """What is published of the operation or event of day 0; None where its words are not known."""
    try:
        found = find(case.cause.procedure)
    except TinelError:
        return None  # the words of a case are free, so most of them name no operation
    if not found.written_out:
        return None
    procedure = found.procedure
    article = procedure.article
    course = " ".join(course_sentence(one) for one in procedure.course)
    return Incidence(
        paragraph=found.said + headline(procedure),
        course=f"Usual course: {course}" if course else "",
        article=f"The source article says: “{article.quote}”. {article.problem}" if article else "",
        figures=_figures(found),
        method=METHOD if procedure.events else "",
    )


def _figures(found: Found) -> Table | None:
    if not found.procedure.events:
        return None
    head = ("nerve", "percent (95 %)", "counted", "kind", "follow-up", "looked for how", "source")
    rows = [_row(event) for event in found.procedure.events]
    caption = f"Nerves hurt by {found.procedure.name}: published figures"
    return table(caption, head, rows, wide=True)


def _row(event: Event) -> list[str]:
    return [
        event.subject,
        percent_text(event),
        count_text(event),
        event.kind,
        event.follow_up,
        event.looked_for_how,
        f"{event.source.reference} ({event.source.read})",
    ]
