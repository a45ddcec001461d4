"""A nerve in cross-section, found and measured on a B-mode picture by its grey values alone."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.errors import TinelError
from tinel.evidence import Parameters
from tinel.imaging.measured.contour import area_mm2, as_ellipse, outline, widened
from tinel.imaging.measured.crop import Crop, crop
from tinel.imaging.measured.ellipse import Ellipses, clearest, clearness
from tinel.imaging.measured.fascicles import FascicleSeen, fascicles
from tinel.imaging.measured.usable import refusal
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
        outline_mm: the border of the nerve at its bright rim, in order, ``(n, 2)``: depth below
            the first row and distance from the middle column.
        area_mm2: within the outline, as a sonographer traces it.
        bias_mm2: by how much such an area was too large on known phantoms, below 0 where too small.
        sd_mm2: standard deviation of one reading around the true area less the bias.
        width_mm, height_mm: axes of the ellipse with the outline's second moments; the height is
            the one nearer to the depth axis.
        fascicles: dark spots inside, the largest first.
        contrast_index: mean grey around the nerve over mean grey inside it.
        clearness: mean grey of the rim above both its sides, in standard deviations of speckle.
    """

    outline_mm: Floats
    area_mm2: float
    bias_mm2: float
    sd_mm2: float
    width_mm: float
    height_mm: float
    fascicles: tuple[FascicleSeen, ...]
    contrast_index: float
    clearness: float

    @property
    def centre_mm(self) -> tuple[float, float]:
        """Middle of the outline: depth and place across."""
        ellipse = as_ellipse(self.outline_mm)
        return float(ellipse.depth_mm[0]), float(ellipse.across_mm[0])

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
    picture: Picture,
    near_mm: tuple[float, float],
    parameters: Parameters,
    expected_mm2: float | None = None,
) -> NerveOnUltrasound | NoNerve:
    """The nerve nearest to a point of a B-mode cross-section, or why none was found.

    Args:
        picture: grey values with a scale, simulated or from a file.
        near_mm: where the examiner points: depth below the first row and distance from the middle
            column, mm.
        parameters: ``measured.*``.
        expected_mm2: what books say of a healthy nerve's area at this place, above 0, as an
            examiner knows it; None where the place is not known. Swellings are still found.

    Raises:
        TinelError: an expected area that is not above 0.

    Source:
        doi:10.1111/ene.14759 pools areas traced to the inner border of the bright epineurium. The
        line here runs along the outer edge of its thin rim, calibrated to the area that was drawn:
        a prior ellipse, and a shortest path around it.

    Example:
        >>> grey = np.random.default_rng(1).random((300, 300), np.float32)
        >>> nothing = Picture(grey, 0.05, 0.05, "ultrasound")
        >>> nerve_on_ultrasound(nothing, (7.0, 0.0), Parameters.of_evidence()).why
        'no closed bright rim near this point'
    """
    why = refusal(picture, near_mm, parameters, "ultrasound")
    if why:
        return NoNerve(why)
    if expected_mm2 is not None and not (math.isfinite(expected_mm2) and expected_mm2 > 0):
        raise TinelError(f"{expected_mm2} mm² is out of range (allowed: above 0)", "expected_mm2")
    around = crop(picture, near_mm, parameters)
    if not around.noise > 0:
        return NoNerve("the picture has no grain near this point")
    started = clearest(around, near_mm, parameters, expected_mm2)
    if not len(started.tilt):
        return NoNerve("no room for a nerve near this point")
    stands = float(clearness(around, started, near_mm, parameters, expected_mm2)[0])
    points, rim = found_outline(around, started, parameters)
    if stands < parameters.scalar("measured.found.least_stands"):
        return NoNerve("nothing near this point stands out as a nerve")
    if rim < parameters.scalar("measured.found.least_rim"):
        return NoNerve("no closed bright rim near this point")
    return measured(around, points, rim, picture, parameters)


def found_outline(around: Crop, started: Ellipses, parameters: Parameters) -> tuple[Floats, float]:
    """The outline around an ellipse, and the mean grey of its rim in units of ``Crop.noise``."""
    ellipse = started
    for _ in range(2):
        points, ridge = outline(around, ellipse, parameters)
        ellipse = as_ellipse(points)
    points = widened(points, parameters.scalar("measured.contour.border_mm"))
    return points, float(ridge.mean())


def length_mm(points: Floats) -> float:
    """Length of a closed outline ``(n, 2)``."""
    return float(np.hypot(*(np.roll(points, -1, axis=0) - points).T).sum())


def measured(
    around: Crop,
    points: Floats,
    clearness: float,
    picture: Picture,
    parameters: Parameters,
) -> NerveOnUltrasound:
    """Everything that is read within an outline."""
    ellipse = as_ellipse(points)
    away = distance(around, ellipse, points)
    inside = away < 0
    rim = parameters.scalar("measured.rim_mm")
    ring = (away < 0) & (away >= -rim)
    wide = parameters.scalar("measured.surround_mm")
    beside = (away >= rim) & (away < rim + wide)
    grey = around.smooth
    spots = fascicles(around, inside, float(np.median(grey[ring])), parameters)
    length = length_mm(points)
    pixel = max(picture.row_mm, picture.column_mm) / 2
    border_sd = float(np.hypot(parameters.scalar("measured.area.border_sd_mm"), pixel / 2))
    return NerveOnUltrasound(
        outline_mm=points,
        area_mm2=area_mm2(points),
        bias_mm2=parameters.scalar("measured.area.border_bias_mm") * length,
        sd_mm2=border_sd * length,
        width_mm=float(2 * ellipse.half_width_mm[0]),
        height_mm=float(2 * ellipse.half_height_mm[0]),
        fascicles=spots,
        contrast_index=float(grey[beside].mean() / max(float(grey[inside].mean()), 1e-6)),
        clearness=clearness,
    )


def distance(around: Crop, ellipse: Ellipses, points: Floats) -> Floats:
    """How far each pixel lies outside an outline along its ray, mm; below 0 inside."""
    depth, across = around.grid_mm
    deep, aside = depth - ellipse.depth_mm[0], across - ellipse.across_mm[0]
    turn = np.arctan2(deep, aside)
    own = points - np.array([ellipse.depth_mm[0], ellipse.across_mm[0]])
    turns = np.arctan2(own[:, 0], own[:, 1])
    order = np.argsort(turns)
    border = np.interp(turn, turns[order], np.hypot(*own.T)[order], period=2 * np.pi)
    found: Floats = np.hypot(deep, aside) - border
    return found
