"""The whole examination's reading of random injuries, beside what they are.

Decided before the first run: nothing is fitted; four of five are to be read rightly from day 21 on,
and on day 2 nobody can tell.
"""

from __future__ import annotations

from functools import cache

import pytest

from tests.kinds_of_injury import KINDS, Table, confusion, right, written


@cache
def table() -> Table:
    found = confusion(150)
    print(written(found))
    return found


def test_nobody_can_tell_on_day_two() -> None:
    assert {says for (*_, says), _ in table()[2.0].items()} <= {"open", "neither"}


@pytest.mark.truth
@pytest.mark.parametrize("day", [21.0, 28.0])
def test_the_kind_of_injury_is_told_apart(day: float) -> None:
    counts = table()[day]
    print(f"day {day:g}: {right(counts, 0)} of {counts.total()} right")
    assert right(counts, 0) >= 0.8 * counts.total()
    for kind in KINDS:
        of_kind = {key: n for key, n in counts.items() if key[0] == kind}
        assert sum(n for key, n in of_kind.items() if key[2] == kind) >= 0.6 * sum(of_kind.values())


@pytest.mark.truth
def test_what_is_told_early_is_true() -> None:
    for day in (7.0, 14.0):
        told = {key: n for key, n in table()[day].items() if key[2] in KINDS}
        wrong = sum(n for key, n in told.items() if key[2] not in key[:2])
        print(f"day {day:g}: {sum(told.values())} told, {wrong} of them wrongly")
        assert wrong <= 0.1 * sum(told.values())
