"""What muscles beyond the injury do: cramp, weakness, wasting."""

from __future__ import annotations

import numpy as np

from tinel.lesion.state import Floats, Lesion
from tinel.symptom.loss import ROUNDING
from tinel.symptom.scale import of_ten
from tinel.symptom.today import (
    OneDay,
    Today,
    damage,
    each,
    injured,
    of_motor,
    since_broken_d,
)


def cramps(today: OneDay) -> Floats:
    """Cramps, 0 to 10, ``(n_twin,)``: motor axons with a damaged sheath, or newly regrown."""
    young = np.where(today.state.reached, 1.0 - today.state.maturity, 0.0)
    counts = of_motor(today, damage(today))
    counts = counts + each(today, "cramps.young") * of_motor(today, np.maximum(young, 0.0))
    return of_ten(each(today, "cramps.per_firing") * counts)


def weakness(today: Today) -> Floats:
    """Fraction of force that is lost, mean over the muscles beyond the injury, ``(n_twin,)``."""

    def beyond(lesion: Lesion) -> Floats:
        places = [k for k, _ in injured(today.nerve, lesion, "motor")]
        if not places:
            return np.zeros(today.nerve.n_twin)
        gone = 1.0 - today.working[0][:, places]
        return np.asarray(np.where(gone < ROUNDING, 0.0, gone).mean(axis=1), np.float64)

    return today.lesion.counted(beyond)


def wasting(today: OneDay) -> Floats:
    """Fraction of bulk that is lost, mean over the muscles beyond the injury, ``(n_twin,)``.

    Muscle that an axon holds has what it can do as its bulk, blocked or not; muscle without an axon
    shrinks by ``course.atrophy``.
    """
    return today.lesion.counted(lambda lesion: _wasting(today, lesion))


def _wasting(today: OneDay, lesion: Lesion) -> Floats:
    places = [k for k, _ in injured(today.nerve, lesion, "motor")]
    n_twin, state = today.nerve.n_twin, today.state
    if not places:
        return np.zeros(n_twin)
    twins, own = today.nerve.twins, today.nerve.fibres.target
    floor, tau = (twins.each(f"course.atrophy.{key}") for key in ("floor", "tau"))
    found = np.zeros((n_twin, len(places)))
    for column, k in enumerate(places):
        here = state.destination == k
        has = np.where(here, state.territory, 0.0).sum(axis=1)
        bulk = np.where(here, state.territory * state.readiness, 0.0).sum(axis=1)
        since = since_broken_d(today)[:, own == k].mean(axis=1)
        shrunk = floor + (1.0 - floor) * np.exp(-since / tau)
        found[:, column] = 1.0 - bulk - np.maximum(1.0 - has, 0.0) * shrunk
    return np.asarray(np.where(found < ROUNDING, 0.0, found).mean(axis=1), np.float64)
