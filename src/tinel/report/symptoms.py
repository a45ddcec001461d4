"""Symptoms: pain and numbness in every arm, and the risk of a disease that is not computed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinel.cohort.summary import quantiles
from tinel.declare.quantity import shown_day
from tinel.report.figure import Figure, Table, table
from tinel.report.forecast_figure import Curve, arms_figure
from tinel.report.number_format import interval
from tinel.report.scale import of_ten, percent
from tinel.result import Result
from tinel.symptom import QUANTITIES, meaning
from tinel.symptom.crps import KNOWN, shown, summary
from tinel.symptom.relief import answers
from tinel.symptom.symptoms import NUMBNESS, OF_TEN, PAIN, PERCENT
from tinel.treatment import Plan

NO_ADVICE = (
    "Computed for virtual twins, with numbers that are mostly assumed. No advice for a person."
)


@dataclass(frozen=True)
class SymptomChapter:
    """What the section on symptoms shows."""

    answer: str
    figure: Figure
    told: Table | None
    relief: tuple[str, ...]
    risk: str
    risks: Table
    sources: tuple[str, ...]
    no_advice: str = NO_ADVICE


def symptom_chapter(result: Result) -> SymptomChapter:
    """Collect the section on symptoms."""
    curves = (
        Curve("Pain", PAIN, PAIN, OF_TEN, "", of_ten(), "0 to 10"),
        Curve("Numbness", NUMBNESS, NUMBNESS, PERCENT, "", percent(), "% of feeling lost"),
    )
    sources = tuple(dict.fromkeys(row.source for row in KNOWN))
    return SymptomChapter(
        answer=answer(result),
        figure=arms_figure(result, curves, "Pain and numbness in every arm", "symptoms"),
        told=_told(result),
        relief=tuple(s for plan in result.plans for s in relief_sentences(result, plan)),
        risk=summary(),
        risks=table(
            "Complex regional pain syndrome, by what was counted and by which criteria",
            ("after", "people", "% (95 % interval)", "criteria, and how looked for", "source"),
            [
                [
                    row.after,
                    row.people,
                    shown(row),
                    row.criteria,
                    str(1 + sources.index(row.source)),
                ]
                for row in KNOWN
            ],
            wide=True,
        ),
        sources=sources,
    )


def answer(result: Result) -> str:
    """One plain paragraph: how much it hurts and how numb it is in the end while waiting."""
    end, arm = shown_day(result.days[-1]), result.waiting
    pain, numb = (result.twins(arm, quantity)[:, -1] for quantity in (PAIN, NUMBNESS))
    if not pain.any() and not numb.any():
        told = f"While waiting no twin has pain or numb skin on day {end}."
    else:
        low, _, middle, _, high = quantiles(pain)
        some, much = (100 * float((pain >= least).mean()) for least in (1.0, 4.0))
        numb_middle = float(quantiles(numb)[2])
        told = (
            f"On day {end} of waiting the twin in the middle has pain of {middle:.1f} of 10 "
            f"({meaning(PAIN, float(middle))}; 90 % of twins {low:.1f} to {high:.1f}). "
            f"{some:.0f} % have pain of 1 or more, {much:.0f} % of 4 or more. In the middle twin "
            f"{numb_middle:.0f} % of the feeling beyond the injury is lost."
        )
    if not any(t.kind == "sensory" for t in result.healthy.limb.nerve.targets):
        told += " This nerve has no skin here, so its pain is not computed and stands as 0."
    return (
        f"{told} People with the same injury differ from no pain to severe pain; that spread is "
        f"assumed, and how strong the middle is was set by one published figure."
    )


def relief_sentences(result: Result, plan: Plan) -> tuple[str, ...]:
    """What remedies against pain do in an arm: who answers, and who would to a placebo."""
    twins = result.case.twins(range(result.case.run.twins))
    said = []
    for done in plan.interventions:
        if done.relief is None:
            continue
        with_it, on_placebo = (
            100 * float(answers(twins, done.relief, placebo=given).mean())
            for given in (False, True)
        )
        until = "on" if np.isinf(done.relief.ends_d) else f"to {shown_day(done.relief.ends_d)}"
        said.append(
            f"{plan.name}, {done.relief.name}: {with_it:.0f} % of the twins answer from day "
            f"{shown_day(done.day)} {until} and then have half the pain; {on_placebo:.0f} % would "
            f"answer to a placebo."
        )
    return tuple(dict.fromkeys(said))


def _told(result: Result) -> Table | None:
    exams = result.outcomes.exams
    days = [d for d in result.case.exam_days if ("symptoms", d) in _asked(result)]
    if not days:
        return None
    last = f"{days[-1]:g}"
    arms = [result.waiting, *(p.name for p in result.plans if p.name != result.waiting)]
    rows = []
    for one in QUANTITIES:
        name = {"test": "symptoms", "subject": "limb", "site": "", "quantity": one.name}
        over = (exams.of(arm=arm, day=last, **name) for arm in arms)
        rows.append(
            [f"{one.name}, {one.unit}", *(interval(quantiles(v), one.unit) for v in over), one.says]
        )
    return table(
        f"Symptoms on day {shown_day(days[-1])}: median (90 % of twins)",
        ("", *arms, "means"),
        rows,
        wide=True,
    )


def _asked(result: Result) -> set[tuple[str, float]]:
    labels = result.outcomes.exams.labels
    places = [result.outcomes.exams.names.index(name) for name in ("test", "day")]
    return {(row[places[0]], float(row[places[1]])) for row in labels}
