"""Motor neurons that answer an antidromic impulse with one of their own: the source of F waves."""

from __future__ import annotations

import numpy as np

from tinel.exam.limb import Bools, Floats, Limb
from tinel.exam.motor_response import drawn
from tinel.nerve.anatomy import MOTOR


def backfire_chance(limb: Limb) -> Floats:
    """Chance per stimulus that a motor neuron answers, ``(n_twin, n_fibre)``; 0 for others.

    Its mean over a muscle's units is ``exam.f_wave.backfire`` times a factor of the person; it
    rises with the healthy size of the unit, as larger units are found more often in F waves.
    """
    twins, fibres = limb.nerve.twins, limb.nerve.fibres
    sigma = np.sqrt(np.log1p(twins.each("exam.f_wave.person_cv")[:, None] ** 2))
    person = np.exp(sigma * twins.normal("exam.f_wave.person", 1) - sigma**2 / 2)
    size = fibres.unit_uV ** twins.each("exam.f_wave.size_exponent")[:, None]
    chance = np.zeros(size.shape)
    for row in np.unique(fibres.target[fibres.kind == MOTOR]):
        here = fibres.target == row
        chance[:, here] = size[:, here] / size[:, here].mean(axis=1, keepdims=True)
    mean = twins.each("exam.f_wave.backfire")[:, None]
    return np.clip(mean * person * chance, 0.0, 1.0)


def backfires(limb: Limb, target: str, stimuli: int) -> Bools:
    """Which motor neurons answer which stimulus, ``(n_twin, n_stimulus, n_fibre)``.

    Fibres are those of ``limb.only(target)``. Draws differ from day to day; the two sides of a
    person share them, so that they differ by the injury alone.

    Args:
        limb: the whole limb on its day.
        target: the muscle.
        stimuli: how many are given, 1 or more.
    """
    from scipy.special import ndtri

    which = limb.fibres_of(target) | limb.supplying(target).any(axis=0)
    limit = ndtri(backfire_chance(limb)[:, which])
    stream = f"exam.f_wave.day {limb.state.day:g}"
    return np.asarray(drawn(limb, target, stream, stimuli) < limit[:, None])
