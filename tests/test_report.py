"""The report: its files, that they agree with one another, and that nothing foreign gets in."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
from dataclasses import asdict, fields, replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from tests.people import some
from tinel.case import Finding, Symptom, parse
from tinel.cohort.chunk import AXONS_LOST, FIRST_BACK, HALF_BACK, NEVER_BACK
from tinel.cohort.labelled import Labelled
from tinel.evidence import GRADES, Parameters
from tinel.exam.examination import Examination, Visit
from tinel.exam.findings import findings
from tinel.exam.grading import edges, examiner, mrc_grade
from tinel.exam.limb import healthy
from tinel.exam.measurement import Measurement
from tinel.flow import run
from tinel.nerve import build
from tinel.nerve import names as nerve_names
from tinel.report import write
from tinel.report.class_figure import class_figure
from tinel.report.courses import CourseRow
from tinel.report.diagnosis import diagnosis, typical
from tinel.report.drawing import style
from tinel.report.findings_table import FindingRow, finding_rows
from tinel.report.first_screen import first_screen
from tinel.report.forecast_figure import injured_targets
from tinel.report.limb_figure import _lanes
from tinel.report.limb_outline import outline
from tinel.report.number_format import interval
from tinel.report.overview import Overview, in_view_sentence, overview
from tinel.report.page import render
from tinel.report.pain_treatments import pain_treatments
from tinel.report.palette import MOST_DAYS, SEDDON, STATES, SUNDERLAND
from tinel.report.recovery import first_expected, first_signs, recovery
from tinel.report.scale import filaments, mrc_of_force
from tinel.report.section_figure import fibre_states, percentages
from tinel.report.sources import sources
from tinel.report.symptoms import symptom_chapter
from tinel.report.treatments import treatments, verdict
from tinel.report.waveform_figure import drawn_days
from tinel.result import Result
from tinel.writing import RESULT_FILES

ROOT = Path(__file__).parent.parent
PUBLISHED = Parameters.of_evidence()
HOSTILE = "<script>alert(1)</script> \u0007\u202e $x_{$ \"' & =1+1"

NAME = "=<script>alert(1)</script> $x_{$ \"' & =1+1"  # what is invisible is refused in a name


@pytest.fixture(scope="module")
def result() -> Result:
    """Tanya's case with foreign text wherever a case may hold text."""
    text = (ROOT / "examples/tanya.toml").read_text(encoding="utf-8")
    foreign = {
        "procedure": HOSTILE,
        "story": HOSTILE,
        "what": HOSTILE,
        "note": HOSTILE,
        'name = "neurolysis': NAME,
    }
    lines = []
    for line in text.splitlines():
        key = next((k for k in foreign if line.startswith(k)), None)
        lines.append(f"{line.split(' = ')[0]} = {json.dumps(foreign[key])}" if key else line)
    return run(parse(of_story("\n".join(lines)), "tanya <b>.toml"), seed=1, twins=4)


def of_story(text: str) -> str:
    """The case by its story alone: twins that agree with findings are drawn by the hundred."""
    return text.replace("[run]", "[run]\nfindings = false")


