"""Findings and events of a case file: read to a measurement, or refused with file and field."""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path

import pytest

import tinel as tn
from tinel.case import Case, load, parse
from tinel.case.finding_place import on_nerve, segments, subjects_of
from tinel.case.finding_text import as_toml
from tinel.case.observed import Observed
from tinel.case.show import as_text
from tinel.checks.published import Patient, patients
from tinel.cli import main
from tinel.errors import TinelError
from tinel.exam.examination import visit
from tinel.exam.findings import findings
from tinel.exam.laboratory import set_up
from tinel.exam.limb import healthy
from tinel.exam.measure import Measure
from tinel.exam.response import RATIO
from tinel.exam.test import Subject, known_tests
from tinel.nerve.anatomy import Study

CUT = Path(__file__).parents[1] / "examples" / "cut.toml"
INF = math.inf
CASE = """
[patient]
age = 40
sex = "female"
height_cm = 170
limb_temperature_c = 32
[nerve]
name = "{nerve}"
side = "right"
{more}
[cause]
kind = "laceration"
procedure = "a test"
site = "{site}"
severed_percent = 100
[[exam]]
days = [1]
tests = ["strength"]
[run]
horizon_days = 3300
"""
SITES = {
    "axillary": "quadrilateral space",
    "radial": "spiral groove",
    "median": "wrist",
    "ulnar": "wrist",
    "femoral": "groin",
    "sciatic": "gluteal fold",
    "sural": "calf",
}


def case_of(nerve: str, told: str, more: str = "") -> Case:
    return parse(CASE.format(nerve=nerve, site=SITES[nerve], more=more) + told)


def finding(told: str) -> str:
    return f"[[finding]]\n{told}\n"


def one(nerve: str, told: str) -> Observed:
    (observed,) = case_of(nerve, finding(told)).observed
    return observed


def what(o: Observed) -> tuple[str, str, str, str, str]:
    return o.test, o.subject, o.site, o.quantity, o.unit


def value(o: Observed) -> tuple[str, float, float]:
    return (o.state, o.low, o.high) if o.state in ("value", "range") else (o.state, 0.0, 0.0)


ADM = "abductor digiti minimi"
STRENGTH = 'test = "strength"\nplace = "ADM"\nday = 42\nvalue = '
MOTOR = 'test = "motor conduction"\nplace = "ADM"\nsite = "wrist"\nday = 42\nvalue = '
SENSORY = 'test = "sensory conduction"\nplace = "digit 5"\nday = 42\nvalue = '
NEEDLE = 'test = "EMG"\nplace = "FDI"\nday = 42\nquantity = "{}"\nvalue = '
TOUCH = 'test = "touch"\nplace = "little finger"\nday = 42\nvalue = '
SKIN = 'test = "sensation"\nplace = "little finger"\nday = 42\nvalue = '
AREA = 'test = "sensation"\nplace = "little finger"\nquantity = "numb area"\nday = 42\nvalue = '
TAP = 'test = "Tinel\'s sign"\nday = 90\nvalue = '

