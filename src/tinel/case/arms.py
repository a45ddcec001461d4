"""The sections [[arm]]: named plans, whose steps are read as each treatment's file declares."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tinel.case.injury import Injury
from tinel.case.schema import ArmSection
from tinel.declare.quantity import apart, shown_day
from tinel.errors import TinelError
from tinel.evidence import Parameters
from tinel.treatment import Step as ReadStep
from tinel.treatment import read_step
from tinel.treatment.plan import TOLD

WAIT = "wait"
SCAR = "scar_mm"

# The steps of every arm that a user wrote, in their order.
Steps = Sequence[Sequence[ReadStep]]


@dataclass(frozen=True)
class Arm:
    """A named plan; one without steps is waiting. Steps are tables as ``tinel.treatment`` reads;
    ``done`` says that it was carried out."""

    name: str
    step: tuple[Mapping[str, Any], ...] = ()
    note: str | None = None
    done: bool = False

    @property
    def first_day(self) -> float:
        """The day of its first treatment; infinite where nothing is done."""
        return min((min(days_of(step)) for step in self.step), default=math.inf)


def days_of(step: Mapping[str, Any]) -> tuple[float, ...]:
    """The days of a step of an arm."""
    return tuple(step["days"]) if step.get("days") else (step["day"],)


def read_arms(
    sections: Sequence[ArmSection],
    name: str,
    injury: Injury,
    horizon_days: float,
    files: Sequence[str] = (),
) -> tuple[tuple[Arm, ...], Steps, list[str]]:
    """The arms of a case, their steps, and notes: on newer names, and on an arm that was added.

    Args:
        sections: as a user wrote them.
        name: the file's name, for errors.
        injury: what the arms treat.
        horizon_days: the last day that is computed.
        files: a user's own Python files, which may declare treatments.

    Raises:
        TinelError: two arms of one name or without steps, an unknown treatment or field, a day
            after the end, two treatments on one day, an operation before there is an injury, or a
            treatment that does not say at which of two injuries it is done.
    """
    arms, every, notes, waiting = list[Arm](), list[list[ReadStep]](), list[str](), ""
    names = set[str]()
    for i, section in enumerate(sections, 1):
        where = f"{name}: arm[{i}]"
        if section.name.casefold() in names:
            message = f"a second arm is called '{section.name}'"
            raise TinelError(message, f"{where}.name", "give every arm its own name")
        names.add(section.name.casefold())
        if section.step and section.name.casefold() == WAIT:
            message = f"an arm called '{section.name}' must not treat"
            raise TinelError(message, f"{where}.name", "rename it or remove its steps")
        if not section.step and waiting:
            message = f"'{section.name}' and '{waiting}' both have no step, so they are the same"
            raise TinelError(message, f"{where}.step", "keep one arm without steps")
        waiting = waiting or ("" if section.step else section.name)
        steps = list[ReadStep]()
        for j, table in enumerate(section.step, 1):
            step, more = read_step(table, f"{where}.step[{j}]", files)
            _check_place(step, f"{where}.step[{j}]", injury)
            steps.append(_of_length(step, table, injury.at(step.values["at"])))
            notes += more
        _check_steps(steps, where, injury, horizon_days)
        every.append(steps)
        tables = [{"treatment": s.treatment.name, **_given(s)} for s in steps]
        arms.append(Arm(section.name, tuple(tables), section.note, section.done))
        before = next((arm.name for arm in arms[:-1] if arm.done), "")
        if section.done and before:
            message = f"'{section.name}' and '{before}' are both said to be done"
            raise TinelError(message, f"{where}.done", "say so of one arm")
    if not waiting:
        if arms:
            notes.append(f"no arm waits; added '{WAIT}', as a treatment must stand beside recovery")
        if len(arms) == 1:
            arms[0] = replace(arms[0], done=True)  # the only plan of the file
        arms.insert(0, Arm(WAIT))
    return tuple(arms), every, notes


def _of_length(step: ReadStep, table: Mapping[str, Any], injury: Injury) -> ReadStep:
    """The step with the injury's length as that of the scar, where a user gave none."""
    field = next((f for f in step.treatment.fields if f.name == SCAR), None)
    if field is None or injury.length_mm is None or {SCAR, *field.other_names} & table.keys():
        return step
    length = injury.length_mm
    middle = length.low if length.known else round(length.median, 1)
    length_mm = min(max(middle, field.least), field.most)
    return replace(step, values={**step.values, SCAR: length_mm})


