"""Published counts of patients, as the files of the calibration hold them.

The files are read here as they stand: a count needs no computation, only who was counted, when,
and how many of how many.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "calibration" / "published"
_NO_COHORTS = ("injuries", "people")  # files that hold what the patients are described with


@dataclass(frozen=True)
class Published:
    """One published count.

    Args:
        cohort: its key among the published cohorts.
        who: the patients in words.
        source: where it was published.
        counted: what was counted, in words.
        rule: the same as a rule in words, empty where it has none; alike for counts of one thing
            on several days.
        day: days after the injury, or after the first treatment.
        n, N: those who showed it, and all.
        nerves: that were hurt.
        causes: kinds of cause that the injury is taken for.
        treatments: that were done to the nerve; empty for waiting.
        age_years: ends of the range.
    """

    cohort: str
    who: str
    source: str
    counted: str
    rule: str
    day: float
    n: int
    N: int
    nerves: frozenset[str]
    causes: frozenset[str]
    treatments: tuple[str, ...]
    age_years: tuple[float, float]


@cache
def published_counts(folder: Path = FOLDER) -> tuple[Published, ...]:
    """Every published count with a day, numerator and denominator.

    Args:
        folder: with one TOML file per family of cohorts.

    Example:
        >>> one = next(p for p in published_counts() if p.cohort == "rad_vienna50" and p.day == 183)
        >>> one.n, one.N, sorted(one.nerves)
        (25, 50, ['radial'])
    """
    kinds = {name: one["kind"] for name, one in _tables(folder / "injuries.toml")["injury"].items()}
    found = list[Published]()
    for file in sorted(folder.glob("*.toml")):
        if file.stem not in _NO_COHORTS:
            for key, cohort in _tables(file)["cohort"].items():
                found += _counts(key, cohort, kinds)
    return tuple(found)


def _tables(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _counts(key: str, cohort: Mapping[str, Any], kinds: Mapping[str, str]) -> Iterator[Published]:
    for figure in cohort.get("figure", ()):
        people = cohort.get("population", {}).get(figure.get("population"))
        if people is None or not {"day", "n", "N"} <= figure.keys():
            continue
        hurt = [part for part in people["part"] if part["injury"] != "none"]
        young, old = people["age_years"]
        yield Published(
            cohort=key,
            who=cohort["who"],
            source=cohort["source"],
            counted=figure["counted"],
            rule=_rule(figure),
            day=float(figure["day"]),
            n=figure["n"],
            N=figure["N"],
            nerves=frozenset(part["nerve"] for part in hurt),
            causes=frozenset(kinds[part["injury"]] for part in hurt),
            treatments=tuple(
                dict.fromkeys(s["treatment"] for part in hurt for s in part.get("step", ()))
            ),
            age_years=(float(young), float(old)),
        )


def _rule(figure: Mapping[str, Any]) -> str:
    measure = figure.get("measure")
    return "" if measure is None else f"{figure['population']}: {sorted(measure.items())}"
