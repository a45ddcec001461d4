"""An injured limb on many days at once, as curves over time need it: sums over its fibres.

``Limb`` holds every fibre on one day. Where only sums are wanted, as of strength, feeling and pain
on the days of a curve, they are found here for all days of a course in one pass; they are those of
the limbs of the single days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from tinel.cable.solvers.compile_cache import compiled, once
from tinel.course import Course, growth, sheath, state_at
from tinel.course.fate import Regrowth
from tinel.course.stays import ASTRAY, OWN
from tinel.evidence import Parameters
from tinel.exam import daily_loop
from tinel.exam.block import Block
from tinel.exam.daily_arrays import Total, fate_of, fibre_of, hurt_of, person_of, sheath_of
from tinel.exam.limb import Limb
from tinel.lesion.state import Bools, Floats, Lesion
from tinel.nerve.anatomy import Nerve
from tinel.symptom import neuroma
from tinel.symptom.today import Sensory
from tinel.treatment.plan import Intervention


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
        of_all = self.axons_broken[..., row] / fibres.weight[fibres.target == row].sum()
        return np.minimum(of_all, 1.0)  # but for rounding


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
        >>> cut = tn.lesion.laceration.make(arm, "sural trunk", site_mm=900.0, fraction=1.0)
        >>> waited = tn.follow(arm, cut, tn.plan("wait", []))
        >>> found = daily(waited, Block.of(arm, cut, tn.laboratory(arm).conduction), [0.0, 9.0])
        >>> found.joined.shape, float(found.broken("lateral foot skin").min())
        ((2, 2), 1.0)
    """
    each = np.asarray(days, np.float64)
    if course.lesion.beyond is not None:
        return _by_day(course, block, each)
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


def _by_day(course: Course, block: Block, days: Floats) -> Daily:
    """The same from the limb of every day, as two injuries of one nerve have no loop."""
    nerve, lesion, done = course.nerve, course.lesion, course.plan.interventions
    limbs = [block.limb(nerve, lesion, state_at(course, day), done) for day in days]

    def at_place(which: Bools) -> Floats:
        def of(place: Lesion) -> Floats:
            weight = np.where(place.present, nerve.fibres.weight, 0.0)
            return np.asarray(which @ (weight / max(weight.sum(), 1e-300)), np.float64)

        return lesion.counted(of)

    home = [b.state.right & (b.state.destination == nerve.fibres.target) for b in limbs]
    conducting = [at_place(b.conducts & own) for b, own in zip(limbs, home, strict=True)]
    joined = [at_place(b.state.joined & own) for b, own in zip(limbs, home, strict=True)]
    sensory = [[getattr(b.sensory, f.name) for b in limbs] for f in fields(Sensory)]
    return Daily(
        nerve=nerve,
        lesion=lesion,
        day=days[:, None],
        interventions=done,
        working=(np.stack([b.working[0] for b in limbs]), np.stack([b.working[1] for b in limbs])),
        sensory=Sensory(*map(np.stack, sensory)),
        conducting=np.stack(conducting),
        joined=np.stack(joined),
        front_mm=np.stack([_front_mm(b) for b in limbs]),
        axons_broken=np.stack([_axons_broken(b) for b in limbs]),
    )


def _front_mm(limb: Limb) -> Floats:
    growing = limb.lesion.present & ~limb.state.intact
    ahead = np.maximum(limb.state.front_mm - limb.sets_out_mm, 0.0)  # but for rounding
    ahead = np.where(growing, ahead, 0.0)
    return ahead.sum(axis=1) / np.maximum(growing.sum(axis=1), 1)


def _axons_broken(limb: Limb) -> Floats:
    fibres = limb.nerve.fibres
    member = fibres.target[:, None] == np.arange(len(limb.nerve.targets))
    return np.asarray((~limb.state.intact * fibres.weight) @ member, np.float64)


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
        turns |= set(np.unique(grown.since_d).tolist())
        grown = grown.own
    at = sorted({0, *np.searchsorted(days, sorted(turns)).tolist()} - {days.size})
    return [
        (course, course.regrowth.on(float(days[a])), a, b)
        for a, b in zip(at, [*at[1:], days.size], strict=True)
    ]


def _stretch(course: Course, grown: Regrowth, block: Block, days: Floats) -> tuple[Floats, ...]:
    total = Total.zeros(len(course.nerve.twins), len(course.nerve.targets), days.size)
    _loop()(
        days,
        fibre_of(course),
        fate_of(course, grown),
        hurt_of(course.lesion),
        sheath_of(course, block, days),
        person_of(course),
        total,
    )
    parts = course.tissue.on(days)
    stands, working, own, astray, broken = (np.moveaxis(v, -1, 0) for v in total.by_target)

    def ratio(value: Floats, over: Floats) -> Floats:
        return np.divide(value, over, out=np.zeros(over.shape), where=over > 0)

    enlarged = 1.0 + ratio(parts.sprouted, stands)
    can = ratio(stands + parts.sprouted_can, stands + parts.sprouted)
    come = [
        np.where(there > 0, parts.regrown[k], 0.0) for k, there in ((OWN, own), (ASTRAY, astray))
    ]
    does = [np.where(held > 0, parts.regrown_can[k], 0.0) for k, held in enumerate(come)]
    # between two days of the grid the parts may sum to a little more than the whole
    over = np.maximum(stands * enlarged + come[OWN] + come[ASTRAY], 1.0)
    right = np.minimum((working * enlarged * can + does[OWN]) / over, 1.0)
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
            "summed_up": compiled(daily_loop.summed_up, {}, keep=False),
            "thinned": compiled(sheath.thinned, {"np": np}, keep=False),
            "regrown": compiled(sheath.regrown, {"np": np}, keep=False),
            "tip_mm": compiled(growth.tip_mm, {"np": np}, keep=False),
            "rise": compiled(neuroma.rise, {"np": np}, keep=False),
        },
    )
