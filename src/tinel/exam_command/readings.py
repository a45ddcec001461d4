"""Readings of the day: one sentence per test and subject, and what each test cannot see."""

from __future__ import annotations

from dataclasses import dataclass

from tinel.exam.cannot_see import Unseen, cannot_see
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
    done = {m.test for m in one.visit.examination.measurements}
    for test in known_tests(one.result.case.files).values():
        if test.name not in done:
            continue
        for subject in test.subjects(nerve):
            recorded = subject.name in one.visit.examination.responses
            visits = [*one.earlier, one.visit] if recorded else [one.visit]
            sentences = test.interpret(subject, visits, one.other_side)
            if sentences and sentences[-1]:
                said.append(ReadingLine(test.name, nerve.name, subject.name, sentences[-1]))
    return tuple(said)


def unseen(one: Examined) -> tuple[Unseen, ...]:
    """What each test of the day cannot see, one entry per test."""
    parameters, day = one.visit.limb.parameters, one.asked.day
    unknown = [Unseen(name, NOTHING_KNOWN, "", "") for name in one.asked.tests]
    found = [cannot_see(name, day, parameters) for name in one.asked.tests]
    return tuple(rule or none for rule, none in zip(found, unknown, strict=True))
