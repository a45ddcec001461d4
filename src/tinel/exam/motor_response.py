"""What every recording from a muscle rests on: its units' sizes, and the way from axon to skin."""

from __future__ import annotations

import numpy as np

from tinel.exam.conduction_time import calibre_um, diameters_um
from tinel.exam.laboratory import Laboratory
from tinel.exam.limb import Floats, Limb
from tinel.nerve.anatomy import Target


def unit_sizes_mV(limb: Limb, part: Limb, target: Target) -> Floats:
    """Surface size of the unit that each axon holds in a muscle, mV, ``(n_twin, n_fibre)``.

    Args:
        limb: the whole limb, whose healthy units sum to the muscle's response.
        part: the same limb, reduced to the fibres that supply the muscle (``limb.only``).
        target: the muscle.
    """
    whole_uV = limb.nerve.fibres.unit_uV[:, limb.fibres_of(target.name)].sum(axis=1, keepdims=True)
    return np.where(part.supplying(target.name), part.holds, 0.0) * whole_uV / 1000


def ending_ms(part: Limb, target: Target, laboratory: Laboratory) -> Floats:
    """Time in the thin axon within the muscle and at the junction, ms, ``(n_twin, n_fibre)``.

    Args:
        part: the limb, reduced to the fibres that supply the muscle.
        target: the muscle.
        laboratory: with the velocities of the limb's temperature.
    """
    p = part.parameters
    fraction = p["laboratory.terminal.calibre_fraction"]
    thin = np.maximum(calibre_um(part, target.path_mm) * fraction, diameters_um()[0])
    inside = target.terminal_mm / laboratory.conduction.velocity(thin)
    return np.asarray(inside + p["exam.junction.delay_ms"])
