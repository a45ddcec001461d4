"""The time loop compiled for processors: many fibres side by side in the lanes of vector units.

The same equations as ``solve`` (which says them): charge balance at the nodes by elimination along
the fibre, scalar filters between the nodes, gates in rational form half a step ahead. Every inner
loop runs over the lanes, so one instruction serves 8 to 16 fibres, and the state of a block of
lanes stays in the innermost cache.
"""

# ruff: noqa: F821 (the names that `loop` gives to `_run`)
from __future__ import annotations

import hashlib
import inspect
import sys
from functools import cache
from types import FunctionType
from typing import TYPE_CHECKING, Any

import numpy as np

from tinel.cable import operations
from tinel.cable.compiled import cache_folder
from tinel.cable.membrane import Membrane
from tinel.cable.operations import on_lanes

if TYPE_CHECKING:  # what ``loop`` gives to ``_run`` as globals
    number: Any
    rates: Any
    total_of: Any
    count: int
    zero: Any
    half: Any
    curvature: Any

LANES = 64
CURVATURE = 1.0 / 12.0


@cache
def loop(membrane: Membrane, precision: str) -> Any:
    """Compile the loop for a membrane; seconds, once.

    The compiled function takes, with n nodes, j slow modes per parity, e electrodes and ``LANES``
    fibres last, arrays in one precision:

        waveform (c, step), v (n), v_rest (n), still (n), area, node_nF, own, across, self_uS,
        mutual_uS (n-1), decay and weight of even and odd modes (n-1, j), charge and jump of the
        c stimuli (c, n), their push on even and odd modes (c, n-1, j), readout of nodes (e, n),
        even and odd modes (e, n-1, j), kept nodes, warmth, dt, level, first step of detection

    and writes ``v``, ``spike`` (n; negative for none), ``peak`` (n), ``traces`` (step, kept) and
    ``recorded`` (step, e). The machine code is kept in the cache folder.
    """
    import numba

    op = on_lanes(precision)
    rates, conductance = membrane.formulas(op)
    names = {
        "__name__": __name__,
        "np": np,
        "number": op.number,
        "rates": rates,
        "total_of": _CONDUCTANCE[len(membrane.gates)](op.jit, conductance),
        "count": len(membrane.gates),
        "zero": op.number(0.0),
        "half": op.number(0.5),
        "curvature": op.number(CURVATURE),
    }
    # Formulas enter as globals, not as a closure: a closure's compiled code is never found again.
    # The folder's name says which formulas they are.
    modules = (sys.modules[__name__], operations, sys.modules[membrane.formulas.__module__])
    sources = "".join(inspect.getsource(m) for m in modules)
    mark = hashlib.sha256(f"{membrane.name} {precision} {sources}".encode()).hexdigest()[:16]
    numba.config.CACHE_DIR = str(cache_folder() / "lanes" / mark)  # type: ignore[attr-defined]
    return numba.njit(
        fastmath={"nsz", "arcp", "contract", "afn", "reassoc"},
        error_model="numpy",
        nogil=True,
        cache=True,
    )(FunctionType(_run.__code__, names, "run"))


