"""Whether an axon crosses the injured place: its tube, pressure, what was done about it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tinel.course.transport import delivered_fraction
from tinel.evidence import Parameters
from tinel.lesion.state import Bools, Floats
from tinel.treatment.plan import Intervention

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
