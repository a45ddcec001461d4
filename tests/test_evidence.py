"""The shelf of numbers: complete entries, honest grades, helpful errors, a record of use."""

from __future__ import annotations

import math

import pytest

from tinel import evidence
from tinel.errors import TinelError
from tinel.evidence import GRADES, Number
from tinel.evidence.shelf import entries

KEYS = evidence.keys()
STUDIES = [
    "normal.ulnar.motor.adm",
    "normal.median.motor.apb",
    "normal.radial.motor.eip",
    "normal.axillary.motor.deltoid",
    "normal.femoral.motor.vm",
    "normal.tibial.motor.ah",
    "normal.fibular.motor.edb",
    "normal.ulnar.sensory.digit5",
    "normal.ulnar.sensory.dorsal",
    "normal.median.sensory.digit2",
    "normal.radial.sensory.superficial",
    "normal.femoral.sensory.saphenous",
    "normal.fibular.sensory.superficial",
    "normal.sural.sensory",
]


@pytest.mark.parametrize("key", KEYS)
def test_every_number_has_unit_and_source(key: str) -> None:
    number = evidence.number(key)
    assert number.unit, "no unit"
    assert number.source or number.evidence_grade == "assumption"
    assert math.isfinite(number.value)
    assert number.sd is None or number.sd > 0


@pytest.mark.parametrize("key", [k for k in KEYS if k.startswith(("normal.", "exam.", "nerve."))])
def test_a_guess_says_how_wrong_it_may_be(key: str) -> None:
    number = evidence.number(key)
    assert number.source
    if number.evidence_grade in ("assumption", "calibrated"):
        assert number.low is not None and number.high is not None, "no range"
        assert number.low < number.high


@pytest.mark.parametrize("key", [k for k in KEYS if k.startswith(("normal.", "exam.", "nerve."))])
def test_unit_in_the_name_is_the_unit_of_the_entry(key: str) -> None:
    spelled = {"_mV": "mV", "_uV": "µV", "_ms": "ms", "_m_per_s": "m/s", "_mm": "mm", "_um": "µm"}
    last = key.rsplit(".", 1)[-1]
    for ending, unit in spelled.items():
        if last.endswith(ending) and "_per" not in last.removesuffix(ending):
            assert evidence.number(key).unit == unit


@pytest.mark.parametrize("study", STUDIES)
def test_every_study_has_a_published_amplitude(study: str) -> None:
    name = "amplitude_mV" if ".motor." in study else "amplitude_uV"
    number = evidence.number(f"{study}.{name}")
    assert number.sd is not None and number.sd < number.value


def test_values_that_were_read() -> None:
    assert evidence.value("normal.ulnar.motor.adm.distal_latency_ms") == 3.0
    assert evidence.number("normal.median.motor.apb.amplitude_mV").sd == 3.6
    assert evidence.number("normal.fibular.sensory.superficial.velocity_m_per_s").value == 51.2


def test_recording_lists_what_was_used_and_nothing_else() -> None:
    with evidence.recording() as used:
        evidence.value("exam.junction.delay_ms")
        evidence.use(Number("nerve.some.number", 1.0, "mm", source="here"))
    evidence.value("exam.junction.jitter_us")
    assert list(used) == ["exam.junction.delay_ms", "nerve.some.number"]


def test_recordings_nest_without_leaking() -> None:
    with evidence.recording() as outer:
        with evidence.recording() as inner:
            evidence.value("exam.junction.delay_ms")
        evidence.value("exam.junction.jitter_us")
    assert list(inner) == ["exam.junction.delay_ms"]
    assert list(outer) == ["exam.junction.jitter_us"]


def test_unknown_key_suggests_the_nearest() -> None:
    with pytest.raises(TinelError, match=r"did you mean exam\.junction\.delay_ms"):
        evidence.number("exam.junction.dealy_ms")


@pytest.mark.parametrize(
    "item",
    [
        {"value": 1.0},
        {"value": 1.0, "unit": "mm", "sorce": "typo"},
        {"value": 1.0, "unit": "mm", "evidence_grade": "certain"},
        {"value": 5.0, "unit": "mm", "low": 1.0, "high": 2.0},
        {"value": 5.0, "unit": "mm", "high": 2.0},
        {"value": math.nan, "unit": "mm"},
        3.0,
    ],
)
def test_a_faulty_entry_is_refused_by_its_key(item: object) -> None:
    with pytest.raises(TinelError, match=r"subject\.wrong"):
        list(entries("subject", {"wrong": item}))


def test_grades_in_use_are_explained() -> None:
    assert {evidence.number(k).evidence_grade for k in KEYS} <= set(GRADES)
