"""How much tissue sends back: mean level, texture, state, and the loss by the probe's tilt."""

from __future__ import annotations

import numpy as np

from tinel.evidence import Parameters
from tinel.imaging.plane import Plane, Tissue
from tinel.imaging.ultrasound.medium import ECHO, by_tissue, told_apart
from tinel.imaging.ultrasound.pattern import Grid, Pattern, smooth

NERVE = (Tissue.EPINEURIUM, Tissue.FASCICLE, Tissue.NEUROMA)


def echo_dB(plane: Plane, pattern: Pattern, tilt_deg: float, parameters: Parameters) -> Grid:
    """Level of the scatterers in each pixel of a plane, dB against the epineurium.

    Args:
        plane: as the probe sees it.
        pattern: for the texture.
        tilt_deg: of the probe.
    """

    def number(key: str) -> float:
        return parameters.scalar(f"ultrasound.{key}")

    level = by_tissue("echo", ECHO, parameters)
    for name, tissues in (
        ("tendon", (Tissue.TENDON,)),
        ("nerve", NERVE),
        ("muscle", (Tissue.MUSCLE,)),
    ):
        angle = tilt_deg / number(f"anisotropy.{name}_deg")
        level[list(tissues)] -= number(f"anisotropy.{name}_dB") * (1 - np.exp(-(angle**2)))
    tissue = plane.tissue
    dB = level[told_apart(plane, parameters)]
    of_nerve, of_muscle = np.isin(tissue, NERVE), tissue == Tissue.MUSCLE
    dB += number("state.nerve_water") * plane.water * of_nerve
    dB += number("state.no_axons") * (1 - plane.axons) * (tissue == Tissue.FASCICLE)
    dB += number("state.muscle_water") * plane.water * of_muscle
    dB += number("state.muscle_fat") * plane.fat * of_muscle
    pixel = plane.spacing_mm
    size = number("texture.tissue_mm") / pixel
    dB += number("texture.tissue_dB") * smooth(pattern.white["tissue"], size, size)
    if (tissue == Tissue.TENDON).any():
        which = "along" if plane.view == "long" else "across"
        sizes = number("texture.tendon_down"), number(f"texture.tendon_{which}")
        fibrils = smooth(pattern.white["tendon"], sizes[0] / pixel, sizes[1] / pixel)
        dB += number("texture.tendon_dB") * fibrils * (tissue == Tissue.TENDON)
    return np.asarray(dB, np.float32)
