"""The command ``tinel exam``: its values are the report's, its errors name what is wrong."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tinel.case import load
from tinel.cli import main
from tinel.cohort.labelled import Labelled
from tinel.cohort.summary import middle_twin
from tinel.errors import TinelError
from tinel.evidence import GRADES, Parameters
from tinel.exam.cannot_see import cannot_see, rules
from tinel.exam.reference_limits import reference_limits
from tinel.exam.test import known_tests
from tinel.exam_command.as_json import as_data
from tinel.exam_command.asked import ask_exam
from tinel.exam_command.compute import Examined, examined, with_limits
from tinel.exam_command.lines import lines
from tinel.exam_command.own_limits import as_limits, check_fit, read_limits
from tinel.exam_command.show import _rows, as_text
from tinel.flow import run
from tinel.report import write
from tinel.report.diagnosis import diagnosis
from tinel.report.drawing import style
from tinel.report.findings_table import finding_rows
from tinel.report.recovery import first_signs

ROOT = Path(__file__).parents[1]
BLOCK = ROOT / "examples" / "block.toml"
TWINS = 4
FIELDS = ("test", "nerve", "site", "quantity", "value", "unit", "low", "high", "limit", "abnormal")
FIELDS += ("absent",)
HEAD = "test,study,site,quantity,limit,value"


@pytest.fixture(scope="module")
def block() -> Examined:
    """The Saturday-night palsy on day 10, waiting."""
    (one,) = examined(ask_exam(load(BLOCK).with_run(twins=TWINS), 10))
    return one


@pytest.fixture(scope="module")
def cut() -> Examined:
    """A nerve cut through, on day 30."""
    case = load(ROOT / "examples" / "cut.toml").with_run(twins=2)
    tests = ["motor conduction", "strength", "touch", "Tinel's sign"]
    (one,) = examined(ask_exam(case, 30, tests=tests))
    return one


def test_the_values_are_those_of_the_report(block: Examined, tmp_path: Path) -> None:
    result = run(load(BLOCK), twins=TWINS)
    write(result, tmp_path)
    with (tmp_path / "findings.csv").open(encoding="utf-8") as stream:
        rows = [r for r in csv.DictReader(stream) if (r["arm"], r["day"]) == ("wait", "10")]
    mine = lines(block)
    assert len(mine) == len(rows) > 20 and block.result.middle == result.middle
    keys = ("test", "nerve", "study", "site", "quantity", "unit")
    for line, row in zip(mine, rows, strict=True):
        assert [getattr(line, key) for key in keys] == [row[key] for key in keys]
        assert line.text == (row["value"] if not line.absent else "absent")
        assert line.limit == row["normal_limit"]
        assert {True: "yes", False: "no", None: ""}[line.abnormal] == row["abnormal"]


def test_json_is_one_object_with_findings(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["exam", str(BLOCK), "--day", "42", "--twins", "2", "--test", "MRC", "--json"]
    assert main(words) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["day"] == 42 and told["arm"] == "wait" and told["tests"] == ["strength"]
    assert told["findings"] and all(set(FIELDS) <= set(f) for f in told["findings"])
    assert {f["test"] for f in told["findings"]} == {"strength"}
    assert "not the patient" in told["examples"][0]["note"]
    assert told["cannot_see"][0]["source"] and told["readings"]
    assert any("is now called" in note for note in told["notes"])


def test_what_is_absent_is_null_and_stands_in_one_line(cut: Examined) -> None:
    found = as_data([cut])["findings"]
    gone = [f for f in found if f["absent"]]
    assert gone and all(f["value"] is None for f in gone)
    assert {f["quantity"] for f in gone} >= {"amplitude", "onset latency", "velocity"}
    text = as_text([cut])
    assert text.count("no response") >= 2 and "onset latency" not in text
    assert "not felt" in text and "Infinity" not in json.dumps(found, allow_nan=False)


def test_the_text_has_values_flags_readings_and_limits_of_the_tests(block: Examined) -> None:
    text = as_text([block])
    for wanted in ("MOTOR CONDUCTION", "Reading:", "twins: median (90 %)", "What these tests",
                   "as an example", "no advice for a person", "Flags:"):  # fmt: skip
        assert wanted in text
    flowing = " ".join(text.split())
    assert "Method: latency and velocity from the onset" in flowing and "°C; mm from" in flowing
    assert "chronic" not in text.casefold()


def test_a_value_that_few_twins_have_says_how_many(block: Examined) -> None:
    some = replace(next(line for line in lines(block) if not line.absent), twins=1)
    whole = replace(some, twins=TWINS)
    few, every = (_rows(some.study, [line], TWINS)[-1][-1] for line in (some, whole))
    assert few == f"{some.of_twins}, n 1" and every == some.of_twins


def test_json_says_how_each_value_was_measured(block: Examined) -> None:
    found = as_data([block])["findings"]
    motor = next(f for f in found if f["test"] == "motor conduction")
    assert motor["method"].keys() == {"marked", "filter", "temperature_C", "distance_mm"}
    assert motor["method"]["distance_mm"] > 0 and motor["method"]["filter"] == "none"


def test_another_arm_is_examined_too() -> None:
    case = load(ROOT / "examples" / "cut.toml").with_run(twins=2)
    asked = ask_exam(case, 365, "SUTURE on day 1", ["strength"])
    (one,) = examined(asked)
    assert one.asked.arm == "suture on day 1" and lines(one)
    assert set(one.result.visits) == {"wait", "suture on day 1"}


def test_earlier_days_are_there_for_the_reading(block: Examined) -> None:
    assert [seen.day for seen in block.earlier] == [1.0]


def test_plots_are_the_reports_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["exam", str(BLOCK), "--day", "10", "--twins", "1", "--test", "motor conduction"]
    assert main([*words, "--out", str(tmp_path / "plots")]) == 0
    (file,) = (tmp_path / "plots").iterdir()
    assert file.name == "radial_motor_EIP.svg" and str(file) in capsys.readouterr().out
    text = file.read_text(encoding="utf-8")
    assert text.startswith("<?xml") and "ms after the stimulus" in text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--day", "-3"], "--day"),
        (["--day", "soon"], "--day"),
        (["--day", "400"], "day 400 is after the forecast ends, on day 365"),
        (["--day", "nan"], "--day"),
        (["--day", "10", "--arm", "wiat"], "did you mean 'wait'"),
        (["--day", "10", "--test", "PET"], "no test is called 'PET'"),
        (["--day", "10", "--twins", "0"], "--run.twins"),
        (["--day", "10", "--limits", "nowhere.csv"], "--limits nowhere.csv"),
        (["--day", "10", "--out", str(BLOCK)], "is a file, not a folder"),
        ([], "--day"),
    ],
)
def test_a_mistake_ends_with_a_message(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["exam", str(BLOCK), *words]) == 2
    said = capsys.readouterr()
    assert told.removeprefix("--run.") in said.err.replace("\n", " ") and not said.out


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "empty"),
        (f"{HEAD}\n", "holds no limit"),
        ("test,site,quantity,value\n", "row 1: column 'limit' is missing"),
        (f"{HEAD},colour\n", "row 1: 'colour' is no known column"),
        (f"{HEAD},site\n", "row 1: column 'site' is there twice"),
        (f"{HEAD}\nmotor conduction,,wrist,amplitude,lower\n", "row 2: has 5 cells"),
        (f"{HEAD}\nmotr conduction,,,amplitude,lower,4\n", "row 2, column test"),
        (f"{HEAD}\nstrength,,,,lower,4\n", "row 2, column quantity"),
        (f"{HEAD}\nstrength,,,MRC grade,under,4\n", "row 2, column limit"),
        (f"{HEAD}\nstrength,,,MRC grade,lower,four\n", "row 2, column value"),
        (f"{HEAD}\nstrength,,,MRC grade,lower,\n", "row 2, column value"),
        (f"{HEAD}\n\nstrength,,,MRC grade,lower,inf\n", "row 3, column value"),
        (f"{HEAD},sex\nstrength,,,MRC grade,lower,4,x\n", "row 2, column sex"),
        (f"{HEAD},age_from\nstrength,,,MRC grade,lower,4,-2\n", "row 2, column age_from"),
        (f"{HEAD},age_from,age_to\nstrength,,,force,lower,4,9,3\n", "row 2, column age_to"),
        (f"{HEAD}\nstrength,,,force,lower,4\nMRC,,,force,upper,9\n", "row 3: bounds what row 2"),
    ],
)
def test_a_row_that_does_not_fit_is_refused(text: str, where: str, tmp_path: Path) -> None:
    (tmp_path / "lab.csv").write_text(text)
    with pytest.raises(TinelError) as problem:
        read_limits(tmp_path / "lab.csv", known_tests())
    assert where in str(problem.value) and "--limits lab.csv" in str(problem.value)


def limited(one: Examined, rows: str, folder: Path) -> tuple[Examined, tuple[str, ...]]:
    """An examination with a laboratory's table, and the notes on it."""
    (folder / "lab.csv").write_text(rows)
    own = read_limits(folder / "lab.csv", known_tests())
    notes = check_fit(own, [one.visit], "--limits lab.csv")
    patient = one.result.case.patient
    return with_limits(one, as_limits(own, reference_limits(), patient)), notes


