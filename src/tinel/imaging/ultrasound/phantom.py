"""A plane whose contents are known, for examples and for checks of what is measured."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tinel.imaging.plane import Plane, Tissue

Mask = NDArray[np.bool_]


def uniform(
    tissue: Tissue = Tissue.MUSCLE,
    *,
    width_mm: float = 20.0,
    depth_mm: float = 15.0,
    spacing_mm: float = 0.05,
) -> Plane:
    """A plane of one tissue.

    Example:
        >>> uniform(Tissue.FAT, width_mm=1, depth_mm=2, spacing_mm=0.5).tissue.shape
        (4, 2)
    """
    shape = round(depth_mm / spacing_mm), round(width_mm / spacing_mm)
    none = np.zeros(shape, np.float32)
    label = np.full(shape, tissue, np.uint8)
    return Plane(label, spacing_mm, "cross", 0.0, none, none.copy(), np.ones(shape, np.float32))


def phantom(*, width_mm: float = 20.0, depth_mm: float = 15.0, spacing_mm: float = 0.05) -> Plane:
    """Skin, fat, fascia and muscle with a nerve of eight fascicles, an artery, a vein and bone.

    Example:
        >>> plane = phantom()
        >>> area = float((plane.tissue == Tissue.FASCICLE).sum()) * plane.spacing_mm**2
        >>> round(area, 1)
        4.9
    """
    plane = uniform(width_mm=width_mm, depth_mm=depth_mm, spacing_mm=spacing_mm)
    down, across = plane.depth_mm[:, None], plane.across_mm[None]
    label = plane.tissue

    def oval(depth: float, place: float, height: float, width: float) -> Mask:
        near = ((down - depth) / height * 2) ** 2 + ((across - place) / width * 2) ** 2 < 1
        return np.asarray(near, np.bool_)

    wave = 0.15 * np.sin(across / 2.5)
    label[(down < 1.4) & (across < np.inf)] = Tissue.SKIN
    label[(down >= 1.4) & (down < 3.6 + wave)] = Tissue.FAT
    label[(down >= 3.6 + wave) & (down < 3.85 + wave)] = Tissue.FASCIA
    label[down > depth_mm - 2.0 + 0.04 * (across - 4.0) ** 2] = Tissue.BONE
    label[oval(6.2, -6.0, 2.6, 2.8)] = Tissue.ARTERY
    label[oval(6.0, 6.3, 2.0, 3.4)] = Tissue.VEIN
    label[oval(9.5, -6.5, 3.0, 4.0)] = Tissue.TENDON
    label[oval(7.0, 0.0, 2.7, 4.6)] = Tissue.EPINEURIUM
    for place, depth, size in (
        (-1.45, 7.0, 1.05),
        (-0.75, 6.3, 0.75),
        (-0.6, 7.55, 0.9),
        (0.1, 6.85, 0.75),
        (0.45, 7.75, 0.7),
        (0.75, 6.2, 0.8),
        (1.2, 7.15, 1.0),
        (1.85, 6.75, 0.55),
    ):
        label[oval(depth, place, size, size * 1.15)] = Tissue.FASCICLE
    return plane
