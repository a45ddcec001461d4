"""Chances of recovery by goal, arm and date, and what each arm changes in the same twins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from tinel.exam.limb import Bools
from tinel.forecast.goals import Goal, goals_of
from tinel.forecast.model_error import model_error
from tinel.forecast.probability import CERTAINTY, Chance, chance
from tinel.result import Result

MONTHS = (3, 6, 12, 18, 24)
DAYS_OF_A_MONTH = 365.25 / 12


@dataclass(frozen=True)
class Row:
    """The chance that a goal is met on a day.

    Args:
        nerve, arm: whose, and under which plan.
        target, goal, means: as in ``forecast.goals.Goal``.
        by_day: the day, counted from the injury.
        given_not_by: among those only who do not meet it on that day; None for all.
        chance: with its interval.
    """

    nerve: str
    arm: str
    target: str
    goal: str
    means: str
    by_day: float
    given_not_by: float | None
    chance: Chance


@dataclass(frozen=True)
class Difference:
    """What an arm changes against waiting, twin by twin.

    Args:
        nerve, arm, target, goal, by_day: as in ``Row``.
        better, worse: fractions of the twins that meet the goal only under the arm, and only while
            waiting.
        low, high: of better less worse, with the number of twins and both ends of the arm's range.
    """

    nerve: str
    arm: str
    target: str
    goal: str
    by_day: float
    better: float
    worse: float
    low: float
    high: float


def days_ahead(as_of_day: float, last_day: float) -> tuple[float, ...]:
    """The days of a forecast: 3, 6, 12, 18 and 24 months, those after today that are computed.

    Example:
        >>> days_ahead(100.0, 600.0)
        (183.0, 365.0, 548.0)
    """
    every = (float(round(DAYS_OF_A_MONTH * months)) for months in MONTHS)
    return tuple(day for day in every if as_of_day < day <= last_day)


def recovery(
    result: Result, as_of_day: float, effective_size: float
) -> tuple[tuple[Row, ...], tuple[Difference, ...]]:
    """Chances of every goal and arm of a nerve, and what each arm changes.

    A goal that no twin ever misses is left out, and so is a difference where no twin differs.

    Args:
        result: of one nerve; its twins are equally likely.
        as_of_day: today.
        effective_size: how many independent twins they are worth.
    """
    nerve, n = result.healthy.limb.nerve, result.outcomes.n_twin
    twins = result.case.twins(range(n))
    label, days = result.case.nerve.label, result.days
    worth = min(effective_size / n, 1.0)
    alone, treated = (model_error(result.case.nerve.name, t).sd_logit for t in (False, True))
    ahead = days_ahead(as_of_day, days[-1])
    goals = {
        (plan.name, bound): goals_of(result.outcomes.curves, nerve, twins, plan.name, bound)
        for plan in result.plans
        for bound, other in (("", plan), ("low", plan.low), ("high", plan.high))
        if other is not None
    }
    rows, differences = list[Row](), list[Difference]()
    for (arm, bound), own in goals.items():
        for k, goal in enumerate(own):
            if bound or all(every[k].met.all() for every in goals.values()):
                continue  # what nobody loses has nothing to come back
            what = (label, arm, goal.target, goal.name)
            # what a treatment leaves as it was is known as well as without it
            same = np.array_equal(goal.met, goals[result.waiting, ""][k].met)
            error = alone if same else treated
            for day, not_by, found in _chances(goal, days, as_of_day, ahead, worth, error):
                rows.append(Row(*what, goal.means, day, not_by, found))
            for day in () if arm == result.waiting else ahead:
                at = place(days, day)
                wait = goals[result.waiting, ""][k].met[:, at]
                ends = [g[k].met[:, at] for (a, _), g in goals.items() if a == arm]
                if any((end != wait).any() for end in ends):
                    differences.append(Difference(*what, day, *_paired(ends, wait, worth)))
    return tuple(rows), tuple(differences)


def place(days: Sequence[float], day: float) -> int:
    """The last of some days that is not after a day; the first where all are.

    Example:
        >>> place((0.0, 90.0, 120.0), 91.0)
        1
    """
    return max(int(np.searchsorted(days, day, side="right")) - 1, 0)


def _chances(
    goal: Goal,
    days: Sequence[float],
    as_of_day: float,
    ahead: Sequence[float],
    worth: float,
    error: float,
) -> Iterator[tuple[float, float | None, Chance]]:
    everyone = np.ones(len(goal.met), bool)
    not_yet = ~goal.met[:, place(days, as_of_day)]
    for day in ahead:
        met = goal.met[:, place(days, day)]
        yield day, None, chance(met, everyone, worth, error)
        yield day, as_of_day, chance(met, not_yet, worth, error)


def _paired(ends: Sequence[Bools], wait: Bools, worth: float) -> tuple[float, float, float, float]:
    """Better, worse, and the interval, of an arm and the ends of its range against waiting."""
    n = len(wait) * worth
    lows, highs = list[float](), list[float]()
    for arm in ends:
        # half a twin more on each side keeps an interval where few differ
        better, worse = ((float(x.mean()) * n + 0.5) / (n + 1) for x in (arm & ~wait, wait & ~arm))
        spread = np.sqrt(max(better + worse - (better - worse) ** 2, 0.0) / (n + 1))
        reach = float(ndtri(0.5 + CERTAINTY / 2)) * float(spread)
        lows.append(max(better - worse - reach, -1.0))
        highs.append(min(better - worse + reach, 1.0))
    own = ends[0]
    return float((own & ~wait).mean()), float((wait & ~own).mean()), min(lows), max(highs)
