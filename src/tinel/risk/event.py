"""One published figure: which nerve, how many of how many, when, and how it was looked for."""

from __future__ import annotations

from dataclasses import dataclass

from tinel.errors import TinelError
from tinel.evidence import Count

KINDS = ("transient", "lasting", "any")
READ = ("abstract", "page", "printed table", "quoted", "recalled")
# The four groups that are never merged, with the ways of looking that belong to each. Of one
# operation they differ by a factor of 2 to 50.
LOOKING = {
    "complaint or chart": ("complaint, chart or registry",),
    "actively looked for": (
        "everyone asked",
        "everyone examined",
        "everyone asked and examined",
        "everyone measured",
    ),
    "pooled reviews": ("pooled review",),
    "way of looking not stated": ("not stated",),
}


@dataclass(frozen=True)
class Source:
    """Where a figure comes from, and how much of it was read."""

    reference: str
    read: str

    def __post_init__(self) -> None:
        if self.read not in READ or not self.reference:
            told = f"'{self.reference}' ({self.read}) is no source"
            raise TinelError(f"{told} (allowed: a reference, read as {', '.join(READ)})")


@dataclass(frozen=True)
class Figure:
    """A count, a percentage, or the lowest and highest percentage of several papers.

    ``printed_low`` and ``printed_high`` are the interval that the paper itself gives, in percent.
    """

    numerator: int | None = None
    denominator: int | None = None
    percent_alone: float | None = None
    printed_low: float | None = None
    printed_high: float | None = None
    lowest_percent: float | None = None
    highest_percent: float | None = None

    def __post_init__(self) -> None:
        told = (self.numerator, self.percent_alone, self.lowest_percent)
        if sum(one is not None for one in told) != 1:
            raise TinelError("a figure is a count, a percentage or a range", advice="give one")
        if (self.numerator is None) != (self.denominator is None):
            raise TinelError("a count has a numerator and a denominator", advice="give both")

    @property
    def count(self) -> Count | None:
        """The count, where one is known."""
        if self.numerator is None or self.denominator is None:
            return None
        return Count(self.numerator, self.denominator)

    @property
    def percent(self) -> float | None:
        """The percentage; none for a range."""
        return self.count.percent if self.count else self.percent_alone

    @property
    def interval_percent(self) -> tuple[float | None, float | None]:
        """The exact 95 % interval of a count, else the printed one, else none."""
        if self.count:
            return self.count.interval_percent
        return self.printed_low, self.printed_high


@dataclass(frozen=True)
class Event:
    """How often one nerve was hurt.

    ``what`` says what was counted and ``who`` in which patients or by which approach; ``of`` is
    what the denominator counts; ``counted_about`` that the numerator was made from a printed
    percentage; ``pool`` names the studies that may be pooled with this one.
    """

    nerve: str
    kind: str
    figure: Figure
    looked_for_how: str
    source: Source
    what: str = ""
    who: str = ""
    of: str = ""
    counted_about: bool = False
    follow_up: str = ""
    pool: str = ""
    note: str = ""
    conflicts: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise TinelError(f"'{self.kind}' is no kind (allowed: {', '.join(KINDS)})")
        _ = self.looking

    @property
    def looking(self) -> str:
        """The group of ways of looking that this event belongs to.

        Raises:
            TinelError: the way of looking is in none of them.
        """
        for group, ways in LOOKING.items():
            if self.looked_for_how in ways:
                return group
        every = ", ".join(way for ways in LOOKING.values() for way in ways)
        raise TinelError(f"'{self.looked_for_how}' is no way of looking (allowed: {every})")

    @property
    def subject(self) -> str:
        """Nerve, what was counted and in whom, in one phrase."""
        told = f"{self.nerve}, {self.what}" if self.what else self.nerve
        return f"{told} ({self.who})" if self.who else told


@dataclass(frozen=True)
class Course:
    """What became of those who were hurt; ``by`` is when, empty where it is not said."""

    nerve: str
    what: str
    figure: Figure
    source: Source
    by: str = ""
    note: str = ""


@dataclass(frozen=True)
class Factor:
    """What goes with more or fewer injuries, in one sentence."""

    text: str
    source: Source


@dataclass(frozen=True)
class Article:
    """A figure of the article that this program was made to check, and what is wrong with it."""

    quote: str
    kind: str
    lowest_percent: float
    highest_percent: float
    problem: str
    source: str
