"""MR neurography: what pictures read on known phantoms, and against published people.

Roles (fitted or predicted) and cohorts are in docs/imaging.md.
"""

from __future__ import annotations

import ast
import time
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from tinel import course, lesion, nerve, treatment
from tinel.errors import TinelError
from tinel.evidence import Parameters
from tinel.imaging.anatomy.muscles import MuscleState, days_to, followed, muscles_on
from tinel.imaging.anatomy.scanned import Scanned
from tinel.imaging.anatomy.section import cross_section
from tinel.imaging.anatomy.shape import shape_at
from tinel.imaging.anatomy.sites import sites_of
from tinel.imaging.files.colour_frame import fa_frame
from tinel.imaging.measured.mr_outline import Outline, nerve_on_mri
from tinel.imaging.measured.mr_region import (
    fascicles_seen,
    muscle_at,
    nerve_muscle_ratio,
    value_inside,
)
from tinel.imaging.measured.mr_stack import Followed, follow, is_continuous
from tinel.imaging.measured.mr_tracts import Tracts, least_passing, track
from tinel.imaging.mri.diffusion import diffusion, directions, fit
from tinel.imaging.mri.limb import LimbSection, limb_section, limbs_of
from tinel.imaging.mri.limits import limit
from tinel.imaging.mri.muscles import stir_ratio
from tinel.imaging.mri.person import Person
from tinel.imaging.mri.phantom import nerve_phantom
from tinel.imaging.mri.protocol import Protocol, stir_protocol, t2_weighted_protocol
from tinel.imaging.mri.scan import pointed, read, read_muscles, scan, whole_area
from tinel.imaging.mri.show import draw_tracts, fa_in_colour, grey
from tinel.imaging.mri.t2_map import t2_map
from tinel.imaging.mri.tensors import tensors
from tinel.imaging.mri.tissue import protons
from tinel.imaging.mri.weighted import stir, t2_weighted
from tinel.imaging.picture import Picture
from tinel.imaging.plane import Plane, Tissue
from tinel.twins import Patient, Twins

pytest.importorskip("dipy")

PUBLISHED = Parameters.of_evidence()
AFFECTED = 0.7  # oedema of the nerve beside a herniated disc, as planes state it
ROOT = Path(__file__).parents[1]


def outline_of(plane: Plane, rng: np.random.Generator) -> tuple[Outline | None, Picture]:
    """What a reader who points with an error draws on the T2-weighted picture."""
    [picture] = t2_weighted([plane], rng, PUBLISHED)
    middle = plane.tissue.shape[0] * plane.spacing_mm / 2
    return nerve_on_mri(picture, pointed((middle, middle), rng, PUBLISHED), PUBLISHED), picture


def people(n: int, rng: np.random.Generator, **fixed: float) -> list[tuple[Plane, Person]]:
    """Healthy people with nerves of their own."""
    found = []
    for k in range(n):
        plane = nerve_phantom(
            area_mm2=float(rng.uniform(7, 12)),
            n_fascicle=10,
            seed=k,
            size_mm=14,
            spacing_mm=0.14,
            **fixed,
        )
        age, *draws = rng.uniform(25, 75), *rng.standard_normal(2)
        found.append((plane, Person(float(age), *map(float, draws))))
    return found


# ---------------------------------------------------------------- blind measures on phantoms
def test_blind_measures_have_known_bias_and_repeatability(capsys: pytest.CaptureFixture) -> None:
    rng = np.random.default_rng(1)
    names = ("area", "ratio", "T2", "FA", "ADC")
    rows = []
    for area, n, water in ((2.4, 4, 0.0), (5.0, 6, 0.0), (9.3, 10, 0.0), (9.3, 10, AFFECTED)):
        values = []
        for _ in range(6):
            plane = nerve_phantom(
                area_mm2=area, n_fascicle=n, water=water, seed=2, size_mm=14, spacing_mm=0.14
            )
            outline, picture = outline_of(plane, rng)
            if outline is None:
                values.append([np.nan] * 5)
                continue
            [t2] = t2_map([plane], rng, PUBLISHED)
            [tensor] = diffusion([plane], rng, PUBLISHED)
            values.append(
                [
                    outline.area_mm2,
                    nerve_muscle_ratio(picture, outline, PUBLISHED),
                    *(
                        value_inside(each, outline, PUBLISHED)
                        for each in (t2, tensor.fa, tensor.adc)
                    ),
                ]
            )
        array = np.array(values, float)
        rows.append((area, water, array))
    with capsys.disabled():
        print("\nMR phantoms, 6 readings each: mean (SD), bias of area; missed")
        for area, water, array in rows:
            mean, sd = np.nanmean(array, 0), np.nanstd(array, 0)
            told = "  ".join(
                f"{name} {m:.3g} ({s:.2g})" for name, m, s in zip(names, mean, sd, strict=True)
            )
            missed = int(np.isnan(array[:, 0]).sum())
            bias = 100 * (mean[0] / area - 1)
            print(f"  {area:4} mm2 oedema {water}: {told}  bias {bias:+.0f} %  missed {missed}")
    for area, water, array in rows:
        mean, sd = np.nanmean(array, 0), np.nanstd(array, 0)
        # the epineurium is as dark as fat, so that the area within it is read
        assert -0.35 < mean[0] / area - 1 < 0.0 and sd[0] < 0.08 * area
        assert np.isnan(array[:, 0]).sum() <= 1
        expected = 61.5 if water else 44.6
        assert abs(mean[2] - expected) < 3.0 and sd[2] < 2.0
        assert sd[3] < 0.1 and sd[1] < 0.1


