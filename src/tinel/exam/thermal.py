"""How well a person feels cold and warmth in a patch of skin.

A healthy person's threshold and slope are drawn as they were measured on the forearm. With fewer
fibres the threshold rises, and the slope falls, as they do when a smaller area is touched.
"""

from __future__ import annotations

import numpy as np

from tinel.exam.limb import Floats, Limb
from tinel.exam.psychometric import Psychometric
from tinel.exam.small_fibres import cold_fraction, warm_fraction
from tinel.nerve.anatomy import Target
from tinel.twins import Twins

SENSES = ("cold", "warm")


def years_from_fit(twins: Twins) -> Floats:
    """Age less that for which the numbers are stated, years, ``(n_twin,)``.

    The youngest and oldest people measured stand for children and for the very old.

    Example:
        >>> from tinel.twins import Patient
        >>> [float(years_from_fit(Twins(Patient(age=a, sex="male", height_cm=120)))[0])
        ...  for a in (8, 60, 95)]
        [-29.0, 10.0, 30.0]
    """
    stated = twins.parameters.number("bedside.thermal.fitted_years")
    age = twins.patient.age
    if stated.low is not None and stated.high is not None:
        age = min(max(age, stated.low), stated.high)
    return age - twins.each(stated.key)


def healthy_person(twins: Twins, sense: str) -> tuple[Floats, Floats]:
    """Threshold (°C from the start) and slope (1/°C) on the forearm, each ``(n_twin,)``.

    Args:
        twins: of one age; each draws how well it feels.
        sense: one of ``SENSES``.

    Source:
        76 healthy people, see ``bedside.cold.threshold_C``.

    Example:
        >>> from tinel.twins import Patient
        >>> many = Twins(Patient(age=50, sex="male", height_cm=180), range(400))
        >>> [round(float(np.median(x)), 1) for x in healthy_person(many, "warm")]
        [4.7, 0.6]
    """
    level = twins.normal("exam.thermal.threshold.cold", 1)[:, 0]
    if sense == "warm":
        alike = twins.each("bedside.thermal.both_likeness")
        own = twins.normal("exam.thermal.threshold.warm", 1)[:, 0]
        level = alike * level + np.sqrt(1.0 - alike**2) * own
    tied = twins.each(f"bedside.{sense}.likeness")
    free = twins.normal(f"exam.thermal.slope.{sense}", 1)[:, 0]
    steep = tied * level + np.sqrt(1.0 - tied**2) * free
    older = years_from_fit(twins)
    found = []
    for what, prefix, z in (("threshold_C", "", level), ("slope_per_C", "slope_", steep)):
        middle = twins.each(f"bedside.{sense}.{what}")
        by_age = twins.each(f"bedside.{sense}.{prefix}per_year") * older
        person = twins.each(f"bedside.{sense}.{prefix}between_people") * z
        found.append(middle * np.exp(by_age + person))
    return found[0], found[1]


def with_fewer(
    healthy: tuple[Floats, Floats], fraction: Floats, summation: Floats
) -> tuple[Floats, Floats]:
    """Threshold and slope with a fraction of the fibres; inf and 0 without any.

    The smallest signal that is told from nothing shrinks with the fibres that carry it, and so does
    what a degree adds to it: threshold times slope stays.

    Args:
        healthy: threshold and slope with all fibres.
        fraction: of the fibres that work, 0 to 1.
        summation: power with which the threshold falls as fibres are added, 0.5 where each fibre's
            own noise limits, 1 where noise behind them does.

    Example:
        >>> with_fewer((np.array([2.0]), np.array([1.0])), np.array([0.25]), np.array([0.5]))
        (array([4.]), array([0.5]))
    """
    with np.errstate(divide="ignore"):
        rise = fraction**-summation
    return healthy[0] * rise, healthy[1] / rise


def person_in(limb: Limb, skin: Target, sense: str) -> Psychometric:
    """How each twin feels ``cold`` or ``warm`` in a patch of skin."""
    twins = limb.nerve.twins
    fraction = (cold_fraction if sense == "cold" else warm_fraction)(limb, skin.name)
    threshold, slope = healthy_person(twins, sense)
    threshold, slope = with_fewer(
        (threshold, slope), fraction, twins.each(f"bedside.{sense}.summation")
    )
    if limb.nerve.limb == "leg":
        factor = twins.each("bedside.thermal.leg_factor")
        threshold, slope = threshold * factor, slope / factor
    with np.errstate(divide="ignore"):
        spread = 1.0 / slope
    guess, lapse = (twins.each(f"bedside.thermal.{key}") for key in ("guess", "lapse"))
    return Psychometric(threshold, spread, guess, lapse)
