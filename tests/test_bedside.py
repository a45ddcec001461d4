"""What bedside tests find of simulated fibre loss, beside conduction studies and published tables.

Laid down before the first run: cut ulnar nerves of 60 days with a fraction of 0 to 1 of their axons
severed, evenly spread, against healthy arms. Nothing is fitted to the tables. Sensitivity and
specificity of filaments and strength against conduction studies are those of 357 people with
leprosy (Khambati 2009, abstract), whose losses nobody knows: the order and the rough size count.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from tests.people import PUBLISHED, some
from tinel.course import follow, state_at
from tinel.exam import supply
from tinel.exam.examination import Visit, examine
from tinel.exam.laboratory import Laboratory, set_up
from tinel.exam.limb import Bools, Floats, Limb, healthy
from tinel.exam.reference_limits import limit_of
from tinel.exam.reflex_arc import arc, reflexes_of
from tinel.exam.small_fibres import cold_fraction, warm_fraction
from tinel.exam.tests.pin_prick import PIN
from tinel.exam.tests.tendon_reflexes import GRADE, tendon_reflexes
from tinel.exam.tests.tinel_sign import SIGN, TRUNK, sentences
from tinel.exam.tests.touch import FOUND
from tinel.exam.tests.vibration import SCORE
from tinel.lesion import compression, laceration
from tinel.nerve import build
from tinel.treatment import plan
from tinel.twins import Twins

DAY = 60.0
FRACTIONS = (np.arange(12) + 0.5) / 12
EACH = 6
PATCH, MUSCLES = "little finger skin", ("abductor digiti minimi", "first dorsal interosseous")
TESTS = ["sensory conduction", "motor conduction", "strength", "touch", "vibration", "pin prick",
         "warm and cold"]  # fmt: skip
NOTHING: Any = None


def cut(twins: Twins, fraction: float, nerve: str = "ulnar", side: str = "left") -> Any:
    """The course of a nerve of which a blade severed a fraction."""
    limb = build(nerve, side=side, twins=twins)
    trunk = next(b.name for b in limb.branches if b.parent is None)
    hurt = laceration.make(limb, trunk, site_mm=500.0, fraction=fraction)
    return follow(limb, hurt, plan("wait", []))


def on(course: Any, day: float) -> Limb:
    state = state_at(course, day)
    return Limb(course.nerve, course.lesion, state, conducts=state.joined)


def abnormal(limb: Limb, other: Limb, laboratory: Laboratory) -> dict[str, Bools]:
    """Which twins each test calls abnormal, by the program's own limits."""
    seen, beside = examine(limb, laboratory, TESTS), examine(other, laboratory, TESTS)
    visit = Visit(limb.state.day, limb, seen)
    found: dict[str, list[Bools]] = {}
    for one, two in zip(seen.measurements, beside.measurements, strict=True):
        of_patch = one.subject == PATCH or one.subject in MUSCLES
        conducted = one.quantity == "amplitude" and one.site != "" and _distal(limb, one)
        if not (of_patch or conducted) or one.quantity == "finest filament felt":
            continue
        if one.quantity == FOUND:
            most = PUBLISHED.number("normal.monofilament.hand_marking").high
            found.setdefault("filament", []).append(one.values > most)
            continue
        _, bound = limit_of(one, visit)
        if bound is None:
            continue
        outside = ~(one.values >= bound.value if bound.lower else one.values <= bound.value)
        if conducted:
            outside |= ~(one.values >= 0.5 * two.values)
        name = one.test if conducted or one.test == "strength" else one.quantity
        found.setdefault(name, []).append(outside)
    return {name: np.any(lists, axis=0) for name, lists in found.items()}


def _distal(limb: Limb, one: Any) -> bool:
    study = limb.nerve.study(one.subject)
    wanted = ("little finger", "ADM")
    return study.sites[0].name == one.site and any(w in one.subject for w in wanted)


@cache
def tested() -> tuple[dict[str, Bools], dict[str, Bools], Floats]:
    """What is abnormal in injured and healthy arms, and the fraction of sensory axons lost."""
    n = EACH * len(FRACTIONS)
    laboratory = set_up(build("ulnar", side="left", twins=some(range(n))))
    hurt: dict[str, list[Bools]] = {}
    lost = []
    for k, fraction in enumerate(FRACTIONS):
        twins = some(range(EACH * k, EACH * (k + 1)))
        limb = on(cut(twins, float(fraction)), DAY)
        other = healthy(build("ulnar", side="right", twins=twins))
        for name, flags in abnormal(limb, other, laboratory).items():
            hurt.setdefault(name, []).append(flags)
        lost.append(1.0 - supply.right(limb, PATCH))
    sides = [
        healthy(build("ulnar", side=s, twins=some(range(n, 2 * n)))) for s in ("left", "right")
    ]
    well = abnormal(sides[0], sides[1], laboratory)
    return {k: np.concatenate(v) for k, v in hurt.items()}, well, np.concatenate(lost)


