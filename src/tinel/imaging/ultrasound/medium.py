"""What waves meet in each tissue: its medium, impedance and attenuation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tinel.evidence import Parameters
from tinel.imaging.plane import Tissue

Floats = NDArray[np.float32]

MEDIUM = {
    Tissue.OUTSIDE: "water",
    Tissue.SKIN: "skin",
    Tissue.FAT: "fat",
    Tissue.FASCIA: "connective",
    Tissue.MUSCLE: "muscle",
    Tissue.TENDON: "tendon",
    Tissue.BONE: "bone",
    Tissue.ARTERY: "blood",
    Tissue.VEIN: "blood",
    Tissue.EPINEURIUM: "connective",
    Tissue.FASCICLE: "nerve",
    Tissue.NEUROMA: "scar",
    Tissue.SCAR: "scar",
    Tissue.FLUID: "water",
    Tissue.NEEDLE: "steel",
    Tissue.SUTURE: "thread",
}
ECHO = {
    Tissue.OUTSIDE: "fluid",
    Tissue.SKIN: "skin",
    Tissue.FAT: "fat",
    Tissue.FASCIA: "fascia",
    Tissue.MUSCLE: "muscle",
    Tissue.TENDON: "tendon",
    Tissue.BONE: "bone",
    Tissue.ARTERY: "blood",
    Tissue.VEIN: "blood",
    Tissue.EPINEURIUM: "epineurium",
    Tissue.FASCICLE: "fascicle",
    Tissue.NEUROMA: "neuroma",
    Tissue.SCAR: "scar",
    Tissue.FLUID: "fluid",
    Tissue.NEEDLE: "fluid",  # a needle is drawn on top
    Tissue.SUTURE: "thread",
}


def by_tissue(what: str, names: dict[Tissue, str], parameters: Parameters) -> Floats:
    """A number for every tissue, ``(n_tissue,)``, to be indexed with labels.

    Args:
        what: a table of ``ultrasound``, such as ``attenuation``.
        names: of the entry to use for each tissue.

    Example:
        >>> number = by_tissue("attenuation", MEDIUM, Parameters.of_evidence())
        >>> float(number[Tissue.BONE]) > float(number[Tissue.MUSCLE])
        True
    """
    values = [parameters.scalar(f"ultrasound.{what}.{names[tissue]}") for tissue in Tissue]
    return np.array(values, np.float32)


def impedance(parameters: Parameters) -> Floats:
    """Speed of sound times density by tissue, MRayl, ``(n_tissue,)``."""
    speed = by_tissue("speed", MEDIUM, parameters)
    return np.asarray(speed * by_tissue("density", MEDIUM, parameters) / 1e6, np.float32)
