"""What happens to the patients of a population: how many meet each rule, on the light path.

Light: nerve, injury, course, strength and touch; no waveform is computed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tinel.calibration.cohorts import Cohort, Figure, Population
from tinel.calibration.measure import BEYOND, Measure
from tinel.calibration.patients import Stratum, strata
from tinel.case import Case
from tinel.cohort.person import Injured, courses, injure, plans
from tinel.course import Course
from tinel.errors import TinelError
from tinel.exam.examination import Examination, examine
from tinel.exam.laboratory import Laboratory
from tinel.exam.tests.strength import MRC_GRADE
from tinel.exam.tests.touch import FILAMENT, WORST, healthy_limit, healthy_marking
from tinel.nerve import Nerve

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]
Bools = NDArray[np.bool_]

BASE_d = 3.0  # day of the first examination where a population has no entry condition
SOONEST_d, LATEST_d, N_DAYS = 7.0, 730.0, 16  # days between which a mean day is looked for
MOST_TURNS = 6  # of drawing more patients where few of a group meet the entry condition
ENOUGH = 0.6  # fraction of the patients asked for that has to meet it
HARDLY = 0.05  # fraction of torn tubes that a grade of the whole nerve passes over
FULL = Measure("strength", BEYOND, "every", {"at_least": 5})
NUMB_AREA, S_GRADE = "numb area (firm touch)", "S grade"
TWO_POINT = "two points as an examiner finds them"
NUMB_FROM_mm2 = 100.0  # a square of the grids with which numb skin is mapped (PMID 9484376)


@dataclass(frozen=True)
class Computed:
    """One computed figure: ``value`` in percent, or in days for a mean day.

    ``n`` is the number of patients behind it, after the weights; ``sd`` the spread of a mean day.
    """

    value: float
    n: float
    sd: float = math.nan


@dataclass
class Followed:
    """Twins of one stratum under its plan, examined on the days that are asked for."""

    person: Injured
    course: Course
    laboratory: Laboratory
    _seen: dict[tuple[float, str], Examination] = field(default_factory=dict)

    def beyond(self, kind: str) -> tuple[str, ...]:
        """Names of the muscles (``motor``) or patches of skin (``sensory``) beyond the injury."""
        return beyond(self.person.nerve, self.person.lesion.present, kind)

    def values(self, test: str, quantity: str, names: Sequence[str], day: float) -> Floats:
        """What the test finds, ``(n_twin, n_name)``; names without such a value are left out."""
        key = (day, test)
        if key not in self._seen:
            limb = self.laboratory.limb(self.course, day)
            self._seen[key] = examine(limb, self.laboratory, [test])
        found = [self._seen[key].of(name, quantity) for name in names]
        columns = [one.values for one in found if one is not None]
        if not columns:
            raise TinelError(f"no {quantity} is examined on {', '.join(names) or 'this nerve'}")
        return np.stack(columns, axis=1)


def beyond(nerve: Nerve, present: Bools, kind: str) -> tuple[str, ...]:
    """Names of the targets whose fibres run through an injury.

    Args:
        nerve: with its fibres and targets.
        present: which fibres run through it, ``(n_fibre,)`` or ``(n_twin, n_fibre)``.
        kind: ``motor`` or ``sensory``.
    """
    through = present if present.ndim == 1 else present.any(axis=0)
    hit = set(nerve.fibres.target[through].tolist())
    return tuple(t.name for k, t in enumerate(nerve.targets) if k in hit and t.kind == kind)


def follow_stratum(stratum: Stratum, keys: Sequence[str], rows: Floats) -> Followed:
    """Injure and treat the twins of a stratum under several sets of parameters at once.

    Args:
        stratum: who they are, ``n`` twins.
        keys: of the free parameters.
        rows: their values, ``(n_row, n_key)``; the first ``n`` twins have the first row, and so on.
    """
    case, n = stratum.case, stratum.case.run.twins
    # a prior may be wider than what a user may set beside the value in use
    values = {
        case.parameters.number(key).key: np.repeat(rows[:, k], n) for k, key in enumerate(keys)
    }
    changed = {**case.parameters.changed, **values}
    case = replace(case, parameters=replace(case.parameters, changed=changed))
    person = injure(case, range(n * len(rows)))
    (course,) = courses(person, plans(case, person.nerve.twins.parameters)[-1:])
    return Followed(person, course, laboratory(case))


def laboratory(case: Case) -> Laboratory:
    """A laboratory without tables of waveforms."""
    above = case.parameters.scalar("exam.temperature.nerve_above_skin_C")
    return _laboratory(case.patient.limb_temperature_c + above)


@cache
def _laboratory(temperature_C: float) -> Laboratory:
    from tinel.cable.conduction.table import conduction
    from tinel.exam.test import known_tests
    from tinel.nerve.library import parameters

    table = conduction(temperature_C, parameters())
    return Laboratory(temperature_C, table, dict.fromkeys(known_tests(()), None))


def meets(rule: Measure, seen: Followed, day: float, base_d: float) -> Bools:
    """Which twins meet a rule on a day, ``(n_twin,)``.

    Args:
        rule: what has to be found.
        seen: the twins.
        day: days after the injury.
        base_d: day of the first examination, from which gains are counted.
    """
    if rule.test == "first sign":
        return _any_or_every(_gain(rule, seen, day, base_d) >= 1, rule.of)
    if rule.test == "no gain":
        return _any_or_every(_gain(rule, seen, day, base_d) < 1, "every")
    if rule.test in ("any deficit", "no deficit"):
        weak = _deficit(seen, day)
        return weak if rule.test == "any deficit" else ~weak
    bounds = rule.bounds
    if rule.test == "strength":
        names = _names(rule, seen, "motor")
        mrc = seen.values("strength", MRC_GRADE, names, day)
        ok = np.ones(mrc.shape, bool)
        if "at_least" in bounds:
            ok &= mrc >= bounds["at_least"]
        if "at_most" in bounds:
            ok &= mrc <= bounds["at_most"]
        if "more_than" in bounds:
            ok &= mrc > bounds["more_than"]
        if "rise" in bounds:
            ok &= mrc - seen.values("strength", MRC_GRADE, names, base_d) >= bounds["rise"]
        return _any_or_every(ok, rule.of)
    names = _names(rule, seen, "sensory")
    if rule.test == "touch":
        if "marking_below" in bounds:
            felt = seen.values("touch", FILAMENT, names, day)
            return _any_or_every(felt < bounds["marking_below"], rule.of)
        normal = (_by_filaments if "by" in bounds else _as_before)(seen, names, day)
        return _any_or_every(normal if bounds["normal"] else ~normal, rule.of)
    if rule.test == "numb area":
        area = seen.values("sensation", NUMB_AREA, names, day).sum(axis=1)
        return np.asarray((area >= NUMB_FROM_mm2) == bounds["left"])
    if rule.test == "two-point":
        apart = seen.values("sensation", TWO_POINT, names, day)
        return _any_or_every(apart <= bounds["at_most_mm"], rule.of)
    grade = seen.values("sensation", S_GRADE, _autonomous(seen, names), day)
    return _any_or_every(grade >= bounds["at_least"], rule.of)


def _names(rule: Measure, seen: Followed, kind: str) -> tuple[str, ...]:
    there = seen.beyond(kind)
    if isinstance(rule.where, str):
        return there
    own = {t.name for t in seen.person.nerve.targets}
    return tuple(n for n in rule.where if n in own) or there


def _autonomous(seen: Followed, patches: Sequence[str]) -> tuple[str, ...]:
    # S grades are read where the nerve alone supplies the finest skin, such as the tip of a finger
    known = {name: seen.person.nerve.target(name).two_point_mm for name in patches}
    finest = min((mm for mm in known.values() if mm), default=0.0)
    return tuple(name for name, mm in known.items() if mm == finest)


def _gain(rule: Measure, seen: Followed, day: float, base_d: float) -> Floats:
    names = _names(rule, seen, "motor")
    now, then = (seen.values("strength", MRC_GRADE, names, d) for d in (day, base_d))
    # a muscle that was full from the start has nothing to gain
    return np.where(then >= 5, 0.0, now - then)


def _deficit(seen: Followed, day: float) -> Bools:
    found = np.zeros(seen.person.nerve.n_twin, bool)
    if muscles := seen.beyond("motor"):
        found |= (seen.values("strength", MRC_GRADE, muscles, day) < 5).any(axis=1)
    if patches := seen.beyond("sensory"):
        # who examines a palsy looks for touch outside the limits of the healthy, in the middle
        found |= ~_by_filaments(seen, patches, day).all(axis=1)
    return found


def _as_before(seen: Followed, patches: Sequence[str], day: float) -> Bools:
    felt = seen.values("touch", WORST, patches, day)
    return felt <= healthy_marking(seen.person.nerve) + 1e-9


def _by_filaments(seen: Followed, patches: Sequence[str], day: float) -> Bools:
    felt = seen.values("touch", FILAMENT, patches, day)
    return felt <= healthy_limit(seen.person.nerve) + 1e-9


def _any_or_every(ok: Bools, of: str) -> Bools:
    return np.asarray(ok.any(axis=1) if of == "any" else ok.all(axis=1))


def compute(
    cohort: Cohort, name: str, keys: Sequence[str], rows: Floats, n_twin: int
) -> list[dict[int, Computed]]:
    """The computed figures of one population of a cohort, by their place among its figures.

    Args:
        cohort: with the population.
        name: of the population.
        keys: of the free parameters.
        rows: their values, ``(n_row, n_key)``; one row without a key for the numbers as they stand.
        n_twin: about how many patients to compute for each row; more are drawn where few are
            counted.

    Returns:
        The figures of each row; none where nobody was counted.

    Raises:
        TinelError: the population cannot be built, or nobody meets its entry condition in any row.
    """
    population = cohort.populations[name]
    figures = {
        k: f for k, f in enumerate(cohort.figures) if f.population == name and f.measure is not None
    }
    n_row, parts = len(rows), population.parts
    pieces: list[dict[int, list[tuple[Floats, Ints]]]] = [
        {k: [] for k in figures} for _ in range(n_row)
    ]
    fractions = np.array([part.fraction for part in parts])
    names = sorted({part.group for part in parts})
    member = np.array([[part.group == name for part in parts] for name in names])
    wanted = np.maximum(ENOUGH * n_twin * member @ fractions, 1.0)
    counted, drawn = np.zeros((n_row, len(parts))), np.zeros(len(parts))
    for turn in range(MOST_TURNS):
        few = np.any(counted @ member.T < wanted, axis=0) @ member  # groups without enough
        for stratum in _kept_strata(cohort, name, n_twin, turn):
            if not few[stratum.part]:
                continue
            seen = follow_stratum(stratum, keys, rows)
            chosen = _entered(population, stratum.part, seen).reshape(n_row, -1)
            counted[:, stratum.part] += chosen.sum(axis=1)
            drawn[stratum.part] += chosen.shape[1]
            for k, figure in figures.items():
                found = _values(figure, population, seen, stratum.treated_d).reshape(n_row, -1)
                for row in range(n_row):
                    values = found[row, chosen[row]]
                    pieces[row][k].append((values, np.full(len(values), stratum.part)))
    if not counted.any():
        raise TinelError("no twin meets the entry condition", f"{cohort.key}.{name}")
    # each twin stands for as many injured; then each group for its share of those counted
    weights = np.tile(fractions / drawn, (n_row, 1))
    meet = (counted * weights) @ member.T
    scale = np.divide(member @ fractions, meet, out=np.zeros_like(meet), where=meet > 0)
    weights = weights * (scale @ member)
    return [
        {k: _summed(figures[k], piece, weights[row]) for k, piece in each.items()}
        if counted[row].any()
        else {}
        for row, each in enumerate(pieces)
    ]


@cache
def _kept_strata(cohort: Cohort, name: str, n_twin: int, turn: int) -> list[Stratum]:
    population = cohort.populations[name]
    days = [f.day or LATEST_d for f in cohort.figures if f.population == name]
    end = max([*days, population.recovers_by_day or 0.0])
    return strata(f"{cohort.key}/{name}", population, n_twin, turn, end)


def _base_d(population: Population) -> float:
    return population.entry.day or BASE_d if population.entry else BASE_d


def _entered(population: Population, part: int, seen: Followed) -> Bools:
    n_twin, base_d = seen.person.nerve.n_twin, _base_d(population)
    chosen = np.ones(n_twin, bool)
    entry = population.parts[part].entry or population.entry
    if entry is not None:
        chosen &= meets(entry, seen, base_d, base_d)
    if population.recovers_by_day is not None:
        chosen &= meets(FULL, seen, population.recovers_by_day, base_d)
    if population.tubes_whole:
        lesion = seen.person.lesion
        torn = np.any([(one.sunderland_grade >= 3) & one.present for one in lesion.sites], axis=0)
        chosen &= torn.sum(axis=1) <= HARDLY * lesion.present.sum()
    return chosen


def _values(figure: Figure, population: Population, seen: Followed, treated_d: float) -> Floats:
    rule, base_d = figure.measure, _base_d(population)
    assert rule is not None
    if figure.mean_days is not None:
        return _first_day(rule, seen, base_d)
    assert figure.day is not None
    day = figure.day + treated_d
    if rule.test == "numb area" and rule.bounds.get("lost"):
        names = _names(rule, seen, "sensory")
        now, then = (
            seen.values("sensation", NUMB_AREA, names, d).sum(axis=1) for d in (day, base_d + 7.0)
        )
        return np.asarray(1.0 - now / np.maximum(then, NUMB_FROM_mm2))
    return meets(rule, seen, day, base_d).astype(np.float64)


def _first_day(rule: Measure, seen: Followed, base_d: float) -> Floats:
    # middle between the last day without and the first day with; nan where it never comes
    days = np.geomspace(SOONEST_d, LATEST_d, N_DAYS)
    ok = np.stack([meets(rule, seen, float(d), base_d) for d in days], axis=1)
    edges = np.concatenate([[base_d], days])
    first = ok.argmax(axis=1)
    return np.where(ok.any(axis=1), (edges[first] + edges[first + 1]) / 2, np.nan)


def _summed(figure: Figure, pieces: Sequence[tuple[Floats, Ints]], weight: Floats) -> Computed:
    values = np.concatenate([v for v, _ in pieces])
    weights = weight[np.concatenate([part for _, part in pieces])]
    known = np.isfinite(values)
    values, weights = values[known], weights[known]
    if weights.sum() == 0:
        return Computed(math.nan, 0.0)
    mean = float(values @ weights / weights.sum())
    n = float(weights.sum() ** 2 / (weights**2).sum())
    if figure.mean_days is not None:
        return Computed(mean, n, math.sqrt(float(((values - mean) ** 2) @ weights / weights.sum())))
    return Computed(100 * mean, n)
