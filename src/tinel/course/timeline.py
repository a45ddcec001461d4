"""The whole course of an injury, computed once per fibre, for any day."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tinel.course import degeneration, pressure, regrowth, sheath, stays, tissue
from tinel.course.fate import Regrowth
from tinel.course.resection import cut_out
from tinel.course.site import Site, follow_site
from tinel.course.stays import Stage
from tinel.course.tissue import Tissue
from tinel.declare.kinds import takes_only_its_kinds
from tinel.errors import TinelError
from tinel.lesion.state import Bools, Floats, Ints, Lesion
from tinel.nerve.anatomy import Nerve
from tinel.treatment.plan import Plan, done_at


@dataclass(frozen=True)
class Course:
    """Every date that matters, per twin and fibre; what a day looks like follows from them.

    Shapes: ``(n_twin, n_step)`` for ``begins_d``, ``pressure_mmHg`` (the steps of pressure) and
    ``rested`` (steps in which the sheath may grow); ``(n_step, n_twin, n_fibre)`` for
    ``lamellae_start`` and ``lamellae_target``; ``(n_twin, n_fibre)`` for ``cut_d``,
    ``sunderland_grade``, ``junction_fails_d``, ``stump_fails_d``, ``sheath_pace`` (factor on the
    times of the sheath's recovery), ``own_fraction`` (of its target's tissue that the healthy axon
    holds), ``first_fraction`` (that a regrown one holds when it comes) and the fields of
    ``regrowth``; ``tissue`` as it says itself.
    Days count from the injury; inf means never. ``before`` is the course up to ``resected_d``, the
    day on which the injured piece was cut out; ``spared`` are the axons that this left alone, and
    ``hurt`` the lesion as it stands since then.

    Where the lesion has a second place, ``near`` and ``beyond`` are the courses of the two: what
    the fields of pressure and sheath say is that of the one nearer to the cord; ``cut_d`` is the
    day on which the axon first broke anywhere, ``sunderland_grade`` the worse of both. Both None
    where there is one place. ``from_far`` are the axons that had come through the nearer place when
    the farther one was cut out, so that they set out from there.
    """

    nerve: Nerve
    lesion: Lesion
    plan: Plan
    begins_d: Floats
    pressure_mmHg: Floats
    lamellae_start: Floats
    lamellae_target: Floats
    rested: Bools
    sheath_pace: Floats
    cut_d: Floats
    sunderland_grade: Ints
    junction_fails_d: Floats
    stump_fails_d: Floats
    regrowth: Regrowth
    tissue: Tissue
    own_fraction: Floats
    first_fraction: Floats
    spared: Bools
    from_far: Bools
    hurt: Lesion
    near: Site | None = None
    beyond: Site | None = None
    before: Course | None = None
    resected_d: float = 0.0


@takes_only_its_kinds
def follow(nerve: Nerve, lesion: Lesion, plan: Plan, waited: Course | None = None) -> Course:
    """Follow an injury under a plan.

    Every draw depends on seed, twin and fibre alone, so two plans of one patient differ only by
    what was done, and twins may be computed in any chunks.

    Args:
        nerve: the healthy nerve of these twins.
        lesion: what happened to it.
        plan: what is done about it; ``tinel.treatment.plan("wait", [])`` for nothing.
        waited: the course of the same nerve and lesion under nothing, where it is known already;
            it spares the time of the days before an injured piece is cut out.

    Raises:
        TinelError: nerve and lesion do not fit each other, or a treatment does not say at which of
            two injuries it is done.

    Example:
        >>> from tinel import course, lesion, nerve, treatment
        >>> from tinel.twins import Patient, Twins
        >>> few = Twins(Patient(age=40, sex="female", height_cm=170), range(2))
        >>> arm = nerve.build("ulnar", side="left", twins=few)
        >>> scar = lesion.constriction.make(arm, "ulnar trunk", site_mm=400.0, length_mm=30.0,
        ...                                 pressure_mmHg=80.0)
        >>> waited = course.follow(arm, scar, treatment.plan("wait", []))
        >>> course.pressure_at(waited, 90.0).tolist()
        [80.0, 80.0]
    """
    shape, twins = nerve.fibres.diameter_um.shape, nerve.twins
    if lesion.cut_d.shape != shape:
        told = f"the nerve has {shape} twins and fibres, the lesion {lesion.cut_d.shape}"
        raise TinelError(told, advice="make the lesion from this nerve")
    # What changes nothing must not even split a step, or the arms would differ by rounding.
    interventions = tuple(sorted((i for i in plan.interventions if i.acts), key=lambda i: i.day))
    places = done_at(interventions, len(lesion.sites))
    resected = [max((i.day for i in here if i.resects), default=-np.inf) for here in places]
    before, last, hurt = None, 0.0, lesion
    spared, from_far = np.zeros(shape, bool), np.zeros(shape, bool)
    if any(i.resects for i in interventions):
        last = max(resected)
        earlier = tuple(i for i in plan.interventions if i.day < last)
        then = replace(plan, interventions=earlier)
        if waited is not None and not any(i.acts for i in earlier):
            before = replace(waited, plan=then)
        else:
            before = follow(nerve, lesion, then, waited)
        missing = [[i.gap_mm for i in here if i.resects and i.day == last] for here in places]
        hurt, spared, from_far = cut_out(before, last, missing)
    pace = sheath.paces(hurt.present.size, twins)
    near = follow_site(hurt, places[0], resected[0], pace, twins)
    cut, grade = near.cut_d, near.sunderland_grade
    sites: tuple[Site, ...] = (near,)
    if hurt.beyond is not None:
        beyond = follow_site(hurt.beyond, places[1], resected[1], pace, twins, cut)
        sites = (near, beyond)
        cut = np.minimum(cut, beyond.cut_d)
        grade = np.maximum(grade, beyond.sunderland_grade)
    junction, stump = degeneration.silence(cut, nerve.fibres.kind, twins)
    if before is not None:  # what a regrown axon held is let go at once
        back = before.regrowth.on(last).arrive_d <= last
        junction = np.where(back, before.junction_fails_d, junction)
    held_on = None if before is None else before.regrowth
    grown = regrowth.regrow(nerve, sites, cut, held_on, spared, from_far)
    own_fraction = stays.own_fractions(nerve.fibres, len(nerve.targets))
    first = stays.first_fractions(nerve, grown, own_fraction)
    stages = (*_stages(before, last), Stage(grown, first, np.inf, spared))
    return Course(
        nerve=nerve,
        lesion=lesion,
        plan=plan,
        begins_d=near.begins_d,
        pressure_mmHg=near.pressure_mmHg,
        lamellae_start=near.lamellae_start,
        lamellae_target=near.lamellae_target,
        rested=near.rested,
        sheath_pace=pace,
        cut_d=cut,
        sunderland_grade=grade,
        junction_fails_d=junction,
        stump_fails_d=stump,
        regrowth=grown,
        tissue=tissue.follow_tissue(nerve, junction, own_fraction, stages, interventions),
        own_fraction=own_fraction,
        first_fraction=first,
        before=before,
        spared=spared,
        from_far=from_far,
        hurt=hurt,
        near=sites[0] if len(sites) == 2 else None,
        beyond=sites[1] if len(sites) == 2 else None,
        resected_d=last,
    )


def _stages(course: Course | None, until_d: float) -> tuple[Stage, ...]:
    if course is None:
        return ()
    this = Stage(course.regrowth, course.first_fraction, until_d, course.spared)
    return (*_stages(course.before, course.resected_d), this)


def pressure_at(course: Course, day: float) -> Floats:
    """The scar's pressure on a day, mmHg, shape ``(n_twin,)``.

    Raises:
        TinelError: a day before the injury, or not a number.
    """
    check_day(day)
    step = pressure.step_at(course.begins_d, day)
    return course.pressure_mmHg[np.arange(step.size), step]


def check_day(day: float) -> None:
    """Refuse a day before the injury.

    Raises:
        TinelError: negative or not finite.
    """
    if not np.isfinite(day) or day < 0:
        raise TinelError(f"day {day:g} is out of range (allowed: 0 or more days after the injury)")
