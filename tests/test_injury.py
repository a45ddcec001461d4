"""What an injury looks like in the tests of the clinic, on every day, beside what is published."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.people import PUBLISHED, some
from tinel.cable.conduction.table import conduction
from tinel.cable.fibres.internode import Sheath, elements
from tinel.cable.models import mrg
from tinel.cable.solvers.condensed.run import simulate_condensed as simulate
from tinel.cable.stimulation.drive import Drive as Stimulus
from tinel.cable.stimulation.waveform import pulse_samples as pulse
from tinel.course import Course, arrival, follow
from tinel.course.sheath import relax
from tinel.exam.laboratory import Laboratory, set_up
from tinel.exam.limb import healthy, limb_on
from tinel.exam.response import Response
from tinel.exam.tests.strength import force_fraction
from tinel.lesion import Lesion, compression, laceration
from tinel.nerve import Nerve, build
from tinel.treatment import plan
from tinel.twins import Floats

TWINS = range(20)
MOTOR, SENSORY = "ulnar motor (ADM)", "ulnar sensory (digit 5)"


@cache
def ulnar() -> tuple[Nerve, Laboratory]:
    nerve = build("ulnar", side="left", twins=some(TWINS))
    return nerve, set_up(nerve, temperature_C=34.5)


def examined(course: Course, day: float, study: str) -> Response:
    nerve, laboratory = ulnar()
    return laboratory.conduct(laboratory.limb(course, day), nerve.study(study))


def amplitude(course: Course, day: float, study: str, site: int = 0) -> float:
    nerve, laboratory = ulnar()
    whole = laboratory.conduct(healthy(nerve), nerve.study(study)).readings[site].amplitude
    return float(np.mean(examined(course, day, study).readings[site].amplitude / whole))


@cache
def pure_block() -> Course:
    nerve, _ = ulnar()
    hurt = compression.make(
        nerve, "ulnar trunk", site_mm=600.0, length_mm=30.0, pressure_mmHg=450.0, hours=2.0
    )
    # the axons that would have broken are spared: myelin alone
    spared = replace(hurt, cut_d=np.full_like(hurt.cut_d, np.inf))
    return follow(nerve, spared, plan("wait", []))


@cache
def axon_lesion() -> Course:
    nerve, _ = ulnar()
    hurt: Lesion = laceration.make(nerve, "ulnar trunk", site_mm=600.0, fraction=1.0)
    return follow(nerve, hurt, plan("wait", []))


@cache
def clearing() -> dict[int, dict[str, NDArray[np.float64]]]:
    """A pure block every other day, per twin: response and velocity across it and strength, each
    over the healthy one, and whether the velocity lies within the laboratory's limit."""
    course = pure_block()
    nerve, laboratory = ulnar()
    study = nerve.study(MOTOR)
    whole = laboratory.conduct(healthy(nerve), study)
    normal = study.normal["velocity_m_per_s"]
    assert normal.sd is not None
    least = normal.value - PUBLISHED.scalar("laboratory.limit.sd") * normal.sd
    seen = {}
    for day in (*range(10, 120, 2), *range(120, 400, 20)):
        limb = laboratory.limb(course, day)
        now = laboratory.conduct(limb, study)
        velocity, healthy_one = (r.measure("velocity_m_per_s") for r in (now, whole))
        seen[day] = {
            "response": now.readings[1].amplitude / whole.readings[1].amplitude,
            "velocity": velocity / healthy_one,
            "within": (velocity >= least) | (healthy_one < least),
            "strength": force_fraction(limb, study.target),
        }
    return seen


def day_of(quantity: str, share: float) -> int:
    """First day on which the twins' mean reaches a share."""
    return min(day for day, seen in clearing().items() if seen[quantity].mean() >= share)


@pytest.mark.truth
def test_pure_block_keeps_the_response_beyond() -> None:
    beyond, across = (amplitude(pure_block(), 10, MOTOR, site) for site in (0, 1))
    print(f"day 10: beyond {beyond:.0%} of healthy, across {across:.0%}")
    assert beyond == pytest.approx(1.0, abs=0.02)
    assert across < 0.2


