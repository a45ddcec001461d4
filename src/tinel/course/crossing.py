"""Chance to cross the injured place: by Sunderland grade, by pressure, by what was done."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tinel.evidence import Parameters
from tinel.lesion.state import Bools, Floats
from tinel.treatment.plan import Intervention


def passage_under(pressure_local_mmHg: ArrayLike, parameters: Parameters) -> Floats:
    """Factor on the chance to cross that a scar's local pressure leaves, same shape as given.

    Free below the pressure that blocks axonal transport, falling above it.

    Example:
        >>> passage_under([20.0, 55.0], Parameters.of_evidence()).tolist()
        [1.0, 0.5]
    """
    over = np.maximum(
        np.asarray(pressure_local_mmHg, np.float64)
        - parameters["course.passage.pressure_threshold"],
        0.0,
    )
    half, steepness = "course.passage.pressure_half", "course.passage.pressure_steepness"
    times = (over / parameters[half]) ** parameters[steepness]
    factor: Floats = 1.0 / (1.0 + times)
    return factor


def open_ways(
    day: Floats, interventions: tuple[Intervention, ...], parameters: Parameters
) -> tuple[Floats, Floats, Floats]:
    """Chance to cross, delay and growth rate on a day, after all that was done up to it.

    Args:
        day: one per twin, shape ``(n_twin,)``.
        interventions: any order; a later one overrides the chances it names, the longest delay
            counts, and factors on the growth rate multiply.

    Returns:
        Chance to cross by Sunderland grade ``(n_twin, 6)``, extra delay in days and factor on the
        growth rate ``(n_twin,)``.

    Example:
        >>> sewn = (Intervention("repair", 10.0, passage={5: 0.4}, delay_d=7.0),)
        >>> chance, delay, _ = open_ways(
        ...     np.array([9.0, 10.0]), sewn, Parameters.of_evidence()
        ... )
        >>> chance[:, 5].tolist(), delay.tolist()
        ([0.0, 0.4], [0.0, 7.0])
    """
    table = np.zeros((day.size, 6))
    for grade in (2, 3, 4, 5):
        table[:, grade] = parameters.per_twin(f"course.passage.grade{grade}")
    extra, factor = np.zeros(day.size), np.ones(day.size)
    for done in sorted(interventions, key=lambda i: i.day):
        over = day >= done.day
        for grade, chance_to_cross in done.passage.items():
            table[over, grade] = _of(chance_to_cross, over)
        extra[over] = np.maximum(extra[over], _of(done.delay_d, over))
        factor[over] *= _of(done.growth_rate_factor, over)
    return table, extra, factor


def _of(value: float | Floats, twins: Bools) -> Floats:
    # one number for all, or a column with one row per twin
    return np.broadcast_to(np.ravel(value), twins.size)[twins]
