"""Patients from one year on: what is a child's, what is an adult's, and that it is said."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from tests.people import PUBLISHED, some
from tinel.case import parse
from tinel.exam.laboratory import Laboratory, set_up
from tinel.exam.limb import healthy
from tinel.nerve import Nerve, build, names
from tinel.nerve.ageing import ageing, growing

TANYA = (Path(__file__).parents[1] / "examples" / "tanya.toml").read_text(encoding="utf-8")
# Children of these ages, with about the height of the age.
CHILDREN = [(1, 75), (2, 87), (3, 95), (4, 103), (6, 116)]


@pytest.mark.truth
@pytest.mark.parametrize(
    ("age_years", "measured", "within"),
    [
        (0.0, 0.5, 0.05),  # newborns: half an adult's velocity (Garcia 2000; Gamstorp 1963)
        (5 / 12, 37.0 / 57.0, 0.03),  # median nerve at 4 to 6 months, and in adults
        (5 / 12, 40.5 / 60.4, 0.03),  # ulnar nerve
        (4.0, 1.0, 0.01),  # adult values around 4 years (Garcia 2000)
    ],
)
def test_velocity_grows_as_measured(age_years: float, measured: float, within: float) -> None:
    mine = float(growing(age_years, PUBLISHED))
    print(
        f"{12 * age_years:.0f} months: {mine:.2f} of an adult's velocity, measured {measured:.2f}"
    )
    assert mine == pytest.approx(measured, abs=within)


def child(age: float, height_cm: float, twins: range = range(20)) -> Nerve:
    return build("ulnar", side="left", twins=some(twins, age=age, height_cm=height_cm))


@cache
def warm() -> Laboratory:
    return set_up(child(30, 170, range(1)), temperature_C=34.5)


def test_a_childs_forearm_conducts_slower_until_four() -> None:
    velocity = []
    for age, height_cm in (*CHILDREN, (30, 170)):
        nerve = child(age, height_cm)
        study = nerve.study("ulnar motor (ADM)")
        velocity.append(warm().conduct(healthy(nerve), study).measure("velocity_m_per_s").mean())
    fraction = np.array(velocity) / velocity[-1]
    print(f"ulnar velocity at 1, 2, 3, 4, 6 years: {fraction.round(2)} of an adult's")
    # the engine's velocity falls a little faster than the diameter in thin fibres
    assert fraction[:5] == pytest.approx([growing(age, PUBLISHED) for age, _ in CHILDREN], abs=0.06)
    assert (np.diff(fraction[:4]) > 0).all()


def test_counts_of_fibres_are_those_of_a_young_adult() -> None:
    young, adult = child(1, 75, range(2)), child(25, 170, range(2))
    np.testing.assert_array_equal(young.fibres.weight, adult.fibres.weight)
    np.testing.assert_array_equal(young.fibres.unit_uV, adult.fibres.unit_uV)
    assert young.path_mm.max() == pytest.approx(adult.path_mm.max() * 75 / 170)


def test_adults_stay_as_they_were() -> None:
    for age in (18, 40, 71, 100):
        assert float(growing(age, PUBLISHED)) == 1.0
        assert ageing(age, PUBLISHED).diameter <= 1.0


@pytest.mark.parametrize("name", names())
def test_every_nerve_of_a_small_child_can_be_examined(name: str) -> None:
    built = build(name, side="left", twins=some(range(1), age=1, height_cm=60))
    for study in built.studies:
        sites = [site.position_mm for site in study.sites]
        assert sites == sorted(sites, reverse=True) and study.record_mm > sites[0] > 0


def test_a_childs_case_says_what_is_an_adults() -> None:
    case = parse(TANYA.replace("age = 40", "age = 2").replace("height_cm = 165", "height_cm = 87"))
    assert (case.patient.age, case.patient.height_cm) == (2, 87)
    (note,) = [n for n in case.notes if n.startswith("patient.age")]
    assert "85 % of an adult's velocity" in note and "limits of normal are those of adults" in note
    assert not [n for n in parse(TANYA).notes if n.startswith("patient.age")]
