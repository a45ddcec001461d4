"""Texture of a plane: smooth random fields that change slowly along the limb, streaks, outlines."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter
from scipy.special import ndtri

from tinel.imaging.anatomy.scanned import Scanned
from tinel.imaging.plane import Grid
from tinel.lesion.state import Bools, Floats

_CHANGES_mm = 12.0


def field(
    scanned: Scanned,
    name: str,
    shape: tuple[int, int],
    grain_mm: tuple[float, float],
    spacing_mm: float,
    position_mm: float,
) -> Grid:
    """A smooth random field of mean 0 and standard deviation 1 over a plane.

    Args:
        scanned: whose tissue; the same person has the same field.
        name: what it is for.
        shape: rows and columns.
        grain_mm: size of its grains down and across.
        spacing_mm: side of a pixel.
        position_mm: place along the nerve; fields some mm apart are alike.
    """
    place = position_mm / _CHANGES_mm
    first = int(np.floor(place))
    turn = 0.5 * np.pi * (place - first)
    # grains far larger than a pixel are drawn on a coarser grid
    every = [max(int(grain / (4.0 * spacing_mm)), 1) for grain in grain_mm]
    coarse = [-(-n // k) + 1 for n, k in zip(shape, every, strict=True)]
    first_two = [
        scanned.stream(f"{name}.{k}").standard_normal(coarse, dtype=np.float32)
        for k in (first, first + 1)
    ]
    mixed = np.cos(turn) * first_two[0] + np.sin(turn) * first_two[1]
    sigma = [
        0.5 * grain / (k * spacing_mm) if n > 2 else 0.0
        for grain, k, n in zip(grain_mm, every, coarse, strict=True)
    ]
    smooth = gaussian_filter(mixed.astype(np.float32), sigma, mode="wrap", truncate=2.5)
    smooth = _stretched(_stretched(smooth, every[0], shape[0]).T, every[1], shape[1]).T
    return np.asarray(smooth / max(float(smooth.std()), 1e-9), np.float32)


def _stretched(values: Grid, every: int, count: int) -> Grid:
    """Rows between those of a coarser grid, ``(count, n)``."""
    if every == 1:
        return values[:count]
    at = np.arange(count, dtype=np.float32) / np.float32(every)
    row = at.astype(np.intp)
    part = (at - row)[:, None]
    return np.asarray(values[row] * (1.0 - part) + values[row + 1] * part, np.float32)


def above(values: Grid, fraction: float) -> Bools:
    """The fraction of a field's pixels with the highest values."""
    return np.asarray(values > ndtri(1.0 - fraction), np.bool_)


def waves(rng: np.random.Generator, size: float) -> Floats:
    """Amplitudes of an irregular outline ``(2, 3)``, cosines and sines of 2 to 4 waves."""
    drawn = rng.standard_normal((2, 3)) * np.array([1.0, 0.6, 0.4])
    return np.asarray(size * drawn / np.sqrt((drawn**2).sum()) * np.sqrt(2.0), np.float64)


def radius_round(angle: Grid, amplitudes: Floats) -> Grid:
    """Distance of an outline from its centre over that of an even one of the same area."""
    out = np.ones_like(angle)
    for k, (a, b) in enumerate(amplitudes.T, 2):
        out += np.float32(a) * np.cos(k * angle) + np.float32(b) * np.sin(k * angle)
    return np.asarray(out / np.sqrt(1.0 + 0.5 * (amplitudes**2).sum()), np.float32)