# The words of clinics, each with its quantity, state and ends.
WORDS = [
    (STRENGTH + "3", "MRC grade", "value", 3, 3),
    (STRENGTH + '"4+"', "MRC grade with 4- and 4+", "value", 4 + 1 / 3, 4 + 1 / 3),
    (STRENGTH + '4.33\nquantity = "MRC grade with 4- and 4+"', "MRC grade with 4- and 4+", "value",
     4 + 1 / 3, 4 + 1 / 3),
    (STRENGTH + '"4-"', "MRC grade with 4- and 4+", "value", 4 - 1 / 3, 4 - 1 / 3),
    (STRENGTH + '"4- to 5"', "MRC grade with 4- and 4+", "range", 4 - 1 / 3, 5),
    (STRENGTH + '"1"', "MRC grade", "value", 1, 1),
    (STRENGTH + '"1−"', "MRC grade", "range", 0, 1),
    (STRENGTH + '"M4"', "MRC grade", "value", 4, 4),
    (STRENGTH + '"< 2"', "MRC grade", "range", -INF, 1),
    (STRENGTH + '">= 4"', "MRC grade", "range", 4, INF),
    (STRENGTH + '"2 to 3"', "MRC grade", "range", 2, 3),
    (STRENGTH + '"absent"', "MRC grade", "value", 0, 0),
    (STRENGTH + '"present"', "MRC grade", "range", 1, 5),
    (STRENGTH + '"reduced"', "MRC grade", "range", 0, 4),
    (STRENGTH + '"normal"', "MRC grade", "value", 5, 5),
    (STRENGTH + '"45 % of the other side"', "force", "value", 45, 45),
    (MOTOR + '"0.7 mV"', "amplitude", "value", 0.7, 0.7),
    (MOTOR + '"700 µV"', "amplitude", "value", 0.7, 0.7),
    (MOTOR + '700\nunit = "uV"', "amplitude", "value", 0.7, 0.7),
    (MOTOR + '"700 to 900 uV"', "amplitude", "range", 0.7, 0.9),
    (MOTOR + '"absent"', "amplitude", "absent", 0, 0),
    (MOTOR + '"no response"', "amplitude", "absent", 0, 0),
    (MOTOR + '"present"', "amplitude", "present", 0, 0),
    (MOTOR + '"reduced"', "amplitude", "reduced", 0, 0),
    (MOTOR + '"3.9 ms"\nquantity = "DML"', "onset latency", "value", 3.9, 3.9),
    (SENSORY + '"45 % of the other side"', "amplitude", "value", 45, 45),
    (SENSORY + '"normal"', "amplitude", "normal", 0, 0),
    (NEEDLE.format("fibrillations") + '"none"', "fibrillations", "value", 0, 0),
    (NEEDLE.format("fibs") + '"2+"', "fibrillations", "value", 2, 2),
    (NEEDLE.format("PSW") + '"1+ to 4+"', "positive sharp waves", "range", 1, 4),
    (NEEDLE.format("recruitment") + '"no units"', "recruitment", "value", 0, 0),
    (NEEDLE.format("recruitment") + '"single units"', "recruitment", "value", 1, 1),
    (NEEDLE.format("recruitment") + '"reduced"', "recruitment", "value", 3, 3),
    (TOUCH + '"not felt"', "finest filament felt", "absent", 0, 0),
    (TOUCH + '"4.31"', "finest filament felt", "value", 4.31, 4.31),
    (TOUCH + '"> 4.31"', "finest filament felt", "range", 4.56, INF),
    (SKIN + '"S3+"', "S grade", "value", 3.5, 3.5),
    (AREA + '"12 cm2"', "numb area (firm touch)", "value", 1200, 1200),
    (TAP + '"absent"', "Tinel's sign beyond the injury", "absent", 0, 0),
    (TAP + '"Tinel at 5 cm below the wrist"', "Tinel's sign beyond the injury", "value", 50, 50),
    (TAP + '"84 mm beyond the injury"', "Tinel's sign beyond the injury", "value", 84, 84),
]  # fmt: skip


@pytest.mark.parametrize(("told", "quantity", "state", "low", "high"), WORDS)
def test_the_words_of_a_clinic(
    told: str, quantity: str, state: str, low: float, high: float
) -> None:
    found = one("ulnar", told)
    assert found.quantity == quantity
    assert value(found) == (state, pytest.approx(low), pytest.approx(high))
    assert found.of_other_side == ("other side" in told)
    assert (found.first_day, found.side) == (90 if told.startswith(TAP) else 42, "affected")