@pytest.mark.truth
def test_sensitivity_to_simulated_loss_is_in_the_published_order() -> None:
    hurt, well, lost = tested()
    bands = [
        (lost >= low) & (lost < high) for low, high in ((0, 1 / 3), (1 / 3, 2 / 3), (2 / 3, 2))
    ]
    print("found of a loss below a third, of a third to two, of more; all; specificity (%)")
    for name, flags in hurt.items():
        parts = " ".join(f"{100 * flags[band].mean():4.0f}" for band in bands)
        print(f"{name:28} {parts} {100 * flags.mean():6.0f} {100 * (1 - well[name].mean()):6.0f}")
    every = {name: float(flags.mean()) for name, flags in hurt.items()}
    assert every["sensory conduction"] >= every["filament"] >= every["strength"]
    assert every["strength"] == min(every.values())


@pytest.mark.truth
@pytest.mark.parametrize(
    ("test", "study", "low", "high", "specific"),
    [("filament", "sensory conduction", 35, 44, 80), ("strength", "motor conduction", 4, 25, 90)],
)
def test_filaments_and_strength_against_conduction_as_in_leprosy(
    test: str, study: str, low: float, high: float, specific: float
) -> None:
    hurt, well, _ = tested()
    reference = np.concatenate([hurt[study], well[study]])
    flags = np.concatenate([hurt[test], well[test]])
    found, right = 100 * flags[reference].mean(), 100 * (1 - flags[~reference].mean())
    print(f"{test} against {study}: sensitivity {found:.0f} % ({low} to {high}), specificity "
          f"{right:.0f} % (above {specific})")  # fmt: skip
    assert right > specific
    assert low / 2 <= found <= 2 * high


@pytest.mark.truth
def test_healthy_old_people_lack_the_ankle_reflex_as_published() -> None:
    # 23 % (16 to 30) above 60 years, none below: J Neurol 2006; three numbers were fitted to it
    absent = {}
    for age in (30, 50, 70):
        leg = healthy(build("sciatic", side="left", twins=some(range(200), age=age)))
        subject = reflex_of(leg, "ankle reflex")
        absent[age] = 100 * float((tendon_reflexes(leg, subject, NOTHING)[0].values == 0).mean())
    print(f"no ankle reflex at 30, 50 and 70 years: {absent} % (0, 0, 16 to 30)")
    assert 16 <= absent[70] <= 30
    assert absent[30] <= 5 and absent[50] <= 10


def reflex_of(limb: Limb, name: str) -> Any:
    from tinel.exam.tests.tendon_reflexes import of_nerve

    return next(target for target in of_nerve(limb.nerve) if target.name == name)


def test_a_reflex_needs_both_ways_and_does_not_come_back_with_strength() -> None:
    course = cut(some(range(6)), 1.0, "musculocutaneous")
    for grade in course.lesion.sunderland_grade:
        grade[grade > 3] = 3  # tubes that axons find again
    course = follow(course.nerve, course.lesion, plan("wait", []))
    early, late = on(course, 20.0), on(course, 1500.0)
    muscles = next(m for reflex, m in reflexes_of(early.nerve) if reflex.name == "biceps reflex")
    assert arc(early, muscles).max() == 0
    regrown = supply.right(late, "biceps")
    assert np.median(regrown) > 0.3
    assert (arc(late, muscles) <= 0.05 * np.maximum(regrown, 0.01) + 1e-9).all()
    subject = reflex_of(late, "biceps reflex")
    assert (tendon_reflexes(late, subject, NOTHING)[0].values == 0).all()


def test_a_block_by_demyelination_spares_warmth() -> None:
    arm = build("ulnar", side="left", twins=some(range(4)))
    hurt = compression.make(arm, "ulnar trunk", site_mm=500.0, length_mm=30.0,
                            pressure_mmHg=150.0, hours=3.0)  # fmt: skip
    state = state_at(follow(arm, hurt, plan("wait", [])), 2.0)
    blocked = replace(state, ionic_block=np.zeros_like(state.ionic_block))
    limb = Limb(arm, hurt, blocked, conducts=np.zeros_like(blocked.intact))
    assert cold_fraction(limb, PATCH).max() == 0
    assert np.allclose(warm_fraction(limb, PATCH), blocked.intact.mean(), atol=0.2)
    starved = Limb(arm, hurt, replace(state, ionic_block=hurt.present & state.intact),
                   conducts=np.zeros_like(state.intact))  # fmt: skip
    assert warm_fraction(starved, PATCH).max() == 0


