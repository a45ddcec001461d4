"""Chapter two: every test on every exam day, and its interpretation in one sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tinel.declare.quantity import shown_day
from tinel.errors import TinelError
from tinel.exam.examination import Visit
from tinel.exam.test import Subject, Test, known_tests
from tinel.nerve.anatomy import Study
from tinel.report.figure import Cell, Figure, Panel, Table
from tinel.report.findings_table import FindingRow
from tinel.report.number_format import day as written_day
from tinel.report.waveform_figure import day_legend, waveforms
from tinel.result import Result


@dataclass(frozen=True)
class Interpretation:
    """One sentence and the days it holds for."""

    days: str
    sentence: str


@dataclass(frozen=True)
class TestChapter:
    """One test: its findings as a figure or a bare table, and what they mean."""

    __test__ = False

    title: str
    figure: Figure | None
    table: Table | None
    subjects: tuple[tuple[str, tuple[Interpretation, ...]], ...]


def diagnosis(result: Result, rows: tuple[FindingRow, ...]) -> tuple[TestChapter, ...]:
    """One entry per conduction study, then one per other test."""
    nerve, visits = result.healthy.limb.nerve, result.visits[result.waiting]
    done = {m.test for v in visits.values() for m in v.examination.measurements}
    tests = [t for t in known_tests(result.case.files).values() if t.name in done]
    recorded = {name for v in visits.values() for name in v.examination.responses}
    chapters = []
    for study in nerve.studies:
        if study.name in recorded:
            test = next(t for t in tests if study in t.subjects(nerve))
            chapters.append(_study(result, test, study, rows))
    others = [t for t in tests if not recorded & {s.name for s in t.subjects(nerve)}]
    return (*chapters, *(_bedside(result, test, rows) for test in others))


def findings_table(
    title: str,
    rows: Iterable[FindingRow],
    test: Test,
    arm: str,
    days: tuple[str, ...],
) -> Table:
    """Findings of one arm side by side by day, beside the limit and the healthy side."""
    lines: dict[tuple[str, str, str], dict[str, FindingRow]] = {}
    for row in rows:
        shown = not test.shown or row.quantity in test.shown
        if shown and (row.side == "healthy" or row.arm == arm):
            key = (row.site or row.study, row.quantity, row.unit)
            lines.setdefault(key, {})[row.day] = row
    body = []
    for (place, quantity, unit), by_day in lines.items():
        any_one = next(iter(by_day.values()))
        scale = "" if unit in ("0 to 5", "marking") else f", {unit}"
        body.append(
            (
                Cell(f"{place}: {quantity}{scale}"),
                Cell(any_one.normal_limit or "–"),
                _other_side(by_day.get("")),
                *(_cell(by_day.get(day)) for day in days),
            )
        )
    head = ("", "normal", "other side", *(f"day {shown_day(float(d))}" for d in days))
    return Table(title, head, tuple(body), wide=True)


def _cell(row: FindingRow | None) -> Cell:
    if row is None:
        return Cell("")
    absent = "absent" if row.quantity in ("onset latency", "velocity") else "–"
    text = row.value or absent
    if row.quantity == "amplitude" and float(row.value) == 0:
        text = "absent"
    # outside its limit on both sides: marked here, where the injury is
    outside = row.abnormal == "yes" or row.criterion == "limit broken on both sides"
    return Cell(text, outside)


def _other_side(row: FindingRow | None) -> Cell:
    # it stands there to be compared with, so nothing is marked on it
    return Cell(_cell(row).text)


def _study(result: Result, test: Test, study: Study, rows: tuple[FindingRow, ...]) -> TestChapter:
    waiting = result.visits[result.waiting]
    visits = [v for v in waiting.values() if study.name in v.examination.responses]
    mine = [row for row in rows if (row.test, row.study) == (test.name, study.name)]
    days = tuple(written_day(v.day) for v in visits)
    figure = Figure(
        title="",
        caption=(
            "Middle twin, waiting: responses over one another by day; thick grey dashes are the "
            "healthy side. Negativity is drawn upward."
        ),
        panels=(Panel("", waveforms(result, study.name)),),
        table=findings_table(study.name, mine, test, result.waiting, days),
        legend=day_legend([v.day for v in visits], list(waiting)),
        open=True,
    )
    muscle = result.healthy.limb.nerve.target(study.target).name
    title = f"{study.name}: records {muscle}"
    said = _sentences(result, test, study, visits)
    return TestChapter(title, figure, None, (("", said), *_treated(result, test, study, said)))


def _bedside(result: Result, test: Test, rows: tuple[FindingRow, ...]) -> TestChapter:
    visits = [
        v
        for v in result.visits[result.waiting].values()
        if any(m.test == test.name for m in v.examination.measurements)
    ]
    mine = [row for row in rows if row.test == test.name]
    days = tuple(written_day(v.day) for v in visits)
    # the same said of several muscles or patches of skin, or in several arms, stands there once
    alike: dict[tuple[Interpretation, ...], list[str]] = {}
    for subject in test.subjects(result.healthy.limb.nerve):
        waiting = _sentences(result, test, subject, visits)
        alike.setdefault(waiting, []).append(subject.name)
        for arm, said in _treated(result, test, subject, waiting):
            alike.setdefault(said, []).append(f"{subject.name} ({arm})")
    subjects = tuple((", ".join(names), said) for said, names in alike.items())
    title = test.title or test.name.capitalize()
    table = findings_table(title, mine, test, result.waiting, days)
    return TestChapter(title, None, table, subjects)


def _treated(
    result: Result, test: Test, subject: Subject, waiting: tuple[Interpretation, ...]
) -> list[tuple[str, tuple[Interpretation, ...]]]:
    """The sentences of each other arm, by its name, where they differ from waiting."""
    found = []
    for arm, by_day in result.visits.items():
        made = [
            v
            for v in by_day.values()
            if any(
                m.subject == subject.name for m in v.examination.measurements if m.test == test.name
            )
        ]
        said = _sentences(result, test, subject, made)
        # what is said of waiting too, on the same days, is not said again
        other = tuple(one for one in said if one not in waiting)
        if arm != result.waiting and other:
            found.append((arm, other))
    return found


def _sentences(
    result: Result, test: Test, subject: Subject, visits: list[Visit]
) -> tuple[Interpretation, ...]:
    """Neighbouring days with the same sentence in one line."""
    runs: list[tuple[list[float], str]] = []
    said = test.interpret(subject, visits, result.healthy)
    if len(said) != len(visits):
        message = f"the test '{test.name}' gave {len(said)} sentences for {len(visits)} visits"
        raise TinelError(message, advice="mend its file: one sentence per visit, empty for none")
    for visit, sentence in zip(visits, said, strict=True):
        if runs and runs[-1][1] == sentence:
            runs[-1][0].append(visit.day)
        elif sentence:
            runs.append(([visit.day], sentence))
    return tuple(
        Interpretation(
            f"Day {shown_day(days[0])}"
            if len(days) == 1
            else f"Days {shown_day(days[0])} to {shown_day(days[-1])}",
            sentence,
        )
        for days, sentence in runs
    )


def typical(result: Result) -> str:
    """Who is examined in this chapter, in words."""
    percent = result.twins(result.waiting, "conducting fibres")[result.middle, -1]
    return (
        f"Twin {result.middle + 1} of {result.case.run.twins}, the one whose course runs closest "
        f"to the medians, is examined here ({percent:.0f} % of its fibres conduct at the end). It "
        f"is one possible person, not the patient; findings.csv has the 90 % interval over all "
        f"twins."
    )
