"""The steps from here: specialty, how soon, first test, why, and on what basis."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

from tinel.case import Case
from tinel.declare.field import day as checked_day
from tinel.errors import TinelError
from tinel.referral.rules import Basis, Situation, situations, sources
from tinel.referral.signs import signs_of

NOTE = "A synthesis of guidance that needs a clinician's review; no advice for a person."


@dataclass(frozen=True)
class Step:
    """One step: what it is about, how soon, whom to see, which test first, why, and its basis.

    ``shown_by`` is what in the case led to it.
    """

    what: str
    how_soon: str
    whom: str
    first_test: str
    why: str
    basis: tuple[Basis, ...]
    red_flag: bool
    shown_by: tuple[str, ...]


@dataclass(frozen=True)
class Referral:
    """The ordered steps of one case on one day.

    ``day_told`` is false where nothing in the case has a day and none was asked for;
    ``red_flag_list`` holds what would be urgent although the case does not tell it.
    """

    case: str
    nerve: str
    day: float
    day_told: bool
    steps: tuple[Step, ...]
    red_flag_list: tuple[tuple[str, str], ...]

    @property
    def red_flags(self) -> tuple[Step, ...]:
        """The steps that are urgent."""
        return tuple(step for step in self.steps if step.red_flag)

    def as_data(self) -> dict[str, Any]:
        """Plain values, for printing as JSON."""
        steps = [asdict(step) for step in self.steps]
        return {
            "case": self.case,
            "nerve": self.nerve,
            "day": self.day,
            "day_told": self.day_told,
            "red_flags": [step.what for step in self.red_flags],
            "steps": steps,
            "always_urgent": [{"what": w, "how_soon": s} for w, s in self.red_flag_list],
            "note": NOTE,
        }


def next_steps(case: Case, day: float | str | None = None) -> Referral:
    """Whom to see with this injury, the most urgent first.

    Args:
        case: from ``tinel.load``.
        day: days after day 0, 0 to 7300, or a text with a unit; the last day that a finding or
            symptom has where left out, and 0 where none has one.

    Raises:
        TinelError: a day that is not allowed.

    Example:
        >>> from tinel.case import load
        >>> next_steps(load("examples/cut.toml")).steps[0].whom
        'hand, plastic or peripheral nerve surgeon'
    """
    told = [day for e in case.events for day in (e.not_before_day, e.by_day) if math.isfinite(day)]
    told += [f.last_day for f in case.finding] + [s.day for s in case.symptom if s.day is not None]
    try:
        asked = max(told, default=0.0) if day is None else checked_day(day)
    except ValueError as problem:
        if isinstance(problem, TinelError):
            raise problem.at("--day") from None
        raise TinelError(str(problem), "--day", "count days from the injury, day 0") from None
    signs = signs_of(case, asked)
    held = [(one, one.holds(frozenset(signs), asked)) for one in situations()]
    met = [(one, by) for one, by in held if by is not None]
    # what is urgent comes first, then what is late; else as the file orders them
    met.sort(key=lambda pair: (not pair[0].red_flag, not _late(pair[0], asked)))
    return Referral(
        case=case.source.path.name,
        nerve=case.nerve.name,
        day=asked,
        day_told=day is not None or bool(told),
        steps=tuple(_step(one, asked, tuple(signs[name] for name in by)) for one, by in met),
        red_flag_list=tuple(
            (one.what, one.how_soon) for one, by in held if one.whatever_told and by is None
        ),
    )


def _late(one: Situation, day: float) -> bool:
    return one.due_day is not None and day > one.due_day


def _step(one: Situation, day: float, shown_by: tuple[str, ...]) -> Step:
    passed = f"now: day {one.due_day:g} has passed ({one.how_soon})" if one.due_day else ""
    return Step(
        what=one.what,
        how_soon=passed if _late(one, day) else one.how_soon,
        whom=one.whom,
        first_test=one.first_test,
        why=one.why,
        basis=tuple(sources()[key] for key in one.basis),
        red_flag=one.red_flag,
        shown_by=tuple(dict.fromkeys(shown_by)),
    )
