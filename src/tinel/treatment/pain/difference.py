"""Difference of two shares with its interval, from counts, from printed numbers or from a mean."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from tinel.evidence import Count

NORMAL = NormalDist()
Z = NORMAL.inv_cdf(0.975)


@dataclass(frozen=True)
class Difference:
    """Share on a remedy less share on placebo, -1 to 1, with the ends of its 95 % interval.

    Args:
        value: the difference.
        low, high: its interval.
        how: what it was computed from, for a reader.

    Example:
        >>> Difference(0.2, 0.1, 0.3, "the counts").nnt
        (5.0, 3.3333333333333335, 10.0)
    """

    value: float
    low: float
    high: float
    how: str

    @property
    def nnt(self) -> tuple[float, float, float] | None:
        """People to be treated for one more who answers; None where no effect is not excluded."""
        if self.low <= 0:
            return None
        return 1.0 / self.value, 1.0 / self.high, 1.0 / self.low


def from_counts(on_it: Count, on_placebo: Count) -> Difference:
    """The difference of two counts.

    Source:
        Newcombe 1998, Stat Med 17:873 (method 10): it holds where few or none answered.

    Example:
        >>> found = from_counts(Count(70, 132), Count(40, 133))
        >>> [round(number, 1) for number in found.nnt or ()]
        [4.4, 2.9, 9.0]
    """
    one, other = on_it.percent / 100.0, on_placebo.percent / 100.0
    one_low, one_high = _wilson(on_it)
    other_low, other_high = _wilson(on_placebo)
    value = one - other
    low = value - sqrt((one - one_low) ** 2 + (other_high - other) ** 2)
    high = value + sqrt((one_high - one) ** 2 + (other - other_low) ** 2)
    return Difference(value, low, high, "the counts of the trial")


def from_nnt(
    nnt: tuple[float, float, float], on_it: float | None, on_placebo: float | None
) -> Difference:
    """The difference that a printed number needed to treat means.

    Args:
        nnt: value, best and worst end as printed, above 0.
        on_it, on_placebo: printed shares where there are any; their difference is then the value.

    Example:
        >>> from_nnt((5.0, 4.0, 10.0), None, None).low
        0.1
    """
    printed = on_it is not None and on_placebo is not None
    value = on_it - on_placebo if on_it is not None and on_placebo is not None else 1.0 / nnt[0]
    how = "the printed shares" if printed else "the printed number needed to treat"
    return Difference(value, 1.0 / nnt[2], 1.0 / nnt[1], how)


def from_mean(points: tuple[float, float, float], spread: float, on_placebo: float) -> Difference:
    """The difference of shares that a mean difference of pain scores would bring.

    People's changes are taken to spread evenly about both means (normally, and by as much), so
    that a mean that moves carries more of them over the line of half the pain.

    Args:
        points: remedy less placebo on a scale of 0 to 10, with its interval; below 0 is less pain.
        spread: standard deviation of the changes, above 0.
        on_placebo: share that answers to placebo, between 0 and 1.

    Example:
        >>> found = from_mean((-1.0, -2.0, 0.0), 2.0, 0.2)
        >>> round(found.value, 2), found.low
        (0.17, 0.0)
    """
    line = NORMAL.inv_cdf(on_placebo)

    def more(mean: float) -> float:
        return NORMAL.cdf(line - mean / spread) - on_placebo

    value, most, least = points
    how = "the mean difference, carried over to shares (an assumption)"
    ends = sorted((more(least), more(most)))
    return Difference(more(value), round(ends[0], 12), ends[1], how)


def spread_of(points: float, on_it: float, on_placebo: float) -> float:
    """The spread of people's changes at which a mean difference and two shares agree.

    Example:
        >>> round(spread_of(-0.96, 0.445, 0.257), 2)
        1.87
    """
    return -points / (NORMAL.inv_cdf(on_it) - NORMAL.inv_cdf(on_placebo))


def _wilson(count: Count) -> tuple[float, float]:
    n, fraction = count.denominator, count.percent / 100.0
    middle = (fraction + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z * sqrt(fraction * (1 - fraction) / n + Z**2 / (4 * n**2)) / (1 + Z**2 / n)
    return middle - half, middle + half
