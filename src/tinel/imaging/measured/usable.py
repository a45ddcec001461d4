"""Whether a picture can be measured at all: its size, scale, grey values and the point shown."""

from __future__ import annotations

import math

import numpy as np

from tinel.evidence import Parameters
from tinel.imaging.picture import Picture


def refusal(
    picture: Picture, near_mm: tuple[float, float], parameters: Parameters, modality: str
) -> str:
    """Why a picture cannot be measured near a point; empty where it can.

    Args:
        picture: any picture, also one that was read from an unknown file.
        near_mm: depth below the first row and distance from the middle column, mm.
        parameters: ``measured.picture.*``.
        modality: ``ultrasound`` or ``mri``, as the measure needs it.

    Example:
        >>> blank = Picture(np.zeros((400, 400), np.float32), 0.05, 0.05, "ultrasound")
        >>> refusal(blank, (5.0, 0.0), Parameters.of_evidence(), "ultrasound")
        'the picture has one grey value'
    """
    pixels = np.asarray(picture.pixels)
    if picture.modality != modality:
        return f"the picture is of {picture.modality}, not of {modality}"
    if pixels.ndim != 2 or min(pixels.shape) < 2:
        return "the picture has no rows and columns of grey values"
    scale = (picture.row_mm, picture.column_mm)
    if not all(math.isfinite(side) and side > 0 for side in scale):
        return "the picture has no scale"
    if not np.issubdtype(pixels.dtype, np.number) or not np.isfinite(pixels).all():
        return "the picture holds values that are no numbers"
    most = parameters.scalar("measured.picture.most_pixel_mm")
    if max(scale) > most:
        return f"a pixel is {max(scale):.2g} mm wide (allowed: up to {most:g} mm)"
    least = parameters.scalar("measured.picture.least_mm")
    if min(picture.size_mm) < least:
        return f"the picture is {min(picture.size_mm):.2g} mm wide (allowed: from {least:g} mm)"
    height, width = picture.size_mm
    if not all(math.isfinite(at) for at in near_mm):
        return "the point is no number"
    if not (0 <= near_mm[0] <= height and abs(near_mm[1]) <= width / 2):
        return "the point lies outside the picture"
    if float(pixels.max()) == float(pixels.min()):
        return "the picture has one grey value"
    return ""
