"""Fascicles as a picture shows them: dark spots inside a nerve's outline."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heapify, heappop, heappush

import numpy as np
from numpy.typing import NDArray

from tinel.evidence import Parameters
from tinel.imaging.measured.crop import Crop

Floats = NDArray[np.float64]
SQUARE = np.ones((3, 3), bool)


@dataclass(frozen=True)
class FascicleSeen:
    """One dark spot: depth and place across of its middle, mm, and its area, mm²."""

    depth_mm: float
    across_mm: float
    area_mm2: float

    @property
    def diameter_mm(self) -> float:
        """Diameter of a disc of this area."""
        return float(2 * np.sqrt(self.area_mm2 / np.pi))


def fascicles(
    crop: Crop, inside: NDArray[np.bool_], rim_grey: float, parameters: Parameters
) -> tuple[FascicleSeen, ...]:
    """Dark spots inside an outline, the largest first.

    Spots that touch are cut apart where each has a middle of its own, as a reader does; what is
    smaller than the probe resolves is not counted.

    Args:
        crop: the surroundings of the nerve.
        inside: which of its pixels lie within the outline.
        rim_grey: grey value of the bright rim.
        parameters: ``measured.fascicle.*``.
    """
    from scipy.ndimage import center_of_mass, gaussian_filter, label, maximum_filter

    sigma = parameters.scalar("measured.fascicle.smooth_mm") / crop.spacing_mm
    if not inside.any():
        return ()
    (top, low), (left, right) = (span(np.asarray(inside.any(axis=way))) for way in (1, 0))
    inside = inside[top:low, left:right]
    smooth = gaussian_filter(crop.smooth, sigma)[top:low, left:right]
    darkest = float(np.percentile(smooth[inside], 10))
    part = parameters.scalar("measured.fascicle.darkness")
    depth = rim_grey - smooth
    if rim_grey - darkest < parameters.scalar("measured.fascicle.least_contrast") * crop.noise:
        return ()
    dark = inside & (depth > part * (rim_grey - darkest))
    apart = max(1, round(parameters.scalar("measured.fascicle.apart_mm") / crop.spacing_mm))
    peak = (maximum_filter(np.where(dark, depth, -np.inf), size=2 * apart + 1) == depth) & dark
    seeds, n = label(peak, SQUARE)
    if n == 0:
        return ()
    seeds = joined(seeds, n, depth, dark, parameters.scalar("measured.fascicle.saddle"))
    owner = grown(seeds, depth, dark)
    least = parameters.scalar("measured.fascicle.least_mm2")
    found = []
    for one in np.unique(owner[owner > 0]):
        area = float((owner == one).sum()) * crop.spacing_mm**2
        if area < least:
            continue
        row, column = center_of_mass(owner == one)
        deep = crop.depth_mm + (top + row) * crop.spacing_mm
        across = crop.across_mm + (left + column) * crop.spacing_mm
        found.append(FascicleSeen(float(deep), float(across), area))
    return tuple(sorted(found, key=lambda spot: -spot.area_mm2))


def span(which: NDArray[np.bool_]) -> tuple[int, int]:
    """Where True begins and ends, with one more on each side where there is room.

    Example:
        >>> span(np.array([False, False, True, True, False]))
        (1, 5)
    """
    where = np.flatnonzero(which)
    return max(int(where[0]) - 1, 0), min(int(where[-1]) + 2, len(which))


def joined(
    seeds: NDArray[np.intp], n: int, depth: Floats, dark: NDArray[np.bool_], saddle: float
) -> NDArray[np.intp]:
    """Seeds that no brighter bar parts, given one number.

    Two middles belong to one spot where they still touch at ``saddle`` times the darkness of the
    less dark of both.
    """
    from scipy.ndimage import label, maximum

    index = np.arange(1, n + 1)
    height = np.asarray(maximum(depth, seeds, index))
    place = np.array([np.flatnonzero((seeds == one).ravel())[0] for one in index])
    owner = np.arange(n + 1)
    order = np.argsort(-height)
    for rank, one in enumerate(order[1:], start=1):
        parts, _ = label(dark & (depth >= saddle * height[one]), SQUARE)
        part = parts.ravel()[place]
        same = [other for other in order[:rank] if part[other] == part[one]]
        if same:
            owner[owner == owner[one + 1]] = owner[same[0] + 1]
    return owner[seeds]


def grown(seeds: NDArray[np.intp], depth: Floats, dark: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Dark pixels by the seed whose ground they lie on: a watershed from the darkest down.

    What no seed is joined to by dark pixels belongs to none.

    Example:
        >>> depth = np.array([[3.0, 1.0, 2.0, 0.0, 2.0]])
        >>> grown(np.array([[1, 0, 2, 0, 0]]), depth, depth > 0).tolist()
        [[1, 1, 2, 0, 0]]
    """
    rows, columns = dark.shape
    owner = np.where(dark, seeds, 0)
    waiting = [(-float(depth[at]), *at) for at in zip(*np.nonzero(owner), strict=True)]
    heapify(waiting)
    while waiting:
        _, row, column = heappop(waiting)
        for near in ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)):
            held = 0 <= near[0] < rows and 0 <= near[1] < columns
            if held and dark[near] and owner[near] == 0:
                owner[near] = owner[row, column]
                heappush(waiting, (-float(depth[near]), *near))
    return owner.astype(np.intp)
