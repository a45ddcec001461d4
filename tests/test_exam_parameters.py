"""Every number that the exam reads changes something that a laboratory writes down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest

from tests.people import some
from tinel.cable.conduction import dipole, table
from tinel.course import Course, follow
from tinel.evidence import Parameters
from tinel.exam.block_criteria import CRITERIA
from tinel.exam.examination import Visit, visit
from tinel.exam.findings import findings
from tinel.exam.laboratory import Laboratory, set_up
from tinel.exam.limb import healthy
from tinel.exam.motor_unit import unit_potential
from tinel.lesion.causes import laceration
from tinel.nerve import Nerve, build
from tinel.treatment import plan

TWINS, DAYS = range(2), (5.0, 200.0)
# what changes nothing here, and why
ELSEWHERE = {
    "exam.temperature.nerve_above_skin_C": "the engine's tables are kept in this test",
    "exam.muscle.velocity_q10": "these people are at the reference temperature; see below",
    "exam.muscle.duration_q10": "these people are at the reference temperature; see below",
    "exam.block.distal_least": "no distal response here is that small; see test_report",
    **{
        key: "see test_block_criteria"
        for criterion in CRITERIA
        for key in criterion.keys
        if key != "exam.block.amplitude_drop"
    },
    "exam.tinel_sign.foremost": "see test_bedside_parameters",
    "exam.tinel_sign.least_axons": "see test_bedside_parameters",
    "laboratory.f_wave.least_way": "says which studies there are; see test_f_wave",
    "laboratory.inching.step_mm": "says which steps there are; see test_inching",
    "laboratory.inching.reach_mm": "says which steps there are; see test_inching",
    "exam.neuroma.forms_d": "see test_bedside_parameters",
}


@pytest.fixture(autouse=True)
def kept_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine's tables, computed once."""
    monkeypatch.setattr(table, "conduction", _conduction)
    monkeypatch.setattr(dipole, "dipole", _dipole)


_MAKE_TABLE, _MAKE_DIPOLE = table.conduction, dipole.dipole


@cache
def _kept() -> tuple[table.Conduction, dipole.Dipole]:
    return _MAKE_TABLE(33.0), _MAKE_DIPOLE(33.0)


def _conduction(temperature_C: float, parameters: Parameters) -> table.Conduction:
    return _kept()[0]


def _dipole(temperature_C: float, parameters: Parameters) -> dipole.Dipole:
    return _kept()[1]


def examined(nerve: Nerve) -> Iterator[Any]:
    """Everything that is written down about twins with half of their nerve cut, as it is found."""
    hurt = laceration.make(nerve, "ulnar trunk", site_mm=600.0, fraction=0.9)
    course: Course = follow(nerve, hurt, plan("wait", []))
    laboratory: Laboratory = set_up(nerve)
    other = visit(healthy(nerve), laboratory)
    visits: list[Visit] = []
    for day in (None, *DAYS):
        v = other if day is None else visit(laboratory.limb(course, day), laboratory, day)
        yield from (m.values for m in v.examination.measurements)
        yield str(findings(v, None if v is other else other).rows)
        visits += [] if v is other else [v]
    for test in laboratory.tests.values():
        yield from (list(test.interpret(s, visits, other)) for s in test.subjects(nerve))


def arm(changed: dict[str, float]) -> Nerve:
    return build("ulnar", side="left", twins=some(TWINS, changed=changed))


def same(one: Iterable[Any], other: Iterable[Any]) -> bool:
    """Compares as far as the first difference, and computes no further."""
    return all(
        np.array_equal(a, b, equal_nan=True) if isinstance(a, np.ndarray) else a == b
        for a, b in zip(one, other, strict=True)
    )


def test_every_number_that_the_exam_reads_does_something() -> None:
    usual = arm({})
    before, parameters = list(examined(usual)), usual.twins.parameters
    keys = [k for k in parameters.read if k.startswith(("exam.", "laboratory.", "normal.mono"))]
    assert len(keys) > 20
    idle = []
    for key in sorted(set(keys) - set(ELSEWHERE)):
        number = parameters.number(key)
        least, most = number.allowed
        values = (number.value * factor for factor in (1.3, 0.7, 3.0, 0.2, 10.0))
        allowed = [v for v in values if least <= v <= most]
        if all(same(examined(arm({key: value})), before) for value in allowed):
            idle.append(key)
    assert idle == []


@pytest.mark.parametrize("name", ["velocity_q10", "duration_q10"])
def test_a_cold_muscle_follows_its_numbers(name: str) -> None:
    published = Parameters.of_evidence()
    changed = published.replace({f"exam.muscle.{name}": 1.2})
    time_ms = np.arange(0, 25, 0.1)
    cold, same_cold = (unit_potential(time_ms, 26.0, p) for p in (published, changed))
    assert not np.allclose(cold, same_cold)
    warm, same_warm = (unit_potential(time_ms, 32.5, p) for p in (published, changed))
    assert np.array_equal(warm, same_warm) and warm.max() == 1.0 < cold.max()
