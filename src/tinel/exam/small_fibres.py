"""Small fibres of a patch of skin, for which the thinnest of its myelinated axons stand.

The atlas counts myelinated axons. Fibres of cold and pin prick (A-delta) are the thinner ones among
them; those of warmth (C) have no myelin and are taken to share the fate of the thinnest, without
their block by demyelination. Both are assumptions.
"""

from __future__ import annotations

import numpy as np

from tinel.exam import skin as felt
from tinel.exam import supply
from tinel.exam.limb import Bools, Floats, Limb
from tinel.nerve.anatomy import Target


def thinnest(diameter_um: Floats, fraction: Floats) -> Bools:
    """The thinnest of each twin's fibres, ``(n_twin, n_fibre)``, at least one.

    Args:
        diameter_um: ``(n_twin, n_fibre)``.
        fraction: how many of them, ``(n_twin,)``, 0 to 1.

    Example:
        >>> thinnest(np.array([[3.0, 9.0, 4.0, 11.0]]), np.array([0.5])).tolist()
        [[True, False, True, False]]
    """
    rank = np.argsort(np.argsort(diameter_um, axis=1, kind="stable"), axis=1)
    count = np.maximum(np.round(fraction * diameter_um.shape[1]), 1)
    return np.asarray(rank < count[:, None])


def _working(limb: Limb, skin: str, which: Bools, conducts: Bools) -> Floats:
    """What of a patch some of its own axons work for, and what came from elsewhere."""
    own = limb.fibres_of(skin)
    home = limb.state.destination[:, own] == limb.row(skin)
    weight = np.broadcast_to(limb.nerve.fibres.weight[own], which.shape)
    healthy = np.where(which, weight, 0.0).sum(axis=1) / weight.sum(axis=1)
    holds = np.where(which & home & conducts[:, own], limb.holds[:, own], 0.0).sum(axis=1)
    return np.minimum(holds / healthy + supply.wrong(limb, skin), 1.0)


def cold_fraction(limb: Limb, skin: str) -> Floats:
    """Fraction of the fibres of cold that work in a patch, ``(n_twin,)``, 0 to 1."""
    diameter = limb.nerve.fibres.diameter_um[:, limb.fibres_of(skin)]
    which = thinnest(diameter, limb.nerve.twins.each("bedside.small_fibre.cold_thinnest"))
    return _working(limb, skin, which, limb.conducts)


def warm_fraction(limb: Limb, skin: str) -> Floats:
    """Fraction of the fibres of warmth that work in a patch, ``(n_twin,)``, 0 to 1.

    A fibre without myelin cannot lose it: of the blocks of a standing axon only lack of blood
    stops it.
    """
    diameter = limb.nerve.fibres.diameter_um[:, limb.fibres_of(skin)]
    which = thinnest(diameter, limb.nerve.twins.each("bedside.small_fibre.warm_thinnest"))
    stopped = limb.lesion.present & limb.state.stands_before & limb.state.ionic_block
    if limb.lesion.beyond is not None and limb.state.beyond is not None:
        stopped = stopped | (limb.lesion.beyond.present & limb.state.beyond.ionic_block)
    return _working(limb, skin, which, limb.state.joined & ~stopped)


def thick_fraction(limb: Limb, skin: str) -> Floats:
    """Fraction of the fibres that are no small ones that work in a patch, ``(n_twin,)``."""
    diameter = limb.nerve.fibres.diameter_um[:, limb.fibres_of(skin)]
    small = thinnest(diameter, limb.nerve.twins.each("bedside.small_fibre.cold_thinnest"))
    return _working(limb, skin, ~small | small.all(axis=1, keepdims=True), limb.conducts)


def pain_fraction(limb: Limb, skin: Target) -> Floats:
    """Fraction of the fibres of pin prick felt in the middle of a patch, ``(n_twin,)``, 0 to 1.

    Those of cold, or neighbours' where their margins have met there.
    """
    own = cold_fraction(limb, skin.name)
    reached = felt.inside(limb, skin, "pain") <= 0.0
    density = limb.nerve.twins.each("skin.neighbour.density")
    return np.where(reached, np.maximum(own, density), own)
