"""An injured piece is cut out: which axons it spares, and the injury as it stands after that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from tinel.course import destination, growth
from tinel.lesion.part import only
from tinel.lesion.state import Bools, Floats, Ints, Lesion

if TYPE_CHECKING:
    from tinel.course.timeline import Course


def cut_out(
    before: Course, day: float, missing_mm: Sequence[Sequence[float]]
) -> tuple[Lesion, Bools, Bools]:
    """The lesion once injured pieces are cut out on a day.

    What stands in them, or had come back through them, is cut. A piece that reaches over the
    farther injury takes that away.

    Args:
        before: the course up to then.
        day: of the operations.
        missing_mm: for each place, that nearest to the cord first, the length of nerve that is
            missing from the injury on, of each operation there on that day.

    Returns:
        The lesion; the axons that every operation of the day spares; and those that set out from
        the farther of two places, as they had come through the nearer one. Both ``(n_twin,
        n_fibre)``.
    """
    places = [k for k, here in enumerate(missing_mm) if here]
    over = _over_both(before.hurt, day, max(missing_mm[0], default=0.0))
    spared = {k: _spared(before, k, day, over) for k in places}
    lesion, from_far = before.hurt, before.from_far
    for k in reversed(places):
        if k == 0:
            lesion, from_far = _near(before, lesion, day, spared[k]), from_far & spared[k]
        else:
            lesion, from_far = _far(before, lesion, day, spared[k])
    if lesion.beyond is not None and over.any():
        gone = replace(
            only(lesion.beyond, ~over[:, None]),
            pressure_mmHg=np.where(over, 0.0, lesion.beyond.pressure_mmHg),
        )
        lesion = replace(lesion, beyond=gone)
    return lesion, np.all(list(spared.values()), axis=0), from_far


def _over_both(lesion: Lesion, day: float, missing_mm: float) -> Bools:
    """Whether the piece that is missing at the nearer place holds the other one, ``(n_twin,)``."""
    far = lesion.beyond
    if far is None:
        return np.zeros(lesion.site_mm.shape, bool)
    there = np.maximum(far.struck_d, far.onset_d) <= day
    held: Bools = there & (lesion.site_mm + missing_mm >= far.site_mm + far.length_mm)
    return held


def _spared(before: Course, place: int, day: float, over: Bools) -> Bools:
    """Axons that cutting out one injured piece spares.

    Those of donors that come in beyond it, and those that had come back on another way.
    """
    lesion, grown = before.lesion.sites[place], before.regrowth.on(day)
    end = lesion.site_mm + lesion.length_mm
    far = before.lesion.beyond
    if far is not None:
        end = np.where(over, far.site_mm + far.length_mm, end)
    beyond = grown.enters_mm > end[:, None]
    tube = destination.tubes(before.nerve, grown.destination)
    elsewhere = (grown.arrive_d <= day) & ~lesion.present[tube] & before.lesion.present
    return (np.isfinite(grown.donor_d) & beyond) | elsewhere


def _near(before: Course, lesion: Lesion, day: float, spared: Bools) -> Lesion:
    """The lesion once its one piece, or the nearer of two, is cut out.

    The farther one stays as it is; what had come back through both has both to cross again.
    """
    grown = before.regrowth.on(day)
    back, own = grown.arrive_d <= day, before.near or before
    broke = own.cut_d if before.beyond is None else grown.broke_d
    gone = _divided(
        lesion,
        np.where(spared, own.cut_d, np.where(back, day, np.minimum(broke, day))),
        np.where(spared, own.sunderland_grade, 5),
    )
    far = lesion.beyond
    if far is None or before.beyond is None:
        return gone
    again = back & (before.beyond.cut_d <= day) & ~spared
    torn = np.maximum(far.sunderland_grade, before.beyond.sunderland_grade)
    far = replace(
        far,
        cut_d=np.where(again, day, far.cut_d),
        sunderland_grade=np.where(again, torn, far.sunderland_grade),
    )
    return replace(gone, beyond=far)


def _far(before: Course, lesion: Lesion, day: float, spared: Bools) -> tuple[Lesion, Bools]:
    """The lesion once the farther of two pieces is cut out, and what sets out anew from there."""
    here, own, near = lesion.beyond, before.beyond, before.near
    assert here is not None and own is not None and near is not None
    grown = before.regrowth.on(day)
    back = grown.arrive_d <= day
    # the tube of an axon that is spared on another way is divided too
    cut = np.where(back, day, np.minimum(grown.broke_d, day))
    cut = np.where(spared, np.minimum(own.cut_d, day), cut)
    gone = _divided(here, cut, np.full(cut.shape, 5))
    through = back | before.from_far | (_tip_mm(before, day) > here.site_mm[:, None])
    through &= here.present & ~spared & (near.cut_d <= day)
    return replace(lesion, beyond=gone), through


def _divided(lesion: Lesion, cut_d: Floats, sunderland_grade: Ints) -> Lesion:
    present = lesion.present[None, :]
    return replace(
        lesion,
        cut_d=np.where(present, cut_d, np.inf),
        sunderland_grade=np.where(present, sunderland_grade, 0),
    )


def _tip_mm(course: Course, day: float) -> Floats:
    """How far the tip of each regrowing axon has come, mm from the cord; 0 before it sets out."""
    grown, p = course.regrowth.on(day), course.nerve.twins.parameters
    days = np.clip(np.minimum(day, grown.stall_d) - grown.start_d, 0.0, None)
    tip = growth.place_after(grown.from_mm, days, grown.rate_mm_per_day, p)
    return np.where(grown.start_d <= day, np.minimum(tip, grown.ends_mm), 0.0)
