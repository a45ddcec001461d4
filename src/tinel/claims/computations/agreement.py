"""Agreement of two tests beyond chance, from the figures a paper prints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tinel.claims.computed import Computed
from tinel.claims.files import facts
from tinel.errors import TinelError
from tinel.evidence import Parameters


@dataclass(frozen=True)
class TwoByTwo:
    """Patients by two tests: both abnormal, only the first, only the second, neither.

    Example:
        >>> round(TwoByTwo(20, 5, 10, 15).kappa, 2)
        0.4
    """

    both: int
    first: int
    second: int
    neither: int

    @property
    def n(self) -> int:
        """All patients."""
        return self.both + self.first + self.second + self.neither

    @property
    def percentages(self) -> tuple[float, float, float, float, float]:
        """Of the first test against the second: sensitivity, specificity, both predictive values
        and accuracy, in percent."""
        return (
            100.0 * self.both / (self.both + self.second),
            100.0 * self.neither / (self.neither + self.first),
            100.0 * self.both / (self.both + self.first),
            100.0 * self.neither / (self.neither + self.second),
            100.0 * (self.both + self.neither) / self.n,
        )

    @property
    def kappa(self) -> float:
        """Agreement beyond chance: (observed - expected) / (1 - expected).

        Source:
            Cohen 1960, doi:10.1177/001316446002000104.
        """
        observed = (self.both + self.neither) / self.n
        abnormal = (self.both + self.first) * (self.both + self.second)
        normal = (self.neither + self.second) * (self.neither + self.first)
        expected = (abnormal + normal) / self.n**2
        return (observed - expected) / (1.0 - expected)


def ultrasound_kappa(parameters: Parameters) -> Computed:
    """Kappa of ultrasound and conduction from the table that the printed figures fix."""
    printed = [
        facts()[f"ultrasound_{name}"].amount
        for name in ("sensitivity", "specificity", "positive", "negative", "accuracy")
    ]
    fitting = list(tables(int(facts()["ultrasound_n"].amount), printed))
    if len(fitting) != 1:
        raise TinelError(f"{len(fitting)} tables fit the printed figures, not one")
    (one,) = fitting
    what = (
        "ultrasound against conduction in the article's reference: Cohen's kappa of the only "
        f"table that fits its printed figures (both abnormal {one.both}, ultrasound alone "
        f"{one.first}, conduction alone {one.second}, neither {one.neither})"
    )
    return Computed(what, one.kappa, "1")


def tables(n: int, printed: list[float], within: float = 0.1) -> Iterator[TwoByTwo]:
    """Every table of ``n`` patients with the printed percentages.

    Args:
        n: patients, 4 or more.
        printed: as ``TwoByTwo.percentages``.
        within: how far a percentage may lie from the printed one, which may be cut off.

    Example:
        >>> [table.both for table in tables(50, TwoByTwo(20, 5, 10, 15).percentages)]
        [20]
    """
    for ill in range(1, n):
        well = n - ill
        for both in range(1, ill + 1):
            if abs(100.0 * both / ill - printed[0]) > within:
                continue
            for neither in range(1, well + 1):
                found = TwoByTwo(both, well - neither, ill - both, neither)
                near = zip(found.percentages, printed, strict=True)
                if all(abs(a - b) <= within for a, b in near):
                    yield found
