"""A nerve in cross-section, found and measured on a B-mode picture by its grey values alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.evidence import Parameters
from tinel.imaging.measured.crop import Crop, crop
from tinel.imaging.measured.fascicles import FascicleSeen, fascicles
from tinel.imaging.measured.network import Grid, likelihood, weights
from tinel.imaging.measured.outline import (
    area_mm2,
    as_ellipse,
    distance_mm,
    length_mm,
)
from tinel.imaging.measured.usable import refusal
from tinel.imaging.measured.window import SPACING_mm, Window, window
from tinel.imaging.picture import Picture

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class NoNerve:
    """No nerve was found, and why; there is no number to read.

    Args:
        why: a part of a sentence.
    """

    why: str


@dataclass(frozen=True)
class NerveOnUltrasound:
    """A nerve's cross-section as it is read off a picture.

    Args:
        outline_mm: the border of the nerve, in order, ``(n, 2)``: depth below the first row and
            distance from the middle column.
        area_mm2: within the outline, as a sonographer traces it.
        bias_mm2: by how much such an area was too large on known pictures, below 0 where too
            small.
        sd_mm2: standard deviation of one reading around the true area less the bias.
        width_mm, height_mm: axes of the ellipse with the outline's second moments; the height is
            the one nearer to the depth axis.
        fascicles: dark spots inside, the largest first.
        contrast_index: mean grey around the nerve over mean grey inside it.
        sure: mean likelihood of a nerve within the outline, 0.5 to 1.
    """

    outline_mm: Floats
    area_mm2: float
    bias_mm2: float
    sd_mm2: float
    width_mm: float
    height_mm: float
    fascicles: tuple[FascicleSeen, ...]
    contrast_index: float
    sure: float

    @property
    def centre_mm(self) -> tuple[float, float]:
        """Middle of the outline: depth and place across."""
        ellipse = as_ellipse(self.outline_mm)
        return ellipse.depth_mm, ellipse.across_mm

    @property
    def width_to_height(self) -> float:
        """Flattening: 1 for a round nerve, larger for a flat one."""
        return self.width_mm / self.height_mm

    @property
    def fascicle_area_ratio(self) -> float:
        """Fraction of the area that fascicles take, 0 to 1."""
        return min(sum(spot.area_mm2 for spot in self.fascicles) / self.area_mm2, 1.0)

    @property
    def largest_fascicle_mm2(self) -> float:
        """Area of the largest dark spot; 0 where none was seen."""
        return self.fascicles[0].area_mm2 if self.fascicles else 0.0


def nerve_on_ultrasound(
    picture: Picture, near_mm: tuple[float, float], parameters: Parameters
) -> NerveOnUltrasound | NoNerve:
    """The nerve nearest to a point of a B-mode cross-section, or why none was found.

    Args:
        picture: grey values with a scale, simulated or from a file.
        near_mm: where the examiner points: depth below the first row and distance from the middle
            column, mm.
        parameters: ``measured.*``.

    Source:
        doi:10.1111/ene.14759 pools areas traced to the inner border of the bright epineurium; the
        network has learned the border of the nerve as it was drawn, with its thin rim.

    Example:
        >>> grey = np.random.default_rng(1).random((300, 300), np.float32)
        >>> nothing = Picture(grey, 0.05, 0.05, "ultrasound")
        >>> nerve_on_ultrasound(nothing, (7.0, 0.0), Parameters.of_evidence()).why
        'nothing near this point looks like a nerve'
    """
    why = refusal(picture, near_mm, parameters, "ultrasound")
    if why:
        return NoNerve(why)
    around = window(picture, near_mm)
    found = found_outline(around, likelihood(around, weights()), parameters)
    return found if isinstance(found, NoNerve) else measured(picture, near_mm, *found, parameters)


def found_outline(
    around: Window, likely: Grid, parameters: Parameters
) -> tuple[Floats, float] | NoNerve:
    """The outline of the nerve nearest to a window's middle, and the mean likelihood within it.

    Args:
        around: the window.
        likely: probability of a nerve at each of its pixels.
        parameters: ``measured.found.*``.
    """
    from scipy.ndimage import label
    from skimage.measure import find_contours

    smooth = np.pad(likely * around.held, 1)
    parts, n = label(smooth >= 0.5)
    if not n:
        return NoNerve("nothing near this point looks like a nerve")
    rows, columns = np.indices(parts.shape) - (len(parts) - 1) / 2
    away = SPACING_mm * np.hypot(rows, columns)
    nearest = [float(away[parts == one].min()) for one in range(1, n + 1)]
    sizes = np.bincount(parts.ravel())[1:] * SPACING_mm**2
    least, most = (parameters.scalar(f"measured.found.{end}_mm2") for end in ("least", "most"))
    reach = parameters.scalar("measured.found.reach_mm")
    near = [k for k in range(n) if nearest[k] <= reach and sizes[k] >= least]
    if not near:
        return NoNerve("nothing near this point looks like a nerve")
    one = max(near, key=lambda k: sizes[k] / (1.0 + nearest[k]) ** 2) + 1
    sure = float(smooth[parts == one].mean())
    if sure < parameters.scalar("measured.found.least_sure"):
        return NoNerve("what lies near this point is not clear enough to be called a nerve")
    if sizes[one - 1] > most:
        return NoNerve("what lies near this point is larger than any nerve")
    alone = np.where((parts == one) | (smooth < 0.5), smooth, 0.0)
    border = max(find_contours(alone, 0.5), key=len)[:-1] - 1.0
    points = border * SPACING_mm + np.array([around.depth_mm, around.across_mm])
    return points, sure


def measured(
    picture: Picture,
    near_mm: tuple[float, float],
    points: Floats,
    sure: float,
    parameters: Parameters,
) -> NerveOnUltrasound:
    """Everything that is read within an outline."""
    around = crop(picture, near_mm, parameters)
    ellipse = as_ellipse(points)
    away = distance_mm(points, *around.grid_mm)
    grey = around.smooth
    inside, beside = away < 0, _beside(away, parameters)
    length = length_mm(points)
    pixel = max(picture.row_mm, picture.column_mm) / 2
    # what the network was taught on is known; what another machine shows is not
    known = "border" if picture.simulated else "foreign"
    border_sd = float(np.hypot(parameters.scalar(f"measured.area.{known}_sd_mm"), pixel / 2))
    return NerveOnUltrasound(
        outline_mm=points,
        area_mm2=area_mm2(points),
        bias_mm2=parameters.scalar("measured.area.border_bias_mm") * length,
        sd_mm2=border_sd * length,
        width_mm=2 * ellipse.half_width_mm,
        height_mm=2 * ellipse.half_height_mm,
        fascicles=_spots(around, away, parameters),
        contrast_index=float(grey[beside].mean() / max(float(grey[inside].mean()), 1e-6)),
        sure=sure,
    )


def _beside(away: Floats, parameters: Parameters) -> NDArray[np.bool_]:
    rim = parameters.scalar("measured.rim_mm")
    found: NDArray[np.bool_] = (away >= rim) & (
        away < rim + parameters.scalar("measured.surround_mm")
    )
    return found


def _spots(around: Crop, away: Floats, parameters: Parameters) -> tuple[FascicleSeen, ...]:
    ring = (away < 0) & (away >= -parameters.scalar("measured.rim_mm"))
    rim_grey = float(np.median(around.smooth[ring])) if ring.any() else 0.0
    return fascicles(around, away < 0, rim_grey, parameters)
