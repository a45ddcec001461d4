"""Reading one step of an arm, as it stands in a case file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from tinel import evidence
from tinel.errors import TinelError, suggest
from tinel.treatment.plan import Intervention

Step = Mapping[str, Any]

BOUNDS = ("value", "low", "high")


@dataclass(frozen=True)
class Treatment:
    """One step, read: what it does at its value and at both ends of its range, and what is known.

    ``low`` holds the interventions with the least help, ``high`` with the most.
    ``evidence_grade`` is that of the effect, empty where nothing is done.
    """

    value: tuple[Intervention, ...]
    low: tuple[Intervention, ...]
    high: tuple[Intervention, ...]
    evidence_grade: str
    says: str
    evidence: tuple[str, ...]


def check_fields(step: Step, legal: tuple[str, ...]) -> None:
    """Refuse a field that this treatment does not know.

    Raises:
        TinelError: an unknown field, with the one that was probably meant.

    Example:
        >>> check_fields({"treatment": "neurolysis", "day": 180}, ("day",))
    """
    for name in step:
        if name not in ("treatment", *legal):
            raise TinelError(
                f"{step['treatment']} has no field '{name}'", advice=suggest(name, list(legal))
            )


def days(step: Step) -> tuple[float, ...]:
    """The days of a step, from ``day`` or ``days``, in order.

    Raises:
        TinelError: none or both given, not a number, or outside 0 to 7300.

    Example:
        >>> days({"treatment": "neurolysis", "day": 180})
        (180.0,)
    """
    if ("day" in step) == ("days" in step):
        raise TinelError(f"{step['treatment']} needs 'day' or 'days', one of the two")
    given = [step["day"]] if "day" in step else step["days"]
    if not isinstance(given, list | tuple) or not given:
        raise TinelError(f"{step['treatment']}: days is {given!r}; legal: a list such as [60, 150]")
    read = [number({**step, "day": day}, "day", 0.0, 7300.0, "days") for day in given]
    return tuple(sorted(read))


def number(step: Step, field: str, low: float, high: float, unit: str) -> float:
    """A number of a step.

    Raises:
        TinelError: missing, not a number, or outside ``low`` to ``high``.

    Example:
        >>> number({"treatment": "graft", "gap_mm": 40}, "gap_mm", 1, 200, "mm")
        40.0
    """
    if field not in step:
        raise TinelError(f"{step['treatment']} needs '{field}' ({low:g} to {high:g} {unit})")
    given = step[field]
    real = isinstance(given, int | float) and not isinstance(given, bool) and isfinite(given)
    if not real or not low <= given <= high:
        raise TinelError(
            f"{step['treatment']}: {field} is {given!r}; legal: {low:g} to {high:g} {unit}"
        )
    return float(given)


def yes_or_no(step: Step, field: str, otherwise: bool) -> bool:
    """A true or false of a step.

    Raises:
        TinelError: neither true nor false.

    Example:
        >>> yes_or_no({"treatment": "hydrodissection"}, "platelets", otherwise=False)
        False
    """
    given = step.get(field, otherwise)
    if not isinstance(given, bool):
        raise TinelError(f"{step['treatment']}: {field} is {given!r}; legal: true, false")
    return given


def bound(key: str, which: str, more_helps: bool) -> float:
    """A number's value, or the end of its range with the least (low) or most (high) help.

    Example:
        >>> bound("treatment.hydrodissection.pressure_factor", "high", more_helps=False)
        0.8
    """
    found = evidence.number(key)
    if which == "value":
        return found.value
    end = found.high if (which == "high") == more_helps else found.low
    return found.value if end is None else end
