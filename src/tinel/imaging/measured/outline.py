"""A closed outline on a picture: its area, length, axes, and what lies how far from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Ellipse:
    """Middle and half axes of an ellipse, the second axis nearer to the depth axis, mm."""

    depth_mm: float
    across_mm: float
    half_width_mm: float
    half_height_mm: float


def as_ellipse(points: Floats) -> Ellipse:
    """The ellipse with the same area and second moments as a closed outline ``(n, 2)``.

    Example:
        >>> turn = np.linspace(0, 2 * np.pi, 200, endpoint=False)
        >>> one = as_ellipse(np.stack([5 + np.sin(turn), 2 * np.cos(turn)], axis=1))
        >>> round(one.depth_mm, 2), round(one.half_width_mm, 2), round(one.half_height_mm, 2)
        (5.0, 2.0, 1.0)
    """
    y, x = points[:, 0], points[:, 1]
    y0, x0 = y.mean(), x.mean()
    v, u = y - y0, x - x0
    un, vn = np.roll(u, -1), np.roll(v, -1)
    cross = u * vn - un * v
    area = cross.sum() / 2
    cu, cv = ((u + un) * cross).sum() / (6 * area), ((v + vn) * cross).sum() / (6 * area)
    suu = ((u * u + u * un + un * un) * cross).sum() / (12 * area) - cu**2
    svv = ((v * v + v * vn + vn * vn) * cross).sum() / (12 * area) - cv**2
    suv = ((u * vn + 2 * u * v + 2 * un * vn + un * v) * cross).sum() / (24 * area) - cu * cv
    tilt = 0.5 * np.arctan2(2 * suv, suu - svv)
    middle, half = (suu + svv) / 2, np.hypot((suu - svv) / 2, suv)
    long, short = 2 * np.sqrt(middle + half), 2 * np.sqrt(max(middle - half, 1e-9))
    if abs(tilt) > np.pi / 4:  # the long axis is nearer to the depth axis
        long, short = short, long
    return Ellipse(float(y0 + cv), float(x0 + cu), float(long), float(short))


def area_mm2(points: Floats) -> float:
    """Area within a closed outline ``(n, 2)``, mm².

    Example:
        >>> area_mm2(np.array([[0.0, 0.0], [0.0, 2.0], [1.0, 2.0], [1.0, 0.0]]))
        2.0
    """
    y, x = points[:, 0], points[:, 1]
    return float(abs((x * np.roll(y, -1) - np.roll(x, -1) * y).sum()) / 2)


def length_mm(points: Floats) -> float:
    """Length of a closed outline ``(n, 2)``.

    Example:
        >>> length_mm(np.array([[0.0, 0.0], [0.0, 2.0], [1.0, 2.0], [1.0, 0.0]]))
        6.0
    """
    return float(np.hypot(*(np.roll(points, -1, axis=0) - points).T).sum())


def distance_mm(points: Floats, depth_mm: Floats, across_mm: Floats) -> Floats:
    """How far each point of a grid lies outside an outline, below 0 inside.

    Args:
        points: the outline, in order, ``(n, 2)``.
        depth_mm: evenly spaced rows of the grid, ``(n_row, 1)``.
        across_mm: columns as far apart, ``(1, n_column)``.

    Returns:
        ``(n_row, n_column)``, to half the spacing of the grid.

    Example:
        >>> square = np.array([[1.0, 1.0], [1.0, 3.0], [3.0, 3.0], [3.0, 1.0]])
        >>> at = np.arange(0.05, 4.0, 0.1)
        >>> float(distance_mm(square, at[:, None], at[None])[20, 20].round(1))
        -1.0
    """
    from scipy.ndimage import distance_transform_edt
    from skimage.measure import grid_points_in_poly

    spacing = float(depth_mm[1, 0] - depth_mm[0, 0])
    rows = (points[:, 0] - depth_mm[0, 0]) / spacing
    columns = (points[:, 1] - across_mm[0, 0]) / spacing
    shape = (depth_mm.shape[0], across_mm.shape[1])
    inside = grid_points_in_poly(shape, np.stack([rows, columns], axis=1))
    beyond, within = (distance_transform_edt(one) for one in (~inside, inside))
    found: Floats = spacing * (beyond - within - np.where(inside, -0.5, 0.5))
    return found
