"""Patients of a population as cases: some bodies, injuries and treatments, evenly spread.

A case has one body and one day for each treatment, so a population is several cases (strata), each
with a few twins. Age, sex, height, days and gaps are spread over the strata by a Latin hypercube;
site, length and dose of the injury differ from twin to twin as in any case.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from scipy.stats import qmc

from tinel.calibration.cohorts import FOLDER, Hurt, Part, Population
from tinel.case import Case
from tinel.case.case import checked
from tinel.case.source import Source
from tinel.errors import TinelError
from tinel.nerve.atlas import lay_out
from tinel.nerve.library import parameters, read
from tinel.twins import Floats, Patient

STRATA = 8  # per round, over all parts of a population; each part has one at least
TREATED = "treated"
ADULT_years = 18.0


@dataclass(frozen=True)
class Stratum:
    """Some patients alike in body and treatment.

    Args:
        case: their case; ``case.run`` holds seed and number of twins.
        treated_d: day of their first treatment, 0 without one.
        part: place of their part among the parts of the population.
    """

    case: Case
    treated_d: float
    part: int


def strata(key: str, population: Population, n_twin: int, turn: int, end_d: float) -> list[Stratum]:
    """The patients of a population as cases.

    Args:
        key: name of cohort and population, from which all draws follow.
        population: who they are.
        n_twin: about how many patients.
        turn: 0 for the first patients, 1 for others drawn alike, and so on.
        end_d: last day that will be computed, after the first treatment.

    Raises:
        TinelError: a nerve, landmark, treatment or injury that is not known.
    """
    found: list[Stratum] = []
    for k, part in enumerate(population.parts):
        n = max(1, round(STRATA * part.fraction))
        each = max(2, round(n_twin * part.fraction / n))
        seed = crc32(f"{key}/{k}/{turn}".encode())
        draws = qmc.LatinHypercube(d=6, rng=np.random.default_rng(seed)).random(n)
        for i, draw in enumerate(draws):
            case, treated_d = _case(population, part, draw, seed + i, each, end_d, f"{key}/{k}")
            found.append(Stratum(case, treated_d, k))
    return found


def _case(
    population: Population,
    part: Part,
    draw: Floats,
    seed: int,
    n_twin: int,
    end_d: float,
    where: str,
) -> tuple[Case, float]:
    low, high = population.age_years
    age = low + draw[0] * (high - low)
    sex = "male" if draw[1] < population.male else "female"
    height = _height_cm(age, sex, draw[2])
    steps = [_step(step, draw[3], draw[4]) for step in part.steps]
    treated_d = min((step["day"] for step in steps), default=0.0)
    patient = Patient(age=round(age, 1), sex=sex, height_cm=round(height))
    tables: dict[str, Any] = {
        "patient": {
            "age": patient.age,
            "sex": sex,
            "height_cm": patient.height_cm,
            "limb_temperature_c": people()["limb_temperature"]["degC"],
        },
        "nerve": {"name": part.nerve, "side": "right"},
        "cause": _cause(part, patient),
        "exam": [{"days": [1.0], "tests": ["strength"]}],
        "run": {
            "seed": seed % 2**32,
            "twins": n_twin,
            "horizon_days": treated_d + end_d + 1.0,
            "posterior": False,
        },
    }
    if steps:
        tables["arm"] = [{"name": TREATED, "step": steps}]
    name = where.replace("/", ", ")
    return checked(Source(Path(name), "", as_toml(tables))), treated_d


def _cause(part: Part, patient: Patient) -> dict[str, Any]:
    table: dict[str, Any] = {"procedure": part.injury.replace("_", " ")}
    table |= _hurt(part.first, part.nerve, patient)
    if part.second is not None:
        table["second"] = _hurt(part.second, part.nerve, patient)
    return table


def _hurt(hurt: Hurt, nerve: str, patient: Patient) -> dict[str, Any]:
    known = injuries()
    if hurt.injury not in known:
        raise TinelError(f"no injury is called '{hurt.injury}'", "injuries.toml")
    injury = dict(known[hurt.injury])
    why = injury.pop("why")
    if hurt.length_mm:
        injury["length_mm"] = {"low": hurt.length_mm[0], "high": hurt.length_mm[1]}
    table: dict[str, Any] = {}
    if hurt.branch:
        table["branch"] = hurt.branch
    for name, value in injury.items():
        table[name] = {**value, "why": why} if isinstance(value, Mapping) else value
    if hurt.between:
        ends = [_landmark_mm(nerve, name, patient, hurt.branch) for name in hurt.between]
        low, high = min(ends), max(ends)
        told = " to ".join(dict.fromkeys(hurt.between))
        table["site_mm"] = low if low == high else {"low": low, "high": high, "why": told}
    return table


def _landmark_mm(nerve: str, landmark: str, patient: Patient, branch: str | None) -> float:
    layout = lay_out(read(nerve), patient, parameters())
    marks = [m for m in layout.landmarks if m.name == landmark]
    if not marks:
        names = ", ".join(m.name for m in layout.landmarks)
        raise TinelError(f"no landmark '{landmark}' on {nerve}", advice=f"there are: {names}")
    here = [m for m in marks if m.branch == branch] or marks
    return here[0].position_mm


def _step(step: Mapping[str, Any], first: float, second: float) -> dict[str, Any]:
    # the day has a draw of its own, as long gaps are not always late
    given: dict[str, Any] = {}
    for name, value in step.items():
        if isinstance(value, list):
            at = first if name == "day" else second
            given[name] = round(float(value[0] + at * (value[1] - value[0])), 1)
        else:
            given[name] = value
    return given


def _height_cm(age: float, sex: str, draw: float) -> float:
    table = people()
    if age >= ADULT_years:
        low, high = table["height_cm"][sex]
    else:
        child = table["child_height"]
        median = float(np.interp(age, child["age_years"], child["median_cm"]))
        low, high = median * (1 - child["spread"]), median * (1 + child["spread"])
    return float(low + draw * (high - low))


@cache
def injuries() -> dict[str, dict[str, Any]]:
    """Injuries that populations name, with the spread of their sizes."""
    found: dict[str, dict[str, Any]] = _table("injuries.toml")["injury"]
    return found


@cache
def people() -> dict[str, Any]:
    """Bodies of patients of whom only age and sex are told."""
    return _table("people.toml")


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def as_toml(tables: Mapping[str, Any]) -> str:
    """Tables of a case as the text of its file; lists of tables become inline ones.

    Example:
        >>> as_toml({"run": {"seed": 1}, "exam": [{"days": [1.0]}]})
        'run = {seed = 1}\\nexam = [{days = [1.0]}]\\n'
    """
    return "".join(f"{name} = {_inline(value)}\n" for name, value in tables.items())


def _inline(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{k} = {_inline(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_inline, value)) + "]"
    return repr(float(value)) if isinstance(value, float) else repr(value)
