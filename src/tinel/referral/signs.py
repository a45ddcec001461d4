"""The signs that a case shows: from its words, its nerve and cause, and its findings."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from tinel.case import Case
from tinel.case.observed import Observed
from tinel.nerve.naming import plain
from tinel.referral.rules import SignRule, sign_rules
from tinel.referral.words import says

NORMAL_MRC = 5.0


def signs_of(case: Case, day: float) -> dict[str, str]:
    """Every sign of a case on a day, with what shows it.

    Args:
        case: the case; symptoms and findings of later days are left out.
        day: days after day 0.

    Example:
        >>> from tinel.case import load
        >>> sorted(signs_of(load("examples/cut.toml"), 0.0))
        ['sharp']
    """
    texts = [(f"symptom: {s.what}", s.what) for s in case.symptom if (s.day or 0.0) <= day]
    told = [case.cause.procedure, case.cause.story or ""]
    texts += [(f"cause: {text}", text) for text in told if text]
    acute = case.cause.acute.kind if case.cause.acute else ""
    found = dict(_measured(case, day))
    for name, rule in sign_rules().items():
        shown = next((where for where, text in texts if says(text, rule.words)), "")
        shown = shown or _named(rule, case.nerve.name, (case.cause.kind, acute))
        if shown and name not in found:
            found[name] = shown
    if "better" in found and any(says(text, ("worse", "worsen")) for _, text in texts):
        del found["better"]
    return found | dict(_composed(found))


def _named(rule: SignRule, nerve: str, causes: tuple[str, ...]) -> str:
    if plain(nerve) in rule.nerves:
        return f"nerve: {nerve}"
    return next((f"cause: {kind}" for kind in causes if kind in rule.causes), "")


def _composed(found: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Signs that are made of other signs; the file names a part before it names the whole."""
    known = dict(found)
    for name, rule in reversed(sign_rules().items()):
        parts = [part for part in rule.of if part in known]
        if rule.of and len(parts) >= rule.at_least:
            known[name] = known[parts[0]]
    yield from ((name, shown) for name, shown in known.items() if name not in found)


def _measured(case: Case, day: float) -> Iterator[tuple[str, str]]:
    """Weakness, palsy and change, from grades of strength and from amplitudes."""
    series: dict[tuple[str, ...], list[_Size]] = {}
    for key, one in sorted(_sizes(case, day), key=lambda pair: pair[1].day):
        series.setdefault(key, []).append(one)
    trends = set()
    for (_, quantity, *_), row in series.items():
        first, last = row[0], row[-1]
        strength = "mrc" in quantity or quantity in ("strength", "power")
        if strength and last.value < NORMAL_MRC:
            yield "weak", last.where
            if last.value == 0:
                yield "paralysed", last.where
        if strength or "amplitude" in quantity:
            if last.value < first.value:
                trends.add(("worse", last.where))
            elif last.value > first.value:
                trends.add(("better", last.where))
    names = {name for name, _ in trends}
    # what loses in one place gets worse, whatever another place gains
    yield from sorted(t for t in trends if t[0] == "worse" or "worse" not in names)


@dataclass(frozen=True)
class _Size:
    """A finding as one number: the middle of a range, and 0 for an absent response."""

    day: float
    value: float
    where: str


def _sizes(case: Case, day: float) -> Iterator[tuple[tuple[str, ...], _Size]]:
    """The findings up to a day that are sizes, by what they can be compared with."""
    read = {one.where: one for part in (case, *case.beside) for one in part.observed}
    for i, f in enumerate(case.finding, 1):
        if f.last_day > day:
            continue
        one = read.get(f"finding[{i}]")
        value = _size(one) if one else f.value if isinstance(f.value, float) else None
        if value is None or (one and one.side != "affected"):
            continue
        quantity = one.quantity.partition(" with ")[0] if one else f.quantity or ""
        place = f"{one.subject} {one.site}" if one else f.place or ""
        told = f.value if isinstance(f.value, str) else f"{f.value:g}"
        where = f"finding: {quantity} {told} on day {f.last_day:g}"
        compared = str(one.of_other_side) if one else ""
        key = (*map(plain, (one.test if one else f.test, quantity, place)), compared)
        yield key, _Size(f.last_day, value, where)


def _size(one: Observed) -> float | None:
    if one.state == "absent":
        return 0.0
    ends = [end for end in (one.low, one.high) if math.isfinite(end)]
    return sum(ends) / len(ends) if ends else None