@pytest.mark.truth
def test_block_ends_with_as_few_lamellae_as_published() -> None:
    # Saida et al. 1980 (rat, abstract read): conduction begins to come back with 2 to 8 lamellae;
    # weak since day 0, strong again on day 16. Neither is fitted to the engine's block.
    d = np.array([8.7, 10.0, 11.5, 12.8, 14.0])
    edge = ulnar()[1].conduction.block_at(d, np.full(d.size, 30.0))
    lamellae = edge * mrg.geometry(d)["lamellae"]
    day_16 = relax(np.full(1, 4 / 120), np.ones(1), 8.0, True, 1.0, PUBLISHED)[0]
    print(f"block ends with {np.round(lamellae, 1)} lamellae (2 to 8); day 16: {120 * day_16:.1f}")
    assert (lamellae > 2).all() and (lamellae < 8).all()
    assert day_16 > edge.max()


@pytest.mark.truth
def test_pure_block_clears_in_weeks() -> None:
    # Published: conduction normal in 6 to 8 weeks (Trojaborg 1970, abstract read), which in a
    # laboratory means within its limits; 33 compressed radial nerves recovered in 46.8 +- 34.3
    # days; the article says 6 to 12 weeks. Nothing was fitted to these: the course is a rat's.
    recovery = PUBLISHED.number("course.block.recovery")
    assert recovery.sd is not None
    half, back = (day_of("response", share) for share in (0.5, 0.9))
    # the published 46.8 days are a mean over people
    strong = np.mean(
        [min(d for d in clearing() if clearing()[d]["strength"][t] > 0.9) for t in TWINS]
    )
    most, every = day_of("within", 0.5), day_of("within", 1.0)
    velocity = day_of("velocity", 0.95)
    print(
        f"response across: half back on day {half}, nine tenths on day {back}; twins strong "
        f"on day {strong:.0f} ({recovery.value:g} ± {recovery.sd:g}); velocity within limits in "
        f"half of the twins on day {most}, in all on day {every}; 95 % of healthy on day "
        f"{velocity} (42 to 56)"
    )
    assert 14 <= half <= 21 and 42 <= back <= 49, "the report says within 3, nine tenths in 7 weeks"
    assert 98 <= velocity <= 105, "the report says 15 weeks"
    assert abs(strong - recovery.value) < recovery.sd


@pytest.mark.truth
def test_velocity_is_within_limits_in_eight_weeks() -> None:
    most = day_of("within", 0.5)
    print(f"velocity within limits in half of the twins on day {most} (42 to 56)")
    assert most <= 56


@pytest.mark.truth
@pytest.mark.xfail(
    raises=AssertionError, strict=True, reason="day 102 simulated, 42 to 56 published"
)
def test_pure_block_has_most_of_its_velocity_back_in_eight_weeks() -> None:
    # Trojaborg's 6 to 8 weeks, taken as 95 % of the other side's velocity. The mean of the twins
    # waits for the slowest of them, since people differ in how long a sheath takes.
    velocity = day_of("velocity", 0.95)
    print(f"velocity 95 % of healthy on day {velocity} (42 to 56)")
    assert 42 <= velocity <= 56


@pytest.mark.truth
@pytest.mark.xfail(
    raises=AssertionError, strict=True, reason="day 200 or later simulated, 42 to 56 published"
)
def test_pure_block_has_its_whole_velocity_back_in_eight_weeks() -> None:
    # Trojaborg's 6 to 8 weeks, taken as 99 % of the other side's velocity.
    whole = day_of("velocity", 0.99)
    print(f"velocity 99 % of healthy on day {whole} (42 to 56)")
    assert 42 <= whole <= 56


@pytest.mark.truth
def test_response_across_a_pure_block_stays_away_for_six_weeks() -> None:
    # The article's 6 to 12 weeks, taken as the day on which nine tenths of the response are back.
    back = day_of("response", 0.9)
    print(f"nine tenths of the response back on day {back} (42 to 84)")
    assert 42 <= back <= 84


