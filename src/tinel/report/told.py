"""The symptoms that a case states, set against what its twins show."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tinel.case import Symptom
from tinel.declare.quantity import shown_day
from tinel.referral.words import says
from tinel.report.figure import Table, table
from tinel.report.hurt_parts import first_hurt, muscles, of_100
from tinel.result import Result

FEW = 0.25  # of the twins; a symptom that fewer still show is said to be unlike most of them
LEAST = 0.05  # of the twins; where fewer show what is told, it is said to contradict the forecast
ANSWERS = {"yes": "agrees", "no": "contradicts the forecast"}
NOT_COMPUTED = "not computed"
NO_SUCH_MUSCLE = (
    "contradicts the story: no such muscle has fibres through this injury, so pain, another nerve "
    "or another cause has to explain it"
)
_CLAUSE = re.compile(r"[,;:.\n]+")


@dataclass(frozen=True)
class SaidRule:
    """Words, and the computed quantity that they are set against, with its bound."""

    words: tuple[str, ...]
    means: str
    quantity: str = ""
    movements: tuple[str, ...] = ()
    at_least: float | None = None
    at_most: float | None = None
    below: float | None = None
    all: bool = False

    def holds(self, values: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether values meet the bound, in the shape of ``values``."""
        if self.at_least is not None:
            return np.asarray(values >= self.at_least)
        if self.below is not None:
            return np.asarray(values < self.below)
        return np.asarray(values <= (np.inf if self.at_most is None else self.at_most))


@dataclass(frozen=True)
class Told:
    """One thing told of a symptom, and what the twins say to it.

    ``at_worst`` and ``at_end`` are in words, empty where nothing was compared; ``agreement`` is
    ``yes``, ``early`` where few are still so at the end, ``no``, or empty.
    """

    text: str
    means: str
    at_worst: str
    at_end: str
    answer: str
    agreement: Literal["yes", "early", "no", ""] = ""
    day_told: bool = False


def told_symptoms(result: Result) -> tuple[Told, ...]:
    """Every symptom of the case, clause by clause; what is not understood is said to be so."""
    return tuple(one for symptom in result.case.symptom for one in _of_symptom(result, symptom))


def told_table(found: Sequence[Told], done: str = "wait") -> Table | None:
    """The symptoms as told, beside the twins; None where the case states none.

    Args:
        found: from ``told_symptoms``.
        done: name of the arm that was carried out.
    """
    if not found:
        return None
    head = ("told", "set against", "twins at their worst", "twins at the end", "so")
    rows = [[t.text, t.means, t.at_worst, t.at_end, t.answer] for t in found]
    return table(f"Symptoms as told, beside the twins: {done}", head, rows, wide=True)


@cache
def said_rules() -> tuple[SaidRule, ...]:
    """Every entry of ``told_words.toml``, in its order.

    Example:
        >>> said_rules()[0].at_most
        2
    """
    text = resources.files("tinel.report").joinpath("told_words.toml").read_text(encoding="utf-8")
    return tuple(SaidRule(**_frozen(item)) for item in tomllib.loads(text)["said"])


def _frozen(item: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(v) if isinstance(v, list) else v for key, v in item.items()}


def _of_symptom(result: Result, symptom: Symptom) -> list[Told]:
    found: dict[tuple[str, tuple[str, ...]], SaidRule] = {}
    understood = set()
    clauses = [part.strip() for part in _CLAUSE.split(symptom.what) if part.strip()]
    for rule in said_rules():
        meant = [clause for clause in clauses if says(clause, rule.words)]
        understood.update(meant)
        if meant:
            # of two that ask for the same quantity the stricter stands first in the file
            found.setdefault((rule.quantity or rule.means, rule.movements), rule)
    told = [_compared(result, symptom, rule) for rule in found.values()]
    unknown = [clause for clause in clauses if clause not in understood]
    if unknown:
        words = "; ".join(f"“{clause}”" for clause in unknown)
        answer = f"not understood, and set against nothing: {words}"
        told.append(Told(symptom.what, "", "", "", answer))
    return told


def _compared(result: Result, symptom: Symptom, rule: SaidRule) -> Told:
    if not rule.quantity:
        return Told(symptom.what, rule.means, "", "", NOT_COMPUTED)
    shown = _shown(result, rule)
    if shown is None:
        return Told(symptom.what, rule.means, "none", "none", NO_SUCH_MUSCLE, "no")
    fraction = shown.mean(axis=0)
    after = min(first_hurt(result), shown.shape[1] - 1)
    worst = after + int(fraction[after:].argmax())
    day, end = symptom.day, shown_day(result.days[-1])
    agreement: Literal["yes", "early", "no"]
    if day is not None:
        k = max(int(np.searchsorted(result.days, day, side="right")) - 1, 0)
        agreement = "yes" if fraction[k] >= LEAST else "no"
        answer = f"{of_100(shown[:, k])} show it on day {shown_day(day)}: {ANSWERS[agreement]}"
    elif fraction[worst] < LEAST:
        agreement, answer = "no", ANSWERS["no"]
    elif fraction[-1] < FEW:
        agreement, answer = "early", _fades(shown, worst, result.days)
    else:
        agreement, answer = "yes", ANSWERS["yes"]
    return Told(
        symptom.what,
        rule.means,
        f"{of_100(shown[:, worst])}, day {shown_day(result.days[worst])}",
        f"{of_100(shown[:, -1])}, day {end}",
        answer,
        agreement,
        day is not None,
    )


def _fades(shown: NDArray[np.bool_], worst: int, days: Sequence[float]) -> str:
    """When few are still so, and what it says of someone who is."""
    few = shown.mean(axis=0) < FEW
    last_many = max(k for k in range(len(days)) if not few[k]) if not few.all() else worst
    since = shown_day(days[min(last_many + 1, len(days) - 1)])
    return (
        f"{of_100(shown[:, worst])} at worst (day {shown_day(days[worst])}), fewer than "
        f"{100 * FEW:.0f} from day {since} on, {of_100(shown[:, -1])} on day "
        f"{shown_day(days[-1])}; who is still so fares worse than most"
    )


def _shown(result: Result, rule: SaidRule) -> NDArray[np.bool_] | None:
    """In which twins it holds, ``(n_twin, n_day)``; None where no such muscle is there."""
    if rule.quantity != "MRC grade":
        return rule.holds(result.twins(result.case.done, rule.quantity))
    nerve = result.healthy.limb.nerve
    names = [
        name
        for name in muscles(result)
        if not rule.movements or nerve.target(name).movement in rule.movements
    ]
    if not names:
        return None
    each = [rule.holds(result.twins(result.case.done, rule.quantity, name)) for name in names]
    return np.asarray(np.all(each, axis=0) if rule.all else np.any(each, axis=0))
