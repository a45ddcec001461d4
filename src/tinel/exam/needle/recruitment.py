"""Motor units that the will can fire in a muscle, and how an examiner sees them recruited.

An examiner lets the patient pull harder until some units fire at the needle, and reads the rate of
the fastest. With few units left, those that are left fire fast before others join.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinel.exam.limb import Bools, Floats, Limb
from tinel.exam.needle.pool import Pool
from tinel.nerve.anatomy import MOTOR, Target

NO_UNIT, SINGLE, DISCRETE, REDUCED, FULL = range(5)


@dataclass(frozen=True)
class Units:
    """Motor units of a muscle, ``(n_twin, n_unit)``; its own axons and those astray in it.

    Args:
        works: the will reaches them, and they hold muscle.
        growth: muscle fibres over those of a mean healthy unit.
        dispersion: spread of their fibres' times over a healthy unit's, 1 or more.
        readiness: what their fibres can do, 0 to 1.
        young: 0 to 1, how newly they have come back.
        order: 0 (recruited first) to 1; above 1 for axons that are no part of the muscle.
        inside: chance that the needle lies in a unit's territory, ``(n_twin, 1)``.
        at_needle: chance that it also sees one of the unit's fibres near.
    """

    works: Bools
    growth: Floats
    dispersion: Floats
    readiness: Floats
    young: Floats
    order: Floats
    inside: Floats
    at_needle: Floats


def units_of(limb: Limb, muscle: Target) -> Units:
    """The motor units in a muscle on the day of the limb."""
    twins, row = limb.nerve.twins, limb.row(muscle.name)
    motor = limb.nerve.fibres.kind == MOTOR
    own = limb.fibres_of(muscle.name) & motor
    here = motor & ((limb.state.destination == row) | own).any(axis=0)
    state = limb.state
    holds = (state.destination == row)[:, here] & (state.territory[:, here] > 0)
    n_own = max(int(own.sum()), 1)
    growth = np.where(holds, state.territory[:, here] * n_own, 0.0)
    # a twin's order must not depend on what the axons of twins beside it do
    member = own[here] | holds
    size = np.where(member, limb.nerve.fibres.unit_uV[:, here], np.inf)
    rank = np.argsort(np.argsort(size, axis=1, kind="stable"), axis=1) + 1
    order = rank / np.maximum(member.sum(axis=1, keepdims=True), 1)
    new = _new(limb, holds, here, own, growth)
    first = twins.each("course.maturity.start")[:, None]
    each = twins.each
    radius = each("needle.unit.territory_mm")[:, None] / 2
    area, near = np.pi * radius**2, np.pi * each("needle.electrode.seen_mm")[:, None] ** 2 / 2
    fibres = each("needle.unit.fibres")[:, None]
    muscle_mm2 = n_own * fibres / each("needle.unit.muscle_fibres_per_mm2")[:, None]
    inside = np.minimum(area / muscle_mm2, 1.0)
    return Units(
        works=holds & limb.conducts[:, here],
        growth=growth,
        dispersion=1.0 + new * (1.0 / first - 1.0),
        readiness=np.where(holds, state.readiness[:, here], 0.0),
        young=new,
        order=order,
        inside=inside,
        at_needle=inside * -np.expm1(-growth * fibres * near / area),
    )


def _new(limb: Limb, holds: Bools, here: Bools, own: Bools, growth: Floats) -> Floats:
    """How new each unit's branches are, 0 to 1, ``(n_twin, n_unit)``.

    Those of a regrown axon as far as its calibre is behind; those of a standing axon as many as
    have sprouted, and ever less as time goes on.
    """
    state, fibres, each = limb.state, limb.nerve.fibres, limb.nerve.twins.each
    first = each("course.maturity.start")[:, None]
    thin = (1.0 - state.maturity[:, here]) / np.maximum(1.0 - first, 1e-9)
    size = fibres.unit_uV[:, own]
    healthy = fibres.unit_uV[:, here] / np.maximum(size.mean(axis=1, keepdims=True), 1e-300)
    sprouted = np.clip(1.0 - healthy / np.maximum(growth, 1e-9), 0.0, 1.0)
    broken = ~state.intact[:, own]
    days = np.where(broken, state.broken_d[:, own], 0.0).sum(axis=1)
    days = days / np.maximum(broken.sum(axis=1), 1)
    young = np.exp(-days / each("course.maturity.tau"))[:, None]
    new = np.where(state.reached[:, here], thin, sprouted * young)
    found: Floats = np.where(holds, np.clip(new, 0.0, 1.0), 0.0)
    return found


def newness(limb: Limb, muscle: Target) -> Floats:
    """How new the branches of each axon in a muscle are, 0 to 1, ``(n_twin, n_fibre)``.

    Those of a regrown axon as far as its calibre is behind; those of a standing axon as many as
    have sprouted, and ever less as time goes on. 0 for axons that hold nothing of the muscle.

    Args:
        limb: whose muscle it is.
        muscle: the muscle.
    """
    row = limb.row(muscle.name)
    motor = limb.nerve.fibres.kind == MOTOR
    own = limb.fibres_of(muscle.name) & motor
    here = motor & ((limb.state.destination == row) | own).any(axis=0)
    holds = (limb.state.destination == row)[:, here] & (limb.state.territory[:, here] > 0)
    growth = np.where(holds, limb.state.territory[:, here] * max(int(own.sum()), 1), 0.0)
    found = np.zeros(limb.state.territory.shape)
    found[:, here] = _new(limb, holds, here, own, growth)
    return found


@dataclass(frozen=True)
class Recruitment:
    """Per twin, ``(n_twin,)``: ``kind`` 0 (no unit) to 4 (normal), the fastest rate, and the part
    of the time that potentials fill in full effort."""

    kind: Floats
    fastest_Hz: Floats
    filled_percent: Floats


def slight_pull(limb: Limb, units: Units) -> Floats:
    """Excitation at which the examiner reads single rates, ``(n_twin, 1)``: a few units fire.

    That of full effort where there are no more units than that.
    """
    pool = Pool.of(limb.nerve.twins)
    threshold = pool.threshold(units.order)
    by_order = np.argsort(threshold, axis=1)
    seen = np.where(units.works, units.at_needle, 0.0)
    summed = np.cumsum(np.take_along_axis(seen, by_order, axis=1), axis=1)
    enough = summed >= limb.nerve.twins.each("needle.recruitment.on_screen")[:, None]
    at = enough.argmax(axis=1)[:, None]
    there = np.take_along_axis(np.take_along_axis(threshold, by_order, axis=1), at, axis=1)
    pull: Floats = np.where(enough.any(axis=1, keepdims=True), there, pool.most)
    return pull


def recruitment(
    limb: Limb, units: Units, fastest_at_site_Hz: Floats, duration_ms: Floats
) -> Recruitment:
    """How an examiner sees the units of a muscle recruited.

    Args:
        limb: whose muscle it is.
        units: from ``units_of``.
        fastest_at_site_Hz: from ``sites.fastest_at_sites``, slowest site first.
        duration_ms: mean duration of their potentials, ``(n_twin,)``.
    """
    twins = limb.nerve.twins
    pool = Pool.of(twins)
    threshold = pool.threshold(units.order)
    seen = np.where(units.works, units.at_needle, 0.0)
    full = np.where(units.works, pool.rate_Hz(pool.most, threshold), 0.0)
    filled = (seen * full).sum(axis=1) * duration_ms / 1000
    number = seen.sum(axis=1)
    each = twins.each
    # a fast unit at one site alone is no sign
    at_several = fastest_at_site_Hz[:, -2:].min(axis=1)
    any_unit = units.works.any(axis=1)
    kind = np.select(
        [
            ~any_unit,
            number < each("needle.recruitment.single"),
            number < each("needle.recruitment.discrete"),
            at_several > each("needle.recruitment.fast_Hz"),
        ],
        [NO_UNIT, SINGLE, DISCRETE, REDUCED],
        FULL,
    )
    return Recruitment(
        kind.astype(np.float64),
        np.where(any_unit, fastest_at_site_Hz[:, -1], np.nan),
        -100 * np.expm1(-np.where(any_unit, filled, 0.0)),
    )
