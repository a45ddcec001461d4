"""How open the injured place is to a growing axon: by grade, by pressure, by what was done."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tinel import evidence
from tinel.lesion.state import Floats
from tinel.treatment.plan import Intervention


def passage_under(pressure_local_mmHg: ArrayLike) -> Floats:
    """Factor on the chance to cross that a scar's local pressure leaves, same shape as given.

    Free below the pressure that blocks axonal transport, falling above it.

    Example:
        >>> passage_under([20.0, 55.0]).tolist()
        [1.0, 0.5]
    """
    over = np.maximum(
        np.asarray(pressure_local_mmHg, np.float64)
        - evidence.value("course.passage.pressure_threshold"),
        0.0,
    )
    times = (over / evidence.value("course.passage.pressure_half")) ** evidence.value(
        "course.passage.pressure_steepness"
    )
    factor: Floats = 1.0 / (1.0 + times)
    return factor


def open_ways(
    day: Floats, interventions: tuple[Intervention, ...]
) -> tuple[Floats, Floats, Floats]:
    """What holds on a day after all that was done up to it.

    Args:
        day: one per twin, shape ``(n_twin,)``.
        interventions: any order; a later one overrides the chances it names, the longest delay
            counts, and slowings multiply.

    Returns:
        Chance to cross by Sunderland grade ``(n_twin, 6)``, extra delay in days and factor on the
        growth rate ``(n_twin,)``.

    Example:
        >>> sewn = (Intervention("repair", 10.0, passage={5: 0.4}, delay_d=7.0),)
        >>> chance, delay, _ = open_ways(np.array([9.0, 10.0]), sewn)
        >>> chance[:, 5].tolist(), delay.tolist()
        ([0.0, 0.4], [0.0, 7.0])
    """
    natural = [0.0, 0.0, *(evidence.value(f"course.passage.grade{g}") for g in (2, 3, 4, 5))]
    table = np.tile(np.array(natural), (day.size, 1))
    extra, slowing = np.zeros(day.size), np.ones(day.size)
    for done in sorted(interventions, key=lambda i: i.day):
        over = day >= done.day
        for grade, chance_to_cross in done.passage.items():
            table[over, grade] = chance_to_cross
        extra[over] = np.maximum(extra[over], done.delay_d)
        slowing[over] *= done.slowing
    return table, extra, slowing
