"""What pressure does to transport, and what a scar does to growth."""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq

from tinel.claims.computations.people import (
    FEW,
    OF_TWINS,
    adults,
    band,
    course,
    joined_percent,
)
from tinel.claims.computed import Computed
from tinel.course.transport import delivered_fraction
from tinel.evidence import Parameters
from tinel.lesion.causes import constriction

HIGHEST_mmHg = 500.0


def delivered(parameters: Parameters, pressure_mmHg: str) -> Computed:
    """Fast cargo that arrives beyond a scar that presses."""
    pressure = float(pressure_mmHg)
    value = 100.0 * float(delivered_fraction(pressure, parameters))
    what = f"fast cargo that still arrives beyond a scar that presses with {pressure:g} mmHg"
    return Computed(what, value, "%")


def half_of_half(parameters: Parameters) -> Computed:
    """What half of the pressure that stops half of the cargo stops; in proportion, a quarter."""

    def stopped(pressure_mmHg: float) -> float:
        return 1.0 - float(delivered_fraction(pressure_mmHg, parameters))

    half_mmHg = brentq(lambda p: stopped(p) - 0.5, 0.0, HIGHEST_mmHg)
    what = (
        f"{half_mmHg:.0f} mmHg stops half of the fast cargo; half of that pressure stops this "
        "much (25 % if a nerve were a hose)"
    )
    return Computed(what, 100.0 * stopped(half_mmHg / 2.0), "%")


def never_back(parameters: Parameters, pressure_mmHg: str) -> Computed:
    """Axons that are missing five years after a scar began to press."""
    pressure, site = float(pressure_mmHg), "mid-forearm"
    nerve = adults(parameters, "ulnar")
    place = nerve.landmark(site)
    scar = constriction.make(
        nerve, place.branch, site_mm=place.position_mm, length_mm=30.0, pressure_mmHg=pressure
    )
    missing: np.ndarray = 100.0 - joined_percent(course(nerve, scar), 5 * 365.0)
    value, low, high = band(missing)
    what = f"axons missing after five years under 30 mm of scar that press with {pressure:g} mmHg"
    return Computed(what, value, "%", low, high, OF_TWINS, FEW)
