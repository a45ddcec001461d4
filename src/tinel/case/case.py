"""A checked case: what a user wrote, with where it came from and what was added to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tinel.case.arms import Arm, read_arms
from tinel.case.beside import further_nerves
from tinel.case.doubts import (
    check_donors,
    check_gaps,
    check_onset,
    check_targets,
    lasting,
    longest,
    odd_gaps,
    odd_plans,
    over_second,
    second_looked_at,
    size_notes,
    young,
)
from tinel.case.exams import read_exams
from tinel.case.findings import with_findings
from tinel.case.injury import Injury, read_injury
from tinel.case.nerve_choice import NerveChoice, laid_out, read_nerve
from tinel.case.observed import Event, Observed
from tinel.case.place import SpreadPlace, in_order
from tinel.case.problem import error_from
from tinel.case.schema import EventSection, Exam, Finding, Run, Sections, Symptom
from tinel.case.settings import changed, flat
from tinel.case.source import Source, table_of
from tinel.case.unnamed_nerve import with_prior
from tinel.declare.quantity import as_plain
from tinel.errors import TinelError
from tinel.evidence import Parameters
from tinel.evidence.posterior import calibrated, drawn
from tinel.lesion.vulnerability import conditions_of
from tinel.nerve.library import parameters
from tinel.treatment import Plan, plan
from tinel.twins import Chosen, Patient, Twins


@dataclass(frozen=True)
class Case:
    """A checked case file.

    ``parameters`` are the numbers in use, those of its section [set] among them; ``files`` the
    user's own Python files; ``remarks`` sentences for the user about things the file did not say or
    said in older words, the first of its ``notes``; ``by_hand`` parameters that were changed on top
    of the file; ``beside`` the same case of each further nerve of its section [nerve], under the
    same cause. ``finding`` and ``event`` are as they were written; ``observed`` and ``events`` what
    they mean on this nerve, in the terms of a simulated examination; ``chosen`` the twins that
    agree with them, None where all are drawn.

    Example:
        >>> from tinel.case import load
        >>> case = load("examples/cut.toml")
        >>> case.nerve.name, case.cause.kind, case.exam_days[:2]
        ('ulnar', 'laceration', (1.0, 5.0))
    """

    source: Source
    patient: Patient
    nerve: NerveChoice
    cause: Injury
    place: SpreadPlace
    exam: tuple[Exam, ...]
    arm: tuple[Arm, ...]
    run: Run
    parameters: Parameters
    symptom: tuple[Symptom, ...] = ()
    finding: tuple[Finding, ...] = ()
    event: tuple[EventSection, ...] = ()
    observed: tuple[Observed, ...] = ()
    events: tuple[Event, ...] = ()
    files: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    by_hand: Mapping[str, Any] = field(default_factory=dict)
    beside: tuple[Case, ...] = ()
    chosen: Chosen | None = None

    def where(self, field: str) -> str:
        """File and field for an error, e.g. ``tanya.toml: cause.site``."""
        return f"{self.source.path.name}: {field}"

    @property
    def notes(self) -> tuple[str, ...]:
        """What a user should know of the case: the remarks, and how large it is."""
        return (*self.remarks, *size_notes(self.run, self.exam, self.arm))

    @property
    def done(self) -> str:
        """The name of the arm that was carried out: the one marked so, else the one that waits,
        else the first."""
        marked = [arm.name for arm in self.arm if arm.done]
        waiting = [arm.name for arm in self.arm if not arm.step]
        return (marked or waiting or [self.arm[0].name])[0]

    @property
    def exam_days(self) -> tuple[float, ...]:
        """All days on which anything is examined, sorted."""
        return tuple(sorted({day for exam in self.exam for day in exam.days}))

    def tests_on(self, day: float) -> tuple[str, ...]:
        """The tests done on a day, in the order the file names them."""
        return tuple(dict.fromkeys(t for exam in self.exam if day in exam.days for t in exam.tests))

    @property
    def tests(self) -> tuple[str, ...]:
        """The tests done on any day, in the order the file names them."""
        return tuple(dict.fromkeys(t for exam in self.exam for t in exam.tests))

    def twins(self, numbers: range) -> Twins:
        """Some virtual twins of the case's patient, with the run's seed and the parameters.

        Numbers that were calibrated differ between them as the posterior does, but for those that
        the file or a user has set, and where ``run.posterior`` is false.
        """
        rows = calibrated() if self.run.posterior else None
        own = None if self.chosen is None else self.chosen.own[list(numbers)].tolist()
        used = drawn(self.parameters, self.run.seed, numbers, rows, own)
        if self.chosen is not None:
            kept = self.parameters.changed
            more = {k: v for k, v in self.chosen.numbers.items() if k not in kept}
            used = replace(used, changed={**used.changed, **more})
        return Twins(self.patient, numbers, self.run.seed, used, self.chosen)

    def plans(self, parameters: Parameters | None = None) -> list[Plan]:
        """One plan per arm.

        Args:
            parameters: the numbers of the twins that are treated (``nerve.twins.parameters``);
                those of the case where left out.
        """
        used = self.parameters if parameters is None else parameters
        return [plan(arm.name, arm.step, used, files=self.files) for arm in self.arm]

    def with_run(self, seed: int | None = None, twins: int | None = None) -> Case:
        """The same case with another seed or number of twins; None keeps the file's.

        Raises:
            TinelError: outside the allowed range, or more twins than a parameter has values.
        """
        asked = {"seed": seed, "twins": twins}
        given = {key: as_plain(value) for key, value in asked.items() if value is not None}
        try:
            run = Run.model_validate(self.run.model_dump() | given)
        except ValidationError as problem:
            raise error_from(problem, Run, "option") from None
        self.parameters.of_twins(range(run.twins))
        beside = tuple(replace(other, run=run) for other in self.beside)
        return replace(self, run=run, beside=beside)

    def with_parameters(self, values: Mapping[str, Any]) -> Case:
        """The same case with parameters changed by hand, on top of its section [set].

        Args:
            values: by key; see ``tinel.evidence.Parameters.replace``.

        Raises:
            TinelError: an unknown key, a value that is not allowed, or an injury that no longer
                fits the nerve.
        """
        # the file is checked anew, as places may have moved
        by_hand = {**self.by_hand, **values}
        again = checked(self.source, self.files, by_hand, self.run.twins)
        beside = tuple(replace(other, run=self.run) for other in again.beside)
        return replace(again, run=self.run, beside=beside)

    def as_data(self) -> dict[str, Any]:
        """The case as plain values, for printing as JSON; without its text and parameters."""
        data: dict[str, Any] = {
            name: asdict(getattr(self, name)) for name in ("patient", "nerve", "cause")
        }
        data["arm"] = [asdict(arm) for arm in self.arm]
        data |= {"files": list(self.files), "notes": list(self.notes)}
        for name in ("symptom", "exam"):
            data[name] = [item.model_dump(mode="json") for item in getattr(self, name)]
        for name in ("finding", "event"):
            # days may be one or two, which pydantic cannot tell apart in its mode for JSON
            data[name] = [
                {k: list(v) if isinstance(v, tuple) else v for k, v in item.model_dump().items()}
                for item in getattr(self, name)
            ]
        if self.beside:
            data["beside"] = [
                {"nerve": asdict(c.nerve), "place": asdict(c.place)} for c in self.beside
            ]
        return {**data, "run": self.run.model_dump(mode="json")}


def checked(
    source: Source,
    files: Sequence[str | PathLike[str]] = (),
    by_hand: Mapping[str, Any] | None = None,
    twins: int | None = None,
) -> Case:
    """The case of a text, with parameters changed by hand on top of its section [set].

    ``twins`` is how many will be computed, where not the file's own number.

    Raises:
        TinelError: as ``load``.
    """
    own = tuple(str(Path(fspath(file)).absolute()) for file in files)
    name = source.path.name
    table = table_of(source)
    try:
        sections = Sections.model_validate(table)
    except ValidationError as problem:
        raise with_prior(error_from(problem, Sections, name), table) from None
    nerve, entry = read_nerve(sections.nerve, source)
    patient = _patient(sections, name)
    numbers = parameters().including(entry.numbers())
    n_twin = sections.run.twins if twins is None else twins
    numbers = changed(numbers, flat(sections.settings), f"{name}: set.", n_twin)
    numbers = changed(numbers, by_hand or {}, "", n_twin)
    cause = sections.cause
    if nerve.site and not {"site", "site_mm"} & set(cause):
        cause = {**cause, "site": nerve.site}
    injury, notes = read_injury(cause, f"{name}: cause", own)
    end = longest(sections.run)
    doubts = check_onset(injury, end, f"{name}: cause")
    if injury.beyond is not None:
        doubts += check_onset(injury.beyond, end, f"{name}: cause.second")
        doubts += second_looked_at(sections.nerve, name)
    exams, more = read_exams(sections.exam, name, end, own)
    layout = laid_out(entry, patient, numbers)
    injury, place = in_order(injury, layout, f"{name}: cause", nerve.branch)
    arms, steps, last = read_arms(sections.arm, name, injury, end, own)
    run = lasting(sections.run, exams, steps)
    check_gaps(steps, place, layout, name)
    doubts += [*odd_plans(steps, name), *odd_gaps(steps, place, layout, name)]
    doubts += over_second(steps, place, name)
    doubts += young(patient, numbers)
    others = further_nerves(
        sections.nerve,
        source,
        patient,
        nerve,
        injury,
        place,
        layout,
        entry.blueprint.limb,
        numbers,
        steps,
    )
    check_targets(steps, [layout, *(other.layout for other in others)], name)
    hurt = [(nerve.name, layout, injury, place), (nerve.name, layout, injury.beyond, place.beyond)]
    hurt += [(o.nerve.name, o.layout, injury, o.place) for o in others]
    whole = [
        label
        for label, of, one, at in hurt
        if one and at and at.branch == of.trunk.name and one.part is None
    ]
    check_donors(steps, whole, name)
    case = Case(
        source=source,
        patient=patient,
        nerve=nerve,
        cause=injury,
        place=place,
        exam=exams,
        arm=arms,
        run=run,
        parameters=numbers,
        symptom=sections.symptom,
        finding=sections.finding,
        event=sections.event,
        files=own,
        remarks=(*notes, *more, *last, *doubts),
        by_hand=dict(by_hand or {}),
    )
    beside = (
        replace(case, nerve=o.nerve, cause=o.cause, place=o.place, parameters=o.parameters)
        for o in others
    )
    return with_findings(replace(case, beside=tuple(beside)))


def _patient(sections: Sections, name: str) -> Patient:
    told = sections.patient.model_dump()
    try:
        conditions = conditions_of(told.pop("conditions"))
    except TinelError as problem:
        raise problem.at(f"{name}: patient.conditions") from None
    return Patient(**told, conditions=conditions)
