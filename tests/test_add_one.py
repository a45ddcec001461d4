"""One file adds one cause, treatment or nerve; a mistake in it is told where it is."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from tinel.case import load, parse
from tinel.cohort.person import courses, injure
from tinel.course import state_at
from tinel.errors import TinelError
from tinel.lesion import known_causes
from tinel.treatment import known_treatments, plan

NERVES = Path(__file__).parents[1] / "src" / "tinel" / "nerve" / "data"

TREATMENT = """
from tinel.declare import Field
from tinel.treatment import DAY, Intervention, Treatment


def effect(values, parameters, which):
    factor = {"value": 1.5, "low": 1.0, "high": 2.0}[which] * values["dose_mA"] / 20
    return tuple(Intervention("stimulation", day, growth_rate_factor=factor)
                 for day in values["on_days"])


STIMULATION = Treatment(
    name="electrical stimulation",
    text="An hour of 20 Hz after a repair.",
    fields=(DAY, Field("dose_mA", "current", "number", "mA", 1, 50, needed=True)),
    other_names=("stimulation",),
    effect=effect,
    says="Axons of rats cross sooner.",
)
"""
CAUSE = """
from dataclasses import replace

import numpy as np

from tinel.declare import Field
from tinel.lesion import Cause
from tinel.lesion.place import whole


def injure(place, values, nerve):
    healthy = whole("cold", nerve, place.branch, place.site_mm, place.length_mm)
    frozen = (values["temperature_C"] < 0)[:, None] & healthy.present
    return replace(healthy, cut_d=np.where(frozen, 0.0, np.inf),
                   sunderland_grade=np.where(frozen, 2, 0))


