"""The surface potential of one motor unit, belly against tendon.

A muscle fibre's action potential (Rosenfalck 1969: V = 96 z^3 exp(-z) - 90 mV, z in mm) runs from
the endplate to both tendons; its axial current is seen by the skin electrodes as a nerve's is.
Only the shape is computed; the size comes with the unit.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

from tinel.evidence import Parameters
from tinel.exam.lead import bipolar_slope_per_mm

Floats = NDArray[np.float64]


def unit_potential(time_ms: Floats, parameters: Parameters) -> Floats:
    """One unit from the time its endplates fire, negative peak 1, shape ``(n_time,)``.

    Args:
        time_ms: ``(n_time,)`` after the endplates fire.
        parameters: with ``laboratory.muscle`` and ``exam.muscle.fibre_velocity_m_per_s``.
    """
    length = parameters.scalar("laboratory.muscle.half_length_mm")
    spread = parameters.scalar("laboratory.muscle.endplate_spread_mm")
    speed = parameters.scalar("exam.muscle.fibre_velocity_m_per_s")
    least, most = (
        float(parameters.end("laboratory.muscle.half_length_mm", which))
        for which in ("low", "high")
    )
    z = np.arange(-most - 4 * spread, most + 4 * spread, 0.25)
    depth = parameters.scalar("laboratory.muscle.depth_mm")
    slope = bipolar_slope_per_mm(z, depth, length, 1.0)
    total = np.zeros_like(time_ms)
    for offset, half in product(np.linspace(-2, 2, 9), np.linspace(least, most, 25)):
        plate = offset * spread
        weight = np.exp(-(offset**2) / 2)
        for direction in (1, -1):
            way = direction * (z - plate)
            inside = (way >= 0) & (way <= half)
            behind = speed * time_ms[:, None] - way[None, inside]
            # axial current follows the spatial slope of V; it changes sign with the direction
            b = np.maximum(behind, 0.0)
            current = direction * (3 * b**2 - b**3) * np.exp(-b)
            total -= weight * (current @ slope[inside])
    return total / total.max()
