"""How a stimulus enters the time loop: charge into nodes and modes, at waveform 1."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinel.cable.condense import FASTEST_PER_ms, Modes
from tinel.cable.internode import Elements
from tinel.cable.onset import SUBSTEPS, jump
from tinel.cable.prepare import coefficients, fibres_last, folded
from tinel.cable.rest import tridiagonal
from tinel.cable.stimulus import Stimulus

Floats = NDArray[np.float64]


def drive(
    elements: Elements,
    nodes: int,
    stimulus: Stimulus,
    dt_ms: float,
    parities: tuple[Modes, Modes],
    steps: dict[str, Any],
) -> dict[str, Floats]:
    """How the stimulus enters, at waveform 1.

    ``charge`` (pC) per node and step, ``jump`` per node and change of the waveform, ``even`` and
    ``odd`` per slow mode; all with fibres last. ``steps`` are the ``coefficients``.
    """
    n_fibre = len(elements.spacing_um)
    if stimulus.potential_mV is None:
        none = np.zeros((nodes, n_fibre))
        slow = np.zeros((2, max(p.slow for p in parities), 1, 1))
        driven = dict(charge=none, jump=none, even=slow[0], odd=slow[1])
    else:
        push = _push(elements, nodes, stimulus.potential_mV, parities)
        driven = _ramped(push, dt_ms, parities)
        fine_ms = dt_ms / 2 / SUBSTEPS
        driven["jump"] = jump(
            steps, driven, coefficients(elements, fine_ms, parities),
            _ramped(push, fine_ms, parities), fine_ms, tridiagonal,
        )  # fmt: skip
    if stimulus.current_nA is not None:
        # a current is no jump of potential: it needs no care at its onset
        driven["charge"] = driven["charge"] + dt_ms * stimulus.current_nA.T
    return driven


def _push(
    elements: Elements, nodes: int, potential_mV: Floats, parities: tuple[Modes, Modes]
) -> tuple[Floats, list[Floats]]:
    # currents (nA) into nodes, and into the modes of either parity, of a field of 1
    n_fibre = len(elements.spacing_um)
    step = np.diff(np.broadcast_to(potential_mV, (n_fibre, 11 * nodes - 10)), axis=1)
    step = step.reshape(n_fibre, nodes - 1, 11)
    inner, outer = elements.inner_uS * step, elements.outer_uS * step
    into = np.concatenate([np.diff(inner, axis=-1), np.diff(outer, axis=-1)], axis=-1)
    at_nodes = np.zeros((n_fibre, nodes))
    at_nodes[:, :-1] += inner[..., 0]
    at_nodes[:, 1:] -= inner[..., -1]
    on_modes = []
    for parity, sign in zip(parities, (1.0, -1.0), strict=True):
        half, shape = folded(into, sign) / 2, parity.shape.swapaxes(-1, -2)
        if shape.shape[1] == 1:
            on_modes.append(half @ shape[:, 0])
        else:
            on_modes.append((half[:, :, None] @ shape)[:, :, 0])
    return at_nodes, on_modes


def _ramped(
    push: tuple[Floats, list[Floats]], dt_ms: float, parities: tuple[Modes, Modes]
) -> dict[str, Floats]:
    # as ``drive``; a change of the waveform is taken as a ramp over one step
    at_nodes, on_modes = push
    charge, leap = dt_ms * at_nodes, np.zeros(at_nodes.shape)
    slow = []
    for parity, force, sign in zip(parities, on_modes, (1.0, -1.0), strict=True):
        z = parity.rate * dt_ms
        remembered = parity.rate < FASTEST_PER_ms
        mean = np.where(remembered, -np.expm1(-z) / z, 0.0)
        lag = parity.coupling / parity.rate
        now = _summed(force, lag * dt_ms * (1 - mean))
        later = _summed(force, lag / parity.rate * ~remembered)
        charge[:, :-1] += now
        charge[:, 1:] += sign * now
        leap[:, :-1] -= later
        leap[:, 1:] -= sign * later
        n = parity.slow
        slow.append(fibres_last((2 * z / parity.coupling)[..., :n] * force[..., :n]))
    return dict(charge=fibres_last(charge), jump=fibres_last(leap), even=slow[0], odd=slow[1])


def _summed(force: Floats, weight: Floats) -> Floats:
    # over modes; the weights of all internodes or of each
    return (
        (force @ weight.swapaxes(1, 2))[..., 0]
        if weight.shape[1] == 1
        else np.einsum("fij,fij->fi", force, weight)
    )
