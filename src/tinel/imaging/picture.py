"""A picture as an examiner has it: grey values and a scale, and nothing of what was drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tinel.imaging.plane import View

Pixels = NDArray[np.float32]
Modality = Literal["ultrasound", "mri"]


@dataclass(frozen=True)
class Picture:
    """Grey values with a scale, simulated or from a file.

    Args:
        pixels: ``(n_row, n_column)``; of ultrasound 0 (black) to 1 (white), of MR the signal in any
            unit, or a quantity that ``shows`` names with its unit.
        row_mm, column_mm: height and width of a pixel, above 0.
        modality: ``ultrasound`` or ``mri``.
        view: ``cross`` to the nerve or ``long``; empty where a file does not say.
        shows: what the grey values are, e.g. ``B-mode``, ``T2-weighted``, ``STIR``, ``FA``.
        simulated: whether it was computed; False for one that was read from a file.
    """

    pixels: Pixels
    row_mm: float
    column_mm: float
    modality: Modality
    view: View | Literal[""] = "cross"
    shows: str = ""
    simulated: bool = True

    @property
    def size_mm(self) -> tuple[float, float]:
        """Height and width of the whole picture, mm."""
        rows, columns = self.pixels.shape
        return rows * self.row_mm, columns * self.column_mm
