"""A nerve's outline: the closed path along rays with the clearest rim, by dynamic programming."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tinel.evidence import Parameters
from tinel.imaging.measured.crop import Crop
from tinel.imaging.measured.ellipse import Ellipses

Floats = NDArray[np.float64]
RAYS, PLACES = 72, 41
# part of the band in which what lies beyond the rim is taken: a neighbour may lie close
BESIDE = 0.6


def outline(crop: Crop, start: Ellipses, parameters: Parameters) -> tuple[Floats, Floats]:
    """The inner border of a bright rim around an ellipse, and how clear it is along it.

    Args:
        crop: the surroundings.
        start: one ellipse.
        parameters: ``measured.contour.*``, ``measured.rim_mm`` and ``measured.band_mm``.

    Returns:
        Points in order ``(n_ray, 2)``, depth and place across, mm; and at each the grey of the rim
        above what lies inside and outside it, in units of ``crop.noise``, ``(n_ray,)``.
    """
    turn: Floats = np.arange(RAYS, dtype=np.float64) * (2 * np.pi / RAYS)
    reach = parameters.scalar("measured.contour.reach")
    scale = np.linspace(1 - reach, 1 + reach, PLACES)
    prior = start.radius_mm(turn)[0]
    ridge = rim_grey(crop, start, turn, prior[:, None] * scale[None, :], parameters)
    stiff = parameters.scalar("measured.contour.stiffness")
    hold = parameters.scalar("measured.contour.hold")
    cost = -ridge + hold * ((scale[None, :] - 1) / reach) ** 2
    place = closed_path(cost, stiff * ((scale[:, None] - scale[None, :]) / reach) ** 2)
    radius = prior * scale[place]
    points = np.stack(
        [start.depth_mm[0] + radius * np.sin(turn), start.across_mm[0] + radius * np.cos(turn)], 1
    )
    return points, ridge[np.arange(RAYS), place]


def rim_grey(
    crop: Crop, start: Ellipses, turn: Floats, radius: Floats, parameters: Parameters
) -> Floats:
    """How bright a rim that ends at each radius is above both its sides, ``(n_ray, n_place)``."""
    rim = parameters.scalar("measured.rim_mm")
    band = parameters.scalar("measured.band_mm")
    cos, sin = np.cos(turn)[:, None], np.sin(turn)[:, None]

    def mean(begin: Floats, width: Floats | float) -> Floats:
        parts = [begin + width * part for part in (0.1, 0.3, 0.5, 0.7, 0.9)]
        grey = [crop.at(start.depth_mm[0] + r * sin, start.across_mm[0] + r * cos) for r in parts]
        total: Floats = np.mean(grey, axis=0)
        return total

    inner = np.minimum(band, 0.5 * radius)
    ring = mean(radius - rim, rim)
    within = mean(radius - rim - inner, inner)
    beyond = mean(radius, band * BESIDE)
    least = parameters.scalar("measured.ellipse.least_contrast")
    most = parameters.scalar("measured.ellipse.most_contrast")
    weight = parameters.scalar("measured.inside_weight")
    outer = np.clip((ring - beyond) / crop.noise, least, most)
    return weight * np.clip((ring - within) / crop.noise, least, most) + (1 - weight) * outer


def closed_path(cost: Floats, step_cost: Floats) -> NDArray[np.intp]:
    """The cheapest closed path through one place per ray.

    Args:
        cost: of each place, ``(n_ray, n_place)``.
        step_cost: of going from one place to another on the next ray, ``(n_place, n_place)``.

    Returns:
        The place on each ray, ``(n_ray,)``; found by going round three times and keeping the
        middle round, which ends where it began in all but contrived costs.

    Example:
        >>> rays = np.array([[0.0, 1.0], [5.0, 1.0], [0.0, 1.0]])
        >>> closed_path(rays, 10.0 * (1 - np.eye(2))).tolist()
        [1, 1, 1]
    """
    rays, places = cost.shape
    unrolled = np.concatenate([cost, cost, cost])
    total = unrolled[0]
    came = np.zeros((3 * rays, places), np.intp)
    for k in range(1, 3 * rays):
        through = total[:, None] + step_cost
        came[k] = through.argmin(axis=0)
        total = through[came[k], np.arange(places)] + unrolled[k]
    path = np.empty(3 * rays, np.intp)
    path[-1] = total.argmin()
    for k in range(3 * rays - 1, 0, -1):
        path[k - 1] = came[k, path[k]]
    return path[rays : 2 * rays]


def as_ellipse(points: Floats) -> Ellipses:
    """The ellipse with the same area and second moments as a closed outline ``(n, 2)``."""
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
        tilt = tilt - np.sign(tilt) * np.pi / 2
        long, short = short, long
    each = (y0 + cv, x0 + cu, long, short, tilt)
    return Ellipses(*(np.array([float(value)]) for value in each))


def widened(points: Floats, by_mm: float) -> Floats:
    """A closed outline ``(n, 2)`` moved outward along its normals.

    Example:
        >>> square = np.array([[-1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.0, -1.0]])
        >>> widened(square, 0.5).tolist()
        [[-1.5, 0.0], [0.0, 1.5], [1.5, 0.0], [0.0, -1.5]]
    """
    along = np.roll(points, -1, axis=0) - np.roll(points, 1, axis=0)
    normal = np.stack([-along[:, 1], along[:, 0]], axis=1)
    normal /= np.maximum(np.hypot(*normal.T)[:, None], 1e-12)
    outward = np.sign((normal * (points - points.mean(axis=0))).sum())
    moved: Floats = points + by_mm * outward * normal
    return moved


def area_mm2(points: Floats) -> float:
    """Area within a closed outline ``(n, 2)``, mm².

    Example:
        >>> area_mm2(np.array([[0.0, 0.0], [0.0, 2.0], [1.0, 2.0], [1.0, 0.0]]))
        2.0
    """
    y, x = points[:, 0], points[:, 1]
    return float(abs((x * np.roll(y, -1) - np.roll(x, -1) * y).sum()) / 2)