COLD = Cause(
    name="cold",
    text="A nerve frozen on day 0.",
    phrase="frostbite of the nerve",
    fields=(Field("temperature_C", "of the nerve", "prior", "degC", -80, 40, needed=True),),
    injure=injure,
    length_mm=5.0,
)
"""
CASE = """
[patient]
age = 40
sex = "female"
height_cm = 165
limb_temperature_c = 32
[nerve]
name = "{nerve}"
side = "left"
[cause]
procedure = "walk"
site_mm = 400
{cause}
[[exam]]
days = [1, 400]
tests = ["strength"]
[[arm]]
name = "treated"
{step}
"""
CUT = 'kind = "laceration"\nsevered_percent = 100'
REPAIR = '[[arm.step]]\ntreatment = "repair"\nday = 5'
STIMULATED = f'{REPAIR}\n[[arm.step]]\ntreatment = "stimulation"\nday = 4\ndose_mA = "20 mA"'


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_treatment(tmp_path: Path) -> None:
    own = written(tmp_path, "stimulation.py", TREATMENT)
    text = CASE.format(nerve="ulnar", cause=CUT, step=STIMULATED)
    case = load(written(tmp_path, "case.toml", text), files=[own])
    assert case.notes[0].endswith("'stimulation' is now called 'electrical stimulation'")
    waiting, treated = case.plans()
    assert waiting.interventions == () and "Axons of rats" in treated.says
    assert [i.growth_rate_factor for i in treated.interventions] == [1.5, 1.0]
    sewn = plan("sewn", [{"treatment": "repair", "day": 5}])
    person = injure(case, range(3))
    slow, fast = courses(person, [sewn, treated])
    ratio = fast.regrowth.rate_mm_per_day / slow.regrowth.rate_mm_per_day
    started = np.isfinite(fast.regrowth.start_d)
    assert started.any() and np.allclose(ratio[started], 1.5)


def test_a_cause(tmp_path: Path) -> None:
    own = written(tmp_path, "cold.py", CAUSE)
    text = CASE.format(nerve="ulnar", cause='kind = "cold"\ntemperature_C = -5', step="")
    case = parse(text, files=[own])
    assert case.cause.phrase == "frostbite of the nerve" and case.place.length_mm.low == 5.0
    person = injure(case, range(2))
    (course,) = courses(person, case.plans())
    assert not state_at(course, 5.0).intact[:, person.lesion.present].any()
    with pytest.raises(TinelError, match="no cause is called 'cold'"):
        parse(text)


def test_a_nerve(tmp_path: Path) -> None:
    shutil.copy(NERVES / "ulnar.toml", tmp_path / "mine.toml")
    text = CASE.format(nerve="mine.toml", cause=CUT, step="")
    changed = '[set]\n"nerve.mine.landmark.axilla.position_mm" = 300\n'
    case = load(written(tmp_path, "case.toml", text + changed))
    assert case.nerve.name == "mine"
    nerve = injure(case, range(2)).nerve
    assert nerve.title == "Ulnar nerve"
    assert nerve.landmark("axilla").position_mm == pytest.approx(300 * 165 / 170)


def test_a_nerve_by_another_name(tmp_path: Path) -> None:
    assert parse(CASE.format(nerve="nervus ulnaris", cause=CUT, step="")).nerve.name == "ulnar"
    with pytest.raises(TinelError, match="did you mean 'ulnar'"):
        parse(CASE.format(nerve="ulnr", cause=CUT, step=""))
    own = written(tmp_path, "broken.toml", "title = 3")
    with pytest.raises(TinelError, match=r"broken\.toml: "):
        parse(CASE.format(nerve=str(own), cause=CUT, step=""))
    with pytest.raises(TinelError, match="there is no such file"):
        parse(CASE.format(nerve="nowhere.toml", cause=CUT, step=""))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (TREATMENT.replace('"electrical stimulation"', '"graft"'), "'graft' already names graft"),
        (TREATMENT.replace('("stimulation",)', '("suture",)'), "'suture' already names repair"),
        (TREATMENT.replace("    effect=effect,\n", ""), "fails when it is run: TypeError.*effect"),
        (TREATMENT + "1 / 0", "fails when it is run: ZeroDivisionError"),
        (TREATMENT + "(", "fails when it is run: SyntaxError"),
        (TREATMENT.replace("says=", 'evidence_grade="sure", says='), "evidence_grade is 'sure'"),
        (TREATMENT.replace('"number"', '"nmber"'), "did you mean 'number'"),
    ],
)
def test_a_faulty_treatment_is_told_by_its_file(tmp_path: Path, text: str, says: str) -> None:
    own = written(tmp_path, "mine.py", text)
    with pytest.raises(TinelError, match=says) as caught:
        known_treatments([own])
    assert "mine.py" in str(caught.value)


def test_a_faulty_cause_is_told(tmp_path: Path) -> None:
    own = written(tmp_path, "cold.py", CAUSE.replace("injure=injure", 'injure=injure, begins="x"'))
    with pytest.raises(TinelError, match="is no field of a lasting cause"):
        known_causes([own])
    none = written(tmp_path, "none.py", CAUSE.replace("return replace", "replace"))
    case = parse(
        CASE.format(nerve="ulnar", cause='kind = "cold"\ntemperature_C = -5', step=""), files=[none]
    )
    with pytest.raises(TinelError, match="gave no lesion of this nerve"):
        injure(case, range(1))
    with pytest.raises(TinelError, match="cannot be read"):
        known_causes([tmp_path / "missing.py"])


@pytest.mark.parametrize(
    ("step", "where", "says"),
    [
        ("dose_mA = 20", "arm[1].step[1].day", "is missing"),
        ("day = 4", "arm[1].step[1].dose_mA", "needs it"),
        ("day = 4\ndose_mA = 99", "arm[1].step[1].dose_mA", "allowed: 1 to 50 mA"),
        ("day = 4\ndose_ma = 20", "arm[1].step[1].dose_ma", "did you mean 'dose_mA'"),
    ],
)
def test_a_users_mistake_in_a_new_step(tmp_path: Path, step: str, where: str, says: str) -> None:
    own = written(tmp_path, "stimulation.py", TREATMENT)
    table = f'[[arm.step]]\ntreatment = "electrical stimulation"\n{step}'
    with pytest.raises(TinelError) as caught:
        parse(CASE.format(nerve="ulnar", cause=CUT, step=table), files=[own])
    assert caught.value.where == f"case.toml: {where}" and says in str(caught.value)
