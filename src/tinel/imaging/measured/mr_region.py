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

# Muscle is looked for this near, and has to fill as much.
NEAREST_mm, FARTHEST_mm, LEAST_mm2 = 1.5, 12.0, 15.0
THICKER_THAN_mm = 3.0
# Fat that is suppressed is darker than muscle by more than this factor.
FAT_BELOW = 0.65


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


def muscle_beside(picture: Picture, outline: Outline) -> Bools | None:
    """Muscle near a nerve, which is brighter than fat and even; None where there is too little.

    Example:
        >>> import numpy as np
        >>> ring = Outline((10.0, 10.0), np.full(48, 2.0), 2.0, 0.0, 0.1)
        >>> even = np.random.default_rng(1).normal(1.0, 0.02, (40, 40)).astype(np.float32)
        >>> found = muscle_beside(Picture(even, 0.5, 0.5, "mri"), ring)
        >>> bool(found.sum() > 500)
        True
    """
    pixels = np.asarray(picture.pixels, np.float64)
    sizes = np.array([picture.row_mm, picture.column_mm])
    even = ndimage.gaussian_filter(pixels, 0.6 / sizes)
    size = float(np.sqrt(outline.area_mm2 / np.pi))
    near = outline.inside(picture, (size + NEAREST_mm) / size)
    around = outline.inside(picture, (size + FARTHEST_mm) / size) & ~near
    # what is as bright as the nerve is taken for a vessel
    around &= even < max(outline.brightness, 1e-9) * 1.15
    if not around.any():
        return None
    otsu: Any = threshold_otsu
    border = float(otsu(even[around]))
    low, high = even[around & (even <= border)], even[around & (even > border)]
    two = low.size > 0 and high.size > 0 and low.mean() < FAT_BELOW * high.mean()
    found = around & (even > border) if two else around
    # strips such as skin are no muscle; a rim of pixels that are partly fat is left out
    reach = max(1, round(THICKER_THAN_mm / 2 / picture.row_mm))
    down, across = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    found = ndimage.binary_opening(found, np.hypot(down, across) <= reach)
    found = ndimage.binary_erosion(found, iterations=1)
    seen = pixels[found]
    enough = found.sum() * picture.row_mm * picture.column_mm >= LEAST_mm2
    return found if enough and np.median(seen) > 3 * noise_of(pixels) else None


def nerve_muscle_ratio(picture: Picture, outline: Outline) -> float | None:
    """Brightness of a nerve over that of muscle near it; None where no muscle is seen.

    Example:
        >>> import numpy as np
        >>> pixels = np.random.default_rng(1).normal(1.0, 0.02, (60, 60)).astype(np.float32)
        >>> ring = Outline((15.0, 15.0), np.full(48, 2.0), 2.0, 0.5, 0.02)
        >>> pixels[ring.inside(Picture(pixels, 0.5, 0.5, "mri"))] = 2.0
        >>> round(nerve_muscle_ratio(Picture(pixels, 0.5, 0.5, "mri"), ring), 1)
        2.0
    """
    muscle = muscle_beside(picture, outline)
    if muscle is None:
        return None
    nerve = picture.pixels[outline.inside(picture, 0.85)]
    return float(nerve.mean() / np.median(picture.pixels[muscle])) if nerve.size else None


def circle_mean(picture: Picture, centre_mm: tuple[float, float], radius_mm: float) -> float | None:
    """Mean of a circle that a reader places, as in a muscle; None where it leaves the picture.

    Example:
        >>> import numpy as np
        >>> flat = Picture(np.ones((20, 20), np.float32), 0.5, 0.5, "mri")
        >>> circle_mean(flat, (5.0, 5.0), 2.0), circle_mean(flat, (0.5, 5.0), 2.0)
        (1.0, None)
    """
    high, wide = picture.size_mm
    down, across = centre_mm
    if not (radius_mm <= down <= high - radius_mm and radius_mm <= across <= wide - radius_mm):
        return None
    rows = (np.arange(picture.pixels.shape[0]) + 0.5) * picture.row_mm - down
    columns = (np.arange(picture.pixels.shape[1]) + 0.5) * picture.column_mm - across
    inside = np.hypot(rows[:, None], columns[None, :]) <= radius_mm
    return float(picture.pixels[inside].mean()) if inside.any() else None


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