def drawn_and_read(seeds: range, days: float | None = None) -> np.ndarray:
    """Areas of nerves as the program draws them, and as they are read, ``(n, 2)``."""
    rng, rows = np.random.default_rng(16), []
    for k in seeds:
        for name in ("median", "ulnar"):
            patient = Patient(age=45, sex=("female", "male")[k % 2], height_cm=170)
            arm = nerve.build(name, side="left", twins=Twins(patient, range(k, k + 1)))
            one, places = Scanned.healthy(arm), [s for s in sites_of(arm) if s.size][k % 3 :: 3]
            if days is not None:
                at = arm.landmark("carpal tunnel" if name == "median" else "cubital tunnel")
                scar = lesion.constriction.make(
                    arm, at.branch, site_mm=at.position_mm, length_mm=20.0, pressure_mmHg=90.0
                )
                waited = course.follow(arm, scar, treatment.plan("wait", []))
                one = Scanned(arm, scar, course.state_at(waited, days), course=waited)
                places = [s for s in sites_of(arm) if abs(s.position_mm - at.position_mm) < 20][:1]
            for place in places:
                shape = shape_at(one, place.position_mm, place.branch)
                plane = cross_section(
                    one, place.position_mm, branch=place.branch, width_mm=26,
                    depth_mm=shape.depth_mm + 13, spacing_mm=0.15,
                )  # fmt: skip
                [picture] = t2_weighted([plane], rng, PUBLISHED)
                near = pointed((shape.depth_mm, 13.0), rng, PUBLISHED)
                outline = nerve_on_mri(picture, near, PUBLISHED)
                if outline is not None:
                    rows.append([shape.area_mm2, whole_area(outline, PUBLISHED).value])
    return np.array(rows, float)


@pytest.mark.truth
def test_areas_of_other_people_are_right_but_for_a_known_spread() -> None:
    for name, found in (
        ("healthy", drawn_and_read(range(30, 35))),
        ("pressed for 360 days", drawn_and_read(range(30, 34), 360.0)),
    ):
        ratio = found[:, 1] / found[:, 0]
        off = int((abs(ratio - 1) > 0.4).sum())
        right = ratio[abs(ratio - 1) <= 0.4]
        print(
            f"MR areas of nerves as drawn, {name}, n {len(ratio)} (set on others): read over "
            f"drawn {right.mean():.2f} ± {right.std():.2f}, {off} off by more than 40 %"
        )
        assert abs(right.mean() - 1) < 0.15 and right.std() < 0.2 and off <= 2


def test_no_nerve_is_no_number() -> None:
    rng = np.random.default_rng(2)
    found = []
    for k in range(12):
        empty = nerve_phantom(area_mm2=0.0, seed=k, size_mm=14, spacing_mm=0.14)
        found.append(outline_of(empty, rng)[0])
    print(f"outlines where no nerve was: {sum(f is not None for f in found)} of {len(found)}")
    assert all(f is None for f in found)
    stack = [nerve_phantom(area_mm2=0.0, position_mm=mm, size_mm=12) for mm in (0.0, 4.0, 8.0)]
    reading = read(scan(stack, rng, PUBLISHED), (6.0, 6.0), PUBLISHED)
    assert reading.continuous is None and reading.value("gap") is None
    assert reading.value("FA") is None and reading.tracts is None


def test_fascicles_are_seen_in_a_nerve_and_not_in_a_scar() -> None:
    rng = np.random.default_rng(3)
    seen = {}
    for name, inside in (
        ("nerve", None),
        ("neuroma", Tissue.NEUROMA),
        ("fluid", Tissue.FLUID),
    ):
        found = [
            fascicles_seen(picture, outline, PUBLISHED)
            for k in range(8)
            for outline, picture in [
                outline_of(nerve_phantom(inside=inside, seed=k, size_mm=14), rng)
            ]
            if outline is not None
        ]
        seen[name] = np.mean(found)
    print(f"fascicles seen: {seen}")
    assert seen["nerve"] > 0.9 and max(seen["neuroma"], seen["fluid"]) < 0.3


# ---------------------------------------------------------------- published people
@cache
def healthy_and_affected() -> dict[float, np.ndarray]:
    """Nerve-to-muscle signal and T2 of some people by their oedema, ``(n, 2)`` each."""
    rng = np.random.default_rng(5)
    found = {}
    for water, n in ((0.0, 10), (AFFECTED, 10), (1.0, 4)):
        rows = []
        for plane, person in people(n, rng, water=water):
            [picture] = t2_weighted([plane], rng, PUBLISHED, person=person)
            [t2] = t2_map([plane], rng, PUBLISHED, person=person)
            outline = nerve_on_mri(picture, pointed((7.0, 7.0), rng, PUBLISHED), PUBLISHED)
            if outline is not None:
                ratio = nerve_muscle_ratio(picture, outline, PUBLISHED)
                rows.append([ratio, value_inside(t2, outline, PUBLISHED)])
        found[water] = np.array(rows, float)
    return found


@pytest.mark.truth
def test_t2_of_healthy_and_affected_nerves() -> None:
    healthy, affected = (healthy_and_affected()[water][:, 1] for water in (0.0, AFFECTED))
    print(
        f"T2 (fitted): {healthy.mean():.1f} ± {healthy.std():.1f} of 44.6 ± 3.0 ms, "
        f"{affected.mean():.1f} ± {affected.std():.1f} of 61.5 ± 6.2; "
        f"ratio {affected.mean() / healthy.mean():.2f} of 1.42"
    )
    assert abs(healthy.mean() - 44.6) < 3.0 and abs(affected.mean() - 61.5) < 6.2


