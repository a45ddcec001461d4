"""Published base rates: what became of people with such an injury, with how many of how many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tinel.case import Case
from tinel.evidence import Count
from tinel.evidence.validated import Validated, validated
from tinel.forecast.published import Published, published_counts

SAME_CAUSE, SAME_NERVE = "same nerve and cause", "same nerve, another cause"
NEAR = (SAME_CAUSE, SAME_NERVE)


@dataclass(frozen=True)
class BaseRate:
    """One published count beside a case.

    Args:
        near: how near its patients are: ``same nerve and cause`` or ``same nerve, another cause``.
        cohort, who, source, counted, day, treatments: as in ``Published``.
        n, N: numerator and denominator.
        given_not_by: where it is of those only who had not recovered by a day, that day; None for
            all patients.
        low_percent, high_percent: the exact 95 % interval.
        computed_percent: what this program computes for these patients; None where it does not.
    """

    near: str
    cohort: str
    who: str
    source: str
    counted: str
    day: float
    treatments: tuple[str, ...]
    n: int
    N: int
    given_not_by: float | None
    low_percent: float
    high_percent: float
    computed_percent: float | None

    @property
    def percent(self) -> float:
        """The published percentage."""
        return 100 * self.n / self.N


def base_rates(
    case: Case,
    as_of_day: float,
    counts: Sequence[Published] | None = None,
    rows: Sequence[Validated] | None = None,
) -> tuple[BaseRate, ...]:
    """Published counts of the nerve of a case, the nearest first.

    Args:
        case: whose nerve and cause are looked up.
        as_of_day: today. Where a cohort was counted by then and again later, the later count is
            also given for those who had not recovered by then.
        counts: instead of all published ones.
        rows: instead of those of the last validation.

    Returns:
        Same nerve and cause first, patients who were not operated before those who were, many
        before few; none where no cohort had this nerve.

    Example:
        >>> from tinel.case import load
        >>> found = base_rates(load("examples/teaching/radial_sleep_palsy.toml"), 0.0)
        >>> found[0].near, min(rate.N for rate in found) > 0
        ('same nerve and cause', True)
    """
    here = [p for p in (published_counts() if counts is None else counts) if _of_nerve(case, p)]
    computed = {
        (row.cohort, row.counted, row.day): row.computed_percent
        for row in (validated() if rows is None else rows)
    }
    found = [
        _rate(case, p, n, total, not_by, computed.get((p.cohort, p.counted, p.day)))
        for p in here
        for n, total, not_by in _told(p, here, as_of_day)
    ]
    found = [r for r in found if r.given_not_by is None or r.day > as_of_day]
    return tuple(sorted(found, key=lambda r: (NEAR.index(r.near), bool(r.treatments), -r.N)))


def causes_of(case: Case) -> frozenset[str]:
    """The kinds of cause of a case, that of its acute part among them."""
    acute = case.cause.acute
    return frozenset({case.cause.kind, *([acute.kind] if acute else [])})


def _of_nerve(case: Case, count: Published) -> bool:
    return case.nerve.name in count.nerves


def _told(
    one: Published, every: Iterable[Published], as_of_day: float
) -> Iterator[tuple[int, int, float | None]]:
    yield one.n, one.N, None
    before = [
        p
        for p in every
        if (p.cohort, p.rule, p.N) == (one.cohort, one.rule, one.N)
        and one.rule
        and p.day <= as_of_day < one.day
        and p.n <= one.n
    ]
    if before:
        then = max(before, key=lambda p: p.day)
        if then.n < then.N:
            yield one.n - then.n, one.N - then.n, then.day


def _rate(
    case: Case, p: Published, n: int, total: int, not_by: float | None, computed: float | None
) -> BaseRate:
    low, high = Count(n, total).interval_percent
    return BaseRate(
        near=SAME_CAUSE if p.causes & causes_of(case) else SAME_NERVE,
        cohort=p.cohort,
        who=p.who,
        source=p.source,
        counted=p.counted,
        day=p.day,
        treatments=p.treatments,
        n=n,
        N=total,
        given_not_by=not_by,
        low_percent=low,
        high_percent=high,
        computed_percent=computed if not_by is None else None,
    )
