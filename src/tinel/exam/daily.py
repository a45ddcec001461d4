"""An injured limb on many days at once, as curves over time need it: sums over its fibres.

``Limb`` holds every fibre on one day. Where only sums are wanted, as of strength, feeling and pain
on the days of a curve, they are found here for all days of a course in one pass; they are those of
the limbs of the single days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from tinel.cable.solvers.compile_cache import compiled, once
from tinel.course import Course, growth, pressure, sheath
from tinel.course.regrowth import Regrowth
from tinel.course.tissue import ASTRAY, OWN
from tinel.evidence import Parameters
from tinel.exam import daily_loop
from tinel.exam.block import Block
from tinel.lesion.state import Bools, Floats, Ints, Lesion
from tinel.nerve.anatomy import Nerve
from tinel.symptom import neuroma
from tinel.symptom.today import Sensory, sensory_weights
from tinel.treatment.plan import Intervention


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
    slowing_mm: Floats
    reference_mm: Floats
    silent_d: Floats
    active_d: Floats
    clock: Floats


class Total(NamedTuple):
    """Sums over fibres: ``(n_twin, n_day)``, and from ``stands`` on ``(n_twin, n_target, n_day)``.

    Of ``conducting`` and ``joined`` by weight, home alone; of tips beyond the lesion (mm) and how
    many there are; of sensory axons as in ``Sensory``; of the tissue that standing axons hold, those
    of it that conduct, what regrown ones held when they came; and of broken axons.
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


@dataclass(frozen=True)
class Daily:
    """A limb on the days of a curve.

    Args:
        nerve: with the twins whose nerve it is.
        lesion: what is hurt.
        day: days after the injury, ``(n_day, 1)``.
        interventions: those of the plan.
        working: as in ``Limb``, two arrays ``(n_day, n_twin, n_target)``.
        sensory: what of the sensory axons fires or may be made to, ``(n_day, n_twin)`` each.
        conducting: fraction of the axons at the lesion that carry an impulse to their own target,
            ``(n_day, n_twin)``.
        joined: fraction of them that are whole from cell body to their own target, alike.
        front_mm: how far beyond the lesion the broken axons have come on average, alike.
        axons_broken: of every target, ``(n_day, n_twin, n_target)``.
    """

    nerve: Nerve
    lesion: Lesion
    day: Floats
    interventions: tuple[Intervention, ...]
    working: tuple[Floats, Floats]
    sensory: Sensory
    conducting: Floats
    joined: Floats
    front_mm: Floats
    axons_broken: Floats

    @property
    def parameters(self) -> Parameters:
        """The numbers behind these twins."""
        return self.nerve.twins.parameters

    def row(self, target: str) -> int:
        """Place of a target among the nerve's targets."""
        return self.nerve.row(target)

    def broken(self, target: str) -> Floats:
        """Fraction of a target's own axons that were ever broken, ``(n_day, n_twin)``."""
        row, fibres = self.row(target), self.nerve.fibres
        return self.axons_broken[..., row] / fibres.weight[fibres.target == row].sum()


def daily(course: Course, block: Block, days: Sequence[float]) -> Daily:
    """The limb on the days of a curve.

    Args:
        course: from ``course.follow``.
        block: of its lesion, from ``Block.of``.
        days: one or more, rising, 0 or later.

    Example:
        >>> import tinel as tn
        >>> from tinel.exam.block import Block
        >>> few = tn.Twins(tn.Patient(age=40, sex="female", height_cm=170), range(2))
        >>> arm = tn.build("sural", side="left", twins=few)
        >>> cut = tn.lesion.laceration.make(arm, "sural", site_mm=900.0, fraction=1.0)
        >>> waited = tn.follow(arm, cut, tn.plan("wait", []))
        >>> found = daily(waited, Block.of(arm, cut, tn.laboratory(arm).conduction), [0.0, 9.0])
        >>> found.joined.shape, float(found.broken("lateral foot skin").min())
        ((2, 2), 1.0)
    """
    each = np.asarray(days, np.float64)
    stretches = [
        _stretch(which, grown, block, each[a:b]) for which, grown, a, b in _cut(course, each)
    ]
    right, wrong, sensory, conducting, joined, front, broken = (
        np.concatenate(parts) for parts in zip(*stretches, strict=True)
    )
    return Daily(
        nerve=course.nerve,
        lesion=course.lesion,
        day=each[:, None],
        interventions=course.plan.interventions,
        working=(right, wrong),
        sensory=Sensory(*np.moveaxis(sensory, 1, 0)),
        conducting=conducting,
        joined=joined,
        front_mm=front,
        axons_broken=broken,
    )


