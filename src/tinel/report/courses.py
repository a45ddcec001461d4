"""What the curves say on every day: the rows of course.csv, and the quantiles the figures draw."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.cohort.summary import quantiles
from tinel.exam.protocol import healthy_marking
from tinel.exam.strength import mrc
from tinel.exam.touch import filament
from tinel.report.numerals import day as written_day
from tinel.report.numerals import number
from tinel.result import Result

Floats = NDArray[np.float64]

UNITS = {
    "conducting fibres": "%",
    "joined axons": "%",
    "growth front": "mm",
    "force": "% of healthy",
    "touch fibres": "%",
    "MRC grade": "0 to 5",
    "finest filament felt": "marking",
}
DERIVED = {"force": "MRC grade", "touch fibres": "finest filament felt"}


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


def twins(result: Result, arm: str, quantity: str, target: str = "", bound: str = "") -> Floats:
    """A curve of every twin, ``(n_twin, n_day)``; also the two derived ones: MRC grade from
    force, and finest filament felt from touch fibres.

    Raises:
        KeyError: no such curve.
    """
    for measured, derived in DERIVED.items():
        if quantity == derived:
            share = result.table["curve", arm, bound, measured, target] / 100
            if measured == "force":
                return mrc(share)
            return filament(share, healthy_marking(result.healthy.limb))
    return result.table["curve", arm, bound, quantity, target]


def over_twins(
    result: Result, arm: str, quantity: str, target: str = "", bound: str = ""
) -> Floats:
    """Quantiles of a curve over the twins, ``(5, n_day)``: 5, 25, 50, 75 and 95 %."""
    return quantiles(twins(result, arm, quantity, target, bound))


def course_rows(result: Result) -> Iterator[CourseRow]:
    """All rows, by curve in the order they were computed, then by day."""
    for kind, *key in result.table:
        if kind != "curve":
            continue
        arm, bound, quantity, target = key
        for name in (quantity, DERIVED.get(quantity)):
            if name is None:
                continue
            spread = over_twins(result, arm, name, target, bound)
            for k, when in enumerate(result.days):
                written = (number(float(x), UNITS[name]) for x in spread[:, k])
                yield CourseRow(written_day(when), arm, bound, name, target, UNITS[name], *written)
