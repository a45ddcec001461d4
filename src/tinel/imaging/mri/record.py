"""How a scanner records a slice: few frequencies, a thick slice, and noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.fft import fft2, ifft2

from tinel.evidence import Parameters
from tinel.imaging.plane import Grid, Plane

Complex = NDArray[np.complex64]


@dataclass(frozen=True)
class Recorded:
    """A slice without noise, ``(n_row, n_column)``, and the height and width of its pixels."""

    image: Complex
    row_mm: float
    column_mm: float


def in_slice(planes: Sequence[Plane], k: int, slice_mm: float) -> list[int]:
    """Which planes lie in the slice about the k-th, which always does.

    Example:
        >>> from tinel.imaging.mri.phantom import nerve_phantom
        >>> stack = [nerve_phantom(position_mm=mm) for mm in (0.0, 1.0, 2.0)]
        >>> in_slice(stack, 0, 3.0)
        [0, 1]
    """
    middle = planes[k].position_mm
    near = [i for i, p in enumerate(planes) if abs(p.position_mm - middle) <= slice_mm / 2]
    return near or [k]


def coarse(grid: Grid, factor: int) -> Grid:
    """Means over squares of ``factor`` pixels; a rest at the end is left out.

    Example:
        >>> coarse(np.eye(4, dtype=np.float32), 2).tolist()
        [[0.5, 0.0], [0.0, 0.5]]
    """
    if factor <= 1:
        return grid
    rows, columns = (n // factor * factor for n in grid.shape)
    parts = grid[:rows, :columns].reshape(rows // factor, factor, columns // factor, factor)
    return np.asarray(parts.mean(axis=(1, 3)), np.float32)


def recorded(signal: Grid, spacing_mm: float, pixel_mm: float, parameters: Parameters) -> Recorded:
    """A slice as a scanner of that pixel sees it, without noise: the middle of its frequencies.

    Args:
        signal: ``(n_depth, n_across)`` on a fine grid.
        spacing_mm: of that grid.
        pixel_mm: wanted; the nearest that divides the picture is taken.

    Example:
        >>> fine = np.ones((100, 120), np.float32)
        >>> seen = recorded(fine, 0.1, 0.5, Parameters.of_evidence())
        >>> seen.image.shape, seen.row_mm, bool(abs(seen.image - 1).max() < 1e-4)
        ((20, 24), 0.5, True)
    """
    rows, columns = signal.shape
    n_row = max(2, round(rows * spacing_mm / pixel_mm))
    n_column = max(2, round(columns * spacing_mm / pixel_mm))
    if n_row > rows or n_column > columns:
        n_row, n_column = rows, columns
    spectrum = fft2(signal)
    take_row = np.r_[0 : (n_row + 1) // 2, rows - n_row // 2 : rows]
    take_column = np.r_[0 : (n_column + 1) // 2, columns - n_column // 2 : columns]
    middle = spectrum[np.ix_(take_row, take_column)]
    edge = parameters.scalar("mri.scanner.filter")
    middle = middle * _fade(n_row, edge)[:, None] * _fade(n_column, edge)[None, :]
    # the middle of the first pixel of a coarse grid lies elsewhere than that of a fine one
    for axis, (n, fine) in enumerate(((n_row, rows), (n_column, columns))):
        step = fine / n
        turn = np.exp(2j * np.pi * np.fft.fftfreq(n, 1 / n) / fine * (step - 1) / 2)
        middle = middle * (turn[:, None] if axis == 0 else turn[None, :])
    picture = ifft2(middle) * (n_row * n_column / (rows * columns))
    return Recorded(
        np.asarray(picture, np.complex64),
        rows * spacing_mm / n_row,
        columns * spacing_mm / n_column,
    )


def _fade(n: int, edge: float) -> Grid:
    """A Tukey window over the frequencies of ``n`` pixels, in the order of ``fft``."""
    place = np.abs(np.fft.fftfreq(n, 1 / n)) / (n / 2)
    outer = np.clip((place - (1 - edge)) / edge, 0, 1) if edge > 0 else np.zeros(n)
    return np.asarray(0.5 * (1 + np.cos(np.pi * outer)), np.float32)


def noisy(picture: Complex, sd: float, rng: np.random.Generator) -> Grid:
    """The magnitude of a picture with noise in both of its channels, which is Rician.

    Example:
        >>> empty = np.zeros((64, 64), np.complex64)
        >>> round(float(noisy(empty, 1.0, np.random.default_rng(1)).mean()), 1)
        1.3
    """
    both = rng.standard_normal((2, *picture.shape), dtype=np.float32) * np.float32(sd)
    return np.asarray(np.hypot(picture.real + both[0], picture.imag + both[1]), np.float32)
