"""MR pictures as a workstation shows them: windowed greys, FA in colour, tracts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from tinel.imaging.measured.mr_tracts import Tracts
from tinel.imaging.mri.diffusion import DiffusionSlice
from tinel.imaging.picture import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Shades = NDArray[np.float64]

# Maps have the same window in every picture, so that two can be compared.
WINDOWS = {"FA": (0.0, 1.0), "ADC (µm²/ms)": (0.0, 2.5), "T2 (ms)": (20.0, 100.0)}
# The rest is shown so that muscle, most of a picture, is dark grey.
BRIGHTEST, OVER_MIDDLE, HIDDEN_BELOW = 0.995, 2.6, 0.3


def grey(picture: Picture, pixel_mm: float = 0.12) -> Shades:
    """A picture from 0 (black) to 1 (white), on small square pixels.

    Args:
        picture: of any kind; a map of a quantity has a fixed window, in others muscle is dark grey.
        pixel_mm: side of the pixels that are wanted.

    Example:
        >>> even = Picture(np.full((4, 6), 0.5, np.float32), 1.0, 1.0, "mri", shows="FA")
        >>> grey(even, 0.5).shape, round(float(grey(even, 0.5).mean()), 3)
        ((8, 12), 0.5)
    """
    pixels = np.nan_to_num(np.asarray(picture.pixels, np.float64))
    low, high = WINDOWS.get(picture.shows, (0.0, 0.0))
    if high <= low:
        bright = pixels[pixels > HIDDEN_BELOW * np.quantile(pixels, 0.95)]
        middle = float(np.median(bright)) if bright.size else 0.0
        low, high = 0.0, max(np.quantile(pixels, BRIGHTEST), OVER_MIDDLE * middle) + 1e-12
        high = min(high, 2 * OVER_MIDDLE * middle + 1e-12)
    shown = np.clip((pixels - low) / (high - low), 0.0, 1.0)
    return np.clip(_finer(shown, picture, pixel_mm, pixel_mm), 0.0, 1.0)


def fa_in_colour(
    found: DiffusionSlice, row_mm: float = 0.12, column_mm: float = 0.12
) -> NDArray[np.float64]:
    """FA as brightness and the main direction as colour, ``(n_row, n_column, 3)``.

    Red runs across the picture, green down it, blue through it, which is along the limb.

    Args:
        found: one slice.
        row_mm, column_mm: height and width of a pixel of the result, above 0; a slice whose pixels
            are no larger stays as it is.

    Example:
        >>> flat = Picture(np.full((4, 4), 0.5, np.float32), 1.0, 1.0, "mri", shows="FA")
        >>> along = np.zeros((4, 4, 3), np.float32)
        >>> along[..., 2] = 1.0
        >>> shown = fa_in_colour(DiffusionSlice(flat, flat, along, flat, 0.0), 1.0, 1.0)
        >>> shown[0, 0].tolist()
        [0.0, 0.0, 0.5]
    """
    # noise outside the limb has a direction too, and is hidden as workstations do
    plain = np.asarray(found.plain.pixels, np.float64)
    bright = plain > HIDDEN_BELOW * np.quantile(plain, 0.9)
    fa = np.clip(np.asarray(found.fa.pixels, np.float64), 0.0, 1.0) * bright
    channels = [np.abs(found.direction[..., k]) * fa for k in (1, 0, 2)]
    return np.stack(
        [np.clip(_finer(each, found.fa, row_mm, column_mm), 0.0, 1.0) for each in channels], axis=-1
    )


def _finer(values: Shades, picture: Picture, row_mm: float, column_mm: float) -> Shades:
    """Values between pixels by a cubic spline, whose corners stay where they are."""
    zoom = (picture.row_mm / row_mm, picture.column_mm / column_mm)
    if max(zoom) <= 1.0:
        return values
    return np.asarray(ndimage.zoom(values, zoom, order=3, mode="nearest", grid_mode=True))


def draw_tracts(
    axes: Axes, tracts: Tracts, across_deg: float = 20.0, colour_by_direction: bool = True
) -> None:
    """Tracts seen from the side, along the limb from left to right.

    Args:
        axes: of matplotlib; its limits are set.
        tracts: from ``mr_tracts.track``.
        across_deg: by which the view is turned about the limb's axis.
        colour_by_direction: whether steps have the colours of ``fa_in_colour``, else one blue.
    """
    from matplotlib.collections import LineCollection

    turn = math.radians(across_deg)
    pieces: list[Shades] = []
    colours: list[Shades] = []
    for line in tracts.lines:
        if len(line) < 2:
            continue
        height = -(line[:, 0] * math.cos(turn) + line[:, 1] * math.sin(turn))
        points = np.stack([line[:, 2], height], axis=1)
        steps = np.abs(np.diff(line, axis=0))
        steps /= np.linalg.norm(steps, axis=1, keepdims=True)
        pieces.extend(np.stack([points[:-1], points[1:]], axis=1))
        colours.extend(np.clip(steps[:, (1, 0, 2)] * (0.6, 0.6, 1.0) + (0.1, 0.25, 0.0), 0, 1))
    if pieces:
        one = None if colour_by_direction else "#4aa3ff"
        axes.add_collection(LineCollection(pieces, colors=one or colours, linewidths=0.9))
    axes.autoscale()
    axes.set_facecolor("black")
