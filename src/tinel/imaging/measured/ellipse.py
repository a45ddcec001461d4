"""Ellipses as a first guess of a nerve's outline: a bright rim, closed all round, near a point."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.evidence import Parameters
from tinel.imaging.measured.crop import Crop

Floats = NDArray[np.float64]
RAYS = 24
# how finely and how often ellipses are tried, not how large they may be
RADIUS_STEP_mm = 0.25
SHAPES, KEPT, MOVED, ROUNDS = 6, 8, 12, 7
SEED, SLIMMEST, HALVED = 20, 0.6, (1, 3, 5)
NUMBERS = (
    *("least_mm2", "most_mm2", "flattest", "least_contrast", "most_contrast"),
    *("beyond", "beyond_far", "within", "closed", "closed_from", "uneven", "ragged", "size"),
    *("away", "away_near", "away_most", "pointing_mm", "pointing_part"),
    *("odd_shape", "usual_shape", "size_spread"),
)


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
    turn: Floats = np.arange(RAYS, dtype=np.float64) * (2 * np.pi / RAYS)
    return turn


def clearest(
    crop: Crop,
    near_mm: tuple[float, float],
    parameters: Parameters,
    expected_mm2: float | None = None,
) -> Ellipses:
    """The ellipse that stands out most as a nerve near a point; none where there is no room.

    Args:
        crop: the surroundings of the point.
        near_mm: depth and place across to which the examiner points.
        parameters: ``measured.ellipse.*``.
        expected_mm2: as in ``clearness``.
    """
    tried = everywhere(near_mm, parameters)
    clear = clearness(crop, tried, near_mm, parameters, expected_mm2)
    # each size keeps its best, since the rim of a large one is easily missed by a coarse search
    size = np.rint(np.sqrt(tried.area_mm2 / np.pi) / RADIUS_STEP_mm).astype(np.intp)
    order = np.lexsort((-clear, size))
    rank = np.arange(len(order)) - np.searchsorted(size[order], size[order])
    tried = tried.of(order[rank < KEPT])
    clear = clear[order[rank < KEPT]]
    rng = np.random.default_rng(SEED)
    for k in range(ROUNDS):
        moved = tried.near(MOVED, 0.6**k, rng)
        fresh = clearness(crop, moved, near_mm, parameters, expected_mm2)
        fresh = fresh.reshape(len(clear), MOVED)
        best = fresh.argmax(axis=1)
        better = fresh[np.arange(len(clear)), best] > clear
        found = moved.of(np.arange(len(clear)) * MOVED + best)
        tried = tried.where(~better, found)
        clear = np.where(better, fresh[np.arange(len(clear)), best], clear)
        if k in HALVED:
            best = np.argsort(-clear)[: len(clear) // 2 + 1]
            tried, clear = tried.of(best), clear[best]
    best = np.flatnonzero(np.isfinite(clear))[np.argsort(-clear[np.isfinite(clear)])][:1]
    return tried.of(best)


def everywhere(near_mm: tuple[float, float], parameters: Parameters) -> Ellipses:
    """Level ellipses of every size and shape around a point, in steps."""
    step = parameters.scalar("measured.ellipse.step_mm")
    reach = parameters.scalar("measured.ellipse.reach_mm")
    ends = (parameters.scalar(f"measured.ellipse.{end}_mm2") for end in ("least", "most"))
    least, most = (float(np.sqrt(end / np.pi)) for end in ends)
    offset = np.arange(-reach, reach + step / 2, step)
    radius = np.arange(least, most, RADIUS_STEP_mm)
    flat = np.geomspace(0.8, parameters.scalar("measured.ellipse.flattest"), SHAPES)
    d, a, r, f = (g.ravel() for g in np.meshgrid(offset, offset, radius, flat, indexing="ij"))
    root = np.sqrt(f)
    return Ellipses(near_mm[0] + d, near_mm[1] + a, r * root, r / root, np.zeros(len(d)))


def clearness(
    crop: Crop,
    tried: Ellipses,
    near_mm: tuple[float, float],
    parameters: Parameters,
    expected_mm2: float | None = None,
) -> Floats:
    """How clearly ellipses stand out as nerves near a point, ``(n,)``; -inf where there is no room.

    Counted in standard deviations of speckle: the rim above what lies beyond it and above what
    lies within it, and how far it is closed, less the spread of grey inside (a vessel, or a fascia
    that runs through) and along the rim, all times the root of the rim's length, which goes with
    its standard error. Distance from the point, in errors of pointing, and an odd shape count
    against; so does a size unlike the expected one, half the square of its logarithm's distance in
    units of ``size_spread``, where one is given.
    """
    number = {name: parameters.scalar(f"measured.ellipse.{name}") for name in NUMBERS}
    turn = rays()
    radius = tried.radius_mm(turn)
    cos, sin = np.cos(turn), np.sin(turn)

    def grey(at: Floats) -> Floats:
        depth = tried.depth_mm[:, None] + at * sin
        return crop.at(depth, tried.across_mm[:, None] + at * cos) / crop.noise

    rim, band = parameters.scalar("measured.rim_mm"), parameters.scalar("measured.band_mm")
    inner = np.minimum(band, 0.5 * radius)
    ring = 0.5 * (grey(radius - 0.3 * rim) + grey(radius - 0.8 * rim))
    within = 0.5 * (grey(radius - rim - 0.3 * inner) + grey(radius - rim - 0.8 * inner))
    beyond = 0.5 * (grey(radius + 0.15 * band) + grey(radius + 0.5 * band))
    far = 0.5 * (grey(radius + band) + grey(radius + 1.6 * band))
    inside = np.concatenate([grey(0.35 * radius), grey(0.65 * radius), within], axis=1)
    least, most = number["least_contrast"], number["most_contrast"]
    outer = np.clip(ring - beyond, least, most)
    stands = (
        number["beyond"] * outer.mean(axis=1)
        + number["beyond_far"] * np.clip(ring - far, least, most).mean(axis=1)
        + number["within"] * np.clip(ring - within, least, most).mean(axis=1)
        + number["closed"] * (outer > number["closed_from"]).mean(axis=1)
        - number["uneven"] * inside.std(axis=1)
        - number["ragged"] * ring.std(axis=1)
        + number["size"]
    )
    clear = stands * np.sqrt(2 * np.pi * radius.mean(axis=1))
    part, least_mm = number["pointing_part"], number["pointing_mm"]
    deep = (tried.depth_mm - near_mm[0]) / (part * tried.half_height_mm + least_mm)
    aside = (tried.across_mm - near_mm[1]) / (part * tried.half_width_mm + least_mm)
    away = deep**2 + aside**2
    clear -= number["away"] * away + number["away_near"] * np.minimum(away, number["away_most"])
    shape = tried.half_width_mm / tried.half_height_mm
    clear -= number["odd_shape"] * (np.log(shape) - np.log(number["usual_shape"])) ** 2
    if expected_mm2 is not None:
        unlike = np.log(tried.area_mm2 / expected_mm2) / number["size_spread"]
        clear -= 0.5 * unlike**2
    fits = (tried.area_mm2 >= number["least_mm2"]) & (tried.area_mm2 <= number["most_mm2"])
    fits &= (shape <= number["flattest"]) & (shape >= SLIMMEST)
    quarter = turn[:: RAYS // 4]
    ends = radius[:, :: RAYS // 4] + band
    depth = tried.depth_mm[:, None] + ends * np.sin(quarter)
    fits &= crop.holds(depth, tried.across_mm[:, None] + ends * np.cos(quarter)).all(axis=1)
    return np.where(fits, clear, -np.inf)
