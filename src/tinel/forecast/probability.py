"""A chance over twins with its interval, from two errors that are told apart.

The twins are a sample, so a fraction of them is known as well as their effective number allows; and
the program is off by what it was off for published patients. On the logit, where the
second is stated, their distances from the middle add up as those of independent errors do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv, expit, logit, ndtri

from tinel.exam.limb import Bools

CERTAINTY = 0.9  # of every interval of a forecast


@dataclass(frozen=True)
class Chance:
    """A chance with the 90 % interval it lies in.

    Args:
        probability: the fraction of the twins; nan where no twin counts.
        low, high: of both errors together.
        sample_low, sample_high: of the number of twins alone.
        model_low, model_high: of the program's error alone.
        effective_twins: how many independent twins the fraction is of.
    """

    probability: float
    low: float
    high: float
    sample_low: float
    sample_high: float
    model_low: float
    model_high: float
    effective_twins: float


def chance(met: Bools, counted: Bools, worth: float, sd_logit: float) -> Chance:
    """The chance of what some twins meet, among those that count.

    Args:
        met: ``(n_twin,)``.
        counted: which twins count, ``(n_twin,)``.
        worth: how many independent twins one twin is, 0 to 1: effective size over their number.
        sd_logit: the program's error, see ``model_error``; 0 for none.

    Example:
        >>> half = np.arange(100) < 50
        >>> one = chance(half, np.ones(100, bool), worth=1.0, sd_logit=1.0)
        >>> one.probability, round(one.low, 2), round(one.high, 2)
        (0.5, 0.16, 0.84)
    """
    n = float(counted.sum()) * worth
    if n == 0:
        return Chance(float("nan"), 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0)
    k = float((met & counted).sum()) * worth
    p = float((met & counted).sum() / counted.sum())
    a, b = k + 0.5, n - k + 0.5  # the posterior of a chance after a count (Jeffreys)
    tail = 0.5 - CERTAINTY / 2
    middle = float(logit(a / (a + b)))
    sample = [float(logit(betaincinv(a, b, q))) - middle for q in (tail, 1 - tail)]
    reach = float(ndtri(1 - tail)) * sd_logit
    both = [-float(np.hypot(sample[0], reach)), float(np.hypot(sample[1], reach))]
    ends = [_ends(p, middle, *by) for by in (both, sample, (-reach, reach))]
    (low, high), (sample_low, sample_high), (model_low, model_high) = ends
    return Chance(p, low, high, sample_low, sample_high, model_low, model_high, n)


def _ends(p: float, middle: float, down: float, up: float) -> tuple[float, float]:
    # none of the twins, or all, leaves the one end open
    low = 0.0 if p == 0 else min(float(expit(middle + down)), p)
    high = 1.0 if p == 1 else max(float(expit(middle + up)), p)
    return low, high
