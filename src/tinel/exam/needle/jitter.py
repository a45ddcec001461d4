"""Jitter: how the interval between two muscle fibres of a unit varies from discharge to discharge.

A pair has two endplates, and each adds its own variation. Pairs of one muscle differ, and so do
people. New endplates vary more and fail at times.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.evidence import Parameters
from tinel.exam.limb import Limb
from tinel.exam.needle.recruitment import Units

Floats = NDArray[np.float64]
NARROW_ms = 0.5  # two peaks nearer than this are one spike
_MISSES = ("misses", "misses_from")
TOP_ms = 0.06  # half of the tip of a spike that a parabola follows


@dataclass(frozen=True)
class Jitter:
    """Of each twin's muscle, ``(n_twin,)``: ``mean_us`` of the measured pairs, percentage of
    ``unstable`` pairs (above a pair's limit, or blocking) and of ``blocking`` ones."""

    mean_us: Floats
    unstable_percent: Floats
    blocking_percent: Floats


def jitter(limb: Limb, muscle: str, units: Units, weight: Floats) -> Jitter:
    """Jitter as an examiner finds it in some twenty pairs.

    Args:
        limb: whose muscle it is.
        muscle: its name.
        units: from ``recruitment.units_of``.
        weight: how often the needle measures each unit, ``(n_twin, n_unit)``.
    """
    from scipy.special import ndtr  # slow to import, and reading a case needs none of it

    twins, p = limb.nerve.twins, limb.parameters
    each = twins.each
    person = np.exp(each("needle.jitter.person_spread") * twins.normal("needle.jitter", 1)[:, 0])
    spread, pairs = each("needle.jitter.pair_spread"), each("needle.jitter.pairs")
    usual = each("exam.junction.jitter_us") * person
    of_unit = usual[:, None] * young_factor(units.young, p)
    total = weight.sum(axis=1)
    part = weight / np.where(total > 0, total, np.nan)[:, None]
    drawn = twins.normal(f"needle.pairs.{muscle}.{limb.state.day:g}", 1)[:, 0]
    mean = (part * of_unit).sum(axis=1) * np.exp(spread / np.sqrt(pairs) * drawn)
    wide = np.maximum(spread, 1e-6)[:, None]
    limit = each("needle.reading.pair_jitter_us")[:, None]
    # pairs scatter lognormally about the mean of their unit
    over = 1.0 - ndtr((np.log(limit / of_unit) + wide**2 / 2) / wide)
    fails = 1.0 - (1.0 - missing(units.young, p)) ** each("needle.jitter.discharges")[:, None]
    return Jitter(
        mean,
        100 * (part * (1.0 - (1.0 - over) * (1.0 - fails))).sum(axis=1),
        100 * (part * fails).sum(axis=1),
    )


def young_factor(young: Floats, parameters: Parameters) -> Floats:
    """Jitter of a unit over that of a grown one, by how newly it has come (0 to 1)."""
    more = parameters.per_twin("needle.young.jitter") - 1.0
    found: Floats = 1.0 + np.reshape(more, (-1, 1)) * young
    return found


def missing(young: Floats, parameters: Parameters) -> Floats:
    """Fraction of a unit's fibres that fail at each discharge, by how newly it has come."""
    each = (np.reshape(parameters.per_twin(f"needle.young.{k}"), (-1, 1)) for k in _MISSES)
    most, begins = each
    found: Floats = most * np.clip((young - begins) / np.maximum(1.0 - begins, 1e-9), 0.0, 1.0)
    return found


def endplate_us(pair_us: float) -> float:
    """Standard deviation of one endplate's delay, in a pair with that mean consecutive difference.

    Example:
        >>> round(endplate_us(37.0), 1)
        23.2
    """
    # two endplates, two discharges: the difference of consecutive intervals has four such parts
    return pair_us * float(np.sqrt(np.pi / 2)) / 2


@dataclass(frozen=True)
class Pair:
    """A pair of fibres, measured: mean consecutive difference, and percentage of discharges in
    which the second fibre failed."""

    consecutive_us: float
    blocked_percent: float


def measure_pair(sweeps_uV: Floats, step_ms: float) -> Pair:
    """Measure the jitter of a pair from its discharges alone.

    Args:
        sweeps_uV: one discharge per row, lined up at its first spike, ``(n_sweep, n_time)``,
            negativity upward.
        step_ms: time between samples.

    Returns:
        nan where fewer than two discharges in a row show both spikes.

    Example:
        >>> t = np.arange(0.0, 8.0, 0.02)
        >>> at = np.array([4.0, 4.03, 3.99, 4.02])
        >>> pulse = lambda centre: np.exp(-(((t - centre) / 0.15) ** 2))
        >>> one = measure_pair(np.array([pulse(2.0) + pulse(a) for a in at]), 0.02)
        >>> round(one.consecutive_us), one.blocked_percent
        (33, 0.0)
    """
    mean = sweeps_uV.mean(axis=0)
    inside = (mean[1:-1] > mean[:-2]) & (mean[1:-1] >= mean[2:])
    peaks = np.flatnonzero(inside) + 1
    highest = peaks[np.argsort(mean[peaks])[::-1]]
    apart = round(NARROW_ms / step_ms)
    first = int(highest[0])
    others = [int(k) for k in highest if abs(int(k) - first) >= apart]
    if not others:
        return Pair(float("nan"), float("nan"))
    early, late = sorted((first, others[0]))
    a, b = (_peaks(sweeps_uV, at, apart, step_ms) for at in (early, late))
    size = np.nanmedian(b[1])
    interval = np.where((b[1] > size / 2) & (a[1] > 0), b[0] - a[0], np.nan) * step_ms * 1000
    step = np.abs(np.diff(interval))
    known = step[np.isfinite(step)]
    consecutive = float(known.mean()) if known.size else float("nan")
    return Pair(consecutive, 100 * float(np.mean(~np.isfinite(interval))))


def _peaks(sweeps_uV: Floats, at: int, half: int, step_ms: float) -> tuple[Floats, Floats]:
    """Place and height of the highest sample near a place, refined by a parabola through some."""
    width = max(1, min(round(TOP_ms / step_ms), half))
    low, high = max(at - half, width), min(at + half + 1, sweeps_uV.shape[1] - width)
    k = sweeps_uV[:, low:high].argmax(axis=1) + low
    row, j = np.arange(len(sweeps_uV)), np.arange(-width, width + 1)
    near = sweeps_uV[row[:, None], k[:, None] + j]
    n, second, fourth = j.size, float((j**2).sum()), float((j**4).sum())
    slope = near @ j / second
    bend = (n * (near @ j**2) - second * near.sum(axis=1)) / (n * fourth - second**2)
    shift = np.where(bend < 0, -slope / (2 * np.where(bend < 0, bend, -1.0)), 0.0)
    return k + np.clip(shift, -width, width), sweeps_uV[row, k]
