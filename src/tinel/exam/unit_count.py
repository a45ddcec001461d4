"""How many motor units a CMAP scan shows, from its amplitudes alone.

Sorted by size, the amplitudes of a scan differ by steps. The sizes of the larger steps fall along a
straight line over the logarithm of their rank; where it reaches zero lies a first count (STEPIX,
in the form that was used on the scans of Edmonton, see ``laboratory.cmap_scan``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ScanRules:
    """Rules of the count.

    Args:
        least_step_mV: a smaller step is noise.
        sure: the line is fitted to steps of more than this many times the least step.
        counted_fraction: part of the response that the counted units make up at their mean size.
    """

    least_step_mV: float
    sure: float
    counted_fraction: float


@dataclass(frozen=True)
class UnitCount:
    """What one scan shows: ``units``; ``unit_uV``, their mean size; and ``d50``, how many of the
    largest steps make up half of the response."""

    units: int
    unit_uV: float
    d50: int


def count_units(amplitude_mV: Floats, rules: ScanRules) -> UnitCount:
    """Count the units behind the amplitudes of one scan.

    Args:
        amplitude_mV: ``(n_stimulus,)``, in any order, from no response to the full one.
        rules: of the count.

    Example:
        >>> five = np.repeat([0.0, 0.3, 0.55, 0.75, 0.9, 1.0], 3)
        >>> found = count_units(five, ScanRules(0.02, 2.5, 0.8))
        >>> found.units, found.d50
        (5, 2)
    """
    step = np.sort(np.diff(np.sort(amplitude_mV)))[::-1]
    built = np.cumsum(step)
    real = int((step >= rules.least_step_mV).sum())
    if not real:
        return UnitCount(0, math.nan, 0)
    d50 = int(np.argmax(built > built[-1] / 2)) + 1
    counted = min(_by_rank(step, built, rules), len(step) - 1, real)
    return UnitCount(counted, 1000 * float(amplitude_mV.max()) / counted, d50)


def _by_rank(step: Floats, built: Floats, rules: ScanRules) -> int:
    """Units by the line over the logarithm of the rank; all steps where it cannot be drawn."""
    large = step[step > rules.sure * rules.least_step_mV]
    if len(large) < 2:
        return len(step)
    place = np.log(np.arange(1, len(large) + 1))
    away = place - place.mean()
    slope = float(away @ large / (away @ away))
    if slope >= 0:  # steps of one size
        return len(step)
    zero = round(math.exp(min(place.mean() - large.mean() / slope, 50.0)))
    per_unit = built[min(zero, len(built)) - 1] / built[-1] / zero
    return max(round(rules.counted_fraction / per_unit), 1)
