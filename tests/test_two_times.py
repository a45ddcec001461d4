"""Two injuries of one nerve on different days: before the later one comes it is not there."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from test_course import axonotmesis
from test_lesion import TARGETS, TWINS
from test_two_places import (
    HIGH_MM,
    HIP,
    LATE_D,
    LOW_MM,
    THROUGH,
    WAIT,
    back,
    crushed,
    followed,
    half,
    same,
)

from tinel import course, lesion, treatment
from tinel.case import parse
from tinel.cohort.person import injure
from tinel.course import Course, NerveState
from tinel.flow import run
from tinel.lesion import Lesion
from tinel.lesion.onset import later
from tinel.treatment import Plan

OF_PLACE = ("beyond", "lamellae_left", "paranode_opening", "ionic_block")
COMES_D = 600.0  # most axons are through the lower place by then, many have arrived


def late(hurt: Lesion, day: float = COMES_D) -> Lesion:
    return later(hurt, np.full(len(TWINS), day))


def same_state(a: NerveState, b: NerveState, where: np.ndarray | None = None) -> None:
    for f in fields(a):
        if f.name in OF_PLACE:
            continue
        one, other = getattr(a, f.name), getattr(b, f.name)
        if where is not None:
            one, other = one[where], other[where]
        np.testing.assert_array_equal(one, other, f.name)


def held(one: Course, day: float) -> np.ndarray:
    """What of each target its right axons hold, ``(n_twin, n_target)``."""
    state = course.state_at(one, day)
    return np.stack(
        [
            np.where((state.destination == k) & state.right, state.territory, 0.0).sum(axis=1)
            for k in range(len(TARGETS))
        ],
        axis=1,
    )


BEFORE_d = (0.0, 30.0, 200.0, 400.0, 550.0, COMES_D - 0.01)
AFTER_d = (COMES_D, COMES_D + 1.0, COMES_D + 60.0, 900.0, 1300.0, LATE_D)


@pytest.mark.parametrize("grade", [2, 3, 5])
def test_a_later_injury_below_changes_nothing_before_it_comes(grade: int) -> None:
    alone = followed(axonotmesis())
    two = followed(lesion.both(axonotmesis(), late(crushed(grade))))
    for day in BEFORE_d:
        a, b = course.state_at(alone, day), course.state_at(two, day)
        for f in fields(a):
            if f.name in ("beyond", "territory", "readiness"):
                continue
            np.testing.assert_array_equal(getattr(a, f.name), getattr(b, f.name), f.name)
        # sums over tissue, on the same grid of days
        np.testing.assert_allclose(b.territory, a.territory, atol=1e-12)
        np.testing.assert_allclose(b.readiness, a.readiness, atol=1e-12)
        one, other = (course.classes_at(c, day).sunderland for c in (alone, two))
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("grade", [2, 3, 5])
def test_a_later_injury_above_changes_nothing_before_it_comes(grade: int) -> None:
    high = axonotmesis()
    high = replace(high, sunderland_grade=np.where(np.isfinite(high.cut_d), grade, 0))
    alone, two = followed(crushed()), followed(lesion.both(late(high), crushed()))
    for day in BEFORE_d:
        same_state(course.state_at(alone, day), course.state_at(two, day))


def test_one_that_comes_after_all_is_over_changes_nothing() -> None:
    far_off = 30000.0
    below = followed(lesion.both(axonotmesis(), late(crushed(5), far_off)))
    above = followed(lesion.both(late(axonotmesis(), far_off), crushed()))
    for two, alone in ((below, followed(axonotmesis())), (above, followed(crushed()))):
        for day in (100.0, 900.0, LATE_D, 9000.0):
            same_state(course.state_at(alone, day), course.state_at(two, day))


def test_it_breaks_again_what_has_passed_and_that_sets_out_from_there() -> None:
    alone = followed(axonotmesis())
    two = followed(lesion.both(axonotmesis(), late(crushed(2))))
    tip = course.state_at(alone, COMES_D).front_mm
    below = alone.regrowth.destination >= 2
    passed = (tip >= LOW_MM) & THROUGH & below
    arrived = course.state_at(alone, COMES_D).reached & THROUGH & below
    assert arrived.any() and (passed & ~arrived).any()
    at_once = course.state_at(two, COMES_D)
    assert not at_once.reached[passed].any() and not at_once.junction_works[passed].any()
    assert (at_once.front_mm[passed] == LOW_MM).all()
    grown = two.regrowth
    again = passed & np.isfinite(grown.start_d) & (grown.from_mm == LOW_MM)
    print(
        f"of {passed.sum()} that had passed {again.sum()} set out again, "
        f"{(np.isfinite(grown.arrive_d) & passed).sum()} come again"
    )
    assert again.sum() > 0.5 * passed.sum()
    assert (grown.start_d[again] > COMES_D).all() and (grown.arrive_d[again] > COMES_D).all()
    assert course.state_at(two, LATE_D).reached[arrived].any()


def test_one_whose_tip_has_not_come_crosses_it_as_usual() -> None:
    first = followed(lesion.both(axonotmesis(), crushed(3)))
    two = followed(lesion.both(axonotmesis(), late(crushed(3))))
    tip = course.state_at(followed(axonotmesis()), COMES_D).front_mm
    not_yet = (tip < LOW_MM) & THROUGH & (first.regrowth.destination >= 2)
    assert not_yet.any()
    same(first.regrowth, two.regrowth, not_yet)


def test_what_has_not_been_broken_sets_out_as_after_that_injury_alone() -> None:
    high = half(axonotmesis())
    stands = np.isinf(high.cut_d) & THROUGH
    two, alone = (followed(h) for h in (lesion.both(high, late(crushed(3))), late(crushed(3))))
    same(alone.regrowth, two.regrowth, stands)


def test_one_that_came_back_to_life_has_not_waited() -> None:
    """Axons that held their target when they broke again cross as those that never broke."""
    day = 4000.0
    two = followed(lesion.both(axonotmesis(), late(crushed(2), day)))
    once = followed(axonotmesis())
    back = course.state_at(once, day).reached & THROUGH & (once.regrowth.destination >= 2)
    alone = np.isfinite(followed(late(crushed(2), day)).regrowth.start_d)[back].mean()
    again = np.isfinite(two.regrowth.start_d)[back].mean()
    print(f"set out again {again:.3f}, alone {alone:.3f}")
    assert again == pytest.approx(alone, abs=0.04)
    state = course.state_at(two, day + 10.0)
    np.testing.assert_allclose(state.broken_d[back], 10.0)


def test_a_later_injury_above_breaks_what_had_come_back_from_below() -> None:
    two = followed(lesion.both(late(axonotmesis()), crushed(2)))
    alone = followed(crushed(2))
    back = course.state_at(alone, COMES_D).reached & THROUGH & np.isfinite(axonotmesis().cut_d)
    assert back.any()
    state = course.state_at(two, COMES_D)
    assert not state.reached[back].any() and np.allclose(state.front_mm[back], HIGH_MM)
    again = two.regrowth.arrive_d[back]
    # it has to cross both, from the upper place on
    assert (again > COMES_D).all() and np.isfinite(again).any() and np.isinf(again).any()


def test_tissue_is_let_go_on_the_day_and_taken_again() -> None:
    two = followed(lesion.both(axonotmesis(), late(crushed(2))))
    alone = followed(axonotmesis())
    foot = slice(2, 3)  # the others are farther than that
    before, at_once, end = (held(two, d)[:, foot] for d in (COMES_D - 0.01, COMES_D, LATE_D))
    np.testing.assert_allclose(before, held(alone, COMES_D - 0.01)[:, foot], atol=1e-12)
    # hardly an axon crosses in some people
    crossed = before > 0
    assert crossed.mean() > 0.5 and before[crossed].min() > 0.1
    assert at_once.max() == 0.0 and end.max() > 0.1
    # the calf, which lies before it, never knows
    for day in (*BEFORE_d, *AFTER_d):
        np.testing.assert_allclose(held(two, day)[:, :2], held(alone, day)[:, :2], atol=0.05)


def test_those_that_a_later_injury_spares_gain_nothing_on_its_day() -> None:
    """Half of the tubes are broken: at once the others hold what they held."""
    two = followed(lesion.both(axonotmesis(), late(half(crushed(2)))))
    before, after = (course.state_at(two, d) for d in (COMES_D - 0.01, COMES_D + 0.01))
    kept = before.reached & after.reached & THROUGH
    assert kept.any() and (before.reached & ~after.reached).any()
    then, now = (np.where(kept, state.territory, 0.0).sum(axis=1) for state in (before, after))
    then, now = then[kept.any(axis=1)], now[kept.any(axis=1)]
    print("what they hold after over before:", (now / then).round(2))
    assert (now < 1.1 * then).all() and (now > 0.8 * then).all()


@pytest.mark.parametrize("grade", [2, 3, 5])
def test_nobody_holds_more_than_there_is(grade: int) -> None:
    for two in (
        lesion.both(axonotmesis(), late(half(crushed(grade)))),
        lesion.both(late(half(axonotmesis())), crushed(grade)),
    ):
        one = followed(two)
        for day in (*BEFORE_d, *AFTER_d):
            state = course.state_at(one, day)
            for k in range(len(TARGETS)):
                mine = np.where(state.destination == k, state.territory, 0.0).sum(axis=1)
                assert mine.max() <= 1.0 + 1e-9
            assert (state.territory >= 0.0).all() and (state.readiness <= 1.0 + 1e-9).all()


def test_a_place_is_cut_out_before_the_other_is_hurt() -> None:
    two = lesion.both(axonotmesis(), late(crushed(2)))
    plan = treatment.plan("x", [{"treatment": "graft", "day": 90, "gap_mm": 10, "at": "proximal"}])
    own = treatment.plan("x", [{"treatment": "graft", "day": 90, "gap_mm": 10}])
    one, alone = followed(two, plan), followed(axonotmesis(), own)
    for day in (30.0, 91.0, 300.0, COMES_D - 1.0):
        same_state(course.state_at(alone, day), course.state_at(one, day))
    low = treatment.plan("x", [{"treatment": "graft", "day": 90, "gap_mm": 10, "at": "distal"}])
    above = followed(lesion.both(late(axonotmesis()), crushed(3)), low)
    below = followed(crushed(3), own)
    for day in (30.0, 91.0, 300.0, COMES_D - 1.0):
        same_state(course.state_at(below, day), course.state_at(above, day))


@pytest.mark.parametrize("at", ["proximal", "distal"])
def test_a_place_is_cut_out_after_the_other_was_hurt(at: str) -> None:
    two = lesion.both(axonotmesis(), late(crushed(2)))
    plan = treatment.plan("x", [{"treatment": "graft", "day": 900, "gap_mm": 10, "at": at}])
    wait, done = followed(two), followed(two, plan)
    for day in (300.0, COMES_D, 899.0):
        same_state(course.state_at(wait, day), course.state_at(done, day))
    own = slice(None, 2) if at == "proximal" else slice(2, 3)
    assert held(wait, 899.0)[:, own].max() > 0.0 and held(done, 900.0)[:, own].max() == 0.0


def test_two_plans_differ_only_after_their_day() -> None:
    two = lesion.both(axonotmesis(), late(crushed(3)))
    plan = treatment.plan("x", [{"treatment": "neurolysis", "day": 900, "at": "distal"}])
    wait, freed = followed(two, WAIT), followed(two, plan)
    for day in (100.0, COMES_D, 899.0):
        same_state(course.state_at(wait, day), course.state_at(freed, day))


def test_a_case_whose_second_injury_comes_later() -> None:
    text = HIP.format(more="", second="onset_days = 300\n", arms="")
    start, end = text.index("[cause.second]"), text.index("[[exam]]")
    two, alone = parse(text), parse(text[:start] + text[end:])
    assert injure(two, range(2)).lesion.beyond.struck_d.tolist() == [300.0, 300.0]
    one, other = run(alone, twins=4).outcomes, run(two, twins=4).outcomes
    days = np.asarray(one.days)
    other_days = np.asarray(other.days)
    both = [d for d in days if d < 300.0 and d in other_days]
    a, b = (
        o.curves.of(arm="wait", bound="", quantity="force", target="tibialis anterior")
        for o in (one, other)
    )
    for day in both:
        np.testing.assert_allclose(
            a[:, list(days).index(day)], b[:, list(other_days).index(day)], atol=1e-9
        )


# ---- axons of another nerve, led in between the two places


def led(day: float = 100.0) -> Plan:
    muscle = TARGETS[2]
    between = muscle.path_mm - (HIGH_MM + LOW_MM) / 2
    return treatment.plan(
        "x",
        [
            {
                "treatment": "nerve transfer",
                "day": day,
                "targets": muscle.name,
                "distance_mm": min(between, 300.0),
                "donor": "other",
            }
        ],
    )


def test_a_later_injury_below_breaks_donors_axons_again() -> None:
    torn = replace(axonotmesis(), sunderland_grade=np.where(np.isfinite(axonotmesis().cut_d), 5, 0))
    alone, two = followed(torn, led()), followed(lesion.both(torn, late(crushed(2))), led())
    for day in (*BEFORE_d[:-1], COMES_D - 1.0):
        a, b = course.state_at(alone, day), course.state_at(two, day)
        for name in ("reached", "front_mm", "enters_mm", "growing", "destination"):
            np.testing.assert_array_equal(getattr(a, name), getattr(b, name), name)
    donors = np.isfinite(alone.regrowth.donor_d)
    had = course.state_at(alone, COMES_D).reached & donors
    assert had.any()
    state = course.state_at(two, COMES_D)
    assert not state.reached[had].any()
    np.testing.assert_array_equal(state.front_mm[had], LOW_MM)
    end = course.state_at(two, LATE_D)
    assert end.reached[had].any()
    # it is joined to the donor and not to the cord, all the way
    assert (end.enters_mm[had] == alone.regrowth.enters_mm[had]).all()
    assert (end.enters_mm[had] < LOW_MM).all()


def test_donors_axons_cross_a_place_that_is_broken_below() -> None:
    torn = replace(axonotmesis(), sunderland_grade=np.where(np.isfinite(axonotmesis().cut_d), 5, 0))
    n = [
        int((back(one) & np.isfinite(one.regrowth.donor_d)).sum())
        for one in (
            followed(torn, led(10.0)),
            followed(lesion.both(torn, crushed(2)), led(10.0)),
            followed(lesion.both(torn, crushed(5)), led(10.0)),
        )
    ]
    print("donors' axons that arrive over a whole, a crushed and a divided place:", n)
    assert n[0] > n[1] > n[2] == 0
