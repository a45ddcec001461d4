"""The answer in numbers: damage, natural recovery, and what each arm adds."""

from __future__ import annotations

import numpy as np

from tinel.cohort.summary import quantiles
from tinel.declare.quantity import shown_day
from tinel.evidence import GRADES
from tinel.exam.limb import Floats
from tinel.report.class_figure import class_percent, spoken
from tinel.report.hurt_parts import FULL_MRC, PARALYSED_MRC, first_hurt, least_grade, muscles
from tinel.report.number_format import interval, percent_of, signed
from tinel.result import Result

LEAST_FALL = 2.0  # percentage points; what is less is not spoken of


def in_numbers(result: Result) -> tuple[tuple[str, str], ...]:
    """A heading and a sentence each: damage, waiting, then every treated arm."""
    return (
        ("Damage", damage_sentence(result)),
        ("Natural recovery", waiting_sentence(result)),
        *arm_sentences(result),
    )


def damage_sentence(result: Result) -> str:
    """Seddon's classes soon after the injury and at the last examination, in percent."""
    days = result.case.exam_days
    words = {
        "neurapraxia": "are blocked though their axon is whole (neurapraxia)",
        "axonotmesis": "have a broken axon in a whole tube or one partly whole (axonotmesis)",
        "neurotmesis": "are severed with their tubes (neurotmesis)",
    }
    # an injury may begin after the first examination
    unhurt = class_percent(result, "Seddon", "unhurt")
    k = next((k for k in range(len(days)) if (unhurt[:, k] < 100).any()), 0)
    first = [f"{_percent(result, name, k)} {told}" for name, told in words.items()]
    last = [f"{_percent(result, name, -1)} {name}" for name in words]
    broken = sum(class_percent(result, "Seddon", n)[:, -1] for n in ("axonotmesis", "neurotmesis"))
    then = int(np.searchsorted(result.days, days[-1]).clip(0, len(result.days) - 1))
    home = result.twins(result.waiting, "joined axons")[:, then]
    back = np.maximum(home - (100 - broken), 0.0)
    last_day = shown_day(days[-1])
    return (
        f"on day {shown_day(days[k])}, of the fibres at the injury, {first[0]}, {first[1]}, and "
        f"{first[2]}; on day {last_day}, left alone: {', '.join(last)}. An axon keeps the class of "
        f"its break after it has grown back: on day {last_day} {_percents(back)} of all fibres are "
        f"broken ones that are back in their own muscle or skin. Means over the twins, with 90 % "
        f"of them in brackets."
    )


def _percent(result: Result, name: str, k: int) -> str:
    return _percents(class_percent(result, "Seddon", name)[:, k])


def _percents(values: Floats) -> str:
    mean, space, rest = spoken(values).partition(" ")
    return f"{mean} %{space}{rest}"


def waiting_sentence(result: Result) -> str:
    """What comes back while nothing is done."""
    arm, end = result.waiting, shown_day(result.days[-1])
    conducting = interval(result.curve(arm, "conducting fibres")[:, -1], "")
    told = (
        f"waiting, {conducting} % of the fibres at the injury conduct on day {end}: median, with "
        f"90 % of {result.case.run.twins} virtual twins in brackets."
    )
    names = muscles(result)
    if names:
        least, k = least_grade(result, arm, names), first_hurt(result)
        told += (
            f" The weakest muscle of each twin is on day {shown_day(result.days[k])} "
            f"{_by_grade(least[:, k])}, and on day {end} {_by_grade(least[:, -1])}."
        )
    return told + _worsening(result)


def _by_grade(grades: Floats) -> str:
    """How many twins have which grades; shares of one whole, which no median contradicts."""
    lame, full = grades <= PARALYSED_MRC, grades >= FULL_MRC
    parts = (
        (full, f"MRC {FULL_MRC}"),
        (~full & ~lame, f"{PARALYSED_MRC + 1} or {FULL_MRC - 1}"),
        (lame, f"0 to {PARALYSED_MRC} (paralysed)"),
    )
    return ", ".join(f"{name} in {percent_of(float(v.mean()))} %" for v, name in parts)


def _worsening(result: Result) -> str:
    """That the median falls again after the first days, as a lasting cause makes it, and when."""
    after = first_hurt(result)
    median = result.curve(result.waiting, "conducting fibres")[2][after:]
    highest = np.maximum.accumulate(median)
    worst = int((highest - median).argmax())
    if highest[worst] - median[worst] < LEAST_FALL:
        return ""
    top = int(median[: worst + 1].argmax())
    days = result.days[after:]
    return (
        f" In between the median falls from {median[top]:.0f} % on day {shown_day(days[top])} to "
        f"{median[worst]:.0f} % on day {shown_day(days[worst])}, as the cause still acts."
    )


def arm_sentences(result: Result) -> tuple[tuple[str, str], ...]:
    """What each treated arm adds, twin by twin; one name and sentence per arm."""
    told = []
    for plan in result.plans:
        if plan.name == result.waiting:
            continue
        gain = result.twins(plan.name, "conducting fibres") - result.twins(
            result.waiting, "conducting fibres"
        )
        if not gain.any():
            told.append(
                (
                    plan.name,
                    "no difference from waiting in any twin. "
                    + (
                        "No trial shows an effect on axons, so none is assumed."
                        if not any(i.acts for i in plan.interventions)
                        else "What it changes does not matter here."
                    ),
                )
            )
        else:
            low, _, mid, _, high = quantiles(gain[:, -1])
            told.append(
                (
                    plan.name,
                    f"{signed(mid)} percentage points of conducting fibres on the last day "
                    f"({signed(low)} to {signed(high)} in 90 % of twins): the median of paired "
                    f"differences, each twin beside itself waiting, which is not the difference "
                    f"of the medians; evidence: {GRADES[plan.evidence_grade]}.",
                )
            )
    return tuple(told)
