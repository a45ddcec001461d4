"""What drives a fibre: current into a node, or the potential of the medium along it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.cable.internode import Elements

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Stimulus:
    """A spatial pattern times a waveform.

    Args:
        waveform: factor during the step that starts at each sample, shape ``(n_step,)``.
        current_nA: into each node at waveform 1, shape ``(n_fibre or 1, n_node)``.
        potential_mV: of the medium at waveform 1, node, ten compartments, node, ..., shape
            ``(n_fibre or 1, 11 n_node - 10)``.
    """

    waveform: Floats
    current_nA: Floats | None = None
    potential_mV: Floats | None = None


def pulse(duration_ms: float, dt_ms: float, start_ms: float, width_ms: float) -> Floats:
    """A rectangular waveform of height 1; edges inside a step count by their share of it.

    Example:
        >>> pulse(0.05, 0.01, 0.01, 0.02)
        array([0., 1., 1., 0., 0.])
    """
    starts = np.arange(round(duration_ms / dt_ms)) * dt_ms
    overlap = np.minimum(starts + dt_ms, start_ms + width_ms) - np.maximum(starts, start_ms)
    return np.round(np.clip(overlap / dt_ms, 0.0, 1.0), 9)


def at_ends(waveform: Floats) -> Floats:
    """What drives a step that looks at its end: the mean of the step's sample and the next.

    Held over each step, a drive would come half a step late. Nothing is lost: the first step gets
    the half that would fall before it. Times on the last axis.

    Example:
        >>> at_ends(np.array([0.0, 1.0, 1.0, 0.0]))
        array([0.5, 1. , 0.5, 0. ])
    """
    ends = (waveform + np.concatenate([waveform[..., 1:], waveform[..., -1:]], axis=-1)) / 2
    ends[..., :1] += waveform[..., :1] / 2
    return ends


def alternating(
    duration_ms: float, dt_ms: float, start_ms: float, frequency_kHz: float, shape: str = "sine"
) -> Floats:
    """A kilohertz current of amplitude 1 from ``start_ms`` on; each step holds its mean over it.

    Raises:
        ValueError: a shape other than sine or square, or fewer than four steps per period.

    Example:
        >>> alternating(0.1, 0.0125, 0.0, 20.0, "square")
        array([ 1.,  1., -1., -1.,  1.,  1., -1., -1.])
    """
    if shape not in ("sine", "square") or not 0 < frequency_kHz * dt_ms <= 0.25:
        raise ValueError(
            f"{shape!r} at {frequency_kHz:g} kHz and dt_ms {dt_ms:g}; legal: 'sine', 'square', "
            "at least four steps per period"
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
