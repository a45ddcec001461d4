"""Chapter two: every test on every exam day, and what it means in one sentence."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from tinel.declare.quantity import shown_day
from tinel.exam import meaning
from tinel.exam.protocol import Measure, healthy_marking
from tinel.exam.signs import Place, signs
from tinel.lesion.state import Lesion
from tinel.nerve.anatomy import Nerve, Study
from tinel.report.figure import Cell, Figure, Panel, Table
from tinel.report.findings import RATIO, Finding
from tinel.report.numerals import day as written_day
from tinel.report.waveform_figure import day_legend, waveforms
from tinel.result import Result, Visit

SHOWN = ("amplitude", RATIO, "onset latency", "velocity", "MRC grade", "finest filament felt")


@dataclass(frozen=True)
class Meaning:
    """One sentence and the days it holds for."""

    days: str
    sentence: str


@dataclass(frozen=True)
class Test:
    """One test: its findings as a figure or a bare table, and what they mean."""

    title: str
    figure: Figure | None
    table: Table | None
    subjects: tuple[tuple[str, tuple[Meaning, ...]], ...]


def diagnosis(result: Result, findings: tuple[Finding, ...]) -> tuple[Test, ...]:
    """One entry per conduction study, then strength, then touch."""
    nerve, tests = result.healthy.limb.nerve, []
    visits = result.visits[result.waiting]
    for study in nerve.studies:
        if any(study.name in v.responses for v in visits.values()):
            tests.append(_study(result, study, findings))
    for test in ("strength", "touch"):
        if any(m.test == test for v in visits.values() for m in v.values):
            tests.append(_bedside(result, test, findings))
    return tuple(tests)


def place_of(nerve: Nerve, lesion: Lesion, study: Study) -> Place:
    """Where the injury of the first twin lies in a study's path, see ``meaning.Signs``."""
    index = [t.name for t in nerve.targets].index(study.target)
    if not lesion.present[nerve.fibres.target == index].any():
        return "elsewhere"
    at = float(lesion.site_mm[0])
    if at >= study.record_mm:
        return "beyond"
    above = [site.position_mm < at for site in study.sites]
    return "below" if all(above) else "across" if any(above) else "above"


def study_sentence(result: Result, study: Study, day: float, visit: Visit) -> str:
    """What one conduction study means on one day."""
    lesion = visit.limb.lesion
    assert lesion is not None
    grade, force = (_strength(visit, study.target, q) for q in ("MRC grade", "force"))
    return meaning.conduction(
        signs(
            study,
            visit.values,
            result.healthy.values,
            day,
            place_of(visit.limb.nerve, lesion, study),
            grade,
            float("nan") if force is None else force,
        )
    )


def findings_table(
    title: str, findings: tuple[Finding, ...], arm: str, days: tuple[str, ...]
) -> Table:
    """Findings of one arm side by side by day, beside the limit and the healthy side."""
    rows: dict[tuple[str, str, str, str], dict[str, Finding]] = {}
    for f in findings:
        if f.quantity in SHOWN and (f.side == "healthy" or f.arm == arm):
            key = (f.study if f.test in ("strength", "touch") else f.site, f.quantity, f.unit, "")
            rows.setdefault(key, {})[f.day] = f
    body = []
    for (place, quantity, unit, _), by_day in rows.items():
        any_one = next(iter(by_day.values()))
        healthy = by_day.get("")
        scale = "" if unit in ("0 to 5", "marking") else f", {unit}"
        body.append(
            (
                Cell(f"{place}: {quantity}{scale}"),
                Cell(any_one.normal_limit or "–"),
                _cell(healthy),
                *(_cell(by_day.get(day)) for day in days),
            )
        )
    head = ("", "normal", "other side", *(f"day {shown_day(float(d))}" for d in days))
    return Table(title, head, tuple(body), wide=True)


def _cell(finding: Finding | None) -> Cell:
    if finding is None:
        return Cell("")
    absent = "absent" if finding.quantity in ("onset latency", "velocity") else "–"
    text = finding.value or absent
    if finding.quantity == "amplitude" and float(finding.value) == 0:
        text = "absent"
    return Cell(text, finding.abnormal == "yes")


