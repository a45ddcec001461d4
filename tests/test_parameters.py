"""Parameters: what is changed is used, twin by twin, whatever the chunk or the process."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.people import PUBLISHED, acts_at_once, some
from tinel import course, nerve, treatment
from tinel.case import load, parse
from tinel.cohort import chunk
from tinel.errors import TinelError
from tinel.evidence import Parameters
from tinel.lesion import compression, constriction, join, laceration, traction

TANYA = (Path(__file__).parents[1] / "examples" / "tanya.toml").read_text(encoding="utf-8")
TRANSFERRED = "first dorsal interosseous"
STEPS: list[dict[str, Any]] = [
    {"treatment": "hydrodissection", "days": [40, 90], "platelets": True, "volume_mL": 1},
    {"treatment": "neurolysis", "day": 120},
    {"treatment": "decompression", "day": 130},
    {"treatment": "repair", "day": 200, "gap_mm": 15},
    {"treatment": "nerve transfer", "day": 5, "targets": TRANSFERRED, "distance_mm": 60},
    {"treatment": "brief electrical stimulation", "day": 30},
    {"treatment": "tacrolimus", "day": 1},
    {"treatment": "exercise", "day": 2},
    {"treatment": "therapy", "day": 3},
    {"treatment": "graft", "day": 300, "gap_mm": 40, "resect": False},
]
# What is read here and changes nothing that a course or a nerve is made of.
NOT_USED_HERE = {
    "course.passage.grade5": "a thousandth more lets none of these few axons cross",
}


def numbers_of(values: dict[str, Any]) -> Iterator[np.ndarray]:
    """Everything that a nerve, its lesions, their classes and courses hold, as it is computed."""
    people = some(range(2), age=70, changed=values)
    arm = nerve.build("ulnar", side="left", twins=people)
    yield from (arm.fibres.diameter_um, arm.fibres.unit_uV, arm.fibres.weight, arm.fibres.depth)
    yield np.array([[f.x_mm, f.y_mm, f.radius_mm] for f in arm.fascicles])
    yield np.array([s.depth_mm for s in arm.studies])
    yield np.array([[t.width_mm, t.length_mm, t.two_point_mm] for t in arm.targets])
    parameters = arm.twins.parameters
    very_old = nerve.build("ulnar", side="left", twins=some(range(1), age=100, changed=values))
    yield from (very_old.fibres.weight, very_old.fibres.unit_uV)
    child = nerve.build(
        "ulnar", side="left", twins=some(range(1), age=2, height_cm=85, changed=values)
    )
    yield child.fibres.diameter_um
    yield np.array([site.position_mm for s in child.studies for site in s.sites])
    at = {"site_mm": 400.0, "length_mm": 30.0}
    pressed = compression.make(arm, "ulnar trunk", pressure_mmHg=250.0, hours=3.0, **at)
    scar = constriction.make(arm, "ulnar trunk", pressure_mmHg=90.0, onset_d=20.0, **at)
    pulled = traction.make(arm, "ulnar trunk", strain_percent=16.0, **at)
    cut = laceration.make(arm, "ulnar trunk", site_mm=400.0, fraction=0.6)
    severed = laceration.make(arm, "ulnar trunk", site_mm=400.0, fraction=1.0)
    graft = treatment.plan("graft", STEPS[-1:], parameters)
    long = treatment.plan("long graft", [{**STEPS[-1], "gap_mm": 75}], parameters)
    for grafted in (graft, long):
        yield course.follow(arm, severed, grafted).regrowth.arrive_d
    yield course.follow(arm, severed, treatment.plan("wait", [])).regrowth.start_d
    done = treatment.plan("all", STEPS, parameters)
    assert done.low is not None and done.high is not None
    for lesion in (join(pressed, scar), pulled, cut):
        for plan in (treatment.plan("wait", []), done, done.low, done.high):
            followed = course.follow(arm, lesion, plan)
            yield course.classes_at(followed, 0.0).sunderland
            yield from (followed.cut_d, followed.regrowth.arrive_d, followed.stump_fails_d)
            for day in (5.0, 100.0, 500.0, 1500.0):
                state = course.state_at(followed, day)
                yield from (state.lamellae_left, state.maturity, state.territory, state.readiness)
                yield from (state.junction_works, state.paranode_opening)


@cache
def published() -> list[bytes]:
    return [as_bytes(array) for array in numbers_of({})]


def as_bytes(array: np.ndarray) -> bytes:
    return np.ascontiguousarray(array).tobytes()


def keys_read() -> list[str]:
    prefixes = ("course.", "lesion.", "treatment.", "nerve.")
    people = some(range(1), age=70)
    arm = nerve.build("ulnar", side="left", twins=people)
    at = {"site_mm": 400.0, "length_mm": 30.0}
    parameters = arm.twins.parameters
    for lesion in (
        compression.make(arm, "ulnar trunk", pressure_mmHg=250.0, hours=3.0, **at),
        constriction.make(arm, "ulnar trunk", pressure_mmHg=90.0, **at),
        traction.make(arm, "ulnar trunk", strain_percent=16.0, **at),
        laceration.make(arm, "ulnar trunk", site_mm=400.0, fraction=0.6),
    ):
        followed = course.follow(arm, lesion, treatment.plan("all", STEPS, parameters))
        course.classes_at(followed, 0.0)
        course.state_at(followed, 1500.0)
    every = [k for k in sorted(parameters.read) if k.startswith(prefixes)]
    return [k for k in every if not k.startswith("nerve.ulnar.") and not acts_at_once(k)]


def test_every_number_of_a_lesion_that_acts_later_is_among_them() -> None:
    there = {k for k in PUBLISHED if k.startswith("lesion.") and not acts_at_once(k)}
    # the last is read by the forecast alone
    assert there == {k for k in keys_read() if k.startswith("lesion.")} | {"lesion.classify.mixed"}


def test_from_which_share_a_grade_makes_an_injury_mixed_is_used() -> None:
    mixed = []
    for counts_above in (0.1, 0.2, 0.3):
        people = some(range(40), changed={"lesion.classify.mixed": counts_above})
        arm = nerve.build("ulnar", side="left", twins=people)
        pulled = traction.make(
            arm, "ulnar trunk", strain_percent=20.0, site_mm=400.0, length_mm=30.0
        )
        followed = course.follow(arm, pulled, treatment.plan("wait", []))
        *_, last = chunk._classes(followed, {0.0: np.zeros(followed.cut_d.shape)})
        assert last.labels == ("Mackinnon", "6")
        mixed.append(float(last.values.mean()))
    print(f"mixed injuries where 10, 20, 30 % count: {mixed}")
    assert mixed[0] > mixed[1] > mixed[2]


@pytest.mark.parametrize("key", keys_read())
def test_a_changed_parameter_is_used(key: str) -> None:
    number = Parameters.of_evidence().number(key)
    least, most = number.allowed
    down, up = max(number.value * 0.8, least), min(number.value * 1.25 + 1e-3, most)
    value = up if up > number.value else down
    assert value != number.value
    # computed until the first difference, which most numbers make early
    pairs = zip(numbers_of({key: value}), published(), strict=True)
    changed = any(as_bytes(now) != before for now, before in pairs)
    assert changed or key in NOT_USED_HERE, f"{key} = {value} changes nothing"


@pytest.mark.parametrize(
    "key", ["nerve.ulnar.target.abductor digiti minimi.path_mm", "nerve.ulnar.fibres.motor.mean_um"]
)
def test_numbers_of_a_nerves_file_are_used(key: str) -> None:
    base = nerve.parameters()
    changed = base.replace({key: 1.02 * base.scalar(key)})
    built = [
        nerve.build("ulnar", side="left", twins=replaced(p)).fibres.diameter_um.sum()
        + nerve.build("ulnar", side="left", twins=replaced(p)).path_mm.sum()
        for p in (base, changed)
    ]
    assert built[0] != built[1]


def replaced(parameters: Parameters) -> Any:
    from dataclasses import replace

    return replace(some(range(2)), parameters=parameters)


PER_TWIN = {
    "course.growth.rate": [1.0, 1.7, 2.4],
    "course.sprouting.tau": [60.0, 90.0, 200.0],
    "course.sheath.rest": [5.0, 14.0, 20.0],
    "course.readiness.muscle_tau": [100.0, 150.0, 300.0],
    "course.passage.grade3": [0.3, 0.6, 0.9],
    "lesion.compression.threshold": [20.0, 30.0, 50.0],
    "lesion.traction.axon": [10.0, 14.0, 16.0],
    "lesion.susceptibility.outer_to_centre": [1.0, 2.0, 3.0],
    "treatment.neurolysis.pressure_factor": [0.1, 0.2, 0.6],
    "treatment.neurolysis.recurrence": [100.0, 300.0, 700.0],
    "treatment.graft.length_constant": [150.0, 300.0, 600.0],
    "treatment.repair.delay": [3.0, 7.0, 14.0],
    "nerve.person.diameter_cv": [0.02, 0.06, 0.1],
    "nerve.unit.size_cv": [0.5, 0.8, 1.0],
    "nerve.age.diameter_loss_per_y": [0.001, 0.0015, 0.002],
}


def arrivals(values: dict[str, Any], twins: range) -> list[np.ndarray]:
    arm = nerve.build("ulnar", side="left", twins=some(twins, age=60, changed=values))
    at = {"site_mm": 400.0, "length_mm": 30.0}
    lesion = join(
        join(
            compression.make(arm, "ulnar trunk", pressure_mmHg=250.0, hours=3.0, **at),
            constriction.make(arm, "ulnar trunk", pressure_mmHg=90.0, onset_d=20.0, **at),
        ),
        traction.make(arm, "ulnar trunk", strain_percent=13.0, **at),
    )
    followed = course.follow(arm, lesion, treatment.plan("all", STEPS, arm.twins.parameters))
    state = course.state_at(followed, 700.0)
    return [
        arm.fibres.diameter_um,
        arm.fibres.unit_uV,
        lesion.cut_d,
        followed.regrowth.arrive_d,
        followed.pressure_mmHg,
        state.lamellae_left,
        state.territory,
        state.readiness,
        state.maturity,
    ]


@pytest.mark.parametrize("key", PER_TWIN)
def test_one_value_per_twin_equals_runs_with_one_value_each(key: str) -> None:
    together = arrivals({key: PER_TWIN[key]}, range(3))
    for twin, value in enumerate(PER_TWIN[key]):
        alone = arrivals({key: value}, range(twin, twin + 1))
        chunk = arrivals({key: PER_TWIN[key]}, range(twin, twin + 1))
        for whole, one, part in zip(together, alone, chunk, strict=True):
            # sums over fibres may differ in the last bit with the number of twins
            np.testing.assert_allclose(whole[twin], one[0], rtol=1e-12)
            np.testing.assert_array_equal(part[0], one[0])


def test_places_and_counts_are_common_to_all_twins() -> None:
    with pytest.raises(TinelError, match="cannot differ between twins"):
        arrivals({"nerve.age.unit_loss_at_71": [0.3, 0.4, 0.5]}, range(3))


def test_pickling_keeps_values_and_notes() -> None:
    given = nerve.parameters().replace({"course.growth.rate": [1.0, 2.0, 3.0]}).of_twins(range(2))
    given.scalar("course.growth.delay")
    back = pickle.loads(pickle.dumps(given))
    assert back.per_twin("course.growth.rate").tolist() == [1.0, 2.0]
    assert "course.growth.delay" in back.read
    assert back.scalar("nerve.ulnar.cross_section.area_mm2") > 0
    case = pickle.loads(pickle.dumps(load_tanya("course.growth.rate = 2")))
    assert case.parameters.scalar("course.growth.rate") == 2.0


def load_tanya(settings: str) -> Any:
    return parse(f"{TANYA}\n[set]\n{settings}\n", "tanya.toml")


@pytest.mark.parametrize(
    ("settings", "value"),
    [
        ("course.growth.rate = 2", 2.0),
        ('"course.growth.rate" = "0.2 cm/day"', 2.0),
        ("[set.course.growth]\nrate = 2.5", 2.5),
    ],
)
def test_a_case_sets_parameters(settings: str, value: float) -> None:
    case = load_tanya(settings)
    assert case.parameters.scalar("course.growth.rate") == pytest.approx(value)
    again = case.with_run(twins=3).with_parameters({"course.growth.delay": 10})
    assert again.run.twins == 3 and again.parameters.scalar("course.growth.delay") == 10
    assert again.parameters.scalar("course.growth.rate") == pytest.approx(value)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ("course.growth.rat = 2", "did you mean course.growth.rate"),
        ("course.growth.rate = -2", "out of range"),
        ('course.growth.rate = "2 mV"', "cannot be converted"),
        ("course.growth.rate = true", "true/false"),
        ("course.growth.rate = [1.0, 2.0]", "2 values were given for 200 twins"),
        ("course.growth.rate = nan", "not a finite number"),
    ],
)
def test_wrong_settings_are_told_by_key(settings: str, says: str) -> None:
    with pytest.raises(TinelError) as caught:
        load_tanya(settings)
    assert caught.value.where.startswith("tanya.toml: set.course.growth.rat")
    assert says in str(caught.value)


def test_an_injury_that_no_longer_fits_is_told() -> None:
    case = load(Path(__file__).parents[1] / "examples" / "cut.toml")
    with pytest.raises(TinelError):
        case.with_parameters({"nerve.ulnar.branch.ulnar trunk.end_mm": 300})
