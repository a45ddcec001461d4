"""Mutated case files: read, or refused with file and field; never anything else.

Mutations know the structure of a case file: they take the four examples, and drop, misspell,
repeat, move, retype or exaggerate what stands in them. Hostile texts after them try to make the
reading itself expensive.
"""

from __future__ import annotations

import copy
import datetime
import json
import math
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.people import some
from tinel.case import Case, parse
from tinel.cli import main
from tinel.declare.toml_file import MOST_BYTES
from tinel.errors import TinelError
from tinel.nerve import build

ROOT = Path(__file__).parents[1]
TEXTS = [file.read_text(encoding="utf-8") for file in sorted((ROOT / "examples").glob("*.toml"))]
# beside the examples, a case with findings and events in many words
TOLD = """
[[finding]]
test = "motor conduction"
place = "EIP"
site = "elbow"
day = { low = 20, high = 24 }
value = "700 uV"
side = "affected"
[[finding]]
test = "EMG"
place = "finger extensors"
day = [20, 24]
quantity = "fibrillations"
value = "2+"
[[finding]]
test = "strength"
place = "wrist extensors"
day = "3 weeks"
value = "45 % of the other side"
[[event]]
what = "first flicker"
place = "wrist extensors"
between = [20, "6 weeks"]
[[event]]
what = "not recovered"
place = "finger extensors"
not_by = "today"
"""
EXAMPLES = [tomllib.loads(text) for text in [*TEXTS, TEXTS[0] + TOLD, TEXTS[0] + TOLD]]
NERVE_FILES = [
    tomllib.loads((ROOT / f"src/tinel/nerve/data/{name}.toml").read_text(encoding="utf-8"))
    for name in ("sural", "axillary")
]
MUTATIONS, SAMPLE = 2000, 600
NERVES = 200
WHOLE_RUNS = 60
LONGEST_MESSAGE = 1000
LONGEST_s = 1.0  # of processor time: another process may hold this one up
MOST_MEMORY_MB = 200

STRANGE: list[Any] = [
    "", " ", "\u200b", "\u202e", "x" * 5000, "nan", "1e400", "6 weeks", "2 years", "-3 days",
    "10 cm", "60 kg", "30 deg", "32 delta_degC", "90 degF", "5 mmHg", "1 mmHg/s", "1.65 m", "µm",
    "10 %", "3 dB", "5 bit", "1e300 km", "1 km*km/m", "2 degC*degC", "1 degC/degC", "1.5", "1/2 mm",
    "scar constriction", "wait", "sciatic", "left", True, False, 0, -1, 1, 7301, 10**30, -(10**400),
    0.0, -0.0, 1e-308, 1e308, math.nan, math.inf, -math.inf, [], {}, [[]], [1, "2"], [None],
    {"low": 1}, {"low": 2, "high": 1, "why": "x"}, {"low": 5, "high": 5, "why": "known"},
    {"low": 0, "high": 1e9, "why": "x"}, {"low": 1, "high": 2, "why": ""}, {"a": {"b": {"c": 1}}},
    datetime.date(2026, 1, 1), datetime.time(1, 2, 3), datetime.datetime(2026, 1, 1, 1, 2),
    "4+", "absent", "not tested", "0.7 mV", "2 to 3", "< 2", "45 % of the other side", "today",
    "Tinel at 12 cm below the elbow", "wrist", "amplitude", "healthy", [40, 50], [50, 40],
    ["touch", "touch"], ["strength"], {"a": 1}, [1, 1], [1, 1.0000001], [14, "2 weeks"],
]  # fmt: skip
SPELLINGS = ["", "x", "_", " ", "ä", ".", '"', "\\", "\n", "\u200b", "x" * 3000]
FACTORS = [-1, 0, 1e-9, 0.5, 1 + 1e-9, 2, 10, 1e3, 1e9]
SECTIONS = ["patient", "nerve", "cause", "acute", "exam", "arm", "step", "run", "set", "finding",
            "event"]  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in nested tables and lists, as paths."""
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else ()
    items = enumerate(value) if isinstance(value, list) else items
    for key, inner in items:
        found += places(inner, (*path, key))
    return found


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


@st.composite
def mutated(draw: st.DrawFn, examples: list[dict[str, Any]] = EXAMPLES) -> dict[str, Any]:
    """An example with one to three mutations."""
    case = copy.deepcopy(draw(st.sampled_from(examples)))
    for _ in range(draw(st.integers(1, 3))):
        every = places(case)
        if not every:
            break
        path = draw(st.sampled_from(every))
        holder, key = at(case, path[:-1]), path[-1]
        kinds = ("drop", "strange", "misspell", "repeat", "move", "number", "add")
        kind = draw(st.sampled_from(kinds))
        if kind == "drop":
            del holder[key]
        elif kind == "strange":
            holder[key] = copy.deepcopy(draw(st.sampled_from(STRANGE)))
        elif kind == "misspell" and isinstance(holder, dict):
            place = draw(st.integers(0, len(str(key))))
            letter = draw(st.sampled_from(SPELLINGS))
            holder[str(key)[:place] + letter + str(key)[place + 1 :]] = holder.pop(key)
        elif kind == "repeat" and isinstance(holder, list):
            holder.insert(key, copy.deepcopy(holder[key]))
        elif kind == "move":
            other = draw(st.sampled_from(every))
            try:
                at(case, other[:-1])[other[-1]] = copy.deepcopy(holder[key])
            except (LookupError, TypeError):
                continue
        elif kind == "number" and isinstance(holder[key], int | float):
            holder[key] *= draw(st.sampled_from(FACTORS))
        elif kind == "add" and isinstance(holder[key], dict):
            name = draw(st.sampled_from(SECTIONS))
            holder[key][name] = copy.deepcopy(draw(st.sampled_from(STRANGE)))
    return case


def toml(value: Any) -> str:
    """A value as inline TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{text(k)} = {toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(toml(v) for v in value) + "]"
    if isinstance(value, str):
        return text(value)
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, int) and abs(value) > 10**300:
        return ("-" if value < 0 else "") + "1" + "0" * 400  # too long for str()
    return "''" if value is None else str(value)


