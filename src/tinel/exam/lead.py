"""Potential at a pair of skin electrodes of a current that travels under them.

A current I(t - z/v) along a fibre gives  V(t) = integral dL/dz I(t - z/v) dz,  L the lead field.
A limb is an insulated cylinder of conductivity sigma and radius R. Near the electrode its skin is
flat, L = 1/(2 pi sigma r); further than R along the limb all current fills the cross-section, and
the slope of L no longer falls:

    dL/dz = -1 / (2 pi sigma) (z / r^3 + z / (R^2 sqrt(z^2 + R^2))),

within a tenth of the exact series for a cylinder (tests/test_lead.py). So an impulse is seen from
afar, as one long negative phase; in the flat skin of a wide limb it would fall to nothing within
some millimetres. A ring around a finger sees the mean over its circumference, of which the series
has only the terms without an angle.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TERMS = 60  # of the series for a ring


def bipolar_slope_per_mm(
    along_mm: Floats,
    depth_mm: float,
    reference_mm: float,
    conductivity_S_per_m: float,
    radius_mm: float = np.inf,
    ring: bool = False,
) -> Floats:
    """dL/dz (ohm/mm) of an active electrode at 0 against a reference at ``reference_mm``.

    Args:
        along_mm: places along the fibre, ``(n_place,)``.
        depth_mm: of the fibre under the skin, above 0.
        reference_mm: place of the reference electrode.
        conductivity_S_per_m: of the tissue, above 0.
        radius_mm: of the limb, above ``depth_mm``; infinite for flat skin.
        ring: whether both electrodes go around it.

    Example:
        >>> between = np.array([17.5])  # both electrodes see what passes from one to the other
        >>> flat, finger = (
        ...     bipolar_slope_per_mm(between, 3.0, 35.0, 0.3, r)[0] for r in (np.inf, 8.0)
        ... )
        >>> bool(abs(finger) > 4 * abs(flat))
        True
    """

    def slope(z: Floats) -> Floats:
        if ring:
            shape = _ring_slope(z, depth_mm, radius_mm)
        else:
            shape = z / np.hypot(z, depth_mm) ** 3 + z / np.hypot(z, radius_mm) / radius_mm**2
        return -1e3 * shape / (2 * np.pi * conductivity_S_per_m)

    return slope(along_mm) - slope(along_mm - reference_mm)


def _ring_slope(z: Floats, depth_mm: float, radius_mm: float) -> Floats:
    from scipy.special import j0, jn_zeros  # slow to import, and reading a case needs none

    root = jn_zeros(1, TERMS)  # where the radial current vanishes: J0' = -J1
    weight = j0(root * (1 - depth_mm / radius_mm)) / j0(root)
    near = (weight[:, None] * np.exp(-root[:, None] * np.abs(z) / radius_mm)).sum(axis=0)
    return np.sign(z) * (1 + near) / radius_mm**2


def seen_uV(
    slope_per_mm: Floats,
    along_mm: Floats,
    current_nA: Floats,
    current_time_ms: Floats,
    velocity_mm_per_ms: float,
    time_ms: Floats,
) -> Floats:
    """The recorded potential around the impulse's passage under the active electrode.

    ``along_mm`` and ``current_time_ms`` evenly spaced; negative deflections of the active electrode
    count upward, as laboratories draw them. Returns ``(n_time,)`` in uV.
    """
    # the fibre's time and place are one axis: at its velocity the integral is a convolution
    step = (along_mm[1] - along_mm[0]) / velocity_mm_per_ms
    way = np.arange(along_mm[0] / velocity_mm_per_ms, along_mm[-1] / velocity_mm_per_ms, step)
    when = np.arange(current_time_ms[0], current_time_ms[-1], step)
    slope = np.interp(way * velocity_mm_per_ms, along_mm, slope_per_mm)
    current = np.interp(when, current_time_ms, current_nA)
    seen = np.convolve(slope, current) * step * velocity_mm_per_ms
    at = way[0] + when[0] + step * np.arange(seen.size)
    return np.asarray(-1e-3 * np.interp(time_ms, at, seen, left=0.0, right=0.0), np.float64)
