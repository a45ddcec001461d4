"""What is asked of a case: one day, one arm, some tests; and the case that computes just that."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tinel.case import Case
from tinel.case.schema import Exam
from tinel.declare import named
from tinel.declare.field import day as checked_day
from tinel.declare.quantity import apart
from tinel.errors import TinelError, suggest
from tinel.exam.test import known_tests


@dataclass(frozen=True)
class Asked:
    """A case on one day.

    Args:
        case: with that day examined by the tests, waiting and the arm alone.
        day: days after the injury.
        arm: name of the arm.
        tests: their names.
        earlier: days before that one on which the whole case examines.
        notes: on words that have newer names.
    """

    case: Case
    day: float
    arm: str
    tests: tuple[str, ...]
    earlier: tuple[float, ...]
    notes: tuple[str, ...]


def ask_exam(case: Case, day: float | str, arm: str = "", tests: Sequence[str] = ()) -> Asked:
    """Check what is asked, and reduce the case to it.

    Args:
        case: from ``case.load``.
        day: days after the injury, up to the end of the forecast; a number, or a text with a unit.
        arm: name of an arm; empty for waiting.
        tests: names of tests; empty for all that the case uses.

    Raises:
        TinelError: a day, arm or test that is not allowed.

    Example:
        >>> from tinel.case import load
        >>> asked = ask_exam(load("examples/cut.toml"), "3 weeks", "suture on day 1", ["MRC"])
        >>> asked.day, asked.arm, asked.tests, asked.earlier
        (21.0, 'suture on day 1', ('strength',), (1.0, 5.0, 10.0))
    """
    on = _day(case, day)
    name = _arm(case, arm)
    known, notes, chosen = known_tests(case.files), [], []
    for word in tests:
        test, note = named(known, word, "test", "--test")
        chosen.append(test.name)
        notes += [f"--test: {note}"] if note else []
    used = [test for one in case.exam for test in one.tests]
    names = tuple(dict.fromkeys(chosen or used))
    # the case's other days stay, without a test, so that the same twin is its example
    others = tuple(d for d in case.exam_days if d != on)
    exams = [Exam.model_construct(days=(on,), tests=names)]
    exams += [Exam.model_construct(days=others, tests=())] if others else []
    arms = tuple(a for a in case.arm if not a.step or a.name == name)
    # twins of the reduced case must never be taken for those of the whole one
    text = f"{case.source.text}\n# examined: {on!r}, {name!r}, {names!r}\n"
    source = replace(case.source, text=text, sha256=hashlib.sha256(text.encode()).hexdigest())
    exam = tuple(exams)
    beside = tuple(replace(other, exam=exam, arm=arms, source=source) for other in case.beside)
    reduced = replace(case, exam=exam, arm=arms, source=source, beside=beside)
    return Asked(reduced, on, name, names, tuple(d for d in others if d < on), tuple(notes))


def _day(case: Case, given: float | str) -> float:
    try:
        day = checked_day(given)
    except (TinelError, ValueError) as problem:
        told = problem.message if isinstance(problem, TinelError) else str(problem)
        raise TinelError(told, "--day", "count days from the injury, day 0") from None
    end = case.run.horizon_days
    if day > end:
        message = f"day {apart(day, end)} is after the forecast ends, on day {end:g}"
        raise TinelError(message, "--day", "raise run.horizon_days of the case")
    return day


def _arm(case: Case, given: str) -> str:
    names = [a.name for a in case.arm]
    if not given:
        return next(a.name for a in case.arm if not a.step)
    found = next((name for name in names if name.casefold() == given.casefold()), None)
    if found is None:
        raise TinelError(f"no arm is called '{given}'", "--arm", suggest(given, names))
    return found