@pytest.mark.truth
def test_axon_lesion_dies_on_the_published_clock() -> None:
    course = axon_lesion()
    first = [amplitude(course, 1, study) for study in (MOTOR, SENSORY)]
    print(f"day 1 beyond the cut: motor {first[0]:.0%}, sensory {first[1]:.0%} of healthy")
    assert first == pytest.approx([1.0, 1.0], abs=0.02)
    for day in range(2, 12):
        print(
            f"day {day:2d}: motor {amplitude(course, day, MOTOR):4.0%}, "
            f"sensory {amplitude(course, day, SENSORY):4.0%}"
        )
    assert amplitude(course, 9, MOTOR) < 0.05
    assert amplitude(course, 11, SENSORY) < 0.05
    assert amplitude(course, 6, SENSORY) > amplitude(course, 6, MOTOR)


@pytest.mark.truth
def test_day_one_cannot_tell_block_from_axon_loss() -> None:
    """Both look the same on day 1: normal beyond, gone across."""
    for site in (0, 1):
        block, cut = (amplitude(c, 1, MOTOR, site) for c in (pure_block(), axon_lesion()))
        print(f"site {site}: block {block:.0%}, cut {cut:.0%}")
        assert abs(block - cut) < 0.2
    assert amplitude(axon_lesion(), 1, MOTOR, 1) == 0.0


@pytest.mark.truth
def test_latency_stays_until_the_amplitude_is_nearly_gone() -> None:
    """Gilliatt and Hjorth 1972, baboon: no change until the response is severely reduced."""
    nerve, laboratory = ulnar()
    normal = laboratory.conduct(healthy(nerve), nerve.study(MOTOR)).readings[0].onset_ms
    for day in (1, 2, 3, 4, 5):
        share = amplitude(axon_lesion(), day, MOTOR)
        late = np.nanmean(examined(axon_lesion(), day, MOTOR).readings[0].onset_ms / normal)
        print(f"day {day}: amplitude {share:.0%}, latency {late:.3f} of healthy")
        if share > 0.2:
            assert late < 1.1


def sensory_without(lost: NDArray[np.bool_]) -> Response:
    """The sensory study once the axons ``lost`` have died, all others whole."""
    nerve, laboratory = ulnar()
    whole = healthy(nerve)
    gone = replace(
        whole.state, intact=~lost, stump_conducts=~lost, front_mm=np.where(lost, 0.0, np.inf)
    )
    hurt = replace(pure_block().lesion, lamellae_left=np.ones(lost.shape))
    limb = limb_on(nerve, hurt, gone, np.zeros(lost.shape))
    return laboratory.conduct(limb, nerve.study(SENSORY))


def test_sensory_velocity_follows_the_axons_that_are_left() -> None:
    # The take-off is marked at the trough of the first positive deflection, as laboratories do:
    # there most fast axons pass, not the first one. Which of them are left moves it either way in
    # one person, in the mean only down; it needs the large ones and not the small ones.
    nerve, laboratory = ulnar()
    diameter = nerve.fibres.diameter_um
    study = laboratory.conduct(healthy(nerve), nerve.study(SENSORY))
    whole = study.measure("velocity_m_per_s")
    draw = np.random.default_rng(0)

    def change(lost: NDArray[np.bool_]) -> NDArray[np.float64]:
        return sensory_without(lost).measure("velocity_m_per_s") / whole - 1

    for share in (0.1, 0.3, 0.5, 0.7):
        moved = change(draw.random(diameter.shape) < share)
        print(
            f"{share:.0%} of the axons lost at random: velocity {np.mean(moved):+.1%}, in single "
            f"twins {moved.min():+.1%} to {moved.max():+.1%}"
        )
        assert np.mean(moved) < 0.002 and moved.max() < 0.08
    median = np.median(diameter, axis=1)[:, None]
    assert change(diameter > median).max() < -0.15


def test_sensory_velocity_needs_no_small_axons() -> None:
    nerve, laboratory = ulnar()
    diameter = nerve.fibres.diameter_um
    study = laboratory.conduct(healthy(nerve), nerve.study(SENSORY))
    whole = study.measure("velocity_m_per_s")
    small = diameter < np.median(diameter, axis=1)[:, None]
    moved = np.abs(sensory_without(small).measure("velocity_m_per_s") / whole - 1)
    print(f"without the thinner half: median {np.median(moved):.2%}, largest {moved.max():.2%}")
    assert moved.max() < 0.003


