"""Muscles without their nerve: water within days, fat and loss of bulk over months."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

import numpy as np

from tinel.imaging.anatomy.scanned import Scanned
from tinel.nerve.anatomy import MOTOR


@dataclass(frozen=True)
class MuscleState:
    """A muscle on the day.

    Args:
        name: of the target.
        silent: part that no axon holds, 0 to 1.
        silent_d: days for which that part has been silent.
        water: 0 to 1, free water beyond the healthy muscle's.
        fat: 0 to 1, part that has turned to fat.
        bulk: its volume over the healthy one's.
    """

    name: str
    silent: float
    silent_d: float
    water: float
    fat: float
    bulk: float


def muscles_at(scanned: Scanned) -> tuple[MuscleState, ...]:
    """The state of every muscle of a nerve on the day, from who holds it and since when.

    Args:
        scanned: whose nerve.

    Source:
        ``mri.denervated`` for water and fat, ``course.atrophy`` for the bulk.

    Example:
        >>> from tinel import nerve
        >>> from tinel.twins import Patient, Twins
        >>> one = Twins(Patient(age=40, sex="female", height_cm=170))
        >>> arm = nerve.build("ulnar", side="left", twins=one)
        >>> {(m.silent, m.water, m.fat, m.bulk) for m in muscles_at(Scanned.healthy(arm))}
        {(0.0, 0.0, 0.0, 1.0)}
    """
    nerve, state, twin = scanned.nerve, scanned.state, scanned.twin
    holder = state.destination[twin]
    territory, reached = state.territory[twin], state.reached[twin]
    found: list[MuscleState] = []
    for index, target in enumerate(nerve.targets):
        if target.kind != "motor":
            continue
        holds = holder == index
        silent = float(np.clip(1.0 - territory[holds].sum(), 0.0, 1.0))
        silent = 0.0 if silent < 1e-6 else silent
        own = (nerve.fibres.target == index) & (nerve.fibres.kind == MOTOR)
        gone = own & ~state.intact[twin]
        age = float(state.broken_d[twin][gone].mean()) if gone.any() else 0.0
        # what has come back is still filling out
        filling = float((territory * (1.0 - state.readiness[twin]))[holds & reached].sum())
        found.append(_state(scanned, target.name, silent, filling, age))
    return tuple(found)


def by_name(scanned: Scanned) -> dict[str, MuscleState]:
    """The same by the name of the target."""
    return {m.name: m for m in muscles_at(scanned)}


def _state(
    scanned: Scanned, name: str, silent: float, filling: float, silent_d: float
) -> MuscleState:
    def number(key: str) -> float:
        return scanned.number(f"mri.denervated.{key}")

    concerned = min(silent + filling, 1.0)
    rise = 1.0 - exp(-silent_d / number("water_rise_d"))
    fatty = 1.0 - exp(-max(silent_d - number("fat_rest_d"), 0.0) / number("fat_d"))
    shrunk = 1.0 - scanned.number("course.atrophy.floor")
    lost = shrunk * (1.0 - exp(-silent_d / scanned.number("course.atrophy.tau")))
    return MuscleState(
        name=name,
        silent=silent,
        silent_d=silent_d if silent > 0 else 0.0,
        water=number("water") * concerned * rise,
        fat=number("fat") * concerned * fatty,
        bulk=1.0 - lost * concerned,
    )
