"""Two injuries far apart on one nerve: the limits that any account of them has to meet."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from test_course import axonotmesis
from test_lesion import BRANCHES, NERVE, TARGETS, TWINS, leg_nerve

from tinel import course, lesion, treatment
from tinel.case import Case, parse
from tinel.cohort.person import injure
from tinel.course import Course
from tinel.course.fate import Regrowth
from tinel.course.state import NOWHERE
from tinel.errors import TinelError
from tinel.exam.block import Block
from tinel.exam.conduction_time import conduction_time_ms
from tinel.exam.laboratory import Laboratory
from tinel.exam.limb import Limb, limb_on
from tinel.flow import run
from tinel.forecast.when_to_operate import operation_of
from tinel.lesion import Lesion
from tinel.report.limb_figure import furthest, limb_figure
from tinel.treatment import Plan

WAIT = treatment.plan("wait", [])
HIGH_MM, LOW_MM = 350.0, 790.0
LATE_D = 3000.0
THROUGH = NERVE.fibres.target >= 2  # those that run on through the lower place


def elsewhere() -> Lesion:
    """Nothing but a place, at the neck of the fibula."""
    low = replace(NERVE, twins=NERVE.twins.elsewhere("distal"))
    return lesion.crush.make(low, "peroneal", site_mm=LOW_MM, length_mm=20.0, fraction=0.0)


def crushed(grade: int = 2) -> Lesion:
    """Every axon broken at the neck of the fibula, in tubes of one grade."""
    here, shape = elsewhere(), NERVE.fibres.diameter_um.shape
    return replace(
        here,
        cut_d=np.where(THROUGH, np.zeros(shape), np.inf),
        sunderland_grade=np.where(THROUGH, np.full(shape, grade), 0),
    )


def half(hurt: Lesion) -> Lesion:
    """The same for every second fibre."""
    odd = np.arange(THROUGH.size) % 2 == 0
    return replace(
        hurt,
        cut_d=np.where(odd, hurt.cut_d, np.inf),
        sunderland_grade=np.where(odd, hurt.sunderland_grade, 0),
    )


def grafted(day: float, at: str) -> Plan:
    return treatment.plan("x", [{"treatment": "graft", "day": day, "gap_mm": 10, "at": at}])


def followed(hurt: Lesion, plan: Plan = WAIT) -> Course:
    return course.follow(NERVE, hurt, plan)


def back(one: Course) -> np.ndarray:
    return np.isfinite(one.regrowth.arrive_d)


def home(one: Course) -> np.ndarray:
    """Axons that keep to their own tube."""
    return one.regrowth.destination == NERVE.fibres.target


def same(a: Regrowth, b: Regrowth, where: np.ndarray) -> None:
    where = np.broadcast_to(where, a.from_mm.shape)
    for f in fields(Regrowth):
        if f.name not in ("own", "since_d"):
            one, other = getattr(a, f.name), getattr(b, f.name)
            np.testing.assert_array_equal(one[where], other[where], f.name)


# ---- the two places


def test_order_does_not_matter() -> None:
    high, low = axonotmesis(), crushed()
    one, other = lesion.both(high, low), lesion.both(low, high)
    assert one.site_mm[0] == HIGH_MM and one.beyond is low
    same(followed(one).regrowth, followed(other).regrowth, np.ones(THROUGH.shape, bool)[None, :])


@pytest.mark.parametrize("below", [True, False])
def test_one_that_hurts_nothing_changes_nothing(below: bool, table: Laboratory) -> None:
    one = axonotmesis() if below else crushed(3)
    high = lesion.crush.make(NERVE, "sciatic", site_mm=HIGH_MM, length_mm=20.0, fraction=0.0)
    alone, two = followed(one), followed(lesion.both(one, elsewhere() if below else high))
    same(alone.regrowth, two.regrowth, np.isfinite(alone.cut_d))
    of_place = {"beyond", "lamellae_left", "paranode_opening", "ionic_block"}
    for day in (0.0, 2.0, 60.0, 500.0, LATE_D):
        a, b = course.state_at(alone, day), course.state_at(two, day)
        for f in fields(a):
            if f.name not in of_place:
                one_value, other = getattr(a, f.name), getattr(b, f.name)
                np.testing.assert_array_equal(one_value, other, f.name)
        x, y = table.limb(alone, day), table.limb(two, day)
        np.testing.assert_array_equal(x.conducts, y.conducts)
        for start, end in ((ABOVE, BETWEEN), (ABOVE, FOOT), (BETWEEN, FOOT), (BELOW, FOOT)):
            times = [conduction_time_ms(limb, table.conduction, start, end) for limb in (x, y)]
            if below:
                np.testing.assert_array_equal(*times)
            else:  # where the axon broke is told by the place it broke at
                np.testing.assert_allclose(times[0], times[1], rtol=1e-12)


def test_what_does_not_fit_is_refused() -> None:
    high, low = axonotmesis(), crushed()
    with pytest.raises(TinelError, match="overlap by 30 mm"):
        lesion.both(replace(high, length_mm=low.site_mm - high.site_mm + 30.0), low)
    with pytest.raises(TinelError, match="two places already"):
        lesion.both(lesion.both(high, low), low)
    with pytest.raises(TinelError, match="do not run through"):
        lesion.both(replace(low, site_mm=np.full(len(TWINS), 100.0)), high)


# ---- axons


def test_a_whole_tube_below_costs_nothing() -> None:
    thin = replace(
        elsewhere(), lamellae_left=np.where(THROUGH, np.full(crushed().cut_d.shape, 0.01), 1.0)
    )
    alone, two = followed(axonotmesis()), followed(lesion.both(axonotmesis(), thin))
    same(alone.regrowth, two.regrowth, np.ones(alone.cut_d.shape, bool))
    for day in (30.0, 400.0, LATE_D):
        a, b = course.state_at(alone, day), course.state_at(two, day)
        np.testing.assert_array_equal(a.territory, b.territory)
        np.testing.assert_array_equal(a.front_mm, b.front_mm)


def test_an_axon_broken_below_alone_starts_there() -> None:
    high = half(axonotmesis())
    only_low = np.isinf(high.cut_d) & THROUGH
    alone, two = followed(crushed(3)), followed(lesion.both(high, crushed(3)))
    same(alone.regrowth, two.regrowth, only_low)
    assert (two.regrowth.from_mm[only_low] == LOW_MM).all()


def test_an_axon_broken_above_alone_is_as_without_the_other() -> None:
    low = half(crushed(5))
    alone, two = followed(axonotmesis()), followed(lesion.both(axonotmesis(), low))
    same(alone.regrowth, two.regrowth, np.isinf(low.cut_d) & home(alone))


def test_an_axon_broken_twice_crosses_twice() -> None:
    high, low = followed(axonotmesis()), followed(crushed())
    two = followed(lesion.both(axonotmesis(), crushed()))
    grown = two.regrowth
    first, second = np.isfinite(high.regrowth.start_d), grown.from_mm == LOW_MM
    # what gets through the second place came through the first, later, and after the waiting there
    assert not (second & ~first).any() and second.any()
    assert (grown.since_d[second] == grown.start_d[second]).all()
    kept = home(high) & home(two)
    assert (back(two) <= back(high))[kept].all()
    later = back(two) & THROUGH & kept
    assert (grown.arrive_d > high.regrowth.arrive_d)[later].all()
    chance = np.isfinite(low.regrowth.start_d)[:, THROUGH].mean()
    arrived = grown.own.ends_mm[:, THROUGH] <= LOW_MM
    got = second[:, THROUGH][arrived].mean()
    print(f"of axons that came to the second place {got:.2f} crossed; alone {chance:.2f}")
    assert 0.5 * chance < got < 1.02 * chance  # they are older when they come
    # the two draws do not know of each other
    draw = NERVE.twins.uniform("course.passage.fibre", THROUGH.size, 0.0)[:, THROUGH]
    middle = np.median(draw[arrived])
    shares = [second[:, THROUGH][arrived & part].mean() for part in (draw < middle, draw >= middle)]
    assert shares[0] == pytest.approx(shares[1], abs=0.12)


def test_tips_wait_where_the_second_place_is_divided() -> None:
    two = followed(lesion.both(axonotmesis(), crushed(5)))
    below = two.regrowth.destination >= 2
    assert not (back(two) & below).any()
    state = course.state_at(two, LATE_D)
    came = np.isfinite(two.regrowth.start_d) & THROUGH & below
    front = state.front_mm[came]
    alone = course.state_at(followed(axonotmesis()), LATE_D).front_mm[came]
    np.testing.assert_array_equal(front, np.minimum(alone, LOW_MM))
    assert (front == LOW_MM).any() and (front < LOW_MM).any()  # some stumps were empty too long
    assert not state.growing[came].any() and state.torn[came].all()
    before = course.state_at(two, 200.0)
    assert ((before.front_mm > HIGH_MM) & (before.front_mm < LOW_MM))[came].all()


def test_the_tip_never_goes_back() -> None:
    two = followed(lesion.both(axonotmesis(), crushed(3)))
    fronts = [course.state_at(two, day).front_mm for day in np.linspace(0.0, 1500.0, 61)]
    steps = np.diff(np.stack(fronts), axis=0)
    assert steps.min() >= 0.0 and steps.max() < 25.0 * 8.0


def test_an_injury_below_that_comes_after_the_axon_breaks_it_again() -> None:
    late = replace(
        crushed(), cut_d=np.where(THROUGH, 700.0, np.inf) + np.zeros(crushed().cut_d.shape)
    )
    late = replace(late, struck_d=np.full(len(TWINS), 700.0))
    grown = followed(lesion.both(axonotmesis(), late)).regrowth
    again = grown.from_mm == LOW_MM
    assert again.any() and (grown.start_d[again] > 700.0).all()


def test_axons_astray_meet_the_place_on_the_way_they_took() -> None:
    sewn = treatment.plan("sewn", [{"treatment": "repair", "day": 1, "at": "proximal"}])
    torn = lesion.laceration.make(NERVE, "sciatic", site_mm=HIGH_MM, fraction=1.0)
    two = followed(lesion.both(torn, crushed(5)), sewn)
    end, arrived = two.regrowth.destination, back(two)
    below = (end >= 2) & (end != NOWHERE)
    assert not (arrived & below).any()
    from_below = arrived & THROUGH
    assert from_below.any() and (end[from_below] < 2).all()


# ---- pressure


def pressing(mmHg: float, onset_d: float = 0.0) -> Lesion:
    return lesion.constriction.make(
        NERVE, "peroneal", site_mm=LOW_MM, length_mm=30.0, pressure_mmHg=mmHg, onset_d=onset_d
    )


def test_a_scar_below_stops_growing_axons_until_it_is_freed() -> None:
    two = lesion.both(axonotmesis(), pressing(120.0))
    free = treatment.plan("free", [{"treatment": "neurolysis", "day": 500, "at": "distal"}])
    wrong = treatment.plan("free", [{"treatment": "neurolysis", "day": 500, "at": "proximal"}])
    alone, stuck, freed = followed(axonotmesis()), followed(two), followed(two, free)
    n = [int(back(one)[:, THROUGH].sum()) for one in (alone, stuck, freed)]
    print("arrived alone, under a scar, under a scar that is freed:", n)
    assert n[1] < n[2] <= n[0]
    assert (back(followed(two, wrong)) == back(stuck)).all()
    # an axon that broke above is not there for the scar to break
    assert not np.isfinite(stuck.beyond.cut_d).any()


def test_a_scar_below_breaks_what_stands() -> None:
    two = followed(lesion.both(half(axonotmesis()), pressing(150.0)))
    stands = np.isinf(half(axonotmesis()).cut_d) & THROUGH
    alone = followed(pressing(150.0))
    np.testing.assert_array_equal(two.cut_d[stands], alone.cut_d[stands])


# ---- what is done


def test_a_treatment_has_to_say_where() -> None:
    two = lesion.both(axonotmesis(), crushed(5))
    with pytest.raises(TinelError, match="at which of two injuries"):
        followed(two, treatment.plan("sewn", [{"treatment": "repair", "day": 1}]))
    with pytest.raises(TinelError, match="there is one"):
        followed(
            axonotmesis(),
            treatment.plan("sewn", [{"treatment": "repair", "day": 1, "at": "distal"}]),
        )
    with pytest.raises(TinelError, match="'proximal'"):
        treatment.plan("sewn", [{"treatment": "repair", "day": 1, "at": "knee"}])
    followed(two, treatment.plan("drug", [{"treatment": "tacrolimus", "day": 1}]))


def test_a_stimulation_helps_where_it_is_given_and_nowhere_else() -> None:
    torn = axonotmesis()
    high = half(replace(torn, sunderland_grade=np.full(torn.sunderland_grade.shape, 3)))
    two, pulses = lesion.both(high, crushed(3)), {"treatment": "brief stimulation", "day": 0}
    with pytest.raises(TinelError, match="at which of two injuries"):
        followed(two, treatment.plan("pulses", [pulses]))
    waiting = followed(two)
    above = np.isfinite(high.cut_d)
    for at, untouched in (("proximal", ~above & THROUGH), ("distal", above & ~THROUGH)):
        given = followed(two, treatment.plan("pulses", [{**pulses, "at": at}]))
        n = [int(back(one)[:, THROUGH].sum()) for one in (waiting, given)]
        print(f"arrived, waiting and with pulses at the {at} place:", n)
        assert n[1] > n[0] and untouched.any()
        # one that strays at the proximal place may come to the distal one in another's tube
        same(given.regrowth, waiting.regrowth, untouched & home(waiting))


def test_a_repair_opens_the_place_it_is_done_at() -> None:
    two = lesion.both(axonotmesis(), crushed(5))
    low = treatment.plan("sewn", [{"treatment": "repair", "day": 1, "at": "distal"}])
    high = treatment.plan("sewn", [{"treatment": "repair", "day": 1, "at": "proximal"}])
    for plan, helps in ((low, True), (high, False)):
        one = followed(two, plan)
        assert (back(one) & (one.regrowth.destination >= 2)).any() == helps


def test_cutting_out_one_place_leaves_the_other_as_it_is() -> None:
    two = lesion.both(axonotmesis(), crushed(3))
    high = followed(
        two,
        grafted(90, "proximal"),
    )
    assert (high.hurt.sunderland_grade[:, NERVE.fibres.target >= 0] == 5).all()
    assert (high.hurt.beyond.sunderland_grade[:, THROUGH] == 3).all()
    low = followed(two, grafted(90, "distal"))
    assert (low.hurt.beyond.sunderland_grade[:, THROUGH] == 5).all()
    assert (low.hurt.sunderland_grade[:, THROUGH] == 2).all()
    same(low.regrowth, followed(axonotmesis()).regrowth, ~THROUGH & home(followed(axonotmesis())))


def test_what_had_grown_through_sets_out_anew_from_where_it_is_cut() -> None:
    two = lesion.both(axonotmesis(), crushed(2))
    day = 900.0
    late = followed(two, grafted(day, "distal"))
    before = followed(two)
    below = before.regrowth.destination >= 2
    had = (before.regrowth.arrive_d <= day) & THROUGH & below
    assert had.any()
    grown = late.regrowth
    started = had & np.isfinite(grown.start_d)
    assert (grown.from_mm[had] == LOW_MM).all() and (grown.start_d[started] > day).all()
    assert not course.state_at(late, day + 1.0).reached[had].any()
    # those on another way keep what they hold
    spared = (before.regrowth.arrive_d <= day) & ~below
    a, b = course.state_at(before, day + 400.0), course.state_at(late, day + 400.0)
    np.testing.assert_array_equal(a.reached[spared], b.reached[spared])
    np.testing.assert_allclose(a.territory[spared], b.territory[spared], rtol=1e-6)


# ---- what is kept


@pytest.mark.parametrize("grade", [2, 3, 5])
def test_nobody_holds_more_than_there_is(grade: int) -> None:
    two = followed(lesion.both(axonotmesis(), half(crushed(grade))))
    for day in (0.0, 20.0, 300.0, 900.0, LATE_D):
        state = course.state_at(two, day)
        for k in range(len(TARGETS)):
            held = np.where(state.destination == k, state.territory, 0.0).sum(axis=1)
            assert held.max() <= 1.0 + 1e-9


@pytest.mark.parametrize("grade", [2, 3, 4, 5])
def test_a_second_injury_helps_nobody(grade: int) -> None:
    high = half(axonotmesis())
    one, two = followed(high), followed(lesion.both(high, crushed(grade)))
    for day in (30.0, 300.0, 900.0, LATE_D):
        a, b = (course.state_at(c, day) for c in (one, two))
        for k in range(len(TARGETS)):
            held = [
                np.where((s.destination == k) & s.right, s.territory * s.readiness, 0.0).sum(axis=1)
                for s in (a, b)
            ]
            assert held[1].mean() <= held[0].mean() + 1e-9


def test_twins_do_not_depend_on_the_chunk() -> None:
    def two(twins: range) -> Course:
        nerve = leg_nerve(twins)
        far = replace(nerve, twins=nerve.twins.elsewhere("distal"))
        high = lesion.crush.make(nerve, "sciatic", site_mm=HIGH_MM, length_mm=20.0)
        low = lesion.traction.make(
            far, "peroneal", site_mm=LOW_MM, length_mm=40.0, strain_percent=15.0
        )
        return course.follow(nerve, lesion.both(high, low), WAIT)

    whole, part = two(range(6)), two(range(2, 4))
    np.testing.assert_array_equal(whole.regrowth.arrive_d[2:4], part.regrowth.arrive_d)


def test_two_places_draw_apart() -> None:
    far = replace(NERVE, twins=NERVE.twins.elsewhere("distal"))
    near, low = (
        lesion.laceration.make(one, "sciatic", site_mm=HIGH_MM, fraction=0.5)
        for one in (NERVE, far)
    )
    alike = (np.isfinite(near.cut_d) == np.isfinite(low.cut_d)).mean()
    assert 0.2 < alike < 0.8


# ---- impulses


@pytest.fixture(scope="module")
def table() -> Laboratory:
    from tinel.cable.conduction.table import conduction
    from tinel.nerve.library import parameters

    return Laboratory(33.5, conduction(33.5, parameters()))


def blocked_at(hurt: Lesion) -> Lesion:
    here = hurt.present[None, :] & THROUGH
    return replace(
        hurt,
        cut_d=np.full(hurt.cut_d.shape, np.inf),
        sunderland_grade=np.zeros(hurt.cut_d.shape, int),
        lamellae_left=np.where(here, 0.005, 1.0),
    )


def limb_of(hurt: Lesion, table: Laboratory, day: float) -> Limb:
    return table.limb(followed(hurt), day)


def passes(limb: Limb, table: Laboratory, start_mm: float, end_mm: float) -> float:
    time = conduction_time_ms(limb, table.conduction, start_mm, end_mm)
    return float(np.isfinite(time[:, NERVE.fibres.target == 3]).mean())


ABOVE, BETWEEN, BELOW, FOOT = 310.0, 600.0, 900.0, 1150.0


def test_a_block_below_shows_from_both_sites_above_it(table: Laboratory) -> None:
    limb = limb_of(lesion.both(half(axonotmesis()), blocked_at(crushed())), table, 2.0)
    assert not limb.conducts[:, THROUGH].any()
    assert passes(limb, table, BETWEEN, FOOT) == 0.0
    assert passes(limb, table, BELOW, FOOT) > 0.95
    assert passes(limb, table, BETWEEN, 700.0) > 0.95
    assert passes(limb, table, ABOVE, BETWEEN) == pytest.approx(0.5, abs=0.01)


def test_short_steps_show_where_the_second_place_is(table: Laboratory) -> None:
    limb = limb_of(lesion.both(half(axonotmesis()), blocked_at(crushed())), table, 2.0)
    shares = [passes(limb, table, start, FOOT) for start in np.arange(700.0, 900.0, 20.0)]
    steps = np.diff(shares)
    assert shares[0] == 0.0 and shares[-1] > 0.95
    assert LOW_MM - 20.0 <= 710.0 + 20.0 * int(steps.argmax()) <= LOW_MM + 20.0
    assert (steps >= 0.0).all() and (steps > 0.0).sum() <= 2


def test_a_block_above_shows_only_from_above(table: Laboratory) -> None:
    limb = limb_of(lesion.both(blocked_at(axonotmesis()), half(crushed())), table, 2.0)
    assert not limb.conducts[:, THROUGH].any()
    assert passes(limb, table, ABOVE, FOOT) == 0.0
    assert passes(limb, table, BETWEEN, FOOT) == pytest.approx(0.5, abs=0.01)
    assert passes(limb, table, BELOW, FOOT) > 0.95  # the stumps of day 2


def test_a_limb_with_two_places_needs_the_blocks_of_both(table: Laboratory) -> None:
    limb = limb_of(lesion.both(half(axonotmesis()), blocked_at(crushed())), table, 2.0)
    block = Block.of(NERVE, limb.lesion, table.conduction).on(limb.state)
    with pytest.raises(TinelError, match="second injury is missing"):
        limb_on(NERVE, limb.lesion, limb.state, block)


def test_a_fibre_conducts_where_both_places_let_it(table: Laboratory) -> None:
    odd = np.arange(THROUGH.size) % 2 == 0
    high = blocked_at(axonotmesis())
    high = replace(high, lamellae_left=np.where(odd, high.lamellae_left, 1.0))
    low = blocked_at(crushed())
    low = replace(low, lamellae_left=np.where(odd, 1.0, low.lamellae_left))
    one, other = (limb_of(hurt, table, 2.0).conducts[:, THROUGH] for hurt in (high, low))
    both = limb_of(lesion.both(high, low), table, 2.0).conducts[:, THROUGH]
    assert one.any() and other.any() and not both.any()
    np.testing.assert_array_equal(both, one & other)


def test_slowing_of_both_adds_up(table: Laboratory) -> None:
    def thinned(hurt: Lesion) -> Lesion:
        return replace(
            blocked_at(hurt), lamellae_left=np.where(THROUGH, np.full(hurt.cut_d.shape, 0.3), 1.0)
        )

    none = limb_of(
        replace(blocked_at(crushed()), lamellae_left=np.ones(crushed().cut_d.shape)), table, 2.0
    )
    high, low = thinned(axonotmesis()), thinned(crushed())
    times = [
        conduction_time_ms(one, table.conduction, ABOVE, FOOT)[:, THROUGH]
        for one in (none, *(limb_of(h, table, 2.0) for h in (high, low, lesion.both(high, low))))
    ]
    np.testing.assert_allclose(times[3] - times[0], times[1] + times[2] - 2 * times[0], rtol=1e-9)
    assert (times[3] > times[1]).all()


def test_a_stump_carries_nothing_over_a_second_break(table: Laboratory) -> None:
    limb = limb_of(lesion.both(axonotmesis(), crushed()), table, 2.0)
    assert passes(limb, table, BETWEEN, FOOT) == 0.0
    assert passes(limb, table, BELOW, FOOT) > 0.95
    assert passes(limb, table, BETWEEN, 700.0) > 0.95
    assert passes(limb, table, 310.0, 340.0) == 1.0


def test_a_regrown_axon_is_blocked_where_its_old_part_is(table: Laboratory) -> None:
    # broken below alone, back from there, and bare above
    hurt = lesion.both(half(axonotmesis()), crushed())
    limb = limb_of(hurt, table, 900.0)
    bare = replace(limb.state, lamellae_left=np.full(limb.state.intact.shape, 0.001))
    block = Block.of(NERVE, hurt, table.conduction)
    assert limb.course is not None
    blocked = block.limb(NERVE, hurt, bare, (), limb.course)
    old = limb.state.reached & limb.state.stands_before & THROUGH
    new = limb.state.reached & ~limb.state.stands_before & THROUGH
    assert old.any() and new.any()
    assert limb.conducts[old].all() and not blocked.conducts[old].any()
    assert blocked.conducts[new].all()  # what has grown anew through both has its own sheath


def test_an_axon_broken_below_is_its_old_self_up_to_there(table: Laboratory) -> None:
    alone = limb_of(crushed(), table, 20.0)
    two = limb_of(lesion.both(half(axonotmesis()), crushed()), table, 20.0)
    only_low = np.isinf(half(axonotmesis()).cut_d) & THROUGH
    for start, end in ((ABOVE, BETWEEN), (ABOVE, FOOT), (BELOW, FOOT)):
        one, other = (
            conduction_time_ms(x, table.conduction, start, end)[only_low] for x in (alone, two)
        )
        np.testing.assert_array_equal(np.isfinite(one), np.isfinite(other))
        np.testing.assert_allclose(one[np.isfinite(one)], other[np.isfinite(one)], rtol=1e-12)
    assert len(two.only(TARGETS[3].name).state.beyond.divided[0]) == 60
    assert BRANCHES[1].name == "peroneal"


# ---- as a user writes it

HIP = """
[patient]
sex = "male"
age = 40
height_cm = 178
limb_temperature_c = 32

