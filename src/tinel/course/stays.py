"""Which regrown axons hold tissue, from when, and until when.

An axon that comes holds a part of its target until an operation cuts it out, or a later injury
breaks it again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinel.course.fate import Regrowth
from tinel.lesion.state import Bools, Floats, Ints
from tinel.nerve.anatomy import MOTOR, Fibres, Nerve

# Fine while nerves die, then in steps of 8 %; longer than any life.
GRID_d = np.concatenate([np.arange(0.0, 28.0, 2.0), np.geomspace(28.0, 40000.0, 96)])
OWN, ASTRAY = 0, 1


@dataclass(frozen=True)
class Stage:
    """Axons that come until a day on which the injured piece is cut out, inf for never.

    ``grown`` their fates; ``first`` the fraction that each holds when it comes; ``spared`` those
    that the operation before this stage left alone, ``(n_twin, n_fibre)``.
    """

    grown: Regrowth
    first: Floats
    ends_d: float
    spared: Bools


@dataclass(frozen=True)
class Broken:
    """Regrown axons that are broken again, those of the last stage in a row.

    ``day`` on which each lets go, ``place`` of the tissue it held, in ``(2, n_twin, n_target)``
    laid out in a row, and ``size`` of it when it came; ``first_d`` the first day of each twin, inf
    for none, ``(n_twin,)``; ``kept`` the part of all regrown axons, of every stage, that each day
    of the grid leaves of those of the day before it.
    """

    day: Floats
    place: Ints
    size: Floats
    first_d: Floats
    kept: dict[int, Floats]

    def left(self, k: int, day: float) -> Floats | float:
        """The part of the axons of the grid's day before ``k`` that a day between leaves."""
        kept = self.kept.get(k)
        if kept is None:
            return 1.0
        here = (self.day > GRID_d[k - 1]) & (self.day <= GRID_d[k])
        every, gone = (
            np.bincount(self.place[which], self.size[which], kept.size).reshape(kept.shape)
            for which in (here, here & (self.day <= day))
        )
        so_far = np.divide(gone, every, out=np.zeros_like(every), where=every > 0)
        left: Floats = 1.0 - (1.0 - kept) * so_far
        return left


def own_fractions(fibres: Fibres, n_target: int) -> Floats:
    """Fraction of its own target's tissue that each healthy axon holds, ``(n_twin, n_fibre)``.

    A muscle is divided by the sizes of its motor units, skin by the number of its axons.
    """
    size = np.where(fibres.kind == MOTOR, fibres.unit_uV, fibres.weight)
    member = fibres.target[:, None] == np.arange(n_target)
    own_fraction: Floats = size / (size @ member)[:, fibres.target]
    return own_fraction


def foreign_fractions(fibres: Fibres, n_target: int) -> Floats:
    """Fraction of another target's tissue that one axon (motor) or row (sensory) holds at first.

    Returns:
        ``(n_fibre, n_target)``: as much as a mean axon of that target.
    """
    axons = np.bincount(fibres.target, fibres.weight, n_target)
    return fibres.weight[:, None] / np.maximum(axons, 1e-300)


def binned(days: Floats, target: Ints, size: Floats, n_target: int) -> Floats:
    """Sizes summed by the first day of the grid that is not before them, ``(n_day, ...)``."""
    n_twin, n_day = len(days), GRID_d.size
    twin, fibre = np.nonzero(days <= GRID_d[-1])
    when = np.searchsorted(GRID_d, days[twin, fibre])
    where = np.broadcast_to(target, days.shape)[twin, fibre]
    place = (when * n_twin + twin) * n_target + where
    summed = np.bincount(place, size[twin, fibre], n_day * n_twin * n_target)
    return np.asarray(summed, np.float64).reshape(n_day, n_twin, n_target)


@dataclass(frozen=True)
class Stay:
    """Axons under one fate: days of the grid on which each comes and lets go, ``gone_d`` the day.

    ``first`` is the fraction that each holds when it comes; all ``(n_twin, n_fibre)``.
    """

    fate: Regrowth
    first: Floats
    when: Ints
    gone: Ints
    gone_d: Floats


def stays(nerve: Nerve, stage: Stage, own_fraction: Floats) -> list[Stay]:
    """The fates of a stage under which axons come, the last first."""
    found = []
    for fate, until in stage.grown.in_turn():
        last = fate is stage.grown
        if last or (fate.arrive_d < until).any():
            first = stage.first if last else first_fractions(nerve, fate, own_fraction)
            when, gone = np.searchsorted(GRID_d, fate.arrive_d), np.searchsorted(GRID_d, until)
            found.append(Stay(fate, first, when, gone, until))
    return found


