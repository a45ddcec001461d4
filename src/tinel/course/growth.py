"""How far an axon has grown: fast near the cord, slower the farther out it is.

The rate at a place ``s`` (mm from the cord) is ``rate exp(-(s - reference) / slowing)``. Days from
one place to another, and the place on a day, are both closed forms.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from tinel.evidence import Parameters
from tinel.lesion.state import Ints
from tinel.twins import Floats, Twins


def rates_mm_per_day(n_fibre: int, twins: Twins) -> Floats:
    """Rate of every axon at the place of reference, ``(n_twin, n_fibre)``."""
    p = twins.parameters
    rate: Floats = p["course.growth.rate"] * np.exp(
        p["course.growth.rate_fibre_spread"] * twins.normal("course.growth.rate.fibre", n_fibre)
        + p["course.growth.rate_twin_spread"] * twins.normal("course.growth.rate.twin", 1)
    )
    return rate


def reach_mm(stream: str, n_fibre: int, twins: Twins) -> Floats:
    """How far beyond a torn or cut tube each axon grows at the most, ``(n_twin, n_fibre)``.

    Exponentially distributed with the mean ``course.growth.reach``.
    """
    draw = twins.uniform(stream, n_fibre, 0.0)
    reach: Floats = -twins.parameters["course.growth.reach"] * np.log(np.maximum(draw, 1e-12))
    return reach


def days_between(
    start_mm: ArrayLike, end_mm: ArrayLike, rate_mm_per_day: ArrayLike, parameters: Parameters
) -> Floats:
    """Time in days that an axon needs from one place to another; the arguments broadcast.

    Example:
        >>> p = Parameters.of_evidence()
        >>> near, far = days_between(300.0, 400.0, 1.4, p), days_between(800.0, 900.0, 1.4, p)
        >>> bool(near < far)
        True
    """
    # way weighted by slowness, in mm at the rate of reference
    length, reference = _numbers(parameters, None)
    start, end = (np.asarray(place, np.float64) for place in (start_mm, end_mm))
    way = length * (np.exp((end - reference) / length) - np.exp((start - reference) / length))
    days: Floats = way / np.asarray(rate_mm_per_day, np.float64)
    return days


def place_after(
    start_mm: ArrayLike,
    days: ArrayLike,
    rate_mm_per_day: ArrayLike,
    parameters: Parameters,
    twin: Ints | None = None,
) -> Floats:
    """Where the tip is after some days of growth, mm from the cord; the arguments broadcast.

    ``twin`` gives the row of the twin of each value where they are a list, not a table.

    Example:
        >>> p = Parameters.of_evidence()
        >>> float(place_after(300.0, days_between(300.0, 400.0, 1.4, p), 1.4, p).round(6))
        400.0
    """
    length, reference = _numbers(parameters, twin)
    start, rate = np.asarray(start_mm, np.float64), np.asarray(rate_mm_per_day)
    place: Floats = tip_mm(start, np.asarray(days), rate, length, reference)
    return place


def tip_mm(start_mm: Any, days: Any, rate_mm_per_day: Any, length: Any, reference: Any) -> Any:
    """``place_after`` of numbers or arrays, as it is also compiled."""
    begun = length * np.exp((start_mm - reference) / length)
    return reference + length * np.log((begun + rate_mm_per_day * days) / length)


def _numbers(parameters: Parameters, twin: Ints | None) -> tuple[float | Floats, float | Floats]:
    """Length of slowing and place of reference, of every twin or of the twins of a list."""
    both = (
        parameters["course.growth.slowing_length"],
        parameters["course.growth.rate_reference_mm"],
    )
    if twin is None:
        return both
    length, reference = (v if isinstance(v, float) else v[twin, 0] for v in both)
    return length, reference