def test_the_laboratorys_own_limits_go_first(block: Examined, tmp_path: Path) -> None:
    study = "radial motor (EIP)"
    rows = f"{HEAD},sex\nmotor conduction,,elbow,amplitude,lower,1,\n"
    rows += f"motor conduction,{study},elbow,amplitude,lower,99,\n"
    rows += "sensory conduction,,,onset latency,upper,0.1,female\n"
    rows += "sensory conduction,,,onset latency,upper,0.2,male\n"
    rows += "motor conduction,median motor,wrist,amplitude,lower,5,\n"
    seen, notes = limited(block, rows, tmp_path)
    found: dict[Any, Any] = {(x.study, x.site, x.quantity): x for x in lines(seen)}
    here = found[study, "elbow", "amplitude"]
    assert here.limit == "≥ 99" and here.criterion == "limit broken on both sides"
    sex = block.result.case.patient.sex
    latency = next(x for x in lines(seen) if x.test.startswith("sensory") and "onset" in x.quantity)
    assert latency.limit == {"female": "≤ 0.1", "male": "≤ 0.2"}[sex]
    strength = [x.limit for x in lines(seen) if x.quantity == "MRC grade"]
    assert set(strength) == {"≥ 5"}, "what the table does not name stays as published"
    assert len(notes) == 1 and "row 6 is not used" in notes[0]


