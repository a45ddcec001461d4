"""Input that is lost: numb skin, and what its absence adds to pain."""

from __future__ import annotations

import numpy as np

from tinel.lesion.state import Floats, Lesion
from tinel.symptom.today import Today, each, injured

ROUNDING = 1e-9  # sums over the axons of healthy skin are 1 but for this


def lost(today: Today) -> Floats:
    """Fraction of each target that no axon works in, ``(n_twin, n_target)``, 0 to 1."""
    own, astray = today.working
    gone = 1.0 - np.minimum(own + astray, 1.0)
    return np.where(gone < ROUNDING, 0.0, gone)


def numb(today: Today) -> Floats:
    """Fraction of the feeling that is lost, over all skin beyond the injury, ``(n_twin,)``.

    Skin counts by its axons. 0 where the nerve has no skin beyond the injury.
    """
    fibres = today.nerve.fibres

    def beyond(lesion: Lesion) -> Floats:
        places = [k for k, _ in injured(today.nerve, lesion, "sensory")]
        counts = np.array([fibres.weight[fibres.target == k].sum() for k in places])
        if not places:
            return np.zeros(today.working[0].shape[:-1])
        return np.asarray(lost(today)[..., places] @ counts / counts.sum(), np.float64)

    return today.lesion.counted(beyond)


def as_firing(today: Today) -> Floats:
    """What lost input adds to pain, as if this fraction of the axons fired, ``(n_twin,)``."""
    return each(today, "loss.firing") * numb(today)
