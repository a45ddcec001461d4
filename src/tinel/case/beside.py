"""Further nerves of one case: the same cause at the matching level, as under one cuff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tinel.case.arms import Steps
from tinel.case.doubts import check_gaps
from tinel.case.injury import Injury
from tinel.case.nerve_choice import NerveChoice, laid_out, read_nerve
from tinel.case.place import SpreadPlace, place_of
from tinel.case.schema import NerveSection
from tinel.case.source import Source
from tinel.declare.quantity import shown
from tinel.errors import TinelError
from tinel.evidence import Parameters
from tinel.nerve.atlas import Layout
from tinel.nerve.naming import plain
from tinel.twins import Patient


@dataclass(frozen=True)
class Beside:
    """A further nerve of a case: which, the injury in its own lengths, its numbers and places."""

    nerve: NerveChoice
    cause: Injury
    place: SpreadPlace
    parameters: Parameters
    layout: Layout


def further_nerves(
    section: NerveSection,
    source: Source,
    patient: Patient,
    nerve: NerveChoice,
    injury: Injury,
    place: SpreadPlace,
    layout: Layout,
    limb: str,
    parameters: Parameters,
    steps: Steps,
) -> list[Beside]:
    """The nerves named in ``also``, each with the injury at the level of the first.

    Args:
        section: the section [nerve].
        source: for errors, and for the folder of a nerve's own file.
        patient: whose nerves.
        nerve, injury, place, layout, limb: the first nerve and its own; ``limb`` as in its file.
        parameters: in use.
        steps: the treatments of every arm; a graft must end on each nerve.

    Raises:
        TinelError: an unknown nerve, one of another limb, one that is named twice or by a place on
            it, or one that the level is beyond.
    """
    found: list[Beside] = []
    seen = {(nerve.name, nerve.branch)}
    for k, word in enumerate(section.also, 1):
        where = f"{source.path.name}: nerve.also[{k}]"
        try:
            choice, entry = read_nerve(section.model_copy(update={"name": word}), source)
        except TinelError as problem:
            named = problem.where.endswith("nerve.name")
            raise TinelError(
                problem.message, where if named else problem.where, problem.advice
            ) from None
        if choice.site:
            told = f"{shown(word)} is a place on the {choice.name} nerve, not a nerve"
            advice = f"write '{choice.name}': it is hurt at the level of the first nerve"
            raise TinelError(told, where, advice)
        if entry.blueprint.limb != limb:
            own_limb = entry.blueprint.limb
            told = f"{choice.name} is a nerve of the {own_limb}, {nerve.name} of the {limb}"
            raise TinelError(told, where, "give it a case of its own: they share no level")
        if (choice.name, choice.branch) in seen:
            raise TinelError(f"{choice.name} is named twice", where, "name each nerve once")
        seen.add((choice.name, choice.branch))
        numbers = parameters.including(entry.numbers())
        own = laid_out(entry, patient, numbers)
        site = place.site_mm
        moved = replace(
            injury,
            branch=choice.branch or own.trunk.name,
            site=None,
            site_mm=replace(
                site,
                low=same_level(site.low, layout, own),
                high=same_level(site.high, layout, own),
                least=0.0,
                most=np.inf,
            ),
        )
        try:
            there = place_of(moved, own, where)
            check_gaps(steps, there, own, source.path.name)
        except TinelError as problem:
            advice = "leave this nerve out, or give it a case of its own"
            raise TinelError(problem.message, where, advice) from None
        found.append(Beside(choice, moved, there, numbers, own))
    return found


def same_level(position_mm: float, layout: Layout, other: Layout) -> float:
    """The position on another nerve at the same level of the limb, mm from the cord.

    Landmarks that both nerves have (axilla, elbow, wrist) are at one level; between them positions
    go along in proportion, and beyond the last of them mm by mm.
    """
    here, there = _levels(layout), _levels(other)
    pairs = [(0.0, 0.0)]
    for name in sorted(here.keys() & there.keys(), key=here.__getitem__):
        if here[name] > pairs[-1][0] and there[name] > pairs[-1][1]:
            pairs.append((here[name], there[name]))
    known: Sequence[float] = [a for a, _ in pairs]
    if position_mm > known[-1]:
        return pairs[-1][1] + position_mm - known[-1]
    return float(np.interp(position_mm, known, [b for _, b in pairs]))


def _levels(layout: Layout) -> dict[str, float]:
    return {
        plain(word): mark.position_mm
        for mark in reversed(layout.landmarks)
        for word in (*mark.other_names, mark.name)
    }
