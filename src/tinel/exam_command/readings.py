"""Readings of the day: one sentence per test and subject, and what each test cannot see."""

from __future__ import annotations

from dataclasses import dataclass

from tinel.exam.cannot_see import Unseen, cannot_see
from tinel.exam.examination import Visit
from tinel.exam.test import known_tests
from tinel.exam_command.compute import Examined

NOTHING_KNOWN = "nothing is stated for this test."


@dataclass(frozen=True)
class ReadingLine:
    """One sentence on one study, muscle or patch of skin of the example twin."""

    test: str
    nerve: str
    study: str
    sentence: str


def readings(one: Examined) -> tuple[ReadingLine, ...]:
    """The sentences of a nerve's tests, in controlled words."""
    nerve, said = one.visit.limb.nerve, []
    done = _done(one.visit)
    for test in known_tests(one.result.case.files).values():
        if test.name not in done:
            continue
        for subject in test.subjects(nerve):
            before = [
                v
                for v in one.earlier
                if any(m.test == test.name for m in v.examination.measurements)
            ]
            sentences = test.interpret(subject, [*before, one.visit], one.other_side)
            if sentences and sentences[-1]:
                said.append(ReadingLine(test.name, nerve.name, subject.name, sentences[-1]))
    return tuple(said)


def _done(seen: Visit) -> set[str]:
    return {measurement.test for measurement in seen.examination.measurements}


def unseen(one: Examined) -> tuple[Unseen, ...]:
    """What each test of the day cannot see, one entry per test."""
    parameters, day = one.visit.limb.parameters, one.asked.day
    unknown = [Unseen(name, NOTHING_KNOWN, "", "") for name in one.asked.tests]
    found = [cannot_see(name, day, parameters) for name in one.asked.tests]
    return tuple(rule or none for rule, none in zip(found, unknown, strict=True))
