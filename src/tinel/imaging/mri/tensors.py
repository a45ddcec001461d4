"""Diffusion of water in every pixel of a plane: along and across its fibres."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from tinel.evidence import Parameters
from tinel.imaging.mri.person import AVERAGE, Person
from tinel.imaging.mri.tissue import free_water
from tinel.imaging.plane import Grid, Plane, Tissue


@dataclass(frozen=True)
class Tensors:
    """Tensors that are round across the fibres, ``(n_depth, n_across)`` each, in µm²/ms.

    Args:
        along: diffusion along the fibres.
        across: diffusion across them.
        tilted: where fibres run at ``tilt``, as in muscle; elsewhere they run along the limb.
        axis: direction of the limb, a unit vector (down, across, through the plane).
        tilt: direction of the tilted fibres.
    """

    along: Grid
    across: Grid
    tilted: np.ndarray
    axis: tuple[float, float, float]
    tilt: tuple[float, float, float]

    def attenuation(self, direction: np.ndarray, b: float) -> Grid:
        """What a weighting of ``b`` s/mm² in one direction leaves of the signal, 0 to 1."""
        straight = float(np.dot(direction, self.axis)) ** 2
        tilted = float(np.dot(direction, self.tilt)) ** 2
        part = np.where(self.tilted, np.float32(tilted), np.float32(straight))
        # a b of 1000 s/mm2 is 1 ms/µm2
        return np.exp(np.float32(-b / 1000.0) * (self.across + (self.along - self.across) * part))


def tensors(plane: Plane, parameters: Parameters, person: Person = AVERAGE) -> Tensors:
    """Diffusion in a plane: axons lost and age open the fascicles, oedema mixes in.

    Example:
        >>> from tinel.imaging.mri.phantom import nerve_phantom
        >>> plane = nerve_phantom()
        >>> here = tensors(plane, Parameters.of_evidence())
        >>> at = plane.tissue == Tissue.FASCICLE
        >>> [round(float(each[at].mean()), 2) for each in (here.along, here.across)]
        [2.19, 0.45]
    """

    def number(key: str) -> float:
        return parameters.scalar(f"mri.diffusion.{key}")

    along = np.full(plane.tissue.shape, number("connective"), np.float32)
    across = along.copy()

    def put(which: np.ndarray, first: Grid | float, second: Grid | float) -> None:
        along[which], across[which] = first, second

    fascicle = plane.tissue == Tissue.FASCICLE
    spread = parameters.number("mri.diffusion.radial").sd or 0.0
    years = max(0.0, person.age - number("age_from_y"))
    healthy = number("radial") + person.radial * spread + number("radial_per_y") * years
    lost = 1.0 - np.clip(plane.axons[fascicle], 0.0, 1.0)
    radial = healthy + np.maximum(number("radial_without_axons") - healthy, 0.0) * lost
    axial = number("axial") + (number("axial_without_axons") - number("axial")) * lost
    wet = free_water(plane, parameters)
    free = wet[fascicle]
    put(
        fascicle,
        axial + (number("oedema") - axial) * free,
        np.maximum(radial, 0.05) + (number("oedema") - radial) * free,
    )
    muscle = plane.tissue == Tissue.MUSCLE
    free = wet[muscle]
    first, second = number("muscle_axial"), number("muscle_radial")
    put(
        muscle,
        first + (number("oedema") - first) * free,
        second + (number("oedema") - second) * free,
    )
    put(plane.tissue == Tissue.NEUROMA, number("neuroma_along"), number("connective"))
    fluid = np.isin(plane.tissue, (Tissue.FLUID, Tissue.VEIN, Tissue.ARTERY))
    put(fluid, number("fluid"), number("fluid"))
    tilt = math.radians(number("muscle_tilt_deg"))
    if plane.view == "cross":
        axis, tilted = (0.0, 0.0, 1.0), (math.sin(tilt), 0.0, math.cos(tilt))
    else:
        axis, tilted = (0.0, 1.0, 0.0), (math.sin(tilt), math.cos(tilt), 0.0)
    return Tensors(along, across, muscle, axis, tilted)
