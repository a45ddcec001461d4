"""How threshold depends on the width of a pulse, and how many fibres a stimulus recruits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.cable.protocols.preparation import Preparation
from tinel.cable.protocols.search import Ints
from tinel.cable.protocols.threshold import pulse_threshold
from tinel.errors import TinelError

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class StrengthDuration:
    """Thresholds of every width and Weiss's law fitted to them, I = rheobase (1 + tau / width).

    ``width_ms`` ``(n_width,)``, ``amplitude`` and ``status`` ``(n_fibre, n_width)``; ``rheobase``
    in the unit of the amplitude and ``time_constant_ms`` tau (equal to the chronaxie),
    ``(n_fibre,)``.
    """

    width_ms: Floats
    amplitude: Floats
    status: Ints
    rheobase: Floats
    time_constant_ms: Floats


def weiss(width_ms: Floats, amplitude: Floats) -> tuple[Floats, Floats]:
    """Rheobase and strength-duration time constant (ms): the line of charge over width.

    Args:
        width_ms: shape ``(n_width,)``.
        amplitude: thresholds ``(..., n_width)``.

    Example:
        >>> w = np.array([0.2, 0.4, 0.6, 0.8, 1.0])
        >>> [float(x.round(6)) for x in weiss(w, 3.0 * (1 + 0.45 / w))]
        [3.0, 0.45]
    """
    charge = amplitude * width_ms
    away = width_ms - width_ms.mean()
    slope = (charge * away).sum(axis=-1) / (away**2).sum()
    return slope, charge.mean(axis=-1) / slope - width_ms.mean()


def strength_duration(
    preparation: Preparation,
    width_ms: Floats,
    *,
    largest: float,
    tolerance: float = 2e-3,
) -> StrengthDuration:
    """Thresholds to rectangular pulses of every width, and their Weiss fit.

    Args:
        width_ms: two or more different widths ``(n_width,)``, finite, above 0.
        largest: amplitude up to which to look, above 0; enough for the shortest pulse.
        tolerance: relative, 1e-6 to 0.1, as in ``search``.

    Raises:
        TinelError: an argument outside its range, or fewer than two different widths.
    """
    if np.ndim(width_ms) != 1 or len(np.unique(width_ms)) < 2:
        raise TinelError(f"width_ms is {width_ms} (allowed: two or more different widths)")
    each = [
        pulse_threshold(preparation, float(w), largest=largest, tolerance=tolerance)
        for w in width_ms
    ]
    amplitude = np.stack([t.amplitude for t in each], axis=1)
    status = np.stack([t.status for t in each], axis=1)
    return StrengthDuration(width_ms, amplitude, status, *weiss(width_ms, amplitude))


def recruitment(thresholds: Floats, amplitudes: Floats, weight: Floats | None = None) -> Floats:
    """Share of fibres (by weight, for instance motor-unit size) recruited at each amplitude.

    Fibres without threshold (nan) are never recruited.

    Example:
        >>> recruitment(np.array([1.0, 2.0, np.nan, 4.0]), np.array([0.5, 2.0, 9.0]))
        array([0.  , 0.5 , 0.75])
    """
    size = np.ones(len(thresholds)) if weight is None else weight
    return (amplitudes[:, None] >= thresholds) @ size / size.sum()
