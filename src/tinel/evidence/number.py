"""What a number has to carry before Tinel may use it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from tinel.errors import TinelError

GRADES = {
    "read": "human value, read in the source or its abstract",
    "secondary": "human value, read in another author's report of the source",
    "animal": "animal value; nothing says it transfers to people",
    "unverified": "widely quoted, but the source was not read",
    "assumption": "nobody has measured it; chosen here, with a stated range",
    "calibrated": "chosen here so that a published value elsewhere is met",
}
# How far a value may be moved by hand where its entry does not say.
WIDEST_FACTOR = 10.0


@dataclass(frozen=True)
class Number:
    """One number with its unit, spread, species, source and evidence grade.

    ``sd`` is the spread between people or animals; ``low`` and ``high`` bound the plausible
    range (a 90 % interval where the source allows one). A missing spread is ``None``. ``least``
    and ``most`` bound what may be set by hand; where None, see ``allowed``.

    Raises:
        TinelError: the evidence grade is not one of ``GRADES``, or the range does not hold the
            value (nan lies in none).

    Example:
        >>> Number("k", 1.4, "mm/day", sd=0.1, evidence_grade="read").value
        1.4
    """

    key: str
    value: float
    unit: str
    sd: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    species: str = "human"
    source: str = ""
    evidence_grade: str = "assumption"
    note: str = ""
    least: float | None = None
    most: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", float(self.value))
        if self.evidence_grade not in GRADES:
            told = f"evidence_grade is '{self.evidence_grade}' (allowed: {', '.join(GRADES)})"
            raise TinelError(told, self.key)
        low = float("-inf") if self.low is None else self.low
        high = float("inf") if self.high is None else self.high
        if not low <= self.value <= high:  # also refuses nan
            raise TinelError(f"{self.key}: {self.value} lies outside {low:g} to {high:g}")

    @property
    def spread(self) -> str:
        """The spread in words, e.g. ``± 0.1`` or ``0.5 to 3``."""
        if self.sd is not None:
            return f"± {self.sd:g}"
        if self.low is not None and self.high is not None:
            return f"{self.low:g} to {self.high:g}"
        return ""

    @property
    def allowed(self) -> tuple[float, float]:
        """Least and most that may be set by hand.

        ``least`` and ``most`` where the entry states them; otherwise a tenth to ten times the value
        (and the plausible range, where that is wider), with the value's sign.

        Example:
            >>> Number("k", 1.5, "mm/day", low=0.0, high=3.0).allowed
            (0.0, 15.0)
        """
        near, far = self.value / WIDEST_FACTOR, self.value * WIDEST_FACTOR
        ends = [near, far, *(end for end in (self.low, self.high) if end is not None)]
        least = min(ends) if self.least is None else self.least
        return least, max(ends) if self.most is None else self.most

    def checked(self, given: Any) -> float:
        """A value for this number, from a number in its unit or a text with a unit.

        Raises:
            TinelError: no finite number, of another dimension, or outside ``allowed``.

        Example:
            >>> Number("k", 1.5, "mm/day").checked("0.2 cm/day")
            2.0
        """
        from tinel.declare.quantity import number

        unit = "" if self.unit == "1" else self.unit
        least, most = self.allowed
        value = number(given, unit, least, most)
        if not math.isfinite(value):
            raise TinelError(f"{given!r} is not a finite number")
        return value
