"""Which axons hold a muscle or a patch of skin, and what of it the will or the brain reaches.

An axon in its own target does what it did before. One from elsewhere holds tissue too: in a muscle
it contracts with another movement, in skin it is felt in the wrong place.
"""

from __future__ import annotations

import numpy as np

from tinel.exam.limb import Floats, Limb


def right(limb: Limb, target: str) -> Floats:
    """Fraction of a muscle or of skin that works through its own axons, ``(n_twin,)``, 0 to 1."""
    row, which = limb.row(target), limb.fibres_of(target)
    fibres, ready = limb.nerve.fibres, limb.state.readiness[:, row]
    if limb.nerve.target(target).kind == "sensory":
        weight = fibres.weight[which]
        return limb.conducts[:, which] @ weight / weight.sum() * ready
    size = fibres.unit_uV[:, which]
    acting = (size * limb.conducts[:, which]).sum(axis=1)
    return np.minimum(acting * limb.state.unit_growth[:, row] * ready / size.sum(axis=1), 1.0)


def wrong(limb: Limb, target: str) -> Floats:
    """Fraction of a muscle or of skin that works through axons from elsewhere, ``(n_twin,)``."""
    return np.zeros(limb.nerve.n_twin)


def broken(limb: Limb, target: str) -> Floats:
    """Fraction of a target's own axons that were ever broken, ``(n_twin,)``; regrown ones too."""
    which = limb.fibres_of(target)
    weight = limb.nerve.fibres.weight[which]
    return 1.0 - limb.state.intact[:, which] @ weight / weight.sum()
