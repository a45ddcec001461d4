"""Treatments: what is read from a case file, and what an arm changes."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from test_lesion import NERVE, scar, severed

from tests.people import PUBLISHED, some
from tinel import course, lesion, treatment
from tinel.errors import TinelError
from tinel.evidence import GRADES
from tinel.nerve.anatomy import MOTOR, Branch, Fascicle, Fibres, Nerve, Target

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


# ---- suture and graft, against published strength


def trunk(distance_mm: float, n_twin: int = 400, n_fibre: int = 300) -> Nerve:
    """A nerve with one muscle at a distance from a cut at 600 mm."""
    muscle = Target("muscle", "muscle", "trunk", 595 + distance_mm, 600 + distance_mm, units=100)
    draw = np.random.default_rng(1)
    place = draw.uniform(-1.0, 1.0, (2, n_fibre))
    zero = np.zeros(n_fibre, dtype=np.int_)
    return Nerve(
        name="trunk",
        title="",
        side="left",
        limb="leg",
        twins=some(range(n_twin), seed=3),
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


def good_strength(distance_mm: float, step: dict[str, Any]) -> float:
    """Share of twins with at least a third of their motor units back four years after the cut.

    A third, because surviving units can grow threefold: that it means M4 is an assumption.
    """
    nerve = trunk(distance_mm)
    cut = lesion.laceration.make(nerve, "trunk", site_mm=600.0, fraction=1.0)
    followed = course.follow(nerve, cut, treatment.plan("arm", [step]))
    joined = course.state_at(followed, 1460.0 + step["day"]).joined
    return float((joined.mean(axis=1) >= 1 / 3).mean())


@pytest.mark.truth
def test_wrist_suture_reaches_the_published_strength() -> None:
    # Ruijs et al. 2005 as cited in PMC4167952: 51.6 % of median and ulnar repairs reach M4-5.
    # Calibrated: `treatment.repair.passage` was set so that this holds.
    good = good_strength(100.0, {"treatment": "repair", "day": 3})
    print(f"M4-5 after suture at the wrist: {good:.1%} (51.6 %)")
    assert good == pytest.approx(0.516, abs=0.05)


@pytest.mark.truth
def test_peroneal_suture_reaches_the_published_strength() -> None:
    # George & Boyce 2014 (28 series, abstract read): 37 % M4-5 after direct suture. Suture itself
    # was calibrated at the wrist; the human clock was chosen with this review in view.
    good = good_strength(170.0, {"treatment": "repair", "day": 90})
    print(f"M4-5 after peroneal suture at 3 months: {good:.1%} (37 %)")
    assert good == pytest.approx(0.37, abs=0.07)


@pytest.mark.truth
def test_late_peroneal_repair_does_worse() -> None:
    # George & Boyce 2014: M4-5 in 44 % within 6 months, 12 % after 12 months.
    days = (30, 90, 180, 365, 450, 550)
    good = [good_strength(170.0, {"treatment": "repair", "day": d}) for d in days]
    early, late = float(np.mean(good[:3])), float(np.mean(good[3:]))
    print(f"within 6 months {early:.1%} (44 %); after 12 months {late:.1%} (12 %)")
    assert good == sorted(good, reverse=True)
    assert early == pytest.approx(0.44, abs=0.10)
    assert late == pytest.approx(0.12, abs=0.08)


@pytest.mark.truth
def test_long_grafts_do_badly() -> None:
    # George & Boyce 2014: grafts above 12 cm, 11 % M4-5. Calibrated by the length constant.
    good = good_strength(170.0, {"treatment": "graft", "day": 120, "gap_mm": 140})
    print(f"M4-5 after a 14 cm graft: {good:.1%} (11 %)")
    assert good == pytest.approx(0.11, abs=0.05)


@pytest.mark.truth
@pytest.mark.xfail(strict=True, reason="22.8 % simulated, 64 % published")
def test_short_grafts_do_well() -> None:
    # George & Boyce 2014: grafts below 6 cm, 64 % M4-5, more than after direct suture (37 %).
    # A model in which a graft is a worse suture cannot meet both.
    good = good_strength(170.0, {"treatment": "graft", "day": 120, "gap_mm": 40})
    print(f"M4-5 after a 4 cm graft: {good:.1%} (64 %)")
    assert good == pytest.approx(0.64, abs=0.10)


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


def test_repair_leaves_standing_axons_alone_unless_told() -> None:
    for resect, standing in ((False, 0.5), (True, 0.0)):
        arm = treatment.plan("s", [{"treatment": "repair", "day": 30, "resect": resect}])
        state = course.state_at(course.follow(NERVE, severed(0.5), arm), 31.0)
        assert state.intact.mean() == pytest.approx(standing, abs=0.02)


# ---- reading


def test_every_plan_tells_what_it_rests_on() -> None:
    steps: list[dict[str, Any]] = [
        {"treatment": "wait"},
        FOUR,
        {"treatment": "neurolysis", "day": 180},
        {"treatment": "repair", "day": 30},
        {"treatment": "graft", "day": 120, "gap_mm": 40},
    ]
    assert {s["treatment"] for s in steps} == set(treatment.known_treatments())
    for step in steps:
        arm = treatment.plan("arm", [step])
        # waiting has no effect that could be graded
        assert (arm.evidence_grade in GRADES) == bool(arm.interventions) and len(arm.says) > 40
        for key in arm.evidence:
            assert PUBLISHED.number(key).low is not None
        assert (arm.low is None) == (step["treatment"] == "wait")
    assert WAIT.interventions == () and WAIT.treatment == "wait" and WAIT.evidence_grade == ""


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
