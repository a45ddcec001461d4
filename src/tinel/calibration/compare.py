"""Published beside computed: what counts as inside, and how far off a figure is.

Decided before any cohort was computed, for fit and predicted cohorts alike:

- A percentage is *inside* where the computed central value lies in the exact 95 % interval of the
  published count. Without a known number of patients there is no interval, and the figure is
  neither inside nor outside.
- *Points off* is the distance between the two central values, in percentage points.
- A mean day is inside where the computed mean lies within two standard errors of the published one.
- The model is taken to be wrong by itself by ``MODEL_SD_points``, everywhere, when it is fitted;
  since the sixth fit ``make calibrate`` draws how many times that it is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from tinel.calibration.cohorts import Figure
from tinel.calibration.outcome import Computed

MODEL_SD_points = 5.0  # standard deviation of what the model misses with the best parameters
MODEL_SD_log_days = 0.2  # the same for the natural logarithm of a mean day
N_NOT_TOLD = 100  # patients that a percentage without a number is taken to stand for, in fitting
N_DAYS_NOT_TOLD = 20


@dataclass(frozen=True)
class Compared:
    """One figure: ``inside`` is None without a published interval, and ``off`` in points (or days
    for a mean day)."""

    published: float
    interval: tuple[float, float] | None
    computed: float
    inside: bool | None
    off: float
    in_days: bool


def compared(figure: Figure, computed: Computed | float) -> Compared:
    """A published figure beside its computed value.

    Args:
        figure: with a rule.
        computed: in percent, or days for a mean day.

    Example:
        >>> seen = compared(Figure("gone", n=13, N=15), 70.0)
        >>> seen.inside, round(seen.off)
        (True, 17)
        >>> compared(Figure("gone", n=2, N=2), 100.00000000000001).inside
        True
    """
    value = computed.value if isinstance(computed, Computed) else computed
    if figure.mean_days is not None:
        published, interval = figure.mean_days, _days_interval(figure)
    else:
        percent = figure.published_percent
        assert percent is not None
        published, interval = percent, figure.interval_percent
    # weights add up to one but for rounding, so that all of them may come to a hair over 100 %
    near = round(value, 6)
    inside = None if interval is None else interval[0] <= near <= interval[1]
    return Compared(
        published=published,
        interval=interval,
        computed=value,
        inside=inside,
        off=abs(value - published),
        in_days=figure.mean_days is not None,
    )


def _days_interval(figure: Figure) -> tuple[float, float] | None:
    if figure.mean_days is None or figure.sd_days is None or not figure.N:
        return None
    error = 2 * figure.sd_days / math.sqrt(figure.N)
    return figure.mean_days - error, figure.mean_days + error


def on_fit_scale(figure: Figure, value: float) -> float:
    """The scale on which figures are fitted: percent, or 100 times the logarithm of a mean day."""
    return 100 * math.log(value) if figure.mean_days is not None else value


def own_variance(figure: Figure) -> float:
    """Variance on the fit scale of what the model is taken to miss with the best parameters."""
    if figure.mean_days is not None:
        return 1e4 * MODEL_SD_log_days**2
    return MODEL_SD_points**2


def fit_variance(figure: Figure, n_computed: float) -> float:
    """Variance of published minus computed on the fit scale if the parameters were right.

    Sampling of the published patients (at the percentage smoothed by one patient either way),
    sampling of the computed ones, and what the model misses.

    Example:
        >>> round(fit_variance(Figure("gone", n=50, N=100), math.inf) ** 0.5, 1)
        7.1
    """
    if figure.mean_days is not None:
        spread = (figure.sd_days or figure.mean_days) / figure.mean_days
        sampling = spread**2 * (1 / (figure.N or N_DAYS_NOT_TOLD) + 1 / n_computed)
        return 1e4 * sampling + own_variance(figure)
    percent = figure.published_percent
    assert percent is not None
    n = figure.N or N_NOT_TOLD
    p = (percent / 100 * n + 1) / (n + 2)
    return 1e4 * p * (1 - p) * (1 / n + 1 / n_computed) + own_variance(figure)
