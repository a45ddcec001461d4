"""Whether an axon crosses the injured place: its tube, pressure, what was done about it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tinel.course.site import Site
from tinel.course.transport import delivered_fraction
from tinel.evidence import Parameters
from tinel.lesion.lasting_pressure import local_mmHg
from tinel.lesion.state import Bools, Floats, Ints
from tinel.treatment.plan import Intervention
from tinel.twins import Twins

GRADES = (2, 3, 4, 5)


@dataclass(frozen=True)
class Ways:
    """What the injured place offers to an axon on a day.

    Args:
        chance: chance to cross by Sunderland grade, ``(n_twin, 6)``.
        spread: standard deviation between patients of the log odds of it, ``(n_twin, 6)``.
        misdirection: chance that a crossing axon enters a tube at random, ``(n_twin, 6)``.
        odds: factor on the odds to cross, ``(n_twin,)``.
        extra_d: extra days before growth, ``(n_twin,)``.
        delay_factor, growth_rate_factor: factors, ``(n_twin,)``.
    """

    chance: Floats
    spread: Floats
    misdirection: Floats
    odds: Floats
    extra_d: Floats
    delay_factor: Floats
    growth_rate_factor: Floats


@dataclass(frozen=True)
class Trying:
    """Axons that come to an injured place, ``(n_twin, n_fibre)`` each.

    Args:
        ready_d: day from which each may cross; inf where none comes.
        broke_d: day on which the axon broke, from which its power to grow wanes.
        out: whether the tube is broken here, so that the axon has to find a way out of it; through
            a whole tube it grows on, as far as the pressure lets it.
        sunderland_grade: of the tube.
        draw: uniform draw that the chance to cross must exceed.
        delay_d: days before an axon leaves a broken tube.
        rate: of growth, mm per day.
        tube: row of the fibre whose tube the axon is in; None for its own.
    """

    ready_d: Floats
    broke_d: Floats
    out: Bools
    sunderland_grade: Ints
    draw: Floats
    delay_d: Floats
    rate: Floats
    tube: Ints | None = None


@dataclass(frozen=True)
class Crossed:
    """How axons fared at an injured place, ``(n_twin, n_fibre)`` each.

    Args:
        start_d: day on which each leaves it; inf for never.
        rate: of growth from then on, mm per day.
        astray: chance that it enters a tube at random.
    """

    start_d: Floats
    rate: Floats
    astray: Floats


def tried(axons: Trying, site: Site, twins: Twins, age_odds: float | Floats) -> Crossed:
    """Let axons try to cross a place, step by step of its pressure.

    Args:
        axons: that come there.
        site: the place.
        twins: whose nerve.
        age_odds: factor on the odds to cross.
    """
    p, begins_d, steps = twins.parameters, site.begins_d, site.pressure_mmHg
    person, shape = twins.normal("course.passage.twin", 1), axons.ready_d.shape
    start, astray, rate = np.full(shape, np.inf), np.zeros(shape), axons.rate
    opened = np.full(shape, np.inf)
    for step in range(begins_d.shape[1]):
        begins, ends = begins_d[:, step], np.full(len(twins), np.inf)
        if step + 1 < begins_d.shape[1]:
            ends = begins_d[:, step + 1]
        # An axon that comes within the step tries when it comes, not when the step began.
        day = np.maximum(axons.ready_d, begins[:, None])
        trying = np.isinf(start) & np.isfinite(axons.ready_d) & (day < ends[:, None])
        if not trying.any():
            continue
        ways = open_ways(begins, site.interventions, p)
        waited = np.where(trying, day - np.where(trying, axons.broke_d, 0.0), 0.0)
        # first of every grade, as there are far fewer grades than axons
        odds = np.exp(ways.spread * person) * age_odds * ways.odds[:, None]
        chance = with_odds(ways.chance, odds)
        chance = np.take_along_axis(chance, axons.sunderland_grade, axis=1)
        chance = np.where(axons.out, chance * waning("axotomy", waited, p), 1.0)
        if steps[:, step].any():
            local = local_mmHg(site.lesion, steps[:, step], p)
            if axons.tube is not None:
                local = np.take_along_axis(local, axons.tube, axis=1)
            chance = chance * passage_under(local, site.lesion.length_mm[:, None], p)
        now = trying & (axons.draw < chance)
        if not now.any():
            continue
        leaves = day + axons.delay_d * ways.delay_factor[:, None] + ways.extra_d[:, None]
        start = np.where(now, np.where(axons.out, leaves, day), start)
        opened = np.where(now & axons.out, begins[:, None], opened)
        rate = np.where(now, rate * ways.growth_rate_factor[:, None], rate)
        here = np.take_along_axis(ways.misdirection, axons.sunderland_grade, axis=1)
        astray = np.where(now & axons.out, here, astray)
    for done in sorted(site.interventions, key=lambda i: i.day):
        if np.all(done.delay_factor == 1.0) and np.all(done.growth_rate_factor == 1.0):
            continue
        # the way was open before, and the axon has not set out yet
        rests = (opened < done.day) & (start > done.day)
        left = (start - done.day) * np.reshape(done.delay_factor, (-1, 1))
        start = np.where(rests, done.day + left, start)
        rate = np.where(rests, rate * np.reshape(done.growth_rate_factor, (-1, 1)), rate)
    return Crossed(start, rate, astray)


def passage_under(
    pressure_local_mmHg: ArrayLike, length_mm: ArrayLike, parameters: Parameters
) -> Floats:
    """Factor on the chance to cross that a scar's local pressure leaves, same shape as given.

    An axon crosses as often as fast cargo is delivered beyond the scar, which is an assumption:
    free below the pressure that blocks transport, falling above it, and the more the longer the
    scar.

    Example:
        >>> passage_under([20.0, 60.0], 10.0, Parameters.of_evidence()).round(2).tolist()
        [1.0, 0.59]
    """
    # a scar at one point still takes its share of the axon
    length = np.maximum(np.asarray(length_mm, np.float64), 1.0)
    return delivered_fraction(pressure_local_mmHg, parameters, length_mm=length)


def waning(what: str, since_d: ArrayLike, parameters: Parameters) -> Floats:
    """Fraction left of the power to regrow (``axotomy``) or of the stump's to carry (``stump``).

    ``floor + (1 - floor) exp(-t / tau)`` of Gordon et al. 2011, with the rat's ``tau`` stretched
    by ``course.clock.human_over_rat``, which is an assumption. A stump begins to lose it after
    ``course.stump.rest`` only: rats whose nerve was joined at once are the whole in that fit, and
    their stump was empty until axons came.

    Example:
        >>> waning("stump", [0.0, 1e9], Parameters.of_evidence()).round(3).tolist()
        [1.0, 0.16]
    """
    floor = parameters[f"course.{what}.floor"]
    clock = parameters["course.clock.human_over_rat"]
    tau = parameters[f"course.{what}.tau"] * clock
    rest = parameters["course.stump.rest"] * clock if what == "stump" else 0.0
    empty = np.maximum(np.asarray(since_d, np.float64) - rest, 0.0)
    left: Floats = floor + (1.0 - floor) * np.exp(-empty / tau)
    return left


def open_ways(day: Floats, interventions: tuple[Intervention, ...], parameters: Parameters) -> Ways:
    """What the place offers on a day, after all that was done up to it.

    Args:
        day: one per twin, shape ``(n_twin,)``.
        interventions: any order; a later one overrides the chances it names, the longest delay
            counts, and factors multiply.
        parameters: the numbers in use.

    Example:
        >>> sewn = (Intervention("repair", 10.0, passage={5: 0.4}, delay_d=7.0),)
        >>> ways = open_ways(np.array([9.0, 10.0]), sewn, Parameters.of_evidence())
        >>> ways.chance[:, 5].tolist(), ways.extra_d.tolist()
        ([0.0, 0.4], [0.0, 7.0])
    """
    chance, astray = np.zeros((day.size, 6)), np.zeros((day.size, 6))
    for grade in GRADES:
        chance[:, grade] = parameters.per_twin(f"course.passage.grade{grade}")
        astray[:, grade] = parameters.per_twin(f"course.misdirection.grade{grade}")
    spread = np.zeros((day.size, 6)) + np.reshape(parameters["course.passage.spread"], (-1, 1))
    ones = np.ones(day.size)
    odds, extra, slower, faster = ones.copy(), 0.0 * ones, ones.copy(), ones.copy()
    for done in sorted(interventions, key=lambda i: i.day):
        over = day >= done.day
        for table, given in ((chance, done.passage), (astray, done.misdirection)):
            for grade, value in given.items():
                table[over, grade] = _of(value, over)
        if done.spread is not None:
            for grade in done.passage:
                spread[over, grade] = _of(done.spread, over)
        if not done.transfers:  # its delay is that of the donor's axons
            extra[over] = np.maximum(extra[over], _of(done.delay_d, over))
        odds[over] *= _of(done.crossing_factor, over)
        slower[over] *= _of(done.delay_factor, over)
        faster[over] *= _of(done.growth_rate_factor, over)
    return Ways(chance, spread, astray, odds, extra, slower, faster)


def with_odds(chance: ArrayLike, odds: ArrayLike) -> Floats:
    """A chance whose odds are multiplied; 0 and 1 stay. The arguments broadcast.

    Example:
        >>> with_odds([0.0, 0.5, 1.0], 3.0).tolist()
        [0.0, 0.75, 1.0]
    """
    p, factor = np.asarray(chance, np.float64), np.asarray(odds, np.float64)
    changed: Floats = p * factor / (1.0 - p + p * factor)
    return changed


def _of(value: float | Floats, twins: Bools) -> Floats:
    # one number for all, or a column with one row per twin
    return np.broadcast_to(np.ravel(value), twins.size)[twins]
