"""Measures of motor unit potentials, from the waveform alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Measures:
    """Of each potential, ``(n,)``: ``amplitude_uV`` peak to peak, ``duration_ms`` from where it
    leaves the baseline to where it comes back, ``phases`` and ``turns``."""

    amplitude_uV: Floats
    duration_ms: Floats
    phases: Floats
    turns: Floats


def measure(
    waveform_uV: Floats, time_ms: Floats, baseline_uV: float = 20.0, turn_uV: float = 50.0
) -> Measures:
    """Measure motor unit potentials.

    Args:
        waveform_uV: ``(n, n_time)``, one potential per row.
        time_ms: evenly spaced, ``(n_time,)``.
        baseline_uV: half the width of the band that counts as baseline.
        turn_uV: least change of direction that counts as a turn.

    Example:
        >>> t = np.arange(0, 10, 0.05)
        >>> one = measure(np.where((t > 2) & (t < 6), 300 * np.sin(np.pi * t / 2), 0)[None], t)
        >>> one.phases.tolist(), round(float(one.amplitude_uV[0]))
        ([2.0], 600)
    """
    outside = np.abs(waveform_uV) > baseline_uV
    first = outside.argmax(axis=1)
    last = waveform_uV.shape[1] - 1 - outside[:, ::-1].argmax(axis=1)
    duration = np.where(outside.any(axis=1), time_ms[last] - time_ms[first], 0.0)
    rows = [np.sign(row[out]) for row, out in zip(waveform_uV, outside, strict=True)]
    phases = [0 if row.size == 0 else 1 + np.count_nonzero(np.diff(row)) for row in rows]
    return Measures(
        np.ptp(waveform_uV, axis=1),
        duration,
        np.array(phases, np.float64),
        np.array([len(turns(row, turn_uV)[0]) for row in waveform_uV], np.float64),
    )


def turns(signal_uV: Floats, least_uV: float) -> tuple[NDArray[np.int_], Floats]:
    """Places where a signal turns, and how far it went since the turn before.

    Args:
        signal_uV: ``(n_time,)``.
        least_uV: a smaller change of direction is no turn.

    Example:
        >>> where, size = turns(np.array([0.0, 90, 0, 80, 70, 100, 0]), 50)
        >>> where.tolist()
        [1, 2, 5]
    """
    slope = np.sign(np.diff(signal_uV))
    places = np.flatnonzero((slope[1:] * slope[:-1]) < 0) + 1
    found: list[int] = []
    sizes: list[float] = []
    start, rising, top = float(signal_uV[0]), 0, 0
    best = start
    ends = [*places.tolist(), signal_uV.size - 1]
    values = signal_uV[ends].tolist()
    for at, value in zip(ends, values, strict=True):
        if rising == 0:
            if abs(value - start) >= least_uV:
                rising, best, top = (1 if value > start else -1), value, at
            continue
        if (value - best) * rising > 0:
            best, top = value, at
        elif (best - value) * rising >= least_uV:
            found.append(top)
            sizes.append(abs(best - start))
            start, rising, best, top = best, -rising, value, at
    return np.array(found, np.int_), np.array(sizes, np.float64)
