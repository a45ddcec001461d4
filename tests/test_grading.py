"""MRC grades beside forces that were measured in graded muscles, and beside two examiners."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from tests.people import PUBLISHED, some
from tinel.exam.grading import (
    MOVEMENTS,
    RESISTED_AS,
    edges,
    examiner,
    finer_grade,
    floor,
    mrc_grade,
    resisted,
    synergists,
)
from tinel.lesion.state import Floats
from tinel.nerve import names, read

FORCES = np.linspace(0.0, 1.0, 1001)


@pytest.mark.truth
@pytest.mark.parametrize(
    ("movement", "least", "most", "source"),
    [
        ("elbow flexion", 0.03, 0.05, "MacAvoy and Green 2007: grade 4 covers over 96 %"),
        ("knee extension", 0.05, 0.08, "gravity over torque in men, Clin Rehabil 1997;11:36"),
        ("shoulder abduction", 0.07, 0.21, "the same"),
        ("hip flexion", 0.04, 0.44, "the same"),
    ],
)
def test_the_limb_weighs_as_published(
    movement: str, least: float, most: float, source: str
) -> None:
    found = float(floor(movement, PUBLISHED))
    print(f"{movement}: {found:.1%} of the force lifts the limb ({least:.0%} to {most:.0%})")
    assert least <= found <= most, source


@pytest.mark.truth
def test_grafted_muscles_are_graded_as_their_surgeon_did() -> None:
    # 16 patients after nerve grafts of the upper limb: M3 17 to 42 %, M4 66 to 79 % of the force.
    third, fourth, fifth = edges("elbow flexion", PUBLISHED)[2:]
    print(f"M3 from {third:.0%} (17 to 42 %), M4 from {fourth:.0%} to {fifth:.0%} (66 to 79 %)")
    assert third <= 0.17 and 0.42 < fourth < 0.66 and fifth > 0.79
    seen = mrc_grade(np.array([0.17, 0.32, 0.42, 0.66, 0.79]), "elbow flexion", PUBLISHED)
    assert seen.tolist() == [3, 3, 3, 4, 4]


@pytest.mark.truth
def test_hands_graded_three_or_four_have_the_measured_force() -> None:
    seen = mrc_grade(np.array([0.26, 0.37]), "finger abduction", PUBLISHED)
    print(f"26 and 37 % of the force: MRC {seen.tolist()} (3 or 4)")
    assert seen.tolist() == [3, 4]


@pytest.mark.truth
def test_arm_rises_without_its_deltoid() -> None:
    # Bertelli & Ghizoni 2011, doi:10.1016/j.jhsa.2011.09.011: 14 of 14 axillary palsies raised the
    # arm beyond the horizontal. A muscle that is not felt to contract is graded 0 all the same.
    others = synergists("axillary", "deltoid", PUBLISHED)
    lifts = floor("shoulder abduction", PUBLISHED)
    weak, dead = np.array([0.1]), np.zeros(1)
    grades = [
        float(mrc_grade(force, "shoulder abduction", PUBLISHED, 1.0, share)[0])
        for force, share in ((weak, others), (weak, 0.0), (dead, others))
    ]
    print(f"others do {float(others):.0%}, the arm weighs {float(lifts):.0%}; grades {grades}")
    assert others >= lifts
    assert grades == [3.0, 2.0, 0.0]


@pytest.mark.truth
def test_two_full_toes_may_differ() -> None:
    fifth = edges("toe extension", PUBLISHED)[4]
    print(f"two toes graded 5 differ by up to {1 - fifth:.0%} (15 %)")
    assert 0.10 <= 1 - fifth <= 0.20


@pytest.mark.truth
def test_high_grades_of_a_knee_overlap() -> None:
    # Forces of neighbouring high grades do not differ: grade 5 reaches into what was called 4.
    fifth = edges("knee extension", PUBLISHED)[4]
    print(f"a knee is graded 5 from {fifth:.0%} on; arms graded 4 had 66 to 79 %")
    assert 0.66 <= fifth <= 0.79


@pytest.mark.truth
def test_a_hand_resists_a_strong_calf_no_more_than_a_shin() -> None:
    # Lunsford & Perry 1995 (abstract): clinicians resist every group but the plantar flexors.
    # Clin Rehabil 1997;11:36 (abstract): knee muscles graded 4 may have a tenth of their force.
    for strong, weak in RESISTED_AS.items():
        ratio = float(resisted(strong, PUBLISHED))
        of_strong, of_weak = (edges(m, PUBLISHED)[2:4] for m in (strong, weak))
        print(f"{strong}: M3 from {of_strong[0]:.0%}, M4 from {of_strong[1]:.0%} of the force")
        assert 0 < ratio < 1
        assert of_strong == pytest.approx(
            np.maximum(of_weak * ratio, float(floor(strong, PUBLISHED)))
        )
    assert edges("knee extension", PUBLISHED)[3] >= 0.1


def weighted_kappa(first: Floats, second: Floats) -> float:
    """Agreement beyond chance, with weights that fall evenly with the difference."""
    by_chance = np.abs(first[:, None] - second[None, :]).mean()
    return float(1.0 - np.abs(first - second).mean() / by_chance)


@pytest.mark.truth
@pytest.mark.parametrize(
    ("movement", "published"), [("finger extension", 0.77), ("wrist extension", 0.78)]
)
def test_two_examiners_agree_as_published(movement: str, published: float) -> None:
    # 31 radial palsies, doi:10.2340/16501977-0235. What forces they had is not known: spread
    # evenly over the force, or the same number of each grade, hold the truth between them.
    twins = some(range(2000))
    first, second = (examiner(some(range(2000), seed=seed), movement) for seed in (1, 2))
    draws = twins.uniform("test.force", 2)
    begin = np.concatenate([[1e-4], edges(movement, PUBLISHED), [1.0]])
    low, high = (begin[(6 * draws[:, 1]).astype(int) + k] for k in (0, 1))
    found = []
    for force in (draws[:, 0], low * (high / low) ** draws[:, 0]):
        seen = (mrc_grade(force, movement, PUBLISHED, by) for by in (first, second))
        found.append(weighted_kappa(*seen))
    print(f"{movement}: weighted kappa {found[0]:.2f} to {found[1]:.2f} ({published})")
    assert found[0] <= published <= found[1]


@pytest.mark.parametrize("movement", [*MOVEMENTS, ""])
def test_grades_rise_with_force_whoever_examines(movement: str) -> None:
    by = examiner(some(range(200)), movement)
    begin = edges(movement, PUBLISHED, by)
    assert begin.shape == (200, 5) and (np.diff(begin, axis=1) >= 0).all()
    assert (begin >= 0).all() and (begin <= 1).all()
    assert (begin[:, 2] >= floor(movement, PUBLISHED)).all()
    force = np.broadcast_to(FORCES, (200, FORCES.size))
    whole = mrc_grade(force, movement, PUBLISHED, by)
    finer = finer_grade(force, movement, PUBLISHED, by)
    assert (np.diff(whole, axis=1) >= 0).all() and (np.diff(finer, axis=1) >= 0).all()
    assert (whole[:, 0] == 0).all() and (whole[:, -1] == 5).all()
    assert (np.round(finer) == whole).all()


def test_a_stricter_examiner_never_grades_higher() -> None:
    for movement in MOVEMENTS:
        grades = [mrc_grade(FORCES, movement, PUBLISHED, f) for f in (0.5, 1.0, 2.0, 4.0)]
        for lenient, strict in pairwise(grades):
            assert (strict <= lenient).all()


def test_parameters_that_differ_between_twins_stay_with_them() -> None:
    twins = some(range(2), changed={"strength.mrc4.force": np.array([0.42, 0.66])})
    force = np.full((2, 3), 0.5)
    seen = mrc_grade(force, "elbow flexion", twins.parameters)
    assert seen.tolist() == [[4, 4, 4], [3, 3, 3]]


def test_bundled_muscles_name_movements_that_can_be_graded() -> None:
    for name in names():
        for target in read(name).target:
            known = MOVEMENTS if target.kind == "motor" else ()
            assert target.movement in (*known, ""), target.name
