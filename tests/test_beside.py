"""Several nerves in one case: the same cause at the matching level, one result for each."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.people import PUBLISHED
from tinel.case import Case, parse
from tinel.case.beside import same_level
from tinel.cohort.person import injure
from tinel.errors import TinelError
from tinel.flow import run
from tinel.nerve import read
from tinel.nerve.atlas import Layout, lay_out
from tinel.nerve.library import parameters
from tinel.report import write
from tinel.twins import Patient

TEXT = """
[patient]
age = 40
sex = "male"
height_cm = 170
limb_temperature_c = 33

[nerve]
name = "radial"
side = "left"
also = {also}

[cause]
kind = "compression"
procedure = "surgery under a cuff on the arm"
acute_pressure_mmHg = {{ low = 100, high = 400, why = "not told" }}
hours = 2
{place}

[[exam]]
days = [1, 60]
tests = ["strength"]

[run]
twins = 4
horizon_days = 120
"""
CUFF = 'site = "mid-arm"\nlength_mm = 60'


def case_of(also: str, place: str = CUFF) -> Case:
    return parse(TEXT.format(also=also, place=place), "cuff.toml")


def layout(name: str, height_cm: float = 170) -> Layout:
    person = Patient(age=40, sex="male", height_cm=height_cm)
    return lay_out(read(name), person, parameters())


def test_three_nerves_under_one_cuff_lie_at_its_level() -> None:
    case = case_of('["median", "ulnar"]')
    assert [c.nerve.name for c in case.beside] == ["median", "ulnar"]
    assert case.place.site_mm.low == 388
    median, ulnar = (c.place for c in case.beside)
    assert (median.branch, ulnar.branch) == ("median trunk", "ulnar trunk")
    assert median.site_mm.low == pytest.approx(375, abs=1), "its own mark for the middle of the arm"
    assert 375 < ulnar.site_mm.low < 410
    assert {p.length_mm.low for p in (case.place, median, ulnar)} == {60}
    assert case_of("[]").beside == ()


def test_landmarks_of_one_name_are_at_one_level_at_every_height() -> None:
    for height_cm in (80, 170, 200):
        median, ulnar = layout("median", height_cm), layout("ulnar", height_cm)
        there = {m.name: m.position_mm for m in ulnar.landmarks}
        for mark in median.landmarks:
            if mark.name in ("Erb's point", "axilla", "mid-forearm", "wrist"):
                moved = same_level(mark.position_mm, median, ulnar)
                assert moved == pytest.approx(there[mark.name])
        ways = [same_level(mm, median, ulnar) for mm in np.linspace(0, 800, 60)]
        assert (np.diff(ways) > 0).all()


def test_a_thigh_cuff_meets_sciatic_and_femoral_at_their_own_lengths() -> None:
    text = TEXT.format(also='["femoral"]', place='site = "mid-thigh"\nlength_mm = 40')
    case = parse(text.replace("radial", "sciatic"), "cuff.toml")
    assert case.place.site_mm.low == 530 and case.beside[0].place.site_mm.low == pytest.approx(520)
    person = injure(case.beside[0], range(2))
    hurt = {person.nerve.targets[i].name for i in person.nerve.fibres.target[person.lesion.present]}
    assert "medial leg skin" in hurt and "vastus medialis" in hurt and "rectus femoris" not in hurt


def test_every_nerve_gets_the_same_pressure_in_each_twin() -> None:
    case = case_of('["median", "ulnar"]')
    drawn = [injure(c, range(4)).drawn["acute_pressure_mmHg"] for c in (case, *case.beside)]
    np.testing.assert_array_equal(drawn[0], drawn[1])
    np.testing.assert_array_equal(drawn[0], drawn[2])


@pytest.mark.parametrize(
    ("also", "place", "says", "where"),
    [
        ('["medain"]', CUFF, "did you mean 'median'", "nerve.also[1]"),
        ('["median", "radial"]', CUFF, "radial is named twice", "nerve.also[2]"),
        ('["axillary"]', CUFF, "not on the nerve", "nerve.also[1]"),
        ('["sciatic"]', CUFF, "is a nerve of the leg, radial of the arm", "nerve.also[1]"),
        ('"median"', CUFF, "is a text", "nerve.also"),
        ('["cubital tunnel"]', CUFF, "is a place on the ulnar nerve", "nerve.also[1]"),
    ],
)
def test_a_nerve_that_is_not_there_is_refused(also: str, place: str, says: str, where: str) -> None:
    with pytest.raises(TinelError, match=says.replace("[", r"\[")) as caught:
        case_of(also, place)
    assert caught.value.where == f"cuff.toml: {where}"


def test_axons_are_led_to_a_target_of_any_nerve_of_the_case() -> None:
    arm = (
        '[[arm]]\nname = "led"\n[[arm.step]]\ntreatment = "nerve transfer"\nday = 90\n'
        'distance_mm = 60\ntargets = "{}"\n'
    )
    text = TEXT.format(also='["ulnar"]', place=CUFF)
    for target in ("extensor indicis", "first dorsal interosseous"):
        assert parse(text + arm.format(target), "cuff.toml").arm[1].name == "led"
    with pytest.raises(
        TinelError, match="no nerve of the case has a target 'extensor indicus'"
    ) as c:
        parse(text + arm.format("extensor indicus"), "cuff.toml")
    assert c.value.where == "cuff.toml: arm[1].step[1].targets"
    assert "extensor indicis" in c.value.advice


def test_one_result_holds_every_nerve(tmp_path: Path) -> None:
    case = case_of('["median", "ulnar"]')
    result = run(case, twins=2)
    assert list(result.by_nerve) == ["radial", "median", "ulnar"]
    alone = run(case_of("[]"), twins=2)
    np.testing.assert_array_equal(
        result.twins("wait", "conducting fibres"), alone.twins("wait", "conducting fibres")
    )
    assert "abductor pollicis brevis" in {
        t.name for t in result.beside["median"].healthy.limb.nerve.targets
    }
    table = result.to_dataframe()
    assert table.columns[0] == "nerve" and set(table["nerve"]) == {"radial", "median", "ulnar"}
    assert "nerve" not in alone.to_dataframe().columns
    assert "ulnar:" in result.summary() and set(result.as_json()["beside"]) == {"median", "ulnar"}
    assert [r.case.run.twins for r in result.by_nerve.values()] == [2, 2, 2]
    write(result, tmp_path)
    assert (tmp_path / "report.html").exists() and (tmp_path / "ulnar" / "report.html").exists()


def test_a_changed_number_holds_for_every_nerve() -> None:
    key = "lesion.compression.threshold"
    case = case_of('["median"]').with_parameters({key: 2 * PUBLISHED.scalar(key)})
    assert [c.parameters.scalar(key) for c in (case, *case.beside)] == [
        2 * PUBLISHED.scalar(key)
    ] * 2
