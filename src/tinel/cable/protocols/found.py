"""What a search for thresholds comes to, per fibre, and what to make of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinel.cable.solvers.status import STATUS, WORST, Status

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]


@dataclass(frozen=True)
class Threshold:
    """Lowest amplitudes.

    Args:
        amplitude: ``(n_fibre,)``, nan where there is none.
        status: values of ``Status``, ``(n_fibre,)``; where a step is too long (5) or an end fires
            first (9) there is an amplitude all the same.
        reasons: why fibres were refused, by row.

    Example:
        >>> Threshold(np.array([0.8, np.nan]), np.array([0, 7])).status_text[0]
        'ok'
    """

    amplitude: Floats
    status: Ints
    reasons: Mapping[int, str] = field(default_factory=dict)

    @property
    def status_text(self) -> tuple[str, ...]:
        """What became of each fibre, and what to do about it."""
        return texts(self.status, self.reasons)


def texts(status: Ints, reasons: Mapping[int, str]) -> tuple[str, ...]:
    """Words for each fibre's status, its worst where it has several.

    Example:
        >>> texts(np.array([0, 4]), {1: "too thick"})
        ('ok', 'refused: too thick')
    """
    each = status.reshape(len(status), -1).tolist()
    worst = [next(s for s in WORST if s in row) if row else Status.OK for row in each]
    why = (f": {reasons[k]}" if k in reasons else "" for k in range(len(worst)))
    return tuple(STATUS[s] + more for s, more in zip(worst, why, strict=True))


def whole(part: NDArray[Any], good: Ints, count: int) -> NDArray[Any]:
    """Values of good rows among all, nan (status: refused) for the others.

    Example:
        >>> whole(np.array([2.0]), np.array([1]), 2)
        array([nan,  2.])
    """
    if len(good) == count:
        return part
    blank = Status.REFUSED if part.dtype.kind in "iu" else np.nan
    out = np.full((count, *part.shape[1:]), blank, part.dtype)
    out[good] = part
    return out
