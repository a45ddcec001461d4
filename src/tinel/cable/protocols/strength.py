"""How threshold depends on the width of a pulse, and how many fibres a stimulus recruits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tinel.cable.fibres.fibre import Fibre
from tinel.cable.protocols.found import Ints, texts, whole
from tinel.cable.protocols.preparation import (
    Preparation,
    SettingAndWhere,
    prepare,
    split,
    with_step,
)
from tinel.cable.protocols.threshold import pulse_threshold_of
from tinel.cable.stimulation.site import site
from tinel.declare.arrays import numbers
from tinel.declare.kinds import takes_only_its_kinds
from tinel.errors import TinelError

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class StrengthDuration:
    """Thresholds of every width and Weiss's law fitted to them, I = rheobase (1 + tau / width).

    ``width_ms`` ``(n_width,)``, ``amplitude`` and ``status`` ``(n_fibre, n_width)``; ``rheobase``
    in the unit of the amplitude and ``time_constant_ms`` tau (equal to the chronaxie),
    ``(n_fibre,)``; ``reasons`` why fibres were refused, by row.

    Example:
        >>> widths, found = np.array([0.1, 1.0]), np.array([[3.3, 0.6]])
        >>> curve = StrengthDuration(widths, found, np.zeros((1, 2), int), *weiss(widths, found))
        >>> curve.rheobase.round(2), curve.time_constant_ms.round(2)
        (array([0.3]), array([1.]))
    """

    width_ms: Floats
    amplitude: Floats
    status: Ints
    rheobase: Floats
    time_constant_ms: Floats
    reasons: Mapping[int, str] = field(default_factory=dict)

    @property
    def status_text(self) -> tuple[str, ...]:
        """What became of each fibre, and what to do about it."""
        return texts(self.status, self.reasons)


@takes_only_its_kinds
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


@takes_only_its_kinds
def strength_duration(
    fibre: Fibre,
    width_ms: ArrayLike,
    *,
    largest: float,
    tolerance: float = 2e-3,
    **how: Unpack[SettingAndWhere],
) -> StrengthDuration:
    """Thresholds to rectangular pulses of every width, and Weiss's law fitted to them.

    Args:
        fibre: one or a batch, all of one length.
        width_ms: two or more different widths ``(n_width,)``, finite, above 0.
        largest: up to which to look, above 0; enough for the shortest pulse.
        tolerance: relative, 1e-6 to 0.1.
        **how: where the pulses act, as for ``pulse`` (``node``, ``electrode``, ...), and as for
            ``threshold`` (``watch``, ``arrival_ms``, ``dt_ms``, ``temperature_C``, ``solver``).

    Raises:
        TinelError: an argument outside its range, or fewer than two different widths.

    Example:
        >>> from tinel.cable.models import build as models
        >>> fibre = models.mrg(diameter_um=10, nodes=21)
        >>> curve = strength_duration(fibre, [0.1, 0.5, 1.0], largest=10, node=10)
        >>> bool(0.05 < curve.time_constant_ms[0] < 0.5)
        True
    """
    setting, where = split(how)
    widths = numbers("width_ms", width_ms)
    if not (np.all(widths > 0) and np.all(np.isfinite(widths)) and widths.size):
        raise TinelError(f"width_ms is {widths} (allowed: finite, above 0)")
    ready = prepare(fibre, site(**where), **with_step(setting, float(widths.min())))
    found = strength_duration_of(ready.preparation, widths, largest=largest, tolerance=tolerance)
    each = ("amplitude", "status", "rheobase", "time_constant_ms")
    all_rows = {n: whole(getattr(found, n), ready.good, len(fibre)) for n in each}
    return replace(found, **all_rows, reasons=ready.reasons)


def strength_duration_of(
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
        tolerance: relative, 1e-6 to 0.1, as in ``lowest``.

    Raises:
        TinelError: an argument outside its range, or fewer than two different widths.

    Example:
        >>> from tinel.cable.models import build as models
        >>> ready = prepare(models.mrg(diameter_um=10, nodes=21), site(node=10))
        >>> curve = strength_duration_of(ready.preparation, np.array([0.1, 1.0]), largest=10)
        >>> bool(curve.amplitude[0, 0] > curve.amplitude[0, 1])
        True
    """
    if np.ndim(width_ms) != 1 or len(np.unique(width_ms)) < 2:
        raise TinelError(f"width_ms is {width_ms} (allowed: two or more different widths)")
    each = [
        pulse_threshold_of(preparation, float(w), largest=largest, tolerance=tolerance)
        for w in width_ms
    ]
    amplitude = np.stack([t.amplitude for t in each], axis=1)
    status = np.stack([t.status for t in each], axis=1)
    return StrengthDuration(width_ms, amplitude, status, *weiss(width_ms, amplitude))


@takes_only_its_kinds
def recruitment(
    thresholds: ArrayLike, amplitudes: ArrayLike, weight: ArrayLike | None = None
) -> Floats:
    """Fraction of fibres (by weight, for instance motor-unit size) recruited at each amplitude.

    Args:
        thresholds: ``(n_fibre,)``; fibres without one (nan) are never recruited.
        amplitudes: ``(n_amplitude,)``.
        weight: ``(n_fibre,)``, by default 1 each.

    Raises:
        TinelError: no numbers, or not one weight per fibre.

    Example:
        >>> recruitment(np.array([1.0, 2.0, np.nan, 4.0]), np.array([0.5, 2.0, 9.0]))
        array([0.  , 0.5 , 0.75])
    """
    found, given = numbers("thresholds", thresholds), numbers("amplitudes", amplitudes)
    size = np.ones(len(found)) if weight is None else numbers("weight", weight)
    if found.ndim != 1 or size.shape != found.shape:
        raise TinelError(
            f"thresholds of shape {found.shape}, weights of {size.shape} (allowed: (n_fibre,) both)"
        )
    return (np.atleast_1d(given)[:, None] >= found) @ size / size.sum()
