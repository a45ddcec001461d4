"""Tractography: lines that follow the main direction of diffusion through a stack."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from tinel.errors import TinelError
from tinel.evidence import Parameters
from tinel.imaging.measured.mr_outline import Outline
from tinel.imaging.picture import Picture

Floats = NDArray[np.float64]

# A grid, so that a finer one changes little but time.
SEEDS_mm = 0.3
STEP_mm = 1.0


@dataclass(frozen=True)
class Tracts:
    """Lines from the first slice on.

    Args:
        lines: of each, ``(n_point, 3)``: down, across, along the limb in mm.
        reach_mm: from the first to the last slice.
    """

    lines: tuple[Floats, ...]
    reach_mm: float

    @property
    def part_through(self) -> float | None:
        """Part of the tracts that come to the last slice, 0 to 1; None where none began."""
        if not self.lines:
            return None
        ends = np.array([line[-1, 2] - line[0, 2] for line in self.lines])
        return float((ends >= self.reach_mm - 1.5 * STEP_mm).mean())

    @property
    def stop_mm(self) -> float | None:
        """How far half of the tracts came, mm from the first slice; None where none began."""
        if not self.lines:
            return None
        return float(np.median([line[-1, 2] - line[0, 2] for line in self.lines]))


def track(
    fa: Sequence[Picture],
    direction: Sequence[NDArray[np.float32]],
    position_mm: Sequence[float],
    seeds: Outline,
    parameters: Parameters,
) -> Tracts:
    """Deterministic tracts that begin inside an outline in the first slice.

    A tract goes from slice to slice along the main direction and stops where FA falls below
    ``mri.reader.tract_fa`` or it would turn by more than ``mri.reader.tract_turn_deg``.

    Args:
        fa: FA of each slice.
        direction: unit vectors of each slice, ``(n_row, n_column, 3)``: down, across, along.
        position_mm: of each slice, rising.
        seeds: where they begin.
        parameters: the reader's.

    Raises:
        TinelError: fewer than two slices, or positions that do not rise.

    Example:
        >>> even = Picture(np.full((10, 10), 0.6, np.float32), 1.0, 1.0, "mri", shows="FA")
        >>> along = np.zeros((10, 10, 3), np.float32)
        >>> along[..., 2] = 1.0
        >>> ring = Outline((5.0, 5.0), np.full(48, 1.5), 1.0, 0.0, 0.1)
        >>> p = Parameters.of_evidence()
        >>> track([even] * 3, [along] * 3, [0.0, 4.0, 8.0], ring, p).part_through
        1.0
    """
    at = np.asarray(position_mm, np.float64)
    if len(at) < 2 or not (np.diff(at) > 0).all():
        raise TinelError("positions do not rise", "position_mm", "give two or more slices in order")
    volume = np.stack([np.asarray(each.pixels, np.float64) for each in fa])
    vectors = np.stack([np.asarray(each, np.float64) for each in direction])
    # a direction has no sign; all of them are turned to point along the limb
    vectors *= np.where(vectors[..., 2:] < 0, -1.0, 1.0)
    # between pixels the more anisotropic one says more of where fibres run
    vectors *= volume[..., None] ** 2
    first = fa[0]
    least = parameters.scalar("mri.reader.tract_fa")
    turn = math.cos(math.radians(parameters.scalar("mri.reader.tract_turn_deg")))

    def seen(grid: Floats, points: Floats) -> Floats:
        where = [
            np.interp(points[:, 2], at, np.arange(len(at))),
            points[:, 0] / first.row_mm - 0.5,
            points[:, 1] / first.column_mm - 0.5,
        ]
        return np.asarray(ndimage.map_coordinates(grid, where, order=1, mode="nearest"))

    points = _seeds(seeds, at[0], parameters.scalar("mri.reader.seed_part"))
    alive = seen(volume, points) >= least
    points = points[alive]
    lines = [[point] for point in points]
    last = np.tile([0.0, 0.0, 1.0], (len(points), 1))
    going = np.arange(len(points))
    while going.size:
        here = np.array([lines[k][-1] for k in going])
        step = np.stack([seen(vectors[..., axis], here) for axis in range(3)], axis=1)
        step /= np.maximum(np.linalg.norm(step, axis=1, keepdims=True), 1e-9)
        fine = (step * last[going]).sum(1) >= turn
        ahead = here + step * STEP_mm / np.maximum(step[:, 2:], 0.2)
        fine &= (ahead[:, 2] <= at[-1] + 1e-6) & (seen(volume, ahead) >= least)
        last[going] = step
        for k, point in zip(going[fine], ahead[fine], strict=True):
            lines[k].append(point)
        going = going[fine]
    return Tracts(tuple(np.array(line) for line in lines), float(at[-1] - at[0]))


def _seeds(outline: Outline, position_mm: float, part: float) -> Floats:
    """Points on a grid inside an outline, ``(n, 3)``."""
    size = float(outline.radius_mm.max()) + SEEDS_mm
    n = math.ceil(2 * size / SEEDS_mm)
    grid = Picture(np.zeros((n, n), np.float32), SEEDS_mm, SEEDS_mm, "mri")
    moved = Outline((size, size), outline.radius_mm, 0.0, 0.0, 0.0)
    rows, columns = np.nonzero(moved.inside(grid, part))
    down = (rows + 0.5) * SEEDS_mm - size + outline.centre_mm[0]
    across = (columns + 0.5) * SEEDS_mm - size + outline.centre_mm[1]
    return np.stack([down, across, np.full(len(rows), position_mm)], axis=1)


def least_passing(
    fa: Sequence[Picture],
    direction: Sequence[NDArray[np.float32]],
    position_mm: Sequence[float],
    outlines: Sequence[Outline | None],
    parameters: Parameters,
) -> float | None:
    """The smallest part of tracts that pass on to the slice after the next, 0 to 1.

    Tracts begin anew in every outline, so that a long stack loses no more than a short one.

    Args:
        fa, direction, position_mm, parameters: as for ``track``.
        outlines: of the nerve in each slice; None where it was not found.

    Returns:
        None where fewer than two slices were given or no tract began.

    Example:
        >>> even = Picture(np.full((10, 10), 0.6, np.float32), 1.0, 1.0, "mri", shows="FA")
        >>> along = np.zeros((10, 10, 3), np.float32)
        >>> along[..., 2] = 1.0
        >>> ring = Outline((5.0, 5.0), np.full(48, 1.5), 1.0, 0.0, 0.1)
        >>> p = Parameters.of_evidence()
        >>> least_passing([even] * 4, [along] * 4, [0.0, 4.0, 8.0, 12.0], [ring] * 4, p)
        1.0
    """
    n = len(position_mm)
    hop = min(2, n - 1)
    if hop < 1:
        return None
    parts = []
    for k in range(n - hop):
        outline, end = outlines[k], k + hop + 1
        if outline is not None:
            found = track(fa[k:end], direction[k:end], position_mm[k:end], outline, parameters)
            # no tract begins in a nerve that has lost its order
            parts.append(found.part_through or 0.0)
    return min(parts) if parts else None