def _study(result: Result, study: Study, findings: tuple[Finding, ...]) -> Test:
    visits = {d: v for d, v in result.visits[result.waiting].items() if study.name in v.responses}
    mine = tuple(f for f in findings if f.study == study.name)
    days = tuple(written_day(d) for d in visits)
    figure = Figure(
        title="",
        caption=(
            "Middle twin, waiting: responses over one another by day; thick grey dashes are the "
            "healthy side. Negativity is drawn upward."
        ),
        panels=(Panel("", waveforms(result, study.name)),),
        table=findings_table(study.name, mine, result.waiting, days),
        legend=day_legend(list(visits), list(result.visits[result.waiting])),
        open=True,
    )
    sentences = [(day, study_sentence(result, study, day, v)) for day, v in visits.items()]
    muscle = result.healthy.limb.nerve.target(study.target).name
    return Test(f"{study.name}: records {muscle}", figure, None, (("", _merged(sentences)),))


def _bedside(result: Result, test: str, findings: tuple[Finding, ...]) -> Test:
    visits = {
        d: v
        for d, v in result.visits[result.waiting].items()
        if any(m.test == test for m in v.values)
    }
    mine = tuple(f for f in findings if f.test == test)
    days = tuple(written_day(d) for d in visits)
    healthy = healthy_marking(result.healthy.limb)
    subjects = []
    for target in dict.fromkeys(f.study for f in mine):
        if test == "strength":
            said = _strengths(visits, target)
        else:
            felt = {d: _felt(v, target) for d, v in visits.items()}
            said = [(day, meaning.touch(marking, healthy)) for day, marking in felt.items()]
        subjects.append((target, _merged(said)))
    title = "Strength (MRC scale)" if test == "strength" else "Touch (monofilaments)"
    return Test(title, None, findings_table(title, mine, result.waiting, days), tuple(subjects))


def _strength(visit: Visit, muscle: str, quantity: str) -> float | None:
    unit = "0 to 5" if quantity == "MRC grade" else "% of healthy"
    return visit.values.get(Measure("strength", muscle, "", quantity, unit))


def _strengths(visits: dict[float, Visit], muscle: str) -> list[tuple[float, str]]:
    """One sentence per run of days with the same grade, repeated for each day of the run."""
    said: list[tuple[float, str]] = []
    tested = [(d, _strength(v, muscle, "MRC grade"), _strength(v, muscle, "force"))
              for d, v in visits.items()]  # fmt: skip
    for grade, run in groupby(tested, key=lambda t: t[1] or 0.0):
        days = list(run)
        sentence = meaning.strength(grade, [force or 0.0 for _, _, force in days])
        said.extend((day, sentence) for day, _, _ in days)
    return said


def _felt(visit: Visit, skin: str) -> float:
    return next(x for m, x in visit.values.items() if m.study == skin)


def _merged(sentences: list[tuple[float, str]]) -> tuple[Meaning, ...]:
    """Neighbouring days with the same sentence share one line."""
    runs: list[tuple[list[float], str]] = []
    for day, sentence in sentences:
        if runs and runs[-1][1] == sentence:
            runs[-1][0].append(day)
        else:
            runs.append(([day], sentence))
    return tuple(
        Meaning(
            f"Day {shown_day(days[0])}"
            if len(days) == 1
            else f"Days {shown_day(days[0])} to {shown_day(days[-1])}",
            sentence,
        )
        for days, sentence in runs
    )


def typical(result: Result) -> str:
    """Who is examined in this chapter, in words."""
    share = result.table["curve", result.waiting, "", "conducting fibres", ""][result.middle, -1]
    return (
        f"Twin {result.middle + 1} of {result.case.run.twins}, the one whose course runs closest "
        f"to the medians, is examined here ({share:.0f} % of its fibres conduct at the end). It is "
        f"one possible person, not the patient; findings.csv has the 90 % interval over all twins."
    )
