"""Chapter four: the arms side by side, natural recovery first, with what the evidence says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.cohort.summary import quantiles
from tinel.declare.quantity import shown_day
from tinel.evidence import GRADES
from tinel.report.claims import Said, said
from tinel.report.figure import Figure, Table, table
from tinel.report.forecast_figure import Curve, arms_figure, curves
from tinel.report.number_format import interval, number, signed
from tinel.report.pain_treatments import pain_sentence
from tinel.report.palette import arm_colour
from tinel.result import Result
from tinel.symptom.symptoms import PAIN
from tinel.treatment import Plan


@dataclass(frozen=True)
class ArmText:
    """One arm in words: what is done, how firm that is, what is known, what it adds."""

    name: str
    colour: str
    done: str
    evidence_grade: str
    says: str
    note: str
    verdict: str
    pain: str


@dataclass(frozen=True)
class Treatments:
    """What the fourth chapter shows."""

    arms: tuple[ArmText, ...]
    figure: Figure
    differences: Table | None
    ranges: Table | None
    said: Said


def treatments(result: Result) -> Treatments:
    """Collect the fourth chapter."""
    ordered = sorted(result.plans, key=lambda p: p.name != result.waiting)
    treated = [p for p in ordered if p.name != result.waiting]
    shown = curves(result)
    return Treatments(
        arms=tuple(_arm(result, plan, k) for k, plan in enumerate(ordered)),
        figure=arms_figure(result),
        differences=_differences(result, treated, shown) if treated else None,
        ranges=_ranges(result, [p for p in treated if p.low is not None], shown),
        said=said(result.case),
    )


def verdict(result: Result, plan: Plan) -> str:
    """What an arm adds to waiting, in a sentence that says zero where it is zero, and why."""
    if plan.name == result.waiting:
        return "Natural recovery: what every other arm has to be compared with."
    if not _changes(result, plan.name):
        eased = _eased_percent(result, plan.name)
        but = " but for pain" if eased else ""
        then = f" Pain is less in {eased:.0f} % of twins while it is given." if eased else ""
        if plan.high and not any(i.acts for i in plan.high.interventions):
            same = "Nerve and muscle are exactly as in waiting, in every twin on every day."
            return f"{same}{then}"
        if not any(i.acts for i in plan.interventions):
            return (
                f"Exactly zero difference from waiting{but}, in every twin on every day: no "
                "controlled trial has measured an effect on axons, strength or touch, so by "
                f"default none is assumed. Only the stated range differs.{then}"
            )
        return (
            f"Exactly zero difference from waiting{but}, in every twin on every day: what it "
            f"changes plays no part in this injury within the time computed.{then}"
        )
    low, _, mid, _, high = quantiles(_gain(result, plan.name, "conducting fibres", "")[:, -1])
    better = 100 * float((_gain(result, plan.name, "conducting fibres", "")[:, -1] > 0).mean())
    return (
        f"Against waiting, each twin beside itself: {signed(mid)} percentage points of conducting "
        f"fibres on the last day (median of the paired differences; 90 % of twins {signed(low)} to "
        f"{signed(high)}); {better:.0f} % of twins gain. "
        f"The size rests on numbers of this grade: {GRADES[plan.evidence_grade]}."
    )


def _arm(result: Result, plan: Plan, index: int) -> ArmText:
    days = ", ".join(shown_day(i.day) for i in plan.interventions)
    note = next((a.note for a in result.case.arm if a.name == plan.name), None)
    return ArmText(
        name=plan.name,
        colour=arm_colour(index),
        done=f"{plan.treatment} on day {days}" if days else "nothing is done",
        evidence_grade=_evidence_grade(plan),
        says=plan.says,
        note=note or "",
        verdict=verdict(result, plan),
        pain=pain_sentence(plan),
    )


def _evidence_grade(plan: Plan) -> str:
    if not plan.evidence_grade:
        return "Nothing is done, so there is no effect to grade"
    return f"Grade of the evidence: {plan.evidence_grade}: {GRADES[plan.evidence_grade]}"


def _gain(result: Result, arm: str, quantity: str, target: str) -> NDArray[np.float64]:
    treated = result.twins(arm, quantity, target)
    waited = result.twins(result.waiting, quantity, target)
    # from not felt to not felt nothing has changed
    same = treated == waited
    return np.where(same, 0.0, treated - np.where(same, 0.0, waited))


def _changes(result: Result, arm: str) -> bool:
    return any(
        not np.array_equal(
            values, result.twins(result.waiting, labels["quantity"], labels["target"])
        )
        for labels, _, values in result.outcomes.curves.rows()
        if (labels["arm"], labels["bound"]) == (arm, "") and labels["quantity"] != PAIN
    )


def _eased_percent(result: Result, arm: str) -> float:
    """Twins in percent that have less pain on some day than they have while waiting."""
    less = result.twins(arm, PAIN) < result.twins(result.waiting, PAIN)
    return 100.0 * float(less.any(axis=1).mean())


def _drawn(curve: Curve) -> tuple[str, str, str]:
    # differences of force and percentages say more than those of grades and filaments
    if curve.quantity == "finest filament felt":
        return "touch fibres", "%", f"{curve.target}: touch fibres, %"
    name = f"{curve.target}: force, %" if curve.target else "fibres that conduct, %"
    return curve.quantity, "%", name


def _differences(result: Result, plans: list[Plan], shown: tuple[Curve, ...]) -> Table:
    rows = []
    for curve in shown:
        quantity, _, name = _drawn(curve)
        row = [name]
        for plan in plans:
            gain = _gain(result, plan.name, quantity, curve.target)[:, -1]
            row.append(interval(quantiles(gain), "%") if gain.any() else "0 in every twin")
        rows.append(row)
    return table(
        f"Paired differences to waiting on day {shown_day(result.days[-1])}, each twin beside "
        "itself: median (90 % of twins), which is not the difference of the medians",
        ("", *(p.name for p in plans)),
        rows,
        wide=True,
    )


def _ranges(result: Result, plans: list[Plan], shown: tuple[Curve, ...]) -> Table | None:
    if not plans:
        return None
    rows = []
    for curve in shown:
        quantity, unit, name = _drawn(curve)
        row = [name]
        for plan in plans:
            least, value, most = (
                number(float(result.curve(plan.name, quantity, curve.target, b)[2, -1]), unit)
                for b in ("low", "", "high")
            )
            row.append(f"{least} – {value} – {most}")
        rows.append(row)
    return table(
        "Sensitivity: median on the last day with the least help – as set – with the most help. "
        "The ends may coincide, and more help need not mean a larger number: an axon that breaks "
        "earlier may also regrow earlier.",
        ("", *(p.name for p in plans)),
        rows,
        wide=True,
    )
