"""What the loop behind ``daily`` reads and fills, in the one form that it is compiled for."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from tinel.course import Course, pressure
from tinel.course.fate import Regrowth
from tinel.exam.block import Block
from tinel.lesion.state import Bools, Floats, Ints, Lesion
from tinel.symptom.today import sensory_weights


class Fibre(NamedTuple):
    """Of all twins, ``(n_fibre,)``; ``weight`` and ``sensory`` sum to 1 over the injured ones."""

    target: Ints
    present: Bools
    axons: Floats
    weight: Floats
    sensory: Floats


class Fate(NamedTuple):
    """Dates and ends of every axon, ``(n_twin, n_fibre)``; as in ``Course`` and ``Regrowth``."""

    cut_d: Floats
    junction_fails_d: Floats
    own_fraction: Floats
    first_fraction: Floats
    torn: Bools
    start_d: Floats
    stall_d: Floats
    arrive_d: Floats
    from_mm: Floats
    ends_mm: Floats
    rate_mm_per_day: Floats
    destination: Ints
    right: Bools


class Hurt(NamedTuple):
    """The lesion: places and days ``(n_twin,)``, the rest ``(n_twin, n_fibre)``."""

    site_mm: Floats
    length_mm: Floats
    struck_d: Floats
    cut_d: Floats
    block_d: Floats
    opening: Floats


class Sheath(NamedTuple):
    """What every day's lamellae and block come from.

    ``step`` and ``since_d`` ``(n_twin, n_day)``; ``start`` and ``target``
    ``(n_step, n_twin, n_fibre)``; ``rested`` ``(n_twin, n_step)``; ``hurt`` (they are ever less
    than whole), ``pace``, ``closed`` and ``opened`` (column of ``rise``, -1 for none)
    ``(n_twin, n_fibre)``; ``rise`` as in ``Block``.
    """

    step: Ints
    since_d: Floats
    start: Floats
    target: Floats
    rested: Bools
    hurt: Bools
    pace: Floats
    closed: Floats
    opened: Ints
    rise: Floats


class Person(NamedTuple):
    """Numbers of each twin, ``(n_twin,)``."""

    loss_d: Floats
    growth_d: Floats
    paranode_d: Floats
    rate_length_mm: Floats
    reference_mm: Floats
    silent_d: Floats
    active_d: Floats
    clock: Floats


class Total(NamedTuple):
    """Sums over fibres: ``(n_twin, n_day)``, and from ``stands`` on ``(n_twin, n_target, n_day)``.

    Of ``conducting`` and ``joined`` by weight, home alone; of tips beyond the lesion (mm) and how
    many there are; of sensory axons as in ``Sensory``; of the tissue that standing axons hold, that
    those of them that conduct hold, that regrown ones held when they came; and of broken axons.
    """

    conducting: Floats
    joined: Floats
    ahead: Floats
    ahead_count: Floats
    damaged: Floats
    growing: Floats
    torn_firing: Floats
    torn_early: Floats
    stands: Floats
    working: Floats
    own: Floats
    astray: Floats
    broken: Floats

    @classmethod
    def zeros(cls, n_twin: int, n_target: int, n_day: int) -> Total:
        """Before any fibre is added."""
        by_twin, by_target = (n_twin, n_day), (n_twin, n_target, n_day)
        first = cls._fields.index("stands")
        shapes = (by_twin if k < first else by_target for k in range(len(cls._fields)))
        return cls(*map(np.zeros, shapes))

    @property
    def by_target(self) -> tuple[Floats, ...]:
        """The sums of every target, from ``stands`` on."""
        return self[self._fields.index("stands") :]


def fibre_of(course: Course) -> Fibre:
    """Weights and targets of the fibres of a course."""
    fibres, present = course.nerve.fibres, course.lesion.present
    weight = np.where(present, fibres.weight, 0.0)
    return Fibre(
        _plain(fibres.target, np.int64),
        _plain(present, np.bool_),
        _plain(fibres.weight),
        _plain(weight / max(weight.sum(), 1e-300)),
        _plain(sensory_weights(course.nerve, course.lesion)),
    )


def fate_of(course: Course, grown: Regrowth) -> Fate:
    """What becomes of each axon under fates that hold on some days."""
    shape = course.cut_d.shape

    def full(value: NDArray[Any], kind: DTypeLike = np.float64) -> NDArray[Any]:
        return _plain(np.broadcast_to(value, shape), kind)

    return Fate(
        cut_d=full(course.cut_d),
        junction_fails_d=full(course.junction_fails_d),
        own_fraction=full(course.own_fraction),
        first_fraction=full(course.first_fraction),
        torn=full(course.sunderland_grade >= 3, np.bool_),
        start_d=full(grown.start_d),
        stall_d=full(grown.stall_d),
        arrive_d=full(grown.arrive_d),
        from_mm=full(grown.from_mm),
        ends_mm=full(grown.ends_mm),
        rate_mm_per_day=full(grown.rate_mm_per_day),
        destination=full(grown.destination, np.int64),
        right=full(grown.right, np.bool_),
    )


def hurt_of(lesion: Lesion) -> Hurt:
    """The lesion as the loop reads it."""
    return Hurt(
        _plain(lesion.site_mm),
        _plain(lesion.length_mm),
        _plain(lesion.struck_d),
        _plain(lesion.cut_d),
        _plain(lesion.block_d),
        _plain(lesion.paranode_opening),
    )


def sheath_of(course: Course, block: Block, days: Floats) -> Sheath:
    """Steps of the sheath, and at how much of it fibres block, on some days."""
    step = np.stack([pressure.step_at(course.begins_d, day) for day in days], axis=1)
    hurt = (course.lamellae_start != 1.0) | (course.lamellae_target != 1.0)
    opened = np.full(block.closed.shape, -1)
    opened[block.opened] = np.arange(int(block.opened.sum()))
    return Sheath(
        _plain(step, np.int64),
        _plain(days - np.take_along_axis(course.begins_d, step, axis=1)),
        _plain(course.lamellae_start),
        _plain(course.lamellae_target),
        _plain(course.rested, np.bool_),
        _plain(hurt.any(axis=0), np.bool_),
        _plain(np.broadcast_to(course.sheath_pace, block.closed.shape)),
        _plain(block.closed),
        _plain(opened, np.int64),
        _plain(block.rise),
    )


def person_of(course: Course) -> Person:
    """Each twin's own numbers."""
    keys = (
        "course.sheath.loss",
        "course.sheath.growth",
        "course.paranode.tau",
        "course.growth.slowing_length",
        "course.growth.rate_reference_mm",
        "symptom.neuroma.silent_d",
        "symptom.neuroma.active_d",
        "symptom.neuroma.human_over_mouse",
    )
    return Person(*(_plain(course.nerve.twins.each(key)) for key in keys))


def _plain(values: NDArray[Any], kind: DTypeLike = np.float64) -> NDArray[Any]:
    """In the one form that the loop is compiled for."""
    found = np.ascontiguousarray(values, kind)
    return found if found.flags.writeable else found.copy()
