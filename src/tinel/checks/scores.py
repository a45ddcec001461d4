"""Scores of forecast chances beside a base rate, and how often what was forecast came true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinel.case import Case
from tinel.checks.calibration import Forecasts
from tinel.exam.limb import Floats
from tinel.forecast.base_rates import SAME_CAUSE, base_rates

LEAST_CHANCE = 0.01  # a forecast of less, or of more than the rest, is scored as this
TENTHS = 10


@dataclass(frozen=True)
class Rule:
    """A forecast from a published table: what became of people with such an injury.

    Args:
        percent: of them, whatever is found.
        text: who, what was counted and when.
    """

    percent: float
    text: str


@dataclass(frozen=True)
class Score:
    """How good forecasts of one goal are; smaller is better.

    Args:
        nerve, known, goal: what was forecast, from what.
        patients: how many.
        came_true_percent: share of them in whom it came true.
        brier, base_brier: mean squared error of the chances, and of the base rate.
        log_score, base_log_score: mean of minus the logarithm of the chance of what came true.
    """

    nerve: str
    known: str
    goal: str
    patients: int
    came_true_percent: float
    brier: float
    base_brier: float
    log_score: float
    base_log_score: float

    @property
    def skill_percent(self) -> float:
        """How much better than the base rate, in percent of its Brier score."""
        return 100 * (1 - self.brier / self.base_brier) if self.base_brier > 0 else 0.0


def rule_of(case: Case) -> Rule | None:
    """The nearest published count of the nerve and cause of a case, treated as it was.

    Args:
        case: whose.

    Returns:
        None where no count is of the same nerve and cause.
    """
    done = next(arm for arm in case.arm if arm.name == case.done)
    operated = bool(done.step)
    for one in base_rates(case, 0.0):
        if one.near == SAME_CAUSE and bool(one.treatments) == operated:
            told = f"{one.who}: {one.counted}, day {one.day:g}, {one.n} of {one.N}"
            return Rule(one.percent, told)
    return None


def against_rule(
    found: Sequence[Forecasts], rule: Rule, least_effective: float
) -> tuple[int, float, float, float]:
    """Patients, share in whom it came true, and the Brier scores of forecasts and of a rule.

    Args:
        found: forecasts of one nerve; those of the last day of strength are taken.
        rule: from ``rule_of``.
        least_effective: effective twins that a forecast needs.
    """
    chances, truth = [np.zeros(0)], [np.zeros(0)]
    for one in found:
        last = max(one.chances, key=goal_day)
        enough = one.effective >= least_effective
        chances.append(one.chances[last][enough])
        truth.append(one.came_true[last][enough])
    p, y = np.concatenate(chances), np.concatenate(truth)
    if not len(y):
        return 0, 0.0, 0.0, 0.0
    return len(y), float(y.mean()), brier(p, y), brier(np.full(len(y), rule.percent / 100), y)


def brier(chances: Floats, came_true: Floats) -> float:
    """Mean squared error of chances (Brier 1950).

    Example:
        >>> brier(np.array([1.0, 0.5]), np.array([1.0, 0.0]))
        0.125
    """
    return float(np.mean((chances - came_true) ** 2))


def log_score(chances: Floats, came_true: Floats) -> float:
    """Mean of minus the logarithm of the chance of what came true.

    Example:
        >>> round(log_score(np.array([0.5]), np.array([1.0])), 3)
        0.693
    """
    p = np.clip(chances, LEAST_CHANCE, 1 - LEAST_CHANCE)
    return float(-np.mean(np.where(came_true > 0.5, np.log(p), np.log(1 - p))))


def scores(found: Sequence[Forecasts], least_effective: float) -> tuple[Score, ...]:
    """Scores of every goal that is reached or not, where enough twins are behind the forecast.

    Args:
        found: by story and what was known.
        least_effective: effective twins that a forecast needs.
    """
    rows = []
    for one in found:
        enough = one.effective >= least_effective
        if not enough.any():
            continue
        for goal, every in one.chances.items():
            if goal_day(goal) <= one.known.day:
                continue
            chances, truth = every[enough], one.came_true[goal][enough]
            base = np.full(len(chances), one.before[goal])
            rows.append(
                Score(
                    one.nerve,
                    one.known.text,
                    goal,
                    len(chances),
                    100 * float(truth.mean()),
                    brier(chances, truth),
                    brier(base, truth),
                    log_score(chances, truth),
                    log_score(base, truth),
                )
            )
    return tuple(rows)


def goal_day(goal: str) -> float:
    """The day of a goal of strength, from its name.

    Example:
        >>> goal_day("M4, day 365")
        365.0
    """
    return float(goal.rsplit(" ", 1)[1])


def tenths(chances: Floats, came_true: Floats) -> list[tuple[float, int, int]]:
    """By tenth of the forecast chance: its mean, how many came true, and of how many.

    Example:
        >>> tenths(np.array([0.1, 0.12, 0.9]), np.array([0.0, 1.0, 1.0]))
        [(0.11, 1, 2), (0.9, 1, 1)]
    """
    which = np.minimum((chances * TENTHS).astype(np.intp), TENTHS - 1)
    found = []
    for k in range(TENTHS):
        here = which == k
        if here.any():
            mean = round(float(chances[here].mean()), 12)
            found.append((mean, int(came_true[here].sum()), int(here.sum())))
    return found
