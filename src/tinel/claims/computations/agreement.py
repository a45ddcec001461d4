"""Agreement of two tests beyond chance, from the figures a paper prints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

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

    @property
    def kappa_interval(self) -> tuple[float, float]:
        """The 95 % interval of kappa by its large-sample error.

        Source:
            Cohen 1960, doi:10.1177/001316446002000104.

        Example:
            >>> low, high = TwoByTwo(20, 5, 10, 15).kappa_interval
            >>> round(low, 2), round(high, 2)
            (0.15, 0.65)
        """
        observed = (self.both + self.neither) / self.n
        beyond_chance = (observed - self.kappa) / (1.0 - self.kappa)
        error = sqrt(observed * (1.0 - observed) / self.n) / (1.0 - beyond_chance)
        return self.kappa - 1.96 * error, self.kappa + 1.96 * error


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


def simulated_kappa(parameters: Parameters, people: str = "20", limit_mm2: str = "11") -> Computed:
    """Kappa of ultrasound and conduction in simulated carpal tunnels and healthy wrists.

    No claim names this one: it takes seconds for each person, and the page must stay quick.

    Args:
        parameters: the numbers in use.
        people: how many ill ones, and as many healthy ones.
        limit_mm2: area from which on ultrasound is abnormal.
    """
    from tinel.exam.accuracy.study import areas

    found = areas("tunnel", int(people), parameters)
    one = of_two(found.abnormal(float(limit_mm2)), found.conduction)
    what = (
        f"ultrasound from {limit_mm2} mm² on against conduction, {people} simulated carpal tunnels "
        f"and as many healthy wrists: Cohen's kappa (both abnormal {one.both}, ultrasound alone "
        f"{one.first}, conduction alone {one.second}, neither {one.neither})"
    )
    return Computed(what, one.kappa, "1", *one.kappa_interval, "95 % interval", 2 * int(people))


def of_two(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> TwoByTwo:
    """The table of two tests from who is abnormal by each, ``(n,)``.

    Example:
        >>> of_two(np.array([True, True, False]), np.array([True, False, False]))
        TwoByTwo(both=1, first=1, second=0, neither=1)
    """
    return TwoByTwo(
        int((first & second).sum()),
        int((first & ~second).sum()),
        int((~first & second).sum()),
        int((~first & ~second).sum()),
    )


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
