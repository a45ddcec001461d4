"""Every measured value with its limit, its verdict and the other side: the rows of findings.csv."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from tinel.cohort.summary import quantiles
from tinel.exam.limb import Floats
from tinel.exam.limits import Limit, limit, side_share, tells_of_block, touch_limit
from tinel.exam.protocol import Measure, healthy_marking
from tinel.nerve.anatomy import Nerve, Study
from tinel.report.numerals import day as written_day
from tinel.report.numerals import number
from tinel.result import Result

RATIO = "amplitude against distal"
SIZE = "amplitude"


@dataclass(frozen=True)
class Finding:
    """One value as it is written; fields are the columns of findings.csv, in their order.

    ``value`` is the middle twin's and ``other_side`` that of its healthy side; ``twins_p5`` and
    ``twins_p95`` bound 90 % of all twins. ``abnormal`` is empty where nothing says what is
    normal; ``criterion`` says what decided, see ``verdict``. On the healthy side ``day`` and
    ``arm`` are empty.
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


def findings(result: Result) -> tuple[Finding, ...]:
    """All findings: the healthy side, then every arm and exam day in the order of the case."""
    nerve, healthy = result.healthy.limb.nerve, result.healthy.values
    marking = healthy_marking(result.healthy.limb)
    rows = []
    for measure, value in healthy.items():
        over = result.table["healthy", *measure]
        tells = ratio_tells(nerve, measure, healthy)
        rows.append(_finding(nerve, marking, "", "", measure, value, None, over, tells))
    for arm, visits in result.visits.items():
        for when, visit in visits.items():
            for measure, value in visit.values.items():
                over = result.table["exam", arm, written_day(when), *measure]
                other = healthy[measure]
                tells = ratio_tells(nerve, measure, visit.values)
                day = written_day(when)
                rows.append(_finding(nerve, marking, day, arm, measure, value, other, over, tells))
    return tuple(rows)


def _finding(
    nerve: Nerve,
    marking: float,
    day: str,
    arm: str,
    measure: Measure,
    value: float,
    other: float | None,
    over: Floats,
    tells: bool,
) -> Finding:
    bound = bound_of(nerve, marking, measure)
    abnormal, criterion = verdict(bound, measure, value, other, tells)
    spread = quantiles(over)
    return Finding(
        day=day,
        arm=arm,
        side="healthy" if other is None else "affected",
        test=measure.test,
        nerve=nerve.name,
        site=measure.site,
        quantity=measure.quantity,
        value=number(value, measure.unit),
        unit=measure.unit,
        normal_limit=_limit_text(bound, measure, marking),
        abnormal=abnormal,
        criterion=criterion,
        other_side="" if other is None else number(other, measure.unit),
        study=measure.study,
        twins_p5=number(float(spread[0]), measure.unit),
        twins_p95=number(float(spread[4]), measure.unit),
    )


def bound_of(nerve: Nerve, marking: float, measure: Measure) -> Limit | None:
    """The normal limit of a measure; ``marking`` is the filament that healthy skin feels."""
    if measure.test == "touch":
        return touch_limit(marking)
    return limit(measure, study_of(nerve, measure.study))


def study_of(nerve: Nerve, name: str) -> Study | None:
    """The conduction study of that name; None for a muscle or a patch of skin."""
    return next((s for s in nerve.studies if s.name == name), None)


def verdict(
    bound: Limit | None,
    measure: Measure,
    value: float,
    other: float | None,
    tells: bool = True,
) -> tuple[str, str]:
    """Whether a value is abnormal, and by which criterion.

    Laboratories judge by their limit of normal and by the patient's other side. A response below
    half of the other side's is abnormal whatever its limit. A limit that the other side breaks
    too is no sign of the injury. Where the distal response is absent or too small (not ``tells``,
    see ``ratio_tells``) there is no ratio to judge.

    Args:
        other: the value of the other side, None on the healthy side itself.

    Returns:
        ``yes``, ``no``, or empty where nothing says what is normal; and ``limit``, ``other side``,
        ``limit and other side``, ``limit broken on both sides`` (which is a ``no``), or empty.

    Example:
        >>> size = Measure("motor conduction", "a study", "wrist", "amplitude", "mV")
        >>> verdict(Limit(4.0, lower=True), size, 5.0, 12.0), verdict(None, size, 8.0, None)
        (('yes', 'other side'), ('', ''))
        >>> verdict(Limit(4.0, lower=True), size, 3.0, 3.5)
        ('no', 'limit broken on both sides')
    """
    if measure.quantity == RATIO and (math.isnan(value) or not tells):
        return "", ""
    against_side = measure.quantity == SIZE and other is not None and other > 0
    small = against_side and value < side_share() * (other or 0.0)
    if bound is None and not against_side:
        return "", ""
    broken = bound is not None and bound.broken(value)
    alike = broken and bound is not None and other is not None and bound.broken(other)
    criteria = (("limit", broken and not alike), ("other side", small))
    found = [name for name, holds in criteria if holds]
    if found:
        return "yes", " and ".join(found)
    return "no", "limit broken on both sides" if alike else ""


def ratio_tells(nerve: Nerve, measure: Measure, values: Mapping[Measure, float]) -> bool:
    """Whether a drop could mean block: true but for ratios to a distal response too small."""
    study = study_of(nerve, measure.study)
    if measure.quantity != RATIO or study is None:
        return True
    first = study.sites[0].name
    distal = next(m for m in values if (m.study, m.site, m.quantity) == (study.name, first, SIZE))
    bound = limit(distal, study)
    return tells_of_block(values[distal], bound.value if bound else None)


def _limit_text(bound: Limit | None, measure: Measure, marking: float) -> str:
    if bound is not None and measure.test == "touch":
        return f"≤ {number(marking, measure.unit)}"
    if bound is not None:
        return bound.text
    half = f"≥ {100 * side_share():.0f} % of the other side"
    return half if measure.quantity == "amplitude" else ""
