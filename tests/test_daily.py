"""Sums over fibres on all days of a curve: those of the limbs of the single days."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from tests.people import some
from tinel.cable.conduction.table import Conduction, conduction
from tinel.course import Course, follow, state_at
from tinel.exam.block import Block
from tinel.exam.daily import Daily, daily
from tinel.exam.limb import Limb, limb_on
from tinel.exam.skin import felt_fraction
from tinel.lesion import Lesion, compression, constriction, join, laceration
from tinel.lesion.onset import later
from tinel.nerve import Nerve, build
from tinel.symptom import loss, pain
from tinel.treatment import Intervention, Plan, Relief, plan

DAYS = (0.0, 1.0, 3.0, 10.0, 21.0, 59.0, 60.0, 120.0, 150.0, 365.0, 900.0, 1825.0)
FEW = 6


@cache
def nerve(name: str) -> Nerve:
    return build(name, side="left", twins=some(range(FEW), age=45))


@cache
def table() -> Conduction:
    return conduction(33.0)


def cut() -> Lesion:
    return laceration.make(nerve("ulnar"), "ulnar trunk", site_mm=450.0, fraction=0.7)


def scar() -> Lesion:
    pressures = np.linspace(20.0, 130.0, FEW)
    return constriction.make(
        nerve("ulnar"), "ulnar trunk", site_mm=400.0, length_mm=30.0, pressure_mmHg=pressures
    )


def struck_later() -> Lesion:
    pressed = compression.make(
        nerve("ulnar"), "ulnar trunk", site_mm=420.0, length_mm=50.0, pressure_mmHg=300.0, hours=4.0
    )
    return later(pressed, np.linspace(0.0, 30.0, FEW))


def axillary() -> Lesion:
    return laceration.make(nerve("axillary"), "axillary trunk", site_mm=170.0, fraction=1.0)


def nothing() -> Lesion:
    return Lesion.none(nerve("ulnar"))


def arm(*steps: dict[str, Any]) -> Plan:
    return plan("arm", list(steps))


SUTURE = {"treatment": "repair", "day": 3}
GRAFT = {"treatment": "graft", "day": 120, "gap_mm": 30}
FREED = {"treatment": "neurolysis", "day": 60}
INJECTED = {"treatment": "hydrodissection", "days": [60, 120], "platelets": True}
CREAM = Plan("cream", "cream", (Intervention("cream", 21.0, relief=Relief("cream", 0.6, 0.2)),))
MOVED = {
    "treatment": "nerve transfer", "day": 120, "donor": "spinal accessory", "targets": "deltoid",
    "distance_mm": 60,
}  # fmt: skip


@pytest.mark.parametrize(
    ("lesion", "done"),
    [
        (cut, arm()),
        (cut, arm(SUTURE)),
        (cut, arm(SUTURE, GRAFT)),
        (scar, arm()),
        (scar, arm(FREED)),
        (scar, arm(INJECTED)),
        (struck_later, CREAM),
        (axillary, arm(MOVED)),
        (lambda: join(scar(), cut()), arm(GRAFT)),
        (nothing, arm()),
    ],
)
def test_all_days_at_once_are_the_single_days(lesion: Any, done: Plan) -> None:
    hurt: Lesion = lesion()
    of = nerve("axillary") if lesion is axillary else nerve("ulnar")
    block = Block.of(of, hurt, table())
    course = follow(of, hurt, done)
    found = daily(course, block, DAYS)
    single = [limb(course, block, day) for day in DAYS]
    weight = np.where(hurt.present, of.fibres.weight, 0.0)
    weight = weight / max(weight.sum(), 1e-300)
    home = [one.state.right & (one.state.destination == of.fibres.target) for one in single]
    for name, value in {
        "conducting": [(o.conducts & h) @ weight for o, h in zip(single, home, strict=True)],
        "joined": [(o.state.joined & h) @ weight for o, h in zip(single, home, strict=True)],
        "front_mm": [front_mm(one) for one in single],
    }.items():
        same(getattr(found, name), value)
    for k in (0, 1):
        same(found.working[k], [one.working[k] for one in single])
    for name in ("damaged", "growing", "torn_firing", "torn_early"):
        same(getattr(found.sensory, name), [getattr(one.sensory, name) for one in single])
    both: list[Limb | Daily] = [found, *single]
    for target in of.targets:
        many, *each = (one.broken(target.name) for one in both)
        same(many, each)
        if target.kind == "sensory":
            many, *each = (felt_fraction(one, target) for one in both)
            same(many, each)
    for symptom in (pain.usual, loss.numb):
        many, *each = (symptom(one) for one in both)
        same(many, each)


def limb(course: Course, block: Block, day: float) -> Limb:
    state = state_at(course, day)
    done = course.plan.interventions
    return limb_on(course.nerve, course.lesion, state, block.on(state), done, course)


def front_mm(one: Limb) -> Any:
    growing = one.lesion.present & ~one.state.intact
    ahead = np.where(growing, one.state.front_mm - one.lesion.site_mm[:, None], 0.0)
    return ahead.sum(axis=1) / np.maximum(growing.sum(axis=1), 1)


def same(many: Any, each: list[Any]) -> None:
    assert np.shape(many)[0] == len(DAYS)
    np.testing.assert_allclose(np.broadcast_to(many, np.shape(each)), each, rtol=1e-11, atol=1e-12)


def test_the_loop_is_compiled_for_one_form_of_arrays() -> None:
    from tinel.exam.daily import _loop

    for lesion, done in ((cut(), arm(SUTURE)), (nothing(), arm()), (scar(), arm(FREED))):
        daily(follow(nerve("ulnar"), lesion, done), Block.of(nerve("ulnar"), lesion, table()), DAYS)
    assert len(_loop().signatures) == 1
