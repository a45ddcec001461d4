"""The rows of course.csv: quantiles of every curve on every day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tinel.cohort.summary import quantiles
from tinel.report.number_format import day as written_day
from tinel.report.number_format import number
from tinel.result import Result


@dataclass(frozen=True)
class CourseRow:
    """One quantity on one day; fields are the columns of course.csv, in their order.

    ``bound`` is empty for the arm itself, ``low`` and ``high`` for the ends of its sensitivity
    range (least and most help). ``p5`` to ``p95`` are quantiles over the twins.
    """

    day: str
    arm: str
    bound: str
    quantity: str
    target: str
    unit: str
    p5: str
    p25: str
    p50: str
    p75: str
    p95: str


def course_rows(result: Result) -> Iterator[CourseRow]:
    """All rows, by curve in the order they were computed, then by day."""
    for labels, unit, values in result.outcomes.curves.rows():
        spread = quantiles(values)
        for k, when in enumerate(result.days):
            written = (number(float(x), unit) for x in spread[:, k])
            yield CourseRow(
                written_day(when),
                labels["arm"],
                labels["bound"],
                labels["quantity"],
                labels["target"],
                unit,
                *written,
            )
