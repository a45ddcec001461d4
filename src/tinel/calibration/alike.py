"""How far published cohorts agree: what other centres saw, taken as the forecast."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tinel.calibration.cohorts import Cohort, published_cohorts
from tinel.errors import TinelError
from tinel.evidence.count import Count

FILE = Path(__file__).with_name("alike.toml")
OTHERS = "the others"  # a figure that counts those who do not show what its group asks


@dataclass(frozen=True)
class Told:
    """One published count beside what other centres saw.

    Args:
        cohort: its key.
        place: of the figure in its cohort, from 0.
        what: what its group asks.
        published: the count.
        others: the counts of the other centres, added.
        turned: whether the figure itself counts those who do not show it.
    """

    cohort: str
    place: int
    what: str
    published: Count
    others: Count
    turned: bool = False

    def asked_percent(self, of_figure: float) -> float:
        """The percentage that the group asks for, from that of the figure."""
        return 100.0 - of_figure if self.turned else of_figure

    @property
    def inside(self) -> bool:
        """Whether the others' percentage lies in the exact 95 % interval of the count."""
        low, high = self.published.interval_percent
        return low - 1e-6 <= self.others.percent <= high + 1e-6

    @property
    def off_points(self) -> float:
        """Distance of the two percentages."""
        return abs(self.published.percent - self.others.percent)


def told_by_others(cohorts: Sequence[Cohort] | None = None, file: Path = FILE) -> tuple[Told, ...]:
    """Every count of the groups beside the added counts of the rest of its group.

    Args:
        cohorts: those published where left out.
        file: with the groups.

    Raises:
        TinelError: a group names a figure that is not there, has no count, or stands alone.

    Example:
        >>> first = told_by_others()[0]
        >>> first.published, first.others
        (Count(numerator=25, denominator=50), Count(numerator=16, denominator=32))
    """
    known = {c.key: c for c in (published_cohorts() if cohorts is None else cohorts)}
    groups = tomllib.loads(file.read_text(encoding="utf-8"))["alike"]
    return tuple(told for group in groups for told in _group(group, known, file.name))


def _group(group: dict[str, object], known: dict[str, Cohort], where: str) -> Iterator[Told]:
    what = str(group["what"])
    named = group["figures"]
    assert isinstance(named, list)
    if len({key for key, *_ in named}) < 2:
        raise TinelError(f"'{what}' names fewer than two cohorts", where)
    counts = [_count(known, key, place, rest, where) for key, place, *rest in named]
    for (key, place, *words), own in zip(named, counts, strict=True):
        rest = [c for (other, *_), c in zip(named, counts, strict=True) if other != key]
        added = Count(sum(c.numerator for c in rest), sum(c.denominator for c in rest))
        yield Told(key, place, what, own, added, OTHERS in words)


def _count(
    known: dict[str, Cohort], key: str, place: int, rest: Sequence[str], where: str
) -> Count:
    figures = known[key].figures if key in known else ()
    if not 0 <= place < len(figures):
        raise TinelError(f"no figure {place} of '{key}'", where)
    n, all_ = figures[place].n, figures[place].N
    if n is None or not all_:
        raise TinelError(f"figure {place} of '{key}' is no count", where)
    return Count(all_ - n if OTHERS in rest else n, all_)
