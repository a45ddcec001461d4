"""Checks that an injury lies on the nerve and that its numbers can be."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tinel.errors import TinelError
from tinel.lesion.state import Bools, Floats
from tinel.nerve.anatomy import Nerve


def per_twin(
    name: str, given: ArrayLike, n_twin: int, low: float, high: float, unit: str
) -> Floats:
    """One number per twin, shape ``(n_twin,)``, from one number or one per twin.

    Raises:
        TinelError: wrong length, not finite, or outside ``low`` to ``high``.

    Example:
        >>> per_twin("hours", 2, 3, 0, 48, "h").tolist()
        [2.0, 2.0, 2.0]
    """
    array = np.asarray(given, dtype=np.float64)
    if array.shape not in ((), (1,), (n_twin,)):
        raise TinelError(
            f"{name} has shape {array.shape}; legal: one number, or one for each of {n_twin} twins"
        )
    array = np.broadcast_to(array, (n_twin,)).copy()
    bad = ~np.isfinite(array) | (array < low) | (array > high)
    if bad.any():
        raise TinelError(f"{name} is {array[bad][0]:g} {unit}; legal: {low:g} to {high:g} {unit}")
    return array


def site(
    nerve: Nerve, division: str, site_mm: ArrayLike, length_mm: ArrayLike, twins: range
) -> tuple[Floats, Floats, Bools]:
    """Where an injury starts, how long it is, and which fibres run through its proximal end.

    Args:
        nerve: the healthy nerve.
        division: name of the trunk or branch that is hurt.
        site_mm: way from the cord to the proximal end, one number or one per twin.
        length_mm: length along the nerve, 0.1 to 500 mm, one number or one per twin.
        twins: which virtual twins ``nerve`` holds.

    Returns:
        ``site_mm`` and ``length_mm`` of shape ``(n_twin,)`` and ``present`` of shape
        ``(n_fibre,)``. The twins' sites may differ by millimetres; ``present`` is judged at their
        median.

    Raises:
        TinelError: unknown division, a site off the division, or twins that do not fit the nerve.
    """
    if len(twins) != nerve.n_twin:
        raise TinelError(f"{len(twins)} twins were named; the nerve holds {nerve.n_twin}")
    on = nerve.division(division)
    start = per_twin("site_mm", site_mm, nerve.n_twin, on.start_mm, on.end_mm, "mm")
    length = per_twin("length_mm", length_mm, nerve.n_twin, 0.1, 500.0, "mm")
    return start, length, nerve.present(division, float(np.median(start)))
