"""Chapter one: what happened, and the answer in numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinel.case import Case, Symptom
from tinel.declare.quantity import shown_day
from tinel.report.class_figure import class_figure
from tinel.report.figure import Figure, Table, table
from tinel.report.in_numbers import in_numbers
from tinel.report.incidence import Incidence, incidence
from tinel.report.limb_figure import limb_figure
from tinel.report.number_format import interval
from tinel.report.section_figure import section_figure
from tinel.result import Result


@dataclass(frozen=True)
class Overview:
    """What the first chapter shows."""

    facts: tuple[tuple[str, str], ...]
    in_numbers: tuple[tuple[str, str], ...]
    story: str
    symptoms: tuple[str, ...]
    told: Table | None
    in_view: str
    priors: Table | None
    incidence: Incidence | None
    figures: tuple[Figure, ...]


def overview(result: Result) -> Overview:
    """Collect the first chapter."""
    case = result.case
    return Overview(
        facts=_facts(result),
        in_numbers=in_numbers(result),
        story=case.cause.story or "",
        symptoms=tuple(symptom_sentence(s) for s in case.symptom),
        told=_told(case),
        in_view=in_view_sentence(case),
        priors=_priors(result),
        incidence=incidence(case),
        figures=(limb_figure(result), section_figure(result), class_figure(result)),
    )


def symptom_sentence(symptom: Symptom) -> str:
    """A symptom as told, with its day where one is given."""
    when = "" if symptom.day is None else f" (day {shown_day(symptom.day)})"
    return symptom.what + when


def _told(case: Case) -> Table | None:
    """The findings that no simulated test has, as the writer of the case wrote them."""
    used = {one.where for one in case.observed}
    unused = [f for k, f in enumerate(case.finding, 1) if f"finding[{k}]" not in used]
    if not unused:
        return None
    return table(
        "Findings that no test here has: shown, not computed with",
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
            for f in unused
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
        *_second_injury(result),
        ("Examined", f"on {len(case.exam_days)} days, up to day {shown_day(case.exam_days[-1])}"),
        ("Compared", "; ".join(p.name for p in result.plans)),
        ("Computed", f"{case.run.twins} virtual twins, seed {case.run.seed}"),
    )


def _second_injury(result: Result) -> tuple[tuple[str, str], ...]:
    second = result.case.cause.beyond
    if second is None:
        return ()
    where = (
        second.site or f"{result.case.cause.sizes()['distal.site_mm'].text} from the spinal cord"
    )
    if second.branch:
        where += f" ({second.branch})"
    return (("Beyond it", f"{second.phrase}; {where}"),)


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
