"""Measures of a whole needle recording, from the signal alone: turns, and how large they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.exam.needle.potential import turns

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Trace:
    """Turns per second, their mean amplitude in µV (nan without any), and the percentage of
    stretches of 10 ms without a turn."""

    turns_per_s: float
    amplitude_uV: float
    silent_percent: float


def measure_trace(signal_uV: Floats, sampling_Hz: float, turn_uV: float = 50.0) -> Trace:
    """Measure a recording of some seconds.

    Args:
        signal_uV: ``(n_time,)``.
        sampling_Hz: samples per second.
        turn_uV: least change of direction that counts as a turn.

    Example:
        >>> t = np.arange(0, 1, 1e-3)
        >>> measure_trace(100 * np.sin(2 * np.pi * 5 * t), 1000.0).turns_per_s
        10.0
    """
    where, size = turns(signal_uV, turn_uV)
    seconds = signal_uV.size / sampling_Hz
    stretches = max(int(seconds / 0.01), 1)
    busy = np.unique((where / signal_uV.size * stretches).astype(int)).size
    return Trace(
        where.size / seconds,
        float(size.mean()) if size.size else float("nan"),
        100 * (1 - busy / stretches),
    )
