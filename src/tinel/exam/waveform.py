"""Reading of a response: take-off, and size, area, duration and phases, from the waveform alone."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinel.cable.solvers.compile_cache import compiled, once

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
    least = np.broadcast_to(floor, len(signal)).astype(np.float64)
    noise = np.ravel(noise_fraction * least[:, None])
    fraction = np.ravel(np.broadcast_to(onset_fraction, (len(signal), 1))).astype(np.float64)
    found = np.full((len(signal), len(_FIELDS)), np.nan)
    _loop()(np.ascontiguousarray(signal), time_ms, least, noise, fraction, found)
    return Reading(*found.T)


_FIELDS = tuple(f.name for f in fields(Reading))


@once
def _loop() -> Any:
    both = (_turning, _crossing)
    return compiled(_read, {part.__name__: compiled(part, {}, keep=False) for part in both})


def _read(
    signal: Any, time_ms: Any, floor: Any, noise: Any, onset_fraction: Any, found: Any
) -> None:
    # one row of ``found`` for each signal, in the order of the fields of ``Reading``; compiled
    n_time, step_ms = signal.shape[1], time_ms[1] - time_ms[0]
    for row in range(signal.shape[0]):
        one, least = signal[row], floor[row]
        top = 0
        for k in range(n_time):
            if one[k] > one[top]:
                top = k
        peak = one[top]
        if not peak >= least:
            found[row, 0], found[row, 5] = 0.0, 0.0
            continue
        level = max(onset_fraction[row] * peak, min(noise[row], peak))
        below, trough = 0, 0
        for k in range(top + 1):
            if one[k] < level:
                below = k
            if one[k] < one[trough]:
                trough = k
        # Where the response begins with a positive deflection, laboratories mark its trough.
        if one[trough] < -level:
            onset = _turning(one, time_ms, trough)
        else:
            onset = _crossing(one, time_ms, below, level)
        end = top + 1
        while end < n_time and one[end] > 0.0:
            end += 1
        end = min(end, n_time - 1)
        area, lowest = 0.0, peak
        for k in range(below + 1, end):
            area += one[k]
        for k in range(top, n_time):
            lowest = min(lowest, one[k])
        # parts of one sign beyond the floor; what lies between two of the same sign joins them
        phases, sign = 0, 0
        for k in range(n_time):
            here = 1 if one[k] >= least else -1 if one[k] <= -least else 0
            if here != 0 and here != sign:
                phases, sign = phases + 1, here
        found[row, 0], found[row, 1], found[row, 2] = peak, onset, time_ms[top]
        found[row, 3], found[row, 4] = time_ms[end] - onset, area * step_ms
        found[row, 5], found[row, 6] = peak - lowest, phases


def _turning(one: Any, time_ms: Any, at: Any) -> Any:
    # time of an extremum: of the parabola through the extreme sample and its neighbours; compiled
    inner = min(max(at, 1), one.size - 2)
    before, here, after = one[inner - 1], one[inner], one[inner + 1]
    bend = before - 2 * here + after
    shift = (before - after) / (2 * bend) if bend != 0 else (before - after) / 2
    return time_ms[at] + min(max(shift, -0.5), 0.5) * (time_ms[1] - time_ms[0])


def _crossing(one: Any, time_ms: Any, at: Any, level: Any) -> Any:
    # when a signal rises through a level after a sample; compiled
    after = min(at + 1, one.size - 1)
    low, high = one[at], one[after]
    fraction = (level - low) / (high - low if high > low else 1.0)
    return time_ms[at] + min(max(fraction, 0.0), 1.0) * (time_ms[after] - time_ms[at])
