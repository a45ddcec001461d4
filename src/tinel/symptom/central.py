"""What spinal cord, brain and person make of the same firing: stated apart, assumed throughout."""

from __future__ import annotations

import numpy as np

from tinel.lesion.state import Floats
from tinel.symptom.today import Today, each, since_injury_d


def amplified(today: Today) -> Floats:
    """How much more the firing of today hurts than on the first day, ``(n_twin,)``, 0 or more."""
    comes = -np.expm1(-since_injury_d(today) / each(today, "central.tau_d"))
    return each(today, "central.amplification") * comes


def person(today: Today) -> Floats:
    """How strongly each person feels the same firing; 1 for the person in the middle."""
    draw = today.nerve.twins.normal("symptom.person", 1)[:, 0]
    return np.asarray(np.exp(each(today, "person.spread") * draw), np.float64)