PLACES = [
    ('test = "CMAP"\nplace = "abductor digiti minimi"', ("ulnar motor (ADM)", "", "amplitude")),
    ('test = "motor conduction"\nplace = "ADM"\nsite = "axilla"',
     ("ulnar motor (ADM), proximal", "axilla", "amplitude")),
    ('test = "motor conduction"\nplace = "FDI"\nsite = "below elbow"\nquantity = "NCV"',
     ("ulnar motor (FDI)", "below elbow to wrist", "velocity")),
    ('test = "motor conduction"\nplace = "FDI"\nsite = "below elbow to above elbow"\n'
     'quantity = "velocity"', ("ulnar motor (FDI)", "above elbow to below elbow", "velocity")),
    ('test = "SNAP"\nplace = "forearm"', ("dorsal ulnar cutaneous", "forearm", "amplitude")),
    ('test = "dynamometry"', ("hand", "", "grip")),
    ('test = "F wave"\nplace = "ADM"', ("ulnar F wave (ADM)", "", "persistence")),
]  # fmt: skip


@pytest.mark.parametrize(("told", "place"), PLACES)
def test_usual_names_of_places(told: str, place: tuple[str, str, str]) -> None:
    found = one("ulnar", f"{told}\nday = 1\nvalue = 20")
    assert (found.subject, found.site, found.quantity) == place


def test_a_part_of_the_skin_is_an_area_of_the_nerves_own_patch() -> None:
    part = one("sural", 'test = "numb area"\nquantity = "numb area"\nday = 1\n'
                        'value = "80 % of the foot skin"')  # fmt: skip
    skin = on_nerve(case_of("sural", "")).nerve.targets[0]
    assert part.low == pytest.approx(0.8 * skin.width_mm * skin.length_mm)


def test_days_sides_and_what_was_not_tested() -> None:
    told = [
        STRENGTH.replace("42", "[40, 50]") + "2",
        STRENGTH.replace("42", '{ low = "5 weeks", high = "week 6" }') + "2",
        STRENGTH + '4\nside = "left"',
        STRENGTH + '"not tested"',
    ]
    case = case_of("ulnar", "".join(map(finding, told)))
    days = [(o.first_day, o.last_day, o.side) for o in case.observed]
    assert days == [(40, 50, "affected"), (35, 42, "affected"), (42, 42, "healthy")]
    assert case.remarks == ("finding[4] was not tested, so it is left out",)
    assert [f.day for f in case.finding][:2] == [(40, 50), (35, 42)]  # kept as written


def test_a_finding_belongs_to_the_nerve_that_has_its_place() -> None:
    told = finding('test = "strength"\nplace = "APB"\nday = 1\nvalue = 0')
    told += finding('test = "strength"\nplace = "ADM"\nnerve = "ulnar"\nday = 1\nvalue = 0')
    case = case_of("radial", told, 'also = ["median", "ulnar"]')
    assert not case.observed
    assert [[o.subject for o in one.observed] for one in case.beside] == [
        ["abductor pollicis brevis"], [ADM]
    ]  # fmt: skip
    assert "finding[1]: median: strength, abductor pollicis brevis" in as_text(case)


def test_two_parts_of_one_nerve_are_told_apart_by_their_own_names() -> None:
    told = finding('test = "strength"\nplace = "TA"\nnerve = "peroneal"\nday = 1\nvalue = 0')
    text = CASE.format(nerve="tibial", site="popliteal fossa", more='also = ["peroneal"]')
    case = parse(text + told)
    assert not case.observed and case.beside[0].observed[0].subject == "tibialis anterior"


