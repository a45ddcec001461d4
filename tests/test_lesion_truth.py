"""What injuries do to nerves of animals and people, computed beside what was published."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.people import some
from tinel.cable.conduction.opening import Opened, opened
from tinel.calibration.cohorts import published_cohorts
from tinel.calibration.outcome import follow_stratum, meets
from tinel.calibration.patients import strata
from tinel.declare import Spread
from tinel.evidence import Parameters
from tinel.lesion import Lesion, compression, heat, ischaemia, tourniquet, traction
from tinel.lesion.vulnerability import tolerance
from tinel.nerve import Nerve, build
from tinel.nerve.anatomy import MOTOR, SENSORY

Floats = NDArray[np.float64]
TWINS = range(150)
pytestmark = pytest.mark.truth


@cache
def nerve(name: str) -> Nerve:
    return build(name, side="left", twins=some(TWINS, sex="male", age=40, height_cm=175))


@cache
def table() -> Opened:
    return opened(34.5)


def silent(on: Nerve, hurt: Lesion, day: float) -> Floats:
    """Fraction of the fibres at the lesion that carry nothing across it on a day, ``(n_twin,)``."""
    return share(on, hurt, blocked(on, hurt, day) | broken(hurt))


def blocked(on: Nerve, hurt: Lesion, day: float) -> NDArray[np.bool_]:
    """Standing fibres that block, before sheaths and paranodes heal, ``(n_twin, n_fibre)``."""
    diameter = on.fibres.diameter_um
    length = np.broadcast_to(hurt.length_mm[:, None], diameter.shape)
    here = hurt.present & ~broken(hurt)
    thin = hurt.lamellae_left < table().block_at(diameter, length, hurt.paranode_opening)
    found: NDArray[np.bool_] = here & (thin | (hurt.block_d > day))
    return found


def broken(hurt: Lesion) -> NDArray[np.bool_]:
    return np.isfinite(hurt.cut_d)


def share(
    on: Nerve, hurt: Lesion, which: NDArray[np.bool_], among: NDArray[np.bool_] | None = None
) -> Floats:
    counted = hurt.present if among is None else hurt.present & among
    weight = np.where(counted, on.fibres.weight, 0.0)
    found: Floats = (which * weight).sum(axis=1) / weight.sum()
    return found


def first_minute(reached: Callable[[int], bool], least: int, most: int) -> int:
    """The first minute of a dose that grows with time at which something is reached, else most."""
    return least + bisect_left(range(least, most), True, key=reached)


def on_skin(mmHg: float, minutes: float, name: str = "sciatic") -> Lesion:
    where = {"sciatic": ("deep fibular", 850.0), "radial": ("radial trunk", 330.0)}[name]
    branch, site_mm = where
    return tourniquet.make(
        nerve(name), branch, site_mm=site_mm, cuff_pressure_mmHg=mmHg, minutes=minutes
    )


@pytest.mark.parametrize(
    ("mmHg", "says", "least", "most"),
    [
        (550.0, "none", 0.0, 0.15),
        (735.0, "partial", 0.15, 0.85),
        (1360.0, "severe to complete", 0.85, 1.0),
    ],
)
def test_baboons_under_a_weighted_cord(mmHg: float, says: str, least: float, most: float) -> None:
    # Rudge et al. 1974: 90 min of up to 0.75, of 1.0 and of 1.6 to 2.1 kg/cm2 on the skin. What is
    # told of few animals is compared with the typical twin.
    hurt = on_skin(mmHg, 90.0)
    typical = float(np.median(silent(nerve("sciatic"), hurt, 3.0)))
    loss = float(share(nerve("sciatic"), hurt, broken(hurt)).mean())
    print(f"{mmHg:.0f} mmHg on the skin, 90 min: {typical:.0%} silent ({says}), {loss:.0%} broken")
    assert least <= typical <= most


def test_baboons_lose_axons_with_time() -> None:
    # The same monkeys: 90 min blocks, 120 to 180 min adds Wallerian degeneration.
    on = nerve("sciatic")
    loss = [float(share(on, h, broken(h)).mean()) for h in (on_skin(1360.0, m) for m in (90, 180))]
    print(
        f"1360 mmHg on the skin: {loss[0]:.0%} of the axons broken after 90 min, "
        f"{loss[1]:.0%} after 180"
    )
    assert loss[0] < 0.2 and loss[1] > 1.5 * loss[0]


def test_rabbits_under_a_cuff() -> None:
    # doi:10.3109/02844319109111270, 2 h: 350 mmHg weak, amplitude back by day 1 to 2, velocity
    # still low; 1000 mmHg complete block at day 2 with severe fibre damage.
    on = nerve("sciatic")
    usual, extreme = on_skin(350.0, 120.0), on_skin(1000.0, 120.0)
    first, second = (float(np.median(silent(on, usual, day))) for day in (0.1, 2.0))
    thin = float(np.median(usual.lamellae_left[:, usual.present]))
    later = float(np.median(silent(on, extreme, 2.0)))
    print(f"350 mmHg: {first:.0%} silent at once, {second:.0%} on day 2, sheath left {thin:.2f}")
    print(f"1000 mmHg: {later:.0%} silent on day 2 (complete)")
    assert first > 0.66 and second < 0.1 and 0.2 < thin < 0.95
    assert later > 0.9


@cache
def sleepers() -> Lesion:
    """Radial palsies of sleep: a pressure at the nerve that nobody measured, for hours."""
    mmHg = Spread(200.0, 500.0, "mmHg", "wide", 0.0, 3000.0).draw(1, 1, TWINS)
    hours = Spread(1.0, 6.0, "hours", "wide", 0.0, 48.0).draw(1, 2, TWINS)
    return compression.make(
        nerve("radial"), "radial trunk", site_mm=375.0, length_mm=30.0, pressure_mmHg=mmHg,
        hours=hours,
    )  # fmt: skip


def extensors() -> NDArray[np.bool_]:
    arm = nerve("radial")
    named = [t.name in ("extensor digitorum communis", "extensor indicis") for t in arm.targets]
    fibres: NDArray[np.bool_] = np.array(named)[arm.fibres.target]
    return fibres


def test_dropped_hands_without_axon_loss_are_common() -> None:
    # The lowest force that surgeons called M3 was 17 % of the other side's: less is a dropped hand.
    arm, hurt = nerve("radial"), sleepers()
    units = np.where(extensors(), arm.fibres.unit_uV, 0.0)
    works = ~broken(hurt) & ~blocked(arm, hurt, 1.0)
    force = (units * works).sum(axis=1) / units.sum(axis=1)
    loss = share(arm, hurt, broken(hurt))
    dropped = force < 0.17
    pure = dropped & (loss < 0.1)
    print(
        f"of {len(TWINS)} sleepers {dropped.mean():.0%} have a dropped hand on day 1; of these "
        f"{pure.sum() / dropped.sum():.0%} lost fewer than 10 % of the axons, "
        f"{(dropped & (loss < 0.02)).sum() / dropped.sum():.0%} fewer than 2 %; median loss "
        f"{np.median(loss[dropped]):.0%}"
    )
    assert dropped.mean() > 0.3
    assert pure.sum() / dropped.sum() > 0.25
    assert (dropped & (loss < 0.02)).any()


def test_outer_and_large_fibres_break_first() -> None:
    # Baboon: large myelinated fibres (doi:10.1016/0022-510X(80)90078-7); rat, rabbit: outer ones.
    arm, hurt = nerve("radial"), sleepers()
    cut, here = broken(hurt), hurt.present
    depth, size = arm.fibres.depth, arm.fibres.diameter_um
    outer, inner = (cut[:, here & part].mean() for part in (depth > 0.8, depth < 0.4))
    large, small = (cut[part & here].mean() for part in (size > 10.0, size < 7.0))
    print(f"broken: outer {outer:.0%}, inner {inner:.0%}; large {large:.0%}, small {small:.0%}")
    assert outer > 1.5 * inner and large > 1.5 * small


def test_partial_block_after_sleep_is_as_common_as_published() -> None:
    # 17 of 39 with partial block within 14 days (synapse.koreamed.org 1047864): 28 to 60 %.
    arm, hurt = nerve("radial"), sleepers()
    block = share(arm, hurt, blocked(arm, hurt, 10.0), extensors())
    stand = share(arm, hurt, ~broken(hurt), extensors())
    partial = (block / np.maximum(stand, 1e-9) > 0.2) & (block / np.maximum(stand, 1e-9) < 0.95)
    print(f"partial block in {partial.mean():.0%} (17 of 39: 28 to 60 %)")
    assert 0.28 <= partial.mean() <= 0.60


def test_cuffs_of_surgery_seldom_denervate() -> None:
    # Knee replacement at 237 (SD 33) mmHg (PMID 23485070): denervation in 1 of 20, 0.1 to 25 %.
    thigh = nerve("sciatic")
    mmHg = np.random.default_rng(1).normal(237.0, 33.0, len(TWINS))
    hurt = tourniquet.make(
        thigh, "sciatic trunk", site_mm=400.0, cuff_pressure_mmHg=mmHg, minutes=90.0
    )
    hit = float((share(thigh, hurt, broken(hurt)) > 0.01).mean())
    print(f"237 mmHg: {hit:.1%} with more than 1 % of the axons broken (1 of 20: 0.1 to 25 %)")
    assert hit <= 0.25


@pytest.mark.xfail(
    strict=True,
    reason="0.7 % computed, 7.7 % published: many knees were also bent, which stretches the nerve",
)
def test_long_cuffs_bring_palsies() -> None:
    # PMID 16492857: more than 120 min (145, SD 25) on the thigh: palsy in 90 of 1166, 6 to 9 %;
    # odds 3.9 with a knee that had been bent, which is stretch.
    thigh = nerve("sciatic")
    minutes = np.clip(np.random.default_rng(2).normal(145.0, 25.0, len(TWINS)), 120.0, None)
    hurt = tourniquet.make(
        thigh, "sciatic trunk", site_mm=400.0, cuff_pressure_mmHg=300.0, minutes=minutes
    )
    palsy = float((silent(thigh, hurt, 2.0) > 0.25).mean())
    print(f"300 mmHg, 145 min: palsy in {palsy:.1%} (7.7 %)")
    assert 0.06 <= palsy <= 0.09


def test_people_under_60_mmHg_fall_silent_within_the_hour() -> None:
    # Lundborg et al. 1982, 30 to 90 min: 30 mmHg mild, 60 and 90 complete sensory block, motor
    # block 10 to 30 min later.
    hand = nerve("median")
    branch = next(b.name for b in hand.branches if b.parent is None)

    def part(mmHg: float, minutes: float, kind: int) -> float:
        hurt = compression.make(
            hand, branch, site_mm=400.0, length_mm=20.0, pressure_mmHg=mmHg, hours=minutes / 60
        )
        return float(share(hand, hurt, hurt.block_d > 0, hand.fibres.kind == kind).mean())

    mild = part(30.0, 90.0, SENSORY)
    assert mild == 0.0
    for mmHg in (60.0, 90.0):
        sensory, motor = (
            first_minute(lambda m, p=mmHg, kind=kind: part(p, m, kind) > 0.9, 1, 240)
            for kind in (SENSORY, MOTOR)
        )
        print(
            f"30 mmHg, 90 min: {mild:.0%} silent; {mmHg:.0f} mmHg: sensory block after {sensory} "
            f"min (30 to 90), motor {motor - sensory} min later (10 to 30)"
        )
        assert 30 <= sensory <= 90 and 10 <= motor - sensory <= 30


def test_rats_without_blood() -> None:
    # Schmelzer et al. 1989: 1 h, back at once; 3 h, below 10 % after hours. Iida et al. 2003: 4 h,
    # prominent fibre degeneration at 7 and 14 days, fibres regenerate.
    leg = nerve("sciatic")
    one, three, four = (
        ischaemia.make(leg, "sciatic trunk", site_mm=500.0, length_mm=100.0, hours=h)
        for h in (1.0, 3.0, 4.0)
    )
    back, away = (silent(leg, h, day).mean() for h, day in ((one, 0.25), (three, 2 / 24)))
    loss = share(leg, four, broken(four)).mean()
    print(f"1 h: {back:.0%} silent 6 h later (0); 3 h: {away:.0%} silent 2 h later (> 90); "
          f"4 h: {loss:.0%} broken (prominent)")  # fmt: skip
    assert back < 0.05 and away > 0.9 and 0.2 < loss < 0.8


def test_stretch_of_rabbits_and_rats() -> None:
    # Rabbit tibial nerve, 2 h: response at 8 % not significantly lower, at 15 % lower by 99 %. Rat:
    # one dose varies with a coefficient of 0.7 to 1 (doi:10.1186/s40902-021-00297-4), where -49 of
    # -100 points were lost, and -11 without a stretch: 43 %, which is 13 % of stretch here.
    arm = nerve("ulnar")

    def pulled(percent: float, hours: float) -> Lesion:
        return traction.make(
            arm, "ulnar trunk", site_mm=400.0, length_mm=50.0, strain_percent=percent,
            held_hours=hours,
        )  # fmt: skip

    eight, fifteen = (silent(arm, pulled(x, 2.0), 0.01).mean() for x in (8.0, 15.0))
    hurt = pulled(13.0, 0.2)
    loss = share(arm, hurt, broken(hurt))
    varies = float(loss.std() / loss.mean())
    part = float(((loss > 0.1) & (loss < 0.9)).mean())
    print(
        f"8 %: {eight:.0%} silent, 15 %: {fifteen:.1%} (99); 13 % for a moment: "
        f"{loss.mean():.0%} broken (43), coefficient of variation {varies:.2f} (0.7 to 1), "
        f"partial in {part:.0%}"
    )
    assert eight < 0.1 and fifteen == pytest.approx(0.99, abs=0.02)
    assert 0.7 <= varies <= 1.0 and part > 0.4
    assert loss.mean() == pytest.approx(0.43, abs=0.03)


def test_stretch_tears_tubes_after_it_breaks_axons() -> None:
    # Haftek 1970: before the epineurium tears there is block or axonotmesis with whole tubes.
    arm = nerve("ulnar")
    rows = []
    for percent in (10.0, 14.0, 18.0, 22.0, 28.0):
        hurt = traction.make(
            arm, "ulnar trunk", site_mm=400.0, length_mm=50.0, strain_percent=percent
        )
        loss = share(arm, hurt, broken(hurt)).mean()
        torn = share(arm, hurt, hurt.sunderland_grade >= 3).mean()
        trunk = share(arm, hurt, hurt.sunderland_grade == 5).mean()
        rows.append((loss, torn / loss, trunk))
        print(f"{percent:.0f} %: {loss:.0%} broken, {torn / loss:.0%} of them without a tube, "
              f"trunk parted in {trunk:.0%}")  # fmt: skip
    assert (np.diff(np.array(rows), axis=0) >= -1e-9).all()
    assert rows[0][1] < 0.5 < rows[-1][1]


def test_no_tube_tears_before_the_limit_of_elasticity() -> None:
    # Haftek 1970 (abstract read): before the epineurium tears, tubes are whole.
    arm = nerve("ulnar")
    borne = tolerance(arm.twins)[:, 0]
    limit = Parameters.of_evidence().scalar("lesion.traction.epineurium")
    whole, torn = 0, 0
    for percent in (12.0, 18.0, 24.0, 30.0):
        hurt = traction.make(
            arm, "ulnar trunk", site_mm=400.0, length_mm=50.0, strain_percent=percent
        )
        lost = (hurt.sunderland_grade >= 3).any(axis=1)
        beyond = percent / borne >= limit
        whole, torn = whole + int((~beyond).sum()), torn + int(lost.sum())
        assert not lost[~beyond].any()
    print(f"{whole} nerves below the limit, no tube torn; tubes torn in {torn} beyond it")
    assert whole > 20 and torn > 20


def test_most_palsies_of_a_dislocated_knee_are_complete() -> None:
    # cpn_kneedisl214, fitted: 112, 151 or 159 of 214 palsies, by how its counts are read.
    cohort = next(c for c in published_cohorts() if c.key == "cpn_kneedisl214")
    knees = cohort.populations["complete"]
    weak, gone = (
        replace(knees.entry, bounds={"at_most": most}) for most in (4, 0) if knees.entry is not None
    )
    found = np.zeros(2)
    for stratum in strata("dislocated knees", knees, 400, 0, 30.0):
        seen = follow_stratum(stratum, (), np.zeros((1, 0)))
        found += [meets(rule, seen, 3.0, 3.0).sum() for rule in (gone, weak)]
    complete = found[0] / found[1]
    print(f"{found[0]:.0f} of {found[1]:.0f} palsies complete: {complete:.0%} (52 to 74)")
    assert 0.52 <= complete <= 0.74


def test_a_stretch_blocks_fibres_for_days_before_it_breaks_them() -> None:
    # Haftek 1970, rabbit tibial nerve (abstract read): block or axonotmesis before that.
    arm = nerve("ulnar")
    pulls = (
        traction.make(arm, "ulnar trunk", site_mm=400.0, length_mm=50.0, strain_percent=percent)
        for percent in (8.0, 10.0, 12.0, 14.0, 18.0)
    )
    most = max(float(share(arm, hurt, blocked(arm, hurt, 3.0)).mean()) for hurt in pulls)
    print(f"at most {most:.1%} of the fibres block on day 3 (some)")
    assert most > 0.05


def test_heat_of_rats_and_rabbits() -> None:
    # Rat: half of the response lost in half of the animals after 58, 32, 12 min at 43, 44, 45 °C.
    # Rabbit, 45 s: 50 °C no fibre, 55 °C a part of the section, 60 °C nearly all dead.
    leg = nerve("sciatic")

    def hot(celsius: float, seconds: float) -> Lesion:
        return heat.make(
            leg, "sciatic trunk", site_mm=500.0, length_mm=5.0, temperature_C=celsius,
            seconds=seconds,
        )  # fmt: skip

    for celsius, published in ((43.0, 58), (44.0, 32), (45.0, 12)):
        half = first_minute(
            lambda m, c=celsius: np.median(silent(leg, hot(c, 60.0 * m), 1.0)) >= 0.5, 1, 200
        )
        print(f"{celsius:g} °C: half silent after {half} min ({published})")
        assert published / 1.4 <= half <= published * 1.4
    back = silent(leg, hot(43.0, 3480.0), 28.0).mean()
    loss = [float(share(leg, h, broken(h)).mean()) for h in (hot(t, 45.0) for t in (50, 55, 60))]
    print(
        f"43 °C for 58 min: {back:.1%} silent after 4 weeks (0); 45 s at 50, 55, 60 °C: "
        f"{loss[0]:.1%}, {loss[1]:.0%}, {loss[2]:.1%} broken (none, a part, nearly all)"
    )
    assert back < 0.05
    assert loss[0] < 0.02 and 0.2 < loss[1] < 0.9 and loss[2] > 0.98