@pytest.mark.parametrize(
    ("row", "where"),
    [
        ("motor conduction,,elbow,amplitud,lower,5", "column quantity"),
        ("motor conduction,radial motor (EIP),wrst,amplitude,lower,5", "column site"),
    ],
)
def test_a_row_that_names_nothing_here_is_refused(
    row: str, where: str, block: Examined, tmp_path: Path
) -> None:
    with pytest.raises(TinelError, match=f"row 2, {where}"):
        limited(block, f"{HEAD}\n{row}\n", tmp_path)
    with pytest.raises(TinelError, match="column unit"):
        limited(block, f"{HEAD},unit\nmotor conduction,,elbow,amplitude,lower,5,uV\n", tmp_path)


def test_a_table_with_semicolons_and_a_mark_at_its_start_is_read(tmp_path: Path) -> None:
    text = f"\ufeff{HEAD}\nstrength,,,force,lower,80\n".replace(",", ";")
    (tmp_path / "lab.csv").write_text(text, encoding="utf-8")
    (one,) = read_limits(tmp_path / "lab.csv", known_tests())
    assert one.bound.value == 80 and one.bound.lower


def test_every_test_has_a_rule_with_a_source_on_every_day() -> None:
    published = Parameters.of_evidence()
    for name in known_tests():
        for day in (0.0, 1.0, 7.0, 10.0, 11.0, 60.0, 400.0):
            rule = cannot_see(name, day, published)
            assert rule is not None and rule.text and rule.source, (name, day)
            assert rule.evidence_grade in GRADES and "{" not in rule.text
    assert {rule.test for rule in rules()} <= set(known_tests())
    early, late = (cannot_see("motor conduction", d, published) for d in (1.0, 20.0))
    assert early and "between day 2 and day 7" in early.text and late and "Block" not in late.text