# What is refused: the field, and what the message offers.
REFUSED = [
    (STRENGTH + '"4++"', "value", "allowed: 0, 1, 2"),
    (STRENGTH + '"flickr"', "value", "did you mean 'flicker'"),
    (STRENGTH + "3.5", "value", "no step of MRC grade"),
    (STRENGTH + "7", "value", "0 to 5"),
    (STRENGTH + "true", "value", "true/false"),
    (STRENGTH + '"3 to 2"', "value", "swap them"),
    (MOTOR + '"5 ms"', "value", "is a time and cannot be converted to mV"),
    (MOTOR + '"0,7 mV"', "value", "decimal point"),
    (MOTOR + '"0.7 mV"\nunit = "mV"', "value", "keep one of them"),
    (MOTOR + '"absent"\nunit = "kg"', "value", "is a mass"),
    (MOTOR + '"700 MV"', "value", "out of range"),
    (MOTOR + '"-1 mV"', "value", "0 to 100 mV"),
    (MOTOR + "nan", "value", "not a finite number"),
    (MOTOR + '"quite good"', "value", "absent, normal, not tested, present, reduced"),
    (MOTOR + '1\nquantity = "amplitud"', "quantity", "did you mean 'amplitude'"),
    (MOTOR.replace("wrist", "knee") + "1", "site", "allowed: wrist, below elbow"),
    (MOTOR.replace("ADM", "APB") + "1", "place", "allowed: ulnar motor (ADM)"),
    (MOTOR + '45\nquantity = "velocity"', "site", "below elbow to wrist"),
    (STRENGTH.replace('place = "ADM"\n', "") + "3", "place", ADM),
    (STRENGTH.replace("strength", "strenght") + "3", "test", "did you mean 'strength'"),
    (STRENGTH.replace("42", "[50, 40]") + "3", "day", "swap them"),
    (STRENGTH.replace("42", "{ low = 1 }") + "3", "day", "low and high"),
    (STRENGTH.replace("42", '"6 cm"') + "3", "day", "is a length"),
    (STRENGTH.replace("42", "4000") + "3", "day", "run.horizon_days"),
    (STRENGTH + '3\nside = "both"', "side", "allowed: affected, healthy, left, right"),
    (STRENGTH + '3\nnerve = "median"', "nerve", "allowed: ulnar"),
    (STRENGTH + '"40 % of the other side"\nside = "healthy"', "value", "give the number itself"),
    (TOUCH + '"4.3"', "value", "4.31"),
    (TAP + '"at the axilla"', "value", "above the injury"),
    (NEEDLE.replace('quantity = "{}"\n', "") + '"2+"', "quantity", "fibrillations"),
    ('test = "EMG"\nplace = "FDI"\nday = 1', "value", "is missing"),
    ('test = "reflexes"\nday = 1\nvalue = "absent"', "test", "examines nothing of the ulnar"),
]  # fmt: skip


@pytest.mark.parametrize(("told", "field", "offered"), REFUSED)
def test_what_cannot_be_is_refused_with_file_and_field(told: str, field: str, offered: str) -> None:
    with pytest.raises(TinelError) as caught:
        case_of("ulnar", finding(told))
    assert caught.value.where == f"case.toml: finding[1].{field}"
    assert offered in str(caught.value)


def test_findings_in_the_words_of_older_files_are_kept_and_a_note_says_so() -> None:
    older = (
        'test = "clinical recovery"\nday = 47\nvalue = 46.8\nunit = "days"\n'
        'quantity = "complete, mean over 33 patients (SD 34)"'
    )
    case = case_of("radial", finding(older))
    assert not case.observed and case.finding[0].value == 46.8
    assert case.remarks == (
        "finding[1] is kept and shown, not used: no test is called 'clinical recovery'",
    )
    used = one("femoral", 'test = "motor conduction"\nday = 270\nquantity = "amplitude"\n'
                          'value = 0.7\nunit = "mV"\nplace = "vastus medialis"')  # fmt: skip
    assert what(used) == ("motor conduction", "femoral motor (VM)", "", "amplitude", "mV")


def event(told: str) -> str:
    return f"[[event]]\n{told}\n"


