"""The findings of a patient beside what the twins show on that day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tinel.case.observed import Event, Observed
from tinel.cohort.summary import quantiles
from tinel.declare.quantity import shown_day
from tinel.exam.limb import Bools, Floats
from tinel.infer.fit import Fit
from tinel.report.figure import Table, table
from tinel.report.number_format import interval, percent_of
from tinel.result import Result

LEAST = 0.05  # of the twins; what fewer show does not fit
STORY_ALONE = Fit()
_HEAD = ("finding", "told", "day", "twins: median (90 %)", "fits")


def findings_beside(
    result: Result,
    observed: Sequence[Observed],
    fit: Fit = STORY_ALONE,
    events: Sequence[Event] = (),
) -> Table | None:
    """One row per finding, then per event; None where none is told.

    Args:
        result: whose twins are shown, under what was done.
        observed: the findings.
        events: what happened, or has not happened yet.
        fit: how well each agrees, where the twins were chosen by them.
    """
    if not observed and not events:
        return None
    surprise: dict[str, float] = {}
    for one in fit.surprises:  # an event has two, and the worse one counts
        surprise[one.where] = min(one.probability, surprise.get(one.where, 1.0))
    rows = [_row(result, found, surprise) for found in observed]
    rows += [_event_row(result, event, surprise) for event in events]
    used = bool(fit.surprises) and fit.fits
    chosen = "chosen to match them" if used else "none of which was chosen to match them"
    return table(f"Findings of the patient, beside the twins, {chosen}", _HEAD, rows, wide=True)


def _event_row(result: Result, one: Event, surprise: Mapping[str, float]) -> list[str]:
    what = ", ".join(part for part in (one.test, one.subject, one.quantity) if part)
    days = f"after {shown_day(one.not_before_day)}"
    if np.isfinite(one.by_day):
        days += f", by {shown_day(one.by_day)}"
    met = None if one.of_other_side else _happened(result, one)
    if met is None:
        return [what, one.text, days, "not compared", _answer(surprise.get(one.where))]
    fraction = float(met.mean())
    shown = f"so in {percent_of(fraction)} %"
    return [what, one.text, days, shown, _answer(surprise.get(one.where, fraction))]


def _happened(result: Result, one: Event) -> Bools | None:
    """Which twins had not reached it by the one day and have by the other, ``(n_twin,)``."""
    for labels, _, values in result.outcomes.curves.rows():
        if labels == {
            "arm": result.case.done,
            "bound": "",
            "quantity": one.quantity,
            "target": one.subject,
        }:
            then = [
                max(int(np.searchsorted(result.days, day, side="right")) - 1, 0)
                for day in (one.not_before_day, min(one.by_day, result.days[-1]))
            ]
            before, after = (values[:, k] >= one.reaches for k in then)
            return np.asarray(~before & (after | np.isinf(one.by_day)))
    return None


def _answer(probability: float | None) -> str:
    return "" if probability is None else ("yes" if probability >= LEAST else "no")


def _row(result: Result, one: Observed, surprise: Mapping[str, float]) -> list[str]:
    what = ", ".join(part for part in (one.test, one.subject, one.site, one.quantity) if part)
    days = shown_day(one.first_day)
    if np.isinf(one.last_day):
        days += " or later"
    elif one.last_day != one.first_day:
        days += f" to {shown_day(one.last_day)}"
    values = _values(result, one)
    if values is None:
        return [what, one.text, days, "not examined on that day", ""]
    unit = "% of the other side" if one.of_other_side else one.unit
    fraction = _fraction(one, values)
    answer = _answer(surprise.get(one.where, fraction)) or "not compared"
    seen = ~(np.isnan(values) | (values == 0)) if one.state in ("absent", "present") else None
    scale = " to " in unit or unit == "marking"  # whose numbers stand by themselves
    shown = interval(quantiles(values), unit) + ("" if scale else f" {unit}")
    if seen is not None:
        shown = f"present in {percent_of(float(seen.mean()))} %"
    return [what, one.text, days, shown.strip(), answer]


def _values(result: Result, one: Observed) -> Floats | None:
    """The twins' values on the last exam day within the days told, ``(n_twin,)``."""
    if one.side == "healthy":
        return _found(result, one, None)
    days = [d for d in result.outcomes.exam_days if one.first_day <= d <= one.last_day]
    found = _found(result, one, days[-1]) if days else None
    return _on_curve(result, one) if found is None and not one.of_other_side else found


def _on_curve(result: Result, one: Observed) -> Floats | None:
    """The twins' values on the last day told of what is computed on every day."""
    for labels, _, values in result.outcomes.curves.rows():
        here = (labels["arm"], labels["bound"], labels["quantity"])
        if here == (result.case.done, "", one.quantity) and labels["target"] in ("", one.subject):
            k = int(np.searchsorted(result.days, one.last_day, side="right")) - 1
            return values[:, max(k, 0)]
    return None


def _found(result: Result, one: Observed, day: float | None) -> Floats | None:
    exams = result.outcomes.healthy if day is None else result.outcomes.exams
    wanted = {"test": one.test, "subject": one.subject, "quantity": one.quantity}
    if day is not None:
        wanted |= {"arm": result.case.done, "day": f"{day:g}"}
    for labels, _, values in exams.rows():
        site = labels["site"]
        if all(labels[k] == v for k, v in wanted.items()) and one.site in ("", site):
            if not one.of_other_side or day is None:
                return values
            other = result.outcomes.healthy.of(
                test=one.test, subject=one.subject, quantity=one.quantity, site=site
            )
            return np.asarray(100 * values / other)
    return None


def _fraction(one: Observed, values: Floats) -> float | None:
    """Fraction of the twins that show what is told; that many lie at least as far out, of a value.

    None where the words ask for a limit.
    """
    there = ~np.isnan(values) & (values != 0)
    if one.state in ("absent", "present"):
        return float((there if one.state == "present" else ~there).mean())
    if one.state in ("normal", "reduced"):
        return None
    return 2 * min(float((values <= one.high).mean()), float((values >= one.low).mean()))
