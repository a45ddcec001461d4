"""Chapter three: when recovery may show, how far it may go, and what would change the plan."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from tinel import evidence
from tinel.cohort.summary import quantiles
from tinel.evidence import GRADES
from tinel.exam.limb import Floats
from tinel.exam.meaning import settled_d
from tinel.report.figure import Figure, Table, table
from tinel.report.forecast_figure import forecast_figure, injured_targets
from tinel.report.numerals import interval
from tinel.result import Result

RULE_RATE_mm_per_day, RULE_REST_d = 1.0, 28.0  # the rule of thumb, shown beside the forecast
_WINDOW = (
    ("course.sheath.growth", "A block alone clears by itself"),
    ("course.clock.human_over_rat", "Late repair does worse"),
    ("course.readiness.muscle_tau", "Muscle waits, but not for ever"),
)


@dataclass(frozen=True)
class Recovery:
    """What the third chapter shows."""

    figure: Figure
    signs: Table
    rule: str
    plan: tuple[str, ...]
    window: tuple[tuple[str, str, str], ...]  # heading, what the source says, the number used


def recovery(result: Result) -> Recovery:
    """Collect the third chapter."""
    return Recovery(
        figure=forecast_figure(result),
        signs=first_signs(result),
        rule=_rule(),
        plan=(*_block_rule(), *_axon_rule(result)),
        window=tuple(_fact(key, head) for key, head in _WINDOW),
    )


def first_signs(result: Result) -> Table:
    """When the first and half of the broken axons are back, per target, while waiting."""
    rows = []
    for name in injured_targets(result):
        lost, never, first, half = (
            result.table["arrival", result.waiting, what, name]
            for what in ("lost", "never", "first_d", "half_d")
        )
        away = _distance_mm(result, name)
        rows.append(
            [
                name,
                f"{away:.0f} mm",
                f"{interval(quantiles(100 * lost), '')} %",
                _date(first),
                _date(half),
                f"{interval(quantiles(100 * never), '')} %" if (lost > 0).any() else "",
                f"day {RULE_REST_d + away / RULE_RATE_mm_per_day:.0f}",
            ]
        )
    return table(
        f"First signs while waiting: median (90 % of twins), axons broken by day "
        f"{result.days[-1]:.0f}",
        (
            "target",
            "way from the injury",
            "axons lost",
            "first sign (1 in 20 back)",
            "half back",
            "never back",
            "rule of thumb",
        ),
        rows,
        wide=True,
    )


@dataclass(frozen=True)
class First:
    """The first sign in a target: ``median_d`` and ``late_d`` (95 %) over the twins that ever show
    one, and the share of twins with broken axons that never do."""

    target: str
    median_d: float
    late_d: float
    never: float


def first_expected(result: Result) -> First | None:
    """The target that shows the first sign; None where none ever does."""
    found = []
    for name in injured_targets(result):
        first = result.table["arrival", result.waiting, "first_d", name]
        known = first[~np.isnan(first)]
        back = known[np.isfinite(known)]
        if back.size:
            late = float(np.quantile(back, 0.95))
            found.append(First(name, float(np.median(back)), late, 1 - back.size / known.size))
    return min(found, key=lambda f: f.median_d, default=None)


def _date(values: Floats) -> str:
    known = values[~np.isnan(values)]
    if not known.size:
        return "no axon lost"
    never = 100 * float(np.isinf(known).mean())
    if never == 100:
        return "never, in any twin"
    share = "<1" if 0 < never < 1 else f"{never:.0f}"
    tail = f"; never in {share} % of twins" if never > 0 else ""
    return f"day {interval(quantiles(values), 'days')}{tail}"


def _distance_mm(result: Result, name: str) -> float:
    lesion = next(iter(result.visits[result.waiting].values())).limb.lesion
    assert lesion is not None
    return result.healthy.limb.nerve.target(name).path_mm - float(lesion.site_mm[0])


def _rule() -> str:
    rate, delay = evidence.number("course.growth.rate"), evidence.number("course.growth.delay")
    return (
        f"The rule of thumb says 1 mm a day (about an inch a month) after four weeks. The forecast "
        f"uses {rate.value:g} mm/day ({GRADES[rate.grade]}), spread between people and fibres, "
        f"after a rest of {delay.value:g} days ({delay.spread}; {GRADES[delay.grade]}), and then "
        f"asks whether the axon gets past the scar and whether its target still takes it."
    )


def _block_rule() -> tuple[str, ...]:
    return (
        f"From day {math.ceil(settled_d('motor'))} (motor) and day "
        f"{math.ceil(settled_d('sensory'))} (sensory) on, a study beyond the injury tells block "
        f"from axon loss; before, a normal one proves nothing.",
        "A block from pressure that is over clears by itself: in this model the response is back "
        "after 3 to 4 weeks and the velocity after 8; published, conduction was normal after 6 to "
        "8 weeks (Trojaborg 1970). What is left after that is, in this model, axon loss or "
        "pressure that goes on.",
    )


def _axon_rule(result: Result) -> tuple[str, ...]:
    if not any(
        (result.table["arrival", result.waiting, "lost", t] > 0).any()
        for t in injured_targets(result)
    ):
        return ("No axon breaks in any twin, so no date of regrowth is expected.",)
    first = first_expected(result)
    if first is None:
        return (
            "While waiting no broken axon comes back in any twin, at whatever date: there is no "
            "first sign to wait for.",
        )
    told = [
        f"The first sign of regrowth in these twins is in {first.target}: day "
        f"{first.median_d:.0f} (median; by day {first.late_d:.0f} in 95 % of the twins that ever "
        f"show one; {100 * first.never:.0f} % of those with broken axons never do). A sign that "
        f"is still missing then is, in this model, rarely followed by recovery without treatment."
    ]
    if first.late_d > result.days[-1]:
        told.append(f"Dates after day {result.days[-1]:.0f} lie beyond the time computed.")
    muscle = result.healthy.limb.nerve.target(first.target).kind == "motor"
    lost = float(np.median(result.table["arrival", result.waiting, "lost", first.target]))
    if muscle and lost < evidence.value("exam.muscle.weakness_axon_loss"):
        told.append(
            f"Half of the twins lose {100 * lost:.0f} % or less of the axons to that muscle: what "
            f"such a loss leaves standing moves it without regrowth."
        )
    return tuple(told)


def _fact(key: str, head: str) -> tuple[str, str, str]:
    number = evidence.number(key)
    source = number.source[:1].upper() + number.source[1:]
    used = f"{number.value:g} {number.unit}".removesuffix(" 1")
    return (
        head,
        source,
        f"the model's number: {used}, range {number.spread}; {GRADES[number.grade]}",
    )
