"""Every mistake in a case file ends with exit code 2 and one message that says where it is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinel.case import parse
from tinel.cli import main
from tinel.errors import TinelError

ROOT = Path(__file__).parents[1]
CASE = (ROOT / "examples" / "tanya.toml").read_text(encoding="utf-8")
PRESSURE = next(line for line in CASE.splitlines() if line.startswith("pressure_mmHg"))
DAYS = "days = [1, 10, 42, 90, 180, 365, 545, 730]"
HEIGHT = "height_cm = 165"
TESTS = '"strength", "touch"]'
STEP = '[[arm.step]]\ntreatment = "{}"\n'

# name: (what stands in Tanya's file, what is written instead, field named, words of the message)
MISTAKES: dict[str, tuple[str, str, str, str]] = {
    "wrong unit": (HEIGHT, 'height_cm = "60 kg"', "patient.height_cm", "is a mass"),
    "unknown unit": (HEIGHT, 'height_cm = "2 ells"', "patient.height_cm", "no unit is called"),
    "no unit": (HEIGHT, 'height_cm = "tall"', "patient.height_cm", "is not a quantity"),
    "giant": (HEIGHT, 'height_cm = "16.5 m"', "patient.height_cm", "allowed: 60 to 220 cm"),
    "not a number": (HEIGHT, "height_cm = nan", "patient.height_cm", "not a finite number"),
    "infinite": (HEIGHT, "height_cm = inf", "patient.height_cm", "not a finite number"),
    "astronomic": (HEIGHT, f"height_cm = 1{'0' * 400}", "patient.height_cm", "not a finite"),
    "true for a number": (HEIGHT, "height_cm = true", "patient.height_cm", "true/false"),
    "date for a number": (HEIGHT, "height_cm = 1979-05-27", "patient.height_cm", "date"),
    "list for a number": (HEIGHT, "height_cm = [165]", "patient.height_cm", "is a list"),
    "age below": ("age = 40", "age = -1", "patient.age", "allowed: 1 to 100 years"),
    "age above": ("age = 40", "age = 400", "patient.age", "allowed: 1 to 100 years"),
    "fever": ("limb_temperature_c = 32", "limb_temperature_c = 45", "limb_temperature_c", "20 to"),
    "sex": ('"female"', '"femal"', "patient.sex", "did you mean 'female'"),
    "missing key": (HEIGHT, "", "patient.height_cm", "is missing"),
    "misspelt key": (HEIGHT, "heigth_cm = 165", "patient.heigth_cm", "did you mean 'height_cm'"),
    "misspelt section": ("[patient]", "[pateint]", "pateint", "did you mean 'patient'"),
    "unknown nerve": ('"sciatic"', '"siatic"', "nerve.name", "did you mean 'sciatic'"),
    "side": ('"left" ', '"lft" ', "nerve.side", "did you mean 'left'"),
    "cause": ('"scar constriction"', '"scarr"', "cause.kind", "did you mean 'scar'"),
    "negative pressure": (PRESSURE, "pressure_mmHg = -30", "cause.pressure_mmHg", "-30 mmHg"),
    "prior without why": (
        PRESSURE,
        "pressure_mmHg = { low = 30, high = 110 }",
        "cause.pressure_mmHg.why",
        "has no 'why'",
    ),
    "prior upside down": (
        PRESSURE,
        'pressure_mmHg = { low = 110, high = 30, why = "x" }',
        "cause.pressure_mmHg",
        "low 110 is above high 30",
    ),
    "prior misspelt": (
        PRESSURE,
        'pressure_mmHg = { low = 30, hihg = 110, why = "x" }',
        "cause.pressure_mmHg.hihg",
        "did you mean 'high'",
    ),
    "prior in whose view": (
        PRESSURE,
        'pressure_mmHg = { low = 30, high = 110, why = "x", symptoms_in_view = "yes" }',
        "cause.pressure_mmHg.symptoms_in_view",
        "allowed: true, false",
    ),
    "prior with a wrong unit": (
        PRESSURE,
        'pressure_mmHg = { low = 30, high = "110 mm", why = "x" }',
        "cause.pressure_mmHg.high",
        "is a length",
    ),
    "scar without pressure": (PRESSURE, "", "cause.pressure_mmHg", "a scar constriction needs it"),
    "foreign size": (PRESSURE, PRESSURE + "\nstrain_percent = 9", "strain_percent", "not belong"),
    "two places": (PRESSURE, PRESSURE + "\nsite_mm = 400", "cause.site", "given twice"),
    "no place": ('site = "gluteal fold"', "", "cause.site", "neither"),
    "acute without hours": ("hours = {", "#", "cause.acute.hours", "a compression needs it"),
    "exam before surgery": (DAYS, "days = [-3, 1]", "exam[1].days", "operation or injury"),
    "exam day twice": (DAYS, "days = [1, 1]", "exam[1].days", "day 1 is given twice"),
    "exam days shown alike": (DAYS, "days = [1, 1.00001]", "exam[1].days", "both shown as 1"),
    "one exam day written twice": (DAYS, "days = [1, 1.0000001]", "exam[1].days", "given twice"),
    "exam days a little apart": (DAYS, 'days = [183, "6 months"]', "exam[1].days", "shown as 183"),
    "below, with a unit": (
        PRESSURE,
        'pressure_mmHg = "-1 kPa"',
        "cause.pressure_mmHg",
        "'-1 kPa' (-7.50062 mmHg) is out of range",
    ),
    "exam after the end": (DAYS, "days = [900]", "exam[1].days", "after the forecast ends"),
    "no exam day": (DAYS, "days = []", "exam[1].days", "no list of days"),
    "unknown test": (TESTS, '"strenght"]', "exam[1].tests[3]", "did you mean 'strength'"),
    "single brackets": ("[[exam]]", "[exam]", "exam", "double brackets"),
    "duplicate arm": ('"neurolysis at 6 months"', '"Wait"', "arm[3].name", "called 'Wait'"),
    "treating wait": (
        '[[arm]]\nname = "wait"',
        '[[arm]]\nname = "wait"\n' + STEP.format("neurolysis") + "day = 9",
        "arm[1].name",
        "must not treat",
    ),
    "two that wait": (
        'name = "wait"',
        'name = "wait"\n[[arm]]\nname = "rest"',
        "arm[2].step",
        "same",
    ),
    "nameless arm": ('name = "wait"', 'name = " "', "arm[1].name", "the text is empty"),
    "treatment before injury": ('day = "6 months"', "day = -9", "arm[3].step[1].day", "day 0"),
    "treatment twice a day": ("[180, 300", "[180, 180", "arm[2].step[1].days", "given twice"),
    "treatments shown alike": (
        "[180, 300",
        "[180, 180.2",
        "arm[2].step[1].days",
        "hydrodissection and hydrodissection are both on day 180",
    ),
    "two treatments a day": (
        'day = "6 months"',
        "day = 180\n" + STEP.format("repair") + "day = 180.4",
        "arm[3].step[2].day",
        "neurolysis and repair are both on day 180",
    ),
    "transfer to no target": (
        'treatment = "neurolysis"\nday = "6 months"',
        'treatment = "nerve transfer"\nday = 9\ntargets = "tibialis anterio"\ndistance_mm = 60',
        "arm[3].step[1].targets",
        "did you mean 'tibialis anterior'",
    ),
    "freed before the scar": (
        'day = "6 months"',
        "day = 9",
        "arm[3].step[1].day",
        "day 9 is before the scar begins to press, on day 14",
    ),
    "treatment without day": ('day = "6 months"', "", "arm[3].step[1].day", "neither"),
    "unknown treatment": ('"neurolysis"', '"neurolisis"', "arm[3].step[1].treatment", "did you"),
    "graft without gap": ('"neurolysis"\n', '"graft"\n', "arm[3].step[1].gap_mm", "is missing"),
    "platelets elsewhere": (
        '"neurolysis"\n',
        '"neurolysis"\nplatelets = true\n',
        "arm[3].step[1].platelets",
        "does not belong to a neurolysis",
    ),
    "no twins": ("twins = 200", "twins = 0", "run.twins", "1 to 100000"),
    "many twins": ("twins = 200", "twins = 100001", "run.twins", "1 to 100000"),
    "half a twin": ("twins = 200", "twins = 1.5", "run.twins", "whole number"),
    "negative seed": ("seed = 1", "seed = -1", "run.seed", "whole number, 0 to"),
    "text for a seed": ("seed = 1", 'seed = "1"', "run.seed", "is a text"),
    "broken TOML": ("[nerve]", "[nerve", "bad.toml", "line 15"),
    "key twice": (HEIGHT, f"{HEIGHT}\n{HEIGHT}", "bad.toml", "Cannot overwrite"),
    "nested too deep": (HEIGHT, f"height_cm = {'[' * 5000}", "bad.toml", "nested too deep"),
    "empty": (CASE, " \n", "bad.toml", "the file is empty"),
    "too large": (CASE, "#" * 100_001, "bad.toml", "larger than 100,000 bytes"),
}


def spoil(folder: Path, mistake: str) -> tuple[Path, str, str]:
    """Write Tanya's file with one mistake; return it, the field and the words to expect."""
    old, new, field, words = MISTAKES[mistake]
    assert old in CASE, "the example has changed; adapt this test"
    path = folder / "bad.toml"
    path.write_text(CASE.replace(old, new, 1), encoding="utf-8")
    return path, field, words


