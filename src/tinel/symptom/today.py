"""An injured nerve on one day, as a symptom sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from tinel.course.state import NerveState
from tinel.lesion.state import Bools, Floats, Lesion
from tinel.nerve.anatomy import MOTOR, SENSORY, Nerve, Target
from tinel.treatment.plan import Intervention


@dataclass(frozen=True)
class Sensory:
    """Fractions of the sensory axons at the injury, ``(n_twin,)`` each.

    Args:
        damaged: that stand, by how much of their sheath they lack (``damage``).
        growing: whose tips advance.
        torn_firing, torn_early: that are held in a torn place, by how far they have come to fire by
            themselves, and to answer in the first days (``neuroma``).
    """

    damaged: Floats
    growing: Floats
    torn_firing: Floats
    torn_early: Floats


class Today(Protocol):
    """Nerve, lesion, what works, which sensory axons are hurt and how, and what was done.

    ``tinel.exam.limb.Limb`` is one; ``working`` is described there. On several days at once
    (``tinel.exam.daily.Daily``) ``day`` is a column, and every result has a first axis of days.
    """

    @property
    def nerve(self) -> Nerve:
        """With the twins whose nerve it is."""

    @property
    def lesion(self) -> Lesion:
        """What is hurt."""

    @property
    def day(self) -> float | Floats:
        """Days after the injury."""

    @property
    def working(self) -> tuple[Floats, Floats]:
        """What of each target works through its own axons, and through others'."""

    @property
    def sensory(self) -> Sensory:
        """Which sensory axons may fire."""

    @property
    def interventions(self) -> tuple[Intervention, ...]:
        """What has been or will be done."""


class OneDay(Today, Protocol):
    """The same with the state of every fibre on one day."""

    @property
    def state(self) -> NerveState:
        """What stands, conducts and has grown on the day."""


def each(today: Today, key: str) -> Floats:
    """A number of this room in each twin, ``(n_twin,)``; ``key`` without ``symptom.``."""
    return today.nerve.twins.each(f"symptom.{key}")


def since_injury_d(today: Today) -> Floats:
    """Days since the injury, ``(n_twin,)``; 0 before it."""
    return np.maximum(today.day - today.lesion.first_struck_d, 0.0)


def since_broken_d(today: OneDay) -> Floats:
    """Days since each axon broke, ``(n_twin, n_fibre)``, 0 or more.

    One that the injury itself did not break counts from the injury; one that had come back and was
    broken again by a later injury, from that.
    """
    lesion, state = today.lesion, today.state
    cut = lesion.first_cut_d
    begin = np.where(np.isfinite(cut), cut, lesion.first_struck_d[:, None])
    if lesion.beyond is not None:
        last = np.maximum(lesion.cut_d, lesion.beyond.cut_d)
        again = (last <= state.day) & (last > begin) & (state.broken_d <= state.day - last + 1e-6)
        begin = np.where(again & ~state.intact, last, begin)
    return np.maximum(today.state.day - begin, 0.0)


def of_sensory(today: OneDay, per_fibre: Floats | Bools) -> Floats:
    """Mean over the sensory axons that run through the injury, ``(n_twin,)``; 0 without any."""
    nerve = today.nerve
    return today.lesion.counted(lambda place: per_fibre @ sensory_weights(nerve, place))


def of_motor(today: OneDay, per_fibre: Floats | Bools) -> Floats:
    """Mean over the motor axons that run through the injury, ``(n_twin,)``; 0 without any."""
    nerve = today.nerve
    return today.lesion.counted(lambda place: per_fibre @ _weights(nerve, place, MOTOR))


def sensory_weights(nerve: Nerve, lesion: Lesion) -> Floats:
    """Each fibre's part of the sensory axons that run through an injury, ``(n_fibre,)``."""
    return _weights(nerve, lesion, SENSORY)


def damage(today: OneDay) -> Floats:
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


def injured(nerve: Nerve, lesion: Lesion, kind: str) -> list[tuple[int, Target]]:
    """Place and target of every muscle (``motor``) or skin (``sensory``) beyond an injury."""
    reached = set(nerve.fibres.target[lesion.present].tolist())
    targets = enumerate(nerve.targets)
    return [(k, t) for k, t in targets if k in reached and t.kind == kind]


def _weights(nerve: Nerve, lesion: Lesion, kind: int) -> Floats:
    here = lesion.present & (nerve.fibres.kind == kind)
    weight = np.where(here, nerve.fibres.weight, 0.0)
    return np.asarray(weight / max(float(weight.sum()), 1e-300), np.float64)
