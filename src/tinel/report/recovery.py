"""Chapter three: when recovery may show, how far it may go, and what a later test can show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinel.cohort.chunk import AXONS_LOST, FIRST_BACK, HALF_BACK, NEVER_BACK
from tinel.cohort.summary import quantiles
from tinel.course import Course
from tinel.declare.quantity import shown_day
from tinel.evidence import GRADES, Parameters
from tinel.exam.limb import Bools, Floats
from tinel.exam.per_twin import of_first
from tinel.exam.signs import falls_silent_d
from tinel.report.figure import Figure, Table, table
from tinel.report.forecast_figure import forecast_figure, injured_targets
from tinel.report.number_format import NEVER as WORDS_FOR_NEVER
from tinel.report.number_format import interval, percent_of
from tinel.result import Result

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
    later: tuple[str, ...]  # what later examinations can show, as statements
    window: tuple[tuple[str, str, str], ...]  # heading, what the source says, the number used


def recovery(result: Result) -> Recovery:
    """Collect the third chapter."""
    return Recovery(
        figure=forecast_figure(result),
        signs=first_signs(result),
        rule=_rule(result.parameters),
        later=(*_block_rule(result), *_axon_rule(result)),
        window=tuple(_fact(result.parameters, key, head) for key, head in _WINDOW),
    )


def first_signs(result: Result) -> Table:
    """When the first and half of the broken axons are back, per target and arm, waiting first."""
    end, rows = result.days[-1], []
    arms = [result.waiting, *(p.name for p in result.plans if p.name != result.waiting)]
    every = ((name, arm) for name in injured_targets(result) for arm in arms)
    for name, arm in every:
        lost, never, first, half = (
            _arrivals(result, quantity, name, arm)
            for quantity in (AXONS_LOST, NEVER_BACK, FIRST_BACK, HALF_BACK)
        )
        away, treated = _distance_mm(result, name), arm != result.waiting
        if treated and np.array_equal(first, _arrivals(result, FIRST_BACK, name), equal_nan=True):
            continue  # nothing that it does brings the axons back on other days
        rows.append(
            [
                f"{name} ({arm})" if treated else name,
                f"{away:.0f} mm",
                f"{interval(quantiles(100 * lost), '')} %",
                _date(first, end),
                _date(half, end),
                f"{interval(quantiles(100 * never), '')} %" if (lost > 0).any() else "",
                # beside "in no twin" a day would be a false hope
                "–"
                if treated or _in_no_twin(first, end)
                else f"day {_by_rule_d(result.parameters, away):.0f}",
            ]
        )
    return table(
        f"First signs, waiting unless an arm is named, of axons broken by day {shown_day(end)}: "
        f"median (90 % of the twins that lose axons there). Later: not within {shown_day(end)} "
        f"days.",
        (
            "target",
            "way from the injury",
            "axons lost",
            "first sign (1 in 20 back)",
            "half back",
            "never back, at any date",
            "rule of thumb",
        ),
        rows,
        wide=True,
    )


@dataclass(frozen=True)
class First:
    """The first sign of regrowth, in the target that shows it first.

    ``median_d`` and ``late_d`` (95 %) are over the twins that show it within the time computed;
    ``missing`` is the fraction of the twins with broken axons there that do not, and
    ``missing_then`` the same fraction of the ``n_without`` without it on ``late_d`` (0 for none).
    """

    target: str
    median_d: float
    late_d: float
    missing: float
    missing_then: float
    n_without: int


def first_expected(result: Result, arm: str = "") -> First | None:
    """The target that shows the first sign; None where none does within the time computed.

    Args:
        result: whose twins are looked at.
        arm: in which; waiting where empty.
    """
    found, end = [], result.days[-1]
    for name in injured_targets(result):
        first = _arrivals(result, FIRST_BACK, name, arm)
        known = first[~np.isnan(first)]
        known = np.where(known > end, np.inf, known)
        seen = known[np.isfinite(known)]
        if not seen.size:
            continue
        median, late = (float(d) for d in quantiles(seen)[[2, 4]])
        without = known[known > late]
        then = float(np.isinf(without).mean()) if without.size else 0.0
        sign = First(name, median, late, 1 - seen.size / known.size, then, without.size)
        # over all twins, so that a target few twins reach does not come first
        found.append((float(quantiles(known)[2]), sign.median_d, sign))
    return min(found, key=lambda f: f[:2])[2] if found else None


def _arrivals(result: Result, quantity: str, target: str, arm: str = "") -> Floats:
    named = arm or result.waiting
    return result.outcomes.arrivals.of(arm=named, target=target, quantity=quantity)


def _date(values: Floats, end: float) -> str:
    known = values[~np.isnan(values)]
    if not known.size:
        return "no axon lost"
    known = np.where(known > end, np.inf, known)
    missing = float(np.isinf(known).mean())
    within = f"not within {shown_day(end)} days"
    if missing == 1:
        return f"{within}, in any twin"
    if np.isinf(quantiles(known)[0]):
        return f"{within} in {percent_of(missing)} % of twins"
    early, middle = (float(quantiles(known)[k]) for k in (0, 2))
    missed = f"{within} in {percent_of(missing)} % of twins"
    if np.isinf(middle):  # nothing but the early end of the interval is a date
        return f"{missed}; from day {shown_day(early)} in the earliest 5 %"
    told = f"day {interval(quantiles(known), 'days')}".replace(WORDS_FOR_NEVER["days"], "later")
    return f"{told}; {missed}" if missing else told


def _in_no_twin(first_d: Floats, end: float) -> bool:
    known = first_d[~np.isnan(first_d)]
    return bool(known.size) and not (known <= end).any()


def _distance_mm(result: Result, name: str) -> float:
    """Way from where most of a target's axons set out; of two injuries see ``_from_far``."""
    limb = next(iter(result.visits[result.waiting].values())).limb
    lesion, course = limb.lesion, limb.course
    far = course is not None and _from_far(course, limb.fibres_of(name))
    place = lesion.beyond if far and lesion.beyond is not None else lesion
    return result.healthy.limb.nerve.target(name).path_mm - float(place.site_mm[0])


