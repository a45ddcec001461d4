"""From a case to the nerve, the lesion and the courses of some twins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tinel.case import Case, Injury, Part, SpreadPlace
from tinel.case.injury import DISTAL
from tinel.course import Course, follow
from tinel.declare import Spread
from tinel.declare.spread import stream_of
from tinel.errors import TinelError
from tinel.evidence import Parameters
from tinel.lesion import Lesion, Place, both, join, known_causes
from tinel.lesion.onset import later
from tinel.lesion.part import fibres_of, only
from tinel.nerve import Nerve, build
from tinel.nerve.anatomy import Floats
from tinel.treatment import Plan

Draw = Callable[[str, Any], Any]


@dataclass(frozen=True)
class Injured:
    """Some twins: their nerve, its injury, and what was drawn for each of them.

    ``drawn`` maps a field of the case (``pressure_mmHg``) to ``(n_twin,)``.
    """

    nerve: Nerve
    lesion: Lesion
    drawn: dict[str, Floats]


def grow(case: Case, numbers: range) -> Nerve:
    """The healthy nerve of some twins of the case's patient."""
    chosen = case.nerve
    return build(chosen.file or chosen.name, side=chosen.side, twins=case.twins(numbers))


def injure(case: Case, numbers: range) -> Injured:
    """Draw some twins and injure them.

    Raises:
        TinelError: a cause of a user's own file refuses its values, or gives no lesion.
    """
    nerve = grow(case, numbers)
    drawn: dict[str, Floats] = {}

    def draw(name: str, given: Any) -> Any:
        if not isinstance(given, Spread):
            return given
        twins, stream = nerve.twins, f"cause.{name}"
        scores = twins.trait(stream)
        if scores is None:
            values = given.draw(case.run.seed, stream_of(stream), twins.own)
        else:
            values = given.at(scores)
        if not given.known:
            drawn[name] = values
        return values

    lesion = _at_place(case, case.cause, case.place, nerve, draw)
    if case.cause.beyond is not None and case.place.beyond is not None:

        def draw_there(name: str, given: Any) -> Any:
            return draw(f"{DISTAL}.{name}", given)

        there = replace(nerve, twins=nerve.twins.elsewhere(DISTAL))
        far = _at_place(case, case.cause.beyond, case.place.beyond, there, draw_there)
        lesion = both(lesion, far)
    return Injured(nerve, lesion, drawn)


def plans(case: Case, parameters: Parameters | None = None) -> list[Plan]:
    """One plan per arm of the case; see ``Case.plans``."""
    return case.plans(parameters)


def courses(person: Injured, which: Sequence[Plan]) -> list[Course]:
    """Follow the twins under each plan; they differ only by what was done."""
    return [follow(person.nerve, person.lesion, p) for p in which]


def _at_place(case: Case, injury: Injury, at: SpreadPlace, nerve: Nerve, draw: Draw) -> Lesion:
    site = draw("site_mm", at.site_mm)
    place = Place(at.branch, site, draw("length_mm", at.length_mm))
    where = injury.section
    lesion = _injured(case, injury, nerve, place, draw, str, where)
    acute = injury.acute
    if acute is not None:
        if acute.length_mm is not None:
            place = Place(place.branch, site, draw("acute.length_mm", acute.length_mm))
        beside = _injured(case, acute, nerve, place, draw, injury.beside, f"{where}.acute")
        lesion = join(lesion, beside)
    return lesion


def _injured(
    case: Case,
    part: Part,
    nerve: Nerve,
    place: Place,
    draw: Draw,
    named: Callable[[str], str],
    where: str,
) -> Lesion:
    values = {name: draw(named(name), value) for name, value in part.values.items()}
    cause = known_causes(case.files)[part.kind]
    try:
        lesion = cause.injure(replace(place, part=part.part or ""), values, nerve)
        hurt = fibres_of(nerve, part.part or "")
    except TinelError as problem:
        if problem.where in part.values:  # the cause names its field, and knows no file
            there = case.where(f"{where}.{problem.where}")
            raise TinelError(problem.message, there, problem.advice) from None
        raise problem.at(case.where(where)) from None
    told = f"the cause '{cause.name}' gave no lesion of this nerve"
    if not isinstance(lesion, Lesion) or lesion.cut_d.shape != nerve.fibres.diameter_um.shape:
        raise TinelError(told, case.where(f"{where}.kind"), "mend its file")
    if np.isnan(lesion.lamellae_left).any() or np.isnan(lesion.cut_d).any():
        raise TinelError(
            f"{told}: it holds values that are no numbers", case.where(f"{where}.kind")
        )
    lesion = only(lesion, hurt)
    if part.onset_d is not None:
        lesion = later(lesion, draw(named("onset_days"), part.onset_d))
    return lesion
