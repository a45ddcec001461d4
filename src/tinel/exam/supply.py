"""Which axons hold a muscle or a patch of skin, and what of it the will or the brain reaches.

An axon in its own target does what it did before. One from elsewhere holds tissue too: in a muscle
it contracts with another movement, in skin it is felt in the wrong place.
"""

from __future__ import annotations

import numpy as np

from tinel.exam.limb import Floats, Limb


def right(limb: Limb, target: str) -> Floats:
    """Fraction of a muscle or of skin that works through its own axons, ``(n_twin,)``, 0 to 1.

    Example:
        >>> from tinel.exam.limb import healthy
        >>> from tinel.nerve import build
        >>> from tinel.twins import Patient, Twins
        >>> two = Twins(Patient(age=40, sex="female", height_cm=170), range(2))
        >>> right(healthy(build("axillary", side="left", twins=two)), "deltoid").round(6).tolist()
        [1.0, 1.0]
    """
    return limb.working[0][:, limb.row(target)]


def wrong(limb: Limb, target: str) -> Floats:
    """Fraction of a muscle or of skin that works through axons from elsewhere, ``(n_twin,)``."""
    return limb.working[1][:, limb.row(target)]


def any(limb: Limb, target: str) -> Floats:
    """Fraction of a muscle or of skin that works through any axons, ``(n_twin,)``, 0 to 1."""
    return np.minimum(right(limb, target) + wrong(limb, target), 1.0)


def broken(limb: Limb, target: str) -> Floats:
    """Fraction of a target's own axons that were ever broken, ``(n_twin,)``; regrown ones too."""
    which = limb.fibres_of(target)
    weight = limb.nerve.fibres.weight[which]
    return 1.0 - limb.state.intact[:, which] @ weight / weight.sum()
