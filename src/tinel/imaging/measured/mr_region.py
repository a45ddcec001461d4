"""What is read inside an outline: brightness against muscle, T2, FA, ADC, fascicles."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.filters import threshold_otsu

from tinel.evidence import Parameters
from tinel.imaging.measured.mr_outline import Outline, noise_of
from tinel.imaging.picture import Picture

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

# Quantiles of brightness that stand for muscle and for fat: few bright or black pixels move none.
BRIGHT, DARK = 0.8, 0.05


def value_inside(picture: Picture, outline: Outline, parameters: Parameters) -> float | None:
    """Mean of a map such as FA, ADC or T2 in the middle of an outline; None where none fits in.

    A nerve smaller than the middle of a pixel is read off the pixel at its centre, if it is at
    least as large as that.

    Args:
        picture: a map of the same region as the picture that the outline was drawn on.
        outline: from ``nerve_on_mri``.
        parameters: the reader's, ``mri.reader``.

    Example:
        >>> import numpy as np
        >>> ring = Outline((5.0, 5.0), np.full(48, 2.0), 1.0, 0.0, 0.1)
        >>> flat = Picture(np.full((10, 10), 0.7, np.float32), 1.0, 1.0, "mri", shows="FA")
        >>> round(value_inside(flat, ring, Parameters.of_evidence()), 2)
        0.7
    """
    inside = outline.inside(picture, parameters.scalar("mri.reader.inside"))
    if not inside.any() and outline.area_mm2 >= picture.row_mm * picture.column_mm:
        row = int(outline.centre_mm[0] / picture.row_mm)
        column = int(outline.centre_mm[1] / picture.column_mm)
        inside[min(row, inside.shape[0] - 1), min(column, inside.shape[1] - 1)] = True
    values = picture.pixels[inside]
    values = values[np.isfinite(values)]
    return float(values.mean()) if values.size else None


def muscle_beside(picture: Picture, outline: Outline, parameters: Parameters) -> Bools | None:
    """Muscle near a nerve, which is brighter than fat and even; None where there is too little.

    Args:
        picture: T2-weighted, fat suppressed.
        outline: of the nerve.
        parameters: the reader's, ``mri.reader``.

    Example:
        >>> import numpy as np
        >>> ring = Outline((10.0, 10.0), np.full(48, 2.0), 2.0, 0.0, 0.1)
        >>> even = np.random.default_rng(1).normal(1.0, 0.02, (40, 40)).astype(np.float32)
        >>> found = muscle_beside(Picture(even, 0.5, 0.5, "mri"), ring, Parameters.of_evidence())
        >>> bool(found.sum() > 500)
        True
    """

    def number(key: str) -> float:
        return parameters.scalar(f"mri.reader.{key}")

    pixels = np.asarray(picture.pixels, np.float64)
    sizes = np.array([picture.row_mm, picture.column_mm])
    even = ndimage.gaussian_filter(pixels, 0.6 / sizes)
    size = float(np.sqrt(outline.area_mm2 / np.pi))
    near = outline.inside(picture, (size + number("nearest_mm")) / size)
    around = outline.inside(picture, (size + number("farthest_mm")) / size) & ~near
    # what is as bright as the nerve is taken for a vessel
    around &= even < max(outline.brightness, 1e-9) * 1.15
    if not around.any():
        return None
    otsu: Any = threshold_otsu
    border = float(otsu(even[around]))
    low, high = even[around & (even <= border)], even[around & (even > border)]
    two = low.size > 0 and high.size > 0 and low.mean() < number("fat_below") * high.mean()
    found = around & (even > border) if two else around
    # strips such as skin are no muscle; a rim of pixels that are partly fat is left out
    reach = max(1, round(number("thicker_mm") / 2 / picture.row_mm))
    down, across = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    found = ndimage.binary_opening(found, np.hypot(down, across) <= reach)
    found = ndimage.binary_erosion(found, iterations=1)
    seen = pixels[found]
    enough = found.sum() * picture.row_mm * picture.column_mm >= number("least_muscle_mm2")
    return found if enough and np.median(seen) > 3 * noise_of(pixels) else None


def nerve_muscle_ratio(picture: Picture, outline: Outline, parameters: Parameters) -> float | None:
    """Brightness of a nerve over that of muscle near it; None where no muscle is seen.

    Args:
        picture: T2-weighted, fat suppressed.
        outline: of the nerve.
        parameters: the reader's, ``mri.reader``.

    Example:
        >>> import numpy as np
        >>> pixels = np.random.default_rng(1).normal(1.0, 0.02, (60, 60)).astype(np.float32)
        >>> ring = Outline((15.0, 15.0), np.full(48, 2.0), 2.0, 0.5, 0.02)
        >>> pixels[ring.inside(Picture(pixels, 0.5, 0.5, "mri"))] = 2.0
        >>> picture = Picture(pixels, 0.5, 0.5, "mri")
        >>> round(nerve_muscle_ratio(picture, ring, Parameters.of_evidence()), 1)
        2.0
    """
    muscle = muscle_beside(picture, outline, parameters)
    if muscle is None:
        return None
    nerve = picture.pixels[outline.inside(picture, 0.85)]
    return float(nerve.mean() / np.median(picture.pixels[muscle])) if nerve.size else None


def muscle_at(
    picture: Picture, near_mm: tuple[float, float], parameters: Parameters
) -> float | None:
    """Mean of a circle that a reader places inside the muscle near a place; None if none fits.

    Fat that is suppressed is dark, and a pixel at a muscle's border is fat in part: the circle lies
    where all of it is muscle, as near to the place as it can, and is smaller in a thin muscle.

    Args:
        picture: STIR, or another one that suppresses fat.
        near_mm: where the reader points, down from the top and across from the left border.
        parameters: the reader's, ``mri.reader``.

    Example:
        >>> import numpy as np
        >>> pixels = np.full((40, 40), 0.1, np.float32)
        >>> pixels[10:20, 10:20] = 1.0
        >>> p, picture = Parameters.of_evidence(), Picture(pixels, 0.5, 0.5, "mri")
        >>> muscle_at(picture, (9.6, 7.5), p), muscle_at(picture, (18.0, 18.0), p)
        (1.0, None)
    """

    def number(key: str) -> float:
        return parameters.scalar(f"mri.reader.{key}")

    sizes = np.array([picture.row_mm, picture.column_mm])
    reach, around = number("muscle_reach_mm"), number("farthest_mm")
    # the circle is looked for in the part of the picture that the reader has in view
    first = np.maximum(np.floor((np.array(near_mm) - around) / sizes), 0).astype(int)
    last = np.ceil((np.array(near_mm) + around) / sizes).astype(int) + 1
    pixels = np.asarray(picture.pixels, np.float64)[first[0] : last[0], first[1] : last[1]]
    if not pixels.size:
        return None
    down = (np.arange(pixels.shape[0]) + first[0] + 0.5) * sizes[0]
    across = (np.arange(pixels.shape[1]) + first[1] + 0.5) * sizes[1]
    away = np.hypot(down[:, None] - near_mm[0], across[None, :] - near_mm[1])
    if away.min() > sizes.max():
        return None
    muscle = _muscle_in(pixels, sizes, away, reach, number("fat_below"), number("smooth_mm"))
    inward = ndimage.distance_transform_edt(np.pad(muscle, 1), sampling=tuple(sizes))[1:-1, 1:-1]
    # a border lies half a pixel nearer than the middle of what is beyond it
    rim = number("muscle_rim_mm") + 0.5 * float(sizes.max())
    room = np.where(away <= reach, inward - rim, 0.0)
    room = np.minimum(room, number("circle_mm"))
    most = float(room.max())
    if most < number("least_circle_mm"):
        return None
    # of places with as much room the nearest
    best = np.where(room >= most - 1e-9, away, np.inf)
    row, column = np.unravel_index(int(best.argmin()), best.shape)
    far = np.hypot(down[:, None] - down[row], across[None, :] - across[column])
    return float(pixels[far <= most].mean())


def _muscle_in(
    pixels: Floats, sizes: Floats, away: Floats, reach_mm: float, fat_below: float, smooth_mm: float
) -> Bools:
    """Which pixels are as bright as muscle, against the dark ones in view."""
    even = ndimage.gaussian_filter(pixels, smooth_mm / sizes)
    bright = float(np.quantile(even[away <= reach_mm], BRIGHT))
    dark = float(np.quantile(even, DARK))
    if dark < fat_below * bright:
        return np.asarray(even > 0.5 * (dark + bright))
    # all alike is muscle, unless something else in view is much brighter than what lies here
    is_fat = bright < fat_below * float(np.quantile(even, 1.0 - DARK))
    return np.full(even.shape, not is_fat)


def fascicles_seen(picture: Picture, outline: Outline, parameters: Parameters) -> bool:
    """Whether dots are told apart in the nerve: its brightness varies, by more than noise.

    Example:
        >>> import numpy as np
        >>> noise = np.random.default_rng(1).normal(1.0, 0.05, (60, 60)).astype(np.float32)
        >>> ring = Outline((9.0, 9.0), np.full(48, 2.0), 1.0, 0.5, noise_of(noise))
        >>> fascicles_seen(Picture(noise, 0.3, 0.3, "mri"), ring, Parameters.of_evidence())
        False
    """
    pixels = np.asarray(picture.pixels, np.float64)
    middle = outline.inside(picture, 0.75)
    if middle.sum() < 9:
        return False
    spread, mean = float(pixels[middle].std()), float(pixels[middle].mean())
    over_noise = parameters.scalar("mri.reader.fascicle_contrast") * max(outline.noise, 1e-9)
    over_mean = parameters.scalar("mri.reader.fascicle_part") * mean
    return spread > max(over_noise, over_mean)
