"""What is counted from an injury: of two, from the one that hurts, for each axon."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace

import numpy as np
import pytest
from test_course import axonotmesis
from test_lesion import NERVE, TARGETS, TWINS
from test_two_places import (
    HIGH_MM,
    HIP,
    LATE_D,
    LOW_MM,
    blocked_at,
    crushed,
    elsewhere,
    followed,
    half,
    pressing,
)

from tinel import course, lesion
from tinel.cable.conduction.table import conduction
from tinel.case import parse
from tinel.course.whole import whole_state
from tinel.exam.block import Block
from tinel.exam.daily import daily
from tinel.exam.laboratory import Laboratory
from tinel.exam.limb import Limb
from tinel.exam.needle.spontaneous import spontaneous, stump_mm
from tinel.exam.signs import place_of_injury
from tinel.exam.tests.tinel_sign import sign_mm, tinel_sign, whole_nerve
from tinel.flow import run
from tinel.lesion import Lesion
from tinel.lesion.onset import later
from tinel.nerve import build
from tinel.nerve.library import parameters
from tinel.report.recovery import first_signs
from tinel.symptom.symptoms import symptoms

DAYS = (0.0, 3.0, 20.0, 90.0, 400.0, 900.0, LATE_D)
MUSCLES = [t for t in TARGETS if t.kind == "motor"]


@pytest.fixture(scope="module")
def table() -> Laboratory:
    return Laboratory(33.5, conduction(33.5, parameters()))


def harmless() -> Lesion:
    return lesion.crush.make(NERVE, "sciatic", site_mm=HIGH_MM, length_mm=20.0, fraction=0.0)


def late(hurt: Lesion) -> Lesion:
    return later(hurt, np.full(len(TWINS), 200.0))


BELOW: dict[str, Callable[[], Lesion]] = {
    "crush": lambda: crushed(2),
    "torn": lambda: crushed(5),
    "half": lambda: half(crushed(3)),
    "block": lambda: blocked_at(crushed()),
    "scar": lambda: pressing(120.0, onset_d=30.0),
    "later": lambda: late(crushed(3)),
}


def feel_and_fire_alike(one: Limb, other: Limb) -> None:
    """Whether symptoms and what a needle hears at rest are the same in both."""
    for key, value in symptoms(one).items():
        np.testing.assert_array_equal(value, symptoms(other)[key], f"{key}, day {one.day}")
    for muscle in MUSCLES:
        x, y = spontaneous(one, muscle), spontaneous(other, muscle)
        for f in fields(x):
            np.testing.assert_array_equal(getattr(x, f.name), getattr(y, f.name), f.name)


@pytest.mark.parametrize("name", BELOW)
def test_a_harmless_injury_above_changes_nothing_that_is_counted(
    name: str, table: Laboratory
) -> None:
    below = BELOW[name]()
    alone, two = followed(below), followed(lesion.both(harmless(), below))
    for day in DAYS:
        a, b = table.limb(alone, day), table.limb(two, day)
        feel_and_fire_alike(a, b)
        np.testing.assert_allclose(sign_mm(a), sign_mm(b), rtol=1e-12)
        (subject,) = whole_nerve(NERVE)
        for one, other in zip(
            tinel_sign(a, subject, table), tinel_sign(b, subject, table), strict=True
        ):
            np.testing.assert_allclose(one.values, other.values, rtol=1e-12)
        one, other = (course.classes_at(c, day).sunderland for c in (alone, two))
        np.testing.assert_array_equal(one, other)
    curves = [daily(c, Block.of(NERVE, c.lesion, table.conduction), DAYS[1:]) for c in (alone, two)]
    for part in ("conducting", "joined", "front_mm"):
        np.testing.assert_allclose(*(getattr(c, part) for c in curves), rtol=1e-9, atol=1e-9)


def test_a_harmless_injury_below_changes_nothing_that_is_counted(table: Laboratory) -> None:
    alone, two = followed(axonotmesis()), followed(lesion.both(axonotmesis(), elsewhere()))
    for day in DAYS:
        a, b = table.limb(alone, day), table.limb(two, day)
        feel_and_fire_alike(a, b)
        np.testing.assert_array_equal(sign_mm(a), sign_mm(b))


def test_every_twin_is_counted_for_itself(table: Laboratory) -> None:
    one = axonotmesis()
    hurt = np.arange(len(TWINS)) % 2 == 0
    mixed = replace(
        harmless(),
        cut_d=np.where(hurt[:, None], one.cut_d, np.inf),
        sunderland_grade=np.where(hurt[:, None], one.sunderland_grade, 0),
    )
    limbs = [
        table.limb(followed(lesion.both(above, crushed(3))), 60.0)
        for above in (mixed, one, harmless())
    ]
    for key, value in symptoms(limbs[0]).items():
        np.testing.assert_array_equal(value[hurt], symptoms(limbs[1])[key][hurt], key)
        np.testing.assert_array_equal(value[~hurt], symptoms(limbs[2])[key][~hurt], key)


def test_the_stump_of_each_axon_begins_where_it_is_broken(table: Laboratory) -> None:
    high = half(axonotmesis())
    limb = table.limb(followed(lesion.both(high, crushed(2))), 20.0)
    muscle = TARGETS[2]
    own = limb.fibres_of(muscle.name)
    length, above = stump_mm(limb, muscle), np.isfinite(high.cut_d)[:, own]
    # what is joined to the muscle is the piece beyond the lower place, wherever else it is broken
    assert above.any() and not above.all()
    np.testing.assert_allclose(length, muscle.path_mm - LOW_MM)
    limb = table.limb(followed(lesion.both(axonotmesis(), half(crushed(2)))), 20.0)
    low = np.isfinite(half(crushed()).cut_d)[:, own]
    broken = np.isfinite(axonotmesis().cut_d)[:, own]
    length = stump_mm(limb, muscle)
    np.testing.assert_allclose(length[low], muscle.path_mm - LOW_MM)
    np.testing.assert_allclose(length[broken & ~low], muscle.path_mm - HIGH_MM)


def test_an_injury_that_comes_later_lengthens_no_stump(table: Laboratory) -> None:
    two = followed(lesion.both(axonotmesis(), late(crushed(2))))
    muscle = TARGETS[2]
    broken = np.isfinite(axonotmesis().cut_d)[:, NERVE.fibres.target == 2]
    for day in (20.0, 250.0):  # nobody had come back when it came
        length = stump_mm(table.limb(two, day), muscle)
        np.testing.assert_allclose(length[broken], muscle.path_mm - HIGH_MM)


def test_a_study_looks_for_the_injury_that_hurts() -> None:
    leg = build("sciatic", side="right", twins=NERVE.twins)
    above = lesion.crush.make(leg, "sciatic trunk", site_mm=400.0, length_mm=20.0, fraction=0.0)
    neck = next(mark for mark in leg.landmarks if mark.name == "fibular neck").position_mm
    below = lesion.crush.make(leg, "common fibular", site_mm=neck, length_mm=20.0)
    trunk = lesion.crush.make(leg, "sciatic trunk", site_mm=400.0, length_mm=20.0)
    limbs = [
        Limb(leg, hurt, whole_state(leg), np.ones(leg.fibres.diameter_um.shape, bool))
        for hurt in (below, lesion.both(above, below), lesion.both(trunk, below), trunk)
    ]
    fibular = next(s for s in leg.studies if s.target == "extensor digitorum brevis")
    tibial = next(s for s in leg.studies if s.target == "abductor hallucis")
    assert [place_of_injury(limb, fibular) for limb in limbs] == ["across"] * 3 + ["above"]
    found = [place_of_injury(limb, tibial) for limb in limbs]
    assert found == ["elsewhere", "elsewhere", "above", "above"]


def test_the_report_counts_the_way_from_where_axons_are_broken() -> None:
    text = HIP.format(more="", second="", arms="")
    start, end = text.index("[cause.second]"), text.index("[[exam]]")
    weak = text.replace("strain_percent = 25", "strain_percent = 1")
    below = text[: text.index("[cause]")] + "[cause]\n" + text[start:end].replace(
        "[cause.second]\n", 'procedure = "hip socket broken on a dashboard"\n'
    ) + text[end:]  # fmt: skip
    ways = []
    for one in (below, weak, text):
        rows = first_signs(run(parse(one), twins=4)).rows
        ways.append({row[0].text: row[1].text for row in rows})
    alone, two, both_hurt = ways
    assert alone and all(two[name] == way for name, way in alone.items())
    assert any(both_hurt[name] != way for name, way in alone.items())
