"""Percentages with exact intervals, from published counts."""

from __future__ import annotations

from tinel.claims.computed import Computed
from tinel.claims.files import facts
from tinel.errors import TinelError
from tinel.evidence import Count, Parameters

EXACT = "95 % interval"


def percent(parameters: Parameters, key: str) -> Computed:
    """The percentage of a published count.

    Args:
        parameters: not used; a count has no other number in it.
        key: of the fact.
    """
    counted = _count(key)
    low, high = counted.interval_percent
    return Computed(facts()[key].text, counted.percent, "%", low, high, EXACT)


def ratio(parameters: Parameters, more: str, fewer: str) -> Computed:
    """How many times one count of a group is another count of the same group.

    Of those in either count the fraction in the first has an exact interval, from which that of
    the ratio follows.
    """
    many, few = _count(more), _count(fewer)
    either = Count(many.numerator, many.numerator + few.numerator)
    low, high = (e / (100.0 - e) for e in either.interval_percent)
    what = f"{facts()[more].text}, for each that stayed"
    return Computed(what, many.percent / few.percent, "1", low, high, EXACT)


def _count(key: str) -> Count:
    counted = facts()[key].count
    if counted is None:
        raise TinelError(f"the fact '{key}' has no count")
    return counted
