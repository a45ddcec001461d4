"""Muscles without axons, through the course: water within weeks, fat and loss over months."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.course import Course, state_at
from tinel.errors import TinelError
from tinel.evidence import Parameters

Floats = NDArray[np.float64]

# Steps in which a course is walked through: numerical, finer changes no picture.
FIRST_STEP_d, GROWTH = 1.0, 1.06


@dataclass(frozen=True)
class MuscleState:
    """One muscle of one twin on a day.

    Args:
        name: as the nerve's file calls it.
        silent: part that no axon holds, 0 to 1.
        water: free water beyond that of healthy muscle, as ``Plane.water``.
        fat: part that has turned to fat, as ``Plane.fat``.
        bulk: against that before the injury, 0 to 1.
    """

    name: str
    silent: float
    water: float
    fat: float
    bulk: float


def days_to(day: float) -> Floats:
    """Days from the injury to ``day`` in steps that widen, the first and the last exact.

    Example:
        >>> days_to(3.0).tolist()
        [0.0, 1.0, 2.06, 3.0]
    """
    days, step = [0.0], FIRST_STEP_d
    while days[-1] + step < day:
        days.append(days[-1] + step)
        step *= GROWTH
    return np.array([*days, day] if day > 0 else days)


def followed(silent: Floats, days: Floats, parameters: Parameters) -> tuple[Floats, Floats, Floats]:
    """Water, fat and volume of a muscle on each of some days.

    Args:
        silent: part without axons on each day, ``(n_day,)``, 0 to 1.
        days: rising from 0, ``(n_day,)``.
        parameters: ``mri.denervated`` and the atrophy of ``course``.

    Returns:
        Three arrays ``(n_day,)``.

    Example:
        >>> days = np.array([0.0, 30.0, 400.0])
        >>> water, fat, volume = followed(np.ones(3), days, Parameters.of_evidence())
        >>> bool(water[1] > 0.4), float(fat[1]), bool(fat[2] > 0.1), bool(volume[2] < 0.6)
        (True, 0.0, True, True)
    """

    def number(key: str) -> float:
        return parameters.scalar(key)

    most, rise_d, fall_d = (
        number(f"mri.denervated.{key}") for key in ("water", "water_rise_d", "water_fall_d")
    )
    fat_most, rest_d, fat_d = (
        number(f"mri.denervated.{key}") for key in ("fat", "fat_rest_d", "fat_d")
    )
    shrink_d, floor, refill_d = (
        number(f"course.atrophy.{key}") for key in ("tau", "floor", "recovery_tau")
    )
    water, fat, volume = (np.zeros(len(days)) for _ in range(3))
    volume[0] = 1.0
    quiet_d = 0.0
    for k in range(1, len(days)):
        step, part = days[k] - days[k - 1], float(silent[k])
        goal = most * part
        tau = rise_d if goal > water[k - 1] else fall_d
        water[k] = goal + (water[k - 1] - goal) * np.exp(-step / tau)
        before, quiet_d = quiet_d, quiet_d + part * step
        since = max(0.0, quiet_d - max(rest_d, before))
        room = max(fat_most * part - fat[k - 1], 0.0)
        fat[k] = fat[k - 1] + room * (1 - np.exp(-since / fat_d))
        goal = 1 - (1 - floor) * part
        tau = shrink_d if goal < volume[k - 1] else refill_d
        volume[k] = goal + (volume[k - 1] - goal) * np.exp(-step / tau)
    return water, fat, volume


def muscles_on(course: Course, day: float, twin: int = 0) -> tuple[MuscleState, ...]:
    """Every muscle of the nerve on a day, for one twin, from who held it on every day before.

    Args:
        course: from ``tinel.course.follow``.
        day: days after the injury, 0 or more.
        twin: which of the course's twins, counted from 0.

    Raises:
        TinelError: a day before the injury, or no such twin.

    Source:
        ``mri.denervated`` for water and fat, ``course.atrophy`` for the bulk.

    Example:
        >>> from tinel import course, lesion, nerve, treatment
        >>> from tinel.twins import Patient, Twins
        >>> one = Twins(Patient(age=40, sex="female", height_cm=170), range(1))
        >>> arm = nerve.build("ulnar", side="left", twins=one)
        >>> cut = lesion.laceration.make(arm, "ulnar trunk", site_mm=400.0, fraction=1.0)
        >>> waited = course.follow(arm, cut, treatment.plan("wait", []))
        >>> [m.name for m in muscles_on(waited, 60.0) if m.water > 0.4][:2]
        ['flexor carpi ulnaris', 'abductor digiti minimi']
    """
    nerve = course.nerve
    if not 0 <= twin < nerve.n_twin:
        told = f"{twin} is no twin of this course (allowed: 0 to {nerve.n_twin - 1})"
        raise TinelError(told, "twin")
    days = days_to(day)
    motor = [k for k, t in enumerate(nerve.targets) if t.kind == "motor"]
    held = np.stack([_held(course, float(at), twin) for at in days])
    found = []
    for k in motor:
        silent = np.clip(1.0 - held[:, k], 0.0, 1.0)
        water, fat, volume = followed(silent, days, nerve.twins.parameters)
        name = nerve.targets[k].name
        last = (float(each[-1]) for each in (silent, water, fat, volume))
        found.append(MuscleState(name, *last))
    return tuple(found)


def _held(course: Course, day: float, twin: int) -> Floats:
    """Part of each target that axons hold, ``(n_target,)``."""
    state = state_at(course, day)
    there = state.destination[twin] >= 0
    held = np.bincount(
        state.destination[twin][there],
        state.territory[twin][there],
        minlength=len(course.nerve.targets),
    )
    return np.asarray(held, np.float64)
