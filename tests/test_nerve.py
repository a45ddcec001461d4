"""Healthy anatomy: every nerve builds, its places are right, its fibres are reproducible."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from tests.people import PUBLISHED, some
from tinel.errors import TinelError
from tinel.nerve import MOTOR, SENSORY, Nerve, build, names
from tinel.nerve.ageing import ageing
from tinel.nerve.anatomy import branch_at, way
from tinel.nerve.cross_section import pack
from tinel.nerve.library import parse, read
from tinel.nerve.population import SENSORY_ROWS

NERVES = names()
WITHOUT_STUDY = {"inferior alveolar", "intercostobrachial", "lingual"}
WITHOUT_NORMAL = WITHOUT_STUDY | {"digital", "lateral femoral cutaneous", "obturator"}


def nerve(
    name: str, *, twins: range = range(3), side: str = "left", seed: int = 7, **person: Any
) -> Nerve:
    return build(name, side=side, twins=some(twins, seed=seed, **{"sex": "male", **person}))


def test_the_seven_nerves_are_there() -> None:
    expected = {"axillary", "femoral", "median", "radial", "sciatic", "sural", "ulnar"}
    assert expected <= set(NERVES)


@pytest.mark.parametrize("name", NERVES)
@pytest.mark.parametrize("height_cm", [60, 90, 120, 150, 170, 195, 220])
def test_every_nerve_builds_at_every_height(name: str, height_cm: float) -> None:
    built = nerve(name, height_cm=height_cm, twins=range(1))
    fibres = built.fibres
    count = len(fibres.kind)
    assert built.n_twin == 1 and fibres.diameter_um.shape == (1, count)
    for field in ("target", "weight", "fascicle", "x_mm", "y_mm", "depth"):
        assert getattr(fibres, field).shape == (count,)
    assert np.isfinite(fibres.diameter_um).all() and (fibres.diameter_um > 1).all()
    assert (fibres.unit_uV[:, fibres.kind == MOTOR] > 0).all()
    assert (fibres.unit_uV[:, fibres.kind == SENSORY] == 0).all()
    assert (fibres.weight[fibres.kind == MOTOR] == 1).all()


@pytest.mark.parametrize("name", NERVES)
def test_landmarks_lie_in_order_inside_their_branches(name: str) -> None:
    built = nerve(name)
    for branch in built.branches:
        there = [m.position_mm for m in built.landmarks if m.branch == branch.name]
        assert there == sorted(there)
        assert all(branch.start_mm <= p <= branch.end_mm for p in there)
    assert next(d for d in built.branches if d.parent is None).start_mm == 0
    assert len({m.name for m in built.landmarks}) == len(built.landmarks)


@pytest.mark.parametrize("name", NERVES)
@pytest.mark.parametrize("height_cm", [60, 90, 120, 170, 220])
def test_study_sites_lie_on_the_fibres_they_are_to_stimulate(name: str, height_cm: float) -> None:
    built = nerve(name, height_cm=height_cm, twins=range(1))
    assert built.studies or name in WITHOUT_STUDY
    for study in built.studies:
        own = built.fibres.target == [t.name for t in built.targets].index(study.target)
        target = built.target(study.target)
        positions = [s.position_mm for s in study.sites]
        assert positions == sorted(positions, reverse=True), "sites run from distal to proximal"
        assert study.record_mm > positions[0]
        assert study.record_mm <= target.path_mm
        for site in study.sites:
            assert built.present(site.branch, site.position_mm)[own].all()
        if study.kind == "sensory":
            assert branch_at(built.branches, target, study.record_mm)
            assert study.depth_mm > 0
        else:
            assert study.record_mm == target.path_mm and target.terminal_mm > 0


def test_tape_distances_do_not_scale_with_height() -> None:
    for height_cm in (150, 190):
        for name, study, distance_mm in (
            ("ulnar", "ulnar motor (ADM)", 80),
            ("median", "median motor (APB)", 80),
            ("sciatic", "tibial motor (AH)", 80),
            ("sural", "sural sensory", 140),
        ):
            found = nerve(name, height_cm=height_cm, twins=range(1)).study(study)
            assert found.record_mm - found.sites[0].position_mm == pytest.approx(distance_mm)
    elbow = nerve("ulnar", height_cm=150).study("ulnar motor (ADM)").sites
    assert elbow[1].position_mm - elbow[2].position_mm == pytest.approx(100)


def test_path_lengths_scale_with_height() -> None:
    short, tall = nerve("sciatic", height_cm=150), nerve("sciatic", height_cm=180)
    assert tall.path_mm / short.path_mm == pytest.approx(180 / 150)
    ankle = [n.landmark("ankle").position_mm for n in (short, tall)]
    assert ankle[1] / ankle[0] == pytest.approx(180 / 150)


@pytest.mark.truth
def test_paths_against_f_wave_latencies(capsys: pytest.CaptureFixture[str]) -> None:
    for name, study, key in (
        ("ulnar", "ulnar motor (ADM)", "nerve.path.ulnar_wrist_mm"),
        ("sciatic", "tibial motor (AH)", "nerve.path.tibial_ankle_mm"),
    ):
        built, published = nerve(name).study(study).sites[0].position_mm, PUBLISHED.number(key)
        with capsys.disabled():
            print(f"\n{name}: cord to cathode {built:.0f} mm, from F waves {published.value:.0f}")
        assert built == pytest.approx(published.value, abs=30)


def affected(built: Nerve, branch: str, position_mm: float) -> set[str]:
    through = built.present(branch, position_mm)
    hit = {built.targets[i].name for i in np.unique(built.fibres.target[through])}
    missed = {built.targets[i].name for i in np.unique(built.fibres.target[~through])}
    assert not hit & missed, "a target's fibres run together"
    return hit


def test_gluteal_fold_spares_only_the_hamstring_branch_above() -> None:
    built = nerve("sciatic")
    at = built.landmark("gluteal fold")
    every = {t.name for t in built.targets}
    assert affected(built, at.branch, at.position_mm) == every - {"long head of biceps femoris"}


def test_fibular_head_hits_only_the_common_fibular() -> None:
    built = nerve("sciatic")
    at = built.landmark("fibular head")
    assert affected(built, at.branch, at.position_mm) == {
        "tibialis anterior",
        "extensor digitorum brevis",
        "dorsum of foot skin",
    }
    below = built.landmark("below fibular head")
    assert "dorsum of foot skin" not in affected(built, below.branch, below.position_mm)


def test_thigh_lesion_is_told_from_the_fibular_head_by_the_short_head() -> None:
    built = nerve("sciatic")
    assert "short head of biceps femoris" in affected(built, "sciatic trunk", 500)
    assert "short head of biceps femoris" not in affected(built, "common fibular", 700)


def test_wrist_spares_the_dorsal_branch_and_elbow_does_not() -> None:
    built = nerve("ulnar")
    wrist, elbow = built.landmark("wrist"), built.landmark("medial epicondyle")
    at_wrist = affected(built, wrist.branch, wrist.position_mm)
    at_elbow = affected(built, elbow.branch, elbow.position_mm)
    assert at_elbow == {t.name for t in built.targets}
    assert at_wrist == at_elbow - {"dorsal ulnar hand skin", "flexor carpi ulnaris"}


def test_spiral_groove_spares_triceps() -> None:
    built = nerve("radial")
    at = built.landmark("spiral groove")
    assert affected(built, at.branch, at.position_mm) == {t.name for t in built.targets} - {
        "triceps"
    }


@pytest.mark.parametrize("name", NERVES)
def test_every_target_is_reached_from_the_cord_without_a_gap(name: str) -> None:
    built = nerve(name)
    for target in built.targets:
        steps = way(built.branches, target)
        assert steps[-1].start_mm == 0 and steps[-1].parent is None
        for outer, inner in pairwise(steps):
            assert outer.start_mm == inner.end_mm and outer.parent == inner.name
        for position in np.linspace(0, target.leaves_mm, 40):
            assert branch_at(built.branches, target, position)
        assert branch_at(built.branches, target, target.leaves_mm + 1) is None


def test_unknown_branch_is_an_error_not_an_empty_answer() -> None:
    with pytest.raises(TinelError, match="did you mean 'tibial'"):
        nerve("sciatic").present("tibal", 900)


@pytest.mark.parametrize("name", ["ulnar", "sciatic", "sural"])
def test_a_twin_does_not_depend_on_the_others(name: str) -> None:
    whole, part = nerve(name, twins=range(50)), nerve(name, twins=range(25, 50))
    np.testing.assert_array_equal(whole.fibres.diameter_um[25:], part.fibres.diameter_um)
    np.testing.assert_array_equal(whole.fibres.unit_uV[25:], part.fibres.unit_uV)
    np.testing.assert_array_equal(whole.fibres.x_mm, part.fibres.x_mm)
    assert not np.array_equal(whole.fibres.diameter_um[0], whole.fibres.diameter_um[1])
    other = nerve(name, twins=range(50), seed=8)
    assert not np.array_equal(whole.fibres.diameter_um, other.fibres.diameter_um)


def cmap_mV(built: Nerve, target: str) -> np.ndarray[Any, Any]:
    own = built.fibres.target == [t.name for t in built.targets].index(target)
    return np.asarray(built.fibres.unit_uV[:, own].sum(axis=1) / 1000.0)


MEASURED = [
    ("ulnar", "abductor digiti minimi", "ulnar motor (ADM)", 127.3),
    ("ulnar", "first dorsal interosseous", "ulnar motor (FDI)", 136.1),
    ("median", "abductor pollicis brevis", "median motor (APB)", 134.9),
    ("sciatic", "abductor hallucis", "tibial motor (AH)", 143.9),
    ("sciatic", "extensor digitorum brevis", "fibular motor (EDB)", 131.0),
    ("femoral", "vastus medialis", "femoral motor (VM)", 229.0),
    ("radial", "extensor indicis", "radial motor (EIP)", 100.0),
    ("axillary", "deltoid", "axillary motor (deltoid)", 240.0),
]


@pytest.mark.truth
@pytest.mark.parametrize(("name", "target", "study", "units"), MEASURED)
def test_motor_units_and_compound_size(
    name: str, target: str, study: str, units: float, capsys: pytest.CaptureFixture[str]
) -> None:
    built = nerve(name, twins=range(400))
    own = built.fibres.target == [t.name for t in built.targets].index(target)
    published, size = built.study(study).normal["amplitude_mV"], cmap_mV(built, target)
    with capsys.disabled():
        print(
            f"\n{target}: {own.sum()} units (published {units:g}), summed {size.mean():.1f} ± "
            f"{size.std():.1f} mV (published {published.value:g} ± {published.sd:g})"
        )
    assert own.sum() == pytest.approx(units, rel=0.01)
    assert size.mean() == pytest.approx(published.value, rel=0.08)
    assert size.std() == pytest.approx(published.sd, rel=0.2)


def test_sides_of_one_person_resemble_each_other_but_are_not_equal() -> None:
    left = cmap_mV(nerve("ulnar", twins=range(300)), "abductor digiti minimi")
    right = cmap_mV(nerve("ulnar", twins=range(300), side="right"), "abductor digiti minimi")
    assert 0.3 < np.corrcoef(left, right)[0, 1] < 0.8
    # Published: 3.6 mV is the upper limit (two SD) of the difference between sides.
    assert (left - right).std() == pytest.approx(1.8, rel=0.3)


def test_thick_nerves_run_in_the_person() -> None:
    ulnar = nerve("ulnar", twins=range(200)).fibres.diameter_um.mean(axis=1)
    sural = nerve("sural", twins=range(200)).fibres.diameter_um.mean(axis=1)
    assert np.corrcoef(ulnar, sural)[0, 1] > 0.4


@pytest.mark.truth
@pytest.mark.parametrize(
    ("name", "kind", "low", "high"),
    [
        ("ulnar", MOTOR, 11.2, 12.2),
        ("sciatic", MOTOR, 9.5, 10.4),
        ("median", SENSORY, 10.5, 11.6),
        ("sural", SENSORY, 9.8, 10.8),
    ],
)
def test_fastest_fibres(
    name: str, kind: int, low: float, high: float, capsys: pytest.CaptureFixture[str]
) -> None:
    fibres = nerve(name, twins=range(200)).fibres
    fastest = np.sort(fibres.diameter_um[:, fibres.kind == kind], axis=1)[:, -8:].mean()
    word = "motor" if kind == MOTOR else "sensory"
    with capsys.disabled():
        print(f"\n{name} {word}: fastest fibres {fastest:.1f} µm, {5.0 * fastest:.0f} m/s at 34 °C")
    assert low < fastest < high


def test_larger_units_tend_to_have_thicker_axons() -> None:
    fibres = nerve("ulnar", twins=range(1)).fibres
    own = (fibres.kind == MOTOR) & (fibres.target == 1)
    size, thick = np.log(fibres.unit_uV[0, own]), fibres.diameter_um[0, own]
    assert 0.25 < np.corrcoef(size, thick)[0, 1] < 0.75


def test_sensory_rows_stand_for_all_axons() -> None:
    built = nerve("sural", age=25)
    assert len(built.fibres.kind) <= SENSORY_ROWS
    assert built.fibres.weight.sum() == pytest.approx(built.targets[0].axons)
    large = (built.fibres.diameter_um > 7).mean()
    fraction = built.twins.parameters.scalar("nerve.sural.fibres.sensory.large_fraction")
    assert large == pytest.approx(fraction, abs=0.05)


def test_age_takes_units_and_makes_survivors_larger() -> None:
    assert ageing(25, PUBLISHED).units == ageing(40, PUBLISHED).units == 1.0
    assert ageing(71, PUBLISHED).units == pytest.approx(0.6) and ageing(
        71, PUBLISHED
    ).unit_size == pytest.approx(1.5)
    assert ageing(100, PUBLISHED).units >= 0.4 and ageing(100, PUBLISHED).axons > 0.3
    # Large sural fibres per mm²: 6480 in the third decade, 3480 in the ninth.
    assert ageing(85, PUBLISHED).axons == pytest.approx(3480 / 6480, abs=0.01)
    young, old = nerve("median", age=30), nerve("median", age=75)
    assert (old.fibres.kind == MOTOR).sum() < (young.fibres.kind == MOTOR).sum()
    assert old.fibres.weight.sum() < young.fibres.weight.sum()


def test_sensory_nerves_lie_shallower_in_women() -> None:
    woman, man = nerve("sural", sex="female").studies[0], nerve("sural").studies[0]
    assert woman.depth_mm == pytest.approx(0.85 * man.depth_mm)


@pytest.mark.parametrize("name", NERVES)
def test_fascicles_do_not_overlap_and_hold_their_fibres(name: str) -> None:
    built = nerve(name)
    at = np.array([[f.x_mm, f.y_mm] for f in built.fascicles])
    radius = np.array([f.radius_mm for f in built.fascicles])
    outer = math.sqrt(built.area_mm2 / math.pi)
    assert (np.hypot(*at.T) + radius <= outer + 1e-9).all(), "sticks out of the nerve"
    apart = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1))
    np.fill_diagonal(apart, np.inf)
    assert (apart >= radius[:, None] + radius[None] - 1e-9).all(), "fascicles overlap"
    asked = read(name).cross_section.value("fascicle_fraction")
    assert (radius**2).sum() / outer**2 == pytest.approx(asked, rel=0.08)
    fibres = built.fibres
    far = np.hypot(fibres.x_mm - at[fibres.fascicle, 0], fibres.y_mm - at[fibres.fascicle, 1])
    np.testing.assert_allclose(far / radius[fibres.fascicle], fibres.depth, atol=1e-9)
    assert (fibres.depth >= 0).all() and (fibres.depth < 1).all()


def test_a_target_keeps_to_neighbouring_fascicles() -> None:
    built = nerve("sciatic")
    turn = np.argsort([math.atan2(f.y_mm, f.x_mm) for f in built.fascicles])
    slot = np.argsort(turn)[built.fibres.fascicle]
    for index in range(len(built.targets)):
        own = built.fibres.target == index
        inside = (slot > slot[own].min()) & (slot < slot[own].max())
        assert (own | ~inside).all(), "another target's fibres lie within the run of fascicles"


@pytest.mark.parametrize("count", [1, 2, 3, 10, 60])
@pytest.mark.parametrize("fraction", [0.3, 0.6])
def test_packing_is_repeatable_and_whole(count: int, fraction: float) -> None:
    pack.cache_clear()
    once = pack(count, 10.0, fraction, 0.7, 5)
    pack.cache_clear()
    assert pack(count, 10.0, fraction, 0.7, 5) == once and len(once) == count
    for i, a in enumerate(once):
        for b in once[i + 1 :]:
            assert math.hypot(a.x_mm - b.x_mm, a.y_mm - b.y_mm) >= a.radius_mm + b.radius_mm


@pytest.mark.parametrize("name", NERVES)
def test_numbers_used_are_on_record(name: str) -> None:
    used = nerve(name).twins.parameters.read
    for number in read(name).numbers(name):
        assert number.source, f"{number.key} has no source"
        assert number.key in used
        if number.key.endswith(".units") and number.evidence_grade == "assumption":
            assert number.low is not None and number.high is not None
    if name == "ulnar":
        assert "nerve.ulnar.study.ulnar motor (ADM).wrist.distance_mm" in used
    assert any(k.startswith("normal.") for k in used) or name in WITHOUT_NORMAL
    assert "nerve.person.diameter_cv" in used


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"height_cm": 17.0}, "allowed: 60 to 220 cm"),
        ({"height_cm": math.nan}, "allowed: 60 to 220 cm"),
        ({"age": 0.5}, "allowed: 1 to 100"),
        ({"sex": "femal"}, "did you mean 'female'"),
        ({"side": "lft"}, "did you mean 'left'"),
        ({"twins": range(0)}, "at least one"),
    ],
)
def test_bad_input_never_yields_a_nerve(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(TinelError, match=says):
        nerve("ulnar", **changes)


def test_unknown_nerve_suggests_the_nearest() -> None:
    with pytest.raises(TinelError, match="did you mean 'ulnar'"):
        nerve("ulnr")


@pytest.mark.parametrize(
    ("path", "put", "says"),
    [
        (("landmark", 0, "position"), 3.0, "landmark.0.position"),
        (("landmark", 0, "branch"), "ulnar trnk", "did you mean 'ulnar trunk'"),
        (("branch", 0, "parent"), "deep branch", "'deep branch' is not there"),
        (("target", 0, "path_mm"), -4.0, "target.0.path_mm"),
        (("study", 0, "target"), "thumb", "is not there"),
        (("study", 0, "sites"), [{"name": "wrist"}], "give either landmark"),
        (("fibres", "motor"), None, "no motor fibres"),
        (("cross_section", "evidence_grade"), "certain", "grade 'certain'"),
        (("landmark", 0, "position_mm"), {"value": 5.0, "low": 8.0}, "lies outside"),
    ],
)
def test_a_faulty_data_file_is_refused_where_it_is_wrong(
    path: tuple[str | int, ...], put: object, says: str
) -> None:
    content = read("ulnar").model_dump(by_alias=True)
    spot: Any = content
    for step in path[:-1]:
        spot = spot[step]
    if isinstance(spot, tuple):
        spot = list(spot)
    spot[path[-1]] = put
    with pytest.raises(TinelError, match=says) as caught:
        parse(content, "nerve/data/ulnar.toml")
    assert caught.value.where.startswith("nerve/data/ulnar.toml")
