"""The electrical elements of a single cable: points of membrane joined by axial resistors.

Units: um, nF, uS, ohm cm, uF/cm2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.errors import TinelError

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Cable:
    """Electrical elements of a batch of cables, each of shape ``(n_fibre,)``.

    ``area_um2`` and ``capacitance_nF`` of the membrane at a point, ``axial_uS`` between neighbours,
    ``spacing_um`` from centre to centre, ``diameter_um`` of the axon.
    """

    area_um2: Floats
    capacitance_nF: Floats
    axial_uS: Floats
    spacing_um: Floats
    diameter_um: Floats


def cylinder(
    diameter_um: Floats,
    compartment_um: Floats | float,
    resistivity_ohm_cm: float,
    capacitance_uF_per_cm2: float = 1.0,
) -> Cable:
    """Uniform cylinders cut into compartments of equal length.

    Raises:
        TinelError: a diameter, length, resistivity or capacitance that is not above zero.
    """
    wide = np.broadcast_arrays(np.atleast_1d(np.asarray(diameter_um, float)), compartment_um)
    diameter, length = (np.array(a, dtype=float) for a in wide)
    least = min(diameter.min(), length.min(), resistivity_ohm_cm, capacitance_uF_per_cm2)
    if not least > 0:
        raise TinelError(
            f"diameter, length, resistivity or capacitance is {least:g} (allowed: above 0)"
        )
    area = np.pi * diameter * length
    return Cable(
        area_um2=area,
        capacitance_nF=capacitance_uF_per_cm2 * area * 1e-5,
        axial_uS=100.0 * np.pi * diameter**2 / 4 / (resistivity_ohm_cm * length),
        spacing_um=length,
        diameter_um=diameter,
    )


def along_um(cable: Cable, points: int) -> Floats:
    """Distance of each point from the first, shape ``(n_fibre, points)``."""
    return cable.spacing_um[:, None] * np.arange(points)
