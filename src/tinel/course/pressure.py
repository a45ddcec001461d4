"""The scar's pressure through time, as steps that no choice of exam days can change."""

from __future__ import annotations

import numpy as np

from tinel import evidence
from tinel.lesion.state import Floats, Ints, Lesion
from tinel.treatment.plan import Intervention

# Relief that fades is cut into steps at these multiples of its half-time; after the last one the
# old pressure is back.
_FADING = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0)


def steps(lesion: Lesion, interventions: tuple[Intervention, ...]) -> tuple[Floats, Floats]:
    """When each step of pressure begins, and how high it is.

    The scar presses from ``onset_d`` on. Each intervention from that day on multiplies the
    pressure, and half of what it took away is back after ``recurrence_d``; one before it finds no
    scar to free. A step also begins where remyelination does
    (``course.sheath.rest``) and on the day of every intervention.

    Returns:
        ``begins_d`` and ``pressure_mmHg``, shape ``(n_twin, n_step)``; the first step begins on
        day 0 and the last one never ends.
    """
    n_twin = lesion.pressure_mmHg.size
    days = [np.zeros(n_twin), np.full(n_twin, evidence.value("course.sheath.rest"))]
    if (lesion.pressure_mmHg > 0).any():
        days.append(lesion.onset_d)
    for done in interventions:
        fading = done.pressure_factor != 1.0 and np.isfinite(done.recurrence_d)
        offsets = [f * done.recurrence_d for f in _FADING] if fading else [0.0]
        days.extend(np.full(n_twin, done.day + offset) for offset in offsets)
    begins = np.sort(np.stack(days, axis=1), axis=1)
    middle = np.concatenate(
        [0.5 * (begins[:, :-1] + begins[:, 1:]), np.full((n_twin, 1), np.inf)], axis=1
    )
    pressing = middle >= lesion.onset_d[:, None]
    pressure = np.where(pressing, lesion.pressure_mmHg[:, None], 0.0)
    for done in interventions:
        if done.pressure_factor != 1.0:
            there = done.day >= lesion.onset_d[:, None]
            pressure = pressure * np.where(there, relief(middle, done), 1.0)
    return begins, pressure


def relief(day: Floats, done: Intervention) -> Floats:
    """Factor on the pressure that one intervention leaves on given days.

    Example:
        >>> done = Intervention("x", 10.0, pressure_factor=0.2, recurrence_d=7.0)
        >>> relief(np.array([9.0, 10.0, 17.0, np.inf]), done).round(2).tolist()
        [1.0, 0.2, 0.6, 1.0]
    """
    since = np.maximum(day - done.day, 0.0)
    if np.isfinite(done.recurrence_d):
        left = np.exp2(-since / done.recurrence_d)
    else:
        left = np.ones_like(since)
    factor: Floats = np.where(day >= done.day, 1.0 - (1.0 - done.pressure_factor) * left, 1.0)
    return factor


def step_at(begins_d: Floats, day: float) -> Ints:
    """Index of the step that holds on a day, shape ``(n_twin,)``.

    Example:
        >>> step_at(np.array([[0.0, 14.0, 60.0]]), 20.0).tolist()
        [1]
    """
    index: Ints = (begins_d <= day).sum(axis=1) - 1
    return index
