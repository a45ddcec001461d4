"""The section [set]: parameters changed by hand, by key or in nested tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tinel.declare.quantity import short, shown
from tinel.errors import TinelError
from tinel.evidence import Parameters
from tinel.evidence.files import nearest

LONGEST_KEY = 100  # longer than any number's; a comparison with more takes seconds


def flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Values by dotted key, whether a user wrote quoted keys, dotted ones or nested tables.

    Example:
        >>> flat({"course": {"growth": {"rate": 2.0}}, "course.growth.delay": "3 weeks"})
        {'course.growth.rate': 2.0, 'course.growth.delay': '3 weeks'}
    """
    found: dict[str, Any] = {}
    for name, value in table.items():
        key = f"{prefix}{name}"
        found |= flat(value, f"{key}.") if isinstance(value, Mapping) else {key: value}
    return found


def changed(
    parameters: Parameters, values: Mapping[str, Any], where: str, n_twin: int
) -> Parameters:
    """The parameters with values of the case; errors name the key in its section.

    Raises:
        TinelError: an unknown key, or a value that is not allowed or not long enough.
    """
    for key, value in values.items():
        if key not in parameters:
            told = f"no number has the key {shown(key)}"
            raise TinelError(told, f"{where}{short(key)}", nearest(key[:LONGEST_KEY], parameters))
        try:
            parameters = parameters.replace({key: value})
            parameters.of_twins(range(n_twin))
        except TinelError as problem:
            raise TinelError(problem.message, f"{where}{key}", problem.advice) from None
    return parameters
