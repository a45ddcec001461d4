"""A muscle fibre's action potential as a needle sees it at some distance.

The fibre is a line in muscle that conducts better along its fibres than across them. With
Rosenfalck's potential V = 96 z^3 exp(-z) mV (z in mm behind its front) the current through the
membrane follows V'', so that at distance r

    phi(t) = sigma_i d^2 / (16 sigma_r) int V''(z) / sqrt(r^2 sigma_z / sigma_r + (z - v t)^2) dz.

The fibre is taken as endless: what its endplate and its tendon add is small near it. The recording
surface is a short line.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.evidence import Parameters
from tinel.exam.motor_unit import MuscleFibre
from tinel.exam.needle.electrode import Electrode

Floats = NDArray[np.float64]
STEP_ms = 0.05
NEAREST_mm, FARTHEST_mm = 0.05, 3.0
BEYOND_mm = 20.0
_BEHIND_mm = np.arange(0.0, 20.0, 0.05)


@dataclass(frozen=True)
class Source:
    """What a muscle fibre gives off, and the needle that records it.

    Args:
        diameter_um: of the fibre.
        inside_S_per_m, across_S_per_m, along_S_per_m: conductivity in the fibre, and of muscle
            across and along its fibres.
        electrode: the needle.
    """

    diameter_um: float
    inside_S_per_m: float
    across_S_per_m: float
    along_S_per_m: float
    electrode: Electrode

    @classmethod
    def of(cls, parameters: Parameters, needle: str = "concentric") -> Source:
        """The source with the numbers of ``needle.fibre`` and ``needle.electrode``."""
        read = parameters.scalar
        return cls(
            read("needle.fibre.diameter_um"),
            read("needle.fibre.inside_S_per_m"),
            read("needle.fibre.across_S_per_m"),
            read("needle.fibre.along_S_per_m"),
            Electrode.of(parameters, needle),
        )


def seen_uV(distance_mm: Floats, time_ms: Floats, fibre: MuscleFibre, source: Source) -> Floats:
    """Potential of one fibre at some distances, ``(n_distance, n_time)``, negativity upward.

    Args:
        distance_mm: from the needle to the fibre, ``(n_distance,)``, 0.05 mm or more.
        time_ms: the front of the potential passes the needle at 0, ``(n_time,)``.
        fibre: velocity, and length of the potential along the fibre.
        source: size and surroundings.

    Example:
        >>> published = Parameters.of_evidence()
        >>> warm = MuscleFibre.at(32.5, published)
        >>> near, far = seen_uV(
        ...     np.array([0.1, 1.0]), np.arange(-5, 10, 0.05), warm, Source.of(published)
        ... )
        >>> bool(np.ptp(near) > 5 * np.ptp(far))
        True
    """
    extent = fibre.extent
    z = _BEHIND_mm / extent
    curvature = 96.0 * (6 * z - 6 * z**2 + z**3) * np.exp(-z) / extent**2
    factor = source.inside_S_per_m * (source.diameter_um / 1000) ** 2 / (16 * source.across_S_per_m)
    ratio = source.along_S_per_m / source.across_S_per_m
    place = fibre.velocity_m_per_s * time_ms
    along = (_BEHIND_mm[None, :] - place[:, None]) ** 2
    dz = _BEHIND_mm[1] - _BEHIND_mm[0]
    found = np.zeros((distance_mm.size, time_ms.size))
    for beside in np.linspace(-0.5, 0.5, 3) * source.electrode.core_mm:
        for k, r in enumerate(np.hypot(distance_mm, beside)):
            found[k] -= (1.0 / np.sqrt(ratio * r**2 + along)) @ curvature
    return 1000.0 * factor * found * dz / 3
