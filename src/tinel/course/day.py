"""The nerve on one day, read off its course."""

from __future__ import annotations

import numpy as np

from tinel.course import calibre, growth, pressure, sheath, stays, tissue
from tinel.course.fate import Regrowth
from tinel.course.site import Site
from tinel.course.state import NOWHERE, NerveState, Second
from tinel.course.timeline import Course, check_day
from tinel.declare.kinds import takes_only_its_kinds
from tinel.lesion import classify
from tinel.lesion.classify import Classes
from tinel.lesion.state import Bools, Floats, Ints, Lesion
from tinel.nerve.anatomy import MOTOR


@takes_only_its_kinds
def state_at(course: Course, day: float) -> NerveState:
    """What stands, conducts, grows and answers on a day; a pure function of course and day.

    For an axon that was never broken ``stump_conducts`` is False (there is no stump). ``maturity``
    is the regrown calibre over the old one, so it does not end at 1.

    Args:
        course: from ``follow``.
        day: days after the injury, 0 or more.

    Raises:
        TinelError: a day before the injury, or not a number.

    Example:
        >>> from tinel import course, lesion, nerve, treatment
        >>> from tinel.twins import Patient, Twins
        >>> few = Twins(Patient(age=40, sex="female", height_cm=170), range(2))
        >>> arm = nerve.build("ulnar", side="left", twins=few)
        >>> cut = lesion.laceration.make(arm, "ulnar trunk", site_mm=400.0, fraction=1.0)
        >>> waited = course.follow(arm, cut, treatment.plan("wait", []))
        >>> day_11 = state_at(waited, 11.0)
        >>> bool(day_11.stump_conducts.mean() < 0.05), day_11.reached.any()
        (True, np.False_)
    """
    check_day(day)
    if course.before is not None and day < course.resected_d:
        return state_at(course.before, day)
    grown = course.regrowth.on(day)
    intact = course.cut_d > day
    reached = ~intact & (grown.arrive_d <= day)
    holds = ~reached & (course.junction_fails_d > day)
    destination, territory, ready = _held(course, grown, day, holds, reached)
    front, growing = _front(course, grown, day, intact)
    stands = intact if course.near is None else course.near.cut_d > day
    return NerveState(
        day=float(day),
        lamellae_left=_lamellae(course, course, day),
        paranode_opening=_paranodes(course, course.hurt, day),
        ionic_block=stands & _starved(course.hurt, day),
        intact=intact,
        stump_conducts=~intact & (day < course.stump_fails_d),
        torn=~intact & (_grade(course, day) >= 3),
        front_mm=front,
        enters_mm=np.where(intact, 0.0, grown.enters_mm),
        growing=growing & ~reached,
        reached=reached,
        maturity=_maturity(course, grown, day, intact, reached),
        destination=destination,
        right=~reached | grown.right,
        territory=territory,
        readiness=ready,
        broken_d=np.where(intact, 0.0, day - grown.broke_d),
        beyond=_second(course, day, grown, intact, stands),
    )


def _grade(course: Course, day: float) -> Ints:
    """Grade of each tube by the injuries that have broken it up to a day; of two, the worse."""
    if course.near is None or course.beyond is None:
        return course.sunderland_grade
    near, far = (
        np.where(site.cut_d <= day, site.sunderland_grade, 0)
        for site in (course.near, course.beyond)
    )
    return np.maximum(near, far)


def _second(
    course: Course, day: float, grown: Regrowth, intact: Bools, stands: Bools
) -> Second | None:
    far = course.beyond
    if far is None:
        return None
    return Second(
        lamellae_left=_lamellae(course, far, day),
        paranode_opening=_paranodes(course, far.lesion, day),
        ionic_block=intact & _starved(far.lesion, day),
        divided=far.cut_d <= day,
        stands_before=stands,
        stump_begins=(far.cut_d <= day) & (grown.broke_d == far.cut_d),
    )


def _starved(lesion: Lesion, day: float) -> Bools:
    starved: Bools = (lesion.struck_d[:, None] <= day) & (lesion.block_d > day)
    return starved


