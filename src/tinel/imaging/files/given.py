"""What a user says of a picture file, and what any such file is checked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.errors import TinelError
from tinel.imaging.picture import Modality

Floats = NDArray[np.float64]

MM_PER_PIXEL = (0.001, 5.0)
LEAST_px, MOST_px = 8, 64_000_000
# how bright the eye sees red, green and blue, ITU-R BT.601
RED, GREEN, BLUE = 0.299, 0.587, 0.114


@dataclass(frozen=True)
class Given:
    """What the command line says; None where it says nothing.

    Args:
        mm_per_pixel: side of a pixel, 0.001 to 5 mm.
        frame: which picture of a file with several, from 1.
        modality: of a file that does not say.

    Raises:
        TinelError: a value out of range.
    """

    mm_per_pixel: float | None = None
    frame: int | None = None
    modality: Modality | None = None

    def __post_init__(self) -> None:
        low, high = MM_PER_PIXEL
        if self.mm_per_pixel is not None and not low <= self.mm_per_pixel <= high:
            told = f"{self.mm_per_pixel:g} mm is out of range (allowed: {low:g} to {high:g} mm)"
            raise TinelError(told, "--mm-per-pixel", "measure the ruler beside the picture")
        if self.frame is not None and self.frame < 1:
            raise TinelError(f"{self.frame} is out of range (allowed: 1 or more)", "--frame")


def check_pixels(rows: int, columns: int, name: str) -> None:
    """Refuse a picture that is too small to be measured or too large to be held.

    Raises:
        TinelError: says its size.
    """
    if min(rows, columns) < LEAST_px or rows * columns > MOST_px:
        told = f"is {rows} x {columns} pixels (allowed: {LEAST_px} x {LEAST_px} to 64 million)"
        raise TinelError(told, name)


def to_grey(pixels: Floats) -> Floats:
    """Brightness of colours ``(n_row, n_column, 3)``, in the unit of the colours."""
    return np.asarray(pixels[..., :3] @ np.array([RED, GREEN, BLUE]), np.float64)
