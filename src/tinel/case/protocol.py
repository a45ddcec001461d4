"""The sections that say what is felt, measured, examined, tried and computed."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainValidator

from tinel.case.schema import LONGEST_DAYS, Cause, NerveChoice, Patient, Section, Text
from tinel.declare.quantity import IllegalError, number, one, shown

TESTS = ("motor conduction", "sensory conduction", "strength", "touch")
MOST_SEED = 2**32 - 1
MOST_TWINS = 100_000


def _day(given: object) -> float:
    try:
        return number(given, "days", 0, LONGEST_DAYS)
    except IllegalError as problem:
        advice = problem.advice or "days count from the operation or injury, which is day 0"
        raise IllegalError(problem.message, advice) from None


def _days(given: object) -> tuple[float, ...]:
    if isinstance(given, tuple):
        return given
    if not isinstance(given, list) or not given:
        advice = "write for example [1, 10, '6 weeks']"
        raise IllegalError(f"{shown(given)} is no list of days", advice)
    return tuple(_day(day) for day in given)


Day = Annotated[float, PlainValidator(_day)]
Days = Annotated[tuple[float, ...], BeforeValidator(_days)]


class Symptom(Section):
    """[[symptom]]: what the patient feels; kept and shown, never computed with."""

    what: Text = Field(description="what the patient feels, in words")
    day: Day | None = Field(default=None, description=f"days after day 0, 0 to {LONGEST_DAYS}")


class Finding(Section):
    """[[finding]]: what was measured; kept for inference, which does not exist yet."""

    test: Text = Field(description="the test's name, e.g. motor conduction")
    day: Day = Field(description=f"days after day 0, 0 to {LONGEST_DAYS}")
    quantity: Text = Field(description="what was measured, e.g. amplitude")
    value: Annotated[float, one("", -1e9, 1e9)] = Field(description="the measured number")
    unit: Text = Field(description="its unit, e.g. mV")
    place: Text | None = Field(default=None, description="muscle, skin or site of stimulation")


class Exam(Section):
    """[[exam]]: which tests on which days after day 0."""

    days: Days = Field(description=f"list of days after day 0, each 0 to {LONGEST_DAYS}")
    tests: Annotated[
        tuple[Literal["motor conduction", "sensory conduction", "strength", "touch"], ...],
        Field(strict=False, min_length=1),
    ] = Field(description=f"list of tests among {', '.join(TESTS)}")


class Step(Section):
    """[[arm.step]]: one treatment on one day or on several."""

    treatment: Literal["hydrodissection", "neurolysis", "repair", "graft"] = Field(
        description="hydrodissection, neurolysis, repair or graft"
    )
    day: Day | None = Field(default=None, description=f"days after day 0, 0 to {LONGEST_DAYS}")
    days: Days | None = Field(default=None, description="list of days, for a repeated treatment")
    platelets: bool | None = Field(
        default=None, description="true or false; hydrodissection only, false where left out"
    )
    gap_mm: Annotated[float | None, one("mm", 1, 300)] = Field(
        default=None, description="gap bridged by a graft in mm, 1 to 300"
    )
    resect: bool | None = Field(
        default=None, description="true or false; whether standing axons are cut out too"
    )

    @property
    def on_days(self) -> tuple[float, ...]:
        """The days of this step, sorted, whichever way they were written."""
        return tuple(sorted(self.days or () if self.day is None else (self.day,)))

    def as_table(self) -> dict[str, Any]:
        """The keys that were given, days and gap as numbers, as ``tinel.treatment`` reads them."""
        return self.model_dump(exclude_none=True)


class Arm(Section):
    """[[arm]]: a named plan; one without steps is waiting."""

    name: Text = Field(description="a name of your own")
    note: Text | None = Field(default=None, description="a remark, in words")
    step: Annotated[tuple[Step, ...], Field(strict=False)] = Field(
        default=(), description="treatments, written as [[arm.step]]"
    )


class Run(Section):
    """[run]: what the computer needs to know."""

    seed: int = Field(default=1, ge=0, le=MOST_SEED, description=f"whole number, 0 to {MOST_SEED}")
    twins: int = Field(
        default=200, ge=1, le=MOST_TWINS, description=f"whole number, 1 to {MOST_TWINS}"
    )
    horizon_days: Annotated[float, one("days", 1, LONGEST_DAYS)] = Field(
        default=730.0, description=f"days the forecast runs, 1 to {LONGEST_DAYS}"
    )


class Sections(Section):
    """The whole file."""

    patient: Patient = Field(description="section [patient]")
    nerve: NerveChoice = Field(description="section [nerve]")
    cause: Cause = Field(description="section [cause]")
    symptom: Annotated[tuple[Symptom, ...], Field(strict=False)] = Field(
        default=(), description="sections [[symptom]]"
    )
    finding: Annotated[tuple[Finding, ...], Field(strict=False)] = Field(
        default=(), description="sections [[finding]]"
    )
    exam: Annotated[tuple[Exam, ...], Field(strict=False, min_length=1)] = Field(
        description="sections [[exam]], at least one"
    )
    arm: Annotated[tuple[Arm, ...], Field(strict=False)] = Field(
        default=(), description="sections [[arm]]"
    )
    run: Run = Field(default=Run(), description="section [run]")
