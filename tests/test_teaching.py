"""The twelve teaching cases run, and each has the injury that its story promises."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tinel.case import load
from tinel.cohort.person import courses, injure, plans
from tinel.exam.examination import visit
from tinel.exam.laboratory import set_up
from tinel.quiz.truth import truth_of

ROOT = Path(__file__).parents[1]
CASES = sorted((ROOT / "examples" / "teaching").glob("*.toml"))
TWINS = 5
# day, and between which fractions of the axons the twins' mean must lie: broken, blocked
PROMISED: dict[str, tuple[float, tuple[float, float], tuple[float, float]]] = {
    "accessory_biopsy": (30, (0.99, 1.0), (0.0, 0.01)),
    "axillary_dislocation": (10, (0.2, 1.0), (0.0, 0.5)),
    "carpal_tunnel": (365, (0.0, 0.5), (0.0, 0.5)),
    "femoral_retractor": (3, (0.05, 0.5), (0.2, 0.8)),
    "fibular_at_neck": (3, (0.0, 0.2), (0.2, 0.9)),
    "lateral_femoral_cutaneous": (10, (0.05, 0.6), (0.1, 0.8)),
    "median_cut_and_suture": (30, (0.99, 1.0), (0.0, 0.01)),
    "mixed_ulnar_crush": (3, (0.25, 0.75), (0.1, 0.6)),
    "radial_sleep_palsy": (3, (0.0, 0.1), (0.2, 0.9)),
    "sciatic_injection": (21, (0.1, 0.6), (0.0, 0.3)),
    "superficial_radial": (10, (0.1, 0.7), (0.2, 0.8)),
    "ulnar_at_elbow": (365, (0.0, 0.6), (0.0, 0.5)),
}


def test_there_are_twelve_and_each_tells_a_story_and_what_to_look_for() -> None:
    assert [file.stem for file in CASES] == sorted(PROMISED)
    for file in CASES:
        head = file.read_text(encoding="utf-8").split("[patient]")[0]
        assert "# Story: " in head and "# Look for: " in head and len(head.splitlines()) <= 9
    page = (ROOT / "docs" / "atlas.md").read_text(encoding="utf-8")
    assert all(f"examples/teaching/{file.name}" in page for file in CASES)


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_a_case_runs_and_has_the_injury_of_its_story(file: Path) -> None:
    case = load(file)
    assert not case.notes
    day, broken, blocked = PROMISED[file.stem]
    person = injure(case, range(TWINS))
    laboratory = set_up(person.nerve)
    made = courses(person, plans(case, person.nerve.twins.parameters))
    seen = visit(laboratory.limb(made[0], day), laboratory, day, case.tests)
    assert set(case.tests) >= {m.test for m in seen.examination.measurements}
    found = [truth_of(seen.limb, twin) for twin in range(TWINS)]
    mean = [float(np.mean([getattr(one, what) for one in found])) for what in ("lost", "blocked")]
    print(f"\n{file.stem}, day {day:g}: broken {mean[0]:.2f}, blocked {mean[1]:.2f}")
    assert broken[0] <= mean[0] <= broken[1] and blocked[0] <= mean[1] <= blocked[1]


@pytest.mark.truth
def test_what_to_look_for_is_there() -> None:
    """Sleep palsy: fibrillations in few; biopsy: the sternocleidomastoid is spared."""
    for name, day, spared, hurt in (
        ("accessory_biopsy", 30.0, "sternocleidomastoid", "upper trapezius"),
        ("median_cut_and_suture", 30.0, "pronator teres", "abductor pollicis brevis"),
    ):
        case = load(ROOT / "examples" / "teaching" / f"{name}.toml")
        person = injure(case, range(TWINS))
        laboratory = set_up(person.nerve)
        course = courses(person, plans(case, person.nerve.twins.parameters)[:1])[0]
        seen = visit(laboratory.limb(course, day), laboratory, day, ["needle EMG"]).examination
        rest = []
        for muscle in (spared, hurt):
            measured = seen.of(muscle, "fibrillations")
            assert measured is not None
            rest.append(measured.values.tolist())
        print(f"\n{name}, day {day:g}: fibrillations {spared} {rest[0]}, {hurt} {rest[1]}")
        assert not any(rest[0]) and min(rest[1]) >= 1
