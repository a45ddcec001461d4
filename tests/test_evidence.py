"""The evidence files: complete entries, honest grades, helpful errors, notes of what was read."""

from __future__ import annotations

import math

import pytest

from tests.people import PUBLISHED
from tinel import nerve
from tinel.errors import TinelError
from tinel.evidence import GRADES, Number, Parameters
from tinel.evidence.files import entries

KEYS = list(PUBLISHED)
OF_THE_EXAM = [k for k in KEYS if k.startswith(("normal.", "exam.", "nerve."))]
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


# One test goes through all numbers and names those at fault: each of more than a thousand tests
# would take milliseconds around a microsecond (6.8 s of processor time together, now 3.4).


def test_every_number_has_unit_and_source() -> None:
    numbers = {key: PUBLISHED.number(key) for key in KEYS}
    assert [key for key, n in numbers.items() if not n.unit] == []
    sourced = [n.source or n.evidence_grade == "assumption" for n in numbers.values()]
    assert [key for key, given in zip(KEYS, sourced, strict=True) if not given] == []
    assert [key for key, n in numbers.items() if not math.isfinite(n.value)] == []
    assert [key for key, n in numbers.items() if not (n.sd is None or n.sd > 0)] == []


def test_a_guess_says_how_wrong_it_may_be() -> None:
    numbers = {key: PUBLISHED.number(key) for key in OF_THE_EXAM}
    assert [key for key, n in numbers.items() if not n.source] == []
    guesses = {k: n for k, n in numbers.items() if n.evidence_grade in ("assumption", "calibrated")}
    assert len(guesses) > 20
    assert [k for k, n in guesses.items() if n.low is None or n.high is None] == [], "no range"
    assert [k for k, n in guesses.items() if not n.low < n.high] == []  # type: ignore[operator]


def test_unit_in_the_name_is_the_unit_of_the_entry() -> None:
    spelled = {"_mV": "mV", "_uV": "µV", "_ms": "ms", "_m_per_s": "m/s", "_mm": "mm", "_um": "µm"}
    compared, wrong = 0, []
    for key in OF_THE_EXAM:
        last = key.rsplit(".", 1)[-1]
        for ending, unit in spelled.items():
            if last.endswith(ending) and "_per" not in last.removesuffix(ending):
                compared += 1
                if PUBLISHED.number(key).unit != unit:
                    wrong.append(key)
    assert compared > 20 and wrong == []


@pytest.mark.parametrize("study", STUDIES)
def test_every_study_has_a_published_amplitude(study: str) -> None:
    name = "amplitude_mV" if ".motor." in study else "amplitude_uV"
    number = PUBLISHED.number(f"{study}.{name}")
    assert number.sd is not None and number.sd < number.value


def test_values_that_were_read() -> None:
    assert PUBLISHED.scalar("normal.ulnar.motor.adm.distal_latency_ms") == 3.0
    assert PUBLISHED.number("normal.median.motor.apb.amplitude_mV").sd == 3.6
    assert PUBLISHED.number("normal.fibular.sensory.superficial.velocity_m_per_s").value == 51.2


def test_what_was_read_is_noted_and_nothing_else() -> None:
    parameters = Parameters.of_evidence()
    parameters.scalar("exam.junction.delay_ms")
    some = Number("nerve.some.number", 1.0, "mm", source="here")
    parameters.including([some]).scalar("nerve.some.number")
    assert parameters.read == {"exam.junction.delay_ms", "nerve.some.number"}


def test_changed_parameters_keep_notes_of_their_own() -> None:
    parameters = Parameters.of_evidence()
    parameters.scalar("exam.junction.delay_ms")
    changed = parameters.replace({"course.growth.rate": 2.0})
    changed.scalar("exam.junction.jitter_us")
    assert parameters.read == {"exam.junction.delay_ms"}
    assert changed.read == {"exam.junction.delay_ms", "exam.junction.jitter_us"}


def test_numbers_of_nerves_are_read_when_one_is_wanted() -> None:
    parameters = nerve.parameters()
    assert "course.growth.rate" in parameters
    assert "nerve.median.landmark.wrist.position_mm" in parameters
    assert "nerve.medina.landmark.wrist.position_mm" not in parameters
    with pytest.raises(TinelError, match=r"did you mean nerve\.median\.landmark\.wrist"):
        parameters.number("nerve.median.landmark.wirst.position_mm")


def test_unknown_key_suggests_the_nearest() -> None:
    with pytest.raises(TinelError, match=r"did you mean exam\.junction\.delay_ms"):
        PUBLISHED.number("exam.junction.dealy_ms")


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
    assert {PUBLISHED.number(k).evidence_grade for k in KEYS} <= set(GRADES)
