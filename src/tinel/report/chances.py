"""What comes back and when: the chance of each goal by some months, in every arm."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.evidence.validated import Validated, validated
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

MONTHS = (3, 6, 12, 24)
DAYS_A_MONTH = 365.25 / 12
MOST = 0.8  # of the published figures lay no further off than the brackets show
FEWEST = 5  # published figures of a nerve that say how far such figures are off
AS_IT_IS = "with or without treatment"


@dataclass(frozen=True)
class Chance:
    """How many in a hundred have reached a goal, by month; nan beyond the time computed.

    ``low`` and ``high`` bound it.
    """

    goal: str
    arm: str
    percent: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


def chances(result: Result) -> tuple[Chance, ...]:
    """One entry per goal and arm, waiting first; an arm that changes no goal has none.

    A goal that every twin has on every day is left out.
    """
    at = tuple(_index(result, month) for month in MONTHS)
    off = typical_miss_points(result.case.nerve.name)
    found = []
    for goal, reached in _goals(result):
        if reached(result.waiting).all():
            continue
        for arm in arms_in_order(result):
            percent = tuple(
                float("nan") if k is None else 100 * float(reached(arm)[:, k].mean()) for k in at
            )
            low = tuple(max(p - off, 0.0) for p in percent)
            high = tuple(min(p + off, 100.0) for p in percent)
            found.append(Chance(goal, arm, percent, low, high))
    return tuple(found)


def chance_table(found: Sequence[Chance], caption: str) -> Table:
    """The chances as a table: a row per goal and arm, arms alike in one row.

    An arm that is as the first one in every goal is named in the caption alone.
    """
    shown = [k for k in range(len(MONTHS)) if any(c.percent[k] == c.percent[k] for c in found)]
    arms = list(dict.fromkeys(c.arm for c in found))
    cells = {(c.goal, c.arm): tuple(_cell(c, k) for k in shown) for c in found}
    goals = list(dict.fromkeys(c.goal for c in found))
    alike = [a for a in arms[1:] if all(cells[g, a] == cells[g, arms[0]] for g in goals)]
    named = [a for a in arms if a not in alike]
    rows = []
    for goal in goals:
        lines: dict[tuple[str, ...], list[str]] = {}
        for arm in named:
            lines.setdefault(cells[goal, arm], []).append(arm)
        for k, (line, names) in enumerate(lines.items()):
            who = AS_IT_IS if len(names) == len(named) > 1 else "; ".join(names)
            rows.append([goal if k == 0 else "", who, *line])
    said = f"{caption}. As {arms[0]}: {'; '.join(alike)}." if alike else f"{caption}."
    head = ("of 100 people", "", *(f"{MONTHS[k]} months" for k in shown))
    return table(said, head, rows)


def typical_miss_points(nerve: str, rows: Sequence[Validated] | None = None) -> float:
    """How far off most published figures on a nerve were, in percentage points.

    Args:
        nerve: its name; figures on all nerves count where it has few.
        rows: instead of those of the last validation; no row at all gives 100.

    Example:
        >>> typical_miss_points("ulnar", [])
        100.0
    """
    every = validated() if rows is None else rows
    here = [row.off_points for row in every if row.nerve == nerve]
    off = here if len(here) >= FEWEST else [row.off_points for row in every]
    return float(np.quantile(off, MOST)) if off else 100.0


def _goals(result: Result) -> list[tuple[str, Callable[[str], NDArray[np.bool_]]]]:
    moved, felt = muscles(result), skins(result)
    found: list[tuple[str, Callable[[str], NDArray[np.bool_]]]] = []
    if moved:
        found += [
            (
                "every muscle moves its part against gravity (M3)",
                lambda arm: least_grade(result, arm, moved) >= AGAINST_GRAVITY_MRC,
            ),
            (
                "full strength everywhere (M5)",
                lambda arm: least_grade(result, arm, moved) >= FULL_MRC,
            ),
        ]
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


def _index(result: Result, month: int) -> int | None:
    """The last day computed that is not later than a month; None beyond the end."""
    day = month * DAYS_A_MONTH
    if result.days[-1] < day - 1:  # a year is written as 365 days and as 365.25
        return None
    return int(np.searchsorted(result.days, day, side="right")) - 1


def _cell(one: Chance, k: int) -> str:
    percent = one.percent[k]
    if percent != percent:
        return ""
    return f"{percent_of(percent / 100)} ({one.low[k]:.0f} to {one.high[k]:.0f})"
