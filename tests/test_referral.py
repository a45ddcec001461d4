"""Whom to see: every situation is reached by a case, and what is urgent comes first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tinel.case import Case, parse
from tinel.cli import main
from tinel.errors import TinelError
from tinel.referral.rules import sign_rules, situations, sources
from tinel.referral.show import WIDTH, as_text
from tinel.referral.steps import next_steps
from tinel.referral.words import says

ROOT = Path(__file__).parents[1]
CASE = """
[patient]
sex = "female"
age = 40
height_cm = 165
limb_temperature_c = 32
[nerve]
name = "{nerve}"
side = "left"
[cause]
kind = "{kind}"
procedure = "{procedure}"
site_mm = {site}
{sizes}
[[exam]]
days = [1]
tests = ["strength"]
"""
SIZES = {
    "compression": "acute_pressure_mmHg = 200\nhours = 3\nlength_mm = 20",
    "laceration": "severed_percent = 100",
}


def case_of(
    symptom: str = "",
    procedure: str = "a fall on the arm",
    nerve: str = "ulnar",
    kind: str = "compression",
    more: str = "",
    site: float = 300,
) -> Case:
    text = CASE.format(nerve=nerve, kind=kind, procedure=procedure, sizes=SIZES[kind], site=site)
    if symptom:
        text += f'[[symptom]]\nwhat = "{symptom}"\n'
    return parse(text + more)


def strength(*grades: tuple[float, float]) -> str:
    told = 'test = "strength"\nquantity = "MRC grade"\nunit = "0 to 5"\nplace = "hand"'
    return "".join(f"[[finding]]\n{told}\nday = {d}\nvalue = {v}\n" for d, v in grades)


# Every row of the synthesis: its name in the file, a case, the day asked, and words of "whom".
ROWS = [
    ("limb without blood", case_of("the hand is cold and pale"), 1, "emergency"),
    ("limb without blood", case_of("severe pain and the numbness spreads"), 1, "emergency"),
    ("cord or cauda equina", case_of("numb saddle area since this morning"), 2, "emergency"),
    ("cord or cauda equina", case_of("cannot hold urine"), 2, "emergency"),
    ("airway", case_of("stridor", "thyroid operation", "recurrent laryngeal"), 1, "emergency"),
    (
        "painful or worsening palsy",
        case_of("weak and getting worse", "hip replacement"),
        40,
        "operat",
    ),
    ("painful or worsening palsy", case_of(more=strength((3, 4), (6, 2))), None, "operat"),
    (
        "painful palsy in the first weeks",
        case_of("painful, cannot move the foot", "hip surgery"),
        2,
        "operat",
    ),
    ("hand after dialysis access", case_of("weak hand", "arteriovenous fistula"), 0, "access"),
    (
        "cut facial nerve",
        case_of("", "cut with glass", "facial", "laceration", site=60),
        1,
        "facial",
    ),
    ("sharp wound", case_of("", "cut with glass", "ulnar", "laceration"), 1, "nerve surgeon"),
    ("pain at an injection", case_of("burning pain", "injection in the arm"), 3, "whoever gave it"),
    (
        "complete palsy",
        case_of("wrist drop", "fracture of the humerus", "radial"),
        10,
        "nerve surgeon",
    ),
    (
        "shoulder after neck biopsy",
        case_of("shoulder droops", "biopsy of a node", "spinal accessory", site=100),
        30,
        "nerve surgeon",
    ),
    ("voice", case_of("hoarse since the operation", "thyroid operation"), 3, "laryngologist"),
    (
        "mouth",
        case_of("tongue is numb", "wisdom tooth removed", "lingual", site=60),
        20,
        "maxillofacial",
    ),
    (
        "regional pain",
        case_of("touch hurts, red and mottled hand, swollen and stiff"),
        60,
        "pain clinic",
    ),
    ("neuroma", case_of("tapping the scar shoots into the hand"), 120, "nerve surgeon and pain"),
    ("lasting or severe nerve pain", case_of("severe pain at night"), 400, "pain clinic"),
    ("no recovery", case_of("weak hand, no better"), 60, "peripheral nerve surgeon"),
    (
        "sharp wound healed",
        case_of("no movement", "cut with glass", "ulnar", "laceration"),
        120,
        "nerve surgeon",
    ),
    ("closed and incomplete", case_of("weak hand, improving"), 30, "neurologist"),
    ("closed and incomplete", case_of(more=strength((10, 2), (40, 4))), None, "neurologist"),
    ("numb patch", case_of("a small numb patch on the thigh"), 30, "general practitioner"),
    ("always", case_of(), 0, "general practitioner"),
]


@pytest.mark.parametrize(("name", "case", "day", "whom"), ROWS, ids=[r[0] for r in ROWS])
def test_a_case_reaches_its_situation(name: str, case: Case, day: float | None, whom: str) -> None:
    wanted = next(one for one in situations() if one.name == name)
    found = next_steps(case, day)
    step = next((s for s in found.steps if s.what == wanted.what), None)
    assert step, f"only {[s.what for s in found.steps]}"
    assert whom in step.whom and step.basis and step.why and step.first_test
    flags = [s.red_flag for s in found.steps]
    assert flags == sorted(flags, reverse=True)
    if wanted.red_flag:
        assert found.steps[0].red_flag
    assert max(map(len, as_text(found).splitlines())) <= WIDTH + 40  # a long address stays whole


def test_every_situation_is_reached() -> None:
    assert {one.name for one in situations()} == {row[0] for row in ROWS}


def test_the_files_fit_each_other() -> None:
    used = {key for one in situations() for key in one.basis}
    assert used == set(sources()), "a source is missing or unused"
    parts = {p.lstrip("!") for one in situations() for line in one.when for p in line.split(" + ")}
    inner = {part for rule in sign_rules().values() for part in rule.of}
    assert parts | inner == set(sign_rules()) | {""}, "a sign is missing or unused"
    for one in sources().values():
        assert one.address and one.read and one.says
    for situation in situations():
        unsure = "unverified" in situation.how_soon + situation.whom
        assert unsure == ("recalled" in situation.basis) or situation.name == "airway"
        assert (situation.until_day < 1e9) == bool(situation.until_day_why)


def test_what_is_late_says_so_and_comes_before_what_is_not() -> None:
    found = next_steps(case_of("weak hand and severe pain"), 200)
    assert found.steps[0].how_soon.startswith("now: day 90 has passed")
    assert "passed" not in next_steps(case_of("weak hand and severe pain"), 80).steps[1].how_soon


@pytest.mark.parametrize(
    ("text", "phrase", "expected"),
    [
        ("no pain, but numb", "pain", False),
        ("no pain, but numb", "numb", True),
        ("without weakness", "weak", False),
        ("can't lift the foot", "cannot lift", True),
        ("CAN NOT LIFT THE FOOT", "cannot lift", True),
        ("pulse is gone, no pulse felt", "no pulse", True),
        ("pulse is good", "no pulse", False),
        ("sevre paralisys of the hand", "paralys", True),
        ("", "pain", False),
        ("🦵" * 50, "pain", False),
    ],
)
def test_words_are_found_unless_denied(text: str, phrase: str, expected: bool) -> None:
    assert says(text, (phrase,)) is expected


def test_a_denied_symptom_is_no_sign() -> None:
    case = case_of("no weakness, no pain, bladder normal; not cold", "hip replacement")
    names = [step.what for step in next_steps(case, 5).steps]
    assert not any("paralysis" in name or "without blood" in name for name in names)


def test_symptoms_of_later_days_are_left_out() -> None:
    case = case_of(more='[[symptom]]\nwhat = "cold pale hand"\nday = 9\n')
    assert not next_steps(case, 3).red_flags and next_steps(case).red_flags
    assert next_steps(case).day == 9


@pytest.mark.parametrize("day", ["-1", "abc", "nan", "1e9", "", "5 kg"])
def test_a_wrong_day_is_told(day: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["next", str(ROOT / "examples" / "cut.toml"), "--day", day]) == 2
    assert "--day: " in capsys.readouterr().err
    with pytest.raises(TinelError):
        next_steps(case_of(), day)


def test_the_command_gives_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["next", str(ROOT / "examples" / "tanya.toml"), "--day", "3 days", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["red_flags"] == [s["what"] for s in told["steps"] if s["red_flag"]] != []
    keys = {"what", "how_soon", "whom", "first_test", "why", "basis"}
    assert all(keys <= set(step) for step in told["steps"]) and told["day"] == 3
    assert "no advice for a person" in told["note"]


def test_a_terminal_is_not_moved_by_a_case(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "a.toml"
    text = (ROOT / "examples" / "block.toml").read_text(encoding="utf-8")
    file.write_text(text.replace("cannot be lifted", "cannot be lifted \\u001b[31m"))
    assert main(["next", str(file)]) == 0
    assert "\x1b" not in capsys.readouterr().out


def test_the_report_says_whom_to_see() -> None:
    from types import SimpleNamespace
    from typing import Any, cast

    from tinel.report.referral import whom_to_see

    other_side = SimpleNamespace(limb=SimpleNamespace(nerve=SimpleNamespace(limb="arm")))
    case = case_of("severe pain, weak hand and worse")
    result = cast(Any, SimpleNamespace(case=case, healthy=other_side))
    told = whom_to_see(result)
    assert told.lines[0][1].startswith("the same day") and 1 <= len(told.lines) <= 3
    assert len(told.steps.rows) >= len(told.lines) and told.sources.rows


URGENT = """I can't pee since the spinal
lost control of my bowels
numb between my legs
my groin is numb
numbness around the anus
incontinent of urine
no feeling in both legs
both my legs are weak
my legs have gone weak, both of them
my toes are white and cold
the leg turned blue
hand is ice cold
cannot feel a pulse in the foot
no pulse at the ankle
calf is rock hard and very painful
compartment syndrome suspected
the pain is excruciating and my foot is going numb
numbness is spreading up the leg
weakness is getting worse every day
foot drop getting worse
it gets worse, hand weaker each day
short of breath since thyroid surgery
I choke and cannot breathe
sadle anaesthesia
loss of blader control
leg weaker than yesterday
deteriorating strength of the hand
unable to pass urine""".splitlines()
CALM = """no bladder problems, legs fine
numb little toe
mild ache in the wrist
weak grip, improving every week
slight tingling in thumb
pain is better
no numbness, no weakness
hand feels normal
scar itches""".splitlines()


@pytest.mark.parametrize("text", URGENT)
def test_what_people_write_of_an_emergency_is_found(text: str) -> None:
    assert next_steps(case_of(text, "hip replacement"), 20).steps[0].red_flag


@pytest.mark.parametrize("text", CALM)
def test_what_is_no_emergency_raises_none(text: str) -> None:
    assert not next_steps(case_of(text, "hip replacement"), 20).red_flags
