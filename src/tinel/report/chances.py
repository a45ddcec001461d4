"""What comes back and when: the chance of each goal by some months, in every arm."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.forecast.model_error import model_error
from tinel.forecast.probability import Chance, chance
from tinel.forecast.recovery import DAYS_OF_A_MONTH
from tinel.report.figure import Table, table
from tinel.report.hurt_parts import (
    AGAINST_GRAVITY_MRC,
    FULL_MRC,
    HALF_OF_TOUCH,
    MUCH_PAIN,
    arms_in_order,
    least_grade,
    least_touch,
    muscles,
    skins,
)
from tinel.report.number_format import percent_of
from tinel.result import Result
from tinel.symptom.symptoms import PAIN

MONTHS = (3, 6, 12, 18, 24, 36, 48, 60)
FROM_THE_START = (3, 6, 12, 24)
MOST_COLUMNS = len(FROM_THE_START)
AS_IT_IS = "with or without treatment"


@dataclass(frozen=True)
class GoalByMonth:
    """The chance of a goal in an arm by each of some months."""

    goal: str
    arm: str
    months: tuple[int, ...]
    chances: tuple[Chance, ...]


def chances(
    result: Result, effective_size: float | None = None, today: float = 0.0
) -> tuple[GoalByMonth, ...]:
    """One entry per goal and arm, waiting first.

    A goal that every twin has on every day is left out.

    Args:
        result: whose twins are counted.
        effective_size: how many independent twins they are worth; all where left out.
        today: months that have passed by this day are left out.
    """
    months = months_ahead(today, result.days[-1])
    at = [
        int(np.searchsorted(result.days, month * DAYS_OF_A_MONTH, side="right")) - 1
        for month in months
    ]
    n_twin = result.outcomes.n_twin
    worth = 1.0 if effective_size is None else min(effective_size / n_twin, 1.0)
    error = model_error(result.case.nerve.name).sd_logit
    counted, found = np.ones(n_twin, bool), []
    for goal, reached in _goals(result):
        if reached(result.waiting).all():
            continue
        for arm in arms_in_order(result):
            met = reached(arm)
            each = tuple(chance(met[:, k], counted, worth, error) for k in at)
            found.append(GoalByMonth(goal, arm, months, each))
    return tuple(found)


def chance_table(found: Sequence[GoalByMonth], caption: str) -> Table:
    """The chances as a table: a row per goal and arm, arms alike in one row.

    An arm that is as the first one in every goal is named in the caption alone.
    """
    months = found[0].months if found else ()
    arms = list(dict.fromkeys(c.arm for c in found))
    cells = {(c.goal, c.arm): tuple(map(_cell, c.chances)) for c in found}
    goals = list(dict.fromkeys(c.goal for c in found))
    alike = [a for a in arms[1:] if all(cells[g, a] == cells[g, arms[0]] for g in goals)]
    named = [a for a in arms if a not in alike]
    rows, unnamed = [], False
    for goal in goals:
        lines: dict[tuple[str, ...], list[str]] = {}
        for arm in named:
            lines.setdefault(cells[goal, arm], []).append(arm)
        for k, (line, names) in enumerate(lines.items()):
            if arms[0] in names and 1 < len(names) < len(named):
                names, unnamed = names[:1], True
            who = AS_IT_IS if len(names) == len(named) > 1 else "; ".join(names)
            rows.append([goal if k == 0 else "", who, *line])
    said = f"{caption}. As {arms[0]}: {'; '.join(alike)}." if alike else f"{caption}."
    if unnamed:
        said += f" An arm not named is as {arms[0]}."
    head = ("of 100 people", "", *(f"{month} months" for month in months))
    return table(said, head, rows)


def _goals(result: Result) -> list[tuple[str, Callable[[str], NDArray[np.bool_]]]]:
    moved, felt = muscles(result), skins(result)
    found: list[tuple[str, Callable[[str], NDArray[np.bool_]]]] = []
    if moved:
        found += [
            (
                "every muscle moves against gravity (M3)",
                lambda arm: least_grade(result, arm, moved) >= AGAINST_GRAVITY_MRC,
            ),
            (
                "full strength everywhere (M5)",
                lambda arm: least_grade(result, arm, moved) >= FULL_MRC,
            ),
        ]
    led = _led(result, moved)
    if led and len(led) < len(moved):  # a transfer is for them, whatever the others do
        do = ", ".join(result.healthy.limb.nerve.target(m).action or m for m in led)
        found.insert(
            0,
            (
                f"{do}: against gravity (M3)",
                lambda arm: least_grade(result, arm, led) >= AGAINST_GRAVITY_MRC,
            ),
        )
    if felt:
        found.append(
            (
                "half of touch or more everywhere",
                lambda arm: least_touch(result, arm, felt) >= HALF_OF_TOUCH,
            )
        )
    found.append(
        (f"pain below {MUCH_PAIN:.0f} of 10", lambda arm: result.twins(arm, PAIN) < MUCH_PAIN)
    )
    return found


def _led(result: Result, moved: Sequence[str]) -> tuple[str, ...]:
    """Muscles that axons of another nerve are led to in any arm."""
    done = (i for plan in result.plans for i in plan.interventions)
    to = {name for i in done for transfer in i.transfers for name in transfer.targets}
    return tuple(m for m in moved if m in to)


def months_ahead(today: float, last_day: float) -> tuple[int, ...]:
    """At most four months after today that are computed.

    Example:
        >>> months_ahead(0.0, 730.0), months_ahead(180.0, 730.0)
        ((3, 6, 12, 24), (6, 12, 18, 24))
    """
    # a year is written as 365 days and as 365.25
    ahead = [m for m in MONTHS if today < m * DAYS_OF_A_MONTH <= last_day + 1]
    if 3 in ahead:
        ahead = [m for m in FROM_THE_START if m in ahead]
    return tuple(ahead[:MOST_COLUMNS])


def _cell(one: Chance) -> str:
    return f"{percent_of(one.probability)} ({100 * one.low:.0f} to {100 * one.high:.0f})"
