"""A plane through a limb: which tissue lies where, and in what state it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.uint8]
Grid = NDArray[np.float32]
View = Literal["cross", "long"]


class Tissue(IntEnum):
    """What a pixel of a plane may be; ``OUTSIDE`` is gel or air above the skin."""

    OUTSIDE = 0
    SKIN = 1
    FAT = 2
    FASCIA = 3
    MUSCLE = 4
    TENDON = 5
    BONE = 6
    ARTERY = 7
    VEIN = 8
    EPINEURIUM = 9
    FASCICLE = 10
    NEUROMA = 11
    SCAR = 12
    FLUID = 13
    NEEDLE = 14
    SUTURE = 15


@dataclass(frozen=True)
class Plane:
    """A plane through a limb, in square pixels.

    Args:
        tissue: ``Tissue`` per pixel, ``(n_depth, n_across)``; the first row lies at the skin.
        spacing_mm: side of a pixel, above 0.
        view: ``cross`` to the nerve, or ``long``, with the spinal cord on the left.
        position_mm: where the middle column lies along the nerve, mm from the cord.
        water: 0 to 1 per pixel, free water beyond the healthy tissue's (oedema).
        fat: 0 to 1 per pixel, part of a muscle that has turned to fat.
        axons: 0 to 1 per pixel, part of a fascicle's axons that stand with their myelin.
    """

    tissue: Labels
    spacing_mm: float
    view: View
    position_mm: float
    water: Grid
    fat: Grid
    axons: Grid

    @property
    def depth_mm(self) -> Grid:
        """Depth of each row's middle below the skin, ``(n_depth,)``."""
        rows = np.arange(self.tissue.shape[0], dtype=np.float32)
        return np.asarray((rows + 0.5) * self.spacing_mm, np.float32)

    @property
    def across_mm(self) -> Grid:
        """Place of each column's middle, 0 in the middle of the plane, ``(n_across,)``."""
        columns = np.arange(self.tissue.shape[1], dtype=np.float32)
        return np.asarray((columns + 0.5 - self.tissue.shape[1] / 2) * self.spacing_mm, np.float32)
