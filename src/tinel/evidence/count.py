"""How many of how many, with the exact interval that follows from the two."""

from __future__ import annotations

from dataclasses import dataclass

from tinel.errors import TinelError


@dataclass(frozen=True)
class Count:
    """A published count: ``numerator`` people (or nerves, limbs) of ``denominator``.

    Raises:
        TinelError: fewer than none, none of none, or more than all.

    Example:
        >>> seen = Count(13, 26)
        >>> seen.percent, [round(edge) for edge in seen.interval_percent]
        (50.0, [30, 70])
    """

    numerator: int
    denominator: int

    def __post_init__(self) -> None:
        if not (self.denominator > 0 and 0 <= self.numerator <= self.denominator):
            told = f"{self.numerator} of {self.denominator} is no count"
            raise TinelError(f"{told} (allowed: 0 up to the second, which is 1 or more)")

    @property
    def percent(self) -> float:
        """The share, 0 to 100."""
        return 100.0 * self.numerator / self.denominator

    @property
    def interval_percent(self) -> tuple[float, float]:
        """The exact 95 % interval of the share, 0 to 100.

        Source:
            Clopper & Pearson 1934, doi:10.1093/biomet/26.4.404.
        """
        from scipy.special import betaincinv

        n, rest = self.numerator, self.denominator - self.numerator
        low = betaincinv(n, rest + 1, 0.025) if n else 0.0
        high = betaincinv(n + 1, rest, 0.975) if rest else 1.0
        return 100.0 * float(low), 100.0 * float(high)