@pytest.mark.truth
def test_nerve_to_muscle_signal_of_healthy_nerves() -> None:
    healthy = healthy_and_affected()[0.0][:, 0]
    print(
        f"nerve to muscle, healthy (predicted): {healthy.mean():.2f} ± {healthy.std():.2f} of 1.4"
    )
    assert abs(healthy.mean() - 1.4) < 0.25
    assert healthy.max() < limit("nerve-muscle ratio", PUBLISHED).value


@pytest.mark.truth
@pytest.mark.xfail(
    strict=True, reason="1.86 at the T2 of a disc herniation, 2.21 at the most oedema"
)
def test_nerve_to_muscle_signal_in_ulnar_neuropathy() -> None:
    affected, most = (healthy_and_affected()[water][:, 0].mean() for water in (AFFECTED, 1.0))
    print(
        f"nerve to muscle, T2 61.5 ms (predicted): {affected:.2f} of 2.7; "
        f"at the most oedema a plane can state: {most:.2f}"
    )
    assert abs(affected - 2.7) < 0.3


@cache
def carpal_tunnels() -> tuple[np.ndarray, np.ndarray]:
    """FA and ADC of healthy people and of people with carpal tunnel syndrome, ``(2, n)`` each."""
    rng = np.random.default_rng(6)
    groups = []
    for ill in (False, True):
        values = []
        for k in range(20):
            plane = nerve_phantom(
                area_mm2=float(rng.uniform(9, 18) if ill else rng.uniform(7, 12)),
                n_fascicle=10,
                water=float(rng.uniform(0.2, 0.9)) if ill else 0.0,
                axons=float(rng.uniform(0.5, 1.0)) if ill else 1.0,
                seed=k,
                size_mm=14,
                spacing_mm=0.14,
            )
            person = Person(float(rng.uniform(25, 75)), *map(float, rng.standard_normal(2)))
            outline, _ = outline_of(plane, rng)
            [made] = diffusion([plane], rng, PUBLISHED, person=person)
            if outline is not None:
                values.append(
                    [value_inside(each, outline, PUBLISHED) for each in (made.fa, made.adc)]
                )
        groups.append(np.array(values, float).T)
    return groups[0], groups[1]


@pytest.mark.truth
def test_fa_of_healthy_median_nerves() -> None:
    healthy, _ = carpal_tunnels()
    print(
        f"FA healthy (fitted): median {np.median(healthy[0]):.3f} ± {healthy[0].std():.3f} "
        f"of 0.709 ± 0.046; ADC {np.median(healthy[1]):.2f} ± {healthy[1].std():.2f} "
        "of 1.016 ± 0.129"
    )
    assert abs(np.median(healthy[0]) - 0.709) < 0.046
    assert abs(np.median(healthy[1]) - 1.016) < 0.129


@pytest.mark.truth
def test_fa_in_carpal_tunnel_syndrome() -> None:
    healthy, ill = carpal_tunnels()
    print(
        f"FA in carpal tunnel syndrome (predicted): {ill[0].mean():.3f} ± {ill[0].std():.3f} "
        f"of 0.540 and 0.454 ± 0.065; ADC {ill[1].mean():.2f} of 1.09 ± 0.18"
    )
    for border, published in ((0.47, "-"), (0.487, "70.6 / 76.5 %"), (0.6, "82.6 / 66.7 %")):
        sensitivity, specificity = (ill[0] <= border).mean(), (healthy[0] > border).mean()
        print(
            f"  FA <= {border}: {100 * sensitivity:.0f} / {100 * specificity:.0f} %, "
            f"published {published}"
        )
    assert 0.454 - 0.065 < ill[0].mean() < 0.54 + 0.065
    assert abs(ill[1].mean() - 1.09) < 0.18


@pytest.mark.slow
@pytest.mark.truth
@pytest.mark.xfail(
    strict=True, reason="FA 0.63: water 0.2 and no axon lost after a year of pressure"
)
def test_fa_in_carpal_tunnels_of_the_program() -> None:
    values = []
    for k, pressure in enumerate(np.random.default_rng(1).uniform(30, 90, 16)):
        one = Twins(Patient(age=52, sex="female", height_cm=165), range(k, k + 1))
        arm = nerve.build("median", side="left", twins=one)
        at = arm.landmark("carpal tunnel")
        scar = lesion.constriction.make(
            arm, at.branch, site_mm=at.position_mm, length_mm=20.0, pressure_mmHg=float(pressure)
        )
        waited = course.follow(arm, scar, treatment.plan("wait", []))
        state = course.state_at(waited, 360.0)
        seen, before_mm = Scanned(arm, scar, state, course=waited), at.position_mm - 14.0
        plane = cross_section(seen, before_mm, width_mm=30, depth_mm=20, spacing_mm=0.1)
        person = Person(52.0, seen.normal("mri.relaxation"), seen.normal("mri.radial"))
        made = scan([plane], np.random.default_rng(k), PUBLISHED, person)
        found = read(made, (shape_at(seen, before_mm).depth_mm, 15.0), PUBLISHED)
        values.append([found.value(name) or np.nan for name in ("FA", "T2", "area")])
    fa, t2, area = np.nanmean(values, axis=0)
    print(
        f"the program's carpal tunnels (predicted): FA {fa:.3f} of 0.540 and 0.454, "
        f"T2 {t2:.1f} ms, area {area:.1f} mm2"
    )
    assert fa < 0.6