def test_an_uninjured_twin_is_never_the_example() -> None:
    names = ("arm", "bound", "quantity", "target")
    labels = (("wait", "", "conducting fibres", ""), ("wait", "", "force", "hand"))
    conducting = np.array([[100.0, 100.0], [100.0, 99.8], [0.0, 10.0]])
    force = np.array([[100.0, 100.0], [100.0, 100.0], [5.0, 20.0]])
    curves = Labelled(names, labels, ("%", "%"), np.stack([conducting, force], axis=1))
    assert middle_twin(curves, "wait") == 2
    whole = Labelled(names, labels, ("%", "%"), np.full((3, 2, 2), 100.0))
    assert middle_twin(whole, "wait") == 0
    # where its other side is not normal, the next of the closer half whose other side is
    force = np.array([[50.0], [52.0], [49.0], [95.0]])
    row = (("wait", "", "force", "hand"),)
    four = Labelled(names, row, ("%",), force[:, None])
    assert middle_twin(four, "wait") == 0
    assert middle_twin(four, "wait", np.array([False, True, True, True])) == 1
    assert middle_twin(four, "wait", np.array([False, False, False, True])) == 0, "too far"


def test_every_nerve_of_a_case_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    cuff = str(ROOT / "examples" / "cuff.toml")
    words = ["exam", cuff, "--day", "2 weeks", "--twins", "1", "--test", "strength"]
    assert main([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["day"] == 14
    assert {f["nerve"] for f in told["findings"]} == {"radial", "median", "ulnar"}
    assert [e["nerve"] for e in told["examples"]] == ["radial", "median", "ulnar"]


def test_a_test_of_ones_own_is_done(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "units.py").write_text(
        "from tinel.exam.measurement import Value\n"
        "from tinel.exam.test import Test, targets\n"
        "TEST = Test(name='unit count', text='Units.', subjects=targets('motor'),\n"
        "    examine=lambda limb, muscle, laboratory: [Value('units', '1',\n"
        "        limb.conducts[:, limb.fibres_of(muscle.name)].sum(axis=1) * 1.0)])\n"
    )
    words = [
        "exam",
        str(BLOCK),
        "--day",
        "10",
        "--twins",
        "1",
        "--with",
        str(tmp_path / "units.py"),
    ]
    assert main([*words, "--test", "unit count"]) == 0
    said = capsys.readouterr().out
    assert "UNIT COUNT" in said and "nothing is stated for this test" in said


def test_the_report_examines_every_arm() -> None:
    result = run(load(ROOT / "examples" / "cut.toml"), twins=2)
    with style():
        chapters = {c.title: c for c in diagnosis(result, finding_rows(result))}
    motor = next(c for title, c in chapters.items() if title.startswith("ulnar motor (ADM)"))
    arms = [name for name, _ in motor.subjects]
    assert arms[0] == "waiting" and "suture on day 1" in arms
    treated = " ".join(one.sentence for one in dict(motor.subjects)["suture on day 1"])
    assert "Coming back" in treated
    strength = [name for name, _ in chapters["Strength (MRC scale)"].subjects]
    assert "abductor digiti minimi, first dorsal interosseous" in strength
    assert any("(suture on day 1)" in name for name in strength)
    rows = {row[0].text: row for row in first_signs(result).rows}
    waiting, sutured = (rows[f"abductor digiti minimi{arm}"] for arm in ("", " (suture on day 1)"))
    assert "in any twin" in waiting[3].text and waiting[6].text == "–"
    assert sutured[3].text.startswith("day ")
