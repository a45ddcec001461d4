"""The sections [[exam]]: tests by their declared names, each day once."""

from __future__ import annotations

from collections.abc import Sequence

from tinel.case.schema import Exam
from tinel.declare import named
from tinel.declare.quantity import apart, shown_day
from tinel.errors import TinelError
from tinel.exam.test import known_tests


def read_exams(
    sections: Sequence[Exam], name: str, horizon_days: float, files: Sequence[str] = ()
) -> tuple[tuple[Exam, ...], list[str]]:
    """The exams of a case, and notes on tests that have newer names.

    Args:
        sections: as a user wrote them.
        name: the file's name, for errors.
        horizon_days: the last day that is computed.
        files: a user's own Python files, which may declare tests.

    Raises:
        TinelError: an unknown test, a day after the end, a test twice on one day, or two days that
            tables would show alike.
    """
    tests = known_tests(files)
    exams, notes, seen, as_shown = [], list[str](), set(), dict[str, float]()
    for i, exam in enumerate(sections, 1):
        where = f"{name}: exam[{i}]"
        named_here = []
        for j, word in enumerate(exam.tests, 1):
            test, note = named(tests, word, "test", f"{where}.tests[{j}]")
            if test.name in named_here:
                told = f"{test.name} is given twice"
                raise TinelError(told, f"{where}.tests[{j}]", "give each test once")
            named_here.append(test.name)
            notes += [f"{where}.tests[{j}]: {note}"] if note else []
        for day in exam.days:
            if day > horizon_days:
                late = apart(day, horizon_days)
                message = f"day {late} is after the forecast ends, on day {horizon_days:g}"
                advice = "raise run.horizon_days or drop the day"
                raise TinelError(message, f"{where}.days", advice)
            # tables and figures name a day as it is shown, so one name must not mean two days
            other = as_shown.setdefault(shown_day(day), day)
            if other != day:
                message = f"days {other:.12g} and {day:.12g} are both shown as {shown_day(day)}"
                raise TinelError(message, f"{where}.days", "give one of them")
        for pair in [(day, test) for day in exam.days for test in named_here]:
            if pair in seen:
                message = f"day {pair[0]:g} is given twice for {pair[1]}"
                raise TinelError(message, f"{where}.days", "give each day once")
            seen.add(pair)
        exams.append(exam.model_copy(update={"tests": tuple(named_here)}))
    return tuple(exams), notes
