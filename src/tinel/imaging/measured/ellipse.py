"""Ellipses as a first guess of a nerve's outline: a bright rim, closed all round, near a point."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.evidence import Parameters
from tinel.imaging.measured.crop import Crop

Floats = NDArray[np.float64]
RAYS = 32
# how finely and how often ellipses are tried, not how large they may be
RADIUS_STEP_mm = 0.25
SHAPES, KEPT, MOVED, ROUNDS, CHOSEN = 7, 3, 16, 6, 5
SEED = 20


@dataclass(frozen=True)
class Ellipses:
    """Some ellipses: middle, half axes (the second is nearer to the depth axis) and turn.

    Args:
        depth_mm, across_mm, half_width_mm, half_height_mm, tilt: ``(n,)`` each; ``tilt`` in
            radians, above 0 where the right end lies deeper.
    """

    depth_mm: Floats
    across_mm: Floats
    half_width_mm: Floats
    half_height_mm: Floats
    tilt: Floats

    def of(self, which: NDArray[np.intp]) -> Ellipses:
        """Some of them."""
        return Ellipses(
            self.depth_mm[which],
            self.across_mm[which],
            self.half_width_mm[which],
            self.half_height_mm[which],
            self.tilt[which],
        )

    def where(self, kept: NDArray[np.bool_], other: Ellipses) -> Ellipses:
        """These where ``kept``, the others elsewhere."""
        return Ellipses(
            np.where(kept, self.depth_mm, other.depth_mm),
            np.where(kept, self.across_mm, other.across_mm),
            np.where(kept, self.half_width_mm, other.half_width_mm),
            np.where(kept, self.half_height_mm, other.half_height_mm),
            np.where(kept, self.tilt, other.tilt),
        )

    def near(self, times: int, wide: float, rng: np.random.Generator) -> Ellipses:
        """``times`` of each, moved, stretched and turned a little at random."""
        many = self.of(np.repeat(np.arange(len(self.tilt)), times))
        deep, aside, size, shape, turn = wide * rng.standard_normal((5, len(many.tilt)))
        size, shape = np.exp(0.1 * size), np.exp(0.15 * shape)
        return Ellipses(
            many.depth_mm + 0.25 * deep,
            many.across_mm + 0.25 * aside,
            many.half_width_mm * size * shape,
            many.half_height_mm * size / shape,
            np.clip(many.tilt + 0.2 * turn, -0.8, 0.8),
        )

    @property
    def area_mm2(self) -> Floats:
        """Areas, ``(n,)``."""
        area: Floats = np.pi * self.half_width_mm * self.half_height_mm
        return area

    def radius_mm(self, turn: Floats) -> Floats:
        """Distance from the middle to the border along rays ``(n_ray,)``, ``(n, n_ray)``."""
        across = np.cos(turn[None, :] - self.tilt[:, None]) / self.half_width_mm[:, None]
        deep = np.sin(turn[None, :] - self.tilt[:, None]) / self.half_height_mm[:, None]
        radius: Floats = 1.0 / np.hypot(across, deep)
        return radius


def rays() -> Floats:
    """Directions around a middle, radians; 0 points right and a quarter turn down."""
    return np.arange(RAYS) * (2 * np.pi / RAYS)


def clearest(crop: Crop, near_mm: tuple[float, float], parameters: Parameters) -> Ellipses:
    """Some ellipses of different sizes with the clearest rims near a point, the best first.

    Args:
        crop: the surroundings of the point.
        near_mm: depth and place across to which the examiner points.
        parameters: ``measured.ellipse.*``.
    """
    tried = everywhere(near_mm, parameters)
    clear = clearness(crop, tried, near_mm, parameters)
    # each size keeps its best, since the rim of a large one is easily missed by a coarse search
    size = np.rint(np.sqrt(tried.area_mm2 / np.pi) / RADIUS_STEP_mm).astype(np.intp)
    order = np.lexsort((-clear, size))
    rank = np.arange(len(order)) - np.searchsorted(size[order], size[order])
    tried = tried.of(order[rank < KEPT])
    clear = clear[order[rank < KEPT]]
    rng = np.random.default_rng(SEED)
    for k in range(ROUNDS):
        moved = tried.near(MOVED, 0.6**k, rng)
        fresh = clearness(crop, moved, near_mm, parameters).reshape(len(clear), MOVED)
        best = fresh.argmax(axis=1)
        better = fresh[np.arange(len(clear)), best] > clear
        found = moved.of(np.arange(len(clear)) * MOVED + best)
        tried = tried.where(~better, found)
        clear = np.where(better, fresh[np.arange(len(clear)), best], clear)
        if k == ROUNDS // 2:
            best = np.argsort(-clear)[: len(clear) // 3 + 1]
            tried, clear = tried.of(best), clear[best]
    tried = tried.of(np.argsort(-clear)[: int(np.isfinite(clear).sum())])
    chosen: list[int] = []
    for k, radius in enumerate(np.sqrt(tried.area_mm2 / np.pi)):
        others = np.sqrt(tried.area_mm2[chosen] / np.pi)
        if len(chosen) < CHOSEN and (abs(others - radius) > RADIUS_STEP_mm).all():
            chosen.append(k)
    return tried.of(np.array(chosen, np.intp))


def everywhere(near_mm: tuple[float, float], parameters: Parameters) -> Ellipses:
    """Level ellipses of every size and shape around a point, in steps."""
    step = parameters.scalar("measured.ellipse.step_mm")
    reach = 2 * parameters.scalar("measured.ellipse.pointing_mm")
    ends = (parameters.scalar(f"measured.ellipse.{end}_mm2") for end in ("least", "most"))
    least, most = (float(np.sqrt(end / np.pi)) for end in ends)
    offset = np.arange(-reach, reach + step / 2, step)
    radius = np.arange(least, most, RADIUS_STEP_mm)
    flat = np.geomspace(0.8, parameters.scalar("measured.ellipse.flattest"), SHAPES)
    d, a, r, f = (g.ravel() for g in np.meshgrid(offset, offset, radius, flat, indexing="ij"))
    root = np.sqrt(f)
    return Ellipses(near_mm[0] + d, near_mm[1] + a, r * root, r / root, np.zeros(len(d)))


def clearness(
    crop: Crop, tried: Ellipses, near_mm: tuple[float, float], parameters: Parameters
) -> Floats:
    """How much brighter a rim is than what lies inside and outside it, against speckle, ``(n,)``.

    The mean over rays, less what the best of many rims in speckle alone has, times the root of the
    rim's length, which goes with its standard error. A ray counts at most ``measured.ellipse.most_contrast``, so that one
    bright fascia does not make a rim.
    """
    turn = rays()
    radius = tried.radius_mm(turn)
    rim = parameters.scalar("measured.rim_mm")
    band = parameters.scalar("measured.band_mm")
    most = parameters.scalar("measured.ellipse.most_contrast")
    inner = np.minimum(band, 0.5 * radius)
    cos, sin = np.cos(turn), np.sin(turn)

    def grey(at: Floats) -> Floats:
        depth = tried.depth_mm[:, None] + at * sin
        return crop.at(depth, tried.across_mm[:, None] + at * cos)

    ring = 0.5 * (grey(radius + 0.25 * rim) + grey(radius + 0.75 * rim))
    within = (grey(radius - 0.3 * inner) + grey(radius - 0.65 * inner) + grey(radius - inner)) / 3
    beyond = 0.5 * (grey(radius + rim + 0.4 * band) + grey(radius + rim + 0.9 * band))
    ridge = np.clip((ring - 0.5 * (within + beyond)) / crop.noise, -most, most)
    length = radius.mean(axis=1) * 2 * np.pi
    by_chance = parameters.scalar("measured.ellipse.speckle_contrast")
    clear = (ridge.mean(axis=1) - by_chance) * np.sqrt(length)
    smallest = parameters.scalar("measured.ellipse.least_mm2")
    largest = parameters.scalar("measured.ellipse.most_mm2")
    flattest = parameters.scalar("measured.ellipse.flattest")
    shape = tried.half_width_mm / tried.half_height_mm
    fits = (tried.area_mm2 >= smallest) & (tried.area_mm2 <= largest)
    fits &= (shape <= flattest) & (shape >= 0.7)
    ends = (radius + rim + band)[:, :: RAYS // 4]
    quarter = turn[:: RAYS // 4]
    depth = tried.depth_mm[:, None] + ends * np.sin(quarter)
    fits &= crop.holds(depth, tried.across_mm[:, None] + ends * np.cos(quarter)).all(axis=1)
    away = np.hypot(tried.depth_mm - near_mm[0], tried.across_mm - near_mm[1])
    clear -= (
        0.5
        * parameters.scalar("measured.ellipse.pointing_weight")
        * (away / parameters.scalar("measured.ellipse.pointing_mm")) ** 2
    )
    return np.where(fits, clear, -np.inf)
