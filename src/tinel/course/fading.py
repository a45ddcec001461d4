"""What silence does to muscle and skin: a part comes back when an axon comes, a part never does."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from tinel.evidence import Parameters
from tinel.lesion.state import Bools, Floats
from tinel.treatment.plan import Intervention


class Fading(NamedTuple):
    """Times (days) and floors of some targets; every field broadcasts to ``(n_twin, n_target)``.

    Args:
        rest_d: silence that leaves no lasting loss.
        fade_d: time constant of the lasting loss after that.
        floor: fraction that is never lost.
        shrink_d: time constant of the reversible loss (atrophy).
        shrunk: fraction that atrophy leaves.
        recovery_d: time constant with which muscle that is held again fills out.
    """

    rest_d: Floats
    fade_d: Floats
    floor: Floats
    shrink_d: Floats
    shrunk: Floats
    recovery_d: Floats

    @classmethod
    def of(cls, muscle: Bools, parameters: Parameters) -> Fading:
        """Of targets that are muscle or skin.

        A muscle's times are a rat's, stretched by ``course.clock.muscle_over_rat``, which is an
        assumption.
        """

        def number(key: str) -> float | Floats:
            return parameters[f"course.{key}"]

        clock = number("clock.muscle_over_rat")
        return cls(
            rest_d=np.where(muscle, clock * number("readiness.muscle_rest"), 0.0),
            fade_d=np.where(
                muscle, clock * number("readiness.muscle_tau"), number("readiness.skin_tau")
            ),
            floor=np.where(
                muscle, number("readiness.muscle_floor"), number("readiness.skin_floor")
            ),
            shrink_d=np.where(muscle, number("atrophy.tau"), 1.0),
            shrunk=np.where(muscle, number("atrophy.floor"), 1.0),
            recovery_d=np.where(muscle, number("atrophy.recovery_tau"), 1.0),
        )

    def lasting(self, silent_d: ArrayLike) -> Floats:
        """What tissue can do in the end if an axon comes after days of silence, 0 to 1."""
        found: Floats = left(np.asarray(silent_d), self.rest_d, self.fade_d, self.floor)
        return found


def left(silent_d: Any, rest_d: Any, fade_d: Any, floor: Any) -> Any:
    """``Fading.lasting`` of numbers or arrays, as it is also compiled."""
    return floor + (1.0 - floor) * np.exp(-np.maximum(silent_d - rest_d, 0.0) / fade_d)


def paces(interventions: tuple[Intervention, ...], days: Floats, n_twin: int) -> Floats:
    """Factor on the rate of fading in the step that ends on each day, ``(n_day, n_twin)``."""
    pace = np.ones((days.size, n_twin))
    for done in interventions:
        pace[days > done.day] *= np.broadcast_to(np.ravel(done.muscle_fade_factor), n_twin)
    return pace
