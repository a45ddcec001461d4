"""The first sign of recovery, by which test, and what its absence says.

On the curves a sign is the first grade, or the first finer filament, that is gained after the worst
day; regrown axons are what a needle can find at the earliest. The other tests say it on the days on
which they were done.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tinel.cohort.chunk import FIRST_BACK
from tinel.cohort.summary import quantiles
from tinel.exam.limb import Floats
from tinel.exam.needle.reading import RECRUITMENT
from tinel.exam.tests.strength import MRC_GRADE
from tinel.exam.tests.tinel_sign import SIGN, TRUNK
from tinel.exam.tests.touch import FILAMENT
from tinel.forecast.goals import PROTECTIVE, USEFUL_3, goals_of
from tinel.forecast.recovery import place
from tinel.nerve.anatomy import Target
from tinel.result import Result

REGROWN = "regrown axons (the earliest that a needle can find)"
STOPS = (0.9, 0.95)  # of those who recover


@dataclass(frozen=True)
class Sign:
    """When a test first shows recovery of a target, of the twins that do not show it today.

    Args:
        nerve, arm, target, test: where, under which plan, and by what.
        early_d, median_d, late_d: 5, 50 and 95 % of the twins that show it within the time
            computed; nan where none does.
        shown: fraction of the twins that show it, of those that are still to.
        still: fraction of all twins that are still to show it.
    """

    nerve: str
    arm: str
    target: str
    test: str
    early_d: float
    median_d: float
    late_d: float
    shown: float
    still: float


@dataclass(frozen=True)
class NoSignBy:
    """A day by which a sign should have come, as the nerve was treated.

    Args:
        nerve, target, goal: whose recovery, and to what.
        of_recovering: this fraction of those that reach the goal has shown a first sign by ``day``.
        day: counted from the injury.
        recover_without: of the twins without a sign on that day, the fraction that reaches the goal
            within the time computed; nan where all have shown one.
        without: fraction of the twins without a sign on that day.
        n_recovering: how many twins recover.
    """

    nerve: str
    target: str
    goal: str
    of_recovering: float
    day: float
    recover_without: float
    without: float
    n_recovering: int


def signs(result: Result, as_of_day: float) -> tuple[Sign, ...]:
    """The first signs of every target, arm and test.

    Args:
        result: of one nerve.
        as_of_day: today; twins that show a sign by then are left out of it.
    """
    found = list[Sign]()
    for plan in result.plans:
        for target in result.healthy.limb.nerve.targets:
            for test, days in _signs_of(result, plan.name, target):
                spread = _spread(days, as_of_day, result.days[-1])
                if spread is not None:
                    told = (result.case.nerve.label, plan.name, target.name, test)
                    found.append(Sign(*told, *spread))
        found += _of_trunk(result, plan.name, as_of_day)
    return tuple(found)


def no_sign_by(result: Result, as_of_day: float) -> tuple[NoSignBy, ...]:
    """By which day those who recover, as they were treated, have shown a first sign.

    Args:
        result: of one nerve.
        as_of_day: today; only twins without the goal and without a sign by then count.
    """
    nerve = result.healthy.limb.nerve
    twins = result.case.twins(range(result.outcomes.n_twin))
    found = list[NoSignBy]()
    for goal in goals_of(result.outcomes.curves, nerve, twins, result.case.done):
        if goal.name not in (USEFUL_3, PROTECTIVE):
            continue
        target = nerve.target(goal.target)
        sign = _gained(result, result.case.done, target)
        waits = ~goal.met[:, place(result.days, as_of_day)] & ~(sign <= as_of_day)
        reaches = goal.met[:, -1] & waits
        came = np.sort(sign[reaches & np.isfinite(sign)])
        for part in STOPS if came.size else ():
            day = float(np.quantile(came, part, method="inverted_cdf"))
            without = waits & ~(sign <= day)
            found.append(
                NoSignBy(
                    nerve=result.case.nerve.label,
                    target=goal.target,
                    goal=goal.name,
                    of_recovering=part,
                    day=day,
                    recover_without=float(reaches[without].mean()) if without.any() else np.nan,
                    without=float(without.sum() / waits.sum()),
                    n_recovering=int(came.size),
                )
            )
    return tuple(found)


def _signs_of(result: Result, arm: str, target: Target) -> Iterator[tuple[str, Floats]]:
    yield ("strength" if target.kind == "motor" else "touch"), _gained(result, arm, target)
    arrivals = result.outcomes.arrivals.of(arm=arm, target=target.name, quantity=FIRST_BACK)
    yield REGROWN, arrivals
    if target.kind == "motor":
        rows = _examined(result, arm, "needle EMG", target.name, RECRUITMENT)
        if rows is not None:
            yield "needle EMG", rows
    for study in result.healthy.limb.nerve.studies:
        if study.target == target.name:
            test = "motor conduction" if study.kind == "motor" else "sensory conduction"
            rows = _examined(result, arm, test, study.name, "amplitude")
            if rows is not None:
                yield test, rows


def _of_trunk(result: Result, arm: str, as_of_day: float) -> Iterator[Sign]:
    days = _examined(result, arm, "Tinel's sign", TRUNK, SIGN)
    spread = None if days is None else _spread(days, as_of_day, result.days[-1])
    if spread is not None:
        told = (result.case.nerve.label, arm, TRUNK, "Tinel's sign beyond the injury")
        yield Sign(*told, *spread)


def _gained(result: Result, arm: str, target: Target) -> Floats:
    """The day of the first grade or finer filament after the worst day, ``(n_twin,)``.

    nan where nothing was lost, inf where nothing is gained.
    """
    motor = target.kind == "motor"
    curve = result.twins(arm, MRC_GRADE if motor else FILAMENT, target.name)
    good = curve if motor else -np.where(np.isinf(curve), 99.0, curve)
    worst = good.min(axis=1, keepdims=True)
    after = np.maximum.accumulate(good == worst, axis=1) & (good > worst)
    days = np.array(result.days)[np.argmax(after, axis=1)]
    best = 5.0 if motor else good.max()
    return np.where(after.any(axis=1), days, np.where(worst[:, 0] < best, np.inf, np.nan))


def _examined(result: Result, arm: str, test: str, subject: str, quantity: str) -> Floats | None:
    """The first exam day with a response that was absent before; None where it was not done."""
    rows: dict[float, Floats] = {}
    for labels, _, values in result.outcomes.exams.rows():
        named = (labels["arm"], labels["test"], labels["subject"], labels["quantity"])
        if named == (arm, test, subject, quantity):
            rows.setdefault(float(labels["day"]), values)
    if not rows:
        return None
    days = np.array(sorted(rows))
    there = np.nan_to_num(np.stack([rows[day] for day in days], axis=1)) > 0
    absent = np.logical_or.accumulate(~there, axis=1)
    back = absent & there
    first = days[np.argmax(back, axis=1)]
    return np.where(back.any(axis=1), first, np.where(absent.any(axis=1), np.inf, np.nan))


def _spread(days: Floats, as_of_day: float, end: float) -> tuple[float, ...] | None:
    """Early, median and late day, fraction shown, and fraction still to show it."""
    ahead = days[days > as_of_day]  # nan: nothing was lost there
    if not ahead.size:
        return None
    seen, still = ahead[ahead <= end], ahead.size / days.size
    if not seen.size:
        return np.nan, np.nan, np.nan, 0.0, still
    early, _, middle, _, late = (float(d) for d in quantiles(seen))
    return early, middle, late, float(seen.size / ahead.size), still