@cache
def sciatic_arrivals() -> tuple[Floats, Floats, Floats]:
    """Way to each target, median day of its first units, and fraction of its axons that never come.

    Tubes whole, axons broken at the gluteal fold of an adult of 170 cm.
    """
    twins = range(40)
    nerve = build("sciatic", side="left", twins=some(twins, sex="male"))
    site = nerve.landmark("gluteal fold").position_mm
    cut = laceration.make(nerve, "sciatic trunk", site_mm=site, fraction=1.0)
    crushed = replace(cut, sunderland_grade=np.where(np.isfinite(cut.cut_d), 2, 0))
    seen = arrival(follow(nerve, crushed, plan("wait", [])))
    order = np.argsort(seen.distance_mm)
    days = []
    for k in order:
        name, way = seen.targets[k], seen.distance_mm[k]
        if not np.nanmax(seen.lost[:, k]) > 0:
            continue
        first = [seen.first(name, q) for q in (0.05, 0.5, 0.95)]
        never = np.nanmedian(seen.never[:, k])
        print(
            f"{name:28s} {way:4.0f} mm: first units day {first[1]:.0f} "
            f"({first[0]:.0f} to {first[2]:.0f}); never {never:.0%}"
        )
        days.append((way, first[1], never))
    ways, firsts, nevers = np.array(days).T
    return ways, firsts, nevers


@pytest.mark.truth
def test_complete_sciatic_axon_lesion_reaches_near_targets_first() -> None:
    ways, firsts, nevers = sciatic_arrivals()
    # targets a centimetre apart differ by less than their axons do
    far = ways[None, :] - ways[:, None] >= 20.0
    later = firsts[None, :] - firsts[:, None]
    print(f"least lead of a target 2 cm nearer: {later[far].min():.0f} days")
    assert (later[far] >= -1.0).all()
    # distance over the published rates (1 to 2 mm a day) plus a delay of two to six weeks
    near = ways < 500.0
    assert (firsts >= ways / 2.5 + 14).all() and (firsts <= ways / 1.0 + 42)[near].all()
    assert nevers[-1] > nevers[0] and nevers[-1] > 0.3


@pytest.mark.truth
@pytest.mark.xfail(
    strict=True, reason="a twentieth is there on days 859 to 957 at 820 to 880 mm, 862 to 922 asked"
)
def test_complete_sciatic_axon_lesion_reaches_the_foot_at_a_millimetre_a_day() -> None:
    # So few axons come so far that a twentieth of all is a third of those that do.
    ways, firsts, _ = sciatic_arrivals()
    assert (firsts <= ways / 1.0 + 42).all()


@pytest.mark.parametrize("length_internodes", [3, 6, 12, 28])
def test_the_conduction_table_agrees_with_the_engine(length_internodes: int) -> None:
    """Delays and block read off the table against the engine on that very stretch."""
    table = conduction(34.0)
    rng = np.random.default_rng(length_internodes)
    d = rng.uniform(4, 13, 48)
    left = np.exp(rng.uniform(np.log(0.015), np.log(0.8), 48))
    nodes = 60
    sheath = np.ones((48, nodes - 1))
    sheath[:, 10 : 10 + length_internodes] = left[:, None]
    fibres = elements(mrg.geometry(d), Sheath(sheath, np.ones_like(sheath)))
    current = np.zeros((48, nodes))
    current[:, 1] = 5.0
    run = simulate(
        fibres, nodes, Stimulus(pulse(16.0, 0.01, 0.05, 0.1), current), dt_ms=0.01,
        temperature_C=34.0,
    )  # fmt: skip
    spacing = fibres.spacing_um / 1000
    true = run.spike_ms[:, 55] - run.spike_ms[:, 6]
    guess = 49 * spacing / table.velocity(d) + table.lesion_delay(
        d, left, length_internodes * spacing
    )
    passed, expected = np.isfinite(true), np.isfinite(guess)
    both = passed & expected
    error = np.abs(guess[both] / true[both] - 1)
    print(
        f"{length_internodes} internodes: {both.sum()} conduct, worst error of time "
        f"{error.max():.1%}, median {np.median(error):.2%}; block differs in "
        f"{(passed != expected).sum()}"
    )
    assert (passed != expected).sum() <= 1
    assert error.max() < 0.05