@pytest.mark.truth
def test_fa_falls_with_age() -> None:
    rng = np.random.default_rng(7)
    plane = nerve_phantom(area_mm2=9.3, n_fascicle=10, seed=1, size_mm=14)
    outline, _ = outline_of(plane, rng)
    assert outline is not None
    ages, values = np.linspace(20, 80, 60), []
    for age in ages:
        person = Person(float(age), 0.0, float(rng.standard_normal()))
        [made] = diffusion([plane], rng, PUBLISHED, person=person)
        values.append(value_inside(made.fa, outline, PUBLISHED))
    r = np.corrcoef(ages, values)[0, 1]
    late = ages > 45
    slope = np.polyfit(ages[late], np.array(values)[late], 1)[0]
    print(
        f"FA with age: slope after 45 (fitted) {slope:.4f} of -0.004 a year; "
        f"r (predicted) {r:.2f} of -0.77"
    )
    assert -0.006 < slope < -0.002
    assert -0.9 < r < -0.6


@pytest.mark.truth
def test_few_directions_raise_fa() -> None:
    rng = np.random.default_rng(8)
    sural = nerve_phantom(area_mm2=2.5, n_fascicle=6, width_to_height=1.2, seed=1, size_mm=12)
    ring = Outline((6.0, 6.0), np.full(48, 0.9), 1.0, 0.0, 0.1)
    changed = {"mri.diffusion.radial": 0.59}  # so that 32 directions read 0.559
    found = {}
    for n in (6, 32):
        there = PUBLISHED.replace({**changed, "mri.dti.directions": n})
        values = []
        for _ in range(30):
            [made] = diffusion([sural], rng, there)
            values.append(value_inside(made.fa, ring, there))
        found[n] = (np.mean(values), np.std(values))
    print(
        f"FA of a sural nerve: 32 directions (set) {found[32][0]:.3f} ± {found[32][1]:.3f} of "
        f"0.559 ± 0.071; 6 (predicted) {found[6][0]:.3f} ± {found[6][1]:.3f} of 0.659"
    )
    assert abs(found[32][0] - 0.559) < 0.03
    assert found[6][0] > found[32][0] + 0.03 and abs(found[6][0] - 0.659) < 0.07


def test_closed_form_diffusion_is_that_of_dipy() -> None:
    from dipy.core.gradients import gradient_table
    from dipy.sims.voxel import single_tensor

    along = directions(20)
    table = gradient_table(np.r_[0.0, np.full(20, 1200.0)], bvecs=np.vstack([np.zeros(3), along]))
    plane = nerve_phantom()
    here = tensors(plane, PUBLISHED)
    at = np.argwhere(plane.tissue == Tissue.FASCICLE)[0]
    first, second = here.along[tuple(at)], here.across[tuple(at)]
    frame = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])
    values = np.array([first, second, second]) / 1000
    theirs = single_tensor(table, 1.0, evals=values, evecs=frame)
    ours = [here.attenuation(g, 1200.0)[tuple(at)] for g in along]
    assert np.allclose(ours, theirs[1:], rtol=1e-4)
    fa, adc, main = fit(np.r_[1.0, ours][None], along, 1200.0)
    assert abs(adc[0] - (first + 2 * second) / 3) < 0.01 and abs(main[0, 2]) > 0.999
    assert abs(fa[0] - (first - second) / np.sqrt(first**2 + 2 * second**2)) < 0.01


# ---------------------------------------------------------------- muscles
# month, mean and SD of the STIR ratio of hand muscles (Radiology 2012;264:522)
POOR = ((1, 1.299, 0.056), (3, 1.377, 0.094), (6, 1.419, 0.117), (9, 1.398, 0.111),
        (12, 1.342, 0.095))  # fmt: skip
GOOD = ((1, 1.267, 0.060), (3, 1.357, 0.116), (6, 1.297, 0.111), (9, 1.205, 0.096),
        (12, 1.086, 0.104))  # fmt: skip
MONTH_d = 30.4


@pytest.mark.truth
def test_stir_of_muscles_without_recovery() -> None:
    days = days_to(730.0)
    water, fat, bulk = followed(np.ones(len(days)), days, PUBLISHED)
    print("muscle without axons, STIR ratio (months 1 and 6 fitted), fat, bulk:")
    for month, mean, sd in POOR:
        w, f, b = (np.interp(month * MONTH_d, days, each) for each in (water, fat, bulk))
        ratio = stir_ratio(float(w), float(f), PUBLISHED)
        print(f"  month {month:2}: {ratio:.3f} of {mean} ± {sd}; fat {f:.2f}, bulk {b:.2f}")
        assert abs(ratio - mean) < sd
    ratios = [stir_ratio(float(w), 0.0, PUBLISHED) for w in water]
    first = {
        "STIR": np.interp(1.05, ratios, days),
        "a tenth of the bulk": np.interp(-0.9, -bulk, days),
        "a tenth fat": np.interp(0.1, fat, days),
    }
    print("  seen first, days:", {k: round(float(v)) for k, v in first.items()})
    assert first["STIR"] < first["a tenth of the bulk"] < first["a tenth fat"]


@pytest.mark.truth
def test_stir_of_muscles_that_recover() -> None:
    one = Twins(Patient(age=30, sex="male", height_cm=175), range(1))
    arm = nerve.build("ulnar", side="left", twins=one)
    cut = lesion.laceration.make(arm, "ulnar trunk", site_mm=690.0, fraction=1.0)
    repair = [{"treatment": "repair", "day": 0, "gap_mm": 0}]
    done = course.follow(arm, cut, treatment.plan("repair", repair))
    print("hand muscles after repair with recovery, STIR ratio (predicted):")
    for month, mean, sd in GOOD:
        hand = [m for m in muscles_on(done, month * MONTH_d) if m.name != "flexor carpi ulnaris"]
        ratio = np.mean([stir_ratio(m.water, m.fat, PUBLISHED) for m in hand])
        print(f"  month {month:2}: {ratio:.3f} of {mean} ± {sd}")
        assert abs(ratio - mean) < 2 * sd