def _sums(nerve: Nerve, stay: Stay, which: Bools, *values: Floats) -> list[Floats]:
    """Values summed by the day on which axons come, ``(2, n_day, n_twin, n_target)`` each."""
    (n_twin, n_fibre), n_target = which.shape, len(nerve.targets)
    axon = np.flatnonzero(which & (stay.when < GRID_d.size))
    kind = np.where(np.take(stay.fate.right, axon), OWN, ASTRAY)
    day, end = np.take(stay.when, axon), np.take(stay.fate.destination, axon)
    place = ((kind * GRID_d.size + day) * n_twin + axon // n_fibre) * n_target + end
    shape = (2, GRID_d.size, n_twin, n_target)
    each = (np.bincount(place, np.take(value, axon), np.prod(shape)) for value in values)
    return [np.asarray(sums, np.float64).reshape(shape) for sums in each]


def _held(nerve: Nerve, stay: Stay, which: Bools) -> Floats:
    """What axons hold when they come, ``(2, n_twin, n_target)``."""
    (first,) = _sums(nerve, stay, which, stay.first)
    held: Floats = first.sum(axis=1)
    return held


def arrivals(
    nerve: Nerve, stages: tuple[Stage, ...], held_by: list[list[Stay]], tau_d: float | Floats
) -> tuple[Floats, Floats, dict[int, Floats]]:
    """Size of the axons that come on each day of the grid, and that size times how young they are.

    Both ``(2, n_day, n_twin, n_target)``, for axons in their own target and astray. Third, for the
    first day of the grid after each operation that cuts axons, the part of them that it spares.
    """
    came, fresh, kept = np.zeros(()), np.zeros(()), {}
    begins, earlier = 0, list[Stay]()
    for stage, here in zip(stages, held_by, strict=True):
        ends = int(np.searchsorted(GRID_d, stage.ends_d))
        left, there = np.zeros(()), np.zeros(())
        for stay in here:
            since = GRID_d[np.minimum(stay.when, GRID_d.size - 1)] - stay.fate.arrive_d
            young = stay.first * np.exp(-np.maximum(since, 0.0) / tau_d)
            within = (stay.when >= begins) & (stay.when < ends) & (stay.when < stay.gone)
            more, more_fresh = _sums(nerve, stay, within, stay.first, young)
            came, fresh = came + more, fresh + more_fresh
            stays_on = stage.spared & (stay.when < begins) & (stay.gone > begins)
            left = left + _held(nerve, stay, stays_on)
        for stay in earlier:
            held = (stay.when < begins) & (stay.gone >= begins)
            there = there + _held(nerve, stay, held)
        if earlier:
            kept[begins] = np.divide(left, there, out=np.zeros_like(left), where=there > 0)
        begins, earlier = ends, here
    return came, fresh, kept


def broken_again(
    nerve: Nerve, stages: tuple[Stage, ...], held_by: list[list[Stay]]
) -> Broken | None:
    """The regrown axons that later injuries break; None where there are none."""
    n_twin, n_target = len(nerve.twins), len(nerve.targets)
    kept, begins = dict[int, Floats](), 0
    for stage, here in zip(stages, held_by, strict=True):
        ends = int(np.searchsorted(GRID_d, stage.ends_d))
        rows, first = [], np.full(n_twin, np.inf)
        for stay in here:
            lost = _holds(stage, stay, begins) & (stay.gone > begins) & (stay.gone < ends)
            twin, fibre = np.nonzero(lost)
            kind = np.where(stay.fate.right[twin, fibre], OWN, ASTRAY)
            place = (kind * n_twin + twin) * n_target + stay.fate.destination[twin, fibre]
            rows.append((stay.gone_d[twin, fibre], place, stay.first[twin, fibre]))
            first = np.minimum(first, np.where(lost, stay.gone_d, np.inf).min(axis=1))
        day, where, size = (np.concatenate(part) for part in zip(*rows, strict=True))
        for k in np.unique(np.searchsorted(GRID_d, day)).tolist():
            there, gone = np.zeros(()), np.zeros(())
            for stay in here:
                held = _holds(stage, stay, begins) & (stay.when < k) & (stay.gone >= k)
                there = there + _held(nerve, stay, held)
                lost = held & (stay.gone == k)
                gone = gone + _held(nerve, stay, lost)
            gone_fraction = np.divide(gone, there, out=np.zeros_like(gone), where=there > 0)
            kept[k] = 1.0 - np.minimum(gone_fraction, 1.0)
        begins = ends
    return Broken(day, where, size, first, kept) if kept else None


def _holds(stage: Stage, stay: Stay, begins: int) -> Bools:
    """Axons that come in a stage, or that the operation before it spared."""
    held: Bools = (stage.spared | (stay.when >= begins)) & (stay.when < stay.gone)
    return held


def first_fractions(nerve: Nerve, grown: Regrowth, own_fraction: Floats) -> Floats:
    """Fraction of its destination that each regrown axon holds when it comes."""
    fibres = nerve.fibres
    foreign = foreign_fractions(fibres, len(nerve.targets))
    fibre = np.arange(fibres.target.size)[None, :]
    elsewhere = foreign[fibre, np.maximum(grown.destination, 0)]
    return np.where(grown.destination == fibres.target, own_fraction, elsewhere)
