"""Potential at a pair of skin electrodes of a current that travels under them.

A current I(t - z/v) along a fibre gives  V(t) = integral dL/dz I(t - z/v) dz,  L the lead field:
for a point on an insulating surface above a half-space of conductivity sigma, L = 1/(2 pi sigma r).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def bipolar_slope_per_mm(
    along_mm: Floats, depth_mm: float, reference_mm: float, conductivity_S_per_m: float
) -> Floats:
    """dL/dz (ohm/mm) of an active electrode at 0 against a reference at ``reference_mm``."""

    def slope(z: Floats) -> Floats:
        r = np.hypot(z, depth_mm)
        return -1e3 * z / (2 * np.pi * conductivity_S_per_m * r**3)

    return slope(along_mm) - slope(along_mm - reference_mm)


def seen_uV(
    slope_per_mm: Floats,
    along_mm: Floats,
    current_nA: Floats,
    current_time_ms: Floats,
    velocity_mm_per_ms: float,
    time_ms: Floats,
) -> Floats:
    """The recorded potential around the impulse's passage under the active electrode.

    ``along_mm`` evenly spaced; negative deflections of the active electrode count upward, as
    laboratories draw them. Returns ``(n_time,)`` in uV.
    """
    when = time_ms[:, None] - along_mm[None, :] / velocity_mm_per_ms
    current = np.interp(when, current_time_ms, current_nA, left=0.0, right=0.0)
    dz = along_mm[1] - along_mm[0]
    return -1e-3 * (current @ slope_per_mm) * dz
