"""Treatments: what is read from a case file, and what an arm changes."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from test_lesion import NERVE, scar, severed

from tests.people import PUBLISHED, some
from tinel import course, lesion, treatment
from tinel.errors import TinelError
from tinel.evidence import GRADES
from tinel.nerve import build
from tinel.nerve.anatomy import MOTOR, Branch, Fascicle, Fibres, Nerve, Target
from tinel.treatment.graft import astray
from tinel.treatment.hydrodissection import pressure_left, reach_mm
from tinel.treatment.repair import under_tension
from tinel.treatment.transfer import donor_fraction

FOUR = {"treatment": "hydrodissection", "days": [60, 150, 240, 330], "platelets": True}
WAIT = treatment.plan("wait", [])


# ---- hydrodissection


@pytest.mark.parametrize("platelets", [False, True])
@pytest.mark.parametrize("pressure", [0.0, 60.0, 120.0])
def test_hydrodissection_equals_waiting_to_the_last_bit(platelets: bool, pressure: float) -> None:
    arm = treatment.plan("four sessions", [{**FOUR, "platelets": platelets}])
    hurt = lesion.join(severed(0.3), scar(pressure, onset_d=14.0))
    done = course.follow(NERVE, hurt, arm)
    waited = course.follow(NERVE, hurt, WAIT)
    for field in fields(done.regrowth):
        one, other = getattr(done.regrowth, field.name), getattr(waited.regrowth, field.name)
        assert np.array_equal(one, other)
    for day in (0.0, 61.0, 200.0, 365.0, 1000.0):
        a, b = course.state_at(done, day), course.state_at(waited, day)
        for field in fields(a):
            assert np.array_equal(getattr(a, field.name), getattr(b, field.name)), field.name


def test_hydrodissection_range_brackets_waiting() -> None:
    arm = treatment.plan("four sessions", [FOUR])
    assert arm.low is not None and arm.high is not None
    hurt = scar(60.0)
    left = {
        name: course.state_at(course.follow(NERVE, hurt, p), 365.0).lamellae_left.mean()
        for name, p in (("least", arm.low), ("value", arm), ("most", arm.high))
    }
    print(f"sheath left at a year: {left}")
    assert left["least"] < left["value"] < left["most"]


def test_hydrodissection_says_that_no_trial_exists() -> None:
    arm = treatment.plan("four sessions", [FOUR])
    assert "No controlled trial" in arm.says and "conduction" in arm.says
    assert arm.evidence_grade == "assumption"


# ---- release


def test_neurolysis_spares_axons_that_still_stand() -> None:
    courses = [
        course.follow(NERVE, scar(80.0), treatment.plan("x", steps))
        for steps in (
            [],
            [{"treatment": "neurolysis", "day": 300}],
            [{"treatment": "neurolysis", "day": 60}],
        )
    ]
    standing = [course.state_at(c, 720.0).intact.mean() for c in courses]
    print(f"axons standing at 2 years, waiting, late and early release: {np.round(standing, 2)}")
    assert standing[0] < standing[1] < standing[2]
    # Nothing before its day.
    a, b = (course.state_at(c, 299.0) for c in courses[:2])
    assert np.array_equal(a.intact, b.intact)
    assert np.allclose(a.lamellae_left, b.lamellae_left, rtol=1e-10)


def test_a_release_before_the_scar_frees_nothing() -> None:
    early = treatment.plan("early", [{"treatment": "neurolysis", "day": 9}])
    followed = course.follow(NERVE, scar(80.0, onset_d=14.0), early)
    assert (course.pressure_at(followed, 15.0) == 80.0).all()
    on_time = treatment.plan("on time", [{"treatment": "neurolysis", "day": 14}])
    freed = course.follow(NERVE, scar(80.0, onset_d=14.0), on_time)
    assert (course.pressure_at(freed, 15.0) < 24.0).all()


def test_relief_fades_with_its_half_time() -> None:
    arm = treatment.plan("release", [{"treatment": "neurolysis", "day": 100}])
    followed = course.follow(NERVE, scar(100.0), arm)
    half = PUBLISHED.scalar("treatment.neurolysis.recurrence")
    assert course.pressure_at(followed, 101.0)[0] == pytest.approx(20.0, abs=8.0)
    assert course.pressure_at(followed, 100.0 + half)[0] == pytest.approx(60.0, abs=8.0)
    assert course.pressure_at(followed, 100.0 + 10 * half)[0] == pytest.approx(100.0)


# ---- suture and graft
# What they do for strength stands beside published cohorts in docs/validation.md.


def trunk(distance_mm: float, n_twin: int = 100, n_fibre: int = 300, age: float = 40) -> Nerve:
    """A nerve with one muscle at a distance from a cut at 600 mm."""
    muscle = Target("muscle", "motor", "trunk", 595 + distance_mm, 600 + distance_mm, units=100)
    draw = np.random.default_rng(1)
    place = draw.uniform(-1.0, 1.0, (2, n_fibre))
    zero = np.zeros(n_fibre, dtype=np.int_)
    return Nerve(
        name="trunk",
        title="",
        side="left",
        limb="leg",
        twins=some(range(n_twin), seed=3, age=age),
        branches=(Branch("trunk", None, 0.0, 1500.0),),
        landmarks=(),
        targets=(muscle,),
        studies=(),
        fascicles=(Fascicle(0.0, 0.0, 1.0),),
        area_mm2=8.0,
        fibres=Fibres(
            kind=zero + MOTOR,
            target=zero,
            weight=np.ones(n_fibre),
            fascicle=zero,
            x_mm=place[0],
            y_mm=place[1],
            depth=np.sqrt(draw.uniform(0.0, 1.0, n_fibre)),
            diameter_um=draw.uniform(8.0, 14.0, (n_twin, n_fibre)),
            unit_uV=np.full((n_twin, n_fibre), 10.0),
        ),
    )


def back(step: dict[str, Any], distance_mm: float = 170.0) -> float:
    """Fraction of the axons that are back four years after a cut and this step."""
    nerve = trunk(distance_mm)
    cut = lesion.laceration.make(nerve, "trunk", site_mm=600.0, fraction=1.0)
    followed = course.follow(nerve, cut, treatment.plan("arm", [step]))
    return float(course.state_at(followed, 1460.0 + step["day"]).joined.mean())


def back_at(age: float) -> float:
    """The same after suture on day 30, at an age."""
    nerve = trunk(170.0, age=age)
    cut = lesion.laceration.make(nerve, "trunk", site_mm=600.0, fraction=1.0)
    arm = treatment.plan("arm", [{"treatment": "repair", "day": 30}])
    return float(course.state_at(course.follow(nerve, cut, arm), 1490.0).joined.mean())


def never_more(values: list[float], what: str) -> None:
    """A series that only falls, and falls in the end."""
    print(f"{what}: {np.round(values, 3)}")
    assert all(a >= b for a, b in pairwise(values)) and values[0] > values[-1]


def test_a_later_repair_never_brings_more_axons_back() -> None:
    for kind in ({"treatment": "repair"}, {"treatment": "graft", "gap_mm": 40}):
        found = [back({**kind, "day": day}) for day in (1, 30, 90, 180, 365, 730)]
        never_more(found, f"axons back after {kind['treatment']}, day 1 to 730")


def test_a_longer_gap_never_brings_more_axons_back() -> None:
    found = [back({"treatment": "repair", "day": 30, "gap_mm": g}) for g in (0, 5, 10, 15, 20)]
    never_more(found, "axons back after suture over 0 to 20 mm")
    found = [back({"treatment": "graft", "day": 30, "gap_mm": g}) for g in (10, 40, 80, 150)]
    never_more(found, "axons back after grafts of 10 to 150 mm")


def test_an_older_patient_never_gets_more_axons_back() -> None:
    never_more([back_at(age) for age in (20, 40, 60, 80)], "axons back at 20 to 80 years")


@pytest.mark.truth
def test_tension_has_a_threshold_as_in_the_rat() -> None:
    # Rat sciatic nerve (PMID 15385776): gaps of 3 and 6 mm as good as none, 9 mm far worse; the
    # threshold lies between 6 and 9 mm. Here the same shape, on the scale of people.
    scale = PUBLISHED.scalar("treatment.repair.gap_half") / 7.5
    left = [float(under_tension(gap * scale, PUBLISHED)) for gap in (0.0, 3.0, 6.0, 9.0)]
    print(f"chance left after gaps of a rat's 0, 3, 6 and 9 mm: {np.round(left, 2)}")
    assert left[0] == 1.0 and left[1] > 0.95 and left[2] > 0.75 and left[3] < 0.35


@pytest.mark.truth
def test_a_second_suture_line_costs_what_it_costs_a_monkey() -> None:
    # Madison et al. 1999 (PMC6784932, table 1): 18.4 ± 3.2 units after suture, 14.9 ± 1.9 and
    # 16.3 ± 2.9 after grafts of 20 and 50 mm.
    suture = treatment.plan("s", [{"treatment": "repair", "day": 0}]).interventions[0]
    for gap, units, sd in ((20, 14.9, 1.9), (50, 16.3, 2.9)):
        graft = treatment.plan("g", [{"treatment": "graft", "day": 0, "gap_mm": gap}])
        kept = float(graft.interventions[0].passage[5] / suture.passage[5])
        print(f"graft of {gap} mm: {kept:.0%} of a suture's axons ({units / 18.4:.0%} published)")
        # both published means have a spread of a fifth between assessments
        assert kept == pytest.approx(units / 18.4, abs=2 * sd / 18.4)


def test_a_graft_is_never_better_than_suture_and_falls_with_its_gap() -> None:
    suture = treatment.plan("s", [{"treatment": "repair", "day": 9}]).interventions[0]
    shares = [
        treatment.plan("g", [{"treatment": "graft", "day": 9, "gap_mm": gap}])
        .interventions[0]
        .passage[5]
        for gap in (10, 40, 120)
    ]
    assert suture.passage[5] > shares[0] > shares[1] > shares[2] > 0
    graft = treatment.plan("g", [{"treatment": "graft", "day": 9, "gap_mm": 40}]).interventions[0]
    assert graft.delay_d > suture.delay_d


def test_repairs_differ_by_a_spread_of_their_own() -> None:
    # a nerve that nobody joined, and whole tubes, keep what people differ by
    crossed = {}
    for spread in (0.5, 3.0):
        numbers = PUBLISHED.replace({"treatment.repair.spread": spread})
        nerve = trunk(170.0, n_twin=60)
        nerve = replace(nerve, twins=replace(nerve.twins, parameters=numbers))
        cut = lesion.laceration.make(nerve, "trunk", site_mm=600.0, fraction=1.0)
        arm = treatment.plan("arm", [{"treatment": "repair", "day": 30}], numbers)
        back = np.isfinite(course.follow(nerve, cut, arm).regrowth.start_d).mean(axis=1)
        crushed = replace(cut, sunderland_grade=np.full(cut.sunderland_grade.shape, 2))
        alone = np.isfinite(course.follow(nerve, crushed, WAIT).regrowth.start_d).mean(axis=1)
        crossed[spread] = back, alone
    low, high = crossed[0.5][0].std(), crossed[3.0][0].std()
    print(f"standard deviation of the fraction that crosses: {low:.2f} and {high:.2f}")
    assert high > 2 * low
    assert (crossed[0.5][1] == crossed[3.0][1]).all()


def test_repair_leaves_standing_axons_alone_unless_told() -> None:
    for resect, standing in ((False, 0.5), (True, 0.0)):
        arm = treatment.plan("s", [{"treatment": "repair", "day": 30, "resect": resect}])
        state = course.state_at(course.follow(NERVE, severed(0.5), arm), 31.0)
        assert state.intact.mean() == pytest.approx(standing, abs=0.02)


# ---- reading


EVERY: list[dict[str, Any]] = [
    {"treatment": "wait"},
    FOUR,
    {"treatment": "neurolysis", "day": 180},
    {"treatment": "decompression", "day": 180},
    {"treatment": "repair", "day": 30},
    {"treatment": "graft", "day": 120, "gap_mm": 40},
    {"treatment": "nerve transfer", "day": 90, "targets": "muscle", "distance_mm": 50},
    {"treatment": "brief electrical stimulation", "day": 30},
    {"treatment": "tacrolimus", "day": 30},
    {"treatment": "exercise", "day": 30},
    {"treatment": "therapy", "day": 30, "splint": True},
    {"treatment": "pain relief", "day": 30, "drug": "pregabalin"},
]
WITHOUT_TRIAL = ("hydrodissection", "tacrolimus", "exercise", "therapy", "pain relief")


def test_every_treatment_stands_in_this_file() -> None:
    assert {s["treatment"] for s in EVERY} == set(treatment.known_treatments())


@pytest.mark.parametrize("step", EVERY, ids=lambda step: step["treatment"])
def test_every_plan_tells_what_it_rests_on(step: dict[str, Any]) -> None:
    arm = treatment.plan("arm", [step])
    # waiting has no effect that could be graded
    assert (arm.evidence_grade in GRADES) == bool(arm.interventions) and len(arm.says) > 40
    assert (arm.low is None) == (step["treatment"] == "wait")


@pytest.mark.parametrize("step", EVERY[1:], ids=lambda step: step["treatment"])
def test_a_treatment_speaks_of_recovery_without_it_and_of_no_dose(step: dict[str, Any]) -> None:
    says = treatment.plan("arm", [step]).says
    beside = ("without", "beside it", "waiting", "by themselves", "no group")
    assert any(word in says.lower() for word in beside), says
    assert not re.search(r"\d ?mg|recommend|should (take|have)", says)


@pytest.mark.parametrize("step", EVERY[1:], ids=lambda step: step["treatment"])
def test_what_no_trial_measured_changes_nothing_and_its_range_does(step: dict[str, Any]) -> None:
    arm = treatment.plan("arm", [step])
    assert arm.low is not None and arm.high is not None
    acts = any(i.acts for i in arm.interventions)
    assert acts == (step["treatment"] not in WITHOUT_TRIAL)
    against_pain = step["treatment"] == "pain relief"  # nerve and muscle never change by it
    assert any(i.acts for i in arm.high.interventions) != against_pain
    assert not against_pain or all(i.relief for i in arm.high.interventions)


def test_waiting_alone_says_what_time_does() -> None:
    assert WAIT.interventions == () and WAIT.treatment == "wait" and WAIT.evidence_grade == ""


@pytest.mark.truth
def test_two_suture_lines_misdirect_as_a_graft_does_in_the_rat() -> None:
    # de Ruiter et al. 2008: peroneal motor axons back in their nerve 42 ± 4.2 % after suture and
    # 25 ± 6.6 % after a graft. With the chance that suits the suture, two lines give the graft.
    for at_random in (0.1, 0.2, 0.25):  # of random axons a part is right; it was not measured
        once = (1.0 - 0.42) / (1.0 - at_random)
        twice = astray(PUBLISHED.replace({"course.misdirection.grade5": once}))[5]
        home = 1.0 - twice * (1.0 - at_random)
        print(f"{at_random:.0%} of random axons right: {home:.0%} home (25 ± 6.6 %)")
        assert home == pytest.approx(0.25, abs=0.066)


# ---- what is given beside an operation


# Power et al. 2019: 176 ± 23 motor units with, 88 ± 11 without (standard errors), 3 years after the
# release of a severe cubital tunnel syndrome; the ratio and its 90 % interval.
UNITS_TIMES = 176 / 88
UNITS_TIMES_90 = UNITS_TIMES * np.exp(1.645 * np.hypot(23 / 176, 11 / 88) * np.array([-1.0, 1.0]))


def test_brief_stimulation_takes_the_ratio_of_units_for_one_of_odds() -> None:
    arm = treatment.plan("s", [{"treatment": "brief electrical stimulation", "day": 3}])
    assert arm.low is not None and arm.high is not None
    factors = [p.interventions[0].crossing_factor for p in (arm.low, arm, arm.high)]
    assert factors[1] == pytest.approx(UNITS_TIMES)
    assert factors[2] == pytest.approx(UNITS_TIMES_90[1], abs=0.05)
    assert factors[0] == 1.0 and arm.interventions[0].growth_rate_factor == 1.0


@pytest.mark.truth
@pytest.mark.xfail(
    strict=True,
    reason="motor axons times 1.07, units times 2.0 (1.49 to 2.69): most axons cross without it, "
    "and those that are lost on the way to the muscle it does not save",
)
def test_brief_stimulation_doubles_the_axons_of_a_released_nerve() -> None:
    # What was read says neither how hard nor how long the tunnel had pressed: here a pressure and a
    # time that leave few axons of the abductor digiti minimi.
    arm = build("ulnar", side="left", twins=some(range(40), age=55))
    elbow = next(mark for mark in arm.landmarks if mark.name == "cubital tunnel")
    hurt = lesion.constriction.make(
        arm, elbow.branch, site_mm=elbow.position_mm, length_mm=30.0, pressure_mmHg=120.0
    )
    release = {"treatment": "decompression", "day": 300}
    stimulate = {"treatment": "brief electrical stimulation", "day": 300}
    plain, helped = (
        course.state_at(course.follow(arm, hurt, treatment.plan("arm", steps)), 300 + 1095)
        for steps in ([release], [release, stimulate])
    )
    k = [t.name for t in arm.targets].index("abductor digiti minimi")
    motor = (arm.fibres.target == k) & (arm.fibres.kind == MOTOR)
    stand = float(plain.intact[:, motor].mean())
    units, arrived = (
        float(getattr(helped, what)[:, motor].sum() / getattr(plain, what)[:, motor].sum())
        for what in ("joined", "reached")
    )
    print(
        f"{stand:.0%} stood; motor axons with a muscle 3 years after a release: times {units:.2f} "
        f"with stimulation, of those that grew back times {arrived:.2f} ({UNITS_TIMES:.1f}, "
        f"{UNITS_TIMES_90[0]:.2f} to {UNITS_TIMES_90[1]:.2f})"
    )
    assert UNITS_TIMES_90[0] <= units <= UNITS_TIMES_90[1]


def test_tacrolimus_may_shorten_recovery_as_in_the_rat_and_does_not_by_default() -> None:
    arm = treatment.plan("t", [{"treatment": "tacrolimus", "day": 3}])
    assert arm.high is not None and not arm.interventions[0].acts
    most = arm.high.interventions[0]
    saved = 1.0 - 1.0 / np.asarray(most.growth_rate_factor)
    print(f"time of growth saved at most {saved:.0%} (rat 15 to 29 %)")
    assert saved == pytest.approx(0.29) and most.delay_factor == pytest.approx(0.71)


def followed_cut(steps: list[dict[str, Any]], distance_mm: float = 170.0) -> course.Course:
    nerve = trunk(distance_mm)
    cut = lesion.laceration.make(nerve, "trunk", site_mm=600.0, fraction=1.0)
    return course.follow(nerve, cut, treatment.plan("arm", steps))


def test_stimulation_lets_more_axons_cross_and_none_faster() -> None:
    sewn = {"treatment": "repair", "day": 10}
    plain = followed_cut([sewn]).regrowth
    helped = followed_cut([sewn, {"treatment": "brief electrical stimulation", "day": 10}]).regrowth
    crossed = [float(np.isfinite(r.start_d).mean()) for r in (plain, helped)]
    print(f"axons that cross without and with stimulation: {np.round(crossed, 3)}")
    assert crossed[1] > crossed[0]
    both = np.isfinite(plain.start_d)
    assert np.array_equal(plain.start_d[both], helped.start_d[both])
    assert np.array_equal(plain.rate_mm_per_day, helped.rate_mm_per_day)


def test_tacrolimus_at_its_most_saves_the_rats_share_of_growth_time() -> None:
    steps = [{"treatment": "repair", "day": 10}, {"treatment": "tacrolimus", "day": 1}]
    nerve = trunk(170.0)
    cut = lesion.laceration.make(nerve, "trunk", site_mm=600.0, fraction=1.0)
    plan = treatment.plan("arm", steps)
    assert plan.high is not None
    # the suture as it is, the drug at its most
    drug = [i for i in plan.high.interventions if i.name == "tacrolimus"]
    sewn = [i for i in plan.interventions if i.name == "repair"]
    most = course.follow(nerve, cut, replace(plan, interventions=(*drug, *sewn))).regrowth
    plain = course.follow(nerve, cut, plan).regrowth
    both = np.isfinite(most.arrive_d) & np.isfinite(plain.arrive_d)
    saved = 1.0 - most.rate_mm_per_day[both].mean() ** -1 * plain.rate_mm_per_day[both].mean()
    print(f"growth time saved at the end of the range: {saved:.0%} (rat 15 to 29 %)")
    assert saved == pytest.approx(0.29, abs=0.01)
    assert (most.arrive_d[both] < plain.arrive_d[both]).all()


def test_what_speeds_growth_acts_on_axons_that_have_not_set_out() -> None:
    nerve = trunk(170.0)
    hurt = lesion.crush.make(nerve, "trunk", site_mm=600.0)
    plain = course.follow(nerve, hurt, treatment.plan("wait", [])).regrowth
    crossed = np.isfinite(plain.start_d)
    for name, times, of_delay in (("tacrolimus", 1 / 0.71, 0.71), ("exercise", 1.2, 1.0)):
        for day in (1.0, 10.0, 400.0):
            high = treatment.plan("arm", [{"treatment": name, "day": day}]).high
            assert high is not None
            most = course.follow(nerve, hurt, high).regrowth
            rests = crossed & (plain.start_d > day)
            faster = np.where(rests, times, 1.0)[crossed]
            gained = (most.rate_mm_per_day / plain.rate_mm_per_day)[crossed]
            assert gained == pytest.approx(faster)
            starts = np.where(rests, day + (plain.start_d - day) * of_delay, plain.start_d)
            assert most.start_d[crossed] == pytest.approx(starts[crossed])
            assert (most.arrive_d <= plain.arrive_d).all()
            print(f"{name} from day {day:g}: {rests[crossed].mean():.0%} of the axons are helped")
        assert not rests.any()


def test_a_transfer_near_the_muscle_beats_a_distant_suture_and_waits_no_better() -> None:
    far = 500.0
    led = {"treatment": "nerve transfer", "targets": "muscle", "distance_mm": 60}
    days = (30, 180, 365, 730)
    late = [back({**led, "day": day}, far) for day in days]
    never_more(late, "axons in a muscle 50 cm away after transfer, day 30 to 730")
    sewn = back({"treatment": "repair", "day": 30}, far)
    print(f"after suture on day 30: {sewn:.3f}")
    assert late[0] > sewn
    few = [
        back({**led, "day": 30, "donor": donor}, far)
        for donor in ("median fascicle", "spinal accessory", "ulnar fascicle", "intercostals")
    ]
    never_more(few, "with fewer and fewer donor axons")


# ---- hydrodissection by volume


def test_more_fluid_reaches_more_of_the_scar_and_never_more_than_all() -> None:
    reached = [float(reach_mm(v, PUBLISHED)) for v in (0.0, 1.0, 5.0, 10.0)]
    assert reached == pytest.approx([0.0, 1000 / 60, 5000 / 60, 10000 / 60])
    left = [float(pressure_left(v, 100.0, PUBLISHED, "high")) for v in (0, 1, 5, 6, 50)]
    print(f"pressure left at most, 0 to 50 mL on a scar of 100 mm: {np.round(left, 3)}")
    assert left == sorted(left, reverse=True) and left[0] == 1.0 and left[3] == left[4] == 0.8
    assert all(float(pressure_left(v, 100.0, PUBLISHED)) == 1.0 for v in (0, 1, 5, 50))


def test_a_small_volume_spreads_along_a_rabbits_nerve() -> None:
    # Sung 2004: 0.1 mL over 25.4 mm. The low end of the jacket is the rabbit's.
    rabbit = PUBLISHED.replace({"treatment.hydrodissection.jacket_area": 4.0})
    print(f"0.1 mL reaches {reach_mm(0.1, rabbit):.1f} mm (25.4 mm)")
    assert reach_mm(0.1, rabbit) == pytest.approx(25.4, rel=0.05)


@pytest.mark.parametrize("fluid", ["saline", "dextrose", "steroid"])
def test_a_fluid_has_its_own_trial_and_no_effect_of_its_own(fluid: str) -> None:
    step = {"treatment": "hydrodissection", "day": 60, "fluid": fluid}
    arm = treatment.plan("arm", [step])
    others = [treatment.plan("arm", [{**step, "fluid": f}]) for f in ("saline", "steroid")]
    assert not arm.interventions[0].acts
    assert sum(o.says == arm.says for o in others) == (fluid != "dextrose")


# ---- nerve transfer


def test_donors_bring_the_axons_that_were_counted() -> None:
    # Schreiber et al. 2015: 1318 (ulnar fascicle) and 1860 (median) for 1826 and 1840.
    for donor, counted in (("ulnar fascicle", 1318 / 1826), ("median fascicle", 1.0)):
        brought = float(donor_fraction(donor, PUBLISHED))
        print(f"{donor}: {brought:.2f} axons for each ({counted:.2f} counted)")
        assert brought == pytest.approx(counted, abs=0.01)


def test_a_transfer_names_its_targets_and_keeps_the_way_it_has() -> None:
    step = {"treatment": "nerve transfer", "day": 90, "targets": " deltoid, teres minor"}
    done = treatment.plan("t", [{**step, "distance_mm": "4 cm"}]).interventions[0]
    assert done.transfers[0].targets == ("deltoid", "teres minor")
    assert done.transfers[0].distance_mm == 40.0 and not done.passage and not done.resects
    for wrong in (",", "deltoid, deltoid"):
        with pytest.raises(TinelError, match="does not name each target once"):
            treatment.plan("t", [{**step, "distance_mm": 40, "targets": wrong}])


def test_decompression_leaves_the_pressure_of_a_healthy_tunnel() -> None:
    arm = treatment.plan("release", [{"treatment": "decompression", "day": 60}])
    followed = course.follow(NERVE, scar(32.0), arm)
    left = float(course.pressure_at(followed, 61.0)[0])
    print(f"32 mmHg fall to {left:.1f} mmHg (2.5 in healthy people, Gelberman 1981)")
    assert left == pytest.approx(2.5, abs=2.0)


def test_arms_may_combine_steps() -> None:
    arm = treatment.plan("both", [{"treatment": "neurolysis", "day": 180}, FOUR])
    assert [i.day for i in arm.interventions] == [60.0, 150.0, 180.0, 240.0, 330.0]
    assert arm.treatment == "neurolysis, hydrodissection" and arm.evidence_grade == "assumption"


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ({"treatment": "hydrodisection", "days": [1]}, "did you mean 'hydrodissection'"),
        ({}, "treatment: is missing"),
        ({"treatment": "neurolysis"}, "neither 'day' nor 'days'"),
        (
            {"treatment": "neurolysis", "day": -5},
            "-5 days is out of range \\(allowed: 0 to 7300 days\\)",
        ),
        ({"treatment": "neurolysis", "day": float("nan")}, "nan is not a finite number"),
        ({"treatment": "neurolysis", "day": True}, "true is a true/false value"),
        ({"treatment": "neurolysis", "dya": 5}, "did you mean 'day'"),
        ({"treatment": "graft", "day": 30}, "gap_mm: is missing"),
        ({"treatment": "graft", "day": 30, "gap_mm": 900}, "900 mm is out of range"),
        ({"treatment": "repair", "day": 30, "gap_mm": 25}, "allowed: 0 to 20 mm"),
        ({"treatment": "nerve transfer", "day": 30, "distance_mm": 40}, "targets: is missing"),
        ({"treatment": "hydrodissection", "day": 1, "volume_mL": 0}, "0 mL is out of range"),
        ({"treatment": "hydrodissection", "day": 1, "fluid": "air"}, "fluid: 'air'"),
        ({"treatment": "hydrodissection", "days": []}, "\\[\\] is no list of days"),
        ({"treatment": "hydrodissection", "days": [1], "platelets": "yes"}, "'yes' is a text"),
        ({"treatment": "wait", "day": 3}, "does not belong to a wait"),
    ],
)
def test_bad_steps_are_refused(step: dict[str, Any], message: str) -> None:
    with pytest.raises(TinelError, match=message):
        treatment.plan("arm", [step])


def test_an_intervention_that_changes_nothing_does_not_act() -> None:
    idle = treatment.Intervention("idle", 10.0, recurrence_d=7.0)
    assert not idle.acts
    assert replace(idle, pressure_factor=0.9).acts and replace(idle, growth_rate_factor=1.1).acts
