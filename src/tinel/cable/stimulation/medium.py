"""Potential of a point current source in tissue, in closed form or by images.

Points are (x, y, z) in mm: x along the limb, y across it, z the depth below the skin. The air above
the skin insulates, so in the media with a skin no current crosses z = 0. All potentials are linear
and reciprocal: source and observer may be exchanged, so the same numbers are lead fields.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tinel.declare.kinds import takes_only_its_kinds
from tinel.errors import TinelError
from tinel.evidence import Parameters
from tinel.evidence.files import published

Floats = NDArray[np.float64]
TISSUE = "laboratory.medium.conductivity_S_per_m"
FOUR_PI = 4e-3 * np.pi  # mA over S/m and mm gives mV with this factor


class Medium(Protocol):
    """Tissue: the potential of a point source in it."""

    def potential(self, source_mm: Floats, at_mm: Floats) -> Floats:
        """mV at ``at_mm`` ``(..., 3)`` per mA leaving ``source_mm`` ``(3,)``, shape ``(...)``."""
        ...


@dataclass(frozen=True)
class Homogeneous:
    """An infinite medium, conductivities (S/m) along x, y and z; one number is isotropic.

    V = I / (4 pi sqrt(sy sz x^2 + sx sz y^2 + sx sy z^2)).

    Example:
        >>> Homogeneous(0.3).potential(np.zeros(3), np.array([0.0, 0.0, 1.0])).round(1)
        np.float64(265.3)
    """

    sigma_S_per_m: float | tuple[float, float, float]

    def potential(self, source_mm: Floats, at_mm: Floats) -> Floats:
        """Potential in mV per mA."""
        sigma = self.sigma_S_per_m
        sx, sy, sz = positive(sigma if isinstance(sigma, tuple) else (sigma,) * 3)
        x, y, z = (at_mm[..., k] - source_mm[k] for k in range(3))
        stretched = np.sqrt(x**2 * (sy * sz) + y**2 * (sx * sz) + z**2 * (sx * sy))
        return inverse(stretched) / FOUR_PI


@dataclass(frozen=True)
class HalfSpace:
    """Tissue below an insulating skin: the source and its mirror image above the skin.

    Exact also for an anisotropic medium whose axes are x, y and z.

    Example:
        >>> HalfSpace(0.3).potential(np.zeros(3), np.array([0.0, 0.0, 10.0])).round(1)
        np.float64(53.1)
    """

    sigma_S_per_m: float | tuple[float, float, float]

    def potential(self, source_mm: Floats, at_mm: Floats) -> Floats:
        """Potential in mV per mA; both points at z >= 0."""
        below_skin(source_mm, at_mm)
        whole = Homogeneous(self.sigma_S_per_m)
        mirror = source_mm * np.array([1.0, 1.0, -1.0])
        return whole.potential(source_mm, at_mm) + whole.potential(mirror, at_mm)


def inverse(distance: Floats) -> Floats:
    """1/distance, refused where a point of the fibre lies on the electrode.

    Example:
        >>> inverse(np.array([0.5, 4.0]))
        array([2.  , 0.25])
    """
    if not np.all(distance > 0):
        raise TinelError("a point of the fibre lies on the electrode; move one of them")
    return 1.0 / distance


def positive(values: tuple[float, ...]) -> tuple[float, ...]:
    """The values, refused unless all are above zero.

    Example:
        >>> positive((0.3, 0.1))
        (0.3, 0.1)
    """
    if not all(np.isfinite(v) and v > 0 for v in values):
        raise TinelError(f"conductivity or thickness {values} (allowed: above zero)")
    return values


def below_skin(*points_mm: Floats) -> None:
    """Refuse points in the air.

    Example:
        >>> below_skin(np.array([0.0, 0.0, 5.0]))
    """
    if any(np.any(p[..., 2] < 0) for p in points_mm):
        raise TinelError("a point lies above the skin (z < 0) (allowed: depths of 0 and more)")


def point_source(
    along_um: Floats,
    source_um: float,
    distance_um: float,
    sigma_S_per_m: float | None = None,
    parameters: Parameters | None = None,
) -> Floats:
    """Potential (mV per mA) of a point electrode beside a fibre in an infinite homogeneous medium.

    V = I / (4 pi sigma r). Also the lead field of a point recording electrode, by reciprocity.

    Args:
        along_um: where along the fibre, any shape; also the shape of what is returned.
        source_um: where the electrode is, alike.
        distance_um: from the fibre, above 0.
        sigma_S_per_m: conductivity, above 0; as for ``homogeneous`` if left out.
        parameters: as for ``homogeneous``.

    Raises:
        TinelError: distance or conductivity not above zero.

    Example:
        >>> point_source(np.array([0.0]), 0.0, 1000.0).round(1)
        array([265.3])
    """
    if sigma_S_per_m is None:
        sigma_S_per_m = tissue_S_per_m(parameters)
    if distance_um <= 0 or sigma_S_per_m <= 0:
        raise TinelError(
            f"distance_um is {distance_um:g}, sigma_S_per_m {sigma_S_per_m:g} (allowed: above 0)"
        )
    r_m = np.hypot(along_um - source_um, distance_um) * 1e-6
    return 1.0 / (4 * np.pi * sigma_S_per_m * r_m)


def tissue_S_per_m(parameters: Parameters | None = None) -> float:
    """Conductivity of all tissue taken as one, S/m, by these parameters or as published.

    Example:
        >>> tissue_S_per_m()
        0.3
    """
    if parameters is None:
        return published()[TISSUE].value
    return parameters.scalar(TISSUE)


@takes_only_its_kinds
def homogeneous(
    sigma_S_per_m: float | None = None, parameters: Parameters | None = None
) -> Homogeneous:
    """Tissue of one conductivity everywhere.

    Args:
        sigma_S_per_m: conductivity, above 0; that of all tissue taken as one
            (``laboratory.medium.conductivity_S_per_m``) if left out.
        parameters: with that number; as published if left out.

    Raises:
        TinelError: a conductivity that is not above 0.

    Example:
        >>> homogeneous(0.3)
        Homogeneous(sigma_S_per_m=0.3)
    """
    given = tissue_S_per_m(parameters) if sigma_S_per_m is None else sigma_S_per_m
    return Homogeneous(*positive((given,)))


@takes_only_its_kinds
def anisotropic(along_S_per_m: float, across_S_per_m: float) -> Homogeneous:
    """Tissue that conducts along the limb otherwise than across it, as nerve and muscle do.

    Args:
        along_S_per_m, across_S_per_m: above 0.

    Raises:
        TinelError: a conductivity that is not above 0.

    Example:
        >>> anisotropic(0.5, 0.1)
        Homogeneous(sigma_S_per_m=(0.5, 0.1, 0.1))
    """
    along, across = positive((along_S_per_m, across_S_per_m))
    return Homogeneous((along, across, across))


@takes_only_its_kinds
def half_space(
    sigma_S_per_m: float | None = None,
    across_S_per_m: float | None = None,
    parameters: Parameters | None = None,
) -> HalfSpace:
    """Tissue below the skin, above which the air insulates.

    Args:
        sigma_S_per_m: conductivity, along the limb where it differs across; as for
            ``homogeneous`` if left out.
        across_S_per_m: conductivity across the limb, by default the same.
        parameters: as for ``homogeneous``.

    Raises:
        TinelError: a conductivity that is not above 0.

    Example:
        >>> half_space(0.3)
        HalfSpace(sigma_S_per_m=0.3)
    """
    along = homogeneous(sigma_S_per_m, parameters).sigma_S_per_m
    if across_S_per_m is None or isinstance(along, tuple):
        return HalfSpace(along)
    return HalfSpace(anisotropic(along, across_S_per_m).sigma_S_per_m)