def older_result(folder: Path) -> dict[str, bytes]:
    """Put a finished result into a folder and return what it holds."""
    folder.mkdir(parents=True)
    for name in ("manifest.json", "report.html", "findings.csv", "course.csv"):
        (folder / name).write_text(f"older {name}")
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistake(mistake: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, field, words = spoil(tmp_path, mistake)
    before = older_result(tmp_path / "out" / "bad")
    code = main(["run", str(path), "--out", str(tmp_path / "out" / "bad")])
    told = capsys.readouterr()
    assert code == 2
    assert told.out == ""
    assert "bad.toml" in told.err and field in told.err and words in told.err, told.err
    assert told.err.count("\n") == 1, "one message on one line"
    assert {p.name: p.read_bytes() for p in (tmp_path / "out" / "bad").iterdir()} == before
    assert sorted(os.listdir(tmp_path)) == ["bad.toml", "out"]
    assert os.listdir(tmp_path / "out") == ["bad"]


CUT = (ROOT / "examples" / "cut.toml").read_text(encoding="utf-8")
LATER = ("severed_percent = 100", "severed_percent = 100\nonset_days = 3")
TRANSFER = (
    'treatment = "repair"\nday = 1',
    'treatment = "nerve transfer"\nday = 9\ndistance_mm = 60\n'
    'targets = "abductor digiti minimi"\ndonor = "ulnar fascicle"',
)


@pytest.mark.parametrize("treatment", ["repair", "decompression", "graft", "nerve transfer"])
def test_nothing_is_operated_on_before_it_is_hurt(treatment: str) -> None:
    more = {"graft": "gap_mm = 9\n", "nerve transfer": TRANSFER[1].split("\n", 2)[2] + "\n"}
    text = CUT.replace(*LATER).replace('"repair"\n', f'"{treatment}"\n{more.get(treatment, "")}')
    text = text.replace('donor = "ulnar fascicle"\n', "")
    with pytest.raises(TinelError, match="day 1 is before the injury, on day 3") as caught:
        parse(text, "cut.toml")
    assert caught.value.where == "cut.toml: arm[2].step[1].day"
    assert parse(text.replace("day = 1\n", "day = 3\n"), "cut.toml").cause.first_d == 3.0


def test_what_came_at_once_may_be_operated_on_before_a_scar_presses() -> None:
    step = 'treatment = "neurolysis"\nday = "6 months"'
    assert step in CASE
    assert parse(CASE.replace(step, 'treatment = "repair"\nday = 9'), "tanya.toml").arm


def test_an_injured_nerve_gives_no_axons() -> None:
    with pytest.raises(TinelError, match="the ulnar nerve is the injured one") as caught:
        parse(CUT.replace(*TRANSFER), "cut.toml")
    assert caught.value.where == "cut.toml: arm[2].step[1].donor"
    spared = CUT.replace('site = "wrist"', 'site = "wrist"\npart = "deep branch"')
    other = CUT.replace(*TRANSFER).replace("ulnar fascicle", "median fascicle")
    for text in (spared.replace(*TRANSFER), other):
        assert parse(text, "cut.toml").arm[1].step


def a_folder(path: Path) -> None:
    path.mkdir()


def a_binary(path: Path) -> None:
    path.write_bytes(b"\x7fELF\x02\x01\x01\x00\xff\xfe")


def a_loop(path: Path) -> None:
    path.symlink_to(path)


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def nothing(path: Path) -> None:
    """No file at all."""


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (nothing, "no such file"),
        (a_folder, "is a folder"),
        (a_binary, "not a text in UTF-8: byte 9"),
        (a_loop, "leads back to itself"),
        (a_pipe, "no regular file"),
    ],
)
def test_what_is_no_case_file(
    make: Callable[[Path], None], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.toml"
    make(path)
    assert main(["run", str(path), "--out", str(tmp_path / "out")]) == 2
    told = capsys.readouterr().err
    assert "bad.toml" in told and words in told
    assert not (tmp_path / "out").exists()


def test_unreadable_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path, _, _ = spoil(tmp_path, "wrong unit")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    # The administrator may read everything, so permissions cannot be taken away for real here.
    monkeypatch.setattr("tinel.declare.toml_file.open", refuse, raising=False)
    assert main(["run", str(path)]) == 2
    assert "may not be read" in capsys.readouterr().err


def test_strange_paths(capsys: pytest.CaptureFixture[str]) -> None:
    for path in ("a\0b.toml", "x" * 5000, "/dev/zero", "/etc/hostname/case.toml", ""):
        assert main(["run", path]) == 2
        assert capsys.readouterr().err


def test_terminal_is_not_steered_by_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad\x1b[2J.toml"
    path.write_text(CASE.replace('site = "gluteal fold"', 'site = "\\u001b[31mred\\u202e[bold]"'))
    assert main(["run", str(path)]) == 2
    told = capsys.readouterr().err
    assert "\x1b" not in told and "\u202e" not in told
    assert "[bold]" in told


def test_json_says_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, _, _ = spoil(tmp_path, "wrong unit")
    assert main(["run", str(path), "--json"]) == 2
    told = capsys.readouterr()
    error = json.loads(told.out)["error"]
    assert error["where"] == "bad.toml: patient.height_cm"
    assert "mass" in error["message"] and error["advice"] == "write it in cm" and error["code"] == 2
    assert "patient.height_cm" in told.err


@pytest.mark.parametrize(
    "words",
    [
        ["run"],
        ["run", "a.toml", "--seed", "one"],
        ["run", "a.toml", "--sed", "1"],
        ["rnu"],
        ["--nonsense"],
    ],
)
def test_misused_command_line(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert "tinel --help" in capsys.readouterr().err


@pytest.mark.parametrize("option", [["--twins", "0"], ["--seed", "-1"], ["--twins", "100001"]])
def test_options_have_the_limits_of_the_file(
    option: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = tmp_path / "good.toml"
    case.write_text(CASE, encoding="utf-8")
    assert main(["run", str(case), *option, "--out", str(tmp_path / "out")]) == 2
    assert f"{option[0]}: " in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_as_a_program(tmp_path: Path) -> None:
    path, field, _ = spoil(tmp_path, "exam before surgery")
    words = [sys.executable, "-c", "import sys; from tinel.cli import main; sys.exit(main())"]
    done = subprocess.run([*words, "run", str(path)], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stdout == "" and field in done.stderr and "Traceback" not in done.stderr
    assert os.listdir(tmp_path) == ["bad.toml"]


@pytest.mark.parametrize(
    ("old", "new", "field", "words"),
    [
        ('"gluteal fold"', '"gluteal fald"', "cause.site", "did you mean 'gluteal fold'"),
        ('site = "gluteal fold"', "site_mm = 2000", "cause.site_mm", "runs from 0 to"),
        ('"gluteal fold"', '"lateral malleolus"', "cause.length_mm", "beyond the nerve"),
        ('site = "gluteal', 'branch = "tibail"\nsite = "gluteal', "cause.branch", "'tibial'"),
        ('site = "gluteal', 'branch = "tibial"\nsite = "gluteal', "cause.site", "not on tibial"),
    ],
)
def test_places_that_do_not_fit_the_nerve(old: str, new: str, field: str, words: str) -> None:
    with pytest.raises(TinelError) as caught:
        parse(CASE.replace(old, new, 1), "bad.toml")
    assert caught.value.where == f"bad.toml: {field}"
    assert words in str(caught.value)


LITERALS = st.recursive(
    st.integers().map(str)
    | st.floats().map(lambda f: {"inf": "inf", "-inf": "-inf", "nan": "nan"}.get(repr(f), repr(f)))
    | st.sampled_from(["true", "false", "1979-05-27", "07:32:00", "0xffff", "{}", "[]"])
    | st.text(st.characters(exclude_categories=["Cs", "Cc"])).map(json.dumps)
    | st.from_regex(r"[+-]?[0-9]{1,4} [a-zA-Zµ°%/*]{1,6}", fullmatch=True).map(json.dumps),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]")
        | st.tuples(inner, inner).map(lambda p: f'{{ low = {p[0]}, high = {p[1]}, why = "x" }}')
    ),
    max_leaves=4,
)
LINES = CASE.splitlines()
KEYED = [i for i, line in enumerate(LINES) if " = " in line and not line.startswith("#")]


@settings(max_examples=300, deadline=None)
@given(place=st.sampled_from(KEYED), literal=LITERALS)
def test_any_value_is_either_read_or_refused(place: int, literal: str) -> None:
    key = LINES[place].split(" = ")[0]
    text = "\n".join([*LINES[:place], f"{key} = {literal}", *LINES[place + 1 :]])
    try:
        parse(text, "bad.toml")
    except TinelError as refusal:
        assert refusal.where.startswith("bad.toml")
        assert len(str(refusal)) < 1000
