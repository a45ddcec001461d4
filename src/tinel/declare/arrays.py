"""Arrays that a caller hands in, read as numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tinel.errors import TinelError

Floats = NDArray[np.float64]


def numbers(name: str, given: object) -> Floats:
    """Any array of numbers as floats: truth values, integers, lists, strides.

    Raises:
        TinelError: something else than numbers.

    Example:
        >>> numbers("waveform", [False, True])
        array([0., 1.])
    """
    try:
        a = np.asarray(given)
        if a.dtype.kind not in "biuf":
            raise TypeError
        return np.asarray(a, dtype=np.float64)
    except (TypeError, ValueError):
        raise TinelError(f"{name} is {given!r} (allowed: real numbers)") from None
