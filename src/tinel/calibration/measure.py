"""What a paper counted, as a rule that a virtual patient meets or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tinel.errors import TinelError, suggest

# Tests that a rule may name, with the keys each may have.
_KEYS: dict[str, set[str]] = {
    "strength": {"muscles", "of", "at_least", "at_most", "more_than", "rise", "day"},
    "first sign": {"muscles", "of"},
    "no gain": {"muscles"},
    "touch": {"skin", "of", "normal", "by", "marking_below", "day"},
    "numb area": {"skin", "lost", "left"},
    "two-point": {"skin", "at_most_mm"},
    "S grade": {"skin", "at_least"},
    "any deficit": {"day"},
    "no deficit": set(),
}
BEYOND = "beyond"
FILAMENTS = "filaments"  # touch within the limits of healthy people


@dataclass(frozen=True)
class Measure:
    """One rule: a test, where it looks, and what has to be found there.

    Args:
        test: ``strength`` (MRC grade), ``first sign`` (a grade gained since the entry), ``no
            gain`` (its opposite), ``touch`` (finest filament), ``numb area``, ``two-point``, ``S
            grade``, ``any deficit`` or ``no deficit`` (strength and touch together).
        where: names of muscles or patches of skin, or ``beyond`` for all beyond the injury. Names
            that a nerve lacks are left out; where it has none of them, ``beyond`` holds.
        of: ``every`` of them has to meet the rule, or ``any``.
        bounds: the other keys: ``at_least``, ``at_most``, ``more_than``, ``rise`` (grades), or
            ``normal`` (as before, in every part; ``by`` filaments: within healthy limits, in the
            middle), ``marking_below``, ``lost``, ``left``, ``at_most_mm``.
        day: of an entry condition, days after the injury; None for a figure, which has its own.

    Example:
        >>> measure_of({"test": "strength", "muscles": "beyond", "of": "every", "at_least": 5}, "")
        Measure(test='strength', where='beyond', of='every', bounds={'at_least': 5}, day=None)
    """

    test: str
    where: str | tuple[str, ...]
    of: str
    bounds: Mapping[str, Any]
    day: float | None = None


def measure_of(table: Mapping[str, Any], where: str) -> Measure:
    """The rule of a table in a cohort's file.

    Args:
        table: its keys.
        where: place for errors.

    Raises:
        TinelError: an unknown test or key.
    """
    test = table.get("test", "")
    if test not in _KEYS:
        raise TinelError(f"no test '{test}' for a rule", f"{where}.test", suggest(test, _KEYS))
    for key in table:
        if key != "test" and key not in _KEYS[test]:
            raise TinelError(f"'{key}' has no meaning for {test}", where, suggest(key, _KEYS[test]))
    if table.get("by", FILAMENTS) != FILAMENTS:
        raise TinelError(f"'by' is '{table['by']}' (allowed: {FILAMENTS})", f"{where}.by")
    subjects = table.get("muscles", table.get("skin", BEYOND))
    bounds = {k: v for k, v in table.items() if k not in ("test", "muscles", "skin", "of", "day")}
    return Measure(
        test=test,
        where=subjects if isinstance(subjects, str) else tuple(subjects),
        of=table.get("of", "every"),
        bounds=bounds,
        day=float(table["day"]) if "day" in table else None,
    )
