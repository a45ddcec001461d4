"""Numbers of the model that nobody has measured: they differ between the twins of a patient.

Where a calibration is kept, twins draw its rows already. Without one, each of the free numbers is
drawn around its value, nine of ten inside its stated range.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tinel.evidence import Number, Parameters
from tinel.evidence.free import free_parameters
from tinel.evidence.posterior import calibrated

Floats = NDArray[np.float64]

STREAM = "model."
_90_PERCENT = 1.6448536269514722


def uncertain(parameters: Parameters) -> tuple[Number, ...]:
    """The free numbers that are drawn: none where a calibration is kept or a user set them.

    Example:
        >>> uncertain(Parameters.of_evidence())
        ()
    """
    if calibrated() is not None:
        return ()
    keys = (one.key for one in free_parameters())
    numbers = (parameters.numbers[key] for key in keys if key not in parameters.changed)
    return tuple(n for n in numbers if n.low is not None and n.high is not None)


def values(number: Number, scores: Floats) -> Floats:
    """The values that standard normal scores stand for, same shape; 0 stands for the value in use.

    Args:
        number: with a range; a positive one spreads by factors, another by amounts.
        scores: standard normal.

    Example:
        >>> rate = Number("k", 2.0, "1", low=1.0, high=8.0)
        >>> values(rate, np.array([-1.6448536, 0.0, 1.6448536])).round(3).tolist()
        [1.0, 2.0, 8.0]
    """
    assert number.low is not None and number.high is not None
    steps = scores / _90_PERCENT
    if number.low > 0:
        below = np.log(number.value / number.low)
        above = np.log(number.high / number.value)
        found = number.value * np.exp(np.where(steps < 0, below, above) * steps)
    else:
        below, above = number.value - number.low, number.high - number.value
        found = number.value + np.where(steps < 0, below, above) * steps
    return np.asarray(np.clip(found, *number.allowed))