def test_a_reader_sees_which_nerve_a_denervated_muscle_belongs_to() -> None:
    rng = np.random.default_rng(9)
    ill = [MuscleState("tibialis anterior", 1.0, 0.75, 0.0, 0.8)]
    section = limb_section("leg", PUBLISHED, ill, spacing_mm=0.4)
    [picture] = stir([section.plane], rng, PUBLISHED)
    names = ["tibialis anterior", "soleus"]
    found = read_muscles(picture, section, names, ["tibialis posterior"], rng, PUBLISHED)
    ratio = {each.where: each.value for each in found}
    print(f"STIR ratio, leg: {ratio}")
    most = limit("STIR ratio", PUBLISHED)
    assert ratio["tibialis anterior"] > most.value > ratio["soleus"]


HAND = ("adductor pollicis", "first dorsal interosseous", "second dorsal interosseous",
        "third dorsal interosseous", "fourth dorsal interosseous", "abductor digiti minimi",
        "flexor digiti minimi")  # fmt: skip


@pytest.mark.parametrize(("water", "fat", "bulk"), [(0.0, 0.0, 1.0), (0.75, 0.05, 0.4)])
def test_small_muscles_are_read_inside_them(water: float, fat: float, bulk: float) -> None:
    states = [MuscleState(name, float(bulk < 1), water, fat, bulk) for name in HAND]
    section = limb_section("hand", PUBLISHED, states, spacing_mm=0.3)
    rows = []
    for seed in range(5):  # coils are uneven in each picture anew
        rng = np.random.default_rng(100 + seed)
        [picture] = stir([section.plane], rng, PUBLISHED)
        found = read_muscles(picture, section, HAND, ["abductor pollicis brevis"], rng, PUBLISHED)
        rows.append([np.nan if each.value is None else each.value for each in found])
    read_, there = np.array(rows), stir_ratio(water, fat, PUBLISHED)
    print(
        f"STIR of hand muscles, bulk {bulk}: {np.nanmean(read_):.2f} ± {np.nanstd(read_):.2f}, "
        f"there {there:.2f}; not seen {int(np.isnan(read_).sum())} of {read_.size}"
    )
    assert np.isnan(read_).mean() < 0.1
    assert abs(np.nanmean(read_) / there - 1) < 0.1


# ---------------------------------------------------------------- continuity
def stack_of(cut: bool, rng: np.random.Generator) -> list[Plane]:
    """A stack across an injured nerve, as docs/imaging.md states the cohort."""
    area, seed = float(rng.uniform(4, 10)), int(rng.integers(1000))
    length = float(rng.uniform(2, 30) if cut else rng.uniform(8, 20))
    filled = (Tissue.SCAR, Tissue.FAT, Tissue.FLUID, Tissue.NEUROMA)[int(rng.integers(4))]
    water, axons = float(rng.uniform(0.3, 0.9)), float(rng.uniform(0.0, 0.9))
    throughout = rng.uniform() < 1 / 3
    middle, off = 16.0 + float(rng.uniform(-2, 2)), rng.uniform(-0.5, 0.5, 2)
    planes = []
    for at in np.arange(0.0, 33.0, 4.0):
        near = abs(at - middle) < length / 2
        kind: dict[str, object] = {"area_mm2": area}
        if cut and near:
            inside = None if filled == Tissue.FAT else filled
            kind = {"area_mm2": 0.0 if inside is None else area, "inside": inside}
        elif cut and at > middle:
            kind |= {"water": 0.5, "axons": 0.1}
        elif near:
            kind = {"area_mm2": 1.5 * area, "water": water, "axons": axons}
            kind |= {"inside": Tissue.NEUROMA} if throughout else {}
        planes.append(
            nerve_phantom(
                n_fascicle=7,
                seed=seed,
                size_mm=13.0,
                spacing_mm=0.13,
                position_mm=float(at),
                centre_mm=(float(off[0]), float(off[1])),
                **kind,
            )
        )
    return planes


def called_continuous(planes: list[Plane], rng: np.random.Generator) -> bool | None:
    """What a reader of T2-weighted pictures and tracts says."""
    pictures = t2_weighted(planes, rng, PUBLISHED)
    tensors_ = diffusion(planes, rng, PUBLISHED)
    at = [plane.position_mm for plane in planes]
    seen = follow(pictures, at, pointed((6.5, 6.5), rng, PUBLISHED), PUBLISHED)
    fa, along = [t.fa for t in tensors_], [t.direction for t in tensors_]
    passing = least_passing(fa, along, at, seen.outlines, PUBLISHED)
    shown = all(
        fascicles_seen(picture, outline, PUBLISHED)
        for picture, outline in zip(pictures, seen.outlines, strict=True)
        if outline is not None
    )
    return is_continuous(seen, passing, shown, PUBLISHED)


def discontinuity(n: int) -> tuple[float, float]:
    rng = np.random.default_rng(10)
    cut = [called_continuous(stack_of(True, rng), rng) for _ in range(n)]
    whole = [called_continuous(stack_of(False, rng), rng) for _ in range(n)]
    return float(np.mean([c is False for c in cut])), float(np.mean([w is True for w in whole]))


