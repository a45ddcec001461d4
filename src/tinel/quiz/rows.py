"""The table of a study: what was measured on both sides, without flags or readings."""

from __future__ import annotations

import math
from itertools import groupby

from tinel.exam.findings import Finding, findings
from tinel.exam.needle import reading as words
from tinel.exam.test import known_tests
from tinel.quiz.study import BlindStudy
from tinel.report.figure import Table, table
from tinel.report.number_format import number

_IN_WORDS = {
    words.INSERTION: words.INSERTION_WORDS,
    words.FIBRILLATIONS: words.PLUS_WORDS,
    words.WAVES: words.PLUS_WORDS,
    words.RECRUITMENT: words.RECRUITMENT_WORDS,
}


def tables(study: BlindStudy) -> tuple[Table, ...]:
    """One table per test that the nerve has anything for, with a heading row per subject."""
    found, made = findings(study.visit, study.other_side), []
    for test in known_tests().values():
        of_test = [
            one
            for one in found
            if one.test == test.name and (not test.shown or one.quantity in test.shown)
        ]
        if of_test:
            limits = any(one.limit for one in of_test)
            head = ("", "asked side", "other side", *(["limit of normal"] if limits else []))
            rows: list[list[str]] = []
            for subject, own in groupby(of_test, key=lambda one: one.subject):
                rows.append([subject, *[""] * (len(head) - 1)])
                rows += [_row(one)[: len(head)] for one in own]
            made.append(table(test.title or test.name.capitalize(), head, rows))
    return tuple(made)


def _row(one: Finding) -> list[str]:
    site = f"{one.site}: " if one.site else ""
    other = math.nan if one.other_side is None else one.other_side
    return [f"{site}{one.quantity}", _written(one.value, one), _written(other, one), one.limit]


def _written(value: float, one: Finding) -> str:
    if math.isnan(value):
        return "–"
    if one.quantity in _IN_WORDS:
        return _IN_WORDS[one.quantity][int(value)]
    written = number(value, one.unit)
    unit = one.unit if one.unit and not one.unit[0].isdigit() else ""
    return f"{written} {unit}".strip() if written[:1].isdigit() else written
