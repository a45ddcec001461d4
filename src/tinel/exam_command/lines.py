"""One line per measured value: the example's, its limit and flag, and the twins beside it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from tinel.cohort.summary import quantiles
from tinel.exam.findings import Finding, findings
from tinel.exam.limb import Floats
from tinel.exam.method import Method
from tinel.exam.response import RATIO
from tinel.exam.test import known_tests
from tinel.exam_command.compute import Examined
from tinel.report.number_format import day as written_day
from tinel.report.number_format import interval, number

EXAMPLE_ALONE = "example alone"


@dataclass(frozen=True)
class Line:
    """One measured value.

    ``study`` is a conduction study, a muscle or a patch of skin. ``value`` is the example's, None
    where the response is absent or nothing was felt (``text`` says which). ``median``, ``low`` and
    ``high`` are of the twins that have a value (5 and 95 %), ``twins`` how many they are.
    ``of_twins`` is the same in words, with ``not felt`` where nothing was felt.
    ``flag`` is empty, ``low``, ``high`` or ``side``; ``criterion`` as in ``exam.side_comparison``;
    ``method`` says how it was measured.
    """

    test: str
    nerve: str
    study: str
    site: str
    quantity: str
    value: float | None
    text: str
    unit: str
    median: float | None
    low: float | None
    high: float | None
    twins: int
    of_twins: str
    limit: str
    flag: str
    abnormal: bool | None
    absent: bool
    criterion: str
    other_side: float | None
    method: Method


def lines(one: Examined) -> tuple[Line, ...]:
    """Every value of the day, in the order in which it was measured."""
    recorded = set(one.visit.examination.responses)
    known = known_tests(one.result.case.files)
    return tuple(
        _line(one, finding, finding.subject in recorded, known[finding.test].example_only)
        for finding in findings(one.visit, one.other_side)
    )


def _of_twins(one: Examined, finding: Finding) -> Floats:
    return one.result.outcomes.exams.of(
        arm=one.asked.arm,
        day=written_day(one.asked.day),
        test=finding.test,
        subject=finding.subject,
        site=finding.site,
        quantity=finding.quantity,
    )


def _line(one: Examined, finding: Finding, conduction: bool, alone: bool) -> Line:
    values = np.full(1, np.nan) if alone else _of_twins(one, finding)
    spread = quantiles(values)
    low, _, median, _, high = (float(x) for x in spread)
    absent = math.isnan(finding.value) or (
        conduction and finding.value <= 0 and finding.quantity != RATIO
    )
    return Line(
        test=finding.test,
        nerve=finding.nerve,
        study=finding.subject,
        site=finding.site,
        quantity=finding.quantity,
        value=None if absent else _plain(finding.value),
        text="absent" if absent else number(finding.value, finding.unit),
        unit=finding.unit,
        median=_plain(median),
        low=_plain(low),
        high=_plain(high),
        twins=int((~np.isnan(values)).sum()),
        of_twins=EXAMPLE_ALONE if alone else interval(spread, finding.unit),
        limit=finding.limit,
        flag=_flag(finding),
        abnormal=finding.abnormal,
        absent=absent,
        criterion=finding.criterion,
        other_side=None if finding.other_side is None else _plain(finding.other_side),
        method=finding.method,
    )


def _plain(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _flag(finding: Finding) -> str:
    if not finding.criterion:
        return ""
    if finding.criterion == "other side":
        return "side"
    return "high" if finding.limit.startswith("≤") else "low"
