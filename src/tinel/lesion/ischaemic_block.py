"""Block from lack of blood alone: it harms neither sheath nor axon and clears by itself."""

from __future__ import annotations

import numpy as np

from tinel.lesion.state import Floats
from tinel.nerve.anatomy import MOTOR, Nerve


def clears_d(nerve: Nerve, hours: Floats) -> Floats:
    """Day on which the block of each fibre has cleared, ``(n_twin, n_fibre)``; 0 where none is.

    Sensory fibres fall silent first, motor fibres some minutes later. After the blood is back,
    block lasts in proportion to the time for which there was one, up to a longest time.

    Args:
        nerve: with the twins whose nerve it is.
        hours: without blood, per fibre or broadcasting to it.

    Source:
        ``lesion.ischaemic_block.*``: people under 60 and 90 mmHg at the carpal tunnel for the
        beginning, rats for the longest time.

    Example:
        >>> from tinel import nerve
        >>> from tinel.twins import Patient, Twins
        >>> few = Twins(Patient(age=40, sex="female", height_cm=170), range(2))
        >>> arm = nerve.build("ulnar", side="left", twins=few)
        >>> brief, long = (clears_d(arm, np.full((2, 1), h)) for h in (0.1, 4.0))
        >>> float(brief.max()), bool(0.3 < long.mean() < 1.0)
        (0.0, True)
    """

    def value(name: str) -> float | Floats:
        return nerve.twins.parameters[f"lesion.ischaemic_block.{name}"]

    fibres = nerve.fibres
    draw = nerve.twins.normal("lesion.ischaemic_block", fibres.kind.size)
    begins = value("onset") * np.exp(value("onset_spread") * draw)
    begins = begins + np.where(fibres.kind == MOTOR, 1.0, 0.0) * value("motor_later")
    blocked = np.maximum(np.asarray(hours, np.float64) - begins, 0.0)
    lasts: Floats = np.minimum(blocked * value("clearing") / 24.0, value("longest"))
    return lasts


def clears_after_pressure_d(nerve: Nerve, pressure_mmHg: Floats, hours: Floats) -> Floats:
    """Day on which the block of each fibre has cleared that a pressure starved of blood.

    Args:
        nerve: with the twins whose nerve it is.
        pressure_mmHg: what closes the vessels, ``(n_twin,)``.
        hours: longest time for which it pressed without a pause, ``(n_twin,)``.

    Returns:
        ``(n_twin, n_fibre)``; 0 where the blood went on or nothing was blocked.

    Source:
        ``lesion.ischaemic_block.pressure``: from it on a nerve has no blood.
    """
    stops = pressure_mmHg >= nerve.twins.each("lesion.ischaemic_block.pressure")
    return clears_d(nerve, np.where(stops, hours, 0.0)[:, None])
