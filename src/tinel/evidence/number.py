"""What a number has to carry before Tinel may use it."""

from __future__ import annotations

from dataclasses import dataclass

GRADES = {
    "read": "human value, read in the source or its abstract",
    "secondary": "human value, read in another author's report of the source",
    "animal": "animal value; nothing says it transfers to people",
    "unverified": "widely quoted, but the source was not read",
    "assumption": "nobody has measured it; chosen here, with a stated range",
    "calibrated": "chosen here so that a published value elsewhere is met",
}


@dataclass(frozen=True)
class Number:
    """One number with its unit, spread, species, source and grade.

    ``sd`` is the spread between people or animals; ``low`` and ``high`` bound the plausible
    range (a 90 % interval where the source allows one). A missing spread is ``None``.

    Raises:
        ValueError: the grade is not one of ``GRADES``, or the range does not hold the value (nan
            lies in none).

    Example:
        >>> Number("k", 1.4, "mm/day", sd=0.1, grade="read", source="Seddon 1943").value
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
    grade: str = "assumption"
    note: str = ""

    def __post_init__(self) -> None:
        if self.grade not in GRADES:
            raise ValueError(f"{self.key}: grade {self.grade!r}; legal: {', '.join(GRADES)}")
        low = float("-inf") if self.low is None else self.low
        high = float("inf") if self.high is None else self.high
        if not low <= self.value <= high:  # also refuses nan
            raise ValueError(f"{self.key}: {self.value} lies outside {low:g} to {high:g}")

    @property
    def spread(self) -> str:
        """The spread in words, e.g. ``± 0.1`` or ``0.5 to 3``."""
        if self.sd is not None:
            return f"± {self.sd:g}"
        if self.low is not None and self.high is not None:
            return f"{self.low:g} to {self.high:g}"
        return ""
