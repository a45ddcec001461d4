"""The nerve on one day, read off its course."""

from __future__ import annotations

import numpy as np

from tinel.course import pressure, sheath, target
from tinel.course.state import NerveState
from tinel.course.timeline import Course, check_day
from tinel.declare.kinds import takes_only_its_kinds
from tinel.lesion import classify
from tinel.lesion.classify import Classes
from tinel.lesion.state import Bools, Floats


@takes_only_its_kinds
def state_at(course: Course, day: float) -> NerveState:
    """What stands, conducts, grows and answers on a day; a pure function of course and day.

    For an axon that was never broken ``stump_conducts`` is False (there is no stump) and
    ``junction_works`` True. ``junction_works`` is True again once a regrown axon has arrived;
    ``maturity`` is the regrown calibre over the old one, so it ends near 0.8 and not at 1.

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
    grown = course.regrowth
    intact = course.cut_d > day
    reached = ~intact & (grown.arrive_d <= day)
    grew_d = np.clip(np.minimum(day, grown.stall_d) - grown.start_d, 0.0, None)
    front = np.minimum(course.lesion.site_mm[:, None] + grown.rate_mm_per_day * grew_d, path)
    fibres = course.nerve.fibres
    pieces = target.Pieces(
        intact, reached, denervated(course, day), np.where(reached, day - grown.arrive_d, 0.0)
    )
    growth, ready = target.answer(
        pieces,
        fibres.kind,
        fibres.target,
        fibres.weight,
        len(course.nerve.targets),
        course.nerve.twins.parameters,
    )
    return NerveState(
        day=float(day),
        lamellae_left=_lamellae(course, day),
        intact=intact,
        stump_conducts=~intact & (day < course.stump_fails_d),
        junction_works=intact | (day < course.junction_fails_d) | reached,
        front_mm=np.where(intact, path, front),
        reached=reached,
        maturity=_maturity(course, day, intact, reached),
        unit_growth=growth,
        readiness=ready,
    )


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
        course.nerve.twins.parameters,
    )


def _maturity(course: Course, day: float, intact: Bools, reached: Bools) -> Floats:
    parameters = course.nerve.twins.parameters
    first, last = parameters["course.maturity.start"], parameters["course.maturity.end"]
    since = np.where(reached, day - np.where(reached, course.regrowth.arrive_d, 0.0), 0.0)
    thick = last - (last - first) * np.exp(-since / parameters["course.maturity.tau"])
    growing = ~intact & (course.regrowth.start_d <= day)
    maturity: Floats = np.where(intact, 1.0, np.where(growing, thick, 0.0))
    return maturity
