"""Muscles and skin beyond an injury, and how the worst of them is in each twin."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tinel.exam.limb import Floats
from tinel.report.forecast_figure import injured_targets
from tinel.report.number_format import percent_of
from tinel.result import Result

PARALYSED_MRC = 2  # and below: no movement against gravity
AGAINST_GRAVITY_MRC = 3
FULL_MRC = 5
HALF_OF_TOUCH, MUCH_PAIN = 50.0, 4.0


def muscles(result: Result) -> tuple[str, ...]:
    """Muscles with fibres through the injury, nearest first."""
    return tuple(t for t in injured_targets(result) if _kind(result, t) == "motor")


def skins(result: Result) -> tuple[str, ...]:
    """Patches of skin with fibres through the injury, nearest first."""
    return tuple(t for t in injured_targets(result) if _kind(result, t) == "sensory")


def least_grade(result: Result, arm: str, names: tuple[str, ...]) -> Floats:
    """The lowest MRC grade of any of these muscles in an arm, ``(n_twin, n_day)``."""
    return np.asarray(np.min([result.twins(arm, "MRC grade", m) for m in names], axis=0))


def least_touch(result: Result, arm: str, names: tuple[str, ...]) -> Floats:
    """Touch fibres in percent where fewest are left of these patches, ``(n_twin, n_day)``."""
    return np.asarray(np.min([result.twins(arm, "touch fibres", s) for s in names], axis=0))


def first_hurt(result: Result) -> int:
    """Index of the first day after day 0 on which a twin has lost a fibre."""
    lost = np.round(result.twins(result.waiting, "conducting fibres")).min(axis=0) < 100
    return next((k for k in range(1, len(lost)) if lost[k]), 1)


def of_100(those: NDArray[np.bool_]) -> str:
    """How many of a hundred, and none or all only where it is so exactly.

    Example:
        >>> of_100(np.array([True, False])), of_100(np.array([True]))
        ('50 in 100', 'all')
    """
    if not those.any():
        return "none"
    return "all" if those.all() else f"{percent_of(float(those.mean()))} in 100"


def arms_in_order(result: Result) -> tuple[str, ...]:
    """Names of the arms, waiting first."""
    return (result.waiting, *(p.name for p in result.plans if p.name != result.waiting))


def _kind(result: Result, name: str) -> str:
    return result.healthy.limb.nerve.target(name).kind
