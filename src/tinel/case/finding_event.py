"""The sections [[event]] of a case: what happened between two days, or has not happened yet.

An event is the first day on which a quantity of the simulated examination is at least so much.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tinel.case.finding_day import TODAY, Period, ends, in_words
from tinel.case.finding_place import OnNerve, nerves_meant, subject_and_site, subjects_of
from tinel.case.finding_value import tidy
from tinel.case.observed import Event
from tinel.case.schema import EventSection
from tinel.declare.quantity import shown, shown_day
from tinel.errors import TinelError, suggest
from tinel.exam.measure import Measure
from tinel.exam.test import Subject, Test

if TYPE_CHECKING:
    from tinel.case.case import Case

STRENGTH, NEEDLE, SENSATION = "strength", "needle EMG", "sensation"
RECOVERED = "recovered"
# what people say: the test that shows it, and its word for the value that is reached; a first sign
# holds for one place, the others for all
FIRST = {
    "first flicker": (STRENGTH, "flicker"),
    "first contraction": (STRENGTH, "flicker"),
    "first movement": (STRENGTH, "flicker"),
    "first sign on needle": (NEEDLE, "single units"),
    "first unit on needle": (NEEDLE, "single units"),
    "feels touch": (SENSATION, "s2"),
}
ALL = {
    "movement against gravity": (STRENGTH, "m3"),
    "full strength": (STRENGTH, "m5"),
    "normal strength": (STRENGTH, "m5"),
    "full sensation": (SENSATION, "s4"),
    "normal sensation": (SENSATION, "s4"),
}
WAYS = ("day", "by", "between", "not_by")

_NOT = re.compile(r"(?:not|no)(?: yet)? ", re.IGNORECASE)
_GRADE = re.compile(r"(?:mrc |m)[0-5][+-]?|s[0-4]\+?", re.IGNORECASE)


@dataclass(frozen=True)
class _Meant:
    """A test, the word of its scale that is reached, and whether it holds for one place alone."""

    test: str
    word: str
    first: bool


def read_events(case: Case, on: Sequence[OnNerve], tests: Mapping[str, Test]) -> list[list[Event]]:
    """What happened on each nerve of a case.

    An event without a place that every muscle has shown, or none, is one event for each.

    Args:
        case: checked, with its sections ``event``.
        on: its nerve and those beside it.
        tests: by name.

    Raises:
        TinelError: unknown words, a place that is missing or unknown, no day or several, with file
            and field.
    """
    happened: list[list[Event]] = [[] for _ in on]
    for i, section in enumerate(case.event, 1):
        where = f"event[{i}]"
        try:
            for k, one in _read(section, case, on, dict(tests), where):
                happened[k].append(one)
        except TinelError as problem:
            place = f"{case.source.path.name}: {where}.{problem.where or 'what'}"
            raise TinelError(problem.message, place, problem.advice) from None
    return happened


def _read(
    section: EventSection, case: Case, on: Sequence[OnNerve], tests: dict[str, Test], where: str
) -> list[tuple[int, Event]]:
    denied = _NOT.match(tidy(section.what))
    what = tidy(section.what)[denied.end() if denied else 0 :].casefold()
    not_before, by = _days(section, case, bool(denied))
    at: list[tuple[int, Test, Subject, str]] = []
    problems: list[TinelError] = []
    for k in nerves_meant(section.nerve, on):
        try:
            found = _places(section, what, bool(denied), on[k], tests, not_before, by)
        except TinelError as problem:
            problems.append(problem)
            continue
        at += [(k, *one) for one in found]
        if section.place:
            break
    if not at:
        raise problems[0]
    if len(at) > 1 and math.isfinite(by):
        not_before = -math.inf  # one of them came last, and nobody said which
    return [
        (k, _event(section, where, test, subject, word, (not_before, by)))
        for k, test, subject, word in at
    ]


def _event(
    section: EventSection, where: str, test: Test, subject: Subject, word: str,
    days: tuple[float, float],
) -> Event:  # fmt: skip
    measure, reaches = _reached(test, word)
    return Event(
        where=where,
        text=as_text(section),
        test=test.name,
        subject=subject.name,
        site="",
        quantity=measure.quantity,
        unit=measure.unit,
        reaches=reaches,
        not_before_day=days[0],
        by_day=days[1],
    )


def _reached(test: Test, word: str) -> tuple[Measure, float]:
    for measure in test.measures:
        meant = measure.means(word)
        if meant and meant[0] == meant[1]:
            return measure, float(meant[0])
    told = f"{shown(word)} is no step of {test.name}"
    raise TinelError(told, "what", "write for example 'MRC 3', 'MRC 4-' or 'S3+'")


def _places(
    section: EventSection, what: str, denied: bool, on: OnNerve, tests: dict[str, Test],
    not_before: float, by: float,
) -> list[tuple[Test, Subject, str]]:  # fmt: skip
    """Each place of an event with the test and the word that show it there."""
    if section.place:
        meant = [_of_recovery(section.place, on, tests)] if what == RECOVERED else [_meant(what)]
        test, subject, _ = subject_and_site(
            tests, tests[meant[0].test], on.nerve, section.place, ""
        )
        return [(test, subject, meant[0].word)]
    if what == RECOVERED:
        muscles = tests[STRENGTH].subjects(on.nerve)
        meant_all = _Meant(STRENGTH, "m5", False) if muscles else _Meant(SENSATION, "s4", False)
    else:
        meant_all = _meant(what)
    test = tests[meant_all.test]
    subjects = list(test.subjects(on.nerve))
    if not subjects:
        raise TinelError(f"{test.name} examines nothing of the {on.nerve.name} nerve", "what")
    # "none has shown it" and "all have" hold for each; "one has" and "not all have" for no one
    if len(subjects) > 1 and meant_all.first != (denied or math.isinf(by)):
        listed = ", ".join(one.name for one in subjects)
        raise TinelError("is missing: at which of them?", "place", f"allowed: {listed}")
    return [(test, one, meant_all.word) for one in subjects]


def _of_recovery(place: str, on: OnNerve, tests: Mapping[str, Test]) -> _Meant:
    """Full strength for a muscle, full sensation for skin."""
    try:
        subject_and_site(dict(tests), tests[STRENGTH], on.nerve, place, "")
    except TinelError:
        if not tests[SENSATION].subjects(on.nerve):
            raise
        try:
            subject_and_site(dict(tests), tests[SENSATION], on.nerve, place, "")
        except TinelError:
            every = [*subjects_of(tests[STRENGTH], on.nerve)]
            every += subjects_of(tests[SENSATION], on.nerve)
            told = f"no muscle or skin of the {on.nerve.name} nerve is called {shown(place)}"
            raise TinelError(told, "place", suggest(place, [one.name for one in every])) from None
        return _Meant(SENSATION, "s4", False)
    return _Meant(STRENGTH, "m5", False)


def _meant(what: str) -> _Meant:
    known = FIRST | {word.removeprefix("first "): meant for word, meant in FIRST.items()}
    if what in known:
        return _Meant(*known[what], True)
    if what in ALL:
        return _Meant(*ALL[what], False)
    if _GRADE.fullmatch(what):
        return _Meant(SENSATION if what[0] == "s" else STRENGTH, what, False)
    allowed = [*FIRST, *ALL, RECOVERED, "MRC 3", "S3"]
    told = f"no event is called {shown(what)}"
    raise TinelError(told, "what", f"{suggest(what, allowed)}; each also with 'not' before it")


def _days(section: EventSection, case: Case, denied: bool) -> tuple[float, float]:
    """The last day without, and the first day with; infinite where one is not known."""
    given = [way for way in WAYS if getattr(section, way) is not None]
    if len(given) != 1:
        told = "gives no day" if not given else f"gives {' and '.join(given)}"
        raise TinelError(told, "day", "write one of day, by, between, not_by")
    way = given[0]
    if denied and way == "between":
        told = f"'{section.what}' has not happened, so it lies between no days"
        raise TinelError(told, way, "write not_by = the last day on which it had not happened")
    value = getattr(section, way)
    first, last = ends(_today(case, way) if value == TODAY else value)
    if last > case.run.horizon_days:
        late = f"day {shown_day(last)} is after the forecast ends"
        told = f"{late}, on day {case.run.horizon_days:g}"
        raise TinelError(told, way, "raise run.horizon_days or drop the event")
    if way == "not_by" or denied:
        return last, math.inf
    if way == "day":  # noticed then; nobody looked every day
        before = last - case.parameters.scalar("finding.event.noticed_within_d")
        return max(min(first, before), 0.0), last
    return (-math.inf, last) if way == "by" else (first, last)


def _today(case: Case, way: str) -> float:
    """The last day that the case knows."""
    told = [one.last_day for one in case.finding]
    told += [one.day for one in case.symptom if one.day is not None]
    for event in case.event:
        days = (event.day, event.by, event.between, event.not_by)
        told += [ends(one)[1] for one in days if one is not None and not isinstance(one, str)]
    if not told:
        message = "nothing in the case has a day, so 'today' is none"
        raise TinelError(message, way, "write the day, such as 200")
    return max(told)


def as_text(section: EventSection) -> str:
    """An event as its writer wrote it, in one line."""
    way = next((way for way in WAYS if getattr(section, way) is not None), "")
    when: Period | str = getattr(section, way) if way else ""
    if not isinstance(when, str):
        when = in_words(when)
    how = {"by": "by ", "between": "between ", "not_by": "not by "}.get(way, "")
    words = [one for one in (section.what, section.nerve, section.place) if one]
    return " ".join(f"{', '.join(words)}: {how}{when}".split())
