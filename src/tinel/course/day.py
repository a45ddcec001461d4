"""The nerve on one day, read off its course."""

from __future__ import annotations

import numpy as np

from tinel.course import growth, pressure, sheath, tissue
from tinel.course.state import NOWHERE, NerveState
from tinel.course.timeline import Course, check_day
from tinel.lesion import classify
from tinel.lesion.classify import Classes
from tinel.lesion.state import Bools, Floats
from tinel.nerve.anatomy import MOTOR


def state_at(course: Course, day: float) -> NerveState:
    """What stands, conducts, grows and answers on a day; a pure function of course and day.

    For an axon that was never broken ``stump_conducts`` is False (there is no stump) and
    ``junction_works`` True, as it is again once a regrown axon supplies its target. ``maturity`` is
    the regrown calibre over the old one, so it does not end at 1.

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
    path = course.nerve.path_mm[None, :]
    grown, p = course.regrowth, course.nerve.twins.parameters
    intact = course.cut_d > day
    reached = ~intact & (grown.arrive_d <= day)
    holds = ~reached & (course.junction_fails_d > day)
    grew_d = np.clip(np.minimum(day, grown.stall_d) - grown.start_d, 0.0, None)
    front = growth.place_after(grown.from_mm, grew_d, grown.rate_mm_per_day, p)
    ends = np.array([t.path_mm for t in course.nerve.targets])[np.maximum(grown.destination, 0)]
    advances = (grown.start_d < day) & (day < grown.stall_d) & (front < ends)
    territory, ready = _held(course, day, holds, reached)
    own = np.broadcast_to(course.nerve.fibres.target, intact.shape)
    return NerveState(
        day=float(day),
        lamellae_left=_lamellae(course, day),
        paranode_opening=_paranodes(course, day),
        ionic_block=intact & (course.lesion.block_d > day),
        intact=intact,
        stump_conducts=~intact & (day < course.stump_fails_d),
        junction_works=holds | reached,
        front_mm=np.where(intact, path, np.minimum(front, ends)),
        growing=~intact & ~reached & advances,
        reached=reached,
        maturity=_maturity(course, day, intact, reached),
        destination=np.where(holds, own, np.where(reached, grown.destination, NOWHERE)),
        territory=territory,
        readiness=ready,
    )


def _held(course: Course, day: float, holds: Bools, reached: Bools) -> tuple[Floats, Floats]:
    """Territory and readiness of every axon on a day, ``(n_twin, n_fibre)``."""
    nerve, grown, p = course.nerve, course.regrowth, course.nerve.twins.parameters
    fibres, n_target = nerve.fibres, len(nerve.targets)
    own = tissue.shares(fibres, n_target)
    parts = course.tissue.on(day)
    at = np.where(reached, np.maximum(grown.destination, 0), fibres.target)
    twin = np.arange(len(at))[:, None]

    def total(value: Floats) -> Floats:
        place = twin * n_target + at
        sums = np.bincount(place.ravel(), value.ravel(), len(at) * n_target)
        return np.asarray(sums, np.float64).reshape(-1, n_target)

    def spread(value: Floats, over: Floats) -> Floats:
        return np.divide(value, over, out=np.zeros_like(value), where=over > 0)[twin, at]

    standing = np.where(holds, own, 0.0)
    stands = total(standing)
    territory = standing * (1.0 + spread(parts.sprouted, stands))
    ready = np.where(holds, spread(stands + parts.sprouted_can, stands + parts.sprouted), 0.0)
    if reached.any():
        muscle = fibres.kind == MOTOR
        since = np.where(reached, day - np.where(reached, grown.arrive_d, 0.0), 0.0)
        limit = np.where(muscle, p["course.sprouting.limit"], 1.0)
        size = tissue.first_sizes(nerve, grown, own)
        size = size * tissue.enlarged(since, limit, p["course.sprouting.tau"])
        home = grown.destination == fibres.target
        for which, kind in ((reached & home, tissue.OWN), (reached & ~home, tissue.ASTRAY)):
            mine = np.where(which, size, 0.0)
            territory = territory + mine * spread(parts.regrown[kind], total(mine))
            ready = np.where(which, spread(parts.regrown_can[kind], parts.regrown[kind]), ready)
    # between two days of the grid the parts may sum to a little more than the whole
    over = np.maximum(total(territory), 1.0)
    return territory / over[twin, at], ready


def denervated(course: Course, day: float) -> Floats:
    """Days for which each fibre's endings have been silent up to a day, ``(n_twin, n_fibre)``.

    Counting stops when a regrown axon arrives: what was lost by then is not given back.
    """
    until = np.minimum(day, course.regrowth.arrive_d)
    silent: Floats = np.clip(until - course.junction_fails_d, 0.0, None)
    return silent


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
    return classify.classes(
        _lamellae(course, day),
        course.cut_d <= day,
        course.sunderland_grade,
        course.lesion.present,
        course.nerve.fibres.weight,
        thin_below,
    )


def _lamellae(course: Course, day: float) -> Floats:
    step = pressure.step_at(course.begins_d, day)
    twin = np.arange(step.size)
    since = (day - course.begins_d[twin, step])[:, None]
    return sheath.relax(
        course.lamellae_start[step, twin],
        course.lamellae_target[step, twin],
        since,
        course.rested[twin, step][:, None],
        course.sheath_pace,
        course.nerve.twins.parameters,
    )


def _paranodes(course: Course, day: float) -> Floats:
    p = course.nerve.twins.parameters
    closing = np.exp(-day / (p["course.paranode.tau"] * course.sheath_pace))
    opening: Floats = course.lesion.paranode_opening * closing
    return opening


def _maturity(course: Course, day: float, intact: Bools, reached: Bools) -> Floats:
    """Calibre of the regrown piece: thin at first, and for good after a torn tube."""
    p, twins = course.nerve.twins.parameters, course.nerve.twins
    first = p["course.maturity.start"]
    torn = course.sunderland_grade >= 3
    last = np.where(torn, p["course.maturity.end_torn"], p["course.maturity.end_whole"])
    differs = twins.normal("course.maturity.fibre", intact.shape[1])
    last = np.clip(last * np.exp(p["course.maturity.fibre_spread"] * differs), first, 1.0)
    since = np.where(reached, day - np.where(reached, course.regrowth.arrive_d, 0.0), 0.0)
    thick = last - (last - first) * np.exp(-since / p["course.maturity.tau"])
    growing = ~intact & (course.regrowth.start_d <= day)
    maturity: Floats = np.where(intact, 1.0, np.where(growing, thick, 0.0))
    return maturity
