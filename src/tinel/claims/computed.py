"""What a computation on a claim gives."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Computed:
    """One value that the program computed on a claim, at the time it was asked.

    Args:
        what: what was computed, in plain words.
        value: the result; nan where it does not exist.
        unit: its unit, such as ``%``, ``mm/month`` or ``1``.
        low, high: its interval; None where it has none.
        interval: what the interval is, such as ``90 % of twins``; empty without one.
        n_twin: how many virtual twins are behind it; 0 where none are.
        name: of the computation.

    Example:
        >>> Computed("growth", 36.0, "mm/month", 28.0, 46.0, "90 % of twins", 20).sentence
        'growth: 36 mm/month (90 % of twins: 28 to 46; 20 virtual twins)'
    """

    what: str
    value: float
    unit: str
    low: float | None = None
    high: float | None = None
    interval: str = ""
    n_twin: int = 0
    name: str = ""

    @property
    def sentence(self) -> str:
        """The value in one line."""
        unit = "" if self.unit == "1" else f" {self.unit}"
        few = bool(self.n_twin) and self.unit.startswith("%")
        notes = []
        if self.low is not None and self.high is not None:
            low, high = (_shown(end, few) for end in (self.low, self.high))
            notes.append(f"{self.interval}: {low} to {high}")
        if self.n_twin:
            notes.append(f"{self.n_twin} virtual twins")
        behind = f" ({'; '.join(notes)})" if notes else ""
        return f"{self.what}: {_shown(self.value, few)}{unit}{behind}"


def _shown(value: float, few: bool = False) -> str:
    """Three digits, and no power of ten; whole percent where ``few`` twins are behind it.

    >>> _shown(1284.0), _shown(0.00418), _shown(18.75, few=True), _shown(float("nan"))
    ('1284', '0.00418', '19', 'no such value')
    """
    if value != value:
        return "no such value"
    if few and abs(value) >= 1.0:
        return f"{value:.0f}"
    return f"{value:.0f}" if abs(value) >= 1000.0 else f"{value:.3g}"
