"""Torn axons that are held at the injury: they fire by themselves and answer to pressure."""

from __future__ import annotations

import numpy as np

from tinel.course.state import NerveState
from tinel.lesion.state import Bools, Floats, Lesion
from tinel.symptom.today import Today, each, of_sensory, since_broken_d


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


def firing_fraction(
    since_d: Floats, silent_d: Floats, active_d: Floats, in_the_end: Floats
) -> Floats:
    """Fraction of held axons that fire by themselves so many days after they broke.

    Source:
        PMC2343086 (mouse): none at about 10 days, 19 % at about 22.

    Example:
        >>> day = np.array([10.0, 16.0, 22.0, 300.0])
        >>> firing_fraction(day, np.array(10.0), np.array(22.0), np.array(0.19)).tolist()
        [0.0, 0.095, 0.19, 0.19]
    """
    rise = np.maximum(active_d - silent_d, 1e-9)
    return np.asarray(in_the_end * np.clip((since_d - silent_d) / rise, 0.0, 1.0), np.float64)


def fires(today: Today) -> tuple[Floats, Floats]:
    """Fractions of the sensory axons that fire by themselves in a torn place, and that answer.

    Two arrays ``(n_twin,)``, 0 to 1. The first count of those that answer to pressure is reached
    evenly by its day, the second by the second.
    """
    silent, active, end, early, late, clock = (
        each(today, f"neuroma.{key}")[:, None]
        for key in (
            "silent_d",
            "active_d",
            "spontaneous",
            "mechanosensitive_early",
            "mechanosensitive_late",
            "human_over_mouse",
        )
    )
    here = held(today.lesion, today.state)
    day = since_broken_d(today) / clock
    risen = firing_fraction(day, silent, active, np.ones_like(silent))
    answer = early * np.minimum(day / silent, 1.0) + (late - early) * risen
    return of_sensory(today, here * (end * risen)), of_sensory(today, here * answer)
