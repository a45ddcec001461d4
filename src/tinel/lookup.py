"""Answers of ``tinel evidence KEY``: a number in full, a list, or the subjects there are."""

from __future__ import annotations

from collections import Counter
from difflib import get_close_matches

from tinel.errors import TinelError
from tinel.evidence import GRADES, Number
from tinel.nerve.library import parameters


def found(key: str) -> list[Number]:
    """The number of that key, or all whose keys begin like it, sorted; all for an empty key.

    Raises:
        TinelError: nothing begins like it; suggests the nearest keys.

    Example:
        >>> [number.unit for number in found("course.growth.rate")]
        ['mm/day']
    """
    every = parameters().numbers
    keys = [key] if key in every else sorted(k for k in every if k.startswith(key))
    if not keys:
        subjects = sorted({k.split(".")[0] for k in every})
        near = get_close_matches(key, every, n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(near)}? " if near else ""
        message = f"no number has a key that begins with '{key}'"
        raise TinelError(message, advice=f"{hint}subjects: {', '.join(subjects)}")
    return [every[k] for k in keys]


def as_text(key: str, numbers: list[Number]) -> str:
    """What a terminal shows: one number in full, several as a list, without a key the subjects."""
    if not key:
        counts = Counter(number.key.split(".")[0] for number in numbers)
        lines = [f"{subject:16} {count} numbers" for subject, count in sorted(counts.items())]
        return "\n".join([*lines, "see one with: tinel evidence SUBJECT"])
    if len(numbers) == 1:
        return _in_full(numbers[0])
    wide = max(len(number.key) for number in numbers)
    return "\n".join(f"{n.key:{wide}}  {_amount(n)}  [{n.evidence_grade}]" for n in numbers)


def _amount(number: Number) -> str:
    spread = f" ({number.spread})" if number.spread else ""
    unit = "" if number.unit == "1" else f" {number.unit}"
    return f"{number.value:g}{unit}{spread}".replace(" (± ", " (±")


def _in_full(number: Number) -> str:
    lines = [number.key, f"  value    {_amount(number)}"]
    people = f", n = {number.n}" if number.n is not None else ""
    lines.append(f"  species  {number.species}{people}")
    lines.append(f"  grade    {number.evidence_grade}: {GRADES[number.evidence_grade]}")
    lines.append(f"  source   {number.source or 'none'}")
    least, most = number.allowed
    unit = "" if number.unit == "1" else f" {number.unit}"
    lines.append(f"  allowed  {least:g} to {most:g}{unit} (to be changed by --set or [set])")
    if number.note:
        lines.append(f"  note     {number.note}")
    return "\n".join(lines)
