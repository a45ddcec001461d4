"""Muscle fibres without an axon: fibrillations and positive sharp waves at rest.

They begin days after an axon breaks, later the longer its distal stump, and stop where the fibre
is held again or has turned to scar. Their amplitude falls with the months (Kraft 1990).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinel.course.fading import Fading
from tinel.evidence import Parameters
from tinel.exam.limb import Floats, Limb
from tinel.nerve.anatomy import MOTOR, Target

_MONTH_d = 365.25 / 12
_KRAFT_months = (1, 3, 5, 12)  # the middles of its groups; after a year


@dataclass(frozen=True)
class Spontaneous:
    """Per twin, ``(n_twin,)``.

    Args:
        spikes, waves: fibres at the needle that fire as fibrillations or as positive sharp waves.
        amplitude_uV: of a fibrillation; nan where there is none.
        living: fraction of the muscle's fibres that are no scar.
    """

    spikes: Floats
    waves: Floats
    amplitude_uV: Floats
    living: Floats


def stump_mm(limb: Limb, muscle: Target) -> Floats:
    """Length of the distal stump of each axon of a muscle, mm, ``(n_twin, n_axon)``."""
    own = limb.fibres_of(muscle.name) & (limb.nerve.fibres.kind == MOTOR)
    found: Floats = np.maximum(muscle.path_mm - limb.broke_mm[:, own], 0.0)
    return found


def begins_d(limb: Limb, muscle: Target) -> Floats:
    """Days from the break of each axon to the first positive sharp waves, ``(n_twin, n_axon)``."""
    twins = limb.nerve.twins
    spread, per_mm, begin = (
        twins.each(f"needle.fibrillation.{key}")[:, None]
        for key in ("spread", "per_mm_d", "waves_begin_d")
    )
    person = np.exp(spread * twins.normal("needle.begins", 1))
    found: Floats = (begin + per_mm * stump_mm(limb, muscle)) * person
    return found


def fibres_seen(parameters: Parameters) -> Floats | float:
    """Muscle fibres of all units near enough to the needle to be told from noise."""
    seen = parameters.per_twin("needle.electrode.seen_mm")
    density = parameters.per_twin("needle.unit.muscle_fibres_per_mm2")
    found: Floats | float = density * np.pi * seen**2 / 2
    return found


def amplitude_uV(silent_d: Floats, limb: Limb) -> Floats:
    """Amplitude of a fibrillation after days of silence, ``(n_twin,)`` (Kraft 1990)."""
    months = silent_d / _MONTH_d
    values = [limb.nerve.twins.each(f"needle.fibrillation.month_{m}_uV") for m in _KRAFT_months]
    each = zip(months, np.log(np.array(values)).T, strict=True)
    return np.array([np.exp(np.interp(month, _KRAFT_months, known)) for month, known in each])


def spontaneous(limb: Limb, muscle: Target) -> Spontaneous:
    """What a muscle does at rest on the day of the limb."""
    twins, state, row = limb.nerve.twins, limb.state, limb.row(muscle.name)
    each, motor = twins.each, limb.nerve.fibres.kind == MOTOR
    here = state.destination[:, motor] == row
    silent = np.maximum(1.0 - np.where(here, state.territory[:, motor], 0.0).sum(axis=1), 0.0)
    own = limb.fibres_of(muscle.name) & motor
    broken_d, broken = state.broken_d[:, own], ~state.intact[:, own]
    idle = broken & ~state.junction_works[:, own]
    # axons that are back elsewhere still count where no other is missing
    idle = np.where(idle.any(axis=1, keepdims=True), idle, broken)
    n = np.maximum(idle.sum(axis=1), 1)
    mean_d = np.where(idle, broken_d, 0.0).sum(axis=1) / n
    begins = begins_d(limb, muscle)
    spread = np.maximum(each("needle.fibrillation.spread"), 1e-3)[:, None]

    def begun(after_d: Floats) -> Floats:
        # none before that day, then more and more of those that wait
        late = np.maximum(broken_d / after_d - 1.0, 0.0) / spread
        found: Floats = np.where(idle, -np.expm1(-late), 0.0).sum(axis=1) / n
        return found

    fade = Fading.of(np.array([True]), limb.parameters)
    lasting = np.broadcast_to(fade.lasting(mean_d[:, None]), (len(twins), 1))[:, 0]
    fires = silent * lasting * each("needle.fibrillation.firing") * fibres_seen(limb.parameters)
    spikes = fires * begun(begins + each("needle.fibrillation.spikes_later_d")[:, None])
    return Spontaneous(
        spikes=spikes,
        waves=fires * begun(begins),
        amplitude_uV=amplitude_uV(mean_d, limb),
        living=1.0 - silent * (1.0 - lasting),
    )


def graded(firing: Floats, limb: Limb) -> Floats:
    """The laboratory's 0 to 4+ for a number of firing fibres at the needle, ``(n_twin,)``."""
    bounds = [limb.nerve.twins.each(f"needle.fibrillation.grade{k}") for k in (1, 2, 3, 4)]
    return np.sum([firing >= bound for bound in bounds], axis=0).astype(np.float64)
