"""What follows from published results of trials."""

from __future__ import annotations

from scipy.special import ndtr, ndtri

from tinel.claims.computed import Computed
from tinel.claims.files import facts
from tinel.errors import TinelError
from tinel.evidence import Parameters


def more_of_hundred(parameters: Parameters, key: str) -> Computed:
    """Of 100 people treated, those who answer more than on placebo: 100 over the number needed."""
    needed = facts()[key]
    value, low, high = _values(key)
    what = f"{needed.text.split(':')[0]}: of 100 treated, more that answer than on placebo"
    return Computed(what, 100.0 / value, "people", 100.0 / high, 100.0 / low, "95 % interval")


def needed(parameters: Parameters, on_drug: str, on_placebo: str) -> Computed:
    """People treated for one more to answer, from the percentages that answer."""
    drug, placebo = (facts()[key].amount for key in (on_drug, on_placebo))
    what = f"{facts()[on_drug].text}, against placebo: people to treat for one more to answer"
    return Computed(what, 100.0 / (drug - placebo), "people")


def by_chance(parameters: Parameters, key: str) -> Computed:
    """Chance of a difference as large if the drug did nothing, from the printed 95 % interval."""
    value, low, high = _values(key)
    error = (high - low) / (2.0 * ndtri(0.975))
    chance = 2.0 * float(ndtr(-abs(value) / error))
    what = f"{facts()[key].text}: chance of one as large if the drug did nothing"
    return Computed(what, 100.0 * chance, "%")


def times(parameters: Parameters, more: str, fewer: str) -> Computed:
    """How many times one published value is another."""
    what = f"{facts()[more].text}, over the same without stimulation"
    return Computed(what, facts()[more].amount / facts()[fewer].amount, "times")


def _values(key: str) -> tuple[float, float, float]:
    fact = facts()[key]
    if fact.low is None or fact.high is None:
        raise TinelError(f"the fact '{key}' has no interval")
    return fact.amount, fact.low, fact.high