EVENTS = [
    ('what = "first flicker"\nplace = "ADM"\nday = 150', "MRC grade", 1, 120, 150),
    ('what = "first flicker"\nplace = "ADM"\nday = "week 12"', "MRC grade", 1, 54, 84),
    ('what = "first sign on needle"\nplace = "ADM"\nbetween = [9, 130]', "recruitment", 1, 9, 130),
    ('what = "full strength"\nplace = "ADM"\nby = "month 8"', "MRC grade", 5, -INF, 243.5),
    ('what = "MRC 3"\nplace = "ADM"\nby = 200', "MRC grade", 3, -INF, 200),
    ('what = "M4-"\nplace = "ADM"\nby = 200', "MRC grade with 4- and 4+", 4 - 1 / 3, -INF, 200),
    ('what = "feels touch"\nplace = "little finger"\nby = 200', "S grade", 2, -INF, 200),
    ('what = "recovered"\nplace = "little finger"\nby = 200', "S grade", 4, -INF, 200),
    ('what = "not recovered"\nplace = "ADM"\nday = 200', "MRC grade", 5, 200, INF),
    ('what = "not recovered"\nplace = "ADM"\nnot_by = "today"', "MRC grade", 5, 42, INF),
    ('what = "no flicker"\nplace = "ADM"\nby = 120', "MRC grade", 1, 120, INF),
]  # fmt: skip


@pytest.mark.parametrize(("told", "quantity", "reaches", "not_before", "by"), EVENTS)
def test_events(told: str, quantity: str, reaches: float, not_before: float, by: float) -> None:
    (found,) = case_of("ulnar", event(told) + finding(STRENGTH + "0")).events
    assert (found.quantity, found.not_before_day, found.by_day) == (quantity, not_before, by)
    assert found.reaches == pytest.approx(reaches)


def test_how_long_an_event_may_go_unnoticed_is_a_number_that_can_be_changed() -> None:
    case = case_of("ulnar", event('what = "first flicker"\nplace = "ADM"\nday = 150'))
    changed = case.with_parameters({"finding.event.noticed_within_d": 10})
    assert [c.events[0].not_before_day for c in (case, changed)] == [120, 140]


def test_an_event_of_every_muscle_is_one_for_each_and_one_of_some_muscle_needs_its_name() -> None:
    every = case_of("ulnar", event('what = "full strength"\nday = 240')).events
    assert [(e.subject, e.not_before_day, e.by_day) for e in every] == [
        (muscle, -INF, 240) for muscle in ("flexor carpi ulnaris", ADM, "first dorsal interosseous")
    ]
    none = case_of("ulnar", event('what = "no flicker"\nnot_by = 90')).events
    assert [(e.not_before_day, e.by_day) for e in none] == [(90, INF)] * 3
    for told in ('what = "first flicker"\nday = 90', 'what = "not recovered"\nnot_by = 90'):
        with pytest.raises(TinelError, match=r"event\[1\].place: is missing.*allowed: flexor"):
            case_of("ulnar", event(told))


@pytest.mark.parametrize(
    ("told", "field", "offered"),
    [
        ('what = "walks"\nday = 3', "what", "first flicker"),
        ('what = "MRC 6"\nplace = "ADM"\nday = 3', "what", "MRC 3"),
        ('what = "full strength"\nplace = "ADM"', "day", "one of day, by, between, not_by"),
        ('what = "full strength"\nplace = "ADM"\nday = 3\nby = 4', "day", "gives day and by"),
        ('what = "recovered"\nplace = "ankle"\nby = 4', "place", ADM),
        ('what = "recovered"\nplace = "ADM"\nby = 4000', "by", "run.horizon_days"),
        ('what = "recovered"\nplace = "ADM"\nnot_by = "today"', "not_by", "write the day"),
        ('what = "no flicker"\nplace = "ADM"\nbetween = [1, 2]', "between", "not_by"),
        ('what = "recovered"\nplace = "ADM"\nby = "soon"', "by", "not a quantity"),
        ('wat = "recovered"\nby = 3', "wat", "did you mean 'what'"),
    ],
)  # fmt: skip
def test_events_that_cannot_be(told: str, field: str, offered: str) -> None:
    with pytest.raises(TinelError) as caught:
        case_of("ulnar", event(told))
    assert caught.value.where == f"case.toml: event[1].{field}"
    assert offered in str(caught.value)


