"""Conversion of a number with a unit, by pint, which is asked once for each pair of units."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

# Units of the evidence that pint does not know under that name.
_IN_PINT = {"fraction": "dimensionless", "y": "year", "1/y": "1/year", "": "dimensionless"}


def converted(value: float, unit: str, wanted: str) -> tuple[float, str]:
    """A value in the wanted unit, and what forbids the conversion (empty where nothing does).

    Args:
        value: in ``unit``.
        unit: as a user wrote it.
        wanted: the unit of the field; empty for a plain number.

    Example:
        >>> converted(6.0, "cm", "mm")
        (60.0, '')
        >>> converted(30.0, "deg", "%")[1]
        'is given in degree and cannot be converted to %'
    """
    found, into, problem = _units(unit, wanted)
    if problem:
        return math.nan, problem
    import pint

    return float(pint.application_registry.Quantity(value, found).to(into).magnitude), ""


@lru_cache(maxsize=1000)
def _units(unit: str, wanted: str) -> tuple[Any, Any, str]:
    """Both units as pint has them, and why one cannot become the other."""
    import pint  # half a second, and most files hold plain numbers only

    registry, unknown = pint.application_registry, (AttributeError, TypeError, ValueError)
    try:
        into = registry.Unit(_IN_PINT.get(wanted, wanted))
    except (pint.PintError, *unknown):
        return None, None, f"is not in {wanted}"
    try:
        found = registry.Unit(unit)
    except (pint.PintError, *unknown):
        return None, None, f"is no quantity: no unit is called '{unit}'"
    cannot = f"cannot be converted to {wanted}"
    # an angle or a count has no dimension either, but is no percentage: their roots differ
    if registry.get_root_units(found)[1] != registry.get_root_units(into)[1]:
        if not wanted:
            return None, None, "has a unit, and a plain number is wanted"
        dimension = str(found.dimensionality).replace("[", "").replace("]", "")
        is_a = f"given in {found}" if dimension == "dimensionless" else f"a {dimension}"
        return None, None, f"is {is_a} and {cannot}"
    try:
        none, one, two = (
            float(registry.Quantity(x, found).to(into).magnitude) for x in (0.0, 1.0, 2.0)
        )
    except (pint.PintError, *unknown, ArithmeticError):
        # a difference of temperatures is no temperature, and the reverse
        return None, None, cannot if wanted else "has a unit, and a plain number is wanted"
    if not math.isclose(two - one, one - none, rel_tol=1e-6):
        return None, None, f"is on a logarithmic scale and {cannot}"
    return found, into, ""
