"""Reading of a response: take-off, and size, area, duration and phases, from the waveform alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Reading:
    """Per twin ``(n_twin,)``: ``amplitude`` (baseline to negative peak, 0 when absent),
    ``onset_ms``, ``peak_ms``, ``duration_ms`` and ``area`` (amplitude unit times ms) of the
    negative phase; nan when the response is absent. ``peak_to_peak`` from the negative peak to the
    lowest point after it (0 when absent), and ``phases``, the parts above and below the baseline
    that are larger than the floor (nan when absent)."""

    amplitude: Floats
    onset_ms: Floats
    peak_ms: Floats
    duration_ms: Floats
    area: Floats
    peak_to_peak: Floats
    phases: Floats


def read(
    signal: Floats,
    time_ms: Floats,
    floor: float | Floats,
    onset_fraction: float | Floats,
    noise_fraction: float | Floats = 0.0,
) -> Reading:
    """Measure responses.

    Args:
        signal: ``(n_twin, n_time)``, negativity upward.
        time_ms: ``(n_time,)``, evenly spaced.
        floor: a smaller peak means that the response is absent; one number or ``(n_twin,)``.
        onset_fraction: of the peak, at which the take-off is marked; a number or ``(n_twin, 1)``.
        noise_fraction: of the floor, below which nothing is seen of a take-off, alike.
    """
    rows = np.arange(len(signal))
    top = signal.argmax(axis=1)
    peak = signal[rows, top]
    there = peak >= floor
    noise = noise_fraction * np.broadcast_to(floor, len(signal))[:, None]
    level = np.maximum(onset_fraction * peak[:, None], np.minimum(noise, peak[:, None]))
    index = np.arange(signal.shape[1])
    before = (signal < level) & (index <= top[:, None])
    last_below = np.where(before, index, 0).max(axis=1)
    onset = _crossing(signal, time_ms, last_below, level[:, 0])
    # Where the response begins with a positive deflection, laboratories mark its trough.
    lead = np.where(index <= top[:, None], signal, np.inf)
    trough = lead.argmin(axis=1)
    onset = np.where(lead[rows, trough] < -level[:, 0], _turning(signal, time_ms, trough), onset)
    ended = (signal <= 0) & (index > top[:, None])
    end = np.where(ended.any(axis=1), ended.argmax(axis=1), signal.shape[1] - 1)
    inside = (index > last_below[:, None]) & (index < end[:, None])
    area = np.where(inside, signal, 0.0).sum(axis=1) * (time_ms[1] - time_ms[0])
    lowest = np.where(index >= top[:, None], signal, np.inf).min(axis=1)

    def known(a: Floats) -> Floats:
        return np.where(there, a, np.nan)

    return Reading(
        np.where(there, peak, 0.0),
        known(onset),
        known(time_ms[top]),
        known(time_ms[end] - onset),
        known(area),
        np.where(there, peak - lowest, 0.0),
        known(_phases(signal, floor)),
    )


def _phases(signal: Floats, floor: float | Floats) -> Floats:
    # parts of one sign beyond the floor; what lies between two of the same sign joins them
    least = np.broadcast_to(floor, len(signal))[:, None]
    up = signal >= least
    at = np.flatnonzero(up | (signal <= -least))
    row, above = at // signal.shape[1], up.ravel()[at]
    first = np.ones(row.size, bool)
    first[1:] = (row[1:] != row[:-1]) | (above[1:] != above[:-1])
    return np.bincount(row[first], minlength=len(signal)).astype(float)


def _turning(signal: Floats, time_ms: Floats, at: NDArray[np.int_]) -> Floats:
    # time of an extremum: of the parabola through the extreme sample and its neighbours
    rows, inner = np.arange(len(signal)), np.clip(at, 1, signal.shape[1] - 2)
    before, here, after = (signal[rows, inner + k] for k in (-1, 0, 1))
    bend = before - 2 * here + after
    shift = np.clip((before - after) / (2 * np.where(bend == 0, 1.0, bend)), -0.5, 0.5)
    return time_ms[at] + shift * (time_ms[1] - time_ms[0])


def _crossing(signal: Floats, time_ms: Floats, at: NDArray[np.int_], level: Floats) -> Floats:
    rows = np.arange(len(signal))
    after = np.minimum(at + 1, signal.shape[1] - 1)
    low, high = signal[rows, at], signal[rows, after]
    fraction = np.clip((level - low) / np.where(high > low, high - low, 1.0), 0.0, 1.0)
    return time_ms[at] + fraction * (time_ms[after] - time_ms[at])
