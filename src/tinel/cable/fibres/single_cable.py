"""The electrical elements of a single cable: points of membrane joined by axial resistors.

Units: um, nF, uS, ohm cm, uF/cm2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.cable.membranes.constants import Constants
from tinel.declare.arrays import numbers
from tinel.errors import TinelError

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Cable:
    """Electrical elements of a batch of cables, each of shape ``(n_fibre,)``.

    ``area_um2`` and ``capacitance_nF`` of the membrane at a point, ``axial_uS`` between neighbours,
    ``spacing_um`` from centre to centre, ``diameter_um`` of the axon.

    Raises:
        TinelError: arrays that are not of one shape, or a value that is not finite and above 0.

    Example:
        >>> one = np.ones(2)
        >>> Cable(one, one, one, one, one).axial_uS
        array([1., 1.])
    """

    area_um2: Floats
    capacitance_nF: Floats
    axial_uS: Floats
    spacing_um: Floats
    diameter_um: Floats

    def __post_init__(self) -> None:
        count = np.shape(self.area_um2)
        for name, given in vars(self).items():
            a = numbers(name, given)
            object.__setattr__(self, name, a)
            if a.ndim != 1 or a.shape != count or a.size == 0:
                raise TinelError(
                    f"{name} of a cable has shape {a.shape} (allowed: (n_fibre,), the same of all)"
                )
            if not np.all((a > 0) & np.isfinite(a)):
                raise TinelError(f"{name} of a cable is {_wrong(a)} (allowed: finite, above 0)")


def cylinder(
    diameter_um: Floats,
    compartment_um: Floats | float,
    resistivity_ohm_cm: float,
    capacitance_uF_per_cm2: float,
) -> Cable:
    """Uniform cylinders cut into compartments of equal length.

    Raises:
        TinelError: a diameter, length, resistivity or capacitance that is not above zero.
    """
    widths = np.atleast_1d(numbers("diameter_um", diameter_um))
    lengths = numbers("compartment_um", compartment_um)
    try:
        wide = np.broadcast_arrays(widths, lengths)
    except ValueError:
        raise TinelError(
            f"compartment_um has shape {lengths.shape} (allowed: one number, or one for each of "
            f"{len(widths)} diameters)"
        ) from None
    diameter, length = (a.copy() for a in wide)
    given = dict(
        diameter_um=diameter, compartment_um=length, resistivity_ohm_cm=resistivity_ohm_cm,
        capacitance_uF_per_cm2=capacitance_uF_per_cm2,
    )  # fmt: skip
    for name, value in given.items():
        a = np.atleast_1d(numbers(name, value))
        if not np.all((a > 0) & np.isfinite(a)):
            raise TinelError(f"{name} is {_wrong(a)} (allowed: finite, above 0)")
    area = np.pi * diameter * length
    return Cable(
        area_um2=area,
        capacitance_nF=capacitance_uF_per_cm2 * area * 1e-5,
        axial_uS=100.0 * np.pi * diameter**2 / 4 / (resistivity_ohm_cm * length),
        spacing_um=length,
        diameter_um=diameter,
    )


def cylinder_of(
    c: Constants, diameter_um: Floats, compartment_um: Floats | float | None = None
) -> Cable:
    """Cylinders with the resistivity, capacitance and compartments that a model has.

    Args:
        c: the model's numbers, with three under ``fibre``.
        diameter_um: above 0, ``(n_fibre,)``.
        compartment_um: from point to point, above 0; the model's own if None.

    Raises:
        TinelError: a diameter or compartment length that is not above 0.

    Example:
        >>> cable = cylinder_of(Constants.of("engine.sundt"), np.array([0.8]))
        >>> float(cable.axial_uS[0].round(5))
        0.06032
    """
    length = c["fibre.compartment_um"] if compartment_um is None else compartment_um
    return cylinder(
        diameter_um, length, c["fibre.resistivity_ohm_cm"], c["fibre.capacitance_uF_per_cm2"]
    )


def _wrong(a: Floats) -> str:
    return f"{a[~((a > 0) & np.isfinite(a))][0]:g}"


def along_um(cable: Cable, points: int) -> Floats:
    """Distance of each point from the first, shape ``(n_fibre, points)``."""
    return cable.spacing_um[:, None] * np.arange(points)
