"""The cut nerve: fascicles packed in its outline, fibres placed in fascicles."""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from tinel.nerve.anatomy import Fascicle, Floats, Ints

_ATTEMPTS, _STEPS = 60, 400


@cache
def pack(
    count: int, area_mm2: float, fraction: float, size_spread: float, seed: int
) -> tuple[Fascicle, ...]:
    """Pack fascicles of unequal size into a round nerve, centre at 0, 0.

    Overlapping circles are pushed apart until none overlaps; where the fraction wanted cannot
    be packed, all shrink by 2 % and are packed again, so that it is met or fallen short of.

    Args:
        count: how many fascicles, at least 1.
        area_mm2: area of the nerve, above 0.
        fraction: what the fascicles together take of that area, 0 to 1.
        size_spread: standard deviation of the logarithm of their areas.
        seed: same seed, same packing.

    Example:
        >>> nerve = pack(8, 7.3, 0.5, 0.7, seed=1)
        >>> len(nerve), round(sum(math.pi * f.radius_mm**2 for f in nerve) / 7.3, 2)
        (8, 0.5)
    """
    rng = np.random.default_rng(seed)
    outer = math.sqrt(area_mm2 / math.pi)
    size = rng.lognormal(0.0, size_spread, count)
    radius = np.sqrt(size / size.sum() * fraction * area_mm2 / math.pi)
    turn = math.pi * (3.0 - math.sqrt(5.0)) * np.arange(count)
    far = outer * np.sqrt((np.arange(count) + 0.5) / count) * (0.8 if count > 1 else 0.0)
    at = np.stack([far * np.cos(turn), far * np.sin(turn)], axis=1)
    for _ in range(_ATTEMPTS):
        at, done = _relax(at, radius, outer, rng)
        if done:
            break
        radius = radius * 0.98
    return tuple(
        Fascicle(float(x), float(y), float(r)) for (x, y), r in zip(at, radius, strict=True)
    )


def _relax(
    at: Floats, radius: Floats, outer: float, rng: np.random.Generator
) -> tuple[Floats, bool]:
    """Push apart pairs that overlap and pull in what sticks out; True once nothing does."""
    gap = 0.01 * outer
    room = np.maximum(outer - radius - gap / 2, 0.0)
    reach = radius[:, None] + radius[None, :] + gap
    np.fill_diagonal(reach, 0.0)
    for _ in range(_STEPS):
        apart = at[:, None, :] - at[None, :, :]
        distance = np.sqrt((apart**2).sum(axis=2)) + 1e-12
        overlap = np.maximum(reach - distance, 0.0)
        outside = np.sqrt((at**2).sum(axis=1)) - room
        if overlap.max() < gap / 2 and outside.max() < gap / 4:
            return at, True
        push = 0.5 * overlap / distance
        at = at + (apart * push[:, :, None]).sum(axis=1)
        at = at + rng.normal(0.0, 1e-4 * outer, at.shape)
        far = np.sqrt((at**2).sum(axis=1)) + 1e-12
        at = at * np.minimum(room / far, 1.0)[:, None]
    return at, False


def settle(
    target: Ints,
    room: Floats,
    fascicles: tuple[Fascicle, ...],
    inside: float,
    rng: np.random.Generator,
) -> tuple[Ints, Floats, Floats, Floats]:
    """Give every fibre a place: fibres of one target lie in neighbouring fascicles.

    Fascicles are taken in turn round the nerve and filled with the targets in their order, each
    by the room it needs; within a fascicle the place is even over the disc.

    Args:
        target: target index per fibre, shape ``(n_fibre,)``.
        room: room each fibre needs, any unit, shape ``(n_fibre,)``.
        fascicles: the packed fascicles.
        inside: fraction of a radius that holds fibres, 0 to 1.
        rng: the source of the places.

    Returns:
        fascicle index, x (mm), y (mm) and depth (0 centre, 1 perineurium), each ``(n_fibre,)``.
    """
    centre = np.array([[f.x_mm, f.y_mm] for f in fascicles])
    radius = np.array([f.radius_mm for f in fascicles])
    turn = np.argsort(np.arctan2(centre[:, 1], centre[:, 0]))
    filled = np.cumsum(radius[turn] ** 2) / np.sum(radius**2)
    needed = np.bincount(target, weights=room)
    before = np.cumsum(needed) - needed
    along = (before[target] + needed[target] * rng.random(len(target))) / needed.sum()
    slot = np.minimum(np.searchsorted(filled, along), len(fascicles) - 1)
    fascicle = turn[slot].astype(np.int_)
    depth = inside * np.sqrt(rng.random(len(target)))
    angle = 2.0 * math.pi * rng.random(len(target))
    x = centre[fascicle, 0] + radius[fascicle] * depth * np.cos(angle)
    y = centre[fascicle, 1] + radius[fascicle] * depth * np.sin(angle)
    return fascicle, x, y, depth
