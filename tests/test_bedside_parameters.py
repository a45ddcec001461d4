"""Every number behind strength, hand, skin and Tinel's sign changes something that is found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from tests.people import PUBLISHED, some
from tinel.course import follow, state_at
from tinel.exam.examination import examine
from tinel.exam.grading import MOVEMENTS, edges, examiner, finer_grade, synergists
from tinel.exam.laboratory import Laboratory
from tinel.exam.limb import Limb
from tinel.exam.tests.hand_force import hand_fraction
from tinel.lesion import laceration
from tinel.lesion.state import Floats
from tinel.nerve import build
from tinel.treatment import plan
from tinel.twins import Patient, Twins

OWN = ("strength.", "skin.", "exam.tinel_sign.", "exam.neuroma.", "laboratory.touch.")
BEDSIDE = ["grip and pinch", "sensation", "touch", "Tinel's sign"]
KEYS = [key for key in PUBLISHED if key.startswith(OWN)]


@cache
def limbs() -> tuple[Limb, ...]:
    """Cut nerves, one of them in part, on some days."""
    found = []
    for name, fraction in (("ulnar", 0.9), ("median", 1.0), ("radial", 1.0)):
        for sex, age in (("male", 60.0), ("female", 22.0)):
            twins = some(range(6), age=age, sex=sex)
            nerve = build(name, side="left", twins=twins)
            hurt = laceration.make(nerve, f"{name} trunk", site_mm=600.0, fraction=fraction)
            if name != "median":  # whose axons never come back
                hurt.sunderland_grade[:, ::2] = np.minimum(hurt.sunderland_grade[:, ::2], 3)
            course = follow(nerve, hurt, plan("wait", []))
            for day in (100.0, 500.0, 1500.0):
                state = state_at(course, day)
                found.append(Limb(nerve, hurt, state, conducts=state.joined))
    return tuple(found)


def examined(changed: dict[str, float]) -> Iterator[Floats]:
    """The grades of every movement, and all that is found at the bedside, as it is computed."""
    parameters = PUBLISHED.replace(changed)
    twins = Twins(Patient(age=40, sex="female", height_cm=170), range(3), 1, parameters)
    force = np.broadcast_to(np.geomspace(1e-4, 1.0, 50), (3, 50))
    for movement in (*MOVEMENTS, ""):
        by = examiner(twins, movement)
        yield edges(movement, parameters, by)
        yield finer_grade(force, movement, parameters, by)
    yield synergists("axillary", "deltoid", parameters)
    for muscle in ("upper trapezius", "middle trapezius"):
        yield synergists("spinal accessory", muscle, parameters)
    nothing: Any = None
    for limb in limbs():
        old = limb.nerve.twins
        twins = replace(old, parameters=old.parameters.replace(changed))
        limb = replace(limb, nerve=replace(limb.nerve, twins=twins))
        seen = examine(limb, Laboratory(33.0, nothing), BEDSIDE)
        yield from (m.values for m in seen.measurements)
        yield from (hand_fraction(limb, kind) for kind in ("grip", "pinch"))


def test_every_number_at_the_bedside_does_something() -> None:
    before, idle = list(examined({})), []
    assert len(KEYS) > 60
    for key in KEYS:
        number = PUBLISHED.number(key)
        least, most = number.allowed
        values = [number.value * factor for factor in (1.3, 0.7, 3.0, 0.2, 100.0)]
        for value in (v for v in values if least <= v <= most):
            after = examined({key: value})
            if not all(  # as far as the first difference
                np.array_equal(a, b, equal_nan=True) for a, b in zip(before, after, strict=True)
            ):
                break
        else:
            idle.append(key)
    assert idle == []