@pytest.mark.parametrize("fraction", [0.0, 1.0])
def test_all_or_nothing(fraction: float) -> None:
    limb = on(cut(some(range(8)), fraction), DAY)
    seen = examine(limb, Laboratory(33.0, NOTHING), ["vibration", "pin prick", "warm and cold"])
    pin = seen.of(PATCH, PIN)
    score, warm = seen.of(PATCH, SCORE), seen.of(PATCH, "warm threshold (limits)")
    assert pin is not None and score is not None and warm is not None
    if fraction:
        assert pin.values.max() == 0 and score.values.max() < 4 and np.isinf(warm.values).all()
    else:
        assert pin.values.min() == 2 and score.values.min() > 4


def test_twins_do_not_depend_on_those_beside_them() -> None:
    names = ["vibration", "pin prick", "warm and cold", "touch"]
    few, many = (on(cut(some(r), 0.5), DAY) for r in (range(2, 4), range(6)))
    for one, all_of_them in zip(
        *(examine(limb, Laboratory(33.0, NOTHING), names).measurements for limb in (few, many)),
        strict=True,
    ):
        assert np.array_equal(one.values, all_of_them.values[2:4], equal_nan=True), one.quantity


def test_tinels_sign_tells_how_far_it_has_come() -> None:
    course = cut(some(range(1)), 1.0, "sciatic")
    course.lesion.sunderland_grade[:] = np.minimum(course.lesion.sunderland_grade, 2)
    course = follow(course.nerve, course.lesion, plan("wait", []))
    visits = []
    for day in (60.0, 90.0):
        limb = on(course, day)
        laboratory = Laboratory(33.0, NOTHING)
        visits.append(Visit(day, limb, examine(limb, laboratory, ["Tinel's sign"])))
    first, second = (v.examination.value(TRUNK, SIGN) for v in visits)
    assert first is not None and second is not None
    said = sentences(NOTHING, visits, visits[0])
    assert f"{second - first:.0f} mm further than on day 60" in said[1] and "further" not in said[0]
    rate = (second - first) / 30
    print(f"{said[1]} (1 to 3 mm/day)")
    assert 0.8 < rate < 3


def test_every_number_at_the_bedside_does_something_here() -> None:
    before, idle = everything({}), []
    keys = [key for key in PUBLISHED if key.startswith("bedside.")]
    assert len(keys) > 40
    for key in keys:
        number = PUBLISHED.number(key)
        least, most = number.allowed
        values = [number.value * factor for factor in (1.3, 0.7, 3.0, 0.2)]
        for value in (v for v in values if least <= v <= most):
            after = everything({key: value})
            if not all(np.array_equal(a, b) for a, b in zip(before, after, strict=True)):
                break
        else:
            idle.append(key)
    assert idle == []


@cache
def hurt_limbs() -> tuple[Limb, ...]:
    """A healthy, a partly cut and a regrown arm or leg."""
    found = []
    for nerve, sex in (("ulnar", "male"), ("sciatic", "female"), ("radial", "female")):
        twins = some(range(6), age=60, sex=sex)
        course = cut(twins, 0.8, nerve)
        course.lesion.sunderland_grade[:] = np.minimum(course.lesion.sunderland_grade, 2)
        course = follow(course.nerve, course.lesion, plan("wait", []))
        found += [healthy(course.nerve), on(course, 60.0), on(course, 700.0)]
    return tuple(found)


def everything(changed: dict[str, float]) -> list[Floats]:
    found = []
    for limb in hurt_limbs():
        old = limb.nerve.twins
        twins = replace(old, parameters=old.parameters.replace(changed))
        other = replace(limb, nerve=replace(limb.nerve, twins=twins))
        names = ["vibration", "pin prick", "warm and cold", "touch", "tendon reflexes"]
        seen = examine(other, Laboratory(33.0, NOTHING), names)
        found += [m.values for m in seen.measurements]
    return found


def test_a_reflex_of_a_healthy_person_is_the_same_on_both_sides() -> None:
    for name in ("femoral", "obturator", "median", "brachial plexus"):
        nerve = build(name, side="left", twins=some(range(2)))
        limb = healthy(nerve)
        for reflex, muscles in reflexes_of(nerve):
            assert np.allclose(arc(limb, muscles), 1.0), reflex.name
            values = tendon_reflexes(limb, reflex_of(limb, reflex.name), NOTHING)
            assert values[0].quantity == GRADE and values[0].values.shape == (2,)