[nerve]
name = "sciatic"
side = "right"

[cause]
kind = "traction"
procedure = "hip socket broken on a dashboard"
site = "gluteal fold"
length_mm = 60
strain_percent = 25
{more}
[cause.second]
kind = "compression"
branch = "common fibular"
site = "fibular neck"
length_mm = 20
acute_pressure_mmHg = {{ low = 300, high = 1500, why = "never measured" }}
hours = 2
{second}
[[exam]]
days = [3, 60, 730]
tests = ["motor conduction", "sensory conduction", "strength", "touch"]
{arms}
[run]
twins = 6
"""


EXAM = '[[exam]]\ndays = [3]\ntests = ["strength"]\n'


def case_of(more: str = "", second: str = "", arms: str = "") -> Case:
    return parse(HIP.format(more=more, second=second, arms=arms))


def arm(*steps: str) -> str:
    return '[[arm]]\nname = "wait"\n[[arm]]\nname = "x"\n' + "".join(
        f"[[arm.step]]\n{step}\n" for step in steps
    )


def test_a_case_may_have_a_second_injury() -> None:
    case = case_of()
    assert case.cause.beyond is not None and case.place.beyond is not None
    assert case.cause.kind == "traction" and case.cause.beyond.kind == "compression"
    person = injure(case, range(4))
    near, far = person.lesion.sites
    assert near.branch == "sciatic trunk" and far.branch == "common fibular"
    assert "distal.acute_pressure_mmHg" in person.drawn
    assert any("cause.second" in note for note in case.notes)


def test_the_order_in_the_file_does_not_matter() -> None:
    one = case_of()
    head, first, second = HIP.partition("[cause]")[0], HIP.partition("[cause]")[2], ""
    own, _, rest = first.partition("{more}\n[cause.second]\n")
    second, _, tail = rest.partition("{second}\n")
    told = 'procedure = "hip socket broken on a dashboard"\n'
    swapped = f"{head}[cause]\n{second}{told}[cause.second]\n{own.replace(told, '')}\n{tail}"
    other = parse(swapped.format(arms=""))
    assert other.cause.procedure == one.cause.procedure
    a, b = injure(one, range(4)), injure(other, range(4))
    for x, y in zip(a.lesion.sites, b.lesion.sites, strict=True):
        for f in fields(Lesion):
            if f.name != "beyond":
                np.testing.assert_array_equal(getattr(x, f.name), getattr(y, f.name))
    assert a.drawn.keys() == b.drawn.keys()


def test_a_second_injury_that_hurts_nothing_changes_nothing() -> None:
    text = HIP.format(more="", second="", arms="")
    start, end = text.index("[cause.second]"), text.index("[[exam]]")
    alone = parse(text[:start] + text[end:])
    weak = parse(text.replace("hours = 2", "hours = 0.01").replace(
        '{ low = 300, high = 1500, why = "never measured" }', "1"))  # fmt: skip
    one, other = run(alone, twins=6).outcomes, run(weak, twins=6).outcomes
    for part in ("curves", "exams", "healthy", "classes", "arrivals"):
        a, b = getattr(one, part), getattr(other, part)
        assert a.labels == b.labels and a.values.size
        if part == "curves":  # sums over fibres, found in another order for one injury
            np.testing.assert_allclose(a.values, b.values, rtol=1e-12, atol=1e-12)
        else:
            np.testing.assert_array_equal(a.values, b.values)


@pytest.mark.parametrize(
    ("more", "second", "arms", "told"),
    [
        ("", "[cause.second.second]\nkind = 'crush'\n", "", "cause.second.second: is a third"),
        ("", "procedure = 'x'\n", "", "cause.second.procedure: does not belong"),
        ("", "kind2 = 'x'\n", "", "cause.second.kind2"),
        ("", "", arm('treatment = "neurolysis"\nday = 30'), r"step\[1\].at: is missing"),
        ("", "", arm('treatment = "repair"\nday = 30\nat = "knee"'), r"step\[1\].at: 'knee'"),
    ],
)
def test_bad_files_say_what_to_do(more: str, second: str, arms: str, told: str) -> None:
    with pytest.raises(TinelError, match=told):
        case_of(more, second, arms)


def test_places_that_do_not_fit_are_refused() -> None:
    text = HIP.format(more="", second="", arms="")
    both_there = text.replace(
        'site = "gluteal fold"', 'branch = "common fibular"\nsite = "fibular neck"'
    )
    with pytest.raises(TinelError, match=r"cause\.second: may begin at .* \[cause\.with\]"):
        parse(both_there)
    apart = text.replace('site = "gluteal fold"', 'branch = "tibial"\nsite_mm = 800')
    with pytest.raises(TinelError, match="no fibre runs through both"):
        parse(apart)
    with pytest.raises(TinelError, match="has one injury"):
        parse(text.replace('side = "right"', 'side = "right"\nalso = ["femoral"]'))
    single = text[: text.index("[cause.second]")] + text[text.index("[[exam]]") :]
    step = arm('treatment = "neurolysis"\nday = 30\nat = "distal"')
    with pytest.raises(TinelError, match="the case has one"):
        parse(single.replace("[run]", step + "[run]"))


def test_two_operations_on_one_day_at_two_places() -> None:
    steps = [f'treatment = "neurolysis"\nday = 30\nat = "{at}"' for at in ("proximal", "distal")]
    plan = case_of(arms=arm(*steps)).plans()[1]
    assert {i.at for i in plan.interventions} == {"proximal", "distal"}


def test_a_case_with_two_injuries_runs_to_its_end() -> None:
    arms = arm('treatment = "neurolysis"\nday = 60\nat = "distal"')
    result = run(case_of(arms=arms), twins=6)
    foot, calf = (
        result.twins("wait", "force", name).mean(axis=0)[-1]
        for name in ("tibialis anterior", "gastrocnemius")
    )
    assert foot < calf  # the fibular part is hit twice
    assert (result.twins("x", "conducting fibres") >= 0.0).all()


def test_the_page_on_cases_shows_one_that_is_read() -> None:
    page = (Path(__file__).parents[1] / "docs/concepts/case.md").read_text(encoding="utf-8")
    part = page[page.index("## Two injuries of one nerve") :]
    shown = [line[4:] for line in part.splitlines() if line.startswith("    ")]
    told = "\n".join(shown).replace("[[arm.step]]", '[[arm]]\nname = "x"\n[[arm.step]]')
    case = parse(f"{HIP.partition('[cause]')[0]}\n{told}\n{EXAM}")
    assert case.cause.beyond is not None and case.plans()[-1].interventions[0].at == "distal"


def test_both_places_are_drawn_and_only_what_grew_is_called_growing() -> None:
    result = run(case_of(), twins=6)
    caption = limb_figure(result).caption
    assert "bars mark both injuries" in caption and "the second 20 mm" in caption
    # on day 3 axons end where they broke, those of the second place farther out
    for visits in result.visits.values():
        assert furthest(visits[3.0]) is None


def test_a_transfer_is_done_at_no_injury() -> None:
    led = (
        'treatment = "nerve transfer"\nday = 60\ntargets = "tibialis anterior"\n'
        'distance_mm = 60\nat = "distal"'
    )
    with pytest.raises(TinelError, match=r"step\[1\].at: .*leads axons in"):
        case_of(arms=arm(led))


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ('treatment = "brief stimulation"\nday = 60', r"step\[1\].at: is missing"),
        ('treatment = "tacrolimus"\nday = 60\nat = "distal"', r"step\[1\].at: .*whole person"),
        ('treatment = "exercise"\nday = 60\nat = "proximal"', r"step\[1\].at: .*whole person"),
    ],
)
def test_a_step_says_at_which_injury_where_and_only_where_it_acts_there(
    step: str, told: str
) -> None:
    with pytest.raises(TinelError, match=told):
        case_of(arms=arm(step))


def test_no_usual_operation_is_assumed_at_one_of_two_places() -> None:
    assert operation_of(case_of()) == ()


def test_branches_in_a_gap_are_those_at_the_place_that_is_grafted() -> None:
    graft = 'treatment = "graft"\nday = 60\ngap_mm = 150\nat = "distal"'
    notes = " ".join(case_of(arms=arm(graft)).notes)
    assert "biceps femoris" not in notes
