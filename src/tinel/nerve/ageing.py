"""What age gives to a healthy nerve in childhood, and takes from it later."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from tinel.evidence import Parameters
from tinel.twins import Floats


@dataclass(frozen=True)
class Ageing:
    """Fractions of motor units and sensory axons that age has left, and factors on sizes.

    All twins share them but for ``diameter``, which is a column ``(n_twin, 1)`` where a parameter
    differs between twins.
    """

    units: float
    unit_size: float
    axons: float
    diameter: float | Floats


def ageing(age: float, parameters: Parameters) -> Ageing:
    """The effect of age (years) on a healthy nerve.

    Fibres of a child are thinner by the factor of ``growing``. Motor units are lost along a line
    from the onset age that meets the published loss at ``nerve.age.unit_loss_reference_y``;
    survivors grow so that the published growth goes with that loss. Sensory axons and diameters
    fall along lines from onset ages of their own.

    Example:
        >>> old = ageing(71, Parameters.of_evidence())
        >>> round(old.units, 2), round(old.unit_size, 2)
        (0.6, 1.5)
    """
    one = parameters.scalar
    onset, reference = one("nerve.age.unit_loss_onset_y"), one("nerve.age.unit_loss_reference_y")
    loss = one("nerve.age.unit_loss_at_71")
    lost = loss * max(age - onset, 0.0) / (reference - onset)
    left = 1.0 - min(lost, one("nerve.age.unit_loss_limit"))
    exponent = math.log(1.0 + one("nerve.age.unit_growth_at_71")) / -math.log(1.0 - loss)
    axon_years = max(age - one("nerve.age.sensory_loss_onset_y"), 0.0)
    axons = 1.0 - one("nerve.age.sensory_loss_per_y") * axon_years
    years = np.maximum(age - parameters["nerve.age.diameter_loss_onset_y"], 0.0)
    diameter = 1.0 - parameters["nerve.age.diameter_loss_per_y"] * years
    return Ageing(left, left**-exponent, axons, diameter * growing(age, parameters))


def growing(age: float, parameters: Parameters) -> float | Floats:
    """Fraction of an adult's fibre diameter, and so of velocity, at an age (years) in childhood.

    Half at birth and all of it at ``nerve.childhood.adult_velocity_y``, along a power of age; a
    column ``(n_twin, 1)`` where a parameter differs between twins.

    Source:
        Velocities of children: ``nerve.childhood.*``.

    Example:
        >>> [round(float(growing(age, Parameters.of_evidence())), 2) for age in (1, 2, 3, 4, 40)]
        [0.75, 0.85, 0.93, 1.0, 1.0]
    """
    newborn = parameters["nerve.childhood.newborn_velocity"]
    of_growth = np.minimum(age / parameters["nerve.childhood.adult_velocity_y"], 1.0)
    grown: float | Floats = newborn + (1.0 - newborn) * (
        of_growth ** parameters["nerve.childhood.exponent"]
    )
    return grown
