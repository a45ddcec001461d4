"""How far an axon has grown: fast near the cord, slower the farther out it is.

The rate at a place ``s`` (mm from the cord) is ``rate exp(-(s - reference) / slowing)``. Days from
one place to another, and the place on a day, are both closed forms.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tinel.evidence import Parameters
from tinel.twins import Floats, Twins


def rates_mm_per_day(n_fibre: int, twins: Twins) -> Floats:
    """Rate of every axon at the place of reference, ``(n_twin, n_fibre)``."""
    p = twins.parameters
    rate: Floats = p["course.growth.rate"] * np.exp(
        p["course.growth.rate_fibre_spread"] * twins.normal("course.growth.rate.fibre", n_fibre)
        + p["course.growth.rate_twin_spread"] * twins.normal("course.growth.rate.twin", 1)
    )
    return rate


def days_between(
    start_mm: ArrayLike, end_mm: ArrayLike, rate_mm_per_day: ArrayLike, parameters: Parameters
) -> Floats:
    """Days an axon needs from one place to another; the arguments broadcast.

    Example:
        >>> p = Parameters.of_evidence()
        >>> near, far = days_between(300.0, 400.0, 1.4, p), days_between(800.0, 900.0, 1.4, p)
        >>> bool(near < far)
        True
    """
    way = _stretched(end_mm, parameters) - _stretched(start_mm, parameters)
    days: Floats = way / np.asarray(rate_mm_per_day, np.float64)
    return days


def place_after(
    start_mm: ArrayLike, days: ArrayLike, rate_mm_per_day: ArrayLike, parameters: Parameters
) -> Floats:
    """Where the tip is after some days of growth, mm from the cord; the arguments broadcast.

    Example:
        >>> p = Parameters.of_evidence()
        >>> float(place_after(300.0, days_between(300.0, 400.0, 1.4, p), 1.4, p).round(6))
        400.0
    """
    length = parameters["course.growth.slowing_length"]
    reference = parameters["course.growth.rate_reference_mm"]
    grown = _stretched(start_mm, parameters) + np.asarray(rate_mm_per_day) * np.asarray(days)
    place: Floats = reference + length * np.log(grown / length)
    return place


def _stretched(place_mm: ArrayLike, parameters: Parameters) -> Floats:
    # way weighted by slowness, in mm at the rate of reference
    length = parameters["course.growth.slowing_length"]
    reference = parameters["course.growth.rate_reference_mm"]
    way: Floats = length * np.exp((np.asarray(place_mm, np.float64) - reference) / length)
    return way
