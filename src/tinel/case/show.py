"""What was understood of a case file: one line for each finding and event."""

from __future__ import annotations

import math
from dataclasses import asdict
from functools import partial
from typing import Any

from tinel.case.case import Case
from tinel.case.finding_day import in_words
from tinel.case.finding_text import between
from tinel.case.observed import Event, Observed
from tinel.exam.grading import finer_name
from tinel.exam.picture_measures import CONTINUITY
from tinel.exam.ultrasound_names import WHOLE


def as_text(case: Case) -> str:
    """The nerve and cause of a case, what each finding and event means, and the notes.

    Example:
        >>> from tinel.case import load
        >>> print(as_text(load("examples/cut.toml")).splitlines()[0])
        cut.toml: laceration of the ulnar nerve, left
    """
    lines = [f"{case.source.path.name}: {case.cause.kind} of the {case.nerve.name} nerve, "
             f"{case.nerve.side}"]  # fmt: skip
    if case.cause.beyond is not None:
        lines[0] += f", and {case.cause.beyond.kind} beyond it"
    several = bool(case.beside)
    for one in (case, *case.beside):
        label = f"{one.nerve.label}: " if several else ""
        lines += [f"  {o.where}: {label}{meaning(o)}" for o in one.observed]
        lines += [f"  {e.where}: {label}{event_meaning(e)}" for e in one.events]
    if len(lines) == 1:
        lines.append("  no finding or event is used")
    return "\n".join([*lines, *(f"note: {note}" for note in case.notes)])


def as_data(case: Case) -> dict[str, Any]:
    """The same as plain values; an open end and what has no number are None."""
    return {
        "case": case.source.path.name,
        "nerve": case.nerve.name,
        "observed": [_plain(o, one) for one in (case, *case.beside) for o in one.observed],
        "events": [_plain(e, one) for one in (case, *case.beside) for e in one.events],
        "notes": list(case.notes),
    }


def _plain(one: Observed | Event, case: Case) -> dict[str, Any]:
    known = {
        key: None if isinstance(value, float) and not math.isfinite(value) else value
        for key, value in asdict(one).items()
    }
    return {"nerve": case.nerve.label, **known}


def meaning(one: Observed) -> str:
    """A finding in the terms of the simulated examination.

    Example:
        >>> size = Observed(
        ...     where="finding[1]", text="", test="motor conduction", subject="ulnar motor (ADM)",
        ...     site="wrist", quantity="amplitude", unit="mV", first_day=40, last_day=50,
        ...     state="value", low=0.7, high=0.7,
        ... )
        >>> meaning(size)
        'motor conduction, ulnar motor (ADM), wrist, days 40 to 50: amplitude 0.7 mV'
    """
    side = "" if one.side == "affected" else f"{one.side} side"
    days = in_words((one.first_day, one.last_day))
    where = ", ".join(part for part in (one.test, one.subject, one.site, side, days) if part)
    quantity = "continuity" if one.quantity == WHOLE else one.quantity
    return f"{where}: {quantity} {_value(one)}"


def _value(one: Observed) -> str:
    if one.state not in ("value", "range"):
        return one.state
    unit = "% of the other side" if one.of_other_side else one.unit
    unit = "" if unit in ("1", "ratio") or unit[:1].isdigit() else unit
    written = partial(_number, quantity=one.quantity)
    return f"{between(one.low, one.high, written, 'at most', 'at least')} {unit}".rstrip()


def _number(value: float, quantity: str) -> str:
    if quantity == WHOLE:
        return next(name for name, low, high in CONTINUITY[0].words if low == high == value)
    return finer_name(value) if quantity.startswith("MRC") else f"{value:.6g}"


def event_meaning(one: Event) -> str:
    """An event in the terms of the simulated examination.

    Example:
        >>> event_meaning(Event(
        ...     where="event[1]", text="", test="strength", subject="deltoid", site="",
        ...     quantity="MRC grade", unit="0 to 5", reaches=1, not_before_day=90, by_day=150,
        ... ))
        'strength, deltoid: MRC grade at least 1, not yet on day 90, by day 150'
    """
    days = []
    if math.isfinite(one.not_before_day):
        days.append(f"not yet on {in_words(one.not_before_day)}")
    if math.isfinite(one.by_day):
        days.append(f"by {in_words(one.by_day)}")
    reached = f"{one.quantity} at least {_number(one.reaches, one.quantity)}"
    return f"{one.test}, {one.subject}: {', '.join([reached, *days])}"
