"""How far published cohorts agree: what other centres saw, taken as the forecast."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tinel.calibration.cohorts import Cohort, published_cohorts
from tinel.errors import TinelError
from tinel.evidence.count import Count

FILE = Path(__file__).with_name("alike.toml")


@dataclass(frozen=True)
class Told:
    """One published count beside what other centres saw.

    Args:
        cohort: its key.
        place: of the figure in its cohort, from 0.
        what: what its group asks.
        published: the count.
        others: the counts of the other centres, added.
    """

    cohort: str
    place: int
    what: str
    published: Count
    others: Count

    @property
    def inside(self) -> bool:
        """Whether the others' percentage lies in the exact 95 % interval of the count."""
        low, high = self.published.interval_percent
        return low <= self.others.percent <= high

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


def inside_by_chance(every: Sequence[Told], rng: np.random.Generator, draws: int = 200) -> float:
    """Mean fraction inside were the patients of a group alike at all centres.

    Few other patients are a poor forecast by chance alone: every count is drawn anew, with the
    percentage of its whole group.

    Args:
        every: from ``told_by_others``.
        rng: of the draws.
        draws: of all counts.

    Example:
        >>> one, few = Count(500, 1000), Count(500, 1000)
        >>> pair = (Told("a", 0, "gone", one, few), Told("b", 0, "gone", few, one))
        >>> 0.7 < inside_by_chance(pair, np.random.default_rng(1)) < 0.95
        True
    """
    inside = 0
    for told in every:
        own, others = told.published.denominator, told.others.denominator
        shown = told.published.numerator + told.others.numerator
        seen, forecast = rng.binomial((own, others), shown / (own + others), (draws, 2)).T
        for n, m in zip(seen, forecast, strict=True):
            inside += Told("", 0, "", Count(int(n), own), Count(int(m), others)).inside
    return inside / (len(every) * draws)


def _group(group: dict[str, object], known: dict[str, Cohort], where: str) -> Iterator[Told]:
    what, named = str(group["what"]), group["figures"]
    assert isinstance(named, list)
    if len({key for key, _ in named}) < 2:
        raise TinelError(f"'{what}' names fewer than two cohorts", where)
    counts = [_count(known, key, place, where) for key, place in named]
    for (key, place), own in zip(named, counts, strict=True):
        rest = [c for (other, _), c in zip(named, counts, strict=True) if other != key]
        added = Count(sum(c.numerator for c in rest), sum(c.denominator for c in rest))
        yield Told(key, place, what, own, added)


def _count(known: dict[str, Cohort], key: str, place: int, where: str) -> Count:
    figures = known[key].figures if key in known else ()
    if not 0 <= place < len(figures):
        raise TinelError(f"no figure {place} of '{key}'", where)
    n, all_ = figures[place].n, figures[place].N
    if n is None or not all_:
        raise TinelError(f"figure {place} of '{key}' is no count", where)
    return Count(n, all_)
