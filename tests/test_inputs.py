"""Inputs that once crashed, misled, or were taken without a word: refused, noted, or right."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.people import PUBLISHED, some
from tinel.case import Case, parse
from tinel.cli import main
from tinel.declare import Field
from tinel.declare.quantity import number
from tinel.errors import TinelError
from tinel.evidence import Parameters
from tinel.lesion.causes import compression, laceration, traction
from tinel.nerve import build
from tinel.nerve.anatomy import Nerve
from tinel.treatment import plan
from tinel.twins import Patient, Twins

ROOT = Path(__file__).parents[1]
TANYA, CUT, BLOCK = (
    (ROOT / f"examples/{name}.toml").read_text(encoding="utf-8")
    for name in ("tanya", "cut", "block")
)
HEIGHT, WARM = "height_cm = 165", "limb_temperature_c = 32"
DAYS = "days = [1, 10, 42, 90, 180, 365, 545, 730]"
TESTS = 'tests = ["motor conduction", "sensory conduction", "strength", "touch"]'
PRESSURE = next(line for line in TANYA.splitlines() if line.startswith("pressure_mmHg"))
ONSET = next(line for line in TANYA.splitlines() if line.startswith("onset_days"))
SEVERED = next(line for line in CUT.splitlines() if line.startswith("severed_percent"))
FINDING = """
[[finding]]
test = "motor conduction"
day = 10
quantity = "amplitude"
value = {}
unit = "mV"
"""
LATER = "{ low = 1400, high = 2600, why = 'x' }"


def step(treatment: str, more: str) -> str:
    return f'\n[[arm.step]]\ntreatment = "{treatment}"\n{more}\n'


# kind: (example, what stands there, what is written instead, field, words of the message)
REFUSED: dict[str, tuple[str, str, str, str, str]] = {
    "a difference of temperatures": (
        TANYA, WARM, 'limb_temperature_c = "32 delta_degC"', "limb_temperature_c",
        "cannot be converted to °C",
    ),
    "a difference in Fahrenheit": (
        TANYA, WARM, 'limb_temperature_c = "90 delta_degF"', "limb_temperature_c", "converted",
    ),
    "a product of temperatures": (
        TANYA, WARM, 'limb_temperature_c = "32 degC*degC"', "limb_temperature_c", "converted",
    ),
    "a logarithmic unit": (CUT, SEVERED, 'severed_percent = "3 dB"', "severed_percent", "logarith"),
    "an angle as a percentage": (
        CUT, SEVERED, 'severed_percent = "30 deg"', "severed_percent",
        "'30 deg' is given in degree and cannot be converted to %",
    ),
    "a turn as a percentage": (CUT, SEVERED, 'severed_percent = "1 turn"', "severed_percent", "tu"),
    "bits as a percentage": (CUT, SEVERED, 'severed_percent = "1 bit"', "severed_percent", "bit"),
    "digits that contradict themselves": (
        TANYA, HEIGHT, "height_cm = 220.00001", "height_cm", "220.00001 cm is out of range",
    ),
    "a range whose ends look alike": (
        TANYA, PRESSURE, "pressure_mmHg = { low = 30.0000001, high = 30, why = 'x' }",
        "cause.pressure_mmHg", "low 30.0000001 is above high 30",
    ),
    "a test twice": (
        TANYA, '"touch"]', '"touch", "touch"]', "exam[1].tests[5]", "touch is given twice",
    ),
    "a test twice by its other name": (
        TANYA, '"touch"]', '"touch", "SNAP"]', "exam[1].tests[5]", "sensory conduction is given",
    ),
    "tests in a table": (
        TANYA, TESTS, "tests = { a = 'touch' }", "exam[1].tests", "allowed: list of tests",
    ),
    "a day of several after the end": (
        TANYA, "420, 540]", "420, 5400]", "arm[2].step[1].days", "day 5400 is after",
    ),
    "a day just after the end": (
        TANYA, "420, 540]", "420, 730.001]", "arm[2].step[1].days", "day 730.001 is after",
    ),
    "a number with its unit in a finding": (
        BLOCK, BLOCK, BLOCK + FINDING.format("'3.2 mV'"), "finding[3].value",
        "'unit' gives 'mV' too",
    ),
    "a percentage as a finding": (
        BLOCK, BLOCK, BLOCK + FINDING.format("'5 %'"), "finding[3].value", "keep one of them",
    ),
    "a repair without a day": (
        TANYA, 'treatment = "neurolysis"\nday = "6 months"', 'treatment = "repair"',
        "arm[3].step[1].day", "add it: day of the treatment",
    ),
    "a gap longer than the nerve": (
        CUT, "gap_mm = 30", "gap_mm = 300", "arm[3].step[1].gap_mm", "longer than the nerve",
    ),
    "a scar after the end": (
        TANYA, ONSET, f"onset_days = {LATER}", "cause.onset_days", "after the forecast ends",
    ),
    "an arm that nobody sees": (
        TANYA, '"neurolysis at 6 months"', '"\\u200b"', "arm[3].name", "nothing that can be seen",
    ),
    "an arm with a mark that nobody sees": (
        TANYA, '"neurolysis at 6 months"', '"wait\\u200b"', "arm[3].name", "character U+200B",
    ),
    "an arm that is written backwards": (
        TANYA, '"neurolysis at 6 months"', '"a\\u202eb"', "arm[3].name", "character U+202E",
    ),
    "a blank story": (TANYA, "story =", 'story = "\\u2800"\n#', "cause.story", "can be seen"),
    "a cause that is a list": (
        TANYA, 'kind = "scar constriction"', "kind = ['scar']", "cause.kind", "is a list, not a te",
    ),
    "a treatment that is a number": (
        TANYA, 'treatment = "neurolysis"', "treatment = 1", "arm[3].step[1].treatment", "a number",
    ),
    "a unit that pint does not know": (
        TANYA, TANYA, TANYA + '\n[set]\n"laboratory.limit.sd" = "2 mm"\n', "set.laboratory.limit",
        "'2 mm' is not in SD",
    ),
    "a fraction with a unit": (
        TANYA, TANYA, TANYA + '\n[set]\n"exam.block.amplitude_drop" = "5 mm"\n', "set.exam.block",
        "is a length",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_is_refused(kind: str) -> None:
    text, old, new, field, words = REFUSED[kind]
    assert old in text, "the example has changed; adapt this test"
    with pytest.raises(TinelError) as caught:
        parse(text.replace(old, new, 1), "bad.toml")
    assert caught.value.where.startswith("bad.toml: "), str(caught.value)
    assert field in caught.value.where, str(caught.value)
    assert words in str(caught.value), str(caught.value)
    assert "more problem" not in str(caught.value), "there is only one"


def test_a_wrong_day_is_one_problem() -> None:
    with pytest.raises(TinelError) as caught:
        parse(TANYA.replace(DAYS, "days = [-3]"))
    assert "-3 days is out of range" in str(caught.value)
    assert "more problem" not in str(caught.value)
    with pytest.raises(TinelError, match="1 more problem after this one"):
        parse(TANYA.replace(DAYS, "days = [-3]").replace(HEIGHT, "height_cm = 9"))


@pytest.mark.parametrize("where", ["[patient]", "[cause]", "[[exam]]", "[[arm.step]]", "[set]"])
def test_a_long_key_is_repeated_once_and_cut(where: str) -> None:
    text = TANYA if where != "[set]" else TANYA + "\n[set]\n"
    with pytest.raises(TinelError) as caught:
        parse(text.replace(where, f"{where}\n{'x' * 90_000} = 1", 1), "bad.toml")
    assert caught.value.where.startswith("bad.toml: ") and "xxx..." in caught.value.where
    assert len(str(caught.value)) < 700


# ---- what is odd is taken, and said


def notes(text: str) -> str:
    return " | ".join(parse(text, "odd.toml").notes)


def operations(*days: int) -> str:
    steps = "".join(step("neurolysis", f"day = {day}") for day in days)
    return f'{CUT}\n[[arm]]\nname = "many"\n{steps}'


def test_operations_within_days_are_noted() -> None:
    told = notes(operations(60, 61, 62))
    assert "neurolysis on day 60 and neurolysis on day 61 are two operations within 14 days" in told
    assert told.count("two operations") == 2
    assert "two operations" not in notes(operations(60, 90))
    assert "two operations" not in notes(TANYA), "an injection is none"


def test_a_graft_over_branches_is_noted() -> None:
    grafted = CUT.replace('site = "wrist"', 'site = "elbow"')
    arm = f'{grafted}\n[[arm]]\nname = "g"\n'
    long, short = (notes(arm + step("graft", f"day = 9\ngap_mm = {mm}")) for mm in (290, 10))
    said = "arm[4].step[1].gap_mm: the piece that is missing gives branches to flexor carpi ulnaris"
    assert said in long and "arm[4]" not in short, "its branches are further on"


def test_a_scar_that_some_twins_never_get_is_noted() -> None:
    text = TANYA.replace(ONSET, "onset_days = { low = 14, high = 900, why = 'x' }")
    assert "cause.onset_days: in some twins it begins after the forecast ends" in notes(text)
    assert "in some twins" not in notes(TANYA)


def test_large_cases_are_noted() -> None:
    days = ", ".join(map(str, range(1, 700)))
    case = parse(TANYA.replace(DAYS, f"days = [{days}]"))
    assert "examination days are more than a course can show" in " ".join(case.notes)
    many = parse(TANYA).with_run(twins=100_000)
    assert "100,000 twins in 3 arms, examined on 8 days, are 2,400,000" in " ".join(many.notes)
    assert many.with_run(twins=50).notes == parse(TANYA).notes == ()
    key = "lesion.compression.threshold"
    assert many.with_parameters({key: 2 * PUBLISHED.scalar(key)}).notes == many.notes != ()


def test_two_years_fit_into_the_default_forecast() -> None:
    text = re.sub(r"horizon_days = .*", "", CUT)
    text = re.sub(r"days = \[.*\]", 'days = [1, "2 years"]', text)
    case = parse(text)
    assert case.exam_days[-1] == case.run.horizon_days == 730.5
    assert parse(re.sub(r"days = \[.*\]", "days = [1, 365]", text)).run.horizon_days == 730
    with pytest.raises(TinelError, match="day 732 is after"):
        parse(re.sub(r"days = \[.*\]", "days = [1, 732]", text))
    given = text + ("" if "[run]" in text else "\n[run]") + "\nhorizon_days = 730\n"
    with pytest.raises(TinelError, match=r"day 730\.5 is after the forecast ends, on day 730"):
        parse(given)


# ---- values that were read wrong


def days_of(written: str) -> tuple[float, ...]:
    return parse(BLOCK.replace('days = [1, 10, "3 weeks"', f"days = [{written}")).exam_days


def test_days_are_known_by_the_name_that_tables_give_them() -> None:
    """Otherwise course.csv held two rows of one day."""
    assert days_of('1, 14.0000001, "3 weeks"')[:3] == (1, 14, 21)
    assert 182.625 in days_of("1, 2")
    assert Field("day", "day", "day").read(1234.56789) == 1234.57
    run = parse(CUT + ("" if "[run]" in CUT else "\n[run]\n") + "\n").run
    assert run.horizon_days == float(f"{run.horizon_days:g}")


def test_units_of_the_evidence_are_read() -> None:
    published = Parameters.of_evidence()
    changed = published.replace(
        {"exam.block.amplitude_drop": "40 %", "laboratory.limit.sd": "2 SD"}
    )
    assert changed.scalar("exam.block.amplitude_drop") == pytest.approx(0.4)
    assert changed.scalar("laboratory.limit.sd") == 2.0
    assert number("90 degF", "°C", 20, 40) == pytest.approx(32.2222, abs=1e-4)
    assert number("305.15 kelvin", "°C", 20, 40) == pytest.approx(32)
    assert number("50 percent", "%", 0, 100) == 50


def test_numbers_of_numpy_are_numbers() -> None:
    case = parse(CUT).with_run(seed=np.int64(7), twins=np.int32(3))  # type: ignore[arg-type]
    assert (case.run.seed, case.run.twins) == (7, 3) and type(case.run.seed) is int
    assert number(np.float64(4.0), "mm", 0, 9) == 4.0
    with pytest.raises(TinelError):
        parse(CUT).with_run(seed=np.float64(1.5))  # type: ignore[arg-type]


def test_a_known_size_keeps_its_reason() -> None:
    case = parse(TANYA.replace(PRESSURE, "pressure_mmHg = { low = 30, high = 30, why = 'seen' }"))
    size = case.cause.sizes()["pressure_mmHg"]
    assert size.known and size.why == "seen"


# ---- files of other kinds


def word(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04" + bytes(range(256)) * 10)


def large_word(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04" + bytes(200_000))


def utf_16(path: Path) -> None:
    path.write_text(TANYA, encoding="utf-16")


def bare_utf_16(path: Path) -> None:
    path.write_text(TANYA, encoding="utf-16-le")


def latin(path: Path) -> None:
    path.write_bytes('[patient]\nsex = "weiblich, \xe4lter"'.encode("latin-1"))


def rich(path: Path) -> None:
    path.write_text("{\\rtf1 " + TANYA)


def curly(path: Path) -> None:
    path.write_text(TANYA.replace('"female"', "“female”"), encoding="utf-8")


def bare(path: Path) -> None:
    path.write_text(TANYA.replace('"female"', "female"), encoding="utf-8")


def twice(path: Path) -> None:
    path.write_text(TANYA.replace(HEIGHT, f"{HEIGHT}\n{HEIGHT}"), encoding="utf-8")


def json_text(path: Path) -> None:
    path.write_text('{"patient": {"age": 40}}')


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (word, "copy its text into a file that ends in .toml"),
        (large_word, "is a zip or Word (docx) file"),
        (utf_16, "UTF-16 (save it again with the encoding UTF-8)"),
        (bare_utf_16, "UTF-16 (save it again with the encoding UTF-8)"),
        (latin, "not a text in UTF-8: byte 28 is 0xe4 (save it again"),
        (rich, "rich text"),
        (curly, "line 10 has curly quotes, write straight ones"),
        (bare, "texts need quotes"),
        (twice, "give each key and section once"),
        (json_text, "HTML, XML or JSON"),
    ],
)
def test_what_a_file_is_instead_is_said(
    make: Callable[[Path], None], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "case.toml"
    make(path)
    assert main(["run", str(path), "--out", str(tmp_path / "out")]) == 2
    told = capsys.readouterr().err
    assert told.startswith("case.toml: ") and words in told and told.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_curly_quotes_inside_a_text_are_fine() -> None:
    assert isinstance(parse(TANYA.replace("A severe infection", "“A severe infection”")), Case)


# ---- the same from Python


BROKEN = [np.nan, np.inf, -1, 1e9, "a", None, [1, 2, 3], [[1, 2]], True, [np.nan, 1], 1j, [], {}]


@pytest.fixture(scope="module")
def arm() -> Nerve:
    return build("ulnar", side="left", twins=some(range(2)))


@pytest.mark.parametrize("broken", BROKEN, ids=repr)
def test_sizes_of_an_injury_are_numbers_in_their_range(arm: Nerve, broken: Any) -> None:
    here = {"site_mm": 400.0, "length_mm": 20.0}
    with pytest.raises(TinelError):
        laceration.make(arm, "ulnar trunk", site_mm=broken, fraction=0.5)
    with pytest.raises(TinelError):
        laceration.make(arm, "ulnar trunk", site_mm=400.0, fraction=broken)
    with pytest.raises(TinelError):
        compression.make(arm, "ulnar trunk", **here, pressure_mmHg=broken, hours=2.0)
    with pytest.raises(TinelError):
        traction.make(arm, "ulnar trunk", **here, strain_percent=broken)


@pytest.mark.parametrize("broken", ["x", None, np.nan, [40], True, "40"], ids=repr)
def test_a_person_and_a_seed_are_numbers(broken: Any) -> None:
    with pytest.raises(TinelError):
        Patient(age=broken, sex="female", height_cm=170)
    with pytest.raises(TinelError):
        Twins(some().patient, range(2), seed=broken)
    with pytest.raises(TinelError, match=r"220\.00001 cm is out of range"):
        Patient(age=40, sex="female", height_cm=220.00001)


def test_a_seed_of_numpy_gives_the_same_people() -> None:
    one, other = (Twins(some().patient, range(2), seed=seed) for seed in (7, np.int64(7)))  # type: ignore[arg-type]
    assert (one.normal("x", 3) == other.normal("x", 3)).all() and type(other.seed) is int


@pytest.mark.parametrize(
    "steps",
    [[5], "abc", {"treatment": "wait"}, [{"treatment": 5}], [{}], [{"treatment": "repair"}]],
)
def test_steps_are_a_list_of_mappings(steps: Any) -> None:
    with pytest.raises(TinelError):
        plan("arm", steps)
