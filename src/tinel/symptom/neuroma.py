"""Torn axons that are held at the injury: they fire by themselves and answer to pressure."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinel.course.state import NerveState
from tinel.lesion.state import Bools, Floats, Lesion
from tinel.symptom.today import OneDay, Today, each, of_sensory, since_broken_d


def held(lesion: Lesion, state: NerveState) -> Bools:
    """Axons that end in a torn place, ``(n_twin, n_fibre)``.

    Broken, out of their tube, not growing, and not beyond the injured stretch, or in a second one.
    """
    at_injury = state.front_mm <= (lesion.site_mm + lesion.length_mm)[:, None]
    far = lesion.beyond
    if far is not None and state.beyond is not None:
        start, end = far.site_mm[:, None], (far.site_mm + far.length_mm)[:, None]
        within = (state.front_mm >= start) & (state.front_mm <= end)
        at_injury |= far.present & state.beyond.divided & within
    return lesion.present & ~state.joined & ~state.growing & state.torn & at_injury


def rise(since_d: Any, silent_d: Any, active_d: Any) -> Any:
    """How far a held axon has come to fire by itself so many days after it broke, 0 to 1.

    Not at all until the silent days are over, in full from the active day on, evenly between. Of
    numbers or arrays, as it is also compiled.

    Source:
        PMC2343086 (mouse): none at about 10 days, 19 % at about 22.

    Example:
        >>> day = np.array([10.0, 16.0, 22.0, 300.0])
        >>> (0.19 * rise(day, np.array(10.0), np.array(22.0))).tolist()
        [0.0, 0.095, 0.19, 0.19]
    """
    risen = (since_d - silent_d) / np.maximum(active_d - silent_d, 1e-9)
    return np.minimum(np.maximum(risen, 0.0), 1.0)


def fires(today: Today) -> tuple[Floats, Floats]:
    """Fractions of the sensory axons that fire by themselves in a torn place, and that answer.

    Two arrays ``(n_twin,)``, 0 to 1. The first count of those that answer to pressure is reached
    evenly by its day, the second by the second.
    """
    end, early, late = (
        each(today, f"neuroma.{key}")
        for key in ("spontaneous", "mechanosensitive_early", "mechanosensitive_late")
    )
    risen, begun = today.sensory.torn_firing, today.sensory.torn_early
    return end * risen, early * begun + (late - early) * risen


def progress(today: OneDay) -> tuple[Floats, Floats]:
    """How far the held axons have come to fire by themselves, and to answer in the first days.

    Two sums over the sensory axons, each held axon as far as it has come, ``(n_twin,)``, 0 to 1.
    """
    silent, active, clock = (
        each(today, f"neuroma.{key}")[:, None]
        for key in ("silent_d", "active_d", "human_over_mouse")
    )
    here = held(today.lesion, today.state)
    day = since_broken_d(today) / clock
    risen, begun = rise(day, silent, active), np.minimum(day / silent, 1.0)
    return of_sensory(today, here * risen), of_sensory(today, here * begun)
