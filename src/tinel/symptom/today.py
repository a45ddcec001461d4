"""An injured nerve on one day, as a symptom sees it."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from tinel.course.state import NerveState
from tinel.lesion.state import Bools, Floats, Lesion
from tinel.nerve.anatomy import MOTOR, SENSORY, Nerve, Target
from tinel.treatment.plan import Intervention


class Today(Protocol):
    """Nerve, lesion, state of the day, what conducts, what works and what was done.

    ``tinel.exam.limb.Limb`` is one; ``working`` is described there.
    """

    @property
    def nerve(self) -> Nerve:
        """With the twins whose nerve it is."""

    @property
    def lesion(self) -> Lesion:
        """What is hurt."""

    @property
    def state(self) -> NerveState:
        """What stands, conducts and has grown on the day."""

    @property
    def working(self) -> tuple[Floats, Floats]:
        """What of each target works through its own axons, and through others'."""

    @property
    def interventions(self) -> tuple[Intervention, ...]:
        """What has been or will be done."""


def each(today: Today, key: str) -> Floats:
    """A number of this room in each twin, ``(n_twin,)``; ``key`` without ``symptom.``."""
    return today.nerve.twins.each(f"symptom.{key}")


def since_injury_d(today: Today) -> Floats:
    """Days since the injury, ``(n_twin,)``; 0 before it."""
    return np.maximum(today.state.day - today.lesion.struck_d, 0.0)


def since_broken_d(today: Today) -> Floats:
    """Days since each axon broke, ``(n_twin, n_fibre)``, 0 or more.

    One that the injury itself did not break counts from the injury.
    """
    cut = today.lesion.first_cut_d
    begin = np.where(np.isfinite(cut), cut, today.lesion.struck_d[:, None])
    return np.maximum(today.state.day - begin, 0.0)


def of_sensory(today: Today, per_fibre: Floats | Bools) -> Floats:
    """Mean over the sensory axons that run through the injury, ``(n_twin,)``; 0 without any."""
    return _mean(today, per_fibre, SENSORY)


def of_motor(today: Today, per_fibre: Floats | Bools) -> Floats:
    """Mean over the motor axons that run through the injury, ``(n_twin,)``; 0 without any."""
    return _mean(today, per_fibre, MOTOR)


def damage(today: Today) -> Floats:
    """How much of its sheath each standing axon lacks at the injury, ``(n_twin, n_fibre)``, 0 to 1.

    The lamellae that are gone or how far the paranodes are open, whichever is more; of two injuries
    where it is worse.
    """
    state, far = today.state, today.lesion.beyond
    lacks = np.maximum(1.0 - state.lamellae_left, state.paranode_opening)
    if far is not None and state.beyond is not None:
        there = np.maximum(1.0 - state.beyond.lamellae_left, state.beyond.paranode_opening)
        lacks = np.maximum(lacks, np.where(far.present, there, 0.0))
    return np.where(state.intact & today.lesion.present, lacks, 0.0)


def injured(today: Today, kind: str) -> list[tuple[int, Target]]:
    """Place and target of every muscle (``motor``) or skin (``sensory``) beyond the injury."""
    reached = set(today.nerve.fibres.target[today.lesion.present].tolist())
    targets = enumerate(today.nerve.targets)
    return [(k, t) for k, t in targets if k in reached and t.kind == kind]


def _mean(today: Today, per_fibre: Floats | Bools, kind: int) -> Floats:
    fibres = today.nerve.fibres
    here = today.lesion.present & (fibres.kind == kind)
    weight = np.where(here, fibres.weight, 0.0)
    return np.asarray(per_fibre @ weight / max(float(weight.sum()), 1e-300), np.float64)