@pytest.fixture(scope="module")
def folder(result: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("report")
    write(result, place)
    return place


@pytest.fixture(scope="module")
def page(folder: Path) -> str:
    return (folder / "report.html").read_text(encoding="utf-8")


class Reader(HTMLParser):
    """Tags in order with their attributes, and the text of every cell."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.cells: list[str] = []
        self.rows: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "rect", "path", "use", "br", "circle"):
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            assert self.open.pop() == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        if {"td", "th"} & set(self.open[-2:]):
            self.rows[-1][-1] += data.replace("▲", "")


@pytest.fixture(scope="module")
def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    return reader


def table(folder: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((folder / name).read_text(encoding="utf-8"))))


# ---- files


def test_exactly_the_files_of_a_result(folder: Path) -> None:
    assert {p.name for p in folder.iterdir()} == RESULT_FILES


def test_the_same_result_gives_the_same_bytes(result: Result, folder: Path, tmp_path: Path) -> None:
    write(result, tmp_path)
    for name in RESULT_FILES:
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes(), name


def test_manifest_names_what_was_used(result: Result, folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert {"tinel", "python", "packages", "case_sha256", "seed", "twins"} <= set(manifest)
    assert manifest["seed"] == 1 and manifest["twins"] == 4
    assert set(result.used) <= set(manifest["evidence"])
    # numbers that only the reading of the findings asks for
    assert "laboratory.limit.sd" in manifest["evidence"]
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert set(manifest["files"]) == RESULT_FILES - {"manifest.json"}


# ---- findings.csv


def test_findings_hold_every_measured_value(result: Result, folder: Path) -> None:
    rows = table(folder, "findings.csv")
    assert list(rows[0]) == [f.name for f in fields(FindingRow)]
    arms = len(result.plans) * sum(
        len(v.examination.measurements) for v in result.visits[result.waiting].values()
    )
    assert len(rows) == arms + len(result.healthy.examination.measurements)
    assert {r["side"] for r in rows} == {"affected", "healthy"}
    assert all((r["day"] == "") == (r["side"] == "healthy") for r in rows)


def test_findings_are_the_middle_twins(result: Result, folder: Path) -> None:
    rows = table(folder, "findings.csv")
    day, arm = result.case.exam_days[1], result.waiting
    for measurement in result.visits[arm][day].examination.measurements:
        value = float(measurement.values[0])
        (row,) = (
            r
            for r in rows
            if (r["day"], r["arm"]) == (f"{day:g}", arm)
            and (r["test"], r["study"], r["site"], r["quantity"]) == measurement.labels
        )
        if np.isnan(value):
            assert row["value"] == ""
        elif np.isinf(value):
            assert row["value"] == "not felt"
        else:
            assert float(row["value"]) == pytest.approx(value, abs=0.06)


def test_absent_responses_have_no_latency(result: Result, folder: Path) -> None:
    for row in table(folder, "findings.csv"):
        assert "nan" not in row["value"] and "inf" not in row["value"]
        if row["quantity"] == "amplitude" and float(row["value"]) == 0:
            assert row["abnormal"] == "yes"


def test_verdicts_follow_the_limits_and_the_other_side(result: Result) -> None:
    cut = parse((ROOT / "examples/cut.toml").read_text(encoding="utf-8"), "cut.toml")
    # motor conduction has criteria of block beside these
    sure = [row for row in finding_rows(run(cut, twins=1)) if row.test != "motor conduction"]
    seen = set()
    for row in map(asdict, (*finding_rows(result), *sure)):
        seen.add(row["abnormal"])
        assert (row["criterion"] != "") >= (row["abnormal"] == "yes"), row
        sign, _, bound = row["normal_limit"].partition(" ")
        if not bound or "side" in bound or row["value"] in ("", "not felt"):
            continue
        value, edge = float(row["value"]), float(bound)
        known = row["other_side"] not in ("", "not felt")
        other = float(row["other_side"]) if known else None
        if min(abs(value - edge), abs((other or 0.0) - edge)) < 0.06:
            continue
        outside, alike = (
            x is not None and (x < edge if sign == "≥" else x > edge) for x in (value, other)
        )
        small = row["quantity"] == "amplitude" and other is not None and value < 0.5 * other
        if row["abnormal"]:
            assert row["abnormal"] == ("yes" if (outside and not alike) or small else "no"), row
            criteria = (("limit", outside and not alike), ("other side", small))
            told = [name for name, holds in criteria if holds]
            both = "limit broken on both sides" if outside and alike and not small else ""
            assert row["criterion"] == (" and ".join(told) or both), row
    assert seen == {"yes", "no", ""}


def test_a_prior_set_with_the_symptoms_in_view_is_told(result: Result) -> None:
    acute = result.case.cause.acute
    assert acute is not None
    blind = acute.values["acute_pressure_mmHg"]
    assert "names no prior" in in_view_sentence(result.case)
    pressure = replace(blind, symptoms_in_view=True)
    seen = {**acute.values, "acute_pressure_mmHg": pressure}
    cause = replace(result.case.cause, acute=replace(acute, values=seen))
    said = in_view_sentence(replace(result.case, cause=cause))
    assert "no twin was chosen" in said and "begin is no result" in said
    assert f"acute pressure, {pressure.text} ({pressure.why})" in said
    assert "hours" not in said.replace(pressure.why, "")


def test_told_findings_and_the_day_of_a_symptom_are_shown(result: Result) -> None:
    told = Finding(
        test="motor conduction", day=10, quantity="amplitude", value=3.2, unit="mV", place="ankle"
    )
    case = replace(
        result.case, finding=(told,), symptom=(Symptom(what="dead leg", day=3),), observed=()
    )
    with style():
        chapter = overview(replace(result, case=case))
    assert chapter.symptoms == ("dead leg (day 3)",)
    assert chapter.told is not None and "shown, not computed with" in chapter.told.caption
    (row,) = chapter.told.rows
    assert [c.text for c in row] == ["motor conduction", "10", "ankle", "amplitude", "3.2", "mV"]
    assert "Findings that no test here has" in render_with(result, chapter)


def test_a_size_that_is_known_keeps_its_reason(result: Result) -> None:
    cause, drawn = result.case.cause, result.outcomes.drawn
    pressure = replace(cause.values["pressure_mmHg"], low=30.0, high=30.0, why="seen")
    cause = replace(cause, values={**cause.values, "pressure_mmHg": pressure})
    kept = [k for k, (name,) in enumerate(drawn.labels) if name != "pressure_mmHg"]
    fewer = Labelled(
        drawn.names,
        tuple(drawn.labels[k] for k in kept),
        tuple(drawn.units[k] for k in kept),
        drawn.values[:, kept],
    )
    known = replace(
        result,
        case=replace(result.case, cause=cause),
        outcomes=replace(result.outcomes, drawn=fewer),
    )
    with style():
        priors = overview(known).priors
    assert priors is not None
    shown = [[cell.text for cell in row] for row in priors.rows]
    assert ["pressure", "30 mmHg", "the same in every twin", "seen"] in shown
    assert sum(row[2] == "the same in every twin" for row in shown) == 1


def render_with(result: Result, chapter: Overview) -> str:
    measured = finding_rows(result)
    with style():
        chapters = {
            "first": first_screen(result),
            "tests": diagnosis(result, measured),
            "typical": typical(result),
            "recovery": recovery(result),
            "treatments": treatments(result),
            "symptoms": symptom_chapter(result),
            "pain_treatments": pain_treatments(),
        }
    manifest = {**result.manifest, "evidence": sorted(result.parameters.read)}
    return render(result=result, overview=chapter, sources=sources(result, manifest), **chapters)


# ---- course.csv


def test_courses_hold_every_curve_and_what_is_derived(result: Result, folder: Path) -> None:
    rows = table(folder, "course.csv")
    assert list(rows[0]) == [f.name for f in fields(CourseRow)]
    curves = {labels[1:] for labels in result.outcomes.curves.labels}
    assert {(r["bound"], r["quantity"], r["target"]) for r in rows} == curves
    assert {r["bound"] for r in rows} == {"", "low", "high"}
    name = "gastrocnemius"
    force = result.twins(result.waiting, "force", name) / 100
    grades = [
        r
        for r in rows
        if (r["arm"], r["bound"], r["quantity"], r["target"])
        == (result.waiting, "", "MRC grade", name)
    ]
    assert len(grades) == len(result.days)
    movement = result.healthy.limb.nerve.target(name).movement
    by = examiner(result.case.twins(range(len(force))), movement)
    seen = mrc_grade(force, movement, PUBLISHED, by)
    expected = np.quantile(seen, 0.5, axis=0, method="inverted_cdf")
    assert [float(r["p50"]) for r in grades] == expected.tolist()
    assert any(r["quantity"] == "finest filament felt" for r in rows)


def test_quantiles_are_in_order(folder: Path) -> None:
    for row in table(folder, "course.csv"):
        five = [row[q] for q in ("p5", "p25", "p50", "p75", "p95")]
        numbers = [np.inf if x == "not felt" else float(x) for x in five]
        assert numbers == sorted(numbers), row


# ---- report.html


def test_page_is_well_formed_and_every_figure_has_its_table(read: Reader) -> None:
    assert read.open == []
    names = [tag for tag, _ in read.tags]
    figures = [k for k, tag in enumerate(names) if tag == "figure"]
    assert len(figures) >= 8
    for start, end in zip(figures, [*figures[1:], len(names)], strict=True):
        between = names[start:end]
        assert "figcaption" in between and "svg" in between
        assert between.index("table") > between.index("figcaption")


def test_every_drawing_is_described(read: Reader) -> None:
    for tag, attributes in read.tags:
        if tag == "svg" and "aria-hidden" not in attributes:
            assert attributes["role"] == "img" and attributes["aria-label"]


def test_nothing_is_loaded_from_anywhere(read: Reader, page: str) -> None:
    """The one script is our own two files, whose hash alone the page allows."""
    ((_, script),) = [(tag, attributes) for tag, attributes in read.tags if tag == "script"]
    assert not script
    text = page[page.index("<script>") + 8 : page.index("</script>")]
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}';" in page
    own = [ROOT / f"src/tinel/report/templates/{name}.js" for name in ("letter", "slide")]
    assert text == "".join(one.read_text(encoding="utf-8") for one in own)
    for tag, attributes in read.tags:
        assert tag not in ("link", "iframe", "object", "embed", "image", "img", "base")
        assert not [name for name in attributes if name.startswith("on")]
        for name in ("href", "src", "xlink:href"):
            assert (attributes.get(name) or "#").startswith("#"), (tag, attributes)
    css = page[page.index("<style>") : page.index("</style>")]
    assert "@import" not in css and "url(" not in css
    assert all(u.startswith("#") for u in re.findall(r"url\(([^)]*)\)", page))


def test_no_id_means_two_things(page: str) -> None:
    found = re.findall(r'<(\w+)[^>]* id="([^"]+)"([^>]*)>', page)
    meaning: dict[str, str] = {}
    for tag, name, rest in found:
        assert meaning.setdefault(name, tag + rest) == tag + rest, name


def test_case_text_cannot_run_or_hide(page: str, folder: Path) -> None:
    assert page.lower().count("<script") == 1, "the one that copies the letter"
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "tanya &lt;b&gt;.toml" in page
    for name in ("report.html", "findings.csv", "course.csv", "letter.txt"):
        text = (folder / name).read_text(encoding="utf-8")
        assert "\u0007" not in text and "\u202e" not in text
    assert "[U+0007][U+202E]" in page
    arms = {r["arm"] for r in table(folder, "course.csv")}
    assert not any(a.startswith("=") for a in arms) and any(a.startswith("'=") for a in arms)


def test_first_screen_says_what_this_is_not(page: str) -> None:
    head = page[page.index("<body>") : page.index("<main>")]
    assert "research and teaching software" in head and "no advice for a person" in head
    assert "proves nothing" in page and "Natural recovery" in page


def test_tables_on_the_page_are_the_findings(read: Reader, folder: Path, result: Result) -> None:
    rows = [
        r
        for r in table(folder, "findings.csv")
        if r["study"] == "sural sensory" and r["quantity"] == "amplitude"
    ]
    place = next(k for k, r in enumerate(read.rows) if r and r[0] == "calf: amplitude, µV")
    head = next(r for r in read.rows[place::-1] if "other side" in r)
    waited = [r for r in rows if r["arm"] in ("", result.waiting)]
    values = {r["day"]: r["value"] if float(r["value"]) else "absent" for r in waited}
    assert read.rows[place][1:3] == [waited[0]["normal_limit"], values.pop("")]
    shown = {}
    for span, value in zip(head[3:], read.rows[place][3:], strict=True):
        first, *last = (float(d) for d in re.findall(r"[\d.]+", span))
        shown |= {d: value for d in values if first <= float(d) <= max([first, *last])}
    assert shown == values


def test_days_that_say_the_same_share_a_column(cut_page: str) -> None:
    text = re.sub(r"<[^>]*>", "|", cut_page)
    assert "days 10 to" in text, "a cut nerve left alone is as silent on every later day"
    assert text.count("absent") < 120


def test_a_treated_arm_is_examined_too(cut_page: str) -> None:
    study = cut_page[cut_page.index('id="diagnosis"') : cut_page.index('id="recovery"')]
    assert "<h4>waiting</h4>" in study and "<h4>suture on day 1</h4>" in study
    assert re.search(r"<summary>[^<]*: suture on day 1</summary>", study), "its values by day"
    studies = len(re.findall(r"<h3>[^<]*: records ", study))
    assert study.count("Responses of") >= 2 * studies > 0, "pictures of two arms or more"


def lightness(colour: str) -> float:
    """CIE L* of a colour."""
    parts = np.array([int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(116 * np.cbrt(linear @ [0.2126, 0.7152, 0.0722]) - 16)


def test_days_can_be_told_apart_without_colour(result: Result) -> None:
    drawn = drawn_days(result)
    days = list(result.visits[result.waiting])
    assert len(days) > MOST_DAYS == len(drawn)
    assert {days[0], days[-1]} <= set(drawn)
    steps = np.diff([lightness(c) for c in drawn.values()])
    print("lightness steps from day to day:", steps.round(1))
    assert (steps > 9).all()


def test_one_colour_has_one_word_in_the_picture_of_classes(result: Result) -> None:
    with style():
        legend = class_figure(result).legend
    used = {*SEDDON.values(), *SUNDERLAND.values()}
    assert {s.colour for s in legend} == used and len(legend) == len(used)


def test_first_lines_are_plain(result: Result) -> None:
    with style():
        first = first_screen(result)
    for one in first.hurt:
        assert not re.search(r"axon|neur|MRC|median|twin|%", one), one
    assert "not the difference of the medians" in str(overview_numbers(result))


def overview_numbers(result: Result) -> dict[str, str]:
    with style():
        return dict(overview(result).in_numbers)


def test_the_weakest_muscle_is_each_twins_own(result: Result) -> None:
    """No muscle of full strength is named beside paralysis of another one."""
    force = [
        t for t in injured_targets(result) if result.healthy.limb.nerve.target(t).kind == "motor"
    ]
    assert len(force) > 1
    grades = np.zeros((4, len(result.days)))
    curves = result.outcomes.curves
    for k, name in enumerate(force):
        lame = np.where(np.arange(4)[:, None] % len(force) == k, 0.0, 5.0) + grades
        curves = curves.with_row(lame, arm=result.waiting, quantity="MRC grade", target=name)
    each = replace(result, outcomes=replace(result.outcomes, curves=curves))
    said = overview_numbers(each)["Natural recovery"]
    every = "MRC 5 in 0 %, 3 or 4 in 0 %, 0 to 2 (paralysed) in 100 %"
    assert f"The weakest muscle of each twin is on day 1 {every}, and on day 730 {every}." in said


def test_a_scar_that_goes_on_is_said_to_do_harm(result: Result) -> None:
    shape = np.interp(result.days, [0, 40, 300, 730], [20.0, 60.0, 40.0, 50.0])
    curves = result.outcomes.curves.with_row(
        np.tile(shape, (4, 1)), arm=result.waiting, quantity="conducting fibres"
    )
    worse = replace(result, outcomes=replace(result.outcomes, curves=curves))
    rising = np.maximum.accumulate(shape)
    curves = curves.with_row(
        np.tile(rising, (4, 1)), arm=result.waiting, quantity="conducting fibres"
    )
    better = replace(result, outcomes=replace(result.outcomes, curves=curves))
    falls, stays = (overview_numbers(r)["Natural recovery"] for r in (worse, better))
    assert (
        "the median falls from" in falls
        and "% on day 3" in falls
        and "the cause still acts" in falls
    )
    assert "falls from" not in stays


def test_the_place_of_the_injury_is_the_one_told(result: Result) -> None:
    """A range stands as a range, not as what one twin drew."""
    text = (ROOT / "examples/tanya.toml").read_text(encoding="utf-8")
    spread = 'site_mm = { low = 380, high = 400, why = "not told" }'
    told = parse(re.sub(r'^site = "gluteal fold".*$', spread, text, flags=re.M))
    with style():
        chapter = overview(replace(result, case=told))
    assert "380 to 400 mm from the spinal cord" in dict(chapter.facts)["Injury"]
    assert "drawn, not told; over the twins length" in chapter.figures[0].caption


def test_no_axon_grows_on_the_first_day(result: Result) -> None:
    first, *later = (percentages(v) for v in result.visits[result.waiting].values())
    growing = list(STATES).index("growing")
    assert first[growing] == 0 and max(v[growing] for v in later) > 0


def test_empty_fascicles_are_explained(cut_page: str) -> None:
    assert "Fascicles drawn empty" in cut_page and "leave the nerve above it" in cut_page


def test_tables_say_that_they_scroll(page: str) -> None:
    style_sheet = page[page.index("<style>") : page.index("</style>")]
    assert "columns: what does not fit is reached by scrolling" in page
    assert ".sideways { display: block; }" in style_sheet and "@page" in style_sheet


def test_every_number_used_is_listed_with_its_grade(read: Reader, folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    listed = {row[0] for row in read.rows if row}
    assert set(manifest["evidence"]) <= listed
    assert set(GRADES) <= listed


def test_waiting_comes_first_and_zero_is_said_to_be_zero(result: Result, page: str) -> None:
    assert result.plans[0].name == result.waiting
    treated = next(p for p in result.plans if "hydrodissections" in p.name)
    assert verdict(result, treated).startswith("Exactly zero difference")
    assert "no controlled trial" in verdict(result, treated)
    assert "Exactly zero difference" in page and "0 in every twin" in page
    more = result.twins(treated.name, "conducting fibres") + 1.0
    curves = result.outcomes.curves.with_row(more, arm=treated.name, quantity="conducting fibres")
    other = replace(result, outcomes=replace(result.outcomes, curves=curves))
    assert "Exactly zero" not in verdict(other, treated)


def test_doing_nothing_claims_no_graded_effect(result: Result) -> None:
    waiting, *others = treatments(result).arms
    assert "no effect to grade" in waiting.evidence_grade
    assert "human value" not in waiting.evidence_grade
    assert all(a.evidence_grade.startswith("Grade of the evidence: ") for a in others)


def test_the_sensitivity_table_explains_its_order(page: str) -> None:
    assert "The ends may coincide" in page


def test_days_are_written_as_people_say_them(example_pages: dict[str, str]) -> None:
    text = re.sub(r"<[^>]*>", " ", example_pages["block"])  # examined at 6 months, day 182.625
    assert "day 183" in text and not re.search(r"[Dd]ays? \d+\.\d{2,}", text)


# ---- recovery


def arriving(result: Result, name: str, first_d: list[float]) -> Result:
    """The result with other first signs in one target, and none in the others."""
    arrivals = result.outcomes.arrivals
    for target in injured_targets(result):
        days = np.array(first_d if target == name else [np.nan] * 4)
        lost = np.where(np.isnan(days), 0.0, 0.1)
        never = np.where(np.isinf(days), 1.0, lost)
        changed = {FIRST_BACK: days, HALF_BACK: days, AXONS_LOST: lost, NEVER_BACK: never}
        for quantity, values in changed.items():
            arrivals = arrivals.with_row(
                values, arm=result.waiting, target=target, quantity=quantity
            )
    return replace(result, outcomes=replace(result.outcomes, arrivals=arrivals))


def signs_cell(result: Result, name: str) -> str:
    row = next(r for r in first_signs(result).rows if r[0].text == name)
    return row[3].text


def test_twins_without_a_sign_are_counted_and_dates_end_with_the_forecast(result: Result) -> None:
    end = result.days[-1]
    some = arriving(result, "gastrocnemius", [100.0, 200.0, end + 1, np.inf])
    found = first_expected(some)
    assert found is not None and found.target == "gastrocnemius"
    assert (found.median_d, found.late_d, found.missing, found.missing_then) == (100, 200, 0.5, 1)
    cell = signs_cell(some, "gastrocnemius")
    assert cell == "day 200 (100 to later); not within 730 days in 50 % of twins"
    told = " ".join(recovery(some).later)
    assert "50 % of the twins with broken axons there do not show it" in told
    assert "the muscle gastrocnemius" in told and "moves it without regrowth" in told
    assert f"{end + 1:.0f}" not in told
    assert "axons broken by day 730" in first_signs(some).caption


def test_a_median_that_is_no_date_is_not_printed_as_one(result: Result) -> None:
    name = injured_targets(result)[0]
    cell = signs_cell(arriving(result, name, [100.0, 900.0, 900.0, 900.0]), name)
    assert cell == "not within 730 days in 75 % of twins; from day 100 in the earliest 5 %"
    assert "later" not in cell


def test_no_share_is_printed_where_every_twin_recovers(result: Result) -> None:
    everyone = arriving(result, "gastrocnemius", [100.0, 150.0, 200.0, 250.0])
    assert signs_cell(everyone, "gastrocnemius") == "day 150 (100 to 250)"
    assert signs_cell(everyone, "sole skin") == "no axon lost"
    assert "Every twin with broken axons there shows it" in " ".join(recovery(everyone).later)


def test_dates_beyond_the_forecast_are_none(result: Result) -> None:
    late = arriving(result, "gastrocnemius", [900.0, 900.0, 900.0, np.inf])
    assert first_expected(late) is None
    assert signs_cell(late, "gastrocnemius") == "not within 730 days, in any twin"
    assert "no twin shows a sign of regrowth within 730 days" in " ".join(recovery(late).later)


def test_skin_is_not_spoken_of_as_a_muscle(result: Result) -> None:
    told = " ".join(recovery(arriving(result, "sole skin", [100.0] * 4)).later[2:])
    assert "sole skin" in told and not re.search(r"muscle|paralys|moves", told)


# ---- verdicts


@pytest.mark.parametrize(("distal", "said"), [(0.7, None), (0.9, True)])
def test_a_drop_below_a_tiny_distal_response_is_no_verdict(
    distal: float, said: bool | None
) -> None:
    nerve = build("ulnar", side="left", twins=some(range(1), sex="male"))
    study = nerve.study("ulnar motor (ADM)")

    def measured(size: float, ratio: float) -> Visit:
        made = tuple(
            Measurement("motor conduction", study.name, site.name, what, unit, np.array([value]))
            for site, what, unit, value in (
                (study.sites[0], "amplitude", "mV", size),
                (study.sites[1], "amplitude against distal", "%", ratio),
            )
        )
        return Visit(14.0, healthy(nerve), Examination(made, {}))

    edge = float(next(iter(findings(measured(9.0, 95.0)))).limit.removeprefix("≥ "))
    found = list(findings(measured(distal * edge / 4, 10.0), measured(9.0, 95.0)))
    assert found[1].abnormal is said
    assert found[0].abnormal


def test_intervals_keep_their_brackets() -> None:
    assert interval(np.full(5, 4.0), "0 to 5") == "4 (4 to 4)"


# ---- figures


def test_states_in_the_cross_section_add_up(result: Result) -> None:
    for visit in result.visits[result.waiting].values():
        assert sum(percentages(visit)) == pytest.approx(100)
        state, index = visit.limb.state, fibre_states(visit)
        assert np.array_equal(index == 5, state.reached[0] & (index >= 0))
        assert (index[visit.limb.conducts[0] & (index >= 0)] != 2).all()


def test_mrc_axis_puts_each_grade_in_its_band() -> None:
    scale = mrc_of_force("elbow flexion", PUBLISHED)
    force = np.linspace(0, 100, 501)
    assert (np.diff(scale.place(force)) > 0).all()
    inside = scale.place(force)
    grade = mrc_grade(force / 100, "elbow flexion", PUBLISHED)
    assert (inside[grade < 5] < grade[grade < 5] + 1).all() and (inside >= grade).all()
    edge = edges("elbow flexion", PUBLISHED)[2]
    assert scale.place(np.array([100 * edge]))[0] == pytest.approx(3)


def test_filament_axis_has_the_finest_on_top() -> None:
    heights = filaments().place(np.array([2.83, 4.31, 6.65, np.inf]))
    assert (np.diff(heights) < 0).all() and heights[-1] == 0
    labels = dict(zip(filaments().ticks, filaments().labels, strict=True))
    assert [labels[h] for h in heights] == ["2.83", "4.31", "6.65", "none"]


@pytest.mark.parametrize("name", sorted(nerve_names()))
def test_every_nerve_fits_its_limb(name: str) -> None:
    nerve = build(name, side="left", twins=some(range(1), sex="male", height_cm=185))
    along, half = outline(nerve.limb, nerve.height_cm)
    assert max(t.path_mm for t in nerve.targets) <= along[-1]
    assert (np.diff(along) > 0).all() and (half > 0).all()
    assert set(_lanes(nerve)) == {d.name for d in nerve.branches}


# ---- the other cases, small


@pytest.fixture(scope="module")
def cut_page(example_pages: dict[str, str]) -> str:
    return example_pages["cut"]


@pytest.fixture(scope="module")
def example_pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    pages = {}
    for example in ("ivy", "cut", "block"):
        place = tmp_path_factory.mktemp(example)
        text = of_story((ROOT / f"examples/{example}.toml").read_text(encoding="utf-8"))
        write(run(parse(text, f"{example}.toml"), seed=2, twins=1), place)
        pages[example] = (place / "report.html").read_text(encoding="utf-8")
    return pages


@pytest.mark.parametrize("example", ["ivy", "cut", "block"])
def test_other_examples_make_a_page(example: str, example_pages: dict[str, str]) -> None:
    page = example_pages[example]
    assert "nan" not in re.sub(r"<[^>]*>", " ", page).lower().split()
    assert len(page) < 3_000_000


@pytest.mark.parametrize("name", ["tanya", "block", "cut", "ivy"])
def test_the_report_states_and_does_not_instruct(
    name: str, page: str, example_pages: dict[str, str]
) -> None:
    text = page if name == "tanya" else example_pages[name]
    assert not re.search(r"examine for|examine again|do not wait|look for|\bshould\b", text)
    assert "What would change the plan" in text and "What a later examination can tell" in text