def text(value: str) -> str:
    plain = (c if c.isprintable() and c not in '"\\' else f"\\u{ord(c):04x}" for c in value)
    return '"' + "".join(plain) + '"'


def written(case: dict[str, Any]) -> str:
    return "\n".join(f"{text(k)} = {toml(v)}" for k, v in case.items())


def read_or_refused(content: str, name: str = "mutated.toml") -> Case | TinelError:
    """What reading gives: a case, or the one error that names the file and says little enough."""
    start = time.process_time()
    try:
        found: Case | TinelError = parse(content, name)
    except TinelError as problem:
        found = problem
        assert problem.where.startswith(name), str(problem)[:200]
        assert problem.message and len(str(problem)) < LONGEST_MESSAGE, str(problem)[:200]
    assert time.process_time() - start < LONGEST_s
    return found


def whole_or_refused(case: dict[str, Any]) -> None:
    found = read_or_refused(written(case))
    if isinstance(found, Case):
        # what was read is whole: it can be printed as data, and its plans can be made
        json.dumps(found.as_data())
        assert len(found.plans()) == len(found.arm) >= 1
        assert len({f"{day:g}" for day in found.exam_days}) == len(found.exam_days)


@settings(
    max_examples=SAMPLE, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(mutated())
def test_a_mutated_case_is_read_or_refused_with_file_and_field(case: dict[str, Any]) -> None:
    whole_or_refused(case)


@pytest.mark.slow
@settings(
    max_examples=MUTATIONS, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(mutated())
def test_two_thousand_mutated_cases(case: dict[str, Any]) -> None:
    whole_or_refused(case)


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mutated")


@settings(
    max_examples=WHOLE_RUNS, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(case=mutated())
def test_a_run_of_a_refused_case_writes_one_message_and_nothing_else(
    case: dict[str, Any], elsewhere: Path
) -> None:
    path = elsewhere / "mutated.toml"
    path.write_text(written(case), encoding="utf-8")
    try:
        parse(written(case), path)
    except TinelError as problem:
        refused = str(problem)
    else:
        return  # a good case would be computed
    with pytest.MonkeyPatch.context() as patch:
        told: list[str] = []
        patch.setattr("tinel.cli.say", told.append)
        assert main(["run", str(path), "--out", str(elsewhere / "out")]) == 2
    assert len(told) == 1 and "mutated.toml" in told[0], refused
    assert [file.name for file in elsewhere.iterdir()] == ["mutated.toml"]


@settings(
    max_examples=NERVES, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@pytest.mark.filterwarnings("error::RuntimeWarning")
@given(content=mutated(NERVE_FILES))
def test_a_mutated_nerve_is_built_or_refused(content: dict[str, Any], elsewhere: Path) -> None:
    path = elsewhere / f"{hash(written(content))}.toml"
    path.write_text(written(content), encoding="utf-8")
    try:
        build(path, side="left", twins=some(range(2)))
    except TinelError as problem:
        assert str(path) in problem.where and len(str(problem)) < LONGEST_MESSAGE
    finally:
        path.unlink()


HOSTILE = {
    "a key of 1,000 parts": "a." * 1000 + "a = 1",
    "a key of as many parts as fit": "a." * 40_000 + "a = 1",
    "the same with blanks": "a . " * 20_000 + "a = 1",
    "the same in quotes": '"a".' * 20_000 + "a = 1",
    "a table of as many parts": "[" + "a." * 40_000 + "a]",
    "many keys of the most parts": "\n".join(f"a{i}" + ".a" * 14 + "=1" for i in range(2500)),
    "lists in lists": "a = " + "[" * 40_000,
    "lists in lists, closed": "a = " + "[" * 90 + "]" * 90,
    "tables in tables": "a = " + "{a=" * 20_000,
    "tables in tables, closed": "set = " + "{a=" * 200 + "1" + "}" * 200,
    "a long key": "x" * (MOST_BYTES - 10) + " = 1",
    "a long key of a section": "[patient]\n" + "x" * 90_000 + " = 1",
    "a long key of [set]": "SET." + "x" * 90_000 + " = 1",
    "many keys": "\n".join(f"a{i}=1" for i in range(10_000)),
    "many sections": "\n".join(f"[a{i}]" for i in range(10_000)),
    "many arms": "\n".join(f'[[arm]]\nname = "{i}"' for i in range(4000)),
    "many good steps": "STEPS",
    "many exams": "[[exam]]\n" * 10_000,
    "many tests": "[[exam]]\ndays=[1]\ntests=[" + "1," * 40_000 + "]",
    "many days": "[[exam]]\ntests=['touch']\ndays=[" + "1," * 40_000 + "]",
    "many days with units": "[[exam]]\ntests=['touch']\ndays=[" + "'1 day'," * 5000 + "]",
    "many values of a number": "SET." + "'course.growth.rate' = [" + "1.5," * 20_000 + "]\n#",
    "many findings": "SET.\n" + "[[finding]]\ntest='touch'\nday=1\nvalue='x'\n" * 1000,
    "many good findings": "SET.\n"
    + "[[finding]]\ntest='CMAP'\nplace='EIP'\nday=1\nvalue='700 uV'\n" * 999,
    "more findings than fit": "SET.\n" + "[[finding]]\n" * 5000,
    "many events": "SET.\n" + "[[event]]\nwhat='MRC 3'\nby=9\n" * 900,
    "a long value": "SET.\n[[finding]]\ntest='touch'\nday=1\nvalue='" + "1" * 80_000 + "'",
    "many symptoms": "[[symptom]]\n" * 7000,
    "a long number": "a = " + "1" * 90_000,
    "quotes": '"' * 90_000,
    "apostrophes": "'" * 90_000,
    "a text without an end": 'a = """' + '\\"""' * 20_000,
    "backslashes": 'a = "' + "\\" * 90_000,
    "blank lines": "\n" * 90_000,
    "brackets": "[" * 90_000,
    "too large": "#" * (MOST_BYTES + 1),
}  # fmt: skip


def hostile(name: str) -> str:
    content = HOSTILE[name]
    if content.startswith("SET."):
        return TEXTS[0] + "\n[set]\n" + content.removeprefix("SET.") + "\n"
    if content == "STEPS":
        step = "[[arm.step]]\ntreatment='hydrodissection'\nday={}\n"
        steps = "".join(step.format(200 + 5 * k) for k in range(90))
        return TEXTS[0] + "".join(f"\n[[arm]]\nname='arm {k}'\n{steps}" for k in range(15))
    return content


@pytest.mark.parametrize("name", HOSTILE)
def test_reading_a_hostile_text_is_bounded_in_time(name: str) -> None:
    """A dotted key of thousands of parts once cost a minute and gigabytes."""
    content = hostile(name)
    assert len(content.encode()) <= MOST_BYTES + 1
    read_or_refused(content, "hostile.toml")


def test_reading_hostile_texts_is_bounded_in_memory(tmp_path: Path) -> None:
    script = (
        "import resource, sys\n"
        "from tinel.case import load\n"
        "from tinel.errors import TinelError\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "for path in sys.argv[1:]:\n"
        "    try:\n"
        "        load(path)\n"
        "    except TinelError:\n"
        "        pass\n"
        "print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)\n"
    )
    paths = [tmp_path / f"{k}.toml" for k in range(len(HOSTILE))]
    for path, name in zip(paths, HOSTILE, strict=True):
        path.write_text(hostile(name), encoding="utf-8")
    told = subprocess.run(
        [sys.executable, "-c", script, *map(str, paths)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert int(told.stdout) < MOST_MEMORY_MB


@pytest.mark.parametrize("name", ["a key of as many parts as fit", "tables in tables", "many keys"])
def test_the_file_of_a_nerve_is_read_with_the_same_bounds(name: str, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(hostile(name), encoding="utf-8")
    start = time.process_time()
    with pytest.raises(TinelError) as caught:
        parse(TEXTS[0].replace('"radial"', '"own.toml"'), tmp_path / "case.toml")
    assert "own.toml" in caught.value.where and len(str(caught.value)) < LONGEST_MESSAGE
    assert time.process_time() - start < LONGEST_s


def test_dots_in_texts_and_comments_are_no_key() -> None:
    dots = "a." * 100
    case = TEXTS[0].replace("[nerve]", f"# {dots}\n[nerve]")
    case += f'\n[[symptom]]\nwhat = "{dots}"\n[[symptom]]\nwhat = """\n{dots}\n"""\n'
    assert len(parse(case).symptom) == 3