@cache
def read_back(nerve: str) -> list[tuple[Observed, Observed]]:
    """Everything that a nerve's tests could find, written as a case file and read again."""
    on = on_nerve(case_of(nerve, ""))
    made = []
    for test in known_tests().values():
        if test.without_pictures is not None:
            continue  # their places are not those of studies: tests/test_findings_from_pictures.py
        for called in subjects_of(test, on.nerve):
            for measure in test.measures:
                unit = getattr(called.subject, "kind", "")
                if test.name == "further conduction" and measure.unit[:2] == (
                    "µV" if unit == "motor" else "mV"
                ):
                    continue
                made += list(possible(test.name, called.subject, measure))
    sections = [as_toml(o) for o in made]
    read: list[Observed] = []
    for k in range(0, len(sections), 300):
        read += case_of(nerve, "".join(sections[k : k + 300])).observed
    return list(zip(made, read, strict=True))


def possible(test: str, subject: Subject, measure: Measure) -> list[Observed]:
    levels = measure.levels or (measure.least / 2 + 1.5, measure.least / 2 + 2.25)
    low, high = float(levels[0]), float(levels[-1])
    site = ""
    if isinstance(subject, Study):
        stretch = measure.by_segment and subject.kind == "motor"
        if (stretch or measure.quantity == RATIO) and not segments(subject):
            return []
        site = segments(subject)[0] if stretch else subject.sites[-1].name
        if test == "inching" and not measure.by_segment:
            site = ""
    base = Observed("", "", test, subject.name, site, measure.quantity, measure.unit, 7, 9, "value")
    made = [
        Observed(**{**vars(base), "state": state, "low": a, "high": b})
        for state, a, b in (
            ("value", low, low),
            ("range", low, high),
            ("range", -INF, high),
            ("range", low, INF),
        )
    ]
    if not measure.levels:
        part = {"state": "range", "low": 40.0, "high": 45.5, "of_other_side": True}
        made.append(Observed(**{**vars(base), **part}))
        made.append(Observed(**{**vars(made[0]), "side": "healthy"}))
    return made + [Observed(**{**vars(base), "state": s}) for s in measure.states_meant]


@pytest.mark.parametrize("nerve", ["ulnar", "sciatic"])
def test_what_is_written_as_a_table_is_read_to_the_same(nerve: str) -> None:
    pairs = read_back(nerve)
    print(f"{len(pairs)} findings of the {nerve} nerve written and read")
    assert len(pairs) > 500
    for made, read in pairs:
        assert what(read) == what(made)
        assert value(read) == value(made)
        same = ("first_day", "last_day", "side", "of_other_side")
        assert [getattr(read, name) for name in same] == [getattr(made, name) for name in same]


@pytest.mark.parametrize(
    ("nerve", "tests"), [("sciatic", None), ("ulnar", ["grip and pinch", "inching"])]
)
def test_every_quantity_that_a_test_gives_is_declared_and_can_be_written(
    nerve: str, tests: list[str] | None
) -> None:
    twin = tn.Twins(tn.Patient(age=40, sex="female", height_cm=170), range(1))
    built = tn.build(nerve, side="left", twins=twin)
    seen = visit(healthy(built), set_up(built), tests=tests)
    declared = {(t.name, m.quantity, m.unit) for t in known_tests().values() for m in t.measures}
    made = {(m.test, m.quantity, m.unit) for m in seen.examination.measurements}
    assert made <= declared
    rows = [row for row in findings(seen) if row.test != "further conduction"]
    told = "".join(as_toml(row, day=3) for row in rows)
    read = [*case_of(nerve, told).observed]
    assert [what(o) for o in read] == [
        (r.test, r.subject, r.site, r.quantity, r.unit) for r in rows
    ]


