"""Symptoms from a case file to the report: a remedy of one's own, and a nerve without skin."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tinel.case import load
from tinel.cli import main
from tinel.flow import run
from tinel.report.drawing import style
from tinel.report.symptoms import NO_ADVICE, symptom_chapter
from tinel.report.treatments import verdict
from tinel.result import Result

REMEDY = '''
from tinel.own import DAY, Intervention, Treatment
from tinel.treatment import Relief

def effect(values, parameters, which):
    """Half of the people answer."""
    relief = Relief("a remedy <b>", with_it=0.6, on_placebo=0.2, ends_d=200.0)
    return tuple(Intervention("a remedy", day, relief=relief) for day in values["on_days"])

TREATMENT = Treatment(
    name="remedy", text="Made up for a test.", source="an assumption, made for a test",
    fields=(DAY,), effect=effect, says="Made up.", evidence_grade="assumption",
)
'''
CASE = """
[patient]
sex = "female"
age = 29
height_cm = 170
limb_temperature_c = 32

[nerve]
name = "{nerve}"
side = "left"

[cause]
kind = "laceration"
procedure = "cut with glass"
site_mm = {site_mm}
severed_percent = 100

[[exam]]
days = [60, 150]
tests = ["symptoms"]

[[arm]]
name = "remedy"

[[arm.step]]
treatment = "remedy"
day = 100

[run]
twins = 12
horizon_days = 150
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cases")
    (folder / "remedy.py").write_text(REMEDY, encoding="utf-8")
    for nerve, site_mm in (("ulnar", 600), ("facial", 60)):
        text = CASE.format(nerve=nerve, site_mm=site_mm)
        (folder / f"{nerve}.toml").write_text(text, encoding="utf-8")
    return folder


def computed(folder: Path, nerve: str) -> Result:
    return run(load(folder / f"{nerve}.toml", files=[folder / "remedy.py"]))


def test_a_remedy_changes_pain_alone_and_the_report_says_whom_it_helps(folder: Path) -> None:
    result = computed(folder, "ulnar")
    for labels, _, values in result.outcomes.curves.rows():
        waited = result.twins(result.waiting, labels["quantity"], labels["target"])
        assert (labels["quantity"] == "pain") == (not np.array_equal(values, waited)) or (
            labels["arm"] == result.waiting
        )
    eased = result.twins("remedy", "pain") < result.twins(result.waiting, "pain")
    assert not eased[:, np.array(result.days) < 100].any() and 0.2 < eased[:, -1].mean() < 1.0
    said = verdict(result, result.plans[-1])
    assert f"Pain is less in {100 * eased[:, -1].mean():.0f} % of twins" in said
    with style():
        chapter = symptom_chapter(result)
    (line,) = chapter.relief
    assert "from day 100 to 200" in line and "answer to a placebo" in line
    assert chapter.told is not None and len(chapter.told.rows) == 13
    assert chapter.answer.startswith("On day 150 of waiting the twin in the middle has pain of")


def test_a_nerve_without_skin_says_that_its_pain_is_not_computed(folder: Path) -> None:
    result = computed(folder, "facial")
    with style():
        chapter = symptom_chapter(result)
    assert not result.twins(result.waiting, "pain").any()
    assert "no skin here, so its pain is not computed" in chapter.answer


def test_the_page_escapes_what_a_file_says_and_ends_without_advice(
    folder: Path, tmp_path: Path
) -> None:
    words = ["run", str(folder / "ulnar.toml"), "--twins", "2", "--out", str(tmp_path / "out")]
    assert main([*words, "--with", str(folder / "remedy.py")]) == 0
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "a remedy &lt;b&gt;" in page and "a remedy <b>" not in page
    assert NO_ADVICE in page
