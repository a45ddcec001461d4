"""The uncondensed double-precision fibre: slow, plain, and the judge of everything faster.

Every compartment keeps both potentials; one banded linear system per step. ``theta`` 1 is
backward Euler (the scheme NEURON uses by default), 0.5 the trapezoidal rule, second order.
Gates live half a step ahead of the potentials, as in NEURON.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_banded

from tinel.cable.fibres.double_cable import COMPARTMENTS
from tinel.cable.fibres.internode import Elements
from tinel.cable.membranes.membrane import Membrane
from tinel.cable.models.mrg import MEMBRANE as MRG

Floats = NDArray[np.float64]
BLOCK = COMPARTMENTS + 1  # a node and the internode behind it


@dataclass(frozen=True)
class Trace:
    """``time_ms`` ``(n_step + 1,)``; node potentials ``v_mV`` ``(n_step + 1, n_node)``; ``x_mV``
    ``(n_step + 1, 11 n_node - 10, 2)`` the inner and periaxonal potential of every compartment,
    as deviations from rest."""

    time_ms: Floats
    v_mV: Floats
    x_mV: Floats


def run(
    elements: Elements,
    fibre: int,
    nodes: int,
    *,
    duration_ms: float,
    dt_ms: float,
    temperature_C: float = 37.0,
    theta: float = 1.0,
    current_nA: Floats | None = None,
    potential_mV: Floats | None = None,
    waveform: Floats | None = None,
    settle_ms: float = 200.0,
    membrane: Membrane = MRG,
) -> Trace:
    """Simulate one fibre of a batch, compartment by compartment.

    Args:
        elements: elements of the batch; ``fibre`` picks the row.
        nodes: number of nodes; the ends are sealed.
        current_nA: injected current per node at waveform 1, shape ``(n_node,)``.
        potential_mV: potential of the medium at waveform 1 along node, ten compartments, node,
            ..., shape ``(11 n_node - 10,)``.
        waveform: stimulus factor for the step that starts at each sample, shape ``(n_step,)``.
        settle_ms: time given to reach rest before the run.
        membrane: of the nodes.

    Returns:
        The trace; ``v_mV`` are transmembrane potentials.
    """
    steps = round(duration_ms / dt_ms)
    rest_mV = membrane.rest_mV
    n = BLOCK * (nodes - 1) + 1
    at_node = np.arange(nodes) * BLOCK
    c_ax, g_ax, c_my, g_my, g_in, g_pe = _lay_out(elements, fibre, nodes)
    area = elements.node_area_um2[fibre] * 1e-2
    node_nF = elements.node_nF[fibre]
    wave = np.zeros(steps) if waveform is None else waveform
    drive = np.zeros((n, 2))
    if current_nA is not None:
        drive[at_node, 0] += current_nA
    if potential_mV is not None:
        # potentials are measured against the medium beside the compartment
        for side, g in enumerate((g_in, g_pe)):
            flow = g * np.diff(potential_mV)
            drive[:-1, side] += flow
            drive[1:, side] -= flow

    def system(dt: float) -> Floats:
        band = np.zeros((5, 2 * n))
        centre = np.zeros((n, 2))
        for side, g in enumerate((g_in, g_pe)):
            centre[:-1, side] += g
            centre[1:, side] += g
            band[0, 2 + side :: 2] = -g
            band[4, side : 2 * n - 2 : 2] = -g
        membrane = c_ax / (theta * dt) + g_ax
        myelin = c_my / (theta * dt) + g_my
        band[2, 0::2] = centre[:, 0] + membrane
        band[2, 1::2] = centre[:, 1] + membrane + myelin
        band[1, 1::2] = -membrane
        band[3, 0::2] = -membrane
        pinned = 2 * at_node + 1  # the node's periaxonal space is the medium
        band[2, pinned] = 1.0
        for row, shift in ((0, 2), (1, 1), (3, -1), (4, -2)):
            neighbour = pinned + shift
            band[row, neighbour[(neighbour >= 0) & (neighbour < 2 * n)]] = 0.0
            band[row, pinned] = 0.0
        return band

    def linear(x: Floats) -> Floats:
        # linear currents into every unknown at state x
        out = np.zeros((n, 2))
        for side, g in enumerate((g_in, g_pe)):
            along = g * np.diff(x[:, side])
            out[:-1, side] += along
            out[1:, side] -= along
        through = g_ax * (x[:, 0] - x[:, 1])
        out[:, 0] -= through
        out[:, 1] += through - g_my * x[:, 1]
        return out

    x = np.zeros((n, 2))
    opening, closing = membrane.rates(np.full(nodes, rest_mV), temperature_C)
    gates = opening / (opening + closing)

    def step(x: Floats, gates: Floats, dt: float, band: Floats, factor: float) -> Floats:
        g, ge = membrane.conductance(gates)
        g, ge = area * g, area * ge
        right = linear(x) + factor * drive
        right[at_node, 0] += ge - g * (x[at_node, 0] + rest_mV)
        right[at_node, 1] = 0.0
        a = band.copy()
        a[2, 2 * at_node] += g + node_nF / (theta * dt)
        delta = solve_banded((2, 2), a, right.ravel(), check_finite=False)
        return x + delta.reshape(n, 2) / theta

    def advance(gates: Floats, v: Floats, dt: float) -> Floats:
        opening, closing = membrane.rates(v, temperature_C)
        total = opening + closing
        rest = opening / total
        return rest + (gates - rest) * np.exp(-dt * total)

    if settle_ms > 0:
        theta, kept = 1.0, theta
        long = system(5.0)
        for _ in range(round(settle_ms / 5.0)):
            x = step(x, gates, 5.0, long, 0.0)
            gates = advance(gates, x[at_node, 0] + rest_mV, 5.0)
        theta = kept
    band = system(dt_ms)
    states = np.empty((steps + 1, n, 2))
    states[0] = x
    for k in range(steps):
        x = step(x, gates, dt_ms, band, wave[k])
        states[k + 1] = x
        gates = advance(gates, x[at_node, 0] + rest_mV, dt_ms)
    return Trace(np.arange(steps + 1.0) * dt_ms, states[:, at_node, 0] + rest_mV, states)


def _lay_out(elements: Elements, fibre: int, nodes: int) -> tuple[Floats, ...]:
    def membrane(a: Floats) -> Floats:
        rows = np.zeros((nodes, BLOCK))
        rows[:-1, 1:] = np.broadcast_to(a[fibre], (nodes - 1, COMPARTMENTS))
        return rows.ravel()[: BLOCK * (nodes - 1) + 1]

    def along(a: Floats) -> Floats:
        return np.broadcast_to(a[fibre], (nodes - 1, BLOCK)).ravel()

    return (
        membrane(elements.axolemma_nF),
        membrane(elements.axolemma_uS),
        membrane(elements.myelin_nF),
        membrane(elements.myelin_uS),
        along(elements.inner_uS),
        along(elements.outer_uS),
    )
