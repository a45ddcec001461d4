"""What is looked at around a point: a square of grey values in pixels of one size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.imaging.picture import Picture

Grid = NDArray[np.float32]
# the network was taught on these: another size would need other weights
SIDE, SPACING_mm, SMOOTH_mm = 160, 0.12, 0.05


@dataclass(frozen=True)
class Window:
    """Grey values around a point.

    Args:
        grey: 0 to 1, 0 outside the picture, ``(SIDE, SIDE)``.
        held: 1 within the picture and 0 outside it, ``(SIDE, SIDE)``.
        depth_mm, across_mm: where the middle of the first pixel lies in the picture; across counts
            from the picture's middle column.
    """

    grey: Grid
    held: Grid
    depth_mm: float
    across_mm: float


def window(picture: Picture, near_mm: tuple[float, float]) -> Window:
    """The square around a point of a picture.

    Args:
        picture: a usable one (``usable.refusal``).
        near_mm: depth below the first row and distance from the middle column, mm.

    Example:
        >>> grey = Picture(np.ones((100, 400), np.float32), 0.1, 0.1, "ultrasound")
        >>> around = window(grey, (5.0, 0.0))
        >>> around.grey.shape, round(float(around.held.mean()), 2)
        ((160, 160), 0.52)
    """
    from scipy.ndimage import gaussian_filter, map_coordinates

    sizes = picture.row_mm, picture.column_mm
    first = [at - (SIDE - 1) / 2 * SPACING_mm for at in near_mm]
    at_mm = first[0] + np.arange(SIDE) * SPACING_mm
    across_mm = first[1] + np.arange(SIDE) * SPACING_mm
    height, width = picture.size_mm
    smooth = gaussian_filter(
        np.clip(np.asarray(picture.pixels, np.float32), 0.0, 1.0), [SMOOTH_mm / s for s in sizes]
    )
    grid = np.meshgrid(
        at_mm / sizes[0] - 0.5, (across_mm + width / 2) / sizes[1] - 0.5, indexing="ij"
    )
    down = (at_mm >= 0) & (at_mm <= height)
    aside = np.abs(across_mm) <= width / 2
    held = np.asarray(down[:, None] & aside[None, :], np.float32)
    grey = np.asarray(map_coordinates(smooth, grid, order=1, mode="nearest"), np.float32)
    return Window(grey * held, held, float(first[0]), float(first[1]))
