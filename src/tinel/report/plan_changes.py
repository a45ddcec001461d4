"""What would change the plan: the first sign, the day it is due, and what its absence says."""

from __future__ import annotations

import numpy as np

from tinel.cohort.chunk import AXONS_LOST
from tinel.cohort.summary import quantiles
from tinel.declare.quantity import shown_day
from tinel.referral.rules import Situation, situations
from tinel.report.hurt_parts import FULL_MRC, arms_in_order, first_hurt, least_grade, muscles
from tinel.report.number_format import percent_of
from tinel.report.recovery import First, first_expected
from tinel.result import Result

NO_RECOVERY = "no recovery"  # the situation whose last day a missing sign is told with
NEARLY_ALL = 0.95
ENOUGH = 10  # twins without the sign; what fewer do says nothing


def plan_changes(result: Result) -> tuple[tuple[str, str], ...]:
    """A heading and a sentence each."""
    told = []
    full = _full_strength(result)
    if full:
        told.append(("Weak for longer", full))
    if _breaks(result):
        told.append(("First sign of regrowth", _signs(result)))
    rule = next(one for one in situations() if one.name == NO_RECOVERY)
    if muscles(result):
        text = f"{rule.whom}, {rule.how_soon}{_later_than(rule, result)}."
        told.append(("No sign by month 3 to 4", text))
    return tuple(told)


def _later_than(rule: Situation, result: Result) -> str:
    first = first_expected(result)
    if first is None or rule.due_day is None or first.median_d <= rule.due_day:
        return ""
    return f", also where regrowth is due later, as here (day {shown_day(first.median_d)})"


def _breaks(result: Result) -> bool:
    lost = (
        values
        for labels, _, values in result.outcomes.arrivals.rows()
        if labels["quantity"] == AXONS_LOST
    )
    return any(bool((values > 0).any()) for values in lost)


def _full_strength(result: Result) -> str:
    """By when nearly all who begin weak are strong again, where nearly all become so."""
    names = muscles(result)
    if not names:
        return ""
    after = first_hurt(result)
    grade = least_grade(result, result.waiting, names)[:, after:]
    strong = grade >= FULL_MRC
    weak = ~strong.all(axis=1)
    if not weak.any() or strong[:, -1].mean() < NEARLY_ALL:
        return ""
    # the day from which a twin stays strong
    last_weak = np.where(strong, 0, np.arange(strong.shape[1])).max(axis=1)
    days = np.array(result.days)[after:][np.minimum(last_weak + 1, strong.shape[1] - 1)]
    middle, late = (float(d) for d in quantiles(days[weak])[[2, 4]])
    return (
        f"full strength is back by day {shown_day(middle)} in half of those who lose it, and by "
        f"day {shown_day(late)} in 19 of 20. Weakness after that is more than was assumed here."
    )


def _signs(result: Result) -> str:
    """Place and days of the first sign, arms with the same in one."""
    every = {arm: first_expected(result, arm) for arm in arms_in_order(result)}
    found: dict[str, list[str]] = {}
    for arm, first in every.items():
        found.setdefault(_days(result, first), []).append(arm)
    places = {_place(result, first) for first in every.values() if first is not None}
    one_place = f"{places.pop()}: " if len(places) == 1 else ""
    if len(found) == 1:
        return f"{one_place}{next(iter(found))}."
    told = []
    for days, arms in found.items():
        if result.waiting in arms:
            arms = [result.waiting]  # what is as waiting is not named
        first = every[arms[0]]
        where = "" if one_place or first is None else f"{_place(result, first)}, "
        told.append(f"{', '.join(arms)}: {where}{days}")
    return f"{one_place}{'; '.join(told)}."


def _place(result: Result, first: First) -> str:
    target = result.healthy.limb.nerve.target(first.target)
    return f"{target.action} ({first.target})" if target.action else first.target


def _days(result: Result, first: First | None) -> str:
    end = shown_day(result.days[-1])
    if first is None:
        return f"none by day {end} in anyone"
    told = (
        f"day {shown_day(first.median_d)} in half of those who show it, "
        f"{shown_day(first.late_d)} in 19 of 20"
    )
    if first.n_without >= ENOUGH and first.missing_then:
        missing = percent_of(first.missing_then)
        told += f" (without it then, {missing} in 100 have none by day {end} either)"
    return told
