"""A case file that is right is read as it was meant."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from tinel.case import load, parse
from tinel.declare import Spread
from tinel.declare.quantity import shown_day
from tinel.declare.spread import stream_of
from tinel.errors import TinelError
from tinel.nerve import build
from tinel.twins import AGE_years, HEIGHT_cm

EXAMPLES = Path(__file__).parents[1] / "examples"
SMALL = """
[patient]
age = 41
sex = "female"
height_cm = 170
limb_temperature_c = 33

[nerve]
name = "sciatic"
side = "left"

[cause]
kind = "traction"
procedure = "hip replacement"
site = "gluteal fold"
length_mm = 40
strain_percent = 12

[[exam]]
days = [1, 42]
tests = ["touch"]
"""


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda p: p.stem)
def test_examples_fit_their_nerves_and_treatments(path: Path) -> None:
    case = load(path)
    nerve = build(case.nerve.name, side=case.nerve.side, twins=case.twins(range(2)))
    assert nerve.present(case.place.branch, case.place.site_mm.median).any()
    for arm, made in zip(case.arm, case.plans(), strict=True):
        assert made.says and made.name == arm.name
    assert sum(not arm.step for arm in case.arm) == 1
    assert case.notes == ()


@pytest.mark.parametrize(
    ("written", "height_cm"), [("170", 170), ('"1.7 m"', 170), ('"1700 mm"', 170), ("165.5", 165.5)]
)
def test_units_are_converted_when_a_case_is_read(written: str, height_cm: float) -> None:
    case = parse(SMALL.replace("height_cm = 170", f"height_cm = {written}"))
    assert case.patient.height_cm == pytest.approx(height_cm)


def test_pressure_temperature_and_time_units() -> None:
    text = SMALL.replace('"traction"', '"compression"')
    text = text.replace("strain_percent = 12", 'acute_pressure_mmHg = "40 kPa"\nhours = "90 min"')
    case = parse(text.replace("= 33", '= "91.4 degF"').replace("42]", '"6 weeks"]'))
    sizes = case.cause.values
    assert sizes["acute_pressure_mmHg"].median == pytest.approx(300.02, abs=0.01)
    assert sizes["hours"].median == pytest.approx(1.5)
    assert case.patient.limb_temperature_c == pytest.approx(33)
    assert case.exam_days == (1, 42)


def test_an_arm_that_waits_is_added_and_said() -> None:
    arm = '[[arm]]\nname = "release"\n[[arm.step]]\ntreatment = "neurolysis"\nday = 90\n'
    case = parse(SMALL + arm)
    assert [a.name for a in case.arm] == ["wait", "release"]
    assert "added 'wait'" in case.notes[0]


def test_defaults_and_overrides() -> None:
    case = parse(SMALL)
    assert (case.run.seed, case.run.twins, case.run.horizon_days) == (1, 200, 730)
    assert case.with_run(seed=7).run.seed == 7
    assert case.with_run(twins=3).run.twins == 3
    assert case.run.seed == 1, "the first case stays as it was"
    with pytest.raises(TinelError, match="twins: 0 is not allowed"):
        case.with_run(twins=0)


def test_days_that_are_shown_apart_are_read() -> None:
    assert parse(SMALL.replace("[1, 42]", "[1, 1.5, 2]")).exam_days == (1, 1.5, 2)


@pytest.mark.parametrize(
    ("day", "shown"), [(0, "0"), (1.5, "1.5"), (29.96, "30"), (31.4, "31"), (182.625, "183")]
)
def test_days_as_people_say_them(day: float, shown: str) -> None:
    assert shown_day(day) == shown


def test_findings_and_symptoms_are_kept() -> None:
    text = SMALL + (
        '[[symptom]]\nwhat = "numb foot"\nday = "2 weeks"\n'
        '[[finding]]\ntest = "motor conduction"\nday = 30\nquantity = "amplitude"\n'
        'value = 0.4\nunit = "mV"\n'
    )
    case = parse(text)
    assert case.symptom[0].day == 14
    assert (case.finding[0].value, case.finding[0].unit) == (0.4, "mV")


def test_an_acute_cause_is_the_same_either_way() -> None:
    scar = SMALL.replace('"traction"', '"scar constriction"').replace(
        "strain_percent = 12", "pressure_mmHg = 60\nonset_days = 30"
    )
    beside = parse(scar + '[cause.acute]\nkind = "traction"\nstrain_percent = 12\n').cause.acute
    alone = parse(SMALL).cause
    assert beside is not None
    assert beside.kind == alone.kind == "traction" and beside.values == alone.values
    assert parse(scar).cause.acute is None


def test_where_a_case_came_from() -> None:
    case = load(EXAMPLES / "tanya.toml")
    assert case.source.text == (EXAMPLES / "tanya.toml").read_text(encoding="utf-8")
    assert len(case.source.sha256) == 64
    assert case.where("cause.site") == "tanya.toml: cause.site"


def test_windows_files_are_read(tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())
    assert load(path).nerve.name == "sciatic"


def test_adults_only_like_the_nerve() -> None:
    for key, (low, high) in {"age": AGE_years, "height_cm": HEIGHT_cm}.items():
        now = {"age": "age = 41", "height_cm": "height_cm = 170"}[key]
        parse(SMALL.replace(now, f"{key} = {low:g}"))
        parse(SMALL.replace(now, f"{key} = {high:g}"))
        for wrong in (low - 1, high + 1):
            with pytest.raises(TinelError, match="out of range"):
                parse(SMALL.replace(now, f"{key} = {wrong:g}"))


def test_a_prior_is_a_90_percent_interval() -> None:
    drawn = Spread(20, 60, "mm", "not told", 0, 1000).draw(1, stream_of("x"), range(2000))
    assert np.mean(drawn < 20) == pytest.approx(0.05, abs=0.015)
    assert np.mean(drawn > 60) == pytest.approx(0.05, abs=0.015)
    assert np.median(drawn) == pytest.approx(np.sqrt(20 * 60), rel=0.03)
    even = Spread(0, 10, "days", "not told", 0, 1000).draw(1, stream_of("x"), range(2000))
    assert even.min() >= 0 and even.max() <= 10 and np.mean(even) == pytest.approx(5, abs=0.25)


def test_twins_do_not_depend_on_the_splitting() -> None:
    spread = Spread(20, 60, "mm", "not told")
    whole = spread.draw(5, 1, range(50))
    parts = [spread.draw(5, 1, range(20)), spread.draw(5, 1, range(20, 50))]
    assert np.array_equal(whole, np.concatenate(parts))
    assert not np.array_equal(whole, spread.draw(6, 1, range(50)))
    assert not np.array_equal(whole, spread.draw(5, 2, range(50)))


def test_draws_stay_in_the_allowed_range() -> None:
    drawn = Spread(50, 99, "%", "not told", 0, 100).draw(1, 1, range(2000))
    assert drawn.max() <= 100
    assert np.unique(drawn).size == 2000, "no heap at the limit"


def test_a_case_without_arms_needs_no_note_on_waiting() -> None:
    text = (EXAMPLES / "cut.toml").read_text(encoding="utf-8")
    alone = parse(text[: text.index("[[arm]]")])
    assert [arm.name for arm in alone.arm] == ["wait"] and not alone.notes
    treated = parse(text.replace('[[arm]]\nname = "wait"\n', "", 1))
    assert any("no arm waits" in note for note in treated.notes)


def test_a_case_can_be_printed_as_data() -> None:
    case = load(EXAMPLES / "teaching" / "sciatic_injection.toml")
    table = json.loads(json.dumps(case.as_data()))
    in_view = [
        given
        for part in (table["cause"], table["cause"]["acute"] or {})
        for given in part.get("values", {}).values()
        if isinstance(given, dict) and given["symptoms_in_view"]
    ]
    assert [(one["low"], one["high"]) for one in in_view] == [(250, 450)]
    table = json.loads(json.dumps(load(EXAMPLES / "tanya.toml").as_data()))
    pressure = table["cause"]["values"]["pressure_mmHg"]
    assert pressure["low"] == 30 and pressure["why"].startswith("not told")
    assert pressure["symptoms_in_view"] is False


def test_the_case_in_the_readme() -> None:
    readme = (EXAMPLES.parent / "README.md").read_text(encoding="utf-8")
    shown = re.search(r"```toml\n(.*?)```", readme, re.DOTALL)
    assert shown and parse(shown[1]).cause.kind == "scar constriction"
