"""Skin and fat over deeper tissue: two conducting layers by the method of images."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.cable.stimulation.medium import FOUR_PI, below_skin, inverse, positive
from tinel.declare.kinds import takes_only_its_kinds
from tinel.errors import TinelError

Floats = NDArray[np.float64]
MOST_IMAGES = 20000


@dataclass(frozen=True)
class TwoLayer:
    """Skin and fat of one conductivity over tissue of another, under an insulating surface.

    With k = (s1 - s2)/(s1 + s2) and h the thickness, reflections make images at z = +-d +- 2nh of
    strength k^n. After N of them at most 4 |k|^N / (1 - |k|) / (2h (N - 1)) is missing; the series
    stops where that is below ``tolerance`` of the potential itself.

    Args:
        upper_S_per_m, lower_S_per_m: conductivities of the layer and of the tissue below it.
        thickness_mm: of the layer.
        tolerance: relative truncation error at the farthest point, 1e-12 to 0.1.

    Raises:
        TinelError: so great a contrast that the series needs more than 20,000 images.

    Example:
        >>> from tinel.cable.stimulation.medium import HalfSpace
        >>> skin, nerve = np.zeros(3), np.array([0.0, 0.0, 10.0])
        >>> fat = TwoLayer(0.04, 0.3, thickness_mm=3.0)
        >>> bool(fat.potential(skin, nerve) > HalfSpace(0.3).potential(skin, nerve))
        True
    """

    upper_S_per_m: float
    lower_S_per_m: float
    thickness_mm: float
    tolerance: float = 1e-6

    def potential(self, source_mm: Floats, at_mm: Floats) -> Floats:
        """Potential in mV per mA; both points at z >= 0, in either layer."""
        below_skin(source_mm, at_mm)
        s1, s2, h = positive((self.upper_S_per_m, self.lower_S_per_m, self.thickness_mm))
        d, z = float(source_mm[2]), at_mm[..., 2]
        rho = np.hypot(at_mm[..., 0] - source_mm[0], at_mm[..., 1] - source_mm[1])
        k, mean = (s1 - s2) / (s1 + s2), (s1 + s2) / 2
        far = float(np.max(np.hypot(rho, z + d)))

        inverse(np.hypot(rho, z - d))  # refuses a point on the electrode

        def one(depth_mm: float) -> Floats:
            with np.errstate(divide="ignore"):  # on images of the layer the observer is not in
                return 1.0 / np.hypot(rho, z - depth_mm)

        up, over = np.zeros_like(rho), np.zeros_like(rho)  # images below the observer, above it
        reflected = np.zeros_like(rho)
        for n in range(self.images(far)):
            strength, shift = k**n, 2 * n * h
            up += strength * one(d + shift)
            over += strength * one(-d - shift)
            if d <= h:
                up += strength * one(d - shift) * (n > 0)
                over += strength * one(-d + shift) * (n > 0)
                reflected += strength * (one(d - shift) + one(-d - shift))
        if d <= h:
            above, below = (up + over) / s1, reflected / mean
        else:
            above = (up + over) / mean
            below = (one(d) - k * one(2 * h - d)) / s2 + s1 / mean**2 * over
        return np.where(z <= h, above, below) / FOUR_PI

    def images(self, far_mm: float) -> int:
        """How many reflections keep the truncation error below the tolerance at a distance."""
        if not 1e-12 <= self.tolerance <= 0.1:
            raise TinelError(f"tolerance is {self.tolerance:g} (allowed: 1e-12 to 0.1)")
        s1, s2 = self.upper_S_per_m, self.lower_S_per_m
        k = abs(s1 - s2) / (s1 + s2)
        # far away the potential is s1/s2 = (1 - k)/(1 + k) of the first image's, at the least
        least = self.tolerance * (1 - k) ** 2 / (1 + k)
        for n in range(2, MOST_IMAGES):
            if 2 * k**n * far_mm / (self.thickness_mm * (n - 1)) <= least:
                return n
        raise TinelError(
            f"a layer of {s1:g} on {s2:g} S/m, {self.thickness_mm:g} mm thick, needs more than "
            f"{MOST_IMAGES} images; raise tolerance"
        )


@takes_only_its_kinds
def layered(
    upper_S_per_m: float, lower_S_per_m: float, *, thickness_mm: float, tolerance: float = 1e-6
) -> TwoLayer:
    """Skin and fat of one conductivity over tissue of another; arguments as for ``TwoLayer``.

    Example:
        >>> layered(0.04, 0.3, thickness_mm=3.0).thickness_mm
        3.0
    """
    positive((upper_S_per_m, lower_S_per_m, thickness_mm))
    return TwoLayer(upper_S_per_m, lower_S_per_m, thickness_mm, tolerance)
