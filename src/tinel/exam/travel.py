"""How long an impulse takes from one place on the nerve to another, fibre by fibre.

Nothing here knows a test. A fibre carries an impulse over a stretch if its axon is whole there:
the stump still joined to the cell body, a distal stump that has not yet degenerated, or a
regrown piece; and if the sheath left at the lesion lets the impulse through.
"""

from __future__ import annotations

import numpy as np

from tinel.cable.conduction.table import Conduction, DIAMETERS_um
from tinel.exam.limb import Bools, Floats, Limb


def calibre_um(limb: Limb, at_mm: Floats | float) -> Floats:
    """Diameter of what conducts at a place beyond the lesion, ``(n_twin, n_fibre)``.

    Regrown pieces are thinner; a stump that has not yet died keeps its calibre.
    """
    state, diameter = limb.state, limb.nerve.fibres.diameter_um
    regrown = ~state.intact & (state.front_mm >= at_mm)
    return np.where(regrown, np.maximum(diameter * state.maturity, DIAMETERS_um[0]), diameter)


def travel_ms(
    limb: Limb, conduction: Conduction, start_mm: Floats | float, end_mm: Floats | float
) -> Floats:
    """Time from ``start_mm`` to ``end_mm`` (proximal to distal, mm from the cord).

    ``start_mm`` and ``end_mm`` are numbers or ``(n_fibre,)``. The way is the same in both
    directions. Returns ``(n_twin, n_fibre)``; inf where no impulse arrives.
    """
    lesion, state = limb.lesion, limb.state
    diameter = limb.nerve.fibres.diameter_um
    speed = conduction.velocity(diameter)
    begin, stop = np.broadcast_arrays(start_mm, end_mm)
    if lesion is None:
        return (stop - begin) / speed
    site = np.where(lesion.present, lesion.site_mm[:, None], np.inf)
    over = (begin < site) & (site < stop)
    near = np.clip(np.minimum(stop, site) - begin, 0.0, None)
    far = np.clip(stop - np.maximum(begin, site), 0.0, None)
    beyond = conduction.velocity(calibre_um(limb, stop))
    delay = np.zeros(diameter.shape)
    thinned = over & state.intact & (state.lamellae_left < 0.999)
    if thinned.any():
        length = np.broadcast_to(lesion.length_mm[:, None], diameter.shape)
        delay[thinned] = conduction.lesion_delay(
            diameter[thinned], state.lamellae_left[thinned], length[thinned]
        )
    whole = state.intact | (stop <= site) | (state.front_mm >= stop)
    stump = state.stump_conducts & (begin >= site)
    return np.where(whole | stump, near / speed + far / beyond + delay, np.inf)


def reached(limb: Limb, block: Floats | None) -> Bools:
    """Whether an impulse from the cord reaches its target, ``(n_twin, n_fibre)``.

    Args:
        block: share of lamellae at which each fibre fails at the lesion (``block_shares``).
    """
    if limb.lesion is None or block is None:
        return limb.state.joined
    passes = ~limb.lesion.present | ~limb.state.intact | (limb.state.lamellae_left >= block)
    return limb.state.joined & passes


def block_shares(limb: Limb, conduction: Conduction) -> Floats | None:
    """The share of lamellae at which each fibre blocks; the same on every day of a lesion."""
    if limb.lesion is None:
        return None
    diameter = limb.nerve.fibres.diameter_um
    length = np.broadcast_to(limb.lesion.length_mm[:, None], diameter.shape)
    return conduction.block_at(diameter, length)
