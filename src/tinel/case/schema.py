"""The sections whose keys are fixed; field names are the keys a user writes.

What causes, treatments and tests allow is declared where they are made. Every description says
what is allowed: error messages quote it.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator

from tinel.case.finding_day import Period, day_or_today, ends, noticed_on, period
from tinel.declare.field import LONGEST_DAYS, day, days, duration_d, name, text
from tinel.declare.quantity import NotAllowedError, number, one
from tinel.lesion.vulnerability import CONDITIONS
from tinel.twins import LIMB_TEMPERATURE_C, AGE_years, HEIGHT_cm

MOST_SEED = 2**32 - 1
MOST_TWINS = 100_000
DEFAULT_HORIZON_DAYS = 730.0

MOST_ARMS, MOST_STEPS = 100, 100
MOST_NERVES = 10
MOST_FINDINGS = 1000

Text = Annotated[str, BeforeValidator(text)]
Name = Annotated[str, BeforeValidator(name)]
Day = Annotated[float, PlainValidator(day)]
Days = Annotated[tuple[float, ...], BeforeValidator(days)]
Tables = Annotated[tuple[dict[str, Any], ...], Field(strict=False, max_length=MOST_STEPS)]


LONGEST_VALUE = 100


def _measured(given: object) -> float | str:
    if not isinstance(given, str):
        return number(given, "", -1e9, 1e9)
    told = name(given)
    if len(told) > LONGEST_VALUE:
        long = f"the value has {len(told)} characters (allowed: up to {LONGEST_VALUE})"
        raise NotAllowedError(long, "write the value alone, such as '0.7 mV' or 'absent'")
    return told


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
    """[[finding]]: what was found in the patient, with a number or the words of a clinic."""

    test: Name = Field(description="the test's name, e.g. motor conduction")
    day: Annotated[Period, PlainValidator(period)] = Field(
        description=f"days after day 0, 0 to {LONGEST_DAYS:g}, or the first and last possible one"
    )
    value: Annotated[float | str, PlainValidator(_measured)] = Field(
        description="a number, '0.7 mV', '2 to 3', '< 2', '45 % of the other side', or a word such "
        "as absent, present, normal, reduced, not tested"
    )
    quantity: Name | None = Field(default=None, description="what was measured, e.g. amplitude")
    unit: Name | None = Field(default=None, description="its unit, e.g. mV")
    nerve: Name | None = Field(default=None, description="which one, where the case has several")
    place: Name | None = Field(
        default=None, description="muscle, skin, study or site of stimulation"
    )
    site: Name | None = Field(
        default=None, description="site of stimulation, or the stretch between two, e.g. wrist"
    )
    side: Literal["affected", "healthy", "left", "right"] = Field(
        default="affected", description="affected, healthy, left or right"
    )

    @property
    def first_day(self) -> float:
        """The first possible day."""
        return ends(self.day)[0]

    @property
    def last_day(self) -> float:
        """The last possible day."""
        return ends(self.day)[1]


class EventSection(Section):
    """[[event]]: what happened to the patient, or has not happened yet."""

    what: Name = Field(
        description="first flicker, MRC 3, full strength, first sign on needle, feels touch, "
        "recovered, and each with 'not' before it"
    )
    place: Name | None = Field(default=None, description="the muscle or skin")
    nerve: Name | None = Field(default=None, description="which one, where the case has several")
    day: Annotated[Period, PlainValidator(noticed_on)] | None = Field(
        default=None, description="the day on which it was noticed, or the first and last possible"
    )
    by: Annotated[float | str, PlainValidator(day_or_today)] | None = Field(
        default=None, description="a day by which it had happened"
    )
    between: Annotated[Period, PlainValidator(period)] | None = Field(
        default=None, description="two days: not yet on the first, and on the second it had"
    )
    not_by: Annotated[float | str, PlainValidator(day_or_today)] | None = Field(
        default=None, description="a day by which it had not happened, or today"
    )


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
        description="true or false: each twin draws the calibrated numbers anew",
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
        default=(), max_length=MOST_FINDINGS, description="sections [[finding]]"
    )
    event: Annotated[tuple[EventSection, ...], Field(strict=False)] = Field(
        default=(), max_length=MOST_FINDINGS, description="sections [[event]]"
    )
    exam: Annotated[tuple[Exam, ...], Field(strict=False, min_length=1)] = Field(
        description="sections [[exam]], at least one"
    )
    arm: Annotated[tuple[ArmSection, ...], Field(strict=False, max_length=MOST_ARMS)] = Field(
        default=(), description="sections [[arm]]"
    )
    run: Run = Field(default=Run(), description="section [run]")
    settings: dict[str, Any] = Field(default={}, alias="set", description="section [set]")
