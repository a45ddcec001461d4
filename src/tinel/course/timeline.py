"""The whole course of an injury, computed once per fibre, for any day."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tinel.course import (
    calibre,
    degeneration,
    destination,
    growth,
    pressure,
    regrowth,
    sheath,
    tissue,
)
from tinel.course.regrowth import Regrowth
from tinel.course.site import Site, follow_site
from tinel.course.tissue import Stage, Tissue
from tinel.declare.kinds import takes_only_its_kinds
from tinel.errors import TinelError
from tinel.lesion.part import only
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
    holds), ``first_fraction`` (that a regrown one holds when it comes), ``calibre_end`` (of a
    regrown axon over that before) and the fields of ``regrowth``; ``tissue`` as it says itself.
    Days count from the injury; inf means never. ``before`` is the course up to ``resected_d``, the
    day on which the injured piece was cut out; ``spared`` are the axons that this left alone, and
    ``hurt`` the lesion as it stands since then.

    Where the lesion has a second place, ``near`` and ``beyond`` are the courses of the two: what
    the fields of pressure and sheath say is that of the one nearer to the cord; ``cut_d`` is the
    day on which the axon first broke anywhere, ``sunderland_grade`` the worse of both. Both None
    where there is one place.
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
    calibre_end: Floats
    spared: Bools
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
    before, last = None, 0.0
    hurt = lesion
    spared = np.zeros(shape, bool)
    if any(i.resects for i in interventions):
        last = max(resected)
        earlier = tuple(i for i in plan.interventions if i.day < last)
        then = replace(plan, interventions=earlier)
        if waited is not None and not any(i.acts for i in earlier):
            before = replace(waited, plan=then)
        else:
            before = follow(nerve, lesion, then, waited)
        hurt = before.hurt
        for k in reversed([k for k, day in enumerate(resected) if day == last]):
            spared = spared | _spared(before, k, last)
            hurt = _cut_out(before, hurt, last, k, spared)
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
        back = before.regrowth.arrive_d <= last
        junction = np.where(back, before.junction_fails_d, junction)
    held_on = None if before is None else before.regrowth
    grown = regrowth.regrow(nerve, sites, cut, held_on, spared)
    own_fraction = tissue.own_fractions(nerve.fibres, len(nerve.targets))
    first = tissue.first_fractions(nerve, grown, own_fraction)
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
        calibre_end=calibre.in_the_end(grade, twins),
        before=before,
        spared=spared,
        hurt=hurt,
        near=sites[0] if len(sites) == 2 else None,
        beyond=sites[1] if len(sites) == 2 else None,
        resected_d=last,
    )


def _spared(before: Course, place: int, day: float) -> Bools:
    """Axons that cutting out one injured piece spares.

    Those of donors that come in beyond it, and those that had come back on another way.
    """
    lesion, grown = before.lesion.sites[place], before.regrowth
    beyond = grown.from_mm > (lesion.site_mm + lesion.length_mm)[:, None]
    tube = destination.tubes(before.nerve, grown.destination)
    elsewhere = (grown.arrive_d <= day) & ~lesion.present[tube] & before.lesion.present
    return (np.isfinite(grown.donor_d) & beyond) | elsewhere


def _cut_out(before: Course, lesion: Lesion, day: float, place: int, spared: Bools) -> Lesion:
    """The lesion once one injured piece is cut out: what stands in it, or had come back, is cut.

    Of two places the other stays as it is. What had come back through both has both to cross again
    where the nearer one is cut out; what had grown through the farther one sets out anew from there
    where that is.
    """
    here, back = lesion.sites[place], before.regrowth.arrive_d <= day
    own = (before.near or before, before.beyond or before)[place]
    first = own.cut_d if place == 0 else before.cut_d
    cut = np.where(back, day, np.minimum(first, day))
    cut = np.where(spared, own.cut_d, cut)
    grade = np.where(spared, own.sunderland_grade, 5)
    present = here.present[None, :]
    gone = replace(
        here, cut_d=np.where(present, cut, np.inf), sunderland_grade=np.where(present, grade, 0)
    )
    far = lesion.beyond
    if far is None or before.near is None or before.beyond is None:
        return gone
    if place == 0:
        again = back & np.isfinite(before.beyond.cut_d) & ~spared
        torn = np.maximum(far.sunderland_grade, before.beyond.sunderland_grade)
        far = replace(
            far,
            cut_d=np.where(again, day, far.cut_d),
            sunderland_grade=np.where(again, torn, far.sunderland_grade),
        )
        return replace(gone, beyond=far)
    through = back | (_tip_mm(before, day) > here.site_mm[:, None])
    through &= present & ~spared & np.isfinite(before.near.cut_d)
    return replace(only(lesion, ~through), beyond=gone)


def _tip_mm(course: Course, day: float) -> Floats:
    """How far the tip of each regrowing axon has come, mm from the cord; 0 before it sets out."""
    grown, p = course.regrowth.on(day), course.nerve.twins.parameters
    days = np.clip(np.minimum(day, grown.stall_d) - grown.start_d, 0.0, None)
    tip = growth.place_after(grown.from_mm, days, grown.rate_mm_per_day, p)
    return np.where(grown.start_d <= day, np.minimum(tip, grown.ends_mm), 0.0)


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
