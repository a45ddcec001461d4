"""Each fascicle at a place on a day: which axons stand in it, its water, and what was lost."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tinel.imaging.anatomy.along import through
from tinel.imaging.anatomy.scanned import Scanned
from tinel.lesion.state import Bools, Floats, Ints
from tinel.nerve.anatomy import Nerve


@dataclass(frozen=True)
class Fates:
    """What a twin's axons are on the day of a picture, wherever it is taken.

    All ``(n_fibre,)``: ``hurt`` runs through the injured place, ``broken_d`` days since it broke,
    ``held`` ends in a torn place and does not grow.
    """

    scanned: Scanned

    @cached_property
    def start_mm(self) -> float:
        """Where the injured stretch begins."""
        return float(self.scanned.lesion.site_mm[self.scanned.twin])

    @cached_property
    def end_mm(self) -> float:
        """Where the injured stretch ends."""
        return self.start_mm + float(self.scanned.lesion.length_mm[self.scanned.twin])

    @cached_property
    def hurt(self) -> Bools:
        """Fibres through the injured place."""
        return self.scanned.lesion.present

    @cached_property
    def weight(self) -> Floats:
        """How many axons each row stands for."""
        return self.scanned.nerve.fibres.weight

    @cached_property
    def broken(self) -> Bools:
        """Fibres that broke, whether or not they grew back."""
        return self.hurt & ~self.scanned.state.intact[self.scanned.twin]

    @cached_property
    def broken_d(self) -> Floats:
        """Days since each fibre broke."""
        return self.scanned.state.broken_d[self.scanned.twin]

    @cached_property
    def held(self) -> Bools:
        """Axons that ended in the torn place: out of their tube, not growing, not beyond it."""
        state, twin = self.scanned.state, self.scanned.twin
        ends = ~(state.joined | state.growing)[twin] & state.torn[twin]
        return self.hurt & ends & (state.front_mm[twin] <= self.end_mm)

    @cached_property
    def parted(self) -> Bools:
        """Axons of fascicles that were cut through and not joined."""
        scanned, twin = self.scanned, self.scanned.twin
        if any(i.joins_ends for i in scanned.done):
            return np.zeros(self.hurt.size, np.bool_)
        cut = scanned.lesion.sunderland_grade[twin] >= 4
        return np.asarray(self.broken & cut & ~scanned.state.joined[twin], np.bool_)

    @cached_property
    def lesion_axons(self) -> float:
        """Axons through the injured place, at least a trace so that fractions are defined."""
        return max(float(self.weight[self.hurt].sum()), 1e-9)

    def fraction(self, of: Bools | Floats) -> float:
        """Weighted fraction of the axons at the injured place, 0 to 1."""
        return float((self.weight * of)[self.hurt].sum()) / self.lesion_axons

    @cached_property
    def _fascicles(self) -> dict[tuple[str, bytes], Ints]:
        return {}

    def fascicle_of(self, branch: str, here: Bools) -> Ints:
        """As ``in_fascicles``, which is the same between two branchings."""
        key = (branch, here.tobytes())
        known = self._fascicles.get(key)
        if known is None:
            known = self._fascicles[key] = in_fascicles(self.scanned.nerve, branch, here)
        return known

    def stands(self, position_mm: float) -> Bools:
        """Axons that are joined to their cell body as far as a place."""
        state, twin = self.scanned.state, self.scanned.twin
        grown = state.front_mm[twin] >= position_mm
        grown &= state.enters_mm[twin] <= position_mm
        return np.asarray(~self.broken | (position_mm < self.start_mm) | grown, np.bool_)

    def whole(self, position_mm: float) -> Floats:
        """What stands of each axon with its myelin at a place, 0 to 1."""
        state, twin = self.scanned.state, self.scanned.twin
        beyond = position_mm >= self.start_mm
        calibre = np.where(self.broken & beyond, state.maturity[twin], 1.0)
        there = self.hurt & (self.start_mm <= position_mm <= self.end_mm)
        myelin = np.where(there, state.lamellae_left[twin], 1.0)
        return np.asarray(self.stands(position_mm) * calibre * myelin, np.float64)


@dataclass(frozen=True)
class Tract:
    """The fascicles of a nerve at a place, as arrays ``(n_fascicle,)``.

    ``index`` of the nerve's fascicles that run there; ``part`` of its axons that do; ``axons``
    those of them that stand with their myelin; ``lost`` those that are broken and not back;
    ``lost_d`` days since they broke; ``water`` of the stump; ``held`` those held at the injury;
    ``parted`` those of fascicles that were cut through and not joined.
    """

    index: Ints
    part: Floats
    axons: Floats
    lost: Floats
    lost_d: Floats
    water: Floats
    held: Floats
    parted: Floats


def tract(fates: Fates, branch: str, position_mm: float) -> Tract:
    """The state of every fascicle at a place, from the fibres in it.

    Args:
        fates: of the twin on the day.
        branch: on which the place lies.
        position_mm: way from the cord.
    """
    scanned = fates.scanned
    nerve = scanned.nerve
    here, n = through(scanned, branch, position_mm), len(nerve.fascicles)
    fascicle = fates.fascicle_of(branch, here)

    def summed(value: Floats | Bools) -> Floats:
        sums = np.bincount(fascicle, fates.weight * value, n)
        return np.asarray(sums, np.float64)

    axons, every = summed(here), summed(np.ones(here.size))
    index = np.flatnonzero(axons > 0)
    total = axons[index]
    lost = here & ~fates.stands(position_mm)
    age = fates.broken_d
    missing = summed(lost)[index]
    parts = nerve.branch(branch).parent is not None
    return Tract(
        index=index,
        part=total / np.maximum(every[index], 1e-9) if parts else np.ones(index.size),
        axons=summed(here * fates.whole(position_mm))[index] / total,
        lost=missing / total,
        lost_d=summed(lost * age)[index] / np.maximum(missing, 1e-9),
        water=summed(lost * stump_water(scanned, age))[index] / total,
        held=summed(here * fates.held)[index] / total,
        parted=summed(here & fates.parted)[index] / total,
    )


def in_fascicles(nerve: Nerve, branch: str, here: Bools) -> Ints:
    """Fascicle of each fibre at a place ``(n_fibre,)``.

    A trunk has as many fascicles beyond its branches as before them: those that go on fill all of
    them, in their order round the nerve. A branch has those that its fibres came in.

    Args:
        nerve: whose fascicles.
        branch: on which the place lies.
        here: fibres that run there.
    """
    fascicle = nerve.fibres.fascicle
    if here.all() or not here.any() or nerve.branch(branch).parent is not None:
        return fascicle
    area = np.array([f.radius_mm**2 for f in nerve.fascicles])
    turn = np.argsort([np.arctan2(f.y_mm, f.x_mm) for f in nerve.fascicles])
    rank = np.argsort(turn)
    order = np.flatnonzero(here)
    order = order[np.lexsort((_turn_within(nerve)[order], rank[fascicle[order]]))]
    weight = nerve.fibres.weight[order]
    upto = (np.cumsum(weight) - 0.5 * weight) / weight.sum()
    slot = np.searchsorted(np.cumsum(area[turn]) / area.sum(), upto)
    filled = np.array(fascicle)
    filled[order] = turn[np.minimum(slot, turn.size - 1)]
    return filled


def _turn_within(nerve: Nerve) -> Floats:
    """Angle of each fibre round the nerve from that of its fascicle: neighbours stay neighbours."""
    fibres = nerve.fibres
    middle = np.array([np.arctan2(f.y_mm, f.x_mm) for f in nerve.fascicles])[fibres.fascicle]
    angle = np.arctan2(fibres.y_mm, fibres.x_mm) - middle
    return np.asarray((angle + np.pi) % (2.0 * np.pi), np.float64)


def merged(every: Tract) -> Tract:
    """One fascicle of all, as a root has one."""

    def mean(values: Floats) -> Floats:
        return np.full(1, float(np.average(values, weights=every.part)))

    return Tract(
        index=every.index[:1],
        part=np.ones(1),
        axons=mean(every.axons),
        lost=mean(every.lost),
        lost_d=mean(every.lost_d),
        water=mean(every.water),
        held=mean(every.held),
        parted=mean(every.parted),
    )


def stump_water(scanned: Scanned, broken_d: Floats) -> Floats:
    """Water beyond a broken axon so many days after it broke, 0 to 1, same shape.

    Source:
        ``anatomy.stump``: the course is a rat's, the amount an assumption.

    Example:
        >>> from tinel import nerve
        >>> from tinel.twins import Patient, Twins
        >>> one = Twins(Patient(age=40, sex="female", height_cm=170))
        >>> arm = Scanned.healthy(nerve.build("ulnar", side="left", twins=one))
        >>> stump_water(arm, np.array([0.0, 3.0, 10.0, 400.0])).round(2).tolist()
        [0.0, 0.24, 0.41, 0.11]
    """
    rise = -np.expm1(-broken_d / scanned.number("stump.rise_d"))
    since = np.maximum(broken_d - scanned.number("stump.holds_d"), 0.0)
    left = scanned.number("stump.water_left")
    fall = left + (1.0 - left) * np.exp(-since / scanned.number("stump.fall_d"))
    return np.asarray(scanned.number("stump.water") * rise * fall, np.float64)
