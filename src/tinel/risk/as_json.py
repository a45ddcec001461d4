"""The answer to "how often" as plain values."""

from __future__ import annotations

from typing import Any

from tinel.risk.answer import NO_ADVICE, headline
from tinel.risk.event import Course, Event
from tinel.risk.match import Found
from tinel.risk.pool import pooled


def as_data(found: Found) -> dict[str, Any]:
    """The same as plain values, for JSON; null where a value is not known."""
    procedure = found.procedure
    article = procedure.article
    return {
        "procedure": procedure.name,
        "given": found.given,
        "exact": found.exact,
        "answer": found.said + headline(procedure),
        "no_data": procedure.no_data or None,
        "events": [_event_data(event) for event in procedure.events],
        "pooled": [vars(one) for one in pooled(procedure)],
        "course": [
            {"nerve": c.nerve, "what": c.what, "by": c.by or None, **_figure_data(c)}
            for c in procedure.course
        ],
        "factors": [
            {"text": f.text, "source": f.source.reference, "read": f.source.read}
            for f in procedure.factors
        ],
        "article": None if article is None else dict(vars(article)),
        "advice": NO_ADVICE,
    }


def _event_data(event: Event) -> dict[str, Any]:
    texts = (
        "nerve",
        "kind",
        "what",
        "who",
        "of",
        "follow_up",
        "looked_for_how",
        "note",
        "conflicts",
    )
    told = {name: getattr(event, name) or None for name in texts}
    return {**told, "counted_about": event.counted_about, **_figure_data(event)}


def _figure_data(item: Event | Course) -> dict[str, Any]:
    figure = item.figure
    low, high = figure.interval_percent
    return {
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "percent": figure.percent,
        "low": low,
        "high": high,
        "lowest_percent": figure.lowest_percent,
        "highest_percent": figure.highest_percent,
        "source": item.source.reference,
        "read": item.source.read,
    }
