"""Where a finding was made: from the words of a clinic to a test's muscle, skin, study and site."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from tinel.case.nerve_choice import laid_out
from tinel.declare.quantity import shown
from tinel.errors import TinelError, suggest
from tinel.exam.measure import Measure
from tinel.exam.response import RATIO
from tinel.exam.test import Subject, Test
from tinel.nerve.anatomy import Fibres, Nerve, Study
from tinel.nerve.library import find
from tinel.nerve.naming import by_name, plain
from tinel.twins import Twins

if TYPE_CHECKING:
    from tinel.case.case import Case

# a site of these that the usual study lacks may be one of a study made on request
FURTHER = {"motor conduction": "further conduction", "sensory conduction": "further conduction"}


@dataclass(frozen=True)
class OnNerve:
    """One nerve of a case, laid out for its names, with its label and where it is hurt."""

    label: str
    side: str
    nerve: Nerve
    site_mm: tuple[float, float]
    branch: str = ""


@dataclass(frozen=True)
class _Called:
    """A subject by all the names that mean it and no other."""

    name: str
    other_names: tuple[str, ...]
    subject: Subject


def subjects_of(test: Test, nerve: Nerve) -> tuple[_Called, ...]:
    """What a test examines on a nerve, each with its usual names.

    A study is also called what its name has in brackets, and as the muscle or skin it records; a
    muscle also as the movement that it alone is asked for.
    """
    subjects = list(test.subjects(nerve))
    names = [_names_of(one, nerve) for one in subjects]
    called = []
    for k, one in enumerate(subjects):
        others = {plain(word) for j, listed in enumerate(names) if j != k for word in listed}
        own = tuple(word for word in names[k] if plain(word) not in others)
        called.append(_Called(one.name, own, one))
    return tuple(called)


def _names_of(subject: Subject, nerve: Nerve) -> tuple[str, ...]:
    if not isinstance(subject, Study):
        return (*subject.other_names, *([subject.movement] if subject.movement else []))
    target = nerve.target(subject.target)
    return (*re.findall(r"\(([^)]*)\)", subject.name), target.name, *target.other_names)


def subject_and_site(
    tests: dict[str, Test], test: Test, nerve: Nerve, place: str, site: str
) -> tuple[Test, Subject, str]:
    """The test, what it examined, and the site as the finding names it (empty for none).

    Args:
        tests: all by name.
        test: as the finding names it.
        nerve: whose names are known.
        place: a muscle, skin, study or site; empty where the finding names none.
        site: a site or segment; empty likewise.

    Raises:
        TinelError: no such place, or more than one; its ``where`` is the key.
    """
    found = _found(test, nerve, place, site)
    if not isinstance(found, TinelError):
        return test, *found
    other = tests.get(FURTHER.get(test.name, ""))
    if other is not None and other.subjects(nerve):
        further = _found(other, nerve, place, site)
        if not isinstance(further, TinelError):
            return other, *further
    raise found


def _found(test: Test, nerve: Nerve, place: str, site: str) -> tuple[Subject, str] | TinelError:
    """A subject and a site, or what is wrong."""
    called = subjects_of(test, nerve)
    if not called:
        return TinelError(f"{test.name} examines nothing of the {nerve.name} nerve", "test")
    if place:
        try:
            one = by_name(called, place, f"place of {test.name} on the {nerve.name} nerve")
        except TinelError as problem:
            if site or not (having := _having(called, nerve, place)):
                return problem.at("place")
            called, site = tuple(having), place
        else:
            called = (one,)
    elif site:
        called = tuple(_having(called, nerve, site)) or called
    if len(called) > 1:
        told = f"{test.name} was made at {len(called)} places, and none is named"
        return TinelError(told, "place", f"allowed: {', '.join(one.name for one in called)}")
    subject = called[0].subject
    return (subject, site) if not site or _has(subject, nerve, site) else _no_site(subject, site)


def _having(called: Sequence[_Called], nerve: Nerve, site: str) -> list[_Called]:
    return [one for one in called if _has(one.subject, nerve, site)]


def _has(subject: Subject, nerve: Nerve, site: str) -> bool:
    return isinstance(subject, Study) and bool(_site(subject, nerve, site))


def _no_site(subject: Subject, site: str) -> TinelError:
    if not isinstance(subject, Study):
        return TinelError(f"{subject.name} has no sites of stimulation", "site", "leave it out")
    allowed = ", ".join([*(s.name for s in subject.sites), *segments(subject)])
    return TinelError(f"{subject.name} has no site '{site}'", "site", f"allowed: {allowed}")


def segments(study: Study) -> list[str]:
    """The stretches between neighbouring sites, as velocities are named after them."""
    names = [site.name for site in study.sites]
    return [f"{far} to {near}" for near, far in pairwise(names)]


def _site(study: Study, nerve: Nerve, word: str) -> str:
    """A site or segment of a study by its usual names; empty where it has none."""
    for segment in segments(study):
        ends = [plain(end) for end in segment.split(" to ")]
        if sorted(plain(end) for end in re.split(r" to | and ", word)) == sorted(ends):
            return segment
    names = {plain(site.name): site.name for site in study.sites}
    usual = [
        mark.name
        for mark in nerve.landmarks
        if plain(word) in map(plain, (mark.name, *mark.other_names))
    ]
    return next((names[plain(one)] for one in (word, *usual) if plain(one) in names), "")


def site_of(subject: Subject, nerve: Nerve, site: str, measure: Measure) -> str:
    """The site or segment under which a test gives a quantity; empty for the first there is.

    Raises:
        TinelError: a quantity of a stretch at a site from which no stretch begins, or the reverse.
    """
    if not isinstance(subject, Study):
        return ""
    found, stretches = _site(subject, nerve, site) if site else "", segments(subject)
    of_two = measure.quantity == RATIO or (measure.by_segment and subject.kind == "motor")
    if of_two and (not stretches or (measure.quantity == RATIO and found == subject.sites[0].name)):
        told = (
            f"{subject.name} gives no {measure.quantity} there, which needs a site beyond another"
        )
        raise TinelError(told, "site" if stretches else "quantity")
    if not site:
        return ""
    if not measure.by_segment or subject.kind == "sensory":
        if found in stretches:
            allowed = ", ".join(one.name for one in subject.sites)
            told = f"{measure.quantity} belongs to one site, and '{site}' is a stretch"
            raise TinelError(told, "site", f"allowed: {allowed}")
        return found
    if found in stretches:
        return found
    begins = [one for one in stretches if one.startswith(f"{found} to ")]
    if not begins:
        told = f"no stretch of {subject.name} begins at '{site}'"
        raise TinelError(told, "site", f"allowed: {', '.join(stretches)}")
    return begins[0]


def nerves_meant(given: str | None, on: Sequence[OnNerve]) -> list[int]:
    """The nerves that a finding may be of: the one it names, or all, the first one first."""
    if given is None:
        return list(range(len(on)))
    # two parts of one nerve share its names, and each has its own
    meant = [k for k, one in enumerate(on) if plain(given) in map(plain, _own_names(one))]
    meant += [k for k, one in enumerate(on) if plain(given) in map(plain, _nerve_names(one))]
    if not meant:
        labels = [one.label for one in on]
        told_other = f"the case has no nerve {shown(given)}"
        raise TinelError(told_other, "nerve", suggest(given, labels))
    return meant[:1]


def _own_names(one: OnNerve) -> tuple[str, ...]:
    """What the case calls the nerve, or the part of it that its name meant."""
    other = (b.other_names for b in one.nerve.branches if b.name == one.label)
    return one.label, *next(other, ())


def _nerve_names(one: OnNerve) -> tuple[str, ...]:
    branches = one.nerve.branches
    others = (word for b in branches for word in (b.name, *b.other_names))
    return one.nerve.name, one.nerve.title, *others


def on_nerve(case: Case) -> OnNerve:
    """The places and names of a case's nerve; no fibre is drawn for that."""
    chosen, site = case.nerve, case.place.site_mm
    entry = find(chosen.file or chosen.name)
    layout = laid_out(entry, case.patient, case.parameters)
    none, empty = np.zeros(0, int), np.zeros(0)
    nerve = Nerve(
        name=entry.name,
        title=entry.blueprint.title,
        side=chosen.side,
        limb=entry.blueprint.limb,
        twins=Twins(case.patient, range(1), case.run.seed, case.parameters),
        branches=layout.branches,
        landmarks=layout.landmarks,
        targets=layout.targets,
        studies=layout.studies,
        fascicles=(),
        area_mm2=0.0,
        fibres=Fibres(
            kind=none, target=none, weight=empty, fascicle=none, x_mm=empty, y_mm=empty,
            depth=empty, diameter_um=np.zeros((1, 0)), unit_uV=np.zeros((1, 0)),
        ),
    )  # fmt: skip
    where = (site.low, site.high)
    return OnNerve(chosen.label, chosen.side, nerve, where, case.place.branch)
