"""From scatterers to echoes: the map convolved with what the probe makes of one point."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from tinel.imaging.ultrasound.probe import Probe
from tinel.imaging.ultrasound.psf import AXIAL_WAVELENGTHS, LATERAL_WAVELENGTHS, Bank

Grid = NDArray[np.float32]
Complex = NDArray[np.complex64]


@dataclass(frozen=True)
class FineGrid:
    """The grid that waves are computed on; it goes beyond the picture, so that no edge wraps round.

    Args:
        rows, columns: cells.
        row_mm, column_mm: size of a cell; rows are at most an eighth of a wavelength.
        picture: rows and columns of the picture.
        pixel_mm: height and width of its pixels.
        per_pixel: samples of the echoes per pixel, down and across.
    """

    rows: int
    columns: int
    row_mm: float
    column_mm: float
    picture: tuple[int, int]
    pixel_mm: tuple[float, float]
    per_pixel: tuple[int, int]


def fine_grid(picture: tuple[int, int], pixel_mm: tuple[float, float], probe: Probe) -> FineGrid:
    """The grid for a picture.

    Args:
        picture: rows and columns.
        pixel_mm: height and width of a pixel.
        probe: for the wavelength.
    """
    wave = probe.wavelength_mm
    down, across = ceil(pixel_mm[0] / (wave / 3.6)), ceil(pixel_mm[1] / (0.8 * wave))
    pad_rows = ceil(AXIAL_WAVELENGTHS * wave / pixel_mm[0])
    pad_columns = ceil(LATERAL_WAVELENGTHS * wave / pixel_mm[1])
    rows_out = fft.next_fast_len(picture[0] + pad_rows)
    columns_out = fft.next_fast_len(picture[1] + pad_columns)
    rows = fft.next_fast_len(ceil(rows_out * pixel_mm[0] / (wave / 8)), real=True)
    return FineGrid(
        rows,
        columns_out * across,
        rows_out * pixel_mm[0] / rows,
        pixel_mm[1] / across,
        picture,
        pixel_mm,
        (down, across),
    )


def placed(
    depth_mm: NDArray[np.floating],
    column: NDArray[np.intp],
    strength: NDArray[np.floating],
    grid: FineGrid,
) -> Grid:
    """Points between cells, as strengths of the cells around them.

    A cell is a quarter of the carrier's period, so that a straight line between two cells would
    lose 3 dB half-way: six cells and Lanczos' weights lose less than 0.1 dB.

    Args:
        depth_mm, column, strength: of the points, ``(n,)``; what lies above the first cell is lost.
        grid: the columns are its own.

    Returns:
        ``(rows, columns)`` of the grid.
    """
    place = depth_mm / grid.row_mm - 0.5
    first = np.floor(place).astype(np.intp)
    total = np.zeros(grid.rows * grid.columns)
    for tap in range(-2, 4):
        row = first + tap
        away = place - row
        there = (row >= 0) & (row < grid.rows)
        weight = strength * np.sinc(away) * np.sinc(away / 3)
        at = row[there] * grid.columns + column[there]
        total += np.bincount(at, weight[there], total.size)
    return np.asarray(total.reshape(grid.rows, grid.columns), np.float32)


def echoes(scatterers: Grid, grid: FineGrid, probe: Probe, bank: Bank) -> Complex:
    """What the probe receives from scatterers, without its carrier, at the picture's pixels.

    Args:
        scatterers: strength per cell of the fine grid, real, ``(rows, columns)``.

    Returns:
        ``(n_row, n_column)`` of the picture; its magnitude is what B-mode shows.
    """
    down, across = grid.per_pixel
    length = grid.rows * grid.row_mm, grid.columns * grid.column_mm
    samples = round(length[0] / grid.pixel_mm[0]) * down
    carrier = round(2.0 / probe.wavelength_mm * length[0])
    half = min(samples // 2, int(0.8 * carrier), grid.rows // 2 - carrier)
    bins = np.arange(-half, half)
    frequency = (carrier + bins) / length[0]
    offset = frequency - 2.0 / probe.wavelength_mm
    lateral = fft.fftfreq(grid.columns, grid.column_mm)
    axial_wave = np.exp(-2j * np.pi * offset[:, None] * bank.axial_mm).astype(np.complex64)
    lateral_wave = np.exp(-2j * np.pi * bank.lateral_mm[:, None] * lateral).astype(np.complex64)
    step = bank.axial_mm[1] - bank.axial_mm[0], bank.lateral_mm[1] - bank.lateral_mm[0]
    # a wave shorter than two samples of the answers is not in them
    lateral_wave[:, np.abs(lateral) > 0.5 / step[1]] = 0
    cell = step[0] * step[1]
    depth = (np.arange(grid.rows) + 0.5) * grid.row_mm
    total = np.zeros((bins.size, grid.columns), np.complex64)
    for number in range(bank.depths_mm.size):
        unit = np.eye(bank.depths_mm.size)[number]
        weight = np.interp(depth, bank.depths_mm, unit).astype(np.float32)
        used = np.flatnonzero(weight)
        if not used.size:
            continue
        first, last = used[0], used[-1] + 1
        part = np.zeros_like(scatterers)
        part[first:last] = scatterers[first:last] * weight[first:last, None]
        spectrum = fft.rfft(part, axis=0)[carrier - half : carrier + half]
        answer = (axial_wave @ bank.answers[number]) @ lateral_wave
        total += fft.fft(spectrum, axis=1, overwrite_x=True) * answer
    # samples lie in the middle of pixels, cells in their own
    shift_z = (grid.pixel_mm[0] - grid.row_mm) / 2
    shift_x = (grid.pixel_mm[1] - grid.column_mm) / 2
    total *= np.exp(2j * np.pi * frequency * shift_z).astype(np.complex64)[:, None]
    total *= np.exp(2j * np.pi * lateral * shift_x).astype(np.complex64)
    received = np.zeros((samples, grid.columns), np.complex64)
    received[bins % samples] = total
    across_done = fft.ifft(received, axis=1, overwrite_x=True)[:, ::across]
    both = fft.ifft(across_done[:, : grid.picture[1]], axis=0)[::down]
    scale = cell / (grid.row_mm * grid.column_mm) * samples / grid.rows
    return np.asarray(both[: grid.picture[0]] * np.float32(scale), np.complex64)
