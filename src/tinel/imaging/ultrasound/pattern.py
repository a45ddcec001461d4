"""Random patterns that speckle and texture are made of, and how they change as the probe slides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from tinel.evidence import Parameters

Grid = NDArray[np.float32]

ALONG = ("muscle", "fat", "tendon", "tissue", "broken", "rough")


@dataclass(frozen=True)
class Pattern:
    """White noise by name, mean 0 and standard deviation 1.

    Args:
        white: ``speckle`` and ``noise`` on the grid that waves are computed on; the others on the
            plane's grid.
    """

    white: Mapping[str, Grid]

    def moved(
        self, distance_mm: float, rng: np.random.Generator, parameters: Parameters
    ) -> Pattern:
        """The patterns after the probe was slid along the limb: the nearer, the more alike.

        Speckle changes within the beam's thickness, what runs along the limb later, and noise with
        every picture.
        """
        beam_mm = parameters.scalar("ultrasound.clip.beam_mm")
        tissue_mm = parameters.scalar("ultrasound.clip.tissue_mm")
        moved = {}
        for name, before in self.white.items():
            lasts_mm = beam_mm if name == "speckle" else tissue_mm
            alike = np.float32(0 if name == "noise" else np.exp(-((distance_mm / lasts_mm) ** 2)))
            new = rng.standard_normal(before.shape, np.float32)
            moved[name] = alike * before + np.sqrt(1 - alike**2) * new
        return Pattern(moved)


def drawn(fine: tuple[int, int], coarse: tuple[int, int], rng: np.random.Generator) -> Pattern:
    """Patterns for one place.

    Args:
        fine: size of the grid that waves are computed on.
        coarse: size of the plane's grid.
    """
    white = {name: rng.standard_normal(fine, np.float32) for name in ("speckle", "noise")}
    white |= {name: rng.standard_normal(coarse, np.float32) for name in ALONG}
    return Pattern(white)


def smooth(white: Grid, down: float, across: float, slope: float = 0.0) -> Grid:
    """A smooth random field with standard deviation 1 from white noise.

    Args:
        down, across: correlation lengths in pixels.
        slope: rows that the pattern falls per column.

    Example:
        >>> field = smooth(np.random.default_rng(1).standard_normal((64, 64), np.float32), 2, 4)
        >>> round(float(field.std()), 3)
        1.0
    """
    row = fft.fftfreq(white.shape[0]).astype(np.float32)[:, None]
    column = fft.rfftfreq(white.shape[1]).astype(np.float32)[None]
    along = column + slope * row
    part = np.exp(-2 * np.pi**2 * ((row * down) ** 2 + (along * across) ** 2))
    field = fft.irfft2(fft.rfft2(white) * part, s=white.shape)
    return np.asarray(field / field.std(), np.float32)
