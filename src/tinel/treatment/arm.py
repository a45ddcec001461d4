"""From the steps of an arm to a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tinel.declare import named
from tinel.declare.kinds import takes_only_its_kinds
from tinel.declare.quantity import kind_of, shown
from tinel.errors import TinelError
from tinel.evidence import GRADES, Parameters
from tinel.treatment.plan import Intervention, Plan
from tinel.treatment.treatment import Treatment, known_treatments

_FIRMEST_FIRST = ("read", "secondary", "calibrated", "animal", "unverified", "assumption")
assert set(_FIRMEST_FIRST) == set(GRADES)


@dataclass(frozen=True)
class Step:
    """One treatment with the values of its fields."""

    treatment: Treatment
    values: Mapping[str, Any]


def read_step(
    step: Mapping[str, Any], where: str, files: Sequence[str | Path] = ()
) -> tuple[Step, tuple[str, ...]]:
    """A step as a user wrote it, and notes on words that have newer names.

    Raises:
        TinelError: unknown treatment or field, or a value that is not allowed.
    """
    if not isinstance(step, Mapping):
        told = f"{shown(step)} is no step"
        raise TinelError(told, where, "give a mapping such as {'treatment': 'repair', 'day': 30}")
    treatments = known_treatments(files)
    given = step.get("treatment")
    if given is None:
        advice = f"allowed: {', '.join(treatments)}"
        raise TinelError("is missing; a step needs it", f"{where}.treatment", advice)
    if not isinstance(given, str):
        told = f"{shown(given)} is {kind_of(given)}, not a text"
        raise TinelError(told, f"{where}.treatment", f"allowed: {', '.join(treatments)}")
    treatment, note = named(treatments, given, "treatment", f"{where}.treatment")
    values, notes = treatment.read_step(step, where)
    return Step(treatment, values), ((f"{where}: {note}", *notes) if note else notes)


@takes_only_its_kinds
def plan(
    name: str,
    steps: Sequence[Mapping[str, Any]],
    parameters: Parameters | None = None,
    *,
    files: Sequence[str | Path] = (),
) -> Plan:
    """A named arm from its steps; no steps means waiting.

    Args:
        name: what the report calls it, e.g. ``neurolysis at 6 months``.
        steps: each a mapping with ``treatment`` and that treatment's fields, and ``at``, one of
            ``proximal`` and ``distal``, where the nerve has two injuries; such as
            ``{"treatment": "hydrodissection", "days": [60, 150], "platelets": True}``,
            ``{"treatment": "neurolysis", "day": "6 weeks"}``,
            ``{"treatment": "repair", "day": 30}`` or
            ``{"treatment": "graft", "day": 120, "gap_mm": "4 cm"}``.
        parameters: the numbers in use; the published ones where left out. Where they differ
            between twins, follow the plan in a nerve of the same twins
            (``nerve.twins.parameters``).
        files: Python files of your own that declare treatments. They are run.

    Returns:
        The plan with its weakest evidence grade, what the evidence says in plain words,
        and the same plan with the least (``low``) and most help (``high``).

    Raises:
        TinelError: unknown treatment or field, or a value that is not allowed.

    Example:
        >>> arm = plan("release", [{"treatment": "neurolysis", "day": 180}])
        >>> arm.interventions[0].pressure_factor, arm.high.interventions[0].pressure_factor
        (0.2, 0.05)
    """
    parameters = Parameters.of_evidence() if parameters is None else parameters
    if isinstance(steps, Mapping | str):
        told = f"{shown(steps)} is no list of steps"
        raise TinelError(told, name, "give a list, e.g. [{'treatment': 'repair', 'day': 30}]")
    given = steps or [{"treatment": "wait"}]
    read = [read_step(s, f"{name}: step[{k}]", files)[0] for k, s in enumerate(given, 1)]
    grades = [s.treatment.evidence_grade for s in read if s.treatment.evidence_grade]
    accounts = [s.treatment.account(s.values) for s in read]
    does_nothing = all(s.treatment.does_nothing for s in read)

    def at(which: str, suffix: str = "", low: Plan | None = None, high: Plan | None = None) -> Plan:
        done: list[Intervention] = []
        for step in read:
            made = step.treatment.effect(step.values, parameters, which)
            at = step.values["at"]
            done += [replace(one, at=at) for one in made] if at else made
        return Plan(
            name=name + suffix,
            treatment=", ".join(dict.fromkeys(s.treatment.name for s in read)),
            interventions=tuple(sorted(done, key=lambda i: i.day)),
            evidence_grade=max(grades, key=_FIRMEST_FIRST.index, default=""),
            says=" ".join(dict.fromkeys(accounts)),
            low=low,
            high=high,
        )

    if does_nothing:
        return at("value")
    return at("value", "", at("low", " (least help)"), at("high", " (most help)"))
