"""Chapter one: what happened, and the answer in a few sentences."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.case import Case, Symptom
from tinel.cohort.summary import quantiles
from tinel.declare.quantity import shown_day
from tinel.evidence import GRADES
from tinel.exam.limb import Floats
from tinel.report.class_figure import class_figure, class_percent, spoken
from tinel.report.figure import Figure, Table, table
from tinel.report.forecast_figure import injured_targets
from tinel.report.incidence import Incidence, incidence
from tinel.report.limb_figure import limb_figure
from tinel.report.number_format import interval, percent_of, signed
from tinel.report.referral import WhomToSee, whom_to_see
from tinel.report.section_figure import section_figure
from tinel.result import Result
from tinel.symptom.symptoms import PAIN

PARALYSED_MRC = 2  # and below: no movement against gravity
FULL_MRC = 5
LEAST_FALL = 2.0  # percentage points; what is less is not spoken of
HALF_OF_TOUCH, MUCH_PAIN = 50.0, 4.0


@dataclass(frozen=True)
class Overview:
    """What the first chapter shows."""

    title: str
    facts: tuple[tuple[str, str], ...]
    answers: tuple[tuple[str, str], ...]
    story: str
    symptoms: tuple[str, ...]
    told: Table | None
    in_view: str
    priors: Table | None
    incidence: Incidence | None
    figures: tuple[Figure, ...]
    whom: WhomToSee


def overview(result: Result) -> Overview:
    """Collect the first chapter."""
    case, nerve = result.case, result.healthy.limb.nerve
    return Overview(
        title=f"{nerve.title}, {case.nerve.side}: {case.cause.phrase}",
        facts=_facts(result),
        answers=(
            *plain_answers(result),
            ("Damage", damage_sentence(result)),
            ("Natural recovery", waiting_sentence(result)),
            *arm_sentences(result),
        ),
        story=case.cause.story or "",
        symptoms=tuple(symptom_sentence(s) for s in case.symptom),
        told=_told(case),
        in_view=in_view_sentence(case),
        priors=_priors(result),
        incidence=incidence(case),
        figures=(limb_figure(result), section_figure(result), class_figure(result)),
        whom=whom_to_see(result),
    )


def symptom_sentence(symptom: Symptom) -> str:
    """A symptom as told, with its day where one is given."""
    when = "" if symptom.day is None else f" (day {shown_day(symptom.day)})"
    return symptom.what + when


def _told(case: Case) -> Table | None:
    """The findings that the case states, as its writer wrote them."""
    if not case.finding:
        return None
    return table(
        "Findings as told: shown, not computed with, and no twin was chosen to match them",
        ("test", "day", "place", "quantity", "value", "unit"),
        [
            [
                f.test,
                " to ".join(shown_day(day) for day in dict.fromkeys((f.first_day, f.last_day))),
                ", ".join(filter(None, (f.place, f.site))),
                f.quantity or "",
                f.value if isinstance(f.value, str) else f"{f.value:.10g}",
                f.unit or "",
            ]
            for f in case.finding
        ],
    )


def in_view_sentence(case: Case) -> str:
    """What the symptoms had to do with the twins: which priors the case set knowing them."""
    told = "Symptoms are shown, not computed with, and no twin was chosen to match them"
    known = [(name, s) for name, s in case.cause.sizes().items() if s.symptoms_in_view]
    if not known:
        return f"{told}; the case names no prior that was set with them in view."
    ranges = "; ".join(f"{_words(name)}, {s.text} ({s.why})" for name, s in known)
    return (
        f"{told}. But the case set these sizes with them in view: {ranges}. So how badly the twins "
        f"begin is no result."
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


def plain_answers(result: Result) -> tuple[tuple[str, str], ...]:
    """What becomes of strength, touch and pain in every arm, in words of every day."""
    begin = f"{result.case.run.twins} virtual people have this injury"
    muscles = [t for t in injured_targets(result) if _is_muscle(result, t)]
    if muscles:
        least = _least_mrc(result, result.waiting, muscles)
        lame = least[:, 1:].min(axis=1) <= PARALYSED_MRC
        begin += f"; {_of_100(lame)} cannot lift some part of the limb for a time"
    told: list[tuple[str, str]] = []
    for arm in dict.fromkeys([result.waiting, *result.visits]):
        ends = _plain_end(result, arm, muscles)
        if not told or ends != told[0][1]:  # what else it changes stands below
            name = "Without treatment" if arm == result.waiting else f"After {arm}"
            told.append((f"{name}, day {shown_day(result.days[-1])}", ends))
    whom = "Whom of them a patient is most like is not known."
    return (("In plain words", f"{begin}. {whom}"), *told)


def _plain_end(result: Result, arm: str, muscles: list[str]) -> str:
    told = []
    if muscles:
        least = _least_mrc(result, arm, muscles)
        full, lame = least[:, -1] >= FULL_MRC, least[:, -1] <= PARALYSED_MRC
        told.append(
            f"{_of_100(full)} are strong in every muscle, {_of_100(~full & ~lame)} weaker "
            f"somewhere, {_of_100(lame)} still unable to lift some part"
        )
    skins = [t for t in injured_targets(result) if not _is_muscle(result, t)]
    if skins:
        touch = np.min([result.twins(arm, "touch fibres", t)[:, -1] for t in skins], axis=0)
        told.append(f"{_of_100(touch < HALF_OF_TOUCH)} have lost half of touch or more somewhere")
    pain = result.twins(arm, PAIN)[:, -1]
    told.append(f"{_of_100(pain >= MUCH_PAIN)} have pain of {MUCH_PAIN:.0f} of 10 or more")
    return f"{'; '.join(told)}."


def _of_100(those: NDArray[np.bool_]) -> str:
    """How many of a hundred, and none or all only where it is so exactly."""
    if not those.any():
        return "none"
    return "all" if those.all() else f"{percent_of(float(those.mean()))} in 100"


def _least_mrc(result: Result, arm: str, muscles: list[str]) -> Floats:
    """The lowest grade of any of these muscles in an arm, ``(n_twin, n_day)``."""
    grades = [result.twins(arm, "MRC grade", m) for m in muscles]
    return np.asarray(np.min(grades, axis=0))


def waiting_sentence(result: Result) -> str:
    """What comes back while nothing is done."""
    arm, end = result.waiting, result.days[-1]
    conducting = interval(result.curve(arm, "conducting fibres")[:, -1], "")
    told = f"waiting, {conducting} % of the fibres at the injury conduct on day {shown_day(end)}"
    muscles = [t for t in injured_targets(result) if _is_muscle(result, t)]
    least = _least_mrc(result, arm, muscles) if muscles else None
    if least is not None:
        mrc = interval(quantiles(least[:, -1]), "0 to 5")
        told += f", and the weakest muscle of each twin has MRC grade {mrc}"
    told += f": medians, with 90 % of {result.case.run.twins} virtual twins in brackets."
    if least is not None:
        lame, k = least <= PARALYSED_MRC, _first_hurt(result)
        told += (
            f" It is paralysed (MRC 0 to {PARALYSED_MRC}) in {100 * lame[:, k].mean():.0f} % of "
            f"twins on day {shown_day(result.days[k])} and in {100 * lame[:, -1].mean():.0f} % on "
            f"day {shown_day(end)}."
        )
    return told + _worsening(result)


def _worsening(result: Result) -> str:
    """That the median falls again after the first days, as a lasting cause makes it, and when."""
    after = _first_hurt(result)
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


def _first_hurt(result: Result) -> int:
    """Index of the first day after day 0 on which a twin has lost a fibre."""
    lost = np.round(result.twins(result.waiting, "conducting fibres")).min(axis=0) < 100
    return next((k for k in range(1, len(lost)) if lost[k]), 1)


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


def _is_muscle(result: Result, name: str) -> bool:
    return result.healthy.limb.nerve.target(name).kind == "motor"


def _facts(result: Result) -> tuple[tuple[str, str], ...]:
    case = result.case
    where = case.cause.site or f"{_site_mm(result)} from the spinal cord"
    if case.cause.branch:
        where += f" ({case.cause.branch})"
    return (
        (
            "Patient",
            f"{case.patient.sex}, {case.patient.age:g} years, {case.patient.height_cm:g} cm",
        ),
        ("Day 0", case.cause.procedure),
        ("Injury", f"{case.cause.phrase}; {where}"),
        ("Examined", f"on {len(case.exam_days)} days, up to day {shown_day(case.exam_days[-1])}"),
        ("Compared", "; ".join(p.name for p in result.plans)),
        ("Computed", f"{case.run.twins} virtual twins, seed {case.run.seed}"),
    )


def _site_mm(result: Result) -> str:
    """The site as the case gives it, as it differs between twins; that of all where it is one."""
    told = result.case.cause.sizes().get("site_mm")
    if told is not None:
        return told.text
    lesion = next(iter(result.visits[result.waiting].values())).limb.lesion
    return f"{lesion.site_mm[0]:.0f} mm"


def _words(field: str) -> str:
    for unit in ("_mm", "_mmHg", "_percent", "_days"):
        field = field.removesuffix(unit)
    return field.replace("_", " ")


def _priors(result: Result) -> Table | None:
    rows, drawn_here = [], result.outcomes.drawn
    for name, spread in result.case.cause.sizes().items():
        if name not in drawn_here.column("quantity"):
            if spread.known and spread.why:  # known after all, and the case says from where
                rows.append([_words(name), spread.text, "the same in every twin", spread.why])
            continue
        values = drawn_here.of(quantity=name)
        drawn = interval(np.quantile(values, [0.05, 0.25, 0.5, 0.75, 0.95]), "mm")
        rows.append([_words(name), spread.text, drawn, spread.why])
    if not rows:
        return None
    return table(
        "What the story does not say: priors over which the twins spread",
        ("quantity", "prior (90 %)", "drawn: median (90 %)", "why"),
        rows,
    )
