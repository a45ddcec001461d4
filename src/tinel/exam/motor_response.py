"""What every recording from a muscle rests on: its units' sizes, and the way from axon to skin."""

from __future__ import annotations

import numpy as np

from tinel.exam.conduction_time import calibre_um, diameters_um
from tinel.exam.laboratory import Laboratory
from tinel.exam.limb import Floats, Limb
from tinel.exam.technique import terminal_factor
from tinel.nerve.anatomy import MOTOR, Target


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
    fraction = target.terminal_fraction or p["laboratory.terminal.calibre_fraction"]
    thin = np.maximum(calibre_um(part, target.path_mm) * fraction, diameters_um()[0])
    inside = target.terminal_mm / laboratory.conduction.velocity(thin)
    return np.asarray(inside * terminal_factor(part, target.name) + p["exam.junction.delay_ms"])


def drawn(limb: Limb, target: str, stream: str, n: int) -> Floats:
    """Standard normal draws for every axon of ``limb.only(target)``, ``(n_twin, n, n_fibre)``.

    A twin's draws do not depend on which others are computed beside it, though the axons of that
    part do.

    Args:
        limb: the whole limb on its day.
        target: the muscle.
        stream: what the draws are for.
        n: draws per axon.
    """
    twins = limb.nerve.twins.only(limb.nerve.twins.numbers)  # too many to be kept
    own = limb.fibres_of(target)
    which = own | limb.supplying(target).any(axis=0)
    found = np.zeros((len(twins), n, own.size))
    motor = limb.nerve.fibres.kind == MOTOR
    for name, group in (("own", own), ("astray", motor & ~own)):
        if (group & which).any():
            values = twins.normal(f"{stream}.{target}.{name}", n * int(group.sum()))
            found[:, :, group] = values.reshape(len(twins), n, -1)
    return found[:, :, which]
