"""How a stimulus enters the time loop: charge into nodes, changes of the modes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tinel.cable.fibres.internode import Elements
from tinel.cable.solvers.condensed.condense import FASTEST_PER_ms, Modes
from tinel.cable.solvers.condensed.prepare import fibres_last, folded
from tinel.cable.stimulation.drive import Drive

Floats = NDArray[np.float64]


def drive(
    elements: Elements,
    nodes: int,
    stimulus: Drive,
    dt_ms: float,
    parities: tuple[Modes, Modes],
) -> dict[str, Floats]:
    """How the stimulus enters a step, fibres last.

    ``charge`` (pC) per node, at waveform 1; ``jump`` (pC) per node and ``even`` and ``odd`` per
    slow mode at a change of the waveform by 1. A field F w on a mode moves its lag as a change of
    the node potential by F/a does: with y = (a v + F w)/lambda + q,

        q' = -lambda q - (a/lambda) (v' + (F/a) w').
    """
    h = 2 * dt_ms / 3
    charge = np.zeros((len(elements.spacing_um), nodes))
    jump = np.zeros(charge.shape)
    slow = [np.zeros((p.slow, 1, 1)) for p in parities]
    if stimulus.current_nA is not None:
        charge += h * stimulus.current_nA
    if stimulus.potential_mV is not None:
        at_nodes, on_modes = _push(elements, nodes, stimulus.potential_mV, parities)
        charge += h * at_nodes
        for k, (parity, force, sign) in enumerate(zip(parities, on_modes, (1, -1), strict=True)):
            lag, z = parity.coupling / parity.rate, parity.rate * dt_ms
            # a jump that a mode follows at once is spread by the formula over steps as 2/3, 2/9, ..
            mean = np.where(
                parity.rate < FASTEST_PER_ms, -h * np.expm1(-z) / z, 2 / 3 / parity.rate
            )
            now, later = _summed(force, h * lag), _summed(force, lag * mean)
            charge[:, :-1] += now
            charge[:, 1:] += sign * now
            jump[:, :-1] -= later
            jump[:, 1:] -= sign * later
            n = parity.slow
            slow[k] = fibres_last((-2 / parity.coupling)[..., :n] * force[..., :n])
    return dict(charge=charge.T, jump=jump.T, even=slow[0], odd=slow[1])


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


def _summed(force: Floats, weight: Floats) -> Floats:
    # over modes; the weights of all internodes or of each
    return (
        (force @ weight.swapaxes(1, 2))[..., 0]
        if weight.shape[1] == 1
        else np.einsum("fij,fij->fi", force, weight)
    )
