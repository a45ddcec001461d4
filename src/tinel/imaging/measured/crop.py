"""The part of a picture around a point, in square pixels, with its speckle averaged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.evidence import Parameters
from tinel.imaging.picture import Picture

Floats = NDArray[np.float64]
# of a tile: its side, the grey below which it is black, and the percentage that is even
TILE_mm, BLACK, EVEN = 1.0, 0.1, 20.0


@dataclass(frozen=True)
class Crop:
    """Grey values around a point, in square pixels.

    Args:
        smooth: grey values with speckle averaged, 0 to 1, ``(n_depth, n_across)``.
        spacing_mm: side of a pixel.
        depth_mm, across_mm: where the middle of the first pixel lies in the picture; ``across_mm``
            counts from the picture's middle column.
        noise: standard deviation of ``smooth`` within even tiles: what speckle alone does.
    """

    smooth: Floats
    spacing_mm: float
    depth_mm: float
    across_mm: float
    noise: float

    @property
    def grid_mm(self) -> tuple[Floats, Floats]:
        """Depth of each row ``(n_depth, 1)`` and place of each column ``(1, n_across)``."""
        rows, columns = self.smooth.shape
        depth: Floats = self.depth_mm + np.arange(rows, dtype=np.float64) * self.spacing_mm
        across: Floats = self.across_mm + np.arange(columns, dtype=np.float64) * self.spacing_mm
        return depth[:, None], across[None, :]


def crop(picture: Picture, near_mm: tuple[float, float], parameters: Parameters) -> Crop:
    """The surroundings of a point of a picture.

    Args:
        picture: a usable picture (``usable.refusal``).
        near_mm: depth below the first row and distance from the middle column, mm.
        parameters: ``measured.reach_mm``, ``measured.spacing_mm``, ``measured.smooth_mm`` and
            ``measured.white_percent``.

    Example:
        >>> grey = Picture(np.zeros((300, 400), np.float32), 0.05, 0.1, "ultrasound")
        >>> crop(grey, (5.0, 0.0), Parameters.of_evidence()).spacing_mm
        0.05
    """
    from scipy.ndimage import gaussian_filter, map_coordinates

    reach = parameters.scalar("measured.reach_mm")
    spacing = parameters.scalar("measured.spacing_mm")
    sigma = parameters.scalar("measured.smooth_mm")
    height, width = picture.size_mm
    top, low = max(near_mm[0] - reach, 0.0), min(near_mm[0] + reach, height)
    left, right = max(near_mm[1] - reach, -width / 2), min(near_mm[1] + reach, width / 2)
    depth = np.arange(top + spacing / 2, low, spacing)
    across = np.arange(left + spacing / 2, right, spacing)
    pixels = np.asarray(picture.pixels, np.float64)
    # smoothed where it is finest, so that a coarse grid does not fold speckle back
    pixels = gaussian_filter(pixels, (sigma / picture.row_mm, sigma / picture.column_mm))
    rows = depth / picture.row_mm - 0.5
    columns = (across + width / 2) / picture.column_mm - 0.5
    grid = np.meshgrid(rows, columns, indexing="ij")
    smooth = map_coordinates(pixels, grid, order=1, mode="nearest")
    # a fascia is brighter than any nerve and would draw every outline to it
    smooth = np.minimum(smooth, np.percentile(smooth, parameters.scalar("measured.white_percent")))
    return Crop(smooth, spacing, float(depth[0]), float(across[0]), grain(smooth, spacing))


def grain(smooth: Floats, spacing_mm: float) -> float:
    """Standard deviation of grey values within a tile of 1 mm, in the most even fifth of tiles.

    Black tiles (vessels, shadow) count for nothing.

    Example:
        >>> grain(np.zeros((60, 60)), 0.05)
        0.0
    """
    side = max(2, round(TILE_mm / spacing_mm))
    rows, columns = (n // side * side for n in smooth.shape)
    tiles = smooth[:rows, :columns].reshape(rows // side, side, columns // side, side)
    spread = tiles.std(axis=(1, 3))[tiles.mean(axis=(1, 3)) > BLACK]
    return float(np.percentile(spread, EVEN)) if spread.size else 0.0
