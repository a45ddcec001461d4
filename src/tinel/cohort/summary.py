"""Summary of many twins: medians and intervals, and the twin in their middle."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tinel.cohort.chunk import CONDUCTING
from tinel.cohort.labelled import Labelled
from tinel.exam.examination import Visit
from tinel.exam.limb import Floats
from tinel.exam.reference_limits import limit_of

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def quantiles(values: Floats) -> Floats:
    """The ``QUANTILES`` over twins, shape ``(5, ...)``, of values ``(n_twin, ...)``.

    nan (an absent response has no latency) is left out; inf (never, not felt) counts as the
    largest value. No interpolation, because between a date and never there is nothing.

    Example:
        >>> quantiles(np.array([1.0, 2.0, 3.0, np.inf]))[2].item()
        2.0
    """
    if values.size and np.isnan(values).any():
        with np.errstate(all="ignore"):
            columns = values.reshape(len(values), -1).T
            each = [c[~np.isnan(c)] for c in columns]
            kept = [
                np.quantile(c, QUANTILES, method="inverted_cdf") if len(c) else np.full(5, np.nan)
                for c in each
            ]
        return np.array(kept).T.reshape(5, *values.shape[1:])
    return np.asarray(np.quantile(values, QUANTILES, axis=0, method="inverted_cdf"))


def weighted_quantiles(values: Floats, weights: Floats, at: Sequence[float]) -> Floats:
    """Quantiles of weighted values, ``(len(at),)``; like ``quantiles`` without interpolation.

    Args:
        values: finite, ``(n,)``.
        weights: 0 or more, ``(n,)``, not all 0.
        at: fractions, 0 to 1.

    Example:
        >>> even = np.ones(3)
        >>> weighted_quantiles(np.array([3.0, 1.0, 2.0]), even, (0.05, 0.5, 0.95)).tolist()
        [1.0, 2.0, 3.0]
    """
    order = np.argsort(values)
    cumulated = np.cumsum(weights[order]) / weights.sum()
    places = np.minimum(np.searchsorted(cumulated, at), len(values) - 1)
    return np.asarray(values[order][places])


def loses_fibres(curves: Labelled, arm: str) -> NDArray[np.bool_]:
    """Which twins lose a fibre in an arm, on any day and as whole percent show it, ``(n_twin,)``.

    All of them where the curves do not say so.
    """
    for labels, _, values in curves.rows():
        named = (labels["arm"], labels["bound"], labels["quantity"])
        if named == (arm, "", CONDUCTING):
            return np.asarray(np.round(values.min(axis=1)) < 100)
    return np.ones(len(curves.values), bool)


def within_limits(healthy: Labelled, visit: Visit) -> NDArray[np.bool_]:
    """Which twins' other side is within every limit of normal, ``(n_twin,)``.

    Args:
        healthy: what was measured on the other side, as in ``Outcomes``.
        visit: the other side of one of them, with the limits; they are those of all, as all have
            the age and height of the patient.
    """
    normal = np.ones(len(healthy.values), bool)
    for measurement in visit.examination.measurements:
        limit, bound = limit_of(measurement, visit)
        if limit is None or bound is None or not limit.applies(measurement, visit):
            continue
        values = healthy.of(**dict(zip(healthy.names, measurement.labels, strict=True)))
        normal &= values >= bound.value if bound.lower else values <= bound.value
    return normal


def middle_twin(curves: Labelled, arm: str, usual: NDArray[np.bool_] | None = None) -> int:
    """The twin whose curves of force, touch and joined axons run closest to the medians.

    One that loses no fibre is never it where another does: it would show no injury. One that is
    not ``usual`` is it only where none of the closer half is: what is marked abnormal in it would
    be no sign of the injury.

    Args:
        curves: as in ``Outcomes``.
        arm: the arm whose curves are read.
        usual: twins that may stand for all of them, ``(n_twin,)``; any where left out.

    Example:
        >>> force = np.array([[[0.0]], [[50.0]], [[99.0]]])
        >>> names = ("arm", "bound", "quantity", "target")
        >>> middle_twin(Labelled(names, (("wait", "", "force", "hand"),), ("%",), force), "wait")
        1
    """
    distance: Floats = np.zeros(len(curves.values))
    for labels, unit, values in curves.rows():
        # grades and filaments say the same as force and touch fibres, and the front is no function
        if (labels["arm"], labels["bound"]) == (arm, "") and unit in ("%", "% of healthy"):
            distance = distance + np.abs(values - np.median(values, axis=0)).mean(axis=1)
    hurt = loses_fibres(curves, arm)
    fit = hurt | ~hurt.any()
    if usual is not None:
        near = fit & usual & (distance <= np.median(distance[fit]))
        fit = near if near.any() else fit
    return int(np.argmin(np.where(fit, distance, np.inf)))
