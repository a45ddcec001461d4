"""The surface potential of one motor unit, belly against tendon.

A muscle fibre's action potential (Rosenfalck 1969: V = 96 z^3 exp(-z) - 90 mV, z in mm) runs from
the endplate to both tendons; its axial current is seen by the skin electrodes as a nerve's is.
Only the shape is computed; the size comes with the unit.

Warmth makes the potential travel faster and, more than that, end sooner. So its depolarized zone,
speed times duration, becomes shorter: each fibre is a smaller source, and the unit's potential is
smaller and shorter in a warm muscle than in a cold one.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from tinel.evidence import Parameters
from tinel.exam.lead import bipolar_slope_per_mm

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class MuscleFibre:
    """A muscle fibre's action potential at one temperature.

    Args:
        velocity_m_per_s: at which it travels.
        extent: length of its depolarized zone against that at the reference temperature.

    Example:
        >>> cold = MuscleFibre.at(26.0, Parameters.of_evidence())
        >>> warm = MuscleFibre.at(36.0, Parameters.of_evidence())
        >>> cold.velocity_m_per_s < warm.velocity_m_per_s, cold.extent > warm.extent
        (True, True)
    """

    velocity_m_per_s: float
    extent: float = 1.0

    @classmethod
    def at(cls, temperature_C: float, parameters: Parameters) -> MuscleFibre:
        """The potential at a temperature of the muscle (°C), which is taken as the nerve's."""
        reference = parameters.scalar("exam.temperature.reference_skin_C")
        reference += parameters.scalar("exam.temperature.nerve_above_skin_C")
        faster, sooner = (
            parameters.scalar(key) ** ((temperature_C - reference) / 10)
            for key in ("exam.muscle.velocity_q10", "exam.muscle.duration_q10")
        )
        speed = parameters.scalar("exam.muscle.fibre_velocity_m_per_s")
        return cls(speed * faster, faster / sooner)


def unit_potential(time_ms: Floats, temperature_C: float, parameters: Parameters) -> Floats:
    """One unit from the time its endplates fire, shape ``(n_time,)``.

    Its negative peak is 1 at the reference temperature (skin of
    ``exam.temperature.reference_skin_C``), at which the sizes of units are stated.

    Args:
        time_ms: ``(n_time,)`` after the endplates fire.
        temperature_C: of the muscle.
        parameters: with ``laboratory.muscle``, ``exam.muscle`` and ``exam.temperature``.
    """
    fibre = MuscleFibre.at(temperature_C, parameters)
    seen = _seen(time_ms, fibre, parameters)
    reference = MuscleFibre(parameters.scalar("exam.muscle.fibre_velocity_m_per_s"))
    peak = seen.max() if fibre == reference else _seen(time_ms, reference, parameters).max()
    return seen / peak


def _seen(time_ms: Floats, fibre: MuscleFibre, parameters: Parameters) -> Floats:
    length = parameters.scalar("laboratory.muscle.half_length_mm")
    spread = parameters.scalar("laboratory.muscle.endplate_spread_mm")
    least, most = (
        float(parameters.end("laboratory.muscle.half_length_mm", which))
        for which in ("low", "high")
    )
    z = np.arange(-most - 4 * spread, most + 4 * spread, 0.25)
    depth = parameters.scalar("laboratory.muscle.depth_mm")
    slope = bipolar_slope_per_mm(z, depth, length, 1.0)
    total = np.zeros_like(time_ms)
    halves = np.linspace(least, most, 25)
    for offset, direction in product(np.linspace(-2, 2, 9), (1, -1)):
        way = direction * (z - offset * spread)
        inside = (way >= 0) & (way <= most)
        # fibres of all lengths carry the same potential as far as they reach
        fibres = (way[inside, None] <= halves).sum(axis=1)
        behind = fibre.velocity_m_per_s * time_ms[:, None] - way[None, inside]
        # axial current follows the spatial slope of V; it changes sign with the direction
        b = np.maximum(behind, 0.0) / fibre.extent
        current = direction * (3 * b**2 - b**3) * np.exp(-b) / fibre.extent
        total -= np.exp(-(offset**2) / 2) * (current @ (slope[inside] * fibres))
    return total
