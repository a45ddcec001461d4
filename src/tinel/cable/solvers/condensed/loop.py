"""The time loop for processors: many fibres side by side in the lanes of vector units.

The same equations as ``solve`` (which says them): charge balance at the nodes by elimination along
the fibre, scalar filters between the nodes, gates in rational form a step ahead. A step is
two walks along the fibre: forwards the elimination, backwards everything that follows from it at
a node. Every inner loop runs over the lanes, so one instruction serves 8 to 16 fibres.
"""

# ruff: noqa: F821 (the names that `compile` gives to `run`)
from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # what ``compile`` gives as globals
    number: Any
    rates: Any
    total_of: Any
    gate_count: int
    modes: int
    lanes: int
    zero: Any
    half: Any
    third: Any
    one: Any
    quadratic: Any
    cubic: Any
    steepest: Any


def run(  # type: ignore[no-untyped-def]
    waveform, fibre, node, internode, kind, state, work, jump, even_push, odd_push,
    see_node, see_even, see_odd, keep, warm, density, reversal, dt, level, first, traces, recorded,
):  # fmt: skip
    """All steps of a block of fibres.

    ``fibre``, ``node``, ``internode``, ``state`` and ``work`` are records of ``compile``.
    ``node`` has one per node; ``internode`` one per kind of internode, conductances times dt, and
    an empty one; ``kind`` says which stands before each node and after the last; ``state`` has an
    empty record at each end. ``jump`` (channel, node, lane), ``even_push`` and ``odd_push``
    (channel, internode, mode, lane, or no channel) say how the stimulus enters beside
    ``node.charge``; ``see_...`` how electrodes see nodes and modes; ``density`` (S/cm2) and
    ``reversal`` (mV) have an entry per current. Writes ``state``, ``traces`` (step, kept node,
    lane) and ``recorded`` (step, electrode, lane).
    """
    nodes, channels, electrodes = node.shape[0], waveform.shape[0], see_node.shape[0]
    half_dt, bound = half * dt, steepest * dt
    f, w = fibre[0], work[0]
    for n in range(nodes):
        x, y = state[n + 1], node[n]
        for i in range(lanes):
            r = rates(y.v_rest[i], warm)
            for g in range(gate_count):
                opening, closing = r[4 * g] * r[4 * g + 3], r[4 * g + 2] * r[4 * g + 1]
                x.gate[g, i] = opening / (opening + closing)
            total, driven = total_of(x.gate, i, density, reversal)
            total, driven = total * f.area[i], driven * f.area[i]
            x.current[i] = driven - total * y.v_rest[i] + y.still[i]
            x.charge[i] = f.node_nF[i] + total
    for k in range(waveform.shape[1]):
        for c in range(channels):
            now, change = waveform[c, k], waveform[c, k] - (waveform[c, k - 1] if k > 0 else zero)
            if now != zero or change != zero:
                for n in range(nodes):
                    x, y = state[n + 1], node[n]
                    for i in range(lanes):
                        x.current[i] += now * y.drive[c, i] + change * jump[c, n, i]
        for n in range(nodes):
            behind, x, ahead = state[n], state[n + 1], state[n + 2]
            before, after = internode[kind[n]], internode[kind[n + 1]]
            for i in range(lanes):
                e, o = zero, zero
                for j in range(modes):
                    e += after.even_weight[j, i] * x.even[j, i]
                    o += after.odd_weight[j, i] * x.odd[j, i]
                a, b, across = x.u[i], ahead.u[i], before.across[i]
                da, db = third * x.before[i], third * ahead.before[i]
                x.onward[i] = (
                    e - o - (after.own_g[i] * b + after.mutual_g[i] * a)
                    + after.fast_own[i] * db + after.fast_across[i] * da
                )  # fmt: skip
                into = (
                    x.current[i] + behind.onward[i] - across * behind.dv[i]
                    + e + o - (after.own_g[i] * a + after.mutual_g[i] * b)
                    + after.fast_own[i] * da + after.fast_across[i] * db
                )  # fmt: skip
                inverse = one / (
                    x.charge[i] + before.own[i] + after.own[i] - across * behind.share[i]
                )
                x.dv[i] = into * inverse
                x.share[i] = after.across[i] * inverse
        for i in range(lanes):
            w.dv[i] = zero
        for n in range(nodes - 1, -1, -1):
            x, y, after = state[n + 1], node[n], internode[kind[n + 1]]
            for i in range(lanes):
                beside = w.dv[i]
                d = x.dv[i] - x.share[i] * beside
                w.dv[i] = d
                bend = d - x.before[i]
                w.bend[i] = bend
                # what the stimulus does in one step is not carried on beyond it
                known = min(max(d, -bound), bound)
                bend = min(max(bend, -bound), bound)
                w.ahead[i] = half * known + quadratic * bend + cubic * (bend - x.bend[i])
                x.bend[i] = bend
                x.before[i] = d
                x.u[i] += d
                both, apart = d + beside, d - beside
                for j in range(modes):
                    x.even[j, i] = after.even_decay[j, i] * x.even[j, i] - both
                    x.odd[j, i] = after.odd_decay[j, i] * x.odd[j, i] - apart
            for i in range(lanes):
                new, old = x.u[i] + y.v_rest[i], x.v[i]
                rises = (new >= level) & (old < level) & (x.spike[i] < zero) & (k >= first)
                # where in the step: on the line, then on the parabola through three potentials
                at = (level - old) / (new - old)
                at += half * at * (one - at) * w.bend[i] / (new - old)
                at = min(max(at, zero), one)
                x.spike[i] = number(k) + at if rises else x.spike[i]
                x.peak[i] = max(x.peak[i], new)
                x.v[i] = new
            for i in range(lanes):
                r = rates(x.v[i] + w.ahead[i], warm)
                for g in range(gate_count):
                    opening = r[4 * g] * r[4 * g + 3]
                    sum_of = half_dt * (opening + r[4 * g + 2] * r[4 * g + 1])
                    base = r[4 * g + 1] * r[4 * g + 3]
                    # what is faster than half a step has settled; so a gate stays in 0 to 1
                    most = base if abs(sum_of) < abs(base) else sum_of
                    x.gate[g, i] = (x.gate[g, i] * (most - sum_of) + dt * opening) / (most + sum_of)
                total, driven = total_of(x.gate, i, density, reversal)
                total, driven = total * f.area[i], driven * f.area[i]
                x.current[i] = driven - total * x.v[i] + y.still[i] + third * f.node_nF[i] * w.dv[i]
                x.charge[i] = f.node_nF[i] + total
        for c in range(even_push.shape[0]):
            change = waveform[c, k] - (waveform[c, k - 1] if k > 0 else zero)
            if change != zero:
                for n in range(nodes - 1):
                    x = state[n + 1]
                    for j in range(modes):
                        for i in range(lanes):
                            x.even[j, i] += change * even_push[c, n, j, i]
                            x.odd[j, i] += change * odd_push[c, n, j, i]
        for kept in range(keep.shape[0]):
            for i in range(lanes):
                traces[k, kept, i] = state[keep[kept] + 1].v[i]
        for e in range(electrodes):
            for n in range(nodes):
                x = state[n + 1]
                for i in range(lanes):
                    recorded[k, e, i] += see_node[e, n, i] * x.u[i]
            for n in range(nodes - 1):
                x = state[n + 1]
                for j in range(modes):
                    for i in range(lanes):
                        recorded[k, e, i] += (
                            see_even[e, n, j, i] * x.even[j, i] + see_odd[e, n, j, i] * x.odd[j, i]
                        )