def _cut(course: Course, days: Floats) -> list[tuple[Course, Regrowth, int, int]]:
    """Stretches of days on which one course and one fate of each axon hold, and where they lie."""
    if not days.size:
        return []
    if course.before is not None and days[0] < course.resected_d:
        n = int(np.searchsorted(days, course.resected_d))
        later = _cut(course, days[n:]) if n < days.size else []
        return [
            *_cut(course.before, days[:n]),
            *((c, grown, a + n, b + n) for c, grown, a, b in later),
        ]
    grown: Regrowth | None = course.regrowth
    turns: set[float] = set()
    while grown is not None:
        turns |= set(np.unique(grown.donor_d[np.isfinite(grown.donor_d)]).tolist())
        grown = grown.own
    at = sorted({0, *np.searchsorted(days, sorted(turns)).tolist()} - {days.size})
    return [
        (course, course.regrowth.on(float(days[a])), a, b)
        for a, b in zip(at, [*at[1:], days.size], strict=True)
    ]


def _stretch(course: Course, grown: Regrowth, block: Block, days: Floats) -> tuple[Floats, ...]:
    nerve, p = course.nerve, course.nerve.twins.parameters
    n_twin, n_target = len(nerve.twins), len(nerve.targets)
    by_twin, by_target = (n_twin, days.size), (n_twin, n_target, days.size)
    total = Total(*(np.zeros(by_twin) for _ in range(8)), *(np.zeros(by_target) for _ in range(5)))
    _loop()(
        days,
        _fibre(course),
        _fate(course, grown),
        _hurt(course.lesion),
        _sheath(course, block, days),
        _person(course),
        total,
    )
    parts = course.tissue.on(days)
    stands, working, own, astray, broken = (
        np.moveaxis(value, -1, 0) for value in total[Total._fields.index("stands") :]
    )

    def ratio(value: Floats, over: Floats) -> Floats:
        return np.divide(value, over, out=np.zeros(over.shape), where=over > 0)

    share = 1.0 + ratio(parts.sprouted, stands)
    can = ratio(stands + parts.sprouted_can, stands + parts.sprouted)
    come = [
        np.where(there > 0, parts.regrown[k], 0.0) for k, there in ((OWN, own), (ASTRAY, astray))
    ]
    does = [np.where(held > 0, parts.regrown_can[k], 0.0) for k, held in enumerate(come)]
    # between two days of the grid the parts may sum to a little more than the whole
    over = np.maximum(stands * share + come[OWN] + come[ASTRAY], 1.0)
    any_back = ((own + astray) > 0).any(axis=(1, 2))[:, None, None]
    over = np.where(any_back, over, 1.0)
    right = np.minimum((working * share * can + does[OWN]) / over, 1.0)
    wrong = np.minimum(does[ASTRAY] / over, 1.0)
    sensory = np.stack([total.damaged, total.growing, total.torn_firing, total.torn_early])
    return (
        right,
        wrong,
        np.moveaxis(sensory, -1, 0),
        total.conducting.T,
        total.joined.T,
        (total.ahead / np.maximum(total.ahead_count, 1.0)).T,
        broken,
    )


@once
def _loop() -> Any:
    return compiled(
        daily_loop.run,
        {
            "np": np,
            "thinned": compiled(sheath.thinned, {"np": np}, keep=False),
            "regrown": compiled(sheath.regrown, {"np": np}, keep=False),
            "tip_mm": compiled(growth.tip_mm, {"np": np}, keep=False),
            "rise": compiled(neuroma.rise, {"np": np}, keep=False),
        },
    )


def _fibre(course: Course) -> Fibre:
    fibres, present = course.nerve.fibres, course.lesion.present
    weight = np.where(present, fibres.weight, 0.0)
    return Fibre(
        _plain(fibres.target, np.int64),
        _plain(present, np.bool_),
        _plain(fibres.weight),
        _plain(weight / max(weight.sum(), 1e-300)),
        _plain(sensory_weights(course.nerve, course.lesion)),
    )


def _fate(course: Course, grown: Regrowth) -> Fate:
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


def _hurt(lesion: Lesion) -> Hurt:
    return Hurt(
        _plain(lesion.site_mm),
        _plain(lesion.length_mm),
        _plain(lesion.struck_d),
        _plain(lesion.cut_d),
        _plain(lesion.block_d),
        _plain(lesion.paranode_opening),
    )


def _sheath(course: Course, block: Block, days: Floats) -> Sheath:
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


def _person(course: Course) -> Person:
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
