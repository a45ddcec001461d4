"""Muscle and skin while they wait and when axons come: who holds how much, and what it can do.

On a grid of days each target's tissue is divided into what its own standing axons hold, what their
sprouts have taken, what regrown axons hold (those of its own and those that went astray), and what
is silent. Axons take silent tissue only, so that an arriving axon never makes a muscle weaker.
Silent muscle shrinks, which regrows once it is held again, and in the end for good: tissue that
falls silent a second time starts from what the first time left.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinel.course import fading
from tinel.course.fading import Fading
from tinel.course.regrowth import Regrowth
from tinel.lesion.state import Bools, Floats, Ints
from tinel.nerve.anatomy import MOTOR, Fibres, Nerve
from tinel.treatment.plan import Intervention

# Fine while nerves die, then in steps of 8 %; longer than any life.
GRID_d = np.concatenate([np.arange(0.0, 28.0, 2.0), np.geomspace(28.0, 40000.0, 96)])
OWN, ASTRAY = 0, 1
# Less silent tissue than this fraction is what rounding leaves, and nobody's to take.
_LEAST = 1e-12


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
class Tissue:
    """Fractions of each target's tissue on the days of ``GRID_d``, ``(n_day, n_twin, n_target)``.

    ``sprouted`` taken by sprouts of standing axons; ``regrown`` held by regrown axons, with a first
    axis for ``OWN`` and ``ASTRAY``. ``sprouted_can`` and ``regrown_can`` are the same, weighted by
    what that tissue can do.
    """

    sprouted: Floats
    regrown: Floats
    sprouted_can: Floats
    regrown_can: Floats

    def on(self, day: float | Floats) -> Tissue:
        """The fractions on one day, without the axis of days; or on several, ``(n_day,)``."""
        k = np.clip(np.searchsorted(GRID_d, day), 1, GRID_d.size - 1)
        part = np.clip((day - GRID_d[k - 1]) / (GRID_d[k] - GRID_d[k - 1]), 0.0, 1.0)[
            ..., None, None
        ]

        def between(value: Floats) -> Floats:
            return (1.0 - part) * value[..., k - 1, :, :] + part * value[..., k, :, :]

        return Tissue(
            between(self.sprouted),
            between(self.regrown),
            between(self.sprouted_can),
            between(self.regrown_can),
        )


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


def enlarged(since_d: Floats, limit: float | Floats, tau_d: float | Floats) -> Floats:
    """How many times its first size a motor unit has grown some days after it came."""
    grown: Floats = 1.0 + (limit - 1.0) * -np.expm1(-np.maximum(since_d, 0.0) / tau_d)
    return grown


def follow_tissue(
    nerve: Nerve,
    junction_fails_d: Floats,
    own_fraction: Floats,
    stages: tuple[Stage, ...],
    interventions: tuple[Intervention, ...],
) -> Tissue:
    """Follow muscle and skin under the dates of every axon.

    Args:
        nerve: the healthy nerve.
        junction_fails_d: day on which each axon's endings fall silent; inf for never.
        own_fraction: fraction of its target that each healthy axon holds, from ``own_fractions``.
        stages: which regrown axons come, in order of time.
        interventions: those that change how muscle fades.
    """
    fibres, n_target, p = nerve.fibres, len(nerve.targets), nerve.twins.parameters
    muscle = np.array([t.kind == "motor" for t in nerve.targets])
    limit = np.where(muscle, p["course.sprouting.limit"], 1.0)
    tau = p["course.sprouting.tau"]
    lost = _binned(junction_fails_d, fibres.target[None, :], own_fraction, n_target)
    came, young, kept = _arrivals(nerve, stages, tau)
    fade, pace = Fading.of(muscle, p), fading.paces(interventions, GRID_d, len(nerve.twins))

    standing = np.ones(lost.shape[1:])
    sprouted, sprouted_can, sprouted_will = (np.zeros_like(standing) for _ in range(3))
    held, held_can, held_will = (np.zeros((2, *standing.shape)) for _ in range(3))
    number, fresh = np.zeros_like(held), np.zeros_like(held)
    # days of silence, and what earlier silence left, summed over the silent tissue
    age, left = np.zeros_like(standing), np.zeros_like(standing)
    records: tuple[list[Floats], ...] = ([], [], [], [])
    for k in range(GRID_d.size):
        days = GRID_d[k] - GRID_d[k - 1] if k else 0.0
        silent = 1.0 - standing - sprouted - held.sum(axis=0)
        silent = np.where(silent > _LEAST, silent, 0.0)
        age = age + silent * days * (np.where(muscle, pace[k][:, None], 1.0))
        standing = np.maximum(standing - lost[k], 0.0)
        silent, left = silent + lost[k], left + lost[k]
        if k in kept:  # the regrown axons that an operation cuts let go
            gone_will, stays = ((1.0 - kept[k]) * held_will).sum(axis=0), kept[k]
            silent, left = silent + ((1.0 - stays) * held).sum(axis=0), left + gone_will
            number, fresh, held = number * stays, fresh * stays, held * stays
            held_will, held_can = held_will * stays, held_can * stays
        # sprouts whose parent has died let go
        gone = np.maximum(sprouted - (limit - 1.0) * standing, 0.0)
        stay = np.divide(sprouted - gone, sprouted, out=np.ones_like(gone), where=sprouted > 0)
        left = left + sprouted_will * (1.0 - stay)
        sprouted_can, sprouted_will = sprouted_can * stay, sprouted_will * stay
        sprouted, silent = sprouted - gone, silent + gone
        # muscle that is held fills out again
        fuller = -np.expm1(-days / fade.recovery_d)
        sprouted_can = sprouted_can + (sprouted_will - sprouted_can) * fuller
        held_can = held_can + (held_will - held_can) * fuller
        # what standing and regrown axons reach for, as far as there is silent tissue
        fresh = fresh * np.exp(-days / tau) + young[:, k]
        number = number + came[:, k]
        room = np.minimum((limit - 1.0) * standing - sprouted, silent)
        reach = np.maximum(room, 0.0) * -np.expm1(-days / tau)
        wants = np.maximum(limit * number - (limit - 1.0) * fresh - held, 0.0)
        total = reach + wants.sum(axis=0)
        scale = np.where(total > silent, silent / np.maximum(total, 1e-300), 1.0)
        reach, wants = reach * scale, wants * scale
        mean_age = np.divide(age, silent, out=np.zeros_like(age), where=silent > 1e-12)
        first = np.divide(left, silent, out=np.ones_like(left), where=silent > 1e-12)
        will, can = first * fade.lasting(mean_age), first * fade.at_once(mean_age)
        sprouted, held = sprouted + reach, held + wants
        sprouted_will, sprouted_can = sprouted_will + reach * will, sprouted_can + reach * can
        held_will, held_can = held_will + wants * will, held_can + wants * can
        taken = reach + wants.sum(axis=0)
        age, left = age - taken * mean_age, left - taken * first
        for record, value in zip(records, (sprouted, held, sprouted_can, held_can), strict=True):
            record.append(value)
    for k in filter(None, kept):  # the days before the operation are read from the course before it
        for record in records:
            record[k - 1] = record[k]
    one, both, one_can, both_can = (np.stack(r, axis=-3) for r in records)
    return Tissue(one, both, one_can, both_can)


def _binned(days: Floats, target: Ints, size: Floats, n_target: int) -> Floats:
    """Sizes summed by the first day of the grid that is not before them, ``(n_day, ...)``."""
    n_twin, n_day = len(days), GRID_d.size
    twin, fibre = np.nonzero(days <= GRID_d[-1])
    when = np.searchsorted(GRID_d, days[twin, fibre])
    where = np.broadcast_to(target, days.shape)[twin, fibre]
    place = (when * n_twin + twin) * n_target + where
    summed = np.bincount(place, size[twin, fibre], n_day * n_twin * n_target)
    return np.asarray(summed, np.float64).reshape(n_day, n_twin, n_target)


def _arrivals(
    nerve: Nerve, stages: tuple[Stage, ...], tau_d: float | Floats
) -> tuple[Floats, Floats, dict[int, Floats]]:
    """Size of the axons that come on each day of the grid, and that size times how young they are.

    Both ``(2, n_day, n_twin, n_target)``, for axons in their own target and astray. Third, for the
    first day of the grid after each operation that cuts axons, the part of them that it spares.
    """
    n_target = len(nerve.targets)

    def sums(stage: Stage, value: Floats, which: Bools) -> Floats:
        end, home = stage.grown.destination, stage.grown.right
        days = [np.where(which & there, stage.grown.arrive_d, np.inf) for there in (home, ~home)]
        return np.stack([_binned(day, end, value, n_target) for day in days])

    came, fresh, kept = np.zeros(()), np.zeros(()), {}
    begins, earlier, arrived = 0, None, np.zeros((), int)
    for stage in stages:
        when = np.searchsorted(GRID_d, stage.grown.arrive_d)
        ends = int(np.searchsorted(GRID_d, stage.ends_d))
        since = GRID_d[np.minimum(when, GRID_d.size - 1)] - stage.grown.arrive_d
        young = stage.first * np.exp(-np.maximum(since, 0.0) / tau_d)
        within = (when >= begins) & (when < ends)
        came, fresh = came + sums(stage, stage.first, within), fresh + sums(stage, young, within)
        if earlier is not None:
            left = sums(stage, stage.first, stage.spared & (when < begins)).sum(axis=1)
            there = sums(earlier, earlier.first, arrived < begins).sum(axis=1)
            kept[begins] = np.divide(left, there, out=np.zeros_like(left), where=there > 0)
        begins, earlier, arrived = ends, stage, when
    return came, fresh, kept


def first_fractions(nerve: Nerve, grown: Regrowth, own_fraction: Floats) -> Floats:
    """Fraction of its destination that each regrown axon holds when it comes."""
    fibres = nerve.fibres
    foreign = foreign_fractions(fibres, len(nerve.targets))
    fibre = np.arange(fibres.target.size)[None, :]
    elsewhere = foreign[fibre, np.maximum(grown.destination, 0)]
    return np.where(grown.destination == fibres.target, own_fraction, elsewhere)