def _run(  # type: ignore[no-untyped-def]
    waveform, v, v_rest, still, area, node_nF, own, across, self_uS, mutual_uS,
    even_decay, even_weight, odd_decay, odd_weight, charge, jump, even_push, odd_push,
    see_node, see_even, see_odd, keep, warm, dt, level, first, spike, peak, traces, recorded,
):  # fmt: skip
    nodes, lanes = v.shape
    modes, electrodes = even_decay.shape[1], see_node.shape[0]
    channels, pushed = waveform.shape[0], even_push.shape[0] > 0
    x = np.empty((count, nodes, lanes), v.dtype)
    right, centre, dv = np.empty_like(v), np.empty_like(v), np.zeros_like(v)
    even = np.zeros((nodes - 1, modes, lanes), v.dtype)
    odd = np.zeros((nodes - 1, modes, lanes), v.dtype)
    one_row, other_row = np.empty(lanes, v.dtype), np.empty(lanes, v.dtype)
    half_dt = half * dt
    for n in range(nodes):
        for i in range(lanes):
            r = rates(v[n, i], warm)
            for g in range(count):
                opening, closing = r[4 * g] * r[4 * g + 3], r[4 * g + 2] * r[4 * g + 1]
                x[g, n, i] = opening / (opening + closing)
    for k in range(waveform.shape[1]):
        for n in range(nodes):
            for i in range(lanes):
                total, driven = total_of(x, n, i)
                total, driven = total * area[i], driven * area[i]
                right[n, i] = dt * (driven - total * v[n, i] + still[n, i])
                centre[n, i] = node_nF[i] + half_dt * total
        for c in range(channels):
            now, before = waveform[c, k], waveform[c, k - 1] if k > 0 else zero
            if now != zero or before != zero:
                for n in range(nodes):
                    for i in range(lanes):
                        right[n, i] += now * charge[c, n, i] + (now - before) * jump[c, n, i]
        for n in range(nodes - 1):
            for i in range(lanes):
                one_row[i], other_row[i] = zero, zero
            for j in range(modes):
                for i in range(lanes):
                    one_row[i] += even_weight[n, j, i] * even[n, j, i]
                    other_row[i] += odd_weight[n, j, i] * odd[n, j, i]
            for i in range(lanes):
                a, b = v[n, i] - v_rest[n, i], v[n + 1, i] - v_rest[n + 1, i]
                e, o = one_row[i], other_row[i]
                right[n, i] += e + o - dt * (self_uS[n, i] * a + mutual_uS[n, i] * b)
                right[n + 1, i] += e - o - dt * (self_uS[n, i] * b + mutual_uS[n, i] * a)
                centre[n, i] += own[n, i]
                centre[n + 1, i] += own[n, i]
        for n in range(1, nodes):
            for i in range(lanes):
                share = across[n - 1, i] / centre[n - 1, i]
                centre[n, i] -= share * across[n - 1, i]
                right[n, i] -= share * right[n - 1, i]
        for i in range(lanes):
            right[nodes - 1, i] /= centre[nodes - 1, i]
        for n in range(nodes - 2, -1, -1):
            for i in range(lanes):
                right[n, i] = (right[n, i] - across[n, i] * right[n + 1, i]) / centre[n, i]
        for n in range(nodes):
            for i in range(lanes):
                d, old = right[n, i], v[n, i]
                new = old + d
                rises = (new >= level) & (old < level) & (spike[n, i] < zero) & (k >= first)
                spike[n, i] = number(k) + (level - old) / d if rises else spike[n, i]
                peak[n, i] = max(peak[n, i], new)
                v[n, i] = new
                one_row[i] = new + (d - dv[n, i]) * curvature
                dv[n, i] = d
            for i in range(lanes):
                r = rates(one_row[i], warm)
                for g in range(count):
                    opening = r[4 * g] * r[4 * g + 3]
                    sum_of = half_dt * (opening + r[4 * g + 2] * r[4 * g + 1])
                    base = r[4 * g + 1] * r[4 * g + 3]
                    x[g, n, i] = (x[g, n, i] * (base - sum_of) + dt * opening) / (base + sum_of)
        for n in range(nodes - 1):
            for i in range(lanes):
                one_row[i] = dv[n, i] + dv[n + 1, i]
                other_row[i] = dv[n, i] - dv[n + 1, i]
            for j in range(modes):
                for i in range(lanes):
                    even[n, j, i] = even_decay[n, j, i] * even[n, j, i] - one_row[i]
                    odd[n, j, i] = odd_decay[n, j, i] * odd[n, j, i] - other_row[i]
            for c in range(channels):
                now = waveform[c, k]
                if pushed and now != zero:
                    for j in range(modes):
                        for i in range(lanes):
                            even[n, j, i] += now * even_push[c, n, j, i]
                            odd[n, j, i] += now * odd_push[c, n, j, i]
        for kept in range(keep.shape[0]):
            for i in range(lanes):
                traces[k, kept, i] = v[keep[kept], i]
        for e in range(electrodes):
            for n in range(nodes):
                for i in range(lanes):
                    recorded[k, e, i] += see_node[e, n, i] * (v[n, i] - v_rest[n, i])
            for n in range(nodes - 1):
                for j in range(modes):
                    for i in range(lanes):
                        recorded[k, e, i] += (
                            see_even[e, n, j, i] * even[n, j, i]
                            + see_odd[e, n, j, i] * odd[n, j, i]
                        )


# A compiled formula takes each gate by itself; how many there are is the membrane's affair.
_CONDUCTANCE = {
    1: lambda jit, f: jit(lambda x, n, i: f(x[0, n, i])),
    2: lambda jit, f: jit(lambda x, n, i: f(x[0, n, i], x[1, n, i])),
    3: lambda jit, f: jit(lambda x, n, i: f(x[0, n, i], x[1, n, i], x[2, n, i])),
    4: lambda jit, f: jit(lambda x, n, i: f(x[0, n, i], x[1, n, i], x[2, n, i], x[3, n, i])),
    5: lambda jit, f: jit(
        lambda x, n, i: f(x[0, n, i], x[1, n, i], x[2, n, i], x[3, n, i], x[4, n, i])
    ),
}
