"""The lead field of a limb: a sum of two terms beside the exact series for a cylinder."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import jnp_zeros, jv

from tinel.exam.lead import bipolar_slope_per_mm, seen_uV
from tinel.exam.limb import Floats

FAR_mm = 1e9
UNIT = 2e-3 * np.pi * 0.3  # of the slope, for 0.3 S/m


def exact(along_mm: Floats, depth_mm: float, radius_mm: float) -> Floats:
    """Slope under a point electrode on an insulated cylinder, 2 pi sigma times, ``(n_place,)``."""
    total = np.full(along_mm.shape, 1 / radius_mm**2)
    for order in range(50):
        root = jnp_zeros(order, 50)
        share = jv(order, root * (1 - depth_mm / radius_mm)) / jv(order, root)
        share *= (1 if order == 0 else 2) / (1 - (order / root) ** 2) / radius_mm**2
        total += (share[:, None] * np.exp(-root[:, None] * along_mm / radius_mm)).sum(axis=0)
    return total


@pytest.mark.truth
@pytest.mark.parametrize(("depth", "radius"), [(3.0, 8.0), (5.0, 8.0), (3.0, 25.0), (6.0, 33.0)])
def test_slope_beside_the_series_of_a_cylinder(depth: float, radius: float) -> None:
    along = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0])
    mine = -UNIT * bipolar_slope_per_mm(along, depth, FAR_mm, 0.3, radius)
    mine -= 1 / radius**2  # what the far reference sees
    truth = exact(along, depth, radius)
    print(
        f"{depth} mm deep in {radius} mm: {np.round(mine / truth, 3)} of the series at {along} mm"
    )
    assert np.allclose(mine, truth, rtol=0.1)


def test_a_ring_sees_the_mean_over_the_circumference() -> None:
    """Far away as a point does; near by less, as the terms of the series without an angle."""
    along = np.array([2.0, 5.0, 40.0])
    ring, point = (
        -UNIT * bipolar_slope_per_mm(along, 3.0, FAR_mm, 0.3, 8.0, ring=r) for r in (True, False)
    )
    assert ring[0] < point[0] and ring[2] == pytest.approx(point[2], rel=0.02)
    assert (ring - 1 / 64) == pytest.approx([0.01182, 0.01536, 0.01562], rel=2e-3)


def test_a_recording_is_the_integral_over_the_fibre() -> None:
    along, time = np.arange(-100.0, 140.0, 0.1), np.array([-0.5, 0.0, 0.13, 0.6, 2.0])
    when = np.arange(-1.0, 3.0, 0.01)
    current = np.exp(-((when / 0.1) ** 2)) - np.exp(-(((when - 0.3) / 0.1) ** 2))
    slope = bipolar_slope_per_mm(along, 3.0, 35.0, 0.3, 9.0, ring=True)
    passing = np.interp(time[:, None] - along / 50.0, when, current, left=0.0, right=0.0)
    assert seen_uV(slope, along, current, when, 50.0, time) == pytest.approx(
        -1e-3 * (passing * slope).sum(axis=1) * 0.1, abs=1e-6
    )
