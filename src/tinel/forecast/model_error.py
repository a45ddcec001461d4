"""How far the program was off for published patients, as an error of a chance.

A chance p that is computed is taken to be right but for an error of its logit that is normal, with
mean 0 and a standard deviation for which the published counts are most likely: those of the nerve,
drawn towards those of all nerves where they are few. Treated nerves have an error of their own, as
the program is further off for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.polynomial.hermite_e import hermegauss

from tinel.evidence.posterior import calibrated
from tinel.evidence.validated import Validated, validated
from tinel.exam.limb import Floats
from tinel.forecast.published import Published, published_counts

_ERRORS = np.arange(0.05, 4.001, 0.05)  # of the logit, tried one by one
_LEAST = 0.005  # a computed 0 or 100 % comes from a hundred twins, and is no certainty
_WEIGHT_OF_ALL = 5.0  # figures that the pool of all nerves counts for


@dataclass(frozen=True)
class ModelError:
    """The error of computed chances against published counts.

    Args:
        nerve: whose.
        treated: of nerves that were treated, or that were left alone.
        sd_logit: standard deviation of the error of a logit.
        n_figures: how many published counts of the nerve it was found with.
        n_all: of all nerves.
        off_points: median distance of computed and published percentages of the nerve, in points;
            of all nerves where the nerve has none.
    """

    nerve: str
    treated: bool
    sd_logit: float
    n_figures: int
    n_all: int
    off_points: float


def model_error(
    nerve: str,
    treated: bool = False,
    rows: Sequence[Validated] | None = None,
    counts: Sequence[Published] | None = None,
) -> ModelError:
    """The error of computed chances for a nerve.

    Args:
        nerve: its name.
        treated: found with patients whose nerve was treated, or with those left alone.
        rows: instead of those of the last validation; those that a kept fit used are left out.
        counts: instead of all published ones.

    Example:
        >>> alone, treated = model_error("radial"), model_error("radial", treated=True)
        >>> 0 < alone.sd_logit < 4 and 0 < treated.sd_logit < 4
        True
    """
    fitted = calibrated() is not None
    every = validated() if rows is None else rows
    asked = [row for row in every if not (fitted and row.role == "fit")]
    known = {
        (p.cohort, p.counted, p.day): p
        for p in (published_counts() if counts is None else counts)
        if bool(p.treatments) == treated
    }
    pairs = [(r, known[key]) for r in asked if (key := (r.cohort, r.counted, r.day)) in known]
    own = np.array([r.nerve == nerve for r, _ in pairs], bool)
    if not pairs:
        return ModelError(nerve, treated, float(_ERRORS[-1]), 0, 0, float("nan"))
    likely = np.array([_log_likelihoods(r.computed_percent / 100, p.n, p.N) for r, p in pairs])
    weight = np.where(own, 1.0, min(1.0, _WEIGHT_OF_ALL / max((~own).sum(), 1)))
    best = float(_ERRORS[np.argmax(weight @ likely)])
    off = np.array([r.off_points for r, _ in pairs])
    middle = float(np.median(off[own] if own.any() else off))
    return ModelError(nerve, treated, best, int(own.sum()), len(pairs), middle)


@cache
def _log_likelihoods(computed: float, n: int, total: int) -> Floats:
    """Of one published count under each of the errors tried, without its constant."""
    nodes, weights = hermegauss(40)
    p = np.clip(computed, _LEAST, 1 - _LEAST)
    logit = np.log(p / (1 - p)) + _ERRORS[:, None] * nodes
    log_p, log_q = -np.logaddexp(0, -logit), -np.logaddexp(0, logit)
    terms = n * log_p + (total - n) * log_q
    top = terms.max(axis=1, keepdims=True)
    return np.asarray(np.log(np.exp(terms - top) @ weights) + top[:, 0])
