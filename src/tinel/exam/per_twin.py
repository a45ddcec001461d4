"""Parameters that differ between twins, beside arrays with more axes than the twins'."""

from __future__ import annotations

import numpy as np

from tinel.evidence import Parameters
from tinel.exam.limb import Floats


def beside(parameters: Parameters, key: str, array: Floats) -> float | Floats:
    """A parameter in a form that broadcasts over ``array``, ``(n_twin, ...)``."""
    given = parameters.per_twin(key)
    return given if isinstance(given, float) else given.reshape(-1, *[1] * (array.ndim - 1))


def of_first(parameters: Parameters, key: str) -> float:
    """The value of the first twin: one person has one limit."""
    return float(np.atleast_1d(parameters.per_twin(key))[0])