def _from_far(course: Course, own: Bools) -> bool:
    """Whether the farther of two injuries alone breaks most of some axons that break.

    Where none does, whether the nearer one hurts nothing.
    """
    if course.near is None or course.beyond is None:
        return False
    near, far = (np.isfinite(site.cut_d[0, own]) for site in (course.near, course.beyond))
    if not (near | far).any():
        return bool(course.beyond.lesion.present[own].any() and not course.lesion.hurts[0])
    return bool((far & ~near).sum() > near.sum())


def _by_rule_d(parameters: Parameters, way_mm: float) -> float:
    """The day on which the rule of thumb has an axon arrive."""
    rest, rate = (of_first(parameters, f"course.rule.{name}") for name in ("rest", "rate"))
    return rest + way_mm / rate


def _rule(parameters: Parameters) -> str:
    rate, delay = (of_first(parameters, f"course.growth.{name}") for name in ("rate", "delay"))
    rest, usual = (of_first(parameters, f"course.rule.{name}") for name in ("rest", "rate"))
    spread = parameters.number("course.growth.delay").spread
    return (
        f"The rule of thumb says {usual:g} mm a day (about an inch a month) after a rest of "
        f"{rest:g} days. The forecast uses {rate:g} mm/day "
        f"({_firmness(parameters, 'course.growth.rate')}), spread between people and "
        f"fibres, after a rest of {delay:g} days ({spread}; "
        f"{_firmness(parameters, 'course.growth.delay')}), and then "
        "decides whether the axon gets past the scar and whether its target still takes it."
    )


def _firmness(parameters: Parameters, key: str) -> str:
    """How firm a number is, in words."""
    if key in parameters.changed:
        return "changed by hand"
    return GRADES[parameters.number(key).evidence_grade]


def _block_rule(result: Result) -> tuple[str, ...]:
    parameters = result.parameters
    (first, last), (early, late) = (falls_silent_d(k, parameters) for k in ("motor", "sensory"))
    told = (
        f"Broken axons fall silent beyond the injury between day {first} and day {last} (motor) "
        f"and day {early} and day {late} (sensory). After that a study there distinguishes block "
        f"from axon loss; before, a normal one proves nothing."
    )
    blocked = result.outcomes.classes.of(system="Seddon", name="neurapraxia")
    if not (blocked > 0).any():
        return (told,)
    recovered = parameters.number("course.block.recovery")
    return (
        told,
        f"A block from pressure that is over clears by itself. In this model (the ulnar nerve with "
        f"its whole sheath gone over 3 cm) half of the response is back within 3 weeks, nine "
        f"tenths within 7, and the velocity at 95 % of the other side's within 15; published, "
        f"conduction was normal in 6 to 8 weeks (Trojaborg 1970), and {recovered.n} "
        f"compressed radial nerves recovered in {recovered.value:.0f} ± {recovered.sd:.0f} "
        f"days. Weakness that is left after that is, in this model, axon loss or pressure that "
        f"goes on.",
    )


def _axon_rule(result: Result) -> tuple[str, ...]:
    if not any((_arrivals(result, AXONS_LOST, t) > 0).any() for t in injured_targets(result)):
        return ("No axon breaks in any twin, so no date of regrowth is expected.",)
    end = shown_day(result.days[-1])
    first = first_expected(result)
    if first is None:
        return (f"While waiting no twin shows a sign of regrowth within {end} days.",)
    muscle = result.healthy.limb.nerve.target(first.target).kind == "motor"
    where = f"the muscle {first.target}" if muscle else first.target
    without = (
        f"{percent_of(first.missing)} % of the twins with broken axons there do not show it"
        if first.missing
        else "Every twin with broken axons there shows it"
    )
    late = shown_day(first.late_d)
    told = [
        f"Regrowing axons first show in {where}: a twentieth of the broken ones is back on day "
        f"{shown_day(first.median_d)} (median), and by day {late} in 95 % of the twins that show "
        f"it within {end} days. {without} within that time."
    ]
    if first.missing:
        told.append(
            f"Of the twins without that sign on day {late}, {percent_of(first.missing_then)} % do "
            f"not show it by day {end} either, if nothing is done."
        )
    lost = float(np.median(_arrivals(result, AXONS_LOST, first.target)))
    if muscle and lost < of_first(result.parameters, "exam.muscle.weakness_axon_loss"):
        told.append(
            f"Half of the twins lose {100 * lost:.0f} % or less of the axons to that muscle: what "
            f"such a loss leaves standing moves it without regrowth."
        )
    return tuple(told)


def _fact(parameters: Parameters, key: str, head: str) -> tuple[str, str, str]:
    number = parameters.number(key)
    source = number.source[:1].upper() + number.source[1:]
    used = f"{of_first(parameters, key):g} {number.unit}".removesuffix(" 1")
    return (
        head,
        source,
        f"the model's number: {used}, range {number.spread}; {_firmness(parameters, key)}",
    )
