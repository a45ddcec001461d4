"""What lies in a plane through a limb: areas, gaps, neuromas, water and muscle, from the state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise
from math import pi, sqrt

import numpy as np
import pytest

from tests.people import PUBLISHED, some
from tinel import course, nerve, treatment
from tinel.errors import TinelError
from tinel.evidence import GRADES
from tinel.imaging.anatomy import (
    Needle,
    Scanned,
    cross_section,
    long_section,
    muscle_section,
    scan_sites,
    shape_at,
)
from tinel.imaging.anatomy.shape import NerveShape, Today, shape_on
from tinel.imaging.anatomy.sites import how_known, sites, sites_of, stands_for
from tinel.imaging.anatomy.size import area_at, grown_part
from tinel.imaging.plane import Plane, Tissue
from tinel.lesion import Lesion, constriction, crush, laceration
from tinel.nerve import Nerve
from tinel.treatment import Plan

WAIT = treatment.plan("wait", [])
WRIST = 600.0
NERVE_TISSUE = (Tissue.EPINEURIUM, Tissue.FASCICLE, Tissue.NEUROMA, Tissue.SUTURE)


@cache
def built(name: str, twins: int = 1, sex: str = "male") -> Nerve:
    return nerve.build(name, side="left", twins=some(range(twins), sex=sex))


def on_day(arm: Nerve, lesion: Lesion, day: float, plan: Plan = WAIT) -> list[Scanned]:
    followed = course.follow(arm, lesion, plan)
    state = course.state_at(followed, day)
    twins = range(arm.n_twin)
    return [Scanned(arm, lesion, state, plan.interventions, t, followed) for t in twins]


def cut(
    day: float, steps: list[dict[str, object]] | None = None, twins: int = 1, fraction: float = 1.0
) -> list[Scanned]:
    arm = built("ulnar", twins)
    plan = treatment.plan("arm", steps, arm.twins.parameters) if steps else WAIT
    lesion = laceration.make(arm, "ulnar trunk", site_mm=WRIST, fraction=fraction)
    return on_day(arm, lesion, day, plan)


def tunnel(day: float, pressure_mmHg: float = 60.0, twins: int = 1) -> list[Scanned]:
    arm = built("median", twins)
    at = {"site_mm": 722.0, "length_mm": 15.0, "pressure_mmHg": pressure_mmHg}
    return on_day(arm, constriction.make(arm, "median trunk", **at), day)


def scarred(day: float, volume_mL: float = 4.0) -> Scanned:
    arm = built("ulnar")
    at = {"site_mm": 380.0, "length_mm": 30.0, "pressure_mmHg": 40.0}
    steps = [{"treatment": "hydrodissection", "day": 100, "volume_mL": volume_mL}]
    plan = treatment.plan("arm", steps, arm.twins.parameters)
    return on_day(arm, constriction.make(arm, "ulnar trunk", **at), day, plan)[0]


def crushed(day: float) -> Scanned:
    arm = built("ulnar")
    lesion = crush.make(arm, "ulnar trunk", site_mm=380.0, length_mm=10.0)
    return on_day(arm, lesion, day)[0]


SUTURED = [{"treatment": "repair", "day": 5}]
GRAFTED = [{"treatment": "graft", "day": 60, "gap_mm": 30}]


def area_mm2(plane: Plane, *tissues: Tissue) -> float:
    return float(np.isin(plane.tissue, tissues).sum()) * plane.spacing_mm**2


# ---- sizes


@pytest.mark.truth
def test_normal_areas_of_200_people_are_those_put_in() -> None:
    print(
        "\nsite: published mean (SD), mean (SD) of 100 men and 100 women - FITTED, they are put in"
    )
    seen: set[str] = set()
    for name in ("median", "ulnar", "radial", "sciatic", "femoral", "musculocutaneous"):
        # sizes need a hundred people, not a hundred times their fibres
        people = [
            replace(built(name), twins=some(range(100), sex=sex)) for sex in ("male", "female")
        ]
        for place in sites_of(people[0]):
            if not place.size or place.size in seen:
                continue
            if PUBLISHED.number(f"{place.size}.mean").evidence_grade == "assumption":
                continue
            seen.add(place.size)
            areas = np.array(
                [
                    area_at(Scanned.healthy(each, t), place)
                    for each in people
                    for t in range(each.n_twin)
                ]
            )
            mean, sd = (PUBLISHED.scalar(f"{place.size}.{which}") for which in ("mean", "sd"))
            print(
                f"{place.name:48} {mean:5.2f} ({sd:.2f})  {areas.mean():5.2f} ({areas.std():.2f})"
            )
            # three standard errors of 200 people who share a part of their size
            assert abs(areas.mean() - mean) < 3.0 * max(sd, 0.06 * mean) / sqrt(200) + 0.02 * mean
            assert 0.75 * sd < areas.std() or sd < 0.07 * mean
    assert len(seen) >= 12


def test_the_areas_of_one_person_are_alike() -> None:
    people = replace(built("median"), twins=some(range(100), sex="male"))
    at = {s.name: s for s in sites_of(people)}
    first, second = (
        np.array([area_at(Scanned.healthy(people, t), at[name]) for t in range(100)])
        for name in ("median nerve in the forearm", "median nerve in the arm")
    )
    assert 0.15 < np.corrcoef(first, second)[0, 1] < 0.7


# ---- planes agree with shapes


def scenes() -> Iterator[tuple[Scanned, float]]:
    yield Scanned.healthy(built("median")), 717.0
    yield Scanned.healthy(built("sciatic")), 530.0
    yield Scanned.healthy(built("sural")), 1015.0
    yield tunnel(200.0)[0], 715.0
    yield cut(3.0)[0], WRIST + 15.0
    yield cut(300.0)[0], WRIST - 12.0
    yield cut(300.0, SUTURED)[0], WRIST
    yield cut(300.0, GRAFTED)[0], WRIST


def test_areas_in_a_plane_are_those_of_its_shape() -> None:
    for scanned, position in scenes():
        shape = shape_at(scanned, position)
        plane = cross_section(scanned, position, spacing_mm=0.03, width_mm=26.0)
        drawn = area_mm2(plane, *NERVE_TISSUE)
        edge = pi * (shape.width_mm + shape.height_mm) / 2 * plane.spacing_mm
        assert abs(drawn - shape.area_mm2) < 0.3 * edge
        if shape.neuroma < 0.1:
            fascicles = sum(pi * f.radius_mm**2 for f in shape.fascicles)
            inside = area_mm2(plane, Tissue.FASCICLE)
            # rims of fascicles that meet, or that the outline cuts, are lost
            assert 0.93 * fascicles - 0.1 < inside < 1.03 * fascicles


def test_every_pixel_is_one_tissue_with_a_state_that_it_can_have() -> None:
    for scanned, position in scenes():
        for section in (cross_section, long_section):
            plane = section(scanned, position, spacing_mm=0.1)
            assert set(np.unique(plane.tissue)) <= {int(t) for t in Tissue}
            for values in (plane.water, plane.fat, plane.axons):
                assert values.shape == plane.tissue.shape
                assert values.min() >= 0.0 and values.max() <= 1.0
            assert not plane.axons[plane.tissue != Tissue.FASCICLE].any()
            flesh = np.isin(plane.tissue, (Tissue.MUSCLE, Tissue.FASCIA))
            assert not plane.fat[~flesh].any()
            assert (plane.tissue[0] == Tissue.SKIN).all()


def test_the_same_person_is_drawn_the_same_in_any_company() -> None:
    alone = nerve.build("ulnar", side="left", twins=some(range(2, 3)))
    group = nerve.build("ulnar", side="left", twins=some(range(4)))
    first = cross_section(Scanned.healthy(alone), 500.0, spacing_mm=0.1)
    again = cross_section(Scanned.healthy(group, 2), 500.0, spacing_mm=0.1)
    other = cross_section(Scanned.healthy(group, 3), 500.0, spacing_mm=0.1)
    assert (first.tissue == again.tissue).all()
    assert (first.tissue != other.tissue).any()


def test_neighbouring_planes_are_alike() -> None:
    arm = Scanned.healthy(built("ulnar"))
    here, near, far = (
        cross_section(arm, 620.0 + d, spacing_mm=0.1).tissue for d in (0.0, 0.5, 15.0)
    )
    assert (here != near).mean() < 0.5 * (here != far).mean()


# ---- cut ends


@pytest.mark.truth
def test_terminal_neuromas_have_the_ratio_put_in() -> None:
    people, ratios = cut(500.0, twins=100), []
    for one in people:
        today = Today.of(one)
        tip = today.at.middle_mm - 0.5 * today.at.apart_mm
        areas = [shape_on(today, tip - back) for back in (0.5, 2.0, 3.0, 5.0, 8.0)]
        ratios.append(max(sqrt(s.area_mm2 / s.healthy_mm2) for s in areas))
    low, middle, high = np.quantile(ratios, (0.25, 0.5, 0.75))
    print("\nneuroma over nerve, diameters: published 2.48 (1.70 to 3.44) - FITTED, it is put in")
    print(f"100 cut nerves on day 500: {middle:.2f} ({low:.2f} to {high:.2f})")
    assert middle == pytest.approx(2.48, abs=0.3)
    assert low == pytest.approx(1.70, abs=0.3) and high == pytest.approx(3.44, abs=0.5)


def test_a_neuroma_grows_over_months() -> None:
    sizes = [
        max(shape_at(cut(day)[0], WRIST - back).area_mm2 for back in (8.0, 12.0))
        for day in (40.0, 120.0, 300.0)
    ]
    assert sizes[0] < sizes[1] < sizes[2]


def nerve_columns(plane: Plane) -> np.ndarray:
    fascicles = np.isin(plane.tissue, (Tissue.FASCICLE, Tissue.NEUROMA))
    return np.asarray(fascicles.any(axis=0))


def test_a_cut_nerve_has_a_gap_and_a_repair_closes_it() -> None:
    early = cut(3.0)[0]
    shape = shape_at(early, WRIST)
    assert shape.gap and shape.area_mm2 == 0.0 and not shape.fascicles
    assert area_mm2(cross_section(early, WRIST, spacing_mm=0.1), *NERVE_TISSUE) == 0.0
    parted = nerve_columns(long_section(early, WRIST, spacing_mm=0.1))
    assert parted[:50].all() and parted[-50:].all() and not parted.all()
    blood, scar = (
        area_mm2(cross_section(cut(day)[0], WRIST, spacing_mm=0.1), Tissue.FLUID)
        for day in (3.0, 200.0)
    )
    assert blood > 2.0 and scar < 0.3
    for steps in (SUTURED, GRAFTED):
        assert nerve_columns(long_section(cut(200.0, steps)[0], WRIST, spacing_mm=0.1)).all()
    assert not nerve_columns(long_section(cut(50.0, GRAFTED)[0], WRIST, spacing_mm=0.1)).all()


def test_a_partial_cut_leaves_the_nerve_whole_with_some_fascicles_gone() -> None:
    partly = cut(30.0, fraction=0.4)[0]
    beyond = shape_at(partly, WRIST + 20.0)
    there = shape_at(partly, WRIST)
    assert not there.gap and any(f.parted for f in there.fascicles)
    assert not all(f.parted for f in there.fascicles)
    axons = np.array([f.axons for f in beyond.fascicles])
    assert (axons > 0.9).any() and (axons < 0.1).any()
    wet = np.array([f.water for f in beyond.fascicles])
    assert wet[axons < 0.1].min() > wet[axons > 0.9].max() + 0.1


@pytest.mark.truth
def test_a_repaired_nerve_stays_thick_as_published() -> None:
    areas = [shape_at(one, WRIST).area_mm2 for one in cut(365.0, SUTURED, twins=30)]
    usual = [shape_at(one, WRIST).healthy_mm2 for one in cut(365.0, SUTURED, twins=30)]
    ratio = float(np.mean(areas) / np.mean(usual))
    print("\narea at the suture over the other side: published above 20 / 10.75 = 1.86 - FITTED")
    print(f"30 sutured nerves after a year: {ratio:.2f}")
    assert 1.86 < ratio < 4.0


def test_a_graft_is_several_cables_between_two_suture_lines() -> None:
    one = cut(400.0, GRAFTED)[0]
    inside = shape_at(one, WRIST)
    assert inside.graft and len(inside.fascicles) >= 2
    assert not shape_at(one, WRIST + 20.0).graft
    plane = long_section(one, WRIST, width_mm=40.0, spacing_mm=0.1)
    threads = np.flatnonzero((plane.tissue == Tissue.SUTURE).any(axis=0))
    assert len(np.split(threads, np.flatnonzero(np.diff(threads) > 20) + 1)) == 2


# ---- swelling and water


def test_more_lost_axons_never_mean_less_water_early() -> None:
    for day in (2.0, 10.0, 20.0):
        water = [
            float(np.mean([f.water for f in shape_at(one, WRIST + 40.0).fascicles]))
            for one in (cut(day, fraction=f)[0] for f in (0.0, 0.25, 0.5, 0.75, 1.0))
        ]
        assert all(more >= less - 1e-9 for less, more in pairwise(water))
        assert water[-1] > water[0]


def test_water_of_a_stump_comes_in_days_and_goes_in_months() -> None:
    by_day = [
        float(np.mean([f.water for f in shape_at(cut(day)[0], WRIST + 40.0).fascicles]))
        for day in (0.5, 3.0, 10.0, 100.0, 600.0)
    ]
    assert by_day[0] < by_day[1] < by_day[2] > by_day[3] > by_day[4]


def test_a_crush_is_wet_at_once_on_both_sides_and_dries() -> None:
    def wet(day: float, at: float) -> float:
        return float(np.mean([f.water for f in shape_at(crushed(day), at).fascicles]))

    assert wet(1.0, 375.0) > 0.02 and wet(3.0, 395.0) > 0.05
    assert wet(3.0, 375.0) > wet(200.0, 375.0)
    assert wet(3.0, 375.0) > wet(3.0, 340.0)


@cache
def tunnels() -> tuple[list[Scanned], np.ndarray, np.ndarray]:
    """A hundred women with carpal tunnels for half a year: areas at the inlet, and before."""
    arm = built("median", 100, "female")
    pressing = constriction.make(
        arm,
        "median trunk",
        site_mm=722.0,
        length_mm=15.0,
        pressure_mmHg=np.geomspace(32.0, 110.0, 100),
    )
    hands = on_day(arm, pressing, 180.0)
    inlet = next(s for s in scan_sites(hands[0]) if "inlet" in s.name).position_mm
    there = [shape_at(one, inlet) for one in hands]
    return (
        hands,
        np.array([s.area_mm2 for s in there]),
        np.array([s.healthy_mm2 for s in there]),
    )


@pytest.mark.truth
def test_areas_of_carpal_tunnels() -> None:
    hands, area, usual = tunnels()
    print("\ncarpal tunnels of 32 to 110 mmHg for half a year, women - CALIBRATED (anatomy.bulb)")
    print(f"mean: published 16.8 (chosen by conduction), here {area.mean():.1f} ({area.std():.1f})")
    print(f"healthy: published 9.0, here {usual.mean():.1f} ({usual.std():.1f})")
    for limit, sens, spec in ((9, "87.3", "83.3"), (11, "70.0", "-"), (12, "81.3", "81.8")):
        found, clear = 100 * (area >= limit).mean(), 100 * (usual < limit).mean()
        print(f">= {limit} mm2: published {sens} / {spec} %, here {found:.0f} / {clear:.0f} %")
    assert 60 < 100 * (area >= 11).mean() < 80
    assert 80 < 100 * (area >= 9).mean() < 97
    assert np.corrcoef(np.geomspace(32.0, 110.0, 100), area / usual)[0, 1] > 0.3
    within = shape_at(hands[-1], 730.0)
    healthy = Scanned.healthy(hands[-1].nerve, 99)
    flat = within.width_to_height / shape_at(healthy, 730.0).width_to_height
    print(f"flatter within the tunnel at 110 mmHg: published x 1.7 (put in), here x {flat:.2f}")
    assert within.area_mm2 < within.healthy_mm2 and flat > 1.4


@pytest.mark.truth
@pytest.mark.xfail(
    strict=True,
    reason="52 % of healthy wrists lie below 9 mm2, published 83.3: the normal areas put in have a "
    "mean of 9.3, and come from another laboratory than the limit",
)
def test_healthy_wrists_lie_below_9_mm2() -> None:
    assert 100 * (tunnels()[2] < 9.0).mean() == pytest.approx(83.3, abs=10.0)


@pytest.mark.truth
@pytest.mark.xfail(
    strict=True,
    reason="62 % of the hands reach 12 mm2, published 81.3 in a small study: 70 % at 11 mm2, to "
    "which the swelling was calibrated, and 81 % at 12 cannot both be met",
)
def test_hands_reach_12_mm2() -> None:
    assert 100 * (tunnels()[1] >= 12.0).mean() == pytest.approx(81.3, abs=10.0)


def test_a_higher_pressure_swells_more_and_a_release_lets_it_settle() -> None:
    areas = [shape_at(tunnel(200.0, p)[0], 715.0).area_mm2 for p in (25.0, 40.0, 60.0, 90.0)]
    assert all(more >= less for less, more in pairwise(areas))
    assert areas[-1] > 1.2 * areas[0]
    one = tunnel(200.0)[0]
    plan = treatment.plan(
        "arm", [{"treatment": "decompression", "day": 200}], one.nerve.twins.parameters
    )
    after = on_day(one.nerve, one.lesion, 400.0, plan)[0]
    assert shape_at(after, 715.0).area_mm2 < shape_at(tunnel(400.0)[0], 715.0).area_mm2


def test_scar_lies_round_a_nerve_but_not_in_a_tunnel() -> None:
    assert shape_at(scarred(90.0), 395.0).scar_mm > 0.5
    assert shape_at(tunnel(90.0)[0], 730.0).scar_mm == 0.0
    plane = cross_section(scarred(90.0), 395.0, spacing_mm=0.1)
    assert area_mm2(plane, Tissue.SCAR) > 3.0


def test_no_fluid_is_lost_but_by_time() -> None:
    for volume in (1.0, 4.0):
        today = Today.of(scarred(100.0, volume))
        places = np.arange(330.0, 460.0, 0.5)
        held = sum(shape_on(today, float(p)).fluid_mm2 for p in places) * 0.5 / 1000.0
        assert held == pytest.approx(volume, rel=0.02)
    plane = cross_section(scarred(100.0), 395.0, spacing_mm=0.03)
    fluid = area_mm2(plane, Tissue.FLUID)
    assert fluid == pytest.approx(shape_at(scarred(100.0), 395.0).fluid_mm2, rel=0.02)
    assert shape_at(scarred(104.0), 395.0).fluid_mm2 < 0.02 * fluid
    assert shape_at(scarred(99.0), 395.0).fluid_mm2 == 0.0


def test_the_other_side_and_places_before_the_injury_are_as_ever() -> None:
    arm = built("ulnar")
    healthy = Scanned.healthy(arm)
    for one in (cut(300.0)[0], crushed(10.0), scarred(100.0)):
        before, usual = shape_at(one, 200.0), shape_at(healthy, 200.0, "ulnar trunk")
        assert before.area_mm2 == pytest.approx(usual.area_mm2, rel=1e-3)
        assert before.scar_mm < 1e-6 and before.fluid_mm2 == 0.0
        assert max(f.water for f in before.fascicles) < 0.01
    usual = shape_at(healthy, 500.0)
    assert usual.area_mm2 == pytest.approx(usual.healthy_mm2)
    assert usual.water == usual.scar_mm == usual.neuroma == 0.0
    assert all(f.axons == 1.0 and f.water == 0.0 for f in usual.fascicles)


def test_a_sibling_branch_is_not_concerned() -> None:
    leg = built("sciatic")
    lesion = laceration.make(leg, "common fibular", site_mm=700.0, fraction=1.0)
    one = on_day(leg, lesion, 20.0)[0]
    assert all(f.water == 0.0 for f in shape_at(one, 735.0, "tibial").fascicles)
    assert all(f.axons == 0.0 for f in shape_at(one, 765.0, "common fibular").fascicles)


@pytest.mark.truth
def test_nerves_of_children_are_smaller() -> None:
    parts = {age: grown_part(age, PUBLISHED) for age in (2.0, 9.0, 15.0, 46.0)}
    told = {
        2.0: "0.70 (put in)",
        9.0: "5.7 to 6.0 of 8.7 mm2, 0.67 (predicted)",
        15.0: "1 (put in)",
    }
    for age, text in told.items():
        print(f"median nerve at {age:g} years, of an adult's: {parts[age]:.2f}; published {text}")
    assert parts[2.0] == 0.7 and parts[15.0] == parts[46.0] == 1.0
    arm = built("median")
    child = replace(arm.twins, patient=replace(arm.twins.patient, age=2.0, height_cm=87.0))
    one, adult = Scanned.healthy(replace(arm, twins=child)), Scanned.healthy(arm)
    place = next(s for s in sites_of(arm) if s.size.endswith("median_wrist"))
    assert area_at(one, place) == pytest.approx(0.7 * area_at(adult, place))


# ---- muscles


def test_a_silent_muscle_is_wet_in_weeks_and_fat_in_months() -> None:
    def hand(day: float) -> tuple[float, float, float]:
        each = {m.name: m for m in cut(day)[0].muscles}
        one = each["first dorsal interosseous"]
        assert each["flexor carpi ulnaris"].silent == 0.0  # its branch leaves before the cut
        return one.water, one.fat, one.bulk

    days = [hand(day) for day in (2.0, 30.0, 180.0, 900.0)]
    water, fat, bulk = (np.array(values) for values in zip(*days, strict=True))
    assert water[0] < water[1] < water[2]
    assert fat[1] == 0.0 < fat[2] < fat[3]
    assert (np.diff(bulk) <= 0.0).all()


def test_axons_that_come_back_clear_a_muscle() -> None:
    left, back = (
        {m.name: m for m in one.muscles}["abductor digiti minimi"]
        for one in (cut(900.0)[0], cut(900.0, SUTURED)[0])
    )
    assert back.silent < left.silent and back.water < left.water and back.bulk > left.bulk


def test_a_muscle_is_drawn_as_its_state() -> None:
    one = cut(180.0)[0]
    plane = muscle_section(one, "first dorsal interosseous")
    state = next(m for m in one.muscles if m.name == "first dorsal interosseous")
    assert plane.water.max() == pytest.approx(state.water)
    assert plane.fat.max() == pytest.approx(state.fat)
    with pytest.raises(TinelError, match="no muscle"):
        muscle_section(one, "biceps")
    names = {t.name for n in nerve.names() for t in built(n).targets if t.kind == "motor"}
    assert set(stands_for().values()) <= names


# ---- places, needle, wrong values


def test_every_site_can_be_scanned() -> None:
    for name in nerve.names():
        one = Scanned.healthy(built(name))
        for place in scan_sites(one):
            plane = cross_section(one, place.position_mm, branch=place.branch, spacing_mm=0.2)
            assert (plane.tissue == Tissue.FASCICLE).any(), (name, place.name)
    placed = {site.name for site in sites() for _ in site.at}
    reached = {s.site.name for name in nerve.names() for s in sites_of(built(name))}
    assert placed == reached
    assert len({s.size for name in nerve.names() for s in sites_of(built(name)) if s.size}) >= 25


def test_numbers_of_sites_say_how_they_are_known() -> None:
    names = {site.name for site in sites()}
    read = [(s, k) for s in names for k in ("depth_mm", "width_to_height", "fat_mm")]
    grades = {at: how_known(*at) for at in read}
    assert all(g.evidence_grade in GRADES and g.source for g in grades.values())
    assert sum(g.evidence_grade == "read" for g in grades.values()) == 2
    usual = how_known("any", "depth_mm")
    assert usual.low_factor < 1.0 < usual.high_factor


def test_a_needle_lies_where_it_is_put() -> None:
    one = Scanned.healthy(built("median"))
    thick = []
    for gauge in (25, 27, 30):
        needle = Needle((6.0, -4.0), angle_deg=30.0, gauge=gauge)
        plane = cross_section(one, 717.0, needle=needle)
        rows, columns = np.nonzero(plane.tissue == Tissue.NEEDLE)
        assert plane.depth_mm[rows].max() == pytest.approx(6.0, abs=0.3)
        assert plane.across_mm[columns].max() == pytest.approx(-4.0, abs=0.3)
        thick.append(rows.size)
    assert thick[0] > thick[1] > thick[2]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda s: cross_section(s, 5000.0), "out of range"),
        (lambda s: cross_section(s, 500.0, spacing_mm=0.0), "spacing_mm"),
        (lambda s: long_section(s, 500.0, width_mm=0.0), "width_mm"),
        (lambda s: shape_at(s, 500.0, "optic"), "optic"),
        (lambda s: replace(s, twin=9), "twin 9"),
        (lambda s: Needle((1.0, 1.0), gauge=14), "gauge"),
        (lambda s: Needle((1.0, 1.0), angle_deg=-5.0), "angle"),
    ],
)
def test_wrong_values_are_told(call, says: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(TinelError, match=says):
        call(Scanned.healthy(built("ulnar")))


# ---- every number changes something


@cache
def states() -> tuple[tuple[Scanned, tuple[float, ...]], ...]:
    """People to look at, and where; long since computed when a number is changed."""
    torn = cut(40.0)[0]
    some_left = np.where(np.arange(torn.lesion.present.size) % 40 == 0, 4, 5)
    nearly = replace(torn.lesion, sunderland_grade=some_left[None, :])
    return (
        (Scanned.healthy(built("brachial plexus")), (50.0,)),
        (replace(torn, lesion=nearly), (WRIST,)),
        (tunnel(900.0, 110.0)[0], (715.0,)),
        (tunnel(60.0)[0], (715.0, 730.0, 745.0)),
        (crushed(6.0), (378.0, 395.0)),
        (cut(40.0)[0], (WRIST - 9.0, WRIST, WRIST + 12.0, WRIST + 60.0)),
        (cut(400.0, fraction=0.6)[0], (WRIST - 0.7, WRIST, WRIST + 60.0)),
        (cut(90.0, SUTURED)[0], (WRIST, WRIST + 5.0)),
        (scarred(101.0), (395.0,)),
    )


def changed(one: Scanned, values: dict[str, float]) -> Scanned:
    twins = one.nerve.twins
    parameters = twins.parameters.replace(values)
    return replace(one, nerve=replace(one.nerve, twins=replace(twins, parameters=parameters)))


def sizes(values: dict[str, float]) -> Iterator[object]:
    for name in nerve.names():
        one = changed(Scanned.healthy(built(name)), values)
        yield [area_at(one, s) for s in sites_of(one.nerve) if s.size]
        if name == "facial":
            yield shape_at(one, 80.0).area_mm2
    woman = changed(Scanned.healthy(built("ulnar", 1, "female")), values)
    tall = replace(woman.nerve.twins.patient, age=70.0, height_cm=180.0)
    grows = changed(woman, {**values, "anatomy.size.age_per_y": 0.003})
    yield area_at(grows, sites_of(grows.nerve)[0])
    child = replace(woman.nerve.twins.patient, age=6.0, height_cm=115.0)
    young = replace(woman.nerve, twins=replace(woman.nerve.twins, patient=child))
    yield area_at(replace(woman, nerve=young), sites_of(young)[0])
    aged = replace(woman.nerve, twins=replace(woman.nerve.twins, patient=tall))
    yield shape_at(replace(woman, nerve=aged), 625.0).area_mm2


def shapes(values: dict[str, float]) -> Iterator[object]:
    for one, places in states():
        today = Today.of(changed(one, values))
        for place in places:
            yield shape_on(today, place)


def planes(values: dict[str, float]) -> Iterator[object]:
    woman = changed(Scanned.healthy(built("ulnar", 1, "female")), values)
    for gauge in (25, 27, 30):
        needle = Needle((9.0, 0.0), gauge=gauge)
        plane = cross_section(woman, 625.0, width_mm=8.0, depth_mm=18.0, needle=needle)
        yield plane.tissue.tobytes()
    plane = long_section(woman, 625.0, width_mm=8.0, depth_mm=18.0, spacing_mm=0.1)
    yield plane.tissue.tobytes()
    for one, places in states()[-2:]:
        plane = cross_section(changed(one, values), places[0], width_mm=12.0, depth_mm=20.0)
        yield plane.tissue.tobytes()


PROBES = (sizes, shapes, planes)
AT_FIRST = {
    "anatomy.size.": sizes,
    "anatomy.muscle.": planes,
    "anatomy.fascia_mm": planes,
    "anatomy.fat": planes,
    "anatomy.needle.": planes,
    "anatomy.nerve.": planes,
    "anatomy.fascicle.of_root": shapes,
    "anatomy.fascicle.": planes,
}


@cache
def as_published(probe: object) -> list[object]:
    return list(probe({}))  # type: ignore[operator]


def differs(values: dict[str, float]) -> bool:
    key = next(iter(values))
    first = next((probe for start, probe in AT_FIRST.items() if key.startswith(start)), shapes)
    for probe in sorted(PROBES, key=lambda each: each is not first):
        for now, before in zip(probe(values), as_published(probe), strict=True):
            if now != before:
                return True
    return False


@pytest.mark.parametrize("key", [k for k in sorted(PUBLISHED) if k.startswith("anatomy.")])
def test_a_changed_number_is_used(key: str) -> None:
    number = PUBLISHED.number(key)
    least, most = number.allowed
    value = min(number.value * 1.3 + 1e-3, most)
    if value == number.value:
        value = max(number.value * 0.7, least)
    assert value != number.value
    assert differs({key: value}), f"{key} = {value} changes nothing"


def test_shapes_are_plain_values() -> None:
    assert isinstance(shape_at(cut(40.0)[0], WRIST), NerveShape)
