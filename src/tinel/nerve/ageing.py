"""What the years take from a healthy nerve."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tinel import evidence


@dataclass(frozen=True)
class Ageing:
    """What age has left: share of motor units and of sensory axons, and factors on sizes."""

    units: float
    unit_size: float
    axons: float
    diameter: float


def ageing(age: float) -> Ageing:
    """The effect of age (years) on a healthy nerve.

    Motor units are lost along a line from the onset age that meets the published loss at 71
    years; survivors grow so that the published growth goes with that loss. Sensory axons fall
    from 25 years, diameters from 30.

    Example:
        >>> old = ageing(71)
        >>> round(old.units, 2), round(old.unit_size, 2)
        (0.6, 1.5)
    """
    onset, loss = evidence.value("nerve.age.unit_loss_onset_y"), "nerve.age.unit_loss_at_71"
    lost = evidence.value(loss) * max(age - onset, 0.0) / (71.0 - onset)
    left = 1.0 - min(lost, evidence.value("nerve.age.unit_loss_limit"))
    growth = 1.0 + evidence.value("nerve.age.unit_growth_at_71")
    exponent = math.log(growth) / -math.log(1.0 - evidence.value(loss))
    axons = 1.0 - evidence.value("nerve.age.sensory_loss_per_y") * max(age - 25.0, 0.0)
    diameter = 1.0 - evidence.value("nerve.age.diameter_loss_per_y") * max(age - 30.0, 0.0)
    return Ageing(left, left**-exponent, axons, diameter)
