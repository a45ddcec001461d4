"""Unsteadiness, where the foot no longer feels the ground."""

from __future__ import annotations

import numpy as np

from tinel.lesion.state import Floats
from tinel.symptom.loss import lost
from tinel.symptom.scale import TOP
from tinel.symptom.today import Today, each, injured


def unsteadiness(today: Today) -> Floats:
    """Loss of balance, 0 to 10, ``(n_twin,)``: skin of the foot without feeling, in a leg nerve."""
    found = np.zeros(today.nerve.n_twin)
    if today.nerve.limb != "leg":
        return found
    gone = lost(today)
    for k, skin in injured(today.nerve, today.lesion, "sensory"):
        key = f"balance.{skin.name.replace(' ', '_')}"
        if f"symptom.{key}" in today.nerve.twins.parameters:
            found = found + each(today, key) * gone[:, k]
    return TOP * np.minimum(found, 1.0)
