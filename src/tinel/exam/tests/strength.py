"""Strength on the scale of the Medical Research Council (MRC), 0 to 5.

Force is the sum of the motor units the will reaches, each as large as sprouting has made it and
as strong as its muscle still is; a grade is a band of force, and grade 4 is a very wide one
(MacAvoy and Green 2007).
"""

from __future__ import annotations

import numpy as np

from tinel import evidence
from tinel.exam.limb import Bools, Floats, Limb


def force_share(limb: Limb, reached: Bools, target: str) -> Floats:
    """Force of a muscle as a share of its healthy force, ``(n_twin,)``, at most 1.

    Args:
        reached: which fibres an impulse from the cord gets through, ``(n_twin, n_fibre)``.
    """
    row = [t.name for t in limb.nerve.targets].index(target)
    which = limb.nerve.fibres.target == row
    size = limb.nerve.fibres.unit_uV[:, which]
    acting = (size * reached[:, which]).sum(axis=1)
    strength = acting * limb.state.unit_growth[:, row] * limb.state.readiness[:, row]
    return np.minimum(strength / size.sum(axis=1), 1.0)


def mrc(force: Floats) -> Floats:
    """The MRC grade of a share of healthy force.

    Example:
        >>> mrc(np.array([0.0, 0.05, 0.5, 1.0])).tolist()
        [0.0, 3.0, 4.0, 5.0]
    """
    edges = [evidence.value(f"exam.strength.mrc{k}_force") for k in range(1, 6)]
    return np.searchsorted(edges, force, side="right").astype(float)
