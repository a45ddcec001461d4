"""Fascicles of their size on the day, arranged in a round nerve so that none overlaps another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import pi, sqrt

import numpy as np

from tinel.imaging.anatomy.scanned import Scanned
from tinel.imaging.anatomy.tracts import Tract
from tinel.lesion.state import Floats

_STEPS = 80


@dataclass(frozen=True)
class Arranged:
    """A round nerve of ``area_mm2`` with its fascicles, ``(n_fascicle,)`` each."""

    area_mm2: float
    x_mm: Floats
    y_mm: Floats
    radius_mm: Floats


def arrange(
    scanned: Scanned,
    inside: Tract,
    healthy_mm2: float,
    growth: Floats,
    between: float,
    *,
    taken: float = 0.0,
) -> Arranged:
    """Place the fascicles of a tract in a nerve of this size.

    The area of the nerve is that of its fascicles and of the tissue between them, each with what
    it has grown or lost.

    Args:
        scanned: whose nerve, for the fraction that fascicles take of a healthy one.
        inside: which fascicles run there, and the part of each that does.
        healthy_mm2: area of the healthy nerve.
        growth: factor on the area of each fascicle, ``(n_fascicle,)``.
        between: factor on the area of the tissue between them.
        taken: fraction of the healthy nerve that fascicles take; 0 for that of the nerve's file.
    """
    nerve = scanned.nerve
    count, known = len(nerve.fascicles), _known(scanned, inside)
    areas, around = sizes(scanned, inside, healthy_mm2, growth, between, taken)
    radius, area = np.sqrt(areas / pi), float(areas.sum() + around)
    outer = sqrt(area / pi)
    centre = np.array(
        [
            (nerve.fascicles[i].x_mm, nerve.fascicles[i].y_mm) if known else (0.0, 0.0)
            for i in inside.index
        ]
    ).reshape(-1, 2)
    start = centre / sqrt(nerve.area_mm2 / pi)
    if inside.index.size < count:  # those that go on fill the branch
        start = start - np.average(start, axis=0, weights=radius**2)
        start = start / max(float((np.hypot(*start.T) + radius / outer).max()), 1e-9)
    outline = tuple(np.round(radius / outer, 3).tolist())
    places = tuple(map(tuple, np.round(start, 3).tolist()))
    apart = round(scanned.number("fascicle.apart_mm") / outer, 2)
    at = outer * np.asarray(_spread(outline, places, apart))
    return Arranged(area, at[:, 0], at[:, 1], radius)


def sizes(
    scanned: Scanned,
    inside: Tract,
    healthy_mm2: float,
    growth: Floats,
    between: float,
    taken: float = 0.0,
) -> tuple[Floats, float]:
    """Area of each fascicle ``(n_fascicle,)`` and of what lies round them, mm²; see ``arrange``."""
    nerve = scanned.nerve
    all_areas = np.array([pi * f.radius_mm**2 for f in nerve.fascicles])
    fraction = taken or float(all_areas.sum()) / nerve.area_mm2
    of_nerve = all_areas[inside.index] * inside.part if _known(scanned, inside) else None
    own = np.ones(inside.index.size) if of_nerve is None else of_nerve
    healthy = own / own.sum() * fraction * healthy_mm2
    return healthy * growth, (1.0 - fraction) * healthy_mm2 * between


def _known(scanned: Scanned, inside: Tract) -> bool:
    """Whether these are fascicles of the nerve itself, and not of a graft."""
    count = len(scanned.nerve.fascicles)
    return bool(inside.index.max(initial=0) < count) and inside.held.size <= count


@cache
def _spread(
    radius: tuple[float, ...], start: tuple[tuple[float, float], ...], apart: float
) -> tuple[tuple[float, float], ...]:
    """Push circles in the unit circle apart, as far as there is room."""
    r = np.array(radius)
    turn = np.arange(r.size) * 2.399963
    at = np.array(start) + 1e-3 * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    reach = r[:, None] + r[None, :] + apart
    np.fill_diagonal(reach, 0.0)
    room = np.maximum(1.0 - r - 0.5 * apart, 0.0)
    for _ in range(_STEPS):
        away = at[:, None, :] - at[None, :, :]
        distance = np.sqrt((away**2).sum(axis=2)) + 1e-9
        overlap = np.maximum(reach - distance, 0.0)
        if overlap.max() < 0.02 * apart:
            break
        at = at + 0.4 * (away * (overlap / distance)[:, :, None]).sum(axis=1)
        far = np.sqrt((at**2).sum(axis=1)) + 1e-9
        at = at * np.minimum(room / far, 1.0)[:, None]
    return tuple((float(x), float(y)) for x, y in at)
