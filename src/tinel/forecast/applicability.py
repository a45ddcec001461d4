"""Where a forecast leaves what the program was compared with: nerve, cause, age and day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tinel.case import Case
from tinel.declare.quantity import shown_day
from tinel.evidence.validated import Validated, validated
from tinel.forecast.base_rates import causes_of
from tinel.forecast.published import Published, published_counts


@dataclass(frozen=True)
class Banner:
    """A warning that a forecast lies outside what was compared with patients.

    Args:
        about: ``nerve``, ``cause``, ``age``, ``day``, ``conditions`` or ``second injury``.
        text: one sentence.
    """

    about: str
    text: str


def applicability(
    case: Case,
    last_day: float,
    counts: Sequence[Published] | None = None,
    rows: Sequence[Validated] | None = None,
) -> tuple[Banner, ...]:
    """What about a case was never compared with published patients; empty where all was.

    Args:
        case: the case.
        last_day: the last day that is forecast.
        counts: instead of all published ones.
        rows: instead of those of the last validation.

    Example:
        >>> from tinel.case import load
        >>> [b.about for b in applicability(load("examples/cut.toml"), 730.0, rows=())]
        ['nerve']
    """
    computed = {row.cohort for row in (validated() if rows is None else rows)}
    every = published_counts() if counts is None else counts
    seen = [p for p in every if p.cohort in computed and case.nerve.name in p.nerves]
    return tuple(_banners(case, seen, last_day))


def _banners(case: Case, seen: Sequence[Published], last_day: float) -> Iterator[Banner]:
    nerve, causes, age = case.nerve.name, causes_of(case), case.patient.age
    if case.patient.conditions:
        told = ", ".join(case.patient.conditions)
        yield Banner("conditions", f"No published patients with {told} were computed.")
    if case.cause.beyond is not None:
        text = (
            "Published counts are of one injury; of a second one on the same nerve few are known."
        )
        yield Banner("second injury", text)
    if not seen:
        text = f"No published patients with an injury of the {nerve} nerve were computed."
        yield Banner("nerve", text)
        return
    if not any(p.causes & causes for p in seen):
        told = " or ".join(sorted(causes))
        text = f"Of the {nerve} nerve, no published patients hurt by {told} were computed."
        yield Banner("cause", text)
    young, old = min(p.age_years[0] for p in seen), max(p.age_years[1] for p in seen)
    if not young <= age <= old:
        text = f"This patient is {age:g}; published patients computed were {young:g} to {old:g}."
        yield Banner("age", text)
    latest = max(p.day for p in seen)
    if last_day > latest:
        days = f"day {shown_day(last_day)}, and published patients were followed to day"
        yield Banner("day", f"The forecast runs to {days} {shown_day(latest)}.")
