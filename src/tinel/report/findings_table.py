"""The rows of findings.csv: every finding as it is written, with its day, arm and all twins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinel.cohort.summary import quantiles
from tinel.exam.findings import Finding, findings
from tinel.exam.limb import Floats
from tinel.exam.test import known_tests
from tinel.report.number_format import day as written_day
from tinel.report.number_format import number
from tinel.result import Result


@dataclass(frozen=True)
class FindingRow:
    """One finding as it is written; fields are the columns of findings.csv, in their order.

    ``value`` is the middle twin's and ``other_side`` that of its healthy side; ``twins_p5`` and
    ``twins_p95`` bound 90 % of the ``twins_with_value`` twins that have one; all three are empty of
    a test that only the middle twin gets. ``abnormal`` is empty
    where nothing says what is normal; ``criterion`` says what decided, see
    ``exam.side_comparison.verdict``. ``study`` is a conduction study, a muscle or a patch of skin.
    On the healthy side ``day`` and ``arm`` are empty.
    """

    day: str
    arm: str
    side: str
    test: str
    nerve: str
    site: str
    quantity: str
    value: str
    unit: str
    normal_limit: str
    abnormal: str
    criterion: str
    other_side: str
    study: str
    twins_p5: str
    twins_p95: str
    twins_with_value: str


def finding_rows(result: Result) -> tuple[FindingRow, ...]:
    """All findings: the healthy side, then every arm and exam day in the order of the case."""
    outcomes, rows = result.outcomes, []
    alone = {t.name for t in known_tests(result.case.files).values() if t.example_only}
    for finding in findings(result.healthy):
        over = None if finding.test in alone else outcomes.healthy.of(**_labels(finding))
        rows.append(_row("", "", finding, over))
    for arm, visits in result.visits.items():
        for when, visit in visits.items():
            day = written_day(when)
            for finding in findings(visit, result.healthy):
                labels = {"arm": arm, "day": day, **_labels(finding)}
                over = None if finding.test in alone else outcomes.exams.of(**labels)
                rows.append(_row(day, arm, finding, over))
    return tuple(rows)


def _labels(finding: Finding) -> dict[str, str]:
    names = ("test", "subject", "site", "quantity")
    return {name: getattr(finding, name) for name in names}


def _row(day: str, arm: str, finding: Finding, over: Floats | None) -> FindingRow:
    unit, other = finding.unit, finding.other_side
    spread = quantiles(np.array([np.nan]) if over is None else over)
    return FindingRow(
        day=day,
        arm=arm,
        side=finding.side,
        test=finding.test,
        nerve=finding.nerve,
        site=finding.site,
        quantity=finding.quantity,
        value=number(finding.value, unit),
        unit=unit,
        normal_limit=finding.limit,
        abnormal={True: "yes", False: "no", None: ""}[finding.abnormal],
        criterion=finding.criterion,
        other_side="" if other is None else number(other, unit),
        study=finding.subject,
        twins_p5=number(float(spread[0]), unit),
        twins_p95=number(float(spread[4]), unit),
        twins_with_value="" if over is None else str(int((~np.isnan(over)).sum())),
    )
