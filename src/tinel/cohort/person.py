"""From a case to the nerve, the lesion and the courses of a range of twins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tinel.case import Acute, Case, Spread, check_against, stream_of
from tinel.course import Course, follow
from tinel.errors import TinelError
from tinel.lesion import Lesion, compression, constriction, join, laceration, traction
from tinel.nerve import build
from tinel.nerve.anatomy import Floats, Nerve
from tinel.treatment import plan
from tinel.treatment.plan import Plan


@dataclass(frozen=True)
class Injured:
    """Some twins: their nerve, its injury, and what was drawn for each of them.

    ``drawn`` maps a field of the case (``pressure_mmHg``) to ``(n_twin,)``.
    """

    nerve: Nerve
    lesion: Lesion
    drawn: dict[str, Floats]


def grow(case: Case, twins: range) -> Nerve:
    """The healthy nerve of the case's patient.

    Raises:
        TinelError: unknown nerve, with file and field.
    """
    try:
        return build(case.nerve.name, side=case.nerve.side, twins=case.twins(twins))
    except TinelError as problem:
        raise problem.at(case.where("nerve.name")) from None


def injure(case: Case, twins: range) -> Injured:
    """Draw the twins and injure them.

    Raises:
        TinelError: the injury does not fit the nerve, with file and field.
    """
    nerve = grow(case, twins)
    place = check_against(case, nerve)
    drawn: dict[str, Floats] = {}

    def draw(name: str, spread: Spread | None, otherwise: float | None = None) -> Floats:
        if spread is None:
            if otherwise is None:
                raise TinelError("is missing", case.where(f"cause.{name}"), "give it a value")
            spread = Spread(otherwise, otherwise, "")
        values = spread.draw(case.run.seed, stream_of(f"cause.{name}"), twins)
        if not spread.known:
            drawn[name] = values
        return values

    at = dict(
        site_mm=draw("site_mm", place.site_mm),
        length_mm=draw("length_mm", place.length_mm),
    )
    cause, acute, parts = case.cause, case.cause.at_once, []
    if cause.kind == "scar constriction":
        pressure = draw("pressure_mmHg", cause.pressure_mmHg)
        onset = draw("onset_days", cause.onset_days, 0.0)
        parts.append(
            constriction.make(
                nerve,
                place.branch,
                **at,
                pressure_mmHg=pressure,
                onset_d=onset,
            )
        )
    if acute is not None:
        parts.append(_at_once(acute, nerve, place.branch, at, draw))
    lesion = parts[0] if len(parts) == 1 else join(parts[0], parts[1])
    return Injured(nerve, lesion, drawn)


def plans(case: Case) -> list[Plan]:
    """One plan per arm of the case.

    Raises:
        TinelError: an arm's step is not legal, with file and field.
    """
    made = []
    for k, arm in enumerate(case.arm):
        try:
            made.append(plan(arm.name, [step.as_table() for step in arm.step]))
        except TinelError as problem:
            raise TinelError(problem.message, case.where(f"arm[{k + 1}]"), problem.advice) from None
    return made


def courses(person: Injured, which: list[Plan]) -> list[Course]:
    """Follow the twins under each plan; they differ only by what was done."""
    return [follow(person.nerve, person.lesion, p) for p in which]


def _at_once(
    acute: Acute,
    nerve: Nerve,
    branch: str,
    at: dict[str, Floats],
    draw: Callable[[str, Spread | None], Floats],
) -> Lesion:
    if acute.kind == "compression":
        pressure = draw("acute_pressure_mmHg", acute.acute_pressure_mmHg)
        hours = draw("hours", acute.hours)
        return compression.make(nerve, branch, **at, pressure_mmHg=pressure, hours=hours)
    if acute.kind == "division":
        share = draw("severed_percent", acute.severed_percent) / 100
        return laceration.make(nerve, branch, **at, fraction=share)
    strain = draw("strain_percent", acute.strain_percent)
    return traction.make(nerve, branch, **at, strain_percent=strain)