def _held(
    course: Course, grown: Regrowth, day: float, holds: Bools, reached: Bools
) -> tuple[Ints, Floats, Floats]:
    """Destination, territory and readiness of every axon on a day, ``(n_twin, n_fibre)``."""
    nerve, p = course.nerve, course.nerve.twins.parameters
    n_twin, n_target = len(holds), len(nerve.targets)
    own = np.arange(n_twin)[:, None] * n_target + nerve.fibres.target
    parts = course.tissue.on(day)

    def total(place: Ints, value: Floats) -> Floats:
        sums = np.bincount(place.ravel(), value.ravel(), n_twin * n_target)
        return np.asarray(sums, np.float64)

    def ratio(value: Floats, over: Floats) -> Floats:
        return np.divide(value, over, out=np.zeros(over.shape), where=over > 0)

    standing = np.where(holds, course.own_fraction, 0.0)
    stands, sprouted = total(own, standing), parts.sprouted.ravel()
    territory = standing * (1.0 + ratio(sprouted, stands))[own]
    can = ratio(stands + parts.sprouted_can.ravel(), stands + sprouted)
    ready = np.where(holds, can[own], 0.0)
    destination = np.where(holds, nerve.fibres.target, NOWHERE)
    twin, fibre = np.nonzero(reached)
    if twin.size:
        end = grown.destination[twin, fibre]
        place = twin * n_target + end
        muscle = nerve.fibres.kind[fibre] == MOTOR
        limit, tau = (
            np.broadcast_to(p[f"course.sprouting.{key}"], (n_twin, 1))[twin, 0]
            for key in ("limit", "tau")
        )
        since = day - grown.arrive_d[twin, fibre]
        grows = tissue.enlarged(since, np.where(muscle, limit, 1.0), tau)
        first = course.first_fraction
        if grown is not course.regrowth:
            first = stays.first_fractions(nerve, grown, course.own_fraction)
        size = first[twin, fibre] * grows
        home = grown.right[twin, fibre]
        for which, kind in ((home, stays.OWN), (~home, stays.ASTRAY)):
            at, there = place[which], (twin[which], fibre[which])
            held = parts.regrown[kind].ravel()
            territory[there] = size[which] * ratio(held, total(at, size[which]))[at]
            ready[there] = ratio(parts.regrown_can[kind].ravel(), held)[at]
        destination[twin, fibre] = end
    # between two days of the grid the parts may sum to a little more than the whole
    everything = total(own, np.where(reached, 0.0, territory))
    if twin.size:
        everything += total(place, territory[twin, fibre])
    over = np.maximum(everything, 1.0)
    territory = np.where(reached, territory, territory / over[own])
    if twin.size:
        territory[twin, fibre] /= over[place]
    return destination, territory, ready


def _front(course: Course, grown: Regrowth, day: float, intact: Bools) -> tuple[Floats, Bools]:
    """How far from the cord each axon is joined to its cell body, and whether it is growing on."""
    nerve, p = course.nerve, course.nerve.twins.parameters
    front, growing = np.where(intact, nerve.path_mm, 0.0), np.zeros(intact.shape, bool)
    there = np.nonzero(~intact)
    if there[0].size:
        start, stall, ends = grown.start_d[there], grown.stall_d[there], grown.ends_mm[there]
        grew_d = np.clip(np.minimum(day, stall) - start, 0.0, None)
        begin, rate = grown.from_mm[there], grown.rate_mm_per_day[there]
        tip = growth.place_after(begin, grew_d, rate, p, there[0])
        front[there] = np.minimum(tip, ends)
        growing[there] = (start < day) & (day < stall) & (tip < ends)
    return front, growing


def classes_at(course: Course, day: float, thin_below: float | Floats | None = None) -> Classes:
    """Seddon's and Sunderland's classes on a day, as fractions of the fibres at the lesion.

    ``thin_below`` as in ``lesion.classify.classes``, ``lesion.classify.sheath`` where None: with
    the fractions at which fibres block, Sunderland 1 means a conduction block and 0 includes fibres
    that are only slowed.

    An axon that broke keeps the class of its tube, also after it has grown back.
    """
    check_day(day)
    if course.before is not None and day < course.resected_d:
        return classes_at(course.before, day, thin_below)
    if thin_below is None:
        thin_below = course.nerve.twins.parameters["lesion.classify.sheath"]
    left = _lamellae(course, course, day)
    if course.beyond is not None:  # the worse of both places
        left = np.minimum(left, _lamellae(course, course.beyond, day))
    broken, grade, weight = course.cut_d <= day, _grade(course, day), course.nerve.fibres.weight

    def at_place(place: Lesion) -> Floats:
        found = classify.classes(left, broken, grade, place.present, weight, thin_below)
        return found.sunderland.T

    return Classes(course.lesion.counted(at_place).T)


def _lamellae(course: Course, place: Course | Site, day: float) -> Floats:
    step = pressure.step_at(place.begins_d, day)
    twin = np.arange(step.size)
    since = (day - place.begins_d[twin, step])[:, None]
    return sheath.relax(
        place.lamellae_start[step, twin],
        place.lamellae_target[step, twin],
        since,
        place.rested[twin, step][:, None],
        course.sheath_pace,
        course.nerve.twins.parameters,
    )


def _paranodes(course: Course, lesion: Lesion, day: float) -> Floats:
    p = course.nerve.twins.parameters
    since = day - lesion.struck_d[:, None]
    closing = np.exp(-np.maximum(since, 0.0) / (p["course.paranode.tau"] * course.sheath_pace))
    opening: Floats = np.where(since >= 0, lesion.paranode_opening * closing, 0.0)
    return opening


def _maturity(course: Course, grown: Regrowth, day: float, intact: Bools, reached: Bools) -> Floats:
    """Calibre of the regrown piece over that before: thin at first, ``(n_twin, n_fibre)``."""
    p = course.nerve.twins.parameters
    maturity = intact.astype(np.float64)
    twin, fibre = np.nonzero(~intact & (grown.start_d <= day))
    if twin.size:
        first, tau = (
            np.broadcast_to(p[f"course.maturity.{key}"], (len(intact), 1))[twin, 0]
            for key in ("start", "tau")
        )
        ends = calibre.in_the_end(_grade(course, day), course.nerve.twins)
        last = ends[twin, fibre]
        arrived = np.where(reached[twin, fibre], grown.arrive_d[twin, fibre], day)
        maturity[twin, fibre] = last - (last - first) * np.exp(-(day - arrived) / tau)
    return maturity
