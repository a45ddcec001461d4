"""Published cohorts: who the patients were, what was counted, and for what the count is used."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tinel.calibration.measure import Measure, measure_of
from tinel.errors import TinelError
from tinel.evidence import Count

FOLDER = Path(__file__).parent / "published"
_SHARED = ("injuries", "people")  # files that hold what populations name
ROLES = ("fit", "predict")
CUT = "cut"  # the injury that always gives a palsy
READ = ("abstract", "page", "second hand")


@dataclass(frozen=True)
class Hurt:
    """An injury and its place.

    ``between`` are the landmarks that bound its upper end (None where the whole branch is
    possible); ``length_mm`` replaces the injury's own.
    """

    injury: str
    branch: str | None = None
    between: tuple[str, str] | None = None
    length_mm: tuple[float, float] | None = None


@dataclass(frozen=True)
class Part:
    """A part of the patients with one nerve, place, injury and treatment.

    ``fraction`` is that of the patients. How many nerves were cut, how many palsies were severe,
    how many had a ``second`` injury of the same nerve at another place, and what else is ``told``
    holds of those counted: such a ``group`` keeps its share among them.
    How others divide between pull and pressure nobody told; that is a fraction of the injured, of
    whom some meet the entry condition. ``between`` are the landmarks that bound the upper end of
    the injury (None where the whole branch is possible); ``length_mm`` replaces the injury's own;
    ``steps`` are treatments as in a case file, with ``[low, high]`` for what is spread; ``entry``
    replaces that of the population.
    """

    fraction: float
    nerve: str
    injury: str
    branch: str | None = None
    between: tuple[str, str] | None = None
    length_mm: tuple[float, float] | None = None
    steps: tuple[Mapping[str, Any], ...] = ()
    entry: Measure | None = None
    told: bool = False
    second: Hurt | None = None

    @property
    def first(self) -> Hurt:
        """The injury, or the first of two."""
        return Hurt(self.injury, self.branch, self.between, self.length_mm)

    @property
    def group(self) -> str:
        """What is told of the patients of this part: injury, a second one, own entry condition."""
        injury = self.injury if self.told or self.injury == CUT else ""
        return f"{injury} {self.entry}{' twice' if self.second else ''}"


@dataclass(frozen=True)
class Population:
    """Patients as a paper describes them, as a spread of cases.

    Args:
        why: the reason for the choice, in words.
        age_years: ends of the range, evenly filled.
        male: fraction of men.
        parts: fractions add up to 1.
        entry: what a patient had to show to be counted; None for all of the injured.
        recovers_by_day: only those are counted who have full strength by that day.
        tubes_whole: only those are counted in whom hardly a tube is torn (Sunderland 1 and 2).
    """

    why: str
    age_years: tuple[float, float]
    male: float
    parts: tuple[Part, ...]
    entry: Measure | None = None
    recovers_by_day: float | None = None
    tubes_whole: bool = False


@dataclass(frozen=True)
class Figure:
    """One published number.

    Args:
        counted: what was counted, in words.
        day: days after the injury, or after the first treatment, at which it is computed.
        n, N: those who showed it, and all.
        percent: where no n is printed.
        mean_days, sd_days: of the day on which the rule was first met, where that is published.
        population: name of the patients counted.
        measure: what is counted, as a rule; None where it cannot be computed.
        not_modelled: why not.
        reading: how words of the paper were read, such as a day that it does not tell.
        inferred: n or N was worked out from a printed percentage.
        day_as_told: the day in the words of the paper.
        as_told: the result in the words of the paper, where it is no count.
    """

    counted: str
    day: float | None = None
    n: int | None = None
    N: int | None = None
    percent: float | None = None
    mean_days: float | None = None
    sd_days: float | None = None
    population: str | None = None
    measure: Measure | None = None
    not_modelled: str | None = None
    reading: str | None = None
    inferred: bool = False
    day_as_told: str | None = None
    as_told: str | None = None

    @property
    def published_percent(self) -> float | None:
        """The percentage that the paper gives."""
        if self.percent is not None:
            return self.percent
        return 100 * self.n / self.N if self.n is not None and self.N else None

    @property
    def interval_percent(self) -> tuple[float, float] | None:
        """The exact 95 % interval of the percentage; None without a known number of patients.

        Example:
            >>> low, high = Figure("gone", n=13, N=15).interval_percent
            >>> round(low), round(high)
            (60, 98)
        """
        if not self.N or self.published_percent is None:
            return None
        n = self.n if self.n is not None else round(self.published_percent * self.N / 100)
        return Count(n, self.N).interval_percent


@dataclass(frozen=True, eq=False)
class Cohort:
    """Patients of one paper; ``role`` is ``fit`` or ``predict``, decided before any run.

    Cohorts of one ``centre`` have one role, unless ``seen_in`` says otherwise. ``seen_in`` says
    where a predicted cohort was not kept apart: in a fitted pool or centre, or behind a number of
    the evidence; empty where it was. ``note`` says what was changed or is special about it, and
    ``not_modelled`` why none of it is computed.
    """

    key: str
    family: str
    who: str
    source: str
    read: str
    role: str | None
    populations: Mapping[str, Population]
    figures: tuple[Figure, ...]
    centre: str | None = None
    not_modelled: str | None = None
    note: str | None = None
    seen_in: str = ""


def published_cohorts(folder: Path = FOLDER) -> tuple[Cohort, ...]:
    """Every published cohort, family by family.

    Args:
        folder: with one TOML file per family.

    Raises:
        TinelError: a key that is given twice, a rule or role that does not exist, a figure with
            neither rule nor reason, or fractions that do not add up to 1.

    Example:
        >>> {c.role for c in published_cohorts() if not c.not_modelled} == {"fit", "predict"}
        True
    """
    found: dict[str, Cohort] = {}
    for file in sorted(folder.glob("*.toml")):
        if file.stem in _SHARED:
            continue
        for key, table in tomllib.loads(file.read_text(encoding="utf-8"))["cohort"].items():
            if key in found:
                raise TinelError(f"cohort '{key}' is given twice", file.name)
            found[key] = _cohort(key, file.stem, table)
    _check_centres(found)
    return tuple(found.values())


def _cohort(key: str, family: str, table: Mapping[str, Any]) -> Cohort:
    where = f"{family}.toml: {key}"
    role, reason = table.get("role"), table.get("not_modelled")
    if (role is None and reason is None) or (role is not None and role not in ROLES):
        raise TinelError(f"role is '{role}' (allowed: {', '.join(ROLES)})", where)
    if table["read"] not in READ:
        raise TinelError(f"read is '{table['read']}' (allowed: {', '.join(READ)})", where)
    populations = {
        name: _population(one, f"{where}.{name}")
        for name, one in table.get("population", {}).items()
    }
    figures = tuple(_figures(table, populations, reason, where))
    return Cohort(
        key=key,
        family=family,
        populations=populations,
        figures=figures,
        role=role,
        not_modelled=reason,
        who=table["who"],
        source=table["source"],
        read=table["read"],
        centre=table.get("centre"),
        note=table.get("note"),
        seen_in=table.get("seen_in", ""),
    )


def _population(table: Mapping[str, Any], where: str) -> Population:
    parts = tuple(_part(one, where) for one in table["part"])
    total = sum(part.fraction for part in parts)
    if abs(total - 1.0) > 1e-6:
        raise TinelError(f"fractions add up to {total:g} (allowed: 1)", where)
    young, old = table["age_years"]
    return Population(
        why=table["why"],
        age_years=(float(young), float(old)),
        male=float(table["male"]),
        parts=parts,
        entry=measure_of(table["entry"], f"{where}.entry") if "entry" in table else None,
        recovers_by_day=table.get("recovers_by_day"),
        tubes_whole=table.get("tubes_whole", False),
    )


def _part(table: Mapping[str, Any], where: str) -> Part:
    first = _hurt(table)
    return Part(
        fraction=float(table["fraction"]),
        nerve=table["nerve"],
        injury=first.injury,
        branch=first.branch,
        between=first.between,
        length_mm=first.length_mm,
        second=_hurt(table["second"]) if "second" in table else None,
        steps=tuple(table.get("step", ())),
        entry=measure_of(table["entry"], f"{where}.entry") if "entry" in table else None,
        told=table.get("told", False),
    )


def _hurt(table: Mapping[str, Any]) -> Hurt:
    between, length = table.get("between"), table.get("length_mm")
    return Hurt(
        injury=table["injury"],
        branch=table.get("branch"),
        between=(between[0], between[1]) if between else None,
        length_mm=(float(length[0]), float(length[1])) if length else None,
    )


def _figures(
    table: Mapping[str, Any], populations: Mapping[str, Population], reason: str | None, where: str
) -> Iterator[Figure]:
    for k, one in enumerate(table.get("figure", ()), 1):
        here = f"{where}.figure[{k}]"
        given = dict(one)
        rule = given.pop("measure", None)
        if rule is None and not reason and not given.get("not_modelled"):
            raise TinelError("has neither a measure nor a reason", here)
        if rule is not None and given.get("population") not in populations:
            raise TinelError(f"no population '{given.get('population')}'", here)
        figure = Figure(measure=measure_of(rule, f"{here}.measure") if rule else None, **given)
        if figure.n is not None and figure.N is not None and figure.n > figure.N:
            raise TinelError(f"{figure.n} of {figure.N}", here)
        yield figure


def _check_centres(cohorts: Mapping[str, Cohort]) -> None:
    roles: dict[str, str | None] = {}
    for cohort in cohorts.values():
        if not cohort.centre or cohort.seen_in:
            continue
        if roles.setdefault(cohort.centre, cohort.role) != cohort.role:
            told = f"cohorts of {cohort.centre} have two roles (allowed: one)"
            raise TinelError(told, f"{cohort.family}.toml: {cohort.key}")
