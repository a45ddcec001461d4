"""The time loop compiled for processors: many fibres side by side in the lanes of vector units.

The same equations as ``solve`` (which says them): charge balance at the nodes by elimination along
the fibre, scalar filters between the nodes, gates in rational form half a step ahead. Every inner
loop runs over the lanes, so one instruction serves 8 to 16 fibres, and the state of a block of
lanes stays in the innermost cache.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from tinel.cable.operations import on_lanes

LANES = 64
CURVATURE = 1.0 / 12.0


@cache
def loop(membrane: Any, precision: str) -> Any:
    """Compile the loop for a membrane (a module with ``GATES`` and ``formulas``); seconds, once.

    The compiled function takes, with n nodes, j slow modes per parity, e electrodes and ``LANES``
    fibres last, arrays in one precision:

        waveform (step), v (n), v_rest (n), still (n), area, node_nF, own, across, self_uS,
        mutual_uS (n-1), decay and weight of even and odd modes (n-1, j), charge and jump of the
        stimulus (n), its push on even and odd modes (n-1, j), readout of nodes (e, n), even and odd
        modes (e, n-1, j), kept nodes, warmth, dt, level

    and writes ``v``, ``spike`` (n; negative for none), ``peak`` (n), ``traces`` (step, kept) and
    ``recorded`` (step, e).
    """
    import numba

    op = on_lanes(precision)
    number = op.number
    rates, conductance = membrane.formulas(op)
    total_of = _CONDUCTANCE[len(membrane.GATES)](op.jit, conductance)
    count = len(membrane.GATES)
    zero, one, half, curvature = (number(x) for x in (0.0, 1.0, 0.5, CURVATURE))

    @numba.njit(
        fastmath={"nsz", "arcp", "contract", "afn", "reassoc"}, error_model="numpy", nogil=True
    )
    def run(
        waveform, v, v_rest, still, area, node_nF, own, across, self_uS, mutual_uS,
        even_decay, even_weight, odd_decay, odd_weight, charge, jump, even_push, odd_push,
        see_node, see_even, see_odd, keep, warm, dt, level, spike, peak, traces, recorded,
    ):  # type: ignore[no-untyped-def] # fmt: skip
        nodes, lanes = v.shape
        modes, electrodes = even_decay.shape[1], see_node.shape[0]
        pushed = even_push.shape[0] > 0
        x = np.empty((count, nodes, lanes), v.dtype)
        right, centre, dv = np.empty_like(v), np.empty_like(v), np.zeros_like(v)
        even = np.zeros((nodes - 1, modes, lanes), v.dtype)
        odd = np.zeros((nodes - 1, modes, lanes), v.dtype)
        one_row, other_row = np.empty(lanes, v.dtype), np.empty(lanes, v.dtype)
        half_dt, before = half * dt, zero
        for n in range(nodes):
            for l in range(lanes):
                r = rates(v[n, l], warm)
                for g in range(count):
                    opening, closing = r[4 * g] * r[4 * g + 3], r[4 * g + 2] * r[4 * g + 1]
                    x[g, n, l] = opening / (opening + closing)
        for k in range(waveform.shape[0]):
            now = waveform[k]
            change, before = now - before, now
            for n in range(nodes):
                for l in range(lanes):
                    total, driven = total_of(x, n, l)
                    total, driven = total * area[l], driven * area[l]
                    right[n, l] = (
                        dt * (driven - total * v[n, l] + still[n, l])
                        + now * charge[n, l]
                        + change * jump[n, l]
                    )
                    centre[n, l] = node_nF[l] + half_dt * total
            for n in range(nodes - 1):
                for l in range(lanes):
                    one_row[l], other_row[l] = zero, zero
                for j in range(modes):
                    for l in range(lanes):
                        one_row[l] += even_weight[n, j, l] * even[n, j, l]
                        other_row[l] += odd_weight[n, j, l] * odd[n, j, l]
                for l in range(lanes):
                    a, b = v[n, l] - v_rest[n, l], v[n + 1, l] - v_rest[n + 1, l]
                    e, o = one_row[l], other_row[l]
                    right[n, l] += e + o - dt * (self_uS[n, l] * a + mutual_uS[n, l] * b)
                    right[n + 1, l] += e - o - dt * (self_uS[n, l] * b + mutual_uS[n, l] * a)
                    centre[n, l] += own[n, l]
                    centre[n + 1, l] += own[n, l]
            for n in range(1, nodes):
                for l in range(lanes):
                    share = across[n - 1, l] / centre[n - 1, l]
                    centre[n, l] -= share * across[n - 1, l]
                    right[n, l] -= share * right[n - 1, l]
            for l in range(lanes):
                right[nodes - 1, l] /= centre[nodes - 1, l]
            for n in range(nodes - 2, -1, -1):
                for l in range(lanes):
                    right[n, l] = (right[n, l] - across[n, l] * right[n + 1, l]) / centre[n, l]
            for n in range(nodes):
                for l in range(lanes):
                    d, old = right[n, l], v[n, l]
                    new = old + d
                    rises = (new >= level) & (old < level) & (spike[n, l] < zero)
                    spike[n, l] = number(k) + (level - old) / d if rises else spike[n, l]
                    peak[n, l] = max(peak[n, l], new)
                    v[n, l] = new
                    one_row[l] = new + (d - dv[n, l]) * curvature
                    dv[n, l] = d
                for l in range(lanes):
                    r = rates(one_row[l], warm)
                    for g in range(count):
                        opening = r[4 * g] * r[4 * g + 3]
                        sum_of = half_dt * (opening + r[4 * g + 2] * r[4 * g + 1])
                        base = r[4 * g + 1] * r[4 * g + 3]
                        x[g, n, l] = (x[g, n, l] * (base - sum_of) + dt * opening) / (base + sum_of)
            for n in range(nodes - 1):
                for l in range(lanes):
                    one_row[l] = dv[n, l] + dv[n + 1, l]
                    other_row[l] = dv[n, l] - dv[n + 1, l]
                for j in range(modes):
                    for l in range(lanes):
                        even[n, j, l] = even_decay[n, j, l] * even[n, j, l] - one_row[l]
                        odd[n, j, l] = odd_decay[n, j, l] * odd[n, j, l] - other_row[l]
                if pushed and now != zero:
                    for j in range(modes):
                        for l in range(lanes):
                            even[n, j, l] += now * even_push[n, j, l]
                            odd[n, j, l] += now * odd_push[n, j, l]
            for i in range(keep.shape[0]):
                for l in range(lanes):
                    traces[k, i, l] = v[keep[i], l]
            for e in range(electrodes):
                for n in range(nodes):
                    for l in range(lanes):
                        recorded[k, e, l] += see_node[e, n, l] * (v[n, l] - v_rest[n, l])
                for n in range(nodes - 1):
                    for j in range(modes):
                        for l in range(lanes):
                            recorded[k, e, l] += (
                                see_even[e, n, j, l] * even[n, j, l]
                                + see_odd[e, n, j, l] * odd[n, j, l]
                            )

    return run


# A compiled formula takes each gate by itself; how many there are is the membrane's affair.
_CONDUCTANCE = {
    1: lambda jit, f: jit(lambda x, n, l: f(x[0, n, l])),
    2: lambda jit, f: jit(lambda x, n, l: f(x[0, n, l], x[1, n, l])),
    3: lambda jit, f: jit(lambda x, n, l: f(x[0, n, l], x[1, n, l], x[2, n, l])),
    4: lambda jit, f: jit(lambda x, n, l: f(x[0, n, l], x[1, n, l], x[2, n, l], x[3, n, l])),
    5: lambda jit, f: jit(
        lambda x, n, l: f(x[0, n, l], x[1, n, l], x[2, n, l], x[3, n, l], x[4, n, l])
    ),
}
