"""Touch with monofilaments: the finest one that is still felt.

The threshold is the healthy one as long as enough touch fibres work, and rises by so many decades
of force per tenfold loss beyond that; what is felt is the next filament of the usual set. inf means
that not even the thickest is felt.
"""

from __future__ import annotations

import numpy as np

from tinel import evidence
from tinel.exam.limb import Bools, Floats, Limb

FILAMENTS = np.array([2.83, 3.61, 4.31, 4.56, 5.07, 6.65])  # log10 of force in 0.1 mg


def touch_share(limb: Limb, reached: Bools, target: str) -> Floats:
    """Working touch fibres of a patch of skin as a share of the healthy ones, ``(n_twin,)``."""
    row = [t.name for t in limb.nerve.targets].index(target)
    which = limb.nerve.fibres.target == row
    weight = limb.nerve.fibres.weight[which]
    return reached[:, which] @ weight / weight.sum() * limb.state.readiness[:, row]


def filament(share: Floats, healthy_marking: float) -> Floats:
    """The finest filament felt, as its marking; inf for none.

    Example:
        >>> filament(np.array([1.0, 0.1, 0.0]), 2.83).tolist()
        [2.83, 4.31, inf]
    """
    slope = evidence.value("laboratory.touch.decades_per_decade")
    enough = evidence.value("laboratory.touch.enough")
    with np.errstate(divide="ignore"):
        threshold = healthy_marking - slope * np.log10(np.minimum(share / enough, 1.0))
    place = np.searchsorted(FILAMENTS, threshold - 1e-9)
    return np.append(FILAMENTS, np.inf)[place]
