"""What drives a fibre: current into a node, or the potential of the medium along it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.cable.fibres.internode import Elements

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Stimulus:
    """A spatial pattern times a waveform.

    Args:
        waveform: factor during the step that starts at each sample, shape ``(n_step,)``.
        current_nA: into each node at waveform 1, shape ``(n_fibre or 1, n_node)``.
        potential_mV: of the medium at waveform 1, node, ten compartments, node, ..., shape
            ``(n_fibre or 1, 11 n_node - 10)``.

    Raises:
        ValueError: an array of another number of axes, an empty waveform, or no pattern.
    """

    waveform: Floats
    current_nA: Floats | None = None
    potential_mV: Floats | None = None

    def __post_init__(self) -> None:
        if np.ndim(self.waveform) != 1 or np.size(self.waveform) == 0:
            raise ValueError(f"waveform has shape {np.shape(self.waveform)}; legal: (1 or more,)")
        if self.current_nA is None and self.potential_mV is None:
            raise ValueError("a stimulus needs a pattern: current_nA, potential_mV or both")
        for name in ("current_nA", "potential_mV"):
            a = getattr(self, name)
            if a is not None and np.ndim(a) != 2:
                raise ValueError(f"{name} has shape {np.shape(a)}; legal: (n_fibre or 1, places)")


def pulse(duration_ms: float, dt_ms: float, start_ms: float, width_ms: float) -> Floats:
    """A rectangular waveform of height 1; edges inside a step count by their share of it.

    Raises:
        ValueError: a step or width that is not above 0, or a pulse that does not begin within
            the duration.

    Example:
        >>> pulse(0.05, 0.01, 0.01, 0.02)
        array([0., 1., 1., 0., 0.])
    """
    if not (dt_ms > 0 and width_ms > 0 and 0 <= start_ms < duration_ms):
        raise ValueError(
            f"a pulse of {width_ms:g} ms from {start_ms:g} ms on, steps of {dt_ms:g} ms; legal: "
            f"above 0, and begun within the duration, {duration_ms:g} ms"
        )
    starts = np.arange(round(duration_ms / dt_ms)) * dt_ms
    overlap = np.minimum(starts + dt_ms, start_ms + width_ms) - np.maximum(starts, start_ms)
    return np.round(np.clip(overlap / dt_ms, 0.0, 1.0), 9)


def at_ends(waveform: Floats) -> Floats:
    """What drives steps that look at their end: the mean of a step's sample and the next.

    Held over each step, a drive would come half a step late. One step more than samples: the first
    one ends where the waveform begins. Times on the last axis.

    Example:
        >>> at_ends(np.array([0.0, 1.0, 1.0, 0.0]))
        array([0. , 0.5, 1. , 0.5, 0. ])
    """
    before, after = np.zeros_like(waveform[..., :1]), waveform[..., -1:]
    held = np.concatenate([before, waveform, after], axis=-1)
    return (held[..., :-1] + held[..., 1:]) / 2


def alternating(
    duration_ms: float, dt_ms: float, start_ms: float, frequency_kHz: float, shape: str = "sine"
) -> Floats:
    """A kilohertz current of amplitude 1 from ``start_ms`` on; each step holds its mean over it.

    The engines smooth over a step: of a current into a node they pass 90 % at ten steps per
    period, 97 % at twenty.

    Raises:
        ValueError: a shape other than sine or square, or fewer than ten steps per period.

    Example:
        >>> alternating(0.05, 0.005, 0.0, 20.0, "square")
        array([ 1.,  1.,  1.,  1.,  1., -1., -1., -1., -1., -1.])
    """
    if shape not in ("sine", "square") or not 0 < frequency_kHz * dt_ms <= 0.1 + 1e-9:
        raise ValueError(
            f"{shape!r} at {frequency_kHz:g} kHz and dt_ms {dt_ms:g}; legal: 'sine', 'square', "
            "at least ten steps per period"
        )
    edges = np.maximum(np.arange(round(duration_ms / dt_ms) + 1) * dt_ms - start_ms, 0.0)
    phase = np.round(edges * frequency_kHz, 9) % 1.0
    if shape == "sine":
        area = (1 - np.cos(2 * np.pi * phase)) / (2 * np.pi)
    else:
        area = np.minimum(phase, 1 - phase)
    return np.round(np.diff(area) / (frequency_kHz * dt_ms), 9)


def positions_um(elements: Elements, nodes: int) -> Floats:
    """Centres of node, ten compartments, node, ..., shape ``(n_fibre, 11 n_node - 10)``."""
    n_fibre = len(elements.spacing_um)
    block = np.concatenate([np.zeros((n_fibre, 1)), elements.centre_um], axis=1)
    starts = np.arange(nodes)[None, :, None] * elements.spacing_um[:, None, None]
    return (starts + block[:, None, :]).reshape(n_fibre, -1)[:, : 11 * nodes - 10]


def point_source(
    along_um: Floats, source_um: float, distance_um: float, sigma_S_per_m: float = 0.3
) -> Floats:
    """Potential (mV per mA) of a point electrode in an infinite homogeneous medium.

    V = I / (4 pi sigma r). Also the lead field of a point recording electrode, by reciprocity.

    Raises:
        ValueError: distance or conductivity not above zero.
    """
    if distance_um <= 0 or sigma_S_per_m <= 0:
        raise ValueError("distance_um and sigma_S_per_m must be above zero")
    r_m = np.hypot(along_um - source_um, distance_um) * 1e-6
    return 1.0 / (4 * np.pi * sigma_S_per_m * r_m)