@pytest.mark.slow
@pytest.mark.truth
def test_discontinuity_by_a_reader() -> None:
    sensitivity, specificity = discontinuity(60)
    print(
        f"discontinuity (predicted): sensitivity {100 * sensitivity:.0f} %, specificity "
        f"{100 * specificity:.0f} %; published 90 %, and 92.6 / 66.6 % beside ultrasound "
        "80.4 / 100 %"
    )
    assert 0.8 < sensitivity <= 1.0
    assert 0.5 < specificity < 0.85


def test_tracts_stop_in_a_gap() -> None:
    rng = np.random.default_rng(11)
    ends = {}
    for name, inside in (("whole", None), ("gap", Tissue.SCAR)):
        planes = [
            nerve_phantom(inside=inside if 12 <= mm < 24 else None, position_mm=mm, size_mm=14)
            for mm in np.arange(0.0, 33.0, 4.0)
        ]
        made = diffusion(planes, rng, PUBLISHED)
        ring = Outline((7.0, 7.0), np.full(48, 1.3), 1.0, 0.0, 0.1)
        fa, along = [m.fa for m in made], [m.direction for m in made]
        tracts = track(fa, along, [p.position_mm for p in planes], ring, PUBLISHED)
        ends[name] = (tracts.part_through, tracts.stop_mm)
    print(f"tracts through, and where half of them stop: {ends}")
    assert ends["whole"][0] > 0.5 and ends["gap"][0] == 0.0
    assert 8.0 <= ends["gap"][1] <= 16.0


# ---------------------------------------------------------------- time, blindness, input
def test_a_slice_with_diffusion_takes_less_than_a_second() -> None:
    plane = nerve_phantom(size_mm=30, spacing_mm=0.05)
    rng, seconds = np.random.default_rng(12), []
    for _ in range(3):
        begin = time.process_time()
        t2_weighted([plane], rng, PUBLISHED)
        diffusion([plane], rng, PUBLISHED)
        seconds.append(time.process_time() - begin)
    print(f"slice of 600 x 600 with diffusion: median {np.median(seconds):.2f} s")
    assert np.median(seconds[1:]) < 1.0


