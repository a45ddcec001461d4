"""Compound potential: the sum of single potentials, each at its own time."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tinel.cable.solvers.compile_cache import compiled, once

Floats = NDArray[np.float64]


def compound(
    arrival_ms: Floats,
    size: Floats,
    template: Floats,
    templates: Floats,
    template_start_ms: float,
    clock_ms: Floats,
    spread_ms: Floats | None = None,
) -> Floats:
    """Sum shifted templates.

    Args:
        arrival_ms: when each potential's time zero falls, ``(n_twin, n_fibre)``; inf for none.
        size: factor per potential, ``(n_twin, n_fibre)``.
        template: which template each one has, ``(n_twin, n_fibre)``, from 0; between two whole
            numbers it is the mean of both, weighted by how near they are.
        templates: ``(n_template, n_sample)`` on the clock's step, starting at
            ``template_start_ms`` before or after the arrival.
        clock_ms: evenly spaced times, ``(n_time,)``.
        spread_ms: where each potential stands for several that arrive up to this long before and
            after it, most of them near it (a triangle), ``(n_twin, n_fibre)``.

    Returns:
        ``(n_twin, n_time)``. Arrivals are split linearly between neighbouring samples.
    """
    from scipy import fft  # slow to import, and reading a case needs no transform

    n_twin, n_time, n_sample = len(arrival_ms), len(clock_ms), templates.shape[1]
    step = clock_ms[1] - clock_ms[0]
    place = (arrival_ms + template_start_ms - clock_ms[0]) / step
    # narrower than a sample, a triangle is no more than the split between two of them
    width = np.zeros(place.shape)
    if spread_ms is not None:
        width = np.where(np.isfinite(place), np.maximum(spread_ms / step, 1.0), 0.0)
    here = np.isfinite(place) & (place + width > -n_sample) & (place - width < n_time)
    if not here.any():
        return np.zeros((n_twin, n_time))
    twin, _ = np.nonzero(here)
    place, width, size = place[here], width[here], size[here]
    which = template[here]
    low = which.astype(int)
    parts = [
        (some, twin[some] * len(templates) + kind[some], (size * fraction)[some])
        for kind, fraction in ((low, low + 1 - which), (low + 1, which - low))
        for some in [np.flatnonzero(fraction > 0)]
    ]
    # a train for each twin and template that any potential has, which are few late after a cut
    there = np.unique(np.concatenate([key for _, key, _ in parts]))
    # what begins after the window is never seen in it, and what runs past the end of a transform
    # comes out before the window
    length = fft.next_fast_len(n_sample + n_time + 1, real=True)
    train = np.zeros((there.size, length))
    for some, key, weight in parts:
        row, at = np.searchsorted(there, key), place[some] + n_sample
        if spread_ms is None:
            train += _split(row, at, weight, train.shape)
        else:
            _loops().triangles(train, row, at, width[some], weight)
    spectrum = fft.rfft(train, axis=-1)
    of_twin, of_template = np.divmod(there, len(templates))
    used, of_used = np.unique(of_template, return_inverse=True)
    kernel = fft.rfft(templates[used], length, axis=-1)
    total = np.zeros((n_twin, spectrum.shape[1]), complex)
    _loops().sums(spectrum, kernel, of_twin, of_used, total)
    waves = fft.irfft(total, length, axis=-1)
    return np.asarray(waves[:, n_sample : n_sample + n_time], np.float64)


def _split(row: NDArray[np.int_], at: Floats, weight: Floats, shape: tuple[int, int]) -> Floats:
    """Weights at broken sample numbers, each split between its two neighbours."""
    most = shape[-1] - 2
    first = np.clip(np.floor(at), 0, most)
    later = np.clip(at - first, 0.0, 1.0)
    index = row * shape[-1] + first.astype(int)
    size = shape[0] * shape[1]
    train = np.bincount(index, weight * (1 - later), size)
    train += np.bincount(index + 1, weight * later, size)
    return np.asarray(train, np.float64).reshape(shape)


class _Loops(NamedTuple):
    triangles: Any
    sums: Any


@once
def _loops() -> _Loops:
    return _Loops(compiled(_add_triangles, {"math": math}), compiled(_add_products, {}))


def _add_products(spectrum: Any, kernel: Any, twin: Any, template: Any, total: Any) -> None:
    # each twin's trains through their templates; compiled
    for row in range(twin.size):
        for k in range(spectrum.shape[1]):
            total[twin[row], k] += spectrum[row, k] * kernel[template[row], k]


def _add_triangles(train: Any, row: Any, at: Any, wide: Any, weight: Any) -> None:
    # each weight is spread over a triangle round its sample number; compiled
    for k in range(row.size):
        first = max(math.ceil(at[k] - wide[k]), 0)
        last = min(math.floor(at[k] + wide[k]), train.shape[1] - 1)
        high = weight[k] / wide[k] ** 2
        for sample in range(first, last + 1):
            train[row[k], sample] += high * (wide[k] - abs(sample - at[k]))


def compound_of_few(
    row: NDArray[np.int_],
    arrival_ms: Floats,
    size: Floats,
    template: Floats,
    n_row: int,
    clock_ms: Floats,
) -> Floats:
    """Sum shifted copies of one template where most rows hold few of them.

    Args:
        row: in which sweep each potential falls, ``(n_potential,)``, 0 to ``n_row`` - 1.
        arrival_ms: when its time zero falls, ``(n_potential,)``, not before the clock begins.
        size: factor per potential, ``(n_potential,)``.
        template: on the clock's step from time zero on, ``(n_sample,)``.
        n_row: number of sweeps.
        clock_ms: evenly spaced times, ``(n_time,)``.

    Returns:
        ``(n_row, n_time)``. Arrivals are split linearly between neighbouring samples.

    Example:
        >>> clock = np.arange(5.0)
        >>> compound_of_few(np.array([0]), np.array([1.5]), np.array([2.0]), np.ones(1), 1, clock)
        array([[0., 1., 1., 0., 0.]])
    """
    n_time, step = len(clock_ms), clock_ms[1] - clock_ms[0]
    place = (arrival_ms - clock_ms[0]) / step
    here = (place >= 0) & (place < n_time)
    row, place, size = row[here], place[here], size[here, None]
    first = np.floor(place).astype(int)
    later = (place - first)[:, None]
    copy = size * ((1 - later) * np.append(template, 0.0) + later * np.append(0.0, template))
    length = n_time + len(template) + 1  # a copy that runs past the end stays in its row
    at = (row * length + first)[:, None] + np.arange(len(template) + 1)
    total = np.bincount(at.ravel(), copy.ravel(), n_row * length)
    return np.asarray(total, np.float64).reshape(n_row, length)[:, :n_time]
