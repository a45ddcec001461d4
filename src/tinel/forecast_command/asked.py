"""What was asked for: the case as far ahead as a forecast needs, and the day of today."""

from __future__ import annotations

import math
from dataclasses import replace

from tinel.case import Case
from tinel.declare.field import LONGEST_DAYS
from tinel.declare.field import day as checked_day
from tinel.errors import TinelError

TWO_YEARS_d = 731.0  # 24 months, the last date of a forecast
AHEAD_d = 366.0  # the least that lies ahead of today


def today_of(case: Case, today: str | None) -> float:
    """The day of today.

    Args:
        case: whose.
        today: as given: days after day 0, or a text such as ``6 weeks``; where left out, the last
            day that a finding or symptom of the case has, else 0.

    Raises:
        TinelError: no day, or one that is not allowed.
    """
    if today is None:
        told = [f.last_day for f in case.finding if math.isfinite(f.last_day)]
        told += [e.not_before_day for e in case.events if math.isfinite(e.not_before_day)]
        told += [s.day for s in case.symptom if s.day is not None]
        return max(told, default=0.0)
    try:
        day: float | str = float(today)
    except ValueError:
        day = today
    try:
        asked = checked_day(day)
    except TinelError as problem:
        raise problem.at("--today") from None
    except ValueError as problem:
        advice = "count days from the injury, day 0"
        raise TinelError(str(problem), "--today", advice) from None
    if asked > LONGEST_DAYS - AHEAD_d:
        most = f"{LONGEST_DAYS - AHEAD_d:g}"
        told_day = f"day {asked:g} is out of range (allowed: 0 to {most})"
        raise TinelError(told_day, "--today", "a forecast needs a year ahead")
    return asked


def far_enough(case: Case, today: float) -> Case:
    """The case computed to 24 months after its injury, and a year beyond today, at least."""
    end = max(case.run.horizon_days, TWO_YEARS_d, today + AHEAD_d)
    run = case.run.model_copy(update={"horizon_days": min(end, LONGEST_DAYS)})
    beside = tuple(replace(other, run=run) for other in case.beside)
    return replace(case, run=run, beside=beside)
