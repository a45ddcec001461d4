"""The sections whose keys are fixed; field names are the keys a user writes.

What causes, treatments and tests allow is declared where they are made. Every description says
what is allowed: error messages quote it.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator

from tinel.declare.field import LONGEST_DAYS, day, days, duration_d, name, text
from tinel.declare.quantity import NotAllowedError, number, one, shown
from tinel.lesion.vulnerability import CONDITIONS
from tinel.twins import LIMB_TEMPERATURE_C, AGE_years, HEIGHT_cm

MOST_SEED = 2**32 - 1
MOST_TWINS = 100_000
DEFAULT_HORIZON_DAYS = 730.0

MOST_ARMS, MOST_STEPS = 100, 100
MOST_NERVES = 10

Text = Annotated[str, BeforeValidator(text)]
Name = Annotated[str, BeforeValidator(name)]
Day = Annotated[float, PlainValidator(day)]
Days = Annotated[tuple[float, ...], BeforeValidator(days)]
Tables = Annotated[tuple[dict[str, Any], ...], Field(strict=False, max_length=MOST_STEPS)]


def _measured(given: object) -> float:
    if isinstance(given, str):
        told = f"{shown(given)} is a text, not a number"
        raise NotAllowedError(told, "write the number alone; its unit stands under 'unit'")
    return number(given, "", -1e9, 1e9)


def _horizon(given: object) -> float:
    return duration_d(given, least=1)


class Section(BaseModel):
    """What all sections share: frozen, no unknown keys, no silent conversion."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


class PatientSection(Section):
    """[patient]: the body that all virtual twins share.

    Age and height are as wide as the healthy nerve is known: from one year on.
    """

    age: Annotated[float, one("years", *AGE_years)] = Field(description="age in years, 1 to 100")
    sex: Literal["female", "male"] = Field(description="female or male")
    height_cm: Annotated[float, one("cm", *HEIGHT_cm)] = Field(
        description="height in cm, 60 to 220"
    )
    limb_temperature_c: Annotated[float, one("°C", *LIMB_TEMPERATURE_C)] = Field(
        description="skin temperature over the nerve in °C, 20 to 40"
    )
    conditions: Annotated[tuple[Text, ...], Field(strict=False, max_length=20)] = Field(
        default=(),
        description=f"list of what makes the nerves vulnerable: {', '.join(CONDITIONS)}",
    )


class NerveSection(Section):
    """[nerve]: which one, and which further ones the same cause hurts."""

    name: Text = Field(description="a nerve's name, e.g. sciatic, or the path to its own TOML file")
    side: Literal["left", "right"] = Field(description="left or right")
    also: Annotated[tuple[Text, ...], Field(strict=False, max_length=MOST_NERVES)] = Field(
        default=(),
        description="list of further nerves that the same cause hurts at the same level, such as "
        "those under one cuff",
    )


class Symptom(Section):
    """[[symptom]]: a complaint of the patient; kept and shown, never computed with."""

    what: Text = Field(description="what the patient feels, in words")
    day: Day | None = Field(default=None, description=f"days after day 0, 0 to {LONGEST_DAYS:g}")


class Finding(Section):
    """[[finding]]: what was measured; shown in the report, never computed with."""

    test: Text = Field(description="the test's name, e.g. motor conduction")
    day: Day = Field(description=f"days after day 0, 0 to {LONGEST_DAYS:g}")
    quantity: Text = Field(description="what was measured, e.g. amplitude")
    value: Annotated[float, PlainValidator(_measured)] = Field(description="the measured number")
    unit: Text = Field(description="its unit, e.g. mV")
    place: Text | None = Field(default=None, description="muscle, skin or site of stimulation")


class Exam(Section):
    """[[exam]]: which tests on which days after day 0."""

    days: Days = Field(description=f"list of days after day 0, each 0 to {LONGEST_DAYS:g}")
    tests: Annotated[tuple[Text, ...], Field(strict=False, min_length=1)] = Field(
        description="list of tests, e.g. strength"
    )


class ArmSection(Section):
    """[[arm]]: a named plan; one without steps is waiting."""

    name: Name = Field(description="a name of your own")
    note: Text | None = Field(default=None, description="a remark, in words")
    done: bool = Field(
        default=False,
        description="true or false: whether this is what was done, so that findings after its "
        "days are set against it",
    )
    step: Tables = Field(default=(), description="treatments, written as [[arm.step]]")


class Run(Section):
    """[run]: seed, number of twins and length of the forecast."""

    seed: int = Field(default=1, ge=0, le=MOST_SEED, description=f"whole number, 0 to {MOST_SEED}")
    twins: int = Field(
        default=200, ge=1, le=MOST_TWINS, description=f"whole number, 1 to {MOST_TWINS}"
    )
    horizon_days: Annotated[float, PlainValidator(_horizon)] = Field(
        default=DEFAULT_HORIZON_DAYS, description=f"days the forecast runs, 1 to {LONGEST_DAYS:g}"
    )
    findings: bool = Field(
        default=True,
        description="true or false: the twins are those that agree with the patient's findings",
    )
    posterior: bool = Field(
        default=True,
        description="true or false: twins draw calibrated numbers where a calibration is kept",
    )


class Sections(Section):
    """The whole file, before its cause, arms and tests are read as their files declare."""

    patient: PatientSection = Field(description="section [patient]")
    nerve: NerveSection = Field(description="section [nerve]")
    cause: dict[str, Any] = Field(description="section [cause]")
    symptom: Annotated[tuple[Symptom, ...], Field(strict=False)] = Field(
        default=(), description="sections [[symptom]]"
    )
    finding: Annotated[tuple[Finding, ...], Field(strict=False)] = Field(
        default=(), description="sections [[finding]]"
    )
    exam: Annotated[tuple[Exam, ...], Field(strict=False, min_length=1)] = Field(
        description="sections [[exam]], at least one"
    )
    arm: Annotated[tuple[ArmSection, ...], Field(strict=False, max_length=MOST_ARMS)] = Field(
        default=(), description="sections [[arm]]"
    )
    run: Run = Field(default=Run(), description="section [run]")
    settings: dict[str, Any] = Field(default={}, alias="set", description="section [set]")
