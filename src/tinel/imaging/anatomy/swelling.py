"""How a nerve swells: beside a place that is pressed, and where it was hurt at once."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

import numpy as np

from tinel.course.pressure import step_at, steps
from tinel.imaging.anatomy.scanned import Scanned
from tinel.imaging.anatomy.tracts import Fates


@dataclass(frozen=True)
class Pressed:
    """A lasting pressure on the day, and what it has done so far.

    Args:
        pressure_mmHg: on the day, 0 for none.
        lasted_d: days since it first pressed, 0 where it never did.
        swollen: 0 to 1, how far a nerve has swollen under the pressures so far.
        squeezed: 0 to 1, how far the pressure of the day squeezes it.
    """

    pressure_mmHg: float = 0.0
    lasted_d: float = 0.0
    swollen: float = 0.0
    squeezed: float = 0.0


def pressed(scanned: Scanned) -> Pressed:
    """The lasting pressure on a nerve up to the day.

    Swelling follows the pressure with the time constant ``anatomy.bulb.tau_d``, through every step
    that the interventions made.
    """
    lesion, twin, day = scanned.lesion, scanned.twin, scanned.state.day
    if not lesion.pressure_mmHg[twin] > 0 or day < lesion.onset_d[twin]:
        return Pressed()
    acting = tuple(i for i in scanned.done if i.acts)
    begins, height = steps(lesion, acting, scanned.nerve.twins)
    now = float(height[twin, step_at(begins, day)[twin]])
    tau, swollen = scanned.number("bulb.tau_d"), 0.0
    ends = np.minimum(np.append(begins[twin, 1:], np.inf), day)
    for start, end, mmHg in zip(begins[twin], ends, height[twin], strict=True):
        if end > start:
            goal = _dose(scanned, float(mmHg))
            swollen = goal + (swollen - goal) * exp(-(end - start) / tau)
    return Pressed(now, day - float(lesion.onset_d[twin]), swollen, _dose(scanned, now))


def _dose(scanned: Scanned, pressure_mmHg: float) -> float:
    over = max(pressure_mmHg - scanned.number("bulb.threshold"), 0.0)
    return 1.0 - exp(-over / scanned.number("bulb.pressure_half"))


def bulb(fates: Fates, under: Pressed) -> float:
    """Relative growth of the area just before a pressed stretch, 0 for none.

    Args:
        fates: of the twin on the day.
        under: from ``pressed``.

    Source:
        ``anatomy.bulb``: pressure, loss of sheaths and loss of axons add up; calibrated to the
        areas of carpal tunnels.
    """
    scanned = fates.scanned
    if under.lasted_d <= 0.0:
        return 0.0
    state, twin = scanned.state, scanned.twin
    thin = fates.fraction(np.where(state.intact[twin], 1.0 - state.lamellae_left[twin], 0.0))
    gone = fates.fraction(fates.broken & ~state.joined[twin])
    grown = (
        scanned.number("bulb.by_pressure") * under.swollen
        + scanned.number("bulb.by_sheath") * thin
        + scanned.number("bulb.by_axon") * gone
    )
    return grown * exp(scanned.number("bulb.spread") * scanned.normal("swelling"))


def bulb_at(fates: Fates, position_mm: float, peak: float) -> float:
    """What of a swelling is left at a place before or beyond the pressed stretch."""
    scanned = fates.scanned
    reach = scanned.number("bulb.reach_mm")
    if position_mm <= fates.start_mm:
        return peak * exp(-(fates.start_mm - position_mm) / reach)
    if position_mm >= fates.end_mm:
        return peak * scanned.number("bulb.distal") * exp(-(position_mm - fates.end_mm) / reach)
    return 0.0


def oedema(fates: Fates, position_mm: float) -> float:
    """How far a nerve is swollen by what hurt it at once, 0 to 1.

    Args:
        fates: of the twin on the day.
        position_mm: way from the cord.
    """
    scanned, twin = fates.scanned, fates.scanned.twin
    lesion = scanned.lesion
    since = scanned.state.day - float(lesion.struck_d[twin])
    if since < 0.0:
        return 0.0
    at_once = lesion.cut_d[twin] <= lesion.struck_d[twin] + 14.0
    harm = np.maximum(1.0 - lesion.lamellae_left[twin], lesion.paranode_opening[twin])
    severity = fates.fraction(np.where(at_once, 1.0, harm))
    away = max(fates.start_mm - position_mm, position_mm - fates.end_mm, 0.0)
    # fluid comes within hours and is there on the day itself
    rise = 1.0 - exp(-(since + 0.5) / scanned.number("oedema.rise_d"))
    fall = exp(-since / scanned.number("oedema.fall_d"))
    return severity * rise * fall * exp(-away / scanned.number("oedema.reach_mm"))
