"""The reference solution of one fibre: double precision, every compartment, plain linear algebra.

Any channels in any compartment, one banded linear system per step. ``theta`` 0.5 is the trapezoidal
rule, second order but undamped (take steps of 0.5 us or so); 1 is backward Euler. Gates live half a
step ahead and follow their exponential exactly. Rest is reached by waiting, not by Newton's method.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_banded

from tinel.cable.fibres.compartments import Compartments
from tinel.cable.fibres.double_cable import BLOCK
from tinel.cable.membranes.membrane import Membrane
from tinel.cable.membranes.operations import on_arrays
from tinel.cable.membranes.receptor import GATE
from tinel.cable.stimulation.drive import Drive

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Trace:
    """``time_ms`` ``(n_step + 1,)``; transmembrane potential of the nodes ``v_mV`` ``(n_step + 1,
    n_node)``; ``x_mV`` ``(n_step + 1, 11 n_node - 10, 2)`` inner and periaxonal potentials."""

    time_ms: Floats
    v_mV: Floats
    x_mV: Floats


def run(
    c: Compartments,
    fibre: int,
    *,
    waveform: Floats,
    dt_ms: float,
    current_nA: Floats | None = None,
    potential_mV: Floats | None = None,
    theta: float = 0.5,
    settle_ms: float = 2000.0,
    gently: bool = True,
    also: Sequence[Drive] = (),
) -> Trace:
    """Simulate one fibre of a batch.

    Args:
        c: compartments of the batch; ``fibre`` picks the row.
        waveform: stimulus factor for the step that starts at each sample, shape ``(n_step,)``.
        current_nA: into each node at waveform 1, shape ``(n_node,)``.
        potential_mV: of the medium at waveform 1, shape ``(11 n_node - 10,)``.
        settle_ms: time given to reach rest before the run, in steps of 5 ms.
        gently: whether 200 steps of 0.05 ms come first, which channels under the myelin need.
        also: further channels with waveforms of the same length; patterns of one row.
    """
    n, at_node = len(c.kind), np.arange(c.nodes) * BLOCK
    inner, outer, leak = c.inner_uS[fibre], c.outer_uS[fibre], np.zeros(n)
    leak[[0, -1]] = c.leak_uS[fibre]

    def pattern(current: Floats | None, potential: Floats | None) -> Floats:
        drive = np.zeros((n, 2))
        if current is not None:
            drive[at_node, 0] += current.ravel()
        if potential is not None:
            for side, g in enumerate((inner, outer)):
                flow = g * np.diff(potential.ravel())
                drive[:-1, side] += flow
                drive[1:, side] -= flow
        return drive

    channels = [(waveform, pattern(current_nA, potential_mV))]
    channels += [(one.waveform, pattern(one.current_nA, one.potential_mV)) for one in also]

    kinds, places = [with_its_formulas(m) for m in c.axon.kinds], c.at
    around = [(c.temperature_C[fibre, at], c.shift_mV[fibre, at]) for at in places]
    drugs = [None if d is None else d[:, fibre] for d in map(c.drug_per_ms, range(4))]

    gated = [kind for kind in range(4) if kinds[kind].gates]
    leaking = np.zeros((2, n))  # what has no gates conducts alike in every step
    for kind in range(4):
        if kind not in gated:
            leaking[:, places[kind]] = kinds[kind].conductance((), c.density_uS[kind][fibre])

    def conductance(gates: list[Floats]) -> tuple[Floats, Floats]:
        g, ge = leaking.copy()
        for kind in gated:
            at = places[kind]
            g[at], ge[at] = kinds[kind].conductance(gates[kind], c.density_uS[kind][fibre])
        return g, ge

    # the part of the system that no step changes
    still, centre, pinned = np.zeros((5, 2 * n)), np.zeros((n, 2)), 2 * at_node + 1
    for side, along in enumerate((inner, outer)):
        centre[:-1, side] += along
        centre[1:, side] += along
        still[0, 2 + side :: 2] = still[4, side : 2 * n - 2 : 2] = -along
    for row, shift in ((0, 2), (4, -2)):
        beside = pinned + shift
        still[row, beside[(beside >= 0) & (beside < 2 * n)]] = 0.0
        still[row, pinned] = 0.0

    def step(x: Floats, gates: list[Floats], dt: float, theta: float, drive: Floats) -> Floats:
        g, ge = conductance(gates)
        band, right = still.copy(), drive.copy()
        for side, along in enumerate((inner, outer)):
            flow = along * np.diff(x[:, side])
            right[:-1, side] += flow
            right[1:, side] -= flow
        ion = g * (x[:, 0] - x[:, 1]) - ge
        right[:, 0] -= ion + leak * x[:, 0]
        right[:, 1] += ion - c.myelin_uS[fibre] * x[:, 1]
        membrane = c.axolemma_nF[fibre] / (theta * dt) + g
        band[2, 0::2] = centre[:, 0] + membrane + leak
        myelin = c.myelin_nF[fibre] / (theta * dt) + c.myelin_uS[fibre]
        band[2, 1::2] = centre[:, 1] + membrane + myelin
        across = -membrane
        across[at_node] = 0.0
        band[1, 1::2] = band[3, 0::2] = across
        band[2, pinned] = 1.0  # the node's periaxonal space is the medium
        right[at_node, 1] = 0.0
        delta = solve_banded((2, 2), band, right.ravel(), check_finite=False)
        return x + delta.reshape(n, 2) / theta

    def advance(x: Floats, gates: list[Floats], dt: float) -> list[Floats]:
        out, v = list(gates), x[:, 0] - x[:, 1]
        for kind in gated:
            channels, old = kinds[kind], gates[kind]
            opening, closing = channels.rates(v[places[kind]], *around[kind])
            total = opening + closing
            goal = opening / total
            new = goal + (old[: len(goal)] - goal) * np.exp(-dt * total)
            if (drug := drugs[kind]) is not None:
                held = channels.gates.index(GATE)
                shut = 1.0 - (old[held] + new[held]) / 2
                bound = _bind(-old[-1], shut, drug, dt)
                new = np.concatenate([new, -bound[None]])
            out[kind] = new
        return out

    x = np.zeros((n, 2))
    x[:, 0] = c.axon.node.rest_mV
    gates = [
        channels.settled(x[at, 0], *warm_and_shift, drug)
        for channels, at, warm_and_shift, drug in zip(kinds, places, around, drugs, strict=True)
    ]
    settling = np.repeat([0.05, 5.0], [200 if gently else 0, round(settle_ms / 5.0)])
    for dt in settling if settle_ms > 0 else ():
        x = step(x, gates, dt, 1.0, np.zeros((n, 2)))
        gates = advance(x, gates, dt)
    states = np.empty((len(waveform) + 1, n, 2))
    states[0] = x
    for k in range(len(waveform)):
        drive = np.sum([wave[k] * each for wave, each in channels], axis=0)
        x = step(x, gates, dt_ms, theta, drive)
        states[k + 1] = x
        gates = advance(x, gates, dt_ms)
    return Trace(np.arange(len(waveform) + 1.0) * dt_ms, states[:, at_node, 0], states)


def with_its_formulas(m: Membrane) -> Membrane:
    """The membrane with formulas that are written out once instead of in every step."""
    made = m.formulas(on_arrays(np))
    return replace(m, formulas=lambda _: made)


def _bind(bound: Floats, inactivated: Floats, drug_per_ms: Floats, dt: float) -> Floats:
    binding, unbinding = drug_per_ms[0] * inactivated, drug_per_ms[1]
    total = binding + unbinding
    goal = binding / total
    return goal + (bound - goal) * np.exp(-dt * total)
