"""What lies round a nerve that does not belong there: scar, and injected fluid."""

from __future__ import annotations

from math import exp

import numpy as np

from tinel.imaging.anatomy.ends import Ends
from tinel.imaging.anatomy.sites import round_it
from tinel.imaging.anatomy.swelling import Pressed
from tinel.imaging.anatomy.tracts import Fates
from tinel.treatment.hydrodissection import reach_mm

MM3_PER_ML = 1000.0


def scar_mm(fates: Fates, branch: str, position_mm: float, under: Pressed, at: Ends) -> float:
    """Thickness of the scar round a nerve at a place, mm.

    A lasting pressure is that of a scar, but where the walls of a tunnel press. Scar also comes
    where a nerve was torn or sewn.

    Args:
        fates: of the twin on the day.
        branch: on which the place lies.
        position_mm: way from the cord.
        under: from ``pressed``.
        at: from ``ends``.
    """
    scanned = fates.scanned
    away = max(fates.start_mm - position_mm, position_mm - fates.end_mm, 0.0)
    near = exp(-((away / 5.0) ** 2))
    tau = scanned.number("scar.tau_d")
    tunnel = round_it(scanned.nerve, branch, 0.5 * (fates.start_mm + fates.end_mm)).tunnel
    pressing = 0.0 if tunnel else 1.0 - exp(-under.lasted_d / tau)
    torn = fates.fraction(fates.broken & scanned.state.torn[scanned.twin])
    since = float(scanned.state.day - scanned.lesion.struck_d[scanned.twin])
    after = scanned.number("scar.after_operation")
    healed = after * torn * (1.0 - exp(-max(since, 0.0) / tau))
    if at.joined_d >= 0.0:
        healed = max(healed, after * (1.0 - exp(-at.joined_d / tau)))
    return scanned.number("scar.thickness_mm") * max(pressing, healed) * near


def fluid_mm2(fates: Fates, position_mm: float) -> float:
    """Cross-section of the injected fluid round a nerve at a place, mm2.

    A volume V lies as a jacket of one cross-section A over the length V / A, centred on the injured
    place, so that none is lost but what time takes.

    Args:
        fates: of the twin on the day.
        position_mm: way from the cord.

    Source:
        ``treatment.hydrodissection.jacket_area`` and ``anatomy.fluid.gone_d``, both assumptions.
    """
    scanned = fates.scanned
    middle = 0.5 * (fates.start_mm + fates.end_mm)
    area = 0.0
    for done in scanned.done:
        if done.fluid_mL > 0.0:
            length = float(_one(reach_mm(done.fluid_mL, scanned.parameters), scanned.twin))
            if abs(position_mm - middle) <= length / 2:
                left = exp(-(scanned.state.day - done.day) / scanned.number("fluid.gone_d"))
                area += done.fluid_mL * MM3_PER_ML / length * left
    return area


def _one(value: object, twin: int) -> float:
    flat = np.ravel(np.asarray(value, np.float64))
    return float(flat[twin] if flat.size > 1 else flat[0])
