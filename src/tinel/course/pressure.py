"""The scar's pressure through time, in steps that do not depend on the exam days."""

from __future__ import annotations

import numpy as np

from tinel.lesion.state import Floats, Ints, Lesion
from tinel.treatment.plan import Intervention
from tinel.twins import Twins

# Relief that fades is cut into steps at these multiples of its half-time; after the last one the
# old pressure is back.
_FADING = (0.0, 0.05, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.5)

# A scar that matures is cut at these multiples of its time constant.
_MATURING = (0.1, 0.35, 0.7, 1.2, 2.0, 3.5)


def steps(
    lesion: Lesion, interventions: tuple[Intervention, ...], twins: Twins
) -> tuple[Floats, Floats]:
    """When each step of pressure begins, and how high it is.

    The scar presses from ``onset_d`` on, and softens or contracts from then on (``maturing``).
    Each intervention from that day on multiplies what presses from outside the nerve, and half of
    what it took away is back after ``recurrence_d``; one before it finds no scar to free. The
    pressure of scar inside the nerve (``scar.intraneural``) is not relieved. A step also begins
    where remyelination does (``course.sheath.rest``) and on the day of every intervention.

    Returns:
        ``begins_d`` and ``pressure_mmHg``, shape ``(n_twin, n_step)``; the first step begins on
        day 0 and the last one never ends.
    """
    n_twin = lesion.pressure_mmHg.size
    lasting = bool((lesion.pressure_mmHg > 0).any())
    days = [np.zeros(n_twin), lesion.struck_d + twins.each("course.sheath.rest")]
    if lesion.struck_d.any():
        days.append(lesion.struck_d)
    matures = lasting and np.any(np.not_equal(twins.each("scar.final_factor"), 1.0))
    if lasting:
        days.append(lesion.onset_d)
    if matures:
        slow_d = twins.each("scar.maturing")
        days.extend(lesion.onset_d + multiple * slow_d for multiple in _MATURING)
    for done in interventions:
        fading = lasting and np.any(
            np.not_equal(done.pressure_factor, 1.0) & np.isfinite(done.recurrence_d)
        )
        half_d = np.broadcast_to(np.ravel(done.recurrence_d), n_twin)
        offsets = [multiple * half_d for multiple in _FADING] if fading else [np.zeros(n_twin)]
        days.extend(done.day + offset for offset in offsets)
    begins = np.sort(np.stack(days, axis=1), axis=1)
    middle = np.concatenate(
        [0.5 * (begins[:, :-1] + begins[:, 1:]), np.full((n_twin, 1), np.inf)], axis=1
    )
    pressing = middle >= lesion.onset_d[:, None]
    pressure = np.where(pressing, lesion.pressure_mmHg[:, None], 0.0)
    if matures:
        pressure = pressure * maturing(middle - lesion.onset_d[:, None], twins)
    left: Floats | None = None
    for done in interventions:
        if np.any(np.not_equal(done.pressure_factor, 1.0)):
            there = done.day >= lesion.onset_d[:, None]
            factor = np.where(there, relief(middle, done), 1.0)
            left = factor if left is None else left * factor
    if left is not None:
        pressure = pressure * (left + twins.each("scar.intraneural")[:, None] * (1.0 - left))
    return begins, pressure


def maturing(since_d: Floats, twins: Twins) -> Floats:
    """Factor on a scar's pressure days after it began to press, ``(n_twin, n_day)`` as given.

    From 1 to ``scar.final_factor`` with the time constant ``scar.maturing``: by default it stays.

    Source:
        None: the pressure under a scar was never measured.

    Example:
        >>> from tinel.evidence import Parameters
        >>> from tinel.twins import Patient
        >>> soft = Parameters.of_evidence().replace({"scar.final_factor": 0.5})
        >>> few = Twins(Patient(age=40, sex="female", height_cm=170), range(1), 1, soft)
        >>> maturing(np.array([[0.0, 180.0, np.inf]]), few).round(2).tolist()
        [[1.0, 0.68, 0.5]]
    """
    final = twins.each("scar.final_factor")[:, None]
    done = -np.expm1(-np.maximum(since_d, 0.0) / twins.each("scar.maturing")[:, None])
    factor: Floats = 1.0 + (final - 1.0) * done
    return factor


def relief(day: Floats, done: Intervention) -> Floats:
    """Factor on the pressure that one intervention leaves on given days.

    Example:
        >>> done = Intervention("x", 10.0, pressure_factor=0.2, recurrence_d=7.0)
        >>> relief(np.array([9.0, 10.0, 17.0, np.inf]), done).round(2).tolist()
        [1.0, 0.2, 0.6, 1.0]
    """
    with np.errstate(invalid="ignore"):  # for ever, over a relief that lasts for ever
        faded = np.exp2(-np.maximum(day - done.day, 0.0) / done.recurrence_d)
    left = np.where(np.isfinite(done.recurrence_d), faded, 1.0)
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