# What the findings of each published patient are read to: subject, quantity, ends, days.
READ_TO: dict[str, list[tuple[object, ...]]] = {
    "radial_sleep": [("radial motor (EIP)", "velocity", "normal", 0, 0, 42, 56)]
    + [
        (m, "MRC grade", 5, -INF, 81)
        for m in (
            "triceps",
            "brachioradialis",
            "extensor digitorum communis",
            "extensor indicis",
            "extensor carpi radialis",
        )
    ],
    "radial_cuff": [
        ("extensor carpi radialis", "MRC grade", "range", 0, 2, 1, 1),
        ("extensor carpi radialis", "MRC grade", 5, -INF, 91.3125),
    ],
    "radial_plate": [
        ("extensor carpi radialis", "MRC grade", "range", 0, 1, 1, 1),
        ("extensor carpi radialis", "fibrillations", "range", 1, 4, 91.3125, 91.3125),
        ("extensor carpi radialis", "MRC grade", "value", 4, 4, 112, 120),
    ],
    "radial_humerus": [
        ("extensor carpi radialis", "MRC grade", 1, -INF, 182.625),
        ("extensor carpi radialis", "MRC grade", 5, 42, 581),
    ],
    "femoral_tourniquet": [
        ("femoral motor (VM)", "amplitude", "value", 0.7, 0.7, 273.938, 273.938),
        ("vastus medialis", "fibrillations", "range", 1, 4, 273.938, 273.938),
        ("vastus medialis", "MRC grade", 5, 273.938, INF),
    ],
    "femoral_lithotomy": [
        ("rectus femoris", "MRC grade", 5, -INF, 40),
        ("vastus medialis", "MRC grade", 5, -INF, 40),
    ],
    "femoral_block": [
        ("femoral motor (VM)", "amplitude", "normal", 0, 0, 182.625, 182.625),
        ("vastus medialis", "MRC grade with 4- and 4+", "range", 4 + 1 / 3, 5, 182.625, 182.625),
    ],
    "cpn_tka": [
        ("tibialis anterior", "MRC grade", "value", 0, 0, 1, 1),
        ("tibialis anterior", "MRC grade", 5, 182.625, INF),
    ],
    "cpn_delayed": [
        ("tibialis anterior", "MRC grade", "range", 0, 2, 70, 70),
        ("tibialis anterior", "MRC grade with 4- and 4+", "range", 4 + 1 / 3, 5, 119, 119),
    ],
    "sciatic_injection": [("tibialis anterior", "MRC grade", 5, 200.887, INF)],
    "ulnar_deep_motor": [
        ("first dorsal interosseous", "MRC grade", "value", 0, 0, 1, 1),
        ("little finger skin", "finest filament felt", "normal", 0, 0, 1, 1),
        ("first dorsal interosseous", "MRC grade", 3, -INF, 730.5),
    ],
    "median_ectr": [("median sensory (digit 2)", "amplitude", "reduced", 0, 0, 152.188, 3287.25)],
    "repair_median": [
        ("median sensory (digit 2)", "amplitude", "value", 15, 15, 456.562, 1613.19),
        ("median sensory (digit 2)", "velocity", "value", 80, 80, 456.562, 1613.19),
    ],
    "repair_ulnar": [("ulnar sensory (digit 5)", "velocity", "value", 70, 70, 456.562, 1613.19)],
    "ulnar_high_repair": [
        ("first dorsal interosseous", "MRC grade", "range", 0, 4, 1826.25, 1826.25),
        ("little finger skin", "two points told apart", "range", 12, INF, 1826.25, 1826.25),
    ],
    "ulnar_perioperative": [
        ("little finger skin", "finest filament felt", "reduced", 0, 0, 2, 7),
        (ADM, "MRC grade", "value", 5, 5, 7, 7),
        ("little finger skin", "S grade", 4, -INF, 42),
        ("dorsal ulnar hand skin", "S grade", 4, -INF, 42),
    ],
    "axillary_dislocation": [("deltoid", "MRC grade", 5, 91.3125, 161.319)],
    "superficial_radial": [
        ("first web space skin", "finest filament felt", "normal", 0, 0, 182.625, 182.625)
    ],
    "sural_biopsy": [
        ("lateral foot skin", "numb area (firm touch)", "value", 900, 900, 547.875, 547.875)
    ],
    "sural_repair": [
        ("lateral foot skin", "finest filament felt", "absent", 0, 0, 28, 56),
        ("lateral foot skin", "finest filament felt", "value", 3.61, 3.61, 182.625, 182.625),
    ],
    "foot_cutaneous": [
        ("dorsum of foot skin", "finest filament felt", "present", 0, 0, 182.625, 182.625)
    ],
    "cts_release": [("median motor (APB)", "onset latency", "range", 4, 6, 365, 365)],
}