def _given(step: ReadStep) -> dict[str, Any]:
    fields = (*(f.name for f in step.treatment.fields), *(["at"] if step.values["at"] else []))
    return {name: step.values[name] for name in fields if step.values[name] is not None}


def _check_place(step: ReadStep, where: str, injury: Injury) -> None:
    treatment, at = step.treatment, step.values["at"]
    led = any(field.name == "targets" for field in treatment.fields)  # to muscles, not to an injury
    if injury.beyond is None:
        if at:
            message = f"{treatment.name} is done at the {at} of two injuries, and the case has one"
            raise TinelError(message, f"{where}.at", "leave it out")
        return
    if at and led:
        message = f"a {treatment.name} leads axons in at its 'distance_mm', not at an injury"
        raise TinelError(message, f"{where}.at", "leave it out")
    local = treatment.frees_nerve or treatment.operation or _at_a_place(step)
    if at and not local:
        message = f"{treatment.name} acts on the whole person, not at an injury"
        raise TinelError(message, f"{where}.at", "leave it out")
    if not at and local and not led:
        message = f"is missing; the case has two injuries, and a {treatment.name} is done at one"
        raise TinelError(message, f"{where}.at", f"add it: {TOLD}")


def _treated(step: ReadStep, injury: Injury) -> Injury:
    """The injury that a step treats; of two, what leads axons to muscles treats the first."""
    at, second = step.values["at"], injury.beyond
    if at or second is None:
        return injury.at(at)
    return min(injury, second, key=lambda one: one.first_d)


def _at_a_place(step: ReadStep) -> bool:
    """Whether, by the published numbers, it changes an injured place in any bound of its effect."""
    published, bounds = Parameters.of_evidence(), ("value", "low", "high")
    made = (step.treatment.effect(step.values, published, which) for which in bounds)
    return any(one.at_a_place for some in made for one in some)


def _check_steps(
    steps: Sequence[ReadStep], where: str, injury: Injury, horizon_days: float
) -> None:
    given, relieved = set[tuple[str, str]](), dict[str, str]()
    for j, step in enumerate(steps, 1):
        here, name = f"{where}.step[{j}]", step.treatment.name
        if step.treatment.does_nothing:
            advice = "an arm without steps waits: remove the step"
            raise TinelError(f"a {name} does nothing", f"{here}.treatment", advice)
        days = step.values["on_days"]
        field = f"{here}.day" if step.values.get("days") is None else f"{here}.days"
        if days and days[-1] > horizon_days:
            late = apart(days[-1], horizon_days)
            message = f"day {late} is after the forecast ends, on day {horizon_days:g}"
            raise TinelError(message, field, "raise run.horizon_days or drop the day")
        treatment = step.treatment
        relieves = treatment.frees_nerve or (treatment.operation and not treatment.combines)
        for day in days:
            on = f"{shown_day(day)}{step.values['at']}"
            # repair and graft free the nerve too, so beside a release they would free it twice
            other = name if (name, on) in given else relieved.get(on, "") if relieves else ""
            if other and not treatment.combines:
                message = f"{other} and {name} are both on day {shown_day(day)}"
                raise TinelError(message, field, "give each treatment a day of its own")
            given.add((name, on))
            if relieves:
                relieved[on] = name
            there = _treated(step, injury)
            # what does not free the nerve may treat what happened at once, before a scar presses
            first = there.begins_d if treatment.frees_nerve else there.first_d
            if (treatment.frees_nerve or treatment.operation) and day < first:
                begins, early = f"day {first:g}", apart(day, first)
                pressed = there.begins and first == there.begins_d
                what = "the scar begins to press" if pressed else "the injury"
                message = f"day {early} is before {what}, on {begins}"
                raise TinelError(message, field, f"give {begins} or later")
