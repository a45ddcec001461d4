"""Studies of one kind pooled: random effects on the logit scale, with a prediction interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tinel.errors import TinelError
from tinel.evidence import Count
from tinel.risk.procedure import Procedure

FEWEST = 3


@dataclass(frozen=True)
class Effects:
    """Mean effect of a random-effects model with its standard error and spread between studies."""

    mean: float
    error: float
    variance_between: float
    heterogeneity: float
    studies: int


@dataclass(frozen=True)
class Pooled:
    """A pooled percentage, its 95 % interval, and where a further study would lie (95 %)."""

    name: str
    nerve: str
    looked_for_how: str
    studies: int
    percent: float
    low: float
    high: float
    next_low: float
    next_high: float
    heterogeneous_percent: float


def random_effects(effects: Sequence[float], variances: Sequence[float]) -> Effects:
    """The random-effects mean by the moments of DerSimonian and Laird.

    Args:
        effects: one per study, at least two.
        variances: of each effect, all above 0.

    Source:
        DerSimonian & Laird 1986, doi:10.1016/0197-2456(86)90046-2.

    Example:
        >>> both = random_effects([0.0, 2.0], [1.0, 1.0])
        >>> both.mean, both.variance_between, both.heterogeneity
        (1.0, 1.0, 2.0)
    """
    weights = [1.0 / v for v in variances]
    total = sum(weights)
    fixed = sum(w * e for w, e in zip(weights, effects, strict=True)) / total
    spread = sum(w * (e - fixed) ** 2 for w, e in zip(weights, effects, strict=True))
    scale = total - sum(w * w for w in weights) / total
    between = max(0.0, (spread - (len(weights) - 1)) / scale)
    wide = [1.0 / (v + between) for v in variances]
    mean = sum(w * e for w, e in zip(wide, effects, strict=True)) / sum(wide)
    return Effects(mean, math.sqrt(1.0 / sum(wide)), between, spread, len(weights))


def pooled_percent(counts: Sequence[Count]) -> tuple[float, float, float, float, float, float]:
    """Pooled percentage, its 95 % interval, the prediction interval, and I² in percent.

    A half is added to both parts of a count where one of them is 0. The prediction interval has
    Student's t with two degrees of freedom fewer than studies.

    Raises:
        TinelError: fewer than three studies.

    Source:
        Higgins, Thompson & Spiegelhalter 2009, doi:10.1111/j.1467-985X.2008.00552.x.

    Example:
        >>> same = pooled_percent([Count(10, 100)] * 3)
        >>> round(same[0], 6), same[5]
        (10.0, 0.0)
    """
    if len(counts) < FEWEST:
        told = f"{len(counts)} studies are too few to pool (allowed: {FEWEST} or more)"
        raise TinelError(told)
    from scipy.special import ndtri, stdtrit

    parts = []
    for count in counts:
        hit, rest = count.numerator, count.denominator - count.numerator
        added = 0.0 if hit and rest else 0.5
        parts.append((hit + added, rest + added))
    found = random_effects([math.log(a / b) for a, b in parts], [1 / a + 1 / b for a, b in parts])
    sure = float(ndtri(0.975)) * found.error
    wide = float(stdtrit(found.studies - 2, 0.975))
    further = wide * math.sqrt(found.variance_between + found.error**2)
    edges = (0.0, -sure, sure, -further, further)
    percents = [100.0 / (1.0 + math.exp(-(found.mean + edge))) for edge in edges]
    freedom = found.studies - 1
    excess = max(0.0, 1 - freedom / found.heterogeneity) if found.heterogeneity > 0 else 0.0
    return (percents[0], percents[1], percents[2], percents[3], percents[4], 100.0 * excess)


def pooled(procedure: Procedure) -> tuple[Pooled, ...]:
    """What may be pooled of a procedure: named so in its file, and looked for in one way.

    Raises:
        TinelError: studies under one name differ in nerve, kind or way of looking.
    """
    found = []
    for name in dict.fromkeys(e.pool for e in procedure.events if e.pool):
        events = [e for e in procedure.events if e.pool == name]
        if len({(e.nerve, e.kind, e.looked_for_how) for e in events}) > 1:
            told = (
                f"'{name}' pools studies of different kinds (allowed: one nerve, one kind, one way)"
            )
            raise TinelError(told, procedure.name)
        numbers = pooled_percent([e.figure.count for e in events if e.figure.count])
        first = events[0]
        found.append(Pooled(name, first.nerve, first.looked_for_how, len(events), *numbers))
    return tuple(found)
