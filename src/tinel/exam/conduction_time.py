"""Time an impulse needs from one place on the nerve to another, fibre by fibre.

Nothing here belongs to one test. A fibre carries an impulse over a stretch if its axon is whole
there: the stump still joined to the cell body, a distal stump that has not yet degenerated, or a
regrown piece (of a donor's axon only beyond the place where it comes in); and if the sheath left at
the lesion lets the impulse through.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tinel.course.state import NerveState, Second
from tinel.exam.limb import Bools, Floats, Limb
from tinel.lesion.state import Lesion
from tinel.nerve.anatomy import Nerve

if TYPE_CHECKING:
    from tinel.cable.conduction.opening import Opened
    from tinel.cable.conduction.table import Conduction
    from tinel.evidence import Parameters


def diameters_um() -> Floats:
    """Fibre diameters of the conduction table, ``(n_diameter,)``, rising."""
    from tinel.cable.conduction.table import DIAMETERS_um  # compiles the engine: not on import

    return DIAMETERS_um


def calibre_um(limb: Limb, at_mm: Floats | float) -> Floats:
    """Diameter of what conducts at a place beyond the lesion, ``(n_twin, n_fibre)``.

    Regrown pieces are thinner; a stump that has not yet died keeps its calibre.
    """
    state, diameter = limb.state, limb.nerve.fibres.diameter_um
    regrown = ~state.intact & (state.front_mm >= at_mm)
    return np.where(regrown, np.maximum(diameter * state.maturity, diameters_um()[0]), diameter)


def may_carry(limb: Limb, end_mm: float) -> Bools:
    """Which axons may carry an impulse to a place from anywhere, ``(n_twin, n_fibre)``.

    Those that are whole as far as there, as it lies nearer to the cord than the injury too, and
    those whose stump still conducts.
    """
    state, lesion = limb.state, limb.lesion
    above = ~lesion.present | (end_mm <= lesion.site_mm[:, None])
    if lesion.beyond is not None:
        above |= end_mm <= lesion.beyond.site_mm[:, None]
    return above | state.intact | state.stump_conducts | (state.front_mm >= end_mm)


def conduction_time_ms(
    limb: Limb, conduction: Conduction, start_mm: Floats | float, end_mm: Floats | float
) -> Floats:
    """Time from ``start_mm`` to ``end_mm``, the same in both directions.

    Args:
        limb: nerve, lesion and state of the day.
        conduction: velocities and delays at the limb's temperature.
        start_mm: the proximal place, mm from the spinal cord; one number or ``(n_fibre,)``.
        end_mm: the distal place, alike.

    Returns:
        ``(n_twin, n_fibre)`` in ms; inf where no impulse arrives.
    """
    speed = conduction.velocity(limb.nerve.fibres.diameter_um)
    (found,) = conduction_times_ms(limb, conduction, [start_mm], end_mm, speed)
    return found


def conduction_times_ms(
    limb: Limb,
    conduction: Conduction,
    starts_mm: Sequence[Floats | float],
    end_mm: Floats | float,
    speed: Floats,
) -> Iterator[Floats]:
    """``conduction_time_ms`` from each of several places to the same end.

    ``speed`` is the velocity (m/s) of the healthy fibres, ``(n_twin, n_fibre)``.
    """
    beyond = velocity_beyond(limb, conduction, end_mm, speed)
    return (_time_ms(limb, conduction, start, end_mm, speed, beyond) for start in starts_mm)


def _time_ms(
    limb: Limb,
    conduction: Conduction,
    start_mm: Floats | float,
    end_mm: Floats | float,
    speed: Floats,
    beyond: Floats,
) -> Floats:
    lesion, state = limb.lesion, limb.state
    begin, stop = np.broadcast_arrays(start_mm, end_mm)
    place = np.where(lesion.present, lesion.site_mm[:, None], np.inf)
    delay = _delay_ms(limb, conduction, lesion, state, state.stands_before, (begin, stop))
    site, across, second = place, np.zeros(place.shape, bool), state.beyond
    if lesion.beyond is not None and second is not None:
        there = np.where(lesion.beyond.present, lesion.beyond.site_mm[:, None], np.inf)
        # an axon that broke at the farther place alone is its old self up to there
        site = np.where(second.divided & second.stands_before, there, place)
        across = second.divided & (begin < there) & (there < stop)
        held = state.intact | (state.stump_conducts & ~second.divided)
        delay += _delay_ms(limb, conduction, lesion.beyond, second, held, (begin, stop))
    near = np.clip(np.minimum(stop, site) - begin, 0.0, None)
    far = np.clip(stop - np.maximum(begin, site), 0.0, None)
    whole = state.intact | (stop <= site) | (state.front_mm >= stop)
    stump = state.stump_conducts & (begin >= site) & ~across
    whole &= begin >= state.enters_mm
    return np.where(whole | stump, near / speed + far / beyond + delay, np.inf)


def _delay_ms(
    limb: Limb,
    conduction: Conduction,
    lesion: Lesion,
    state: NerveState | Second,
    stands: Bools,
    stretch_mm: tuple[Floats, Floats],
) -> Floats:
    """What one injured place costs the fibres that stand there; inf where they block."""
    diameter, opening = limb.nerve.fibres.diameter_um, state.paranode_opening
    site = np.where(lesion.present, lesion.site_mm[:, None], np.inf)
    length, over = _on_the_way(*stretch_mm, site, lesion.length_mm[:, None])
    delay = np.zeros(diameter.shape)
    loose = over & stands & (opening > 0)
    thinned = over & stands & (state.lamellae_left < 0.999) & ~loose
    length = np.broadcast_to(length, diameter.shape)
    if thinned.any():
        delay[thinned] = conduction.lesion_delay(
            diameter[thinned], state.lamellae_left[thinned], length[thinned]
        )
    if loose.any():
        table = opened_table(conduction, limb.parameters)
        delay[loose] = table.lesion_delay(
            diameter[loose], state.lamellae_left[loose], length[loose], opening[loose]
        )
    return delay


def _on_the_way(
    begin: Floats, stop: Floats, site: Floats, length_mm: Floats
) -> tuple[Floats, NDArray[np.bool_]]:
    """How much of the lesion lies between two places, mm, and whether any of it does.

    A stimulus within the lesion leaves a part of it behind, so that short steps show where it is.
    """
    start, end = site - length_mm / 2, site + length_mm / 2
    whole = (begin < site) & (site < stop) & (begin <= start) & (end <= stop)
    part = np.clip(np.minimum(stop, end) - np.maximum(begin, start), 0.0, None)
    return np.where(whole, length_mm, part), whole | (part > 0)


def velocity_beyond(
    limb: Limb, conduction: Conduction, at_mm: Floats | float, healthy: Floats
) -> Floats:
    """Velocity (m/s) of what conducts at a place beyond the lesion, ``(n_twin, n_fibre)``.

    That of the ``healthy`` fibre, but for a regrown piece: it is thin, and its internodes are short
    (``conduction.regrown``).
    """
    regrown = ~limb.state.intact & (limb.state.front_mm >= at_mm)
    if not regrown.any():
        return healthy
    beyond, calibre = healthy.copy(), calibre_um(limb, at_mm)
    beyond[regrown] = velocity_regrown(calibre, conduction, limb.parameters, regrown)
    return beyond


def velocity_regrown(
    calibre_um: Floats,
    conduction: Conduction,
    parameters: Parameters,
    which: NDArray[np.bool_] | None = None,
) -> Floats:
    """Velocity (m/s) of regrown fibres.

    Args:
        calibre_um: of the regrown piece, ``(n_twin, n_fibre)``, 2 to 16.
        conduction: velocities of healthy fibres at the limb's temperature.
        parameters: ``conduction.regrown``, one number or one per twin.
        which: those of the fibres that are wanted, ``(n_twin, n_fibre)``; all where None.

    Returns:
        ``(n_twin, n_fibre)``, or as many as are wanted in a row.
    """
    from tinel.cable.conduction.regrown import regrown

    internode, sheath = (
        parameters[f"conduction.regrown.{key}"] for key in ("internode_um", "sheath_fraction")
    )
    if which is not None:
        internode, sheath = (np.broadcast_to(v, which.shape)[which] for v in (internode, sheath))
        calibre_um = calibre_um[which]
    table = regrown(conduction.temperature_C, parameters)
    return table.with_internodes(calibre_um, internode, sheath)


def block_fractions(nerve: Nerve, lesion: Lesion, conduction: Conduction) -> Floats:
    """Fraction of lamellae below which each fibre blocks at the lesion, ``(n_twin, n_fibre)``.

    With closed paranodes, and so the same on every day; 0 everywhere where the lesion hurts
    nothing. For open ones see ``block.Block``.
    """
    diameter = nerve.fibres.diameter_um
    if not lesion.present.any():
        return np.zeros(diameter.shape)
    length = np.broadcast_to(lesion.length_mm[:, None], diameter.shape)
    return conduction.block_at(diameter, length)


def opened_table(conduction: Conduction, parameters: Parameters) -> Opened:
    """What open paranodes add, at the temperature of a table; the engine computes it once."""
    from tinel.cable.conduction.opening import opened

    return opened(conduction.temperature_C, parameters)
