"""Operations on two injuries of one nerve: what they spare, what they take away, what is left."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from test_course import axonotmesis
from test_lesion import NERVE
from test_two_places import HIGH_MM, LATE_D, LOW_MM, THROUGH, back, crushed, followed, grafted, same

from tinel import course, lesion, treatment
from tinel.lesion import Lesion
from tinel.lesion.onset import later
from tinel.treatment import Plan

DAY = 900.0


def both_grafted(day: float, *more: dict[str, object]) -> Plan:
    steps = [
        {"treatment": "graft", "day": day, "gap_mm": 10, "at": at} for at in ("proximal", "distal")
    ]
    return treatment.plan("x", [*more, *steps])


def test_what_one_operation_of_a_day_spares_the_other_cuts() -> None:
    """Axons astray above the lower place run through the upper one alone."""
    torn = lesion.laceration.make(NERVE, "sciatic", site_mm=HIGH_MM, fraction=1.0)
    two = lesion.both(torn, crushed(5))
    sewn = {"treatment": "repair", "day": 1, "at": "proximal"}
    before = followed(two, treatment.plan("sewn", [sewn]))
    astray = course.state_at(before, DAY).reached & THROUGH
    assert astray.any()
    high = {"treatment": "graft", "day": DAY, "gap_mm": 10, "at": "proximal"}
    low = {**high, "at": "distal"}
    for steps in ([high], [high, low], [low, high]):
        one = followed(two, treatment.plan("x", [sewn, *steps]))
        assert not course.state_at(one, DAY).reached.any()
    spared = followed(two, treatment.plan("x", [sewn, low]))
    assert course.state_at(spared, DAY).reached[astray].all()


def test_two_operations_of_a_day_leave_two_places_to_cross() -> None:
    two = followed(lesion.both(axonotmesis(), crushed(2)), both_grafted(30.0))
    for site in two.hurt.sites:
        assert (site.sunderland_grade[:, site.present] == 5).all()
    high = followed(lesion.both(axonotmesis(), crushed(2)), grafted(30.0, "proximal"))
    crossed, then = (
        (np.isfinite(one.regrowth.start_d) & (one.regrowth.from_mm == LOW_MM)).sum()
        for one in (two, high)
    )
    print(f"over both places with two grafts {crossed}, with one {then}")
    assert 0 < crossed < then


# ---- a graft over both places

CLOSE_MM = 420.0


def close(grade: int = 5) -> Lesion:
    """Every axon broken a little below the first place, 20 mm long."""
    low = replace(NERVE, twins=NERVE.twins.elsewhere("distal"))
    here = lesion.crush.make(low, "sciatic", site_mm=CLOSE_MM, length_mm=20.0, fraction=0.0)
    shape = NERVE.fibres.diameter_um.shape
    return replace(
        here,
        cut_d=np.where(here.present, np.zeros(shape), np.inf),
        sunderland_grade=np.where(here.present, np.full(shape, grade), 0),
        pressure_mmHg=np.full(shape[0], 90.0),
    )


def over(gap_mm: float) -> Plan:
    return treatment.plan(
        "x", [{"treatment": "graft", "day": 60, "gap_mm": gap_mm, "at": "proximal"}]
    )


def test_a_graft_over_both_places_takes_the_second_away() -> None:
    gap_mm = CLOSE_MM + 20.0 - HIGH_MM
    alone = treatment.plan("x", [{"treatment": "graft", "day": 60, "gap_mm": gap_mm}])
    one, two = (
        followed(axonotmesis(), alone),
        followed(lesion.both(axonotmesis(), close()), over(gap_mm)),
    )
    assert back(one).any()
    same(one.regrowth, two.regrowth, np.ones(one.cut_d.shape, bool))
    for day in (61.0, 400.0, LATE_D):
        a, b = course.state_at(one, day), course.state_at(two, day)
        for f in fields(a):
            if f.name not in ("beyond", "lamellae_left", "paranode_opening", "ionic_block"):
                np.testing.assert_array_equal(getattr(a, f.name), getattr(b, f.name), f.name)
        assert not b.beyond.divided.any() and (b.beyond.lamellae_left == 1.0).all()


@pytest.mark.parametrize("gap_mm", [10.0, CLOSE_MM + 19.0 - HIGH_MM])
def test_a_graft_that_does_not_reach_over_it_leaves_it(gap_mm: float) -> None:
    two = followed(lesion.both(axonotmesis(), close()), over(gap_mm))
    assert not back(two)[:, close().present].any()


def test_a_later_injury_is_not_taken_away_before_it_comes() -> None:
    late = later(close(2), np.full(len(NERVE.twins), 500.0))
    two = followed(lesion.both(axonotmesis(), late), over(100.0))
    assert np.isfinite(two.beyond.cut_d[:, late.present]).all()


# ---- what had grown through is no old axon


def test_what_had_grown_through_the_upper_place_is_regrown_there() -> None:
    two = followed(lesion.both(axonotmesis(), crushed(2)), grafted(DAY, "distal"))
    broken = np.isfinite(axonotmesis().cut_d)
    through = broken & (two.regrowth.from_mm > HIGH_MM) & np.isfinite(two.regrowth.start_d)
    assert through.any()
    for day in (DAY, DAY + 400.0, LATE_D):
        state = course.state_at(two, day)
        np.testing.assert_array_equal(state.beyond.stands_before, ~broken)
    held = course.state_at(followed(lesion.both(axonotmesis(), crushed(2))), DAY).reached
    again = held & THROUGH & (two.regrowth.from_mm > HIGH_MM)
    assert again.any()
    np.testing.assert_allclose(course.state_at(two, DAY + 5.0).broken_d[again], 5.0)


def test_a_second_graft_below_finds_them_where_they_wait() -> None:
    two = lesion.both(axonotmesis(), crushed(2))
    low = [{"treatment": "graft", "day": day, "gap_mm": 10, "at": "distal"} for day in (900, 930)]
    once, twice = (followed(two, treatment.plan("x", low[:n])) for n in (1, 2))
    np.testing.assert_array_equal(once.from_far, twice.from_far)
    assert once.from_far.any()
    high = {"treatment": "graft", "day": 930, "gap_mm": 10, "at": "proximal"}
    assert not followed(two, treatment.plan("x", [low[0], high])).from_far.any()


def test_donors_axons_that_are_cut_beyond_where_they_were_led_in_stay_donors() -> None:
    torn = replace(axonotmesis(), sunderland_grade=np.where(np.isfinite(axonotmesis().cut_d), 5, 0))
    led = {
        "treatment": "nerve transfer",
        "day": 10,
        "targets": "tibialis anterior",
        "distance_mm": 300,
    }
    low = {"treatment": "graft", "day": DAY, "gap_mm": 10, "at": "distal"}
    high = {"treatment": "graft", "day": DAY + 300.0, "gap_mm": 10, "at": "proximal"}
    two = lesion.both(torn, crushed(2))
    before, cut, both = (
        followed(two, treatment.plan("x", [led, *steps])) for steps in ([], [low], [low, high])
    )
    had = course.state_at(before, DAY).reached & np.isfinite(before.regrowth.donor_d)
    assert had.any() and not course.state_at(cut, DAY).reached[had].any()
    for one in (cut, both):
        state = course.state_at(one, LATE_D)
        np.testing.assert_array_equal(state.enters_mm[had], before.regrowth.enters_mm[had])
    # cutting out the upper place, from which they do not come, leaves them on their way
    same(cut.regrowth, both.regrowth, had)