@pytest.mark.parametrize("one", patients(), ids=lambda one: one.name)
def test_published_patients_in_the_words_of_their_sources(one: Patient) -> None:
    case, wanted = case_of(one.nerve, one.findings), READ_TO[one.name]
    assert not case.remarks
    read = [(o.subject, o.quantity, *value(o), o.first_day, o.last_day) for o in case.observed] + [
        (e.subject, e.quantity, e.reaches, e.not_before_day, e.by_day) for e in case.events
    ]
    assert [row[:2] for row in read] == [row[:2] for row in wanted]
    for found, meant in zip(read, wanted, strict=True):
        assert found[2:] == tuple(
            pytest.approx(x) if isinstance(x, float | int) else x for x in meant[2:]
        )


def test_the_command_says_what_was_understood(
    tmp_path: object, capsys: pytest.CaptureFixture[str]
) -> None:
    path = f"{tmp_path}/patient.toml"
    told = finding(MOTOR + '"absent"') + event('what = "no flicker"\nplace = "ADM"\nnot_by = 90')
    with open(path, "w", encoding="utf-8") as file:
        file.write(CASE.format(nerve="ulnar", site="wrist", more="") + told)
    assert main(["check", path]) == 0
    said = capsys.readouterr().out
    assert (
        "finding[1]: motor conduction, ulnar motor (ADM), wrist, day 42: amplitude absent" in said
    )
    assert f"event[1]: strength, {ADM}: MRC grade at least 1, not yet on day 90" in said
    assert main(["check", path, "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["observed"][0]["low"] is None and data["events"][0]["by_day"] is None


def test_a_case_keeps_its_findings_when_it_is_changed() -> None:
    case = case_of("ulnar", finding(STRENGTH + "3"))
    changed = case.with_run(twins=2).with_parameters({"course.growth.rate": 1.5})
    assert changed.observed == case.observed and changed.events == ()


@pytest.mark.parametrize("name", ["tanya", "ivy", "block"])
def test_the_examples_state_what_their_stories_say(name: str) -> None:
    case = load(f"examples/{name}.toml")
    print(as_text(case))
    assert case.observed and not case.events


def test_a_test_of_ones_own_takes_findings_once_it_declares_its_measures() -> None:
    told = finding('test = "MUNE"\nplace = "ADM"\nday = 9\nvalue = "< 40"')
    text = CASE.format(nerve="ulnar", site="wrist", more="") + told
    (found,) = parse(text, files=["examples/own/unit_count.py"]).observed
    assert (found.quantity, found.low, found.high) == ("motor units", -INF, 40)
    with pytest.raises(TinelError, match=r"no test is called 'MUNE'"):
        parse(text)


@pytest.mark.parametrize("done", [False, True])
def test_findings_after_a_treatment_that_is_not_said_to_be_done_get_a_note(done: bool) -> None:
    text = CUT.read_text(encoding="utf-8")
    late = '[[finding]]\ntest = "strength"\nplace = "interossei"\nday = 200\nvalue = "2"\n'
    arms = text.replace('[[arm]]\nname = "suture', '[[arm]]\ndone = true\nname = "suture', 1)
    assert arms != text, "the example has a suture"
    read = parse(f"{arms if done else text}\n{late}")
    said = [note for note in read.notes if "done = true" in note]
    assert len(said) == (not done)
    assert read.done.startswith("suture") is done
