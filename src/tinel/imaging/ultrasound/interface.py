"""Echoes of interfaces, which act as small mirrors: borders of tissues, and sheets within them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, gaussian_filter1d

from tinel.evidence import Parameters
from tinel.imaging.plane import Plane, Tissue
from tinel.imaging.ultrasound.medium import DEEP_FAT, STRAND, impedance, told_apart
from tinel.imaging.ultrasound.pattern import Grid, Pattern, smooth

Floats = NDArray[np.float32]
Crossed = tuple[NDArray[np.floating], NDArray[np.intp], NDArray[np.floating]]

# Pixels. Borders are drawn in steps of a pixel, and one step is a good part of a wavelength: a
# narrow blur takes the steps off a curved border, a wide one off a border that is nearly level,
# as far as it moves it by less than a step.
SMOOTH, WIDE, STEP = 1.2, 8.0, 0.7
ALONG = 4.0  # pixels along a strand
# A needle is drawn on top; a strand is one sheet along its middle.
NO_BORDER = (Tissue.NEEDLE, STRAND)


@dataclass(frozen=True)
class Mirrors:
    """Small mirrors, one per column that a border crosses.

    Args:
        row: where it is crossed, in rows of the plane from the first row's middle, ``(n,)``.
        column: of the plane, ``(n,)``.
        reflects: part of the amplitude that comes back, ``(n,)``.
    """

    row: Floats
    column: NDArray[np.intp]
    reflects: Floats


def mirrors(plane: Plane, pattern: Pattern, parameters: Parameters) -> Mirrors:
    """Every interface in a plane.

    Args:
        plane: as the probe sees it.
        pattern: for the sheets in muscle and fat, and the roughness of all.
    """
    found = [*_borders(plane, parameters), *_sheets(plane, pattern, parameters)]
    row, column, reflects = (np.concatenate(part) for part in zip(*found, strict=True))
    long = parameters.scalar("ultrasound.mirror.rough_mm") / plane.spacing_mm
    rough = smooth(pattern.white["rough"], long, long)
    near = np.clip(np.rint(row), 0, plane.tissue.shape[0] - 1).astype(np.intp)
    uneven = np.exp(parameters.scalar("ultrasound.mirror.rough") * rough[near, column])
    return Mirrors(np.asarray(row, np.float32), column, np.asarray(reflects * uneven, np.float32))


def crossings(field: Grid, steep_power: float) -> tuple[Floats, NDArray[np.intp], Floats]:
    """Where a field passes 0 from one row to the next.

    Returns:
        Row between pixels, column, and the cosine of the angle between normal and beam to a power.

    Example:
        >>> field = np.repeat(np.array([[-1.0], [-0.5], [0.5]], np.float32), 3, axis=1)
        >>> row, column, level = crossings(field, 2.0)
        >>> row.tolist(), column.tolist(), level.tolist()
        ([1.5, 1.5, 1.5], [0, 1, 2], [1.0, 1.0, 1.0])
    """
    upper, lower = field[:-1], field[1:]
    rows, columns = np.nonzero((upper < 0) != (lower < 0))
    above, below = upper[rows, columns], lower[rows, columns]
    part = above / (above - below)
    left = field[rows, np.maximum(columns - 1, 0)]
    right = field[rows, np.minimum(columns + 1, field.shape[1] - 1)]
    aside = (right - left) / 2
    cosine = np.abs(below - above) / np.hypot(below - above, aside)
    return np.asarray(rows + part, np.float32), columns, np.asarray(cosine**steep_power, np.float32)


def _borders(plane: Plane, parameters: Parameters) -> list[Crossed]:
    steep = parameters.scalar("ultrasound.mirror.steep_power")
    reflects = _between(parameters)
    tissue = told_apart(plane, parameters)
    n_row, n_column = tissue.shape
    entry = np.full(n_column, parameters.scalar("ultrasound.reflection.skin"), np.float32)
    found: list[Crossed] = [(np.full(n_column, -0.5), np.arange(n_column, dtype=np.intp), entry)]
    strand = tissue == STRAND
    found.append(_strands(strand, parameters))
    # for borders, a strand is part of what lies below it
    next_row = np.where(strand, n_row - 1, np.arange(n_row)[:, None])
    next_row = np.minimum.accumulate(next_row[::-1], axis=0)[::-1]
    tissue = tissue[next_row, np.arange(n_column)]
    tissue[tissue == DEEP_FAT] = Tissue.FAT
    for here in np.unique(tissue)[1:]:  # the first would be the larger of no border
        inside = gaussian_filter((tissue == here).astype(np.float32), SMOOTH, truncate=3.0)
        inside -= np.float32(0.5)
        row, column, level = crossings(inside, steep)
        row = _levelled(row, column, gaussian_filter1d(inside, WIDE, axis=1, truncate=2.5))
        whole = np.rint(row).astype(np.intp)
        above = tissue[np.clip(whole - 2, 0, n_row - 1), column]
        below = tissue[np.clip(whole + 2, 0, n_row - 1), column]
        # each border is found from both of its sides: take it from the one with the larger number
        other = np.where(above == here, below, above)
        own = (other < here) & ~np.isin(other, NO_BORDER) & (here not in NO_BORDER)
        found.append((row[own], column[own], (level * reflects[here, other])[own]))
    return found


def _strands(mask: NDArray[np.bool_], parameters: Parameters) -> Crossed:
    """One mirror along the middle of every strand."""
    dense = gaussian_filter(mask.astype(np.float32), (SMOOTH, ALONG), truncate=3.0)
    # the middle is where it is densest
    slope = np.zeros_like(dense)
    slope[1:-1] = dense[2:] - dense[:-2]
    slope[np.abs(slope) < 1e-4] = 0.0
    row, column, level = crossings(slope, parameters.scalar("ultrasound.mirror.steep_power"))
    near = np.rint(row).astype(np.intp)
    part = np.clip(dense[near, column] / 0.5, 0.0, 1.0) * level
    own = mask[near, column]
    reflects = parameters.scalar("ultrasound.reflection.strand")
    return row[own], column[own], (part * reflects)[own]


def _levelled(row: Floats, column: NDArray[np.intp], wide: Grid) -> Floats:
    """Rows of crossings moved to those of a wider blur, where that is less than a step away."""
    upper = np.clip(np.floor(row).astype(np.intp), 0, wide.shape[0] - 2)
    part = row - upper
    above, below = wide[upper, column], wide[upper + 1, column]
    slope = below - above
    value = above + part * slope
    away = -value / np.where(np.abs(slope) < 1e-3, np.inf, slope)
    return np.asarray(row + np.where(np.abs(away) < STEP, away, 0.0), np.float32)


def _between(parameters: Parameters) -> Floats:
    """Part of the amplitude that comes back from a border, by the tissues on its two sides."""

    def sheet(name: str) -> float:
        return parameters.scalar(f"ultrasound.reflection.{name}")

    heavy = impedance(parameters)
    part = np.abs(heavy[:, None] - heavy) / (heavy[:, None] + heavy)
    part[Tissue.FASCICLE] += sheet("perineurium")
    part[:, Tissue.FASCICLE] += sheet("perineurium")
    for tissue, name in (
        (Tissue.EPINEURIUM, "epineurium"),
        (Tissue.ARTERY, "vessel_wall"),
        (Tissue.VEIN, "vessel_wall"),
    ):
        others = [t for t in Tissue if t not in (tissue, Tissue.FASCICLE)]
        part[tissue, others] += sheet(name)
        part[others, tissue] += sheet(name)
    return np.asarray(part, np.float32)


def _sheets(plane: Plane, pattern: Pattern, parameters: Parameters) -> list[Crossed]:
    def number(key: str) -> float:
        return parameters.scalar(f"ultrasound.{key}")

    pixel, steep = plane.spacing_mm, number("mirror.steep_power")
    along = plane.view == "long"
    across_mm = number("texture.muscle_along" if along else "texture.muscle_across")
    slope = np.tan(np.deg2rad(number("texture.pennation_deg"))) if along else 0.0
    found: list[Crossed] = []
    for tissue, down_mm, wide_mm, name, lean in (
        (Tissue.MUSCLE, number("texture.muscle_down"), across_mm, "perimysium", slope),
        (Tissue.FAT, number("texture.fat_down"), number("texture.fat_across"), "fat_septum", 0.0),
    ):
        if not (plane.tissue == tissue).any():
            continue
        white = pattern.white["muscle" if tissue == Tissue.MUSCLE else "fat"]
        field = smooth(white, down_mm / pixel, wide_mm / pixel, float(lean))
        row, column, level = crossings(field, steep)
        near = np.rint(row).astype(np.intp)
        # sheets come and go: what is not seen in a cut lies out of its plane
        field = smooth(pattern.white["broken"], down_mm / pixel, wide_mm / pixel)
        there = field[near, column]
        reflects = number(f"reflection.{name}") * level * np.clip(there, 0.0, None) ** 2
        own = (plane.tissue[near, column] == tissue) & (reflects > 0)
        found.append((row[own], column[own], reflects[own]))
    return found
