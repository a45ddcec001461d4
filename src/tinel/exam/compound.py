"""Compound potential: the sum of single potentials, each at its own time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def compound(
    arrival_ms: Floats,
    size: Floats,
    template: NDArray[np.int_],
    templates: Floats,
    template_start_ms: float,
    clock_ms: Floats,
) -> Floats:
    """Sum shifted templates.

    Args:
        arrival_ms: when each potential's time zero falls, ``(n_twin, n_fibre)``; inf for none.
        size: factor per potential, ``(n_twin, n_fibre)``.
        template: which template each one has, ``(n_twin, n_fibre)``.
        templates: ``(n_template, n_sample)`` on the clock's step, starting at
            ``template_start_ms`` before or after the arrival.
        clock_ms: evenly spaced times, ``(n_time,)``.

    Returns:
        ``(n_twin, n_time)``. Arrivals are split linearly between neighbouring samples.
    """
    from scipy import fft  # slow to import, and reading a case needs no transform

    n_twin, n_time, n_template = len(arrival_ms), len(clock_ms), len(templates)
    step = clock_ms[1] - clock_ms[0]
    lead = max(0, int(np.ceil(-template_start_ms / step)))  # arrivals just after the window count
    place = (arrival_ms + template_start_ms - clock_ms[0]) / step
    here = np.isfinite(place) & (place > -templates.shape[1]) & (place < n_time + lead)
    twin, _ = np.nonzero(here)
    at = place[here] + templates.shape[1]
    length = fft.next_fast_len(n_time + lead + 2 * templates.shape[1] + 2, real=True)
    low = np.floor(at).astype(int)
    row = (twin * n_template + template[here]) * length
    later, weight = at - low, size[here]
    train = np.bincount(row + low, weight * (1 - later), n_twin * n_template * length)
    train += np.bincount(row + low + 1, weight * later, n_twin * n_template * length)
    spectrum = fft.rfft(train.reshape(n_twin, n_template, length), axis=-1)
    kernel = fft.rfft(templates, length, axis=-1)
    total = fft.irfft(np.einsum("wtf,tf->wf", spectrum, kernel), length, axis=-1)
    return total[:, templates.shape[1] : templates.shape[1] + n_time]


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
