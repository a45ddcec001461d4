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
        "First signs while waiting: median (90 % of the twins that lose axons there)",
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


def first_expected(result: Result) -> tuple[str, float, float] | None:
    """The target that should show the first sign, its median day and the day by which 95 % of
    the twins have it whose axons come back at all; None where none ever does."""
    found = []
    for name in injured_targets(result):
        first = result.table["arrival", result.waiting, "first_d", name]
        back = first[np.isfinite(first)]
        if back.size:
            found.append((name, float(np.median(back)), float(np.quantile(back, 0.95))))
    return min(found, key=lambda f: f[1], default=None)


def _date(values: Floats) -> str:
    known = values[~np.isnan(values)]
    if not known.size:
        return "no axon lost"
    never = 100 * float(np.isinf(known).mean())
    if never == 100:
        return "never, in any twin"
    return f"{interval(quantiles(values), 'days')}; never in {never:.0f} % of twins"


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
        "A block from pressure that is over clears within 6 to 12 weeks. Weakness that is left "
        "then means axon loss, or pressure that goes on: examine again, and look for the scar.",
    )


def _axon_rule(result: Result) -> tuple[str, ...]:
    if not any(
        (result.table["arrival", result.waiting, "lost", t] > 0).any()
        for t in injured_targets(result)
    ):
        return ("No axon breaks in any twin, so no date of regrowth is expected.",)
    expected = first_expected(result)
    if expected is None:
        return (
            "While waiting no broken axon comes back in any twin, at whatever date: there is no "
            "first sign to wait for, so the question of surgery does not gain from waiting.",
        )
    name, median, late = expected
    lost = float(np.median(result.table["arrival", result.waiting, "lost", name]))
    if lost < evidence.value("exam.muscle.weakness_axon_loss"):
        return (
            f"Half of the twins lose {100 * lost:.0f} % or less of the axons to {name}, the first "
            f"target that regrowth reaches (day {median:.0f}, median): what such a loss leaves "
            f"standing moves a muscle without waiting for regrowth. If it is paralysed once a "
            f"block should have cleared, the loss is larger; without any sign by day {late:.0f} "
            f"(95 % of the twins whose axons come back) examine for surgery.",
        )
    return (
        f"The first sign is expected in {name}: day {median:.0f} (median). In 95 % of the twins "
        f"whose axons come back at all it is there by day {late:.0f}. No sign there by then "
        f"speaks against spontaneous recovery: examine for surgery, and do not wait for the "
        f"further targets.",
    )


def _fact(key: str, head: str) -> tuple[str, str, str]:
    number = evidence.number(key)
    source = number.source[:1].upper() + number.source[1:]
    used = f"{number.value:g} {number.unit}".removesuffix(" 1")
    return (
        head,
        source,
        f"the model's number: {used}, range {number.spread}; {GRADES[number.grade]}",
    )
