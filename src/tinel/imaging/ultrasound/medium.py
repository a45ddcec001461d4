"""What waves meet in each tissue: its medium, impedance and attenuation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import label

from tinel.evidence import Parameters
from tinel.imaging.plane import Labels, Plane, Tissue

Floats = NDArray[np.float32]

# Labels of their own, beyond those of a plane.
STRAND, DEEP_FAT = len(Tissue), len(Tissue) + 1

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
    """A number for every label of ``told_apart``.

    Args:
        what: a table of ``ultrasound``, such as ``attenuation``.
        names: of the entry to use for each tissue.

    Example:
        >>> number = by_tissue("attenuation", MEDIUM, Parameters.of_evidence())
        >>> float(number[Tissue.BONE]) > float(number[Tissue.MUSCLE])
        True
    """
    more = ("strand", "deep_fat") if what == "echo" else ("connective", "fat")
    every = (*(names[tissue] for tissue in Tissue), *more)
    return np.array([parameters.scalar(f"ultrasound.{what}.{name}") for name in every], np.float32)


def told_apart(plane: Plane, parameters: Parameters) -> Labels:
    """Labels of a plane, with strands told from fascia and deep fat from that below the skin.

    Small islands of fascia are strands; fat that no way through fat leads to the skin is deep.

    Example:
        >>> from tinel.imaging.ultrasound.phantom import uniform
        >>> plane = uniform(width_mm=4, depth_mm=4)
        >>> plane.tissue[10:12, 10:30] = Tissue.FASCIA
        >>> int((told_apart(plane, Parameters.of_evidence()) == STRAND).sum())
        40
    """
    islands, count = label(plane.tissue == Tissue.FASCIA)
    labels = plane.tissue.copy()
    if count:
        area = np.bincount(islands.ravel()) * plane.spacing_mm**2
        which = "strand_long_mm2" if plane.view == "long" else "strand_mm2"
        small = area < parameters.scalar(f"ultrasound.texture.{which}")
        small[0] = False
        labels[small[islands]] = STRAND
    # strands do not divide fat
    islands, count = label((labels == Tissue.FAT) | (labels == STRAND))
    if count:
        first, columns = np.argmax(islands > 0, axis=0), np.arange(labels.shape[1])
        above = labels[np.maximum(first - 1, 0), columns]
        below_skin = (above == Tissue.SKIN) | (first == 0)
        shallow = np.zeros(count + 1, np.bool_)
        shallow[islands[first, columns][below_skin]] = True
        labels[(labels == Tissue.FAT) & ~shallow[islands]] = DEEP_FAT
    return labels


def impedance(parameters: Parameters) -> Floats:
    """Speed of sound times density by tissue, MRayl."""
    # a needle is drawn on top; its own mirrors are not used
    media = {**MEDIUM, Tissue.NEEDLE: "thread"}
    speed = by_tissue("speed", media, parameters)
    return np.asarray(speed * by_tissue("density", media, parameters) / 1e6, np.float32)