def test_measuring_is_blind() -> None:
    allowed = ("numpy", "scipy", "skimage", "dipy", "tinel.evidence", "tinel.errors",
               "tinel.declare", "tinel.imaging.picture", "tinel.imaging.measured")  # fmt: skip
    standard = (
        "__future__",
        "collections",
        "dataclasses",
        "itertools",
        "math",
        "statistics",
        "typing",
    )
    for file in (ROOT / "src/tinel/imaging/measured").glob("mr_*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert str(node.module).startswith((*allowed, *standard)), (file.name, node.module)
            elif isinstance(node, ast.Import):
                assert all(a.name.startswith((*allowed, *standard)) for a in node.names)


def test_same_seed_same_pictures() -> None:
    plane = nerve_phantom(size_mm=10)
    made = [scan([plane], np.random.default_rng(1), PUBLISHED) for _ in range(2)]
    for name in ("t2_weighted", "stir", "t2_map"):
        one, other = (getattr(m, name)[0].pixels for m in made)
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(made[0].diffusion[0].fa.pixels, made[1].diffusion[0].fa.pixels)


def test_partial_volume_mixes_neighbours() -> None:
    planes = [nerve_phantom(position_mm=mm, area_mm2=a, size_mm=10)
              for mm, a in ((0.0, 9.0), (1.0, 0.0), (2.0, 0.0))]  # fmt: skip
    thin = Protocol("T2-weighted", 3.0, 7020.0, 52.0, None, True, 0.27, 0.5)
    thick = Protocol("T2-weighted", 3.0, 7020.0, 52.0, None, True, 0.27, 3.0)
    middles = {}
    quiet = PUBLISHED.replace({"mri.scanner.signal_to_noise": 120.0})
    for name, protocol in (("thin", thin), ("thick", thick)):
        picture = t2_weighted(planes, np.random.default_rng(1), quiet, protocol)[1]
        middles[name] = picture.pixels[16:21, 16:21].mean()
    assert middles["thick"] > 2 * middles["thin"]


def test_wrong_input_is_told() -> None:
    rng = np.random.default_rng(1)
    one, other = nerve_phantom(size_mm=10), nerve_phantom(size_mm=11)
    for call in (
        lambda: t2_weighted([], rng, PUBLISHED),
        lambda: t2_weighted([one, other], rng, PUBLISHED),
        lambda: nerve_phantom(area_mm2=-1.0),
        lambda: directions(3),
        lambda: Person(age=float("nan")),
        lambda: Protocol("x", 2.0, 1.0, 1.0, None, True, 1.0, 1.0),
        lambda: Protocol("x", 3.0, 0.0, 1.0, None, True, 1.0, 1.0),
        lambda: limb_section("tail", PUBLISHED),
        lambda: limb_section("leg", PUBLISHED, (), {"ulnar": one}, spacing_mm=1.0),
        lambda: follow([], [0.0], (1.0, 1.0), PUBLISHED),
    ):
        with pytest.raises(TinelError):
            call()


def test_low_field_and_pictures_to_show() -> None:
    rng = np.random.default_rng(1)
    plane = nerve_phantom(size_mm=10)
    [low] = t2_weighted([plane], rng, PUBLISHED, t2_weighted_protocol(PUBLISHED, 1.5))
    [made] = diffusion([plane], rng, PUBLISHED)
    shown = grey(low)
    assert shown.min() >= 0.0 and shown.max() <= 1.0
    assert fa_in_colour(made).shape[2] == 3
    # pixels need not be square: in a slice of the median nerve in the forearm they were not
    oblong = replace(made, fa=replace(made.fa, column_mm=1.01 * made.fa.column_mm))
    frame = fa_frame(oblong)
    assert frame.pixels.shape == fa_frame(made).pixels.shape
    assert frame.column_mm == pytest.approx(1.01 * frame.row_mm)
    assert limbs_of(["first dorsal interosseous"], PUBLISHED) == ("hand",)
    assert limit("fascicles seen", PUBLISHED) is None
    assert limit("area", PUBLISHED, nerve="ulnar").value == 8.0


def test_tracts_are_drawn_step_by_step_and_a_lone_point_is_left_out() -> None:
    from matplotlib.figure import Figure

    axes = Figure().add_subplot()
    along = np.array([[0.0, 0.0, 0.0], [0.1, 0.0, 4.0], [0.1, 0.2, 8.0]])
    draw_tracts(axes, Tracts((along, along[:1]), 8.0))
    (drawn,) = axes.collections
    assert len(drawn.get_segments()) == 2
    np.testing.assert_allclose(drawn.get_segments()[1][:, 0], [4.0, 8.0])


# ---------------------------------------------------------------- every number does something
def everything(key: str, p: Parameters, spacing_mm: float = 1.2) -> list[np.ndarray]:
    """What a number of mri.toml may change, as cheaply as can be."""
    part = key.split(".")[1]
    rng = np.random.default_rng(1)
    plane = mixed()
    if part == "limb":
        section = limb_section(key.split(".")[2], p, spacing_mm=spacing_mm)
        sizes = [np.array(list(each.values())) for each in (section.muscle_mm, section.nerve_mm)]
        return [section.plane.tissue, *sizes]
    if part == "drawing":
        section = limb_section("hand", p, spacing_mm=0.5)
        return [section.plane.tissue, np.array(list(section.muscle_mm.values()))]
    if part == "limit":
        names = ("nerve-muscle ratio", "FA", "ADC", "T2", "area", "STIR ratio")
        return [np.array([limit(n, p, "ulnar").value for n in names])]
    if part == "denervated":
        days = days_to(400.0)
        return list(followed(np.where(days < 200, 1.0, 0.3), days, p))
    if part == "reader":
        return read_off(p)
    if part in ("dti", "diffusion", "t2_map"):
        made = [diffusion([plane], rng, p, person=Person(age=70.0))[0].fa.pixels]
        made.append(t2_map([plane], rng, p)[0].pixels)
        thick = [mixed(0.0), nerve_phantom(position_mm=2.2, size_mm=6.0, spacing_mm=0.2)]
        return [*made, diffusion(thick, rng, p)[0].fa.pixels]
    stacked = [mixed(0.0), nerve_phantom(position_mm=1.6, size_mm=6.0, spacing_mm=0.2)]
    found = []
    for field in (3.0, 1.5):
        for make, protocol in ((t2_weighted, t2_weighted_protocol), (stir, stir_protocol)):
            found += [f.pixels for f in make(stacked, rng, p, protocol(p, field))]
    here = protons(plane, p)
    return [*found, here.t1_ms, here.t2_ms, here.water, here.fat]


def mixed(position_mm: float = 0.0) -> Plane:
    """A plane with every tissue in it, wet and partly fat."""
    plane = nerve_phantom(size_mm=6.0, spacing_mm=0.2, water=0.5, axons=0.6, area_mm2=6.0)
    tissue = plane.tissue.copy()
    for k, each in enumerate(Tissue):
        tissue[:2, 2 * k % 30 : 2 * k % 30 + 2] = each
    water = np.full(tissue.shape, 0.5, np.float32)
    return Plane(tissue, 0.2, "cross", position_mm, water, water * 0.5, plane.axons)


@cache
def prepared() -> tuple[list[Picture], list[Picture], list[np.ndarray], list[float]]:
    rng = np.random.default_rng(1)
    planes = [nerve_phantom(position_mm=mm, size_mm=12, seed=3, area_mm2=a)
              for mm, a in ((0.0, 8.0), (4.0, 8.0), (8.0, 3.0))]  # fmt: skip
    made = diffusion(planes, rng, PUBLISHED)
    pictures = list(t2_weighted(planes, rng, PUBLISHED))
    along = [m.direction for m in made]
    return pictures, [m.fa for m in made], along, [p.position_mm for p in planes]


def read_off(p: Parameters) -> list[np.ndarray]:
    pictures, fa, along, at = prepared()
    near = pointed((6.8, 6.4), np.random.default_rng(2), p)
    seen = follow(pictures, at, near, p)
    faint = Picture(pictures[0].pixels * 0.2 + 0.1, 0.27, 0.27, "mri")
    noise = np.random.default_rng(3).normal(0.0, 0.01, faint.pixels.shape).astype(np.float32)
    faint = Picture(faint.pixels + noise, 0.27, 0.27, "mri")
    found = [np.array(near), np.array([o is None for o in seen.outlines])]
    found += [o.radius_mm for o in seen.outlines if o is not None]
    found += [
        np.array(v is None)
        for v in (nerve_on_mri(faint, (6.0, 6.0), p), nerve_on_mri(pictures[2], (6.0, 6.0), p))
    ]
    found.append(np.array(nerve_on_mri(half_open(), (8.1, 8.1), p) is None))
    ring = Outline((6.0, 6.0), np.full(48, 1.5), 1.0, 0.0, 0.015)
    dots = [Outline((6.0, 6.0), np.full(48, 1.5), 1.0, 0.0, sd) for sd in (0.02, 0.03, 0.05)]
    shown = [float(fascicles_seen(pictures[0], each, p)) for each in dots]
    even = Picture(pictures[0].pixels * 0.2 + 0.15, 0.27, 0.27, "mri")
    shown.append(float(fascicles_seen(even, Outline((6.0, 6.0), ring.radius_mm, 1, 0, 1e-4), p)))
    found.append(np.array([value_inside(fa[0], ring, p), *shown]))
    found.append(np.array([nerve_muscle_ratio(each, ring, p) or 0.0 for each in beside_muscle()]))
    found.append(np.array([*muscles_read_off(p), whole_area(ring, p).value]))
    tracts = track(fa, along, at, ring, p)
    found.append(np.array([len(line) for line in tracts.lines]))
    stack = Followed((0.0, 4.0), (ring, ring))
    parts = (0.03, 0.1, 0.3, 0.6)
    found.append(np.array([is_continuous(stack, part, False, p) for part in parts]))
    return found


@cache
def half_open() -> Picture:
    """A nerve that runs into something as bright on two of five sides."""
    y, x = (np.mgrid[:60, :60] + 0.5) * 0.27 - 8.1
    bright = (np.hypot(y, x) < 1.5) | (np.abs(np.degrees(np.arctan2(y, x))) < 75)
    noise = np.random.default_rng(1).normal(0.0, 0.01, y.shape)
    return Picture((np.where(bright, 2.0, 0.1) + noise).astype(np.float32), 0.27, 0.27, "mri")


@cache
def beside_muscle() -> tuple[Picture, Picture]:
    """A nerve in fat with muscle at different distances and of little extent, and in dim muscle."""
    noise = np.random.default_rng(4).normal(0.0, 0.02, (80, 80)).astype(np.float32)
    y, x = np.mgrid[:80, :80] * 0.4
    far = np.hypot(y - 6.0, x - 6.0)
    rings = np.where(far < 1.5, 2.0, np.where(far < 3.3, 0.15, 1.0 + 0.02 * far))
    rings[24:] = 0.15  # a piece of some 60 mm2 is left
    rings[:, 30:] = 0.15
    dim = np.where(far < 1.5, 2.0, np.where((far < 6.0) | (x > 20.0), 1.0, 0.55))
    both = (np.asarray(each + noise, np.float32) for each in (rings, dim))
    one, other = (Picture(each, 0.4, 0.4, "mri") for each in both)
    return one, other


def muscles_read_off(p: Parameters) -> list[float]:
    """Small muscles in fat, of some brightnesses and sizes, as a circle reads them."""
    pixels = np.full((80, 80), 0.1, np.float32)
    squares = {"a": (4, 4, 1.4), "b": (4, 24, 1.0), "c": (24, 4, 0.9), "d": (24, 24, 1.2),
               "e": (44, 44, 1.1)}  # fmt: skip
    places = {}
    for name, (row, column, bright) in squares.items():
        slope = 0.02 * np.arange(15, dtype=np.float32)
        pixels[row : row + 15, column : column + 15] = bright + slope[:, None] ** 1.5
        places[name] = ((row + 7.5) * 0.4, (column + 8.5) * 0.4)
    for k, wide in enumerate((3, 4, 5)):
        pixels[64 : 64 + wide, 4 + 24 * k : 24 + 24 * k] = 1.0
    pixels += np.random.default_rng(5).normal(0.0, 0.01, pixels.shape).astype(np.float32)
    picture = Picture(pixels, 0.4, 0.4, "mri")
    aside = [(1.6 - mm, 4.0) for mm in (0.5, 1.5, 3.0)] + [(8.0 + mm, 4.8) for mm in (1.0, 2.5)]
    strips = [(26.2, 4.8 + 9.6 * k) for k in range(3)]
    found = [muscle_at(picture, at, p) or 0.0 for at in (*places.values(), *aside, *strips)]
    dim = Picture(np.maximum(pixels, 0.6), 0.4, 0.4, "mri")
    found += [muscle_at(dim, at, p) or 0.0 for at in (places["b"], *aside)]
    section = LimbSection(mixed(), places, {})
    rng = np.random.default_rng(6)
    read_ = read_muscles(picture, section, ["a"], ["b", "c", "d", "e"], rng, p)
    return [*found, *(each.value or 0.0 for each in read_)]


KEYS = sorted(k for k in PUBLISHED.numbers if k.startswith("mri."))


@pytest.mark.parametrize("part", sorted({k.split(".")[1] for k in KEYS}))
def test_every_number_of_mri_does_something(part: str) -> None:
    idle: list[str] = []
    usual: dict[tuple[str, float], list[np.ndarray]] = {}
    for key in (k for k in KEYS if k.split(".")[1] == part):
        number = PUBLISHED.number(key)
        least, most = sorted(number.allowed)
        limb = key.split(".")[2] if part == "limb" else ""

        def changes(value: float, spacing_mm: float, key: str = key, limb: str = limb) -> bool:
            if (limb, spacing_mm) not in usual:
                usual[limb, spacing_mm] = everything(key, PUBLISHED, spacing_mm)
            before = usual[limb, spacing_mm]
            now = everything(key, PUBLISHED.replace({key: value}), spacing_mm)
            return len(now) != len(before) or not all(
                a.shape == b.shape and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
                for a, b in zip(now, before, strict=True)
            )

        values = [number.value * f for f in (1.4, 0.6, 4.0, 0.15)]
        tried = [v for v in values if least <= v <= most]
        # what is small in a limb needs a finer one
        finer = (1.2, 0.4) if part == "limb" else (1.2,)
        if not any(changes(value, spacing) for spacing in finer for value in tried):
            idle.append(key)
    assert idle == []
