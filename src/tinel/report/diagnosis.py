"""Chapter two: every test on every exam day, and its interpretation in one sentence."""

from __future__ import annotations

from dataclasses import dataclass

from tinel.declare.quantity import shown_day
from tinel.errors import TinelError
from tinel.exam.examination import Visit
from tinel.exam.test import Subject, Test, known_tests
from tinel.nerve.anatomy import Study
from tinel.report.figure import Figure, Panel, Table
from tinel.report.findings_by_day import findings_by_day
from tinel.report.findings_table import FindingRow
from tinel.report.number_format import day as written_day
from tinel.report.pictures_figure import pictures_figure
from tinel.report.waveform_figure import day_legend, drawn_days, waveforms
from tinel.result import Result


@dataclass(frozen=True)
class Interpretation:
    """One sentence and the days it holds for."""

    days: str
    sentence: str


@dataclass(frozen=True)
class TestChapter:
    """One test: its findings as a figure or a bare table, and what they mean.

    ``treated`` are the tables of arms in which something else was found than while waiting.
    """

    __test__ = False

    title: str
    figure: Figure | None
    table: Table | None
    subjects: tuple[tuple[str, tuple[Interpretation, ...]], ...]
    treated: tuple[Table, ...] = ()

    @property
    def pictures(self) -> bool:
        """Whether its figure holds pictures."""
        return self.figure is not None and "<img" in self.figure.panels[0].svg


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


def _study(result: Result, test: Test, study: Study, rows: tuple[FindingRow, ...]) -> TestChapter:
    waiting = result.visits[result.waiting]
    visits = [v for v in waiting.values() if study.name in v.examination.responses]
    mine = [row for row in rows if (row.test, row.study) == (test.name, study.name)]
    days = tuple(written_day(v.day) for v in visits)
    others = _different(result, mine)
    drawn = {day: c for day, c in drawn_days(result).items() if day in {v.day for v in visits}}
    some = f" Of {len(visits)} days the {len(drawn)} that differ most are drawn; the table has all."
    some = some if len(drawn) < len(visits) else ""
    figure = Figure(
        title="",
        caption=(
            "The example twin: responses over one another, darker is earlier, the day at the peak; "
            f"thick grey dashes are the healthy side. Negativity is drawn upward.{some}"
        ),
        panels=(
            Panel("waiting" if others else "", waveforms(result, study.name)),
            *(Panel(arm, waveforms(result, study.name, arm)) for arm in others),
        ),
        table=findings_by_day(study.name, mine, test, result.waiting, days),
        legend=day_legend(drawn),
        open=True,
    )
    muscle = result.healthy.limb.nerve.target(study.target).name
    title = f"{study.name}: records {muscle}"
    said = _sentences(result, test, study, visits)
    subjects = (("waiting" if others else "", said), *_treated(result, test, study, said))
    return TestChapter(title, figure, None, subjects, _tables(title, mine, test, others, days))


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
    table = findings_by_day(title, mine, test, result.waiting, days)
    others = _different(result, mine)
    figure = pictures_figure(result, test, table) if test.example_only else None
    shown = table if figure is None else None
    return TestChapter(title, figure, shown, subjects, _tables(title, mine, test, others, days))


def _tables(
    title: str, rows: list[FindingRow], test: Test, arms: list[str], days: tuple[str, ...]
) -> tuple[Table, ...]:
    return tuple(findings_by_day(f"{title}: {arm}", rows, test, arm, days) for arm in arms)


def _different(result: Result, rows: list[FindingRow]) -> list[str]:
    """The arms in which something else was written down than while waiting."""
    found: dict[str, list[str]] = {arm: [] for arm in result.visits}
    for row in rows:
        if row.side != "healthy":
            found[row.arm].append(row.value)
    return [arm for arm, values in found.items() if values != found[result.waiting]]


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
    end = shown_day(result.days[-1])
    return (
        f"Twin {result.middle + 1} of {result.case.run.twins} is examined here as an example: the "
        f"one whose course runs closest to the medians, or the next one whose other side is "
        f"normal. {percent:.0f} % of its fibres at the "
        f"injury conduct on day {end} of waiting. It is one possible person, not the patient; "
        f"findings.csv has the 90 % interval over all twins.{_chosen(result)}"
    )


def _chosen(result: Result) -> str:
    fit = result.posterior.fit
    if not fit.fits:
        return (
            " The findings of the patient fit no twin of this story, so this one does not either."
        )
    return " All twins agree with the findings of the patient." if fit.surprises else ""
