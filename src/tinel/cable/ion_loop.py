"""The compiled time loop of a single cable whose membrane counts its ions (``ions``).

Time as in ``lanes``: potentials at whole steps by the trapezoidal rule, gates and concentrations
half a step ahead. The charge of an ion that crosses during a step is counted with the mean of the
conductances half a step before and after, at the new potential. Lanes of fibres innermost.
Concentrations are kept as changes since rest, so that single precision does not lose slow ones.
"""

# ruff: noqa: F821 (the names that `loop` gives to the templates)
from __future__ import annotations

import hashlib
import inspect
import sys
from functools import cache
from types import FunctionType
from typing import TYPE_CHECKING, Any

import numpy as np

from tinel.cable import ions, operations
from tinel.cable.compiled import cache_folder
from tinel.cable.ions import IonMembrane
from tinel.cable.operations import on_lanes
from tinel.cable.prepare import CURVATURE

if TYPE_CHECKING:  # what ``loop`` gives to the templates as globals
    number: Any
    rates: Any
    share: Any
    open_share: Any
    first: Any
    others: Any
    channels: Any
    pump: Any
    log: Any
    at: int
    count: int
    g_sodium: Any
    g_potassium: Any
    zero: Any
    half: Any
    one: Any
    two: Any
    curvature: Any

FAST: dict[str, Any] = dict(
    fastmath={"nsz", "arcp", "contract", "afn", "reassoc"}, error_model="numpy"
)


@cache
def loop(membrane: IonMembrane, precision: str) -> Any:
    """Compile the loop for a membrane; the machine code is kept in the cache folder."""
    import numba

    op = on_lanes(precision)
    modules = (
        *(sys.modules[m] for m in (__name__, ions.__name__, membrane.pump.__module__)),
        operations,
    )
    sources = "".join(inspect.getsource(m) for m in modules)
    mark = hashlib.sha256(f"{membrane.name} {precision} {sources}".encode()).hexdigest()[:16]
    numba.config.CACHE_DIR = str(cache_folder() / "ions" / mark)  # type: ignore[attr-defined]
    shared = dict(
        __name__=__name__, number=op.number, zero=op.number(0.0), half=op.number(0.5),
        one=op.number(1.0), two=op.number(2.0), curvature=op.number(CURVATURE), log=op.log, np=np,
        pump=membrane.pump(op),
    )  # fmt: skip

    def compiled(template: Any, **more: Any) -> Any:
        code = template.__code__
        return numba.njit(nogil=True, cache=template is _run, **FAST)(
            FunctionType(code, {**shared, **more}, code.co_name)
        )

    chain, at = compiled(_nothing), 0
    for c in membrane.channels.values():
        rates, share = c.formulas(op)
        opened = op.jit(FunctionType(_OPEN[len(c.gates)].__code__, {"share": share, "at": at}))
        kernel = compiled(
            _channel, rates=rates, open_share=opened, at=at, count=len(c.gates),
            g_sodium=op.number(c.sodium), g_potassium=op.number(c.potassium),
        )  # fmt: skip
        chain = compiled(_both, first=kernel, others=chain)
        at += len(c.gates)
    return compiled(_run, channels=chain)


def _nothing(x, v, sodium, potassium, warm, dt):  # type: ignore[no-untyped-def]
    pass


def _both(x, v, sodium, potassium, warm, dt):  # type: ignore[no-untyped-def]
    first(x, v, sodium, potassium, warm, dt)
    others(x, v, sodium, potassium, warm, dt)


def _channel(x, v, sodium, potassium, warm, dt):  # type: ignore[no-untyped-def]
    points, lanes = v.shape
    for n in range(points):
        for i in range(lanes):
            r = rates(v[n, i], warm)
            for g in range(count):
                s, over = half * dt * r[3 * g + 1], r[3 * g + 2]
                x[at + g, n, i] = (x[at + g, n, i] * (over - s) + dt * r[3 * g]) / (over + s)
        # a loop of its own: with more arrays to tell apart the compiler would not use vectors
        for i in range(lanes):
            opened = open_share(x, n, i)
            sodium[n, i] += g_sodium * opened
            potassium[n, i] += g_potassium * opened


_OPEN = {
    1: lambda x, n, i: share(x[at, n, i]),
    2: lambda x, n, i: share(x[at, n, i], x[at + 1, n, i]),
    3: lambda x, n, i: share(x[at, n, i], x[at + 1, n, i], x[at + 2, n, i]),
    4: lambda x, n, i: share(x[at, n, i], x[at + 1, n, i], x[at + 2, n, i], x[at + 3, n, i]),
}


def _run(  # type: ignore[no-untyped-def]
    waveform, x, v, v_rest, area, capacitance, axial, charge, into, shell, still,
    see, keep, warm, dt, level, spike, peak, traces, recorded,
):  # fmt: skip
    # still: sodium and potassium at rest, each g (S/cm2), leak (S/cm2), constant pump (mA/cm2);
    # shell: mM in the shell per mA/cm2 ms, its exchange (1/ms), RT/F; concentrations at rest
    points, lanes = v.shape
    electrodes, half_dt = see.shape[0], half * dt
    na_g, na_leak, na_pump, k_g, k_leak, k_pump = still
    per_mA, exchange, thermal, na_in, na_out, k_in, k_out = shell
    spread, pull = one - half_dt * exchange, one / (one + half_dt * exchange)
    c = np.zeros((4, points, lanes), v.dtype)  # changes: sodium in, out, potassium in, out
    ena, ek = np.empty_like(v), np.empty_like(v)
    dena, dek = np.zeros_like(v), np.zeros_like(v)
    pumped_na, pumped_k = np.empty_like(v), np.empty_like(v)
    g_na, g_k = np.empty_like(v), np.empty_like(v)
    new_na, new_k = np.empty_like(v), np.empty_like(v)
    opened, current = np.empty_like(v), np.empty(lanes, v.dtype)
    right, centre, dv, middle = np.empty_like(v), np.empty_like(v), np.zeros_like(v), v.copy()
    a_na, a_k, a_open = pump(na_in, k_out)
    for n in range(points):
        for i in range(lanes):
            ena[n, i], ek[n, i] = thermal * log(na_out / na_in), thermal * log(k_out / k_in)
            pumped_na[n, i], pumped_k[n, i] = a_na + na_pump, a_k + k_pump
            opened[n, i] = a_open
            g_na[n, i], g_k[n, i] = na_g + na_leak, k_g + k_leak + a_open
    # Short loops: with more than a few arrays to tell apart the compiler would not use vectors.
    for k in range(waveform.shape[0]):
        now = waveform[k]
        for n in range(points):
            ends = one if n == 0 or n == points - 1 else two
            for i in range(lanes):
                right[n, i] = g_na[n, i] * (ena[n, i] - v[n, i]) + g_k[n, i] * (ek[n, i] - v[n, i])
            for i in range(lanes):
                right[n, i] -= pumped_na[n, i] + pumped_k[n, i]
            for i in range(lanes):
                right[n, i] = dt * area[i] * right[n, i] + now * charge[n, i]
            for i in range(lanes):
                total = area[i] * (g_na[n, i] + g_k[n, i]) + ends * axial[i]
                centre[n, i] = capacitance[i] + half_dt * total
        for n in range(points - 1):
            for i in range(lanes):
                along = dt * axial[i] * (v[n + 1, i] - v[n, i])
                right[n, i] += along
                right[n + 1, i] -= along
        for n in range(1, points):
            for i in range(lanes):
                part = half_dt * axial[i] / centre[n - 1, i]
                centre[n, i] -= part * half_dt * axial[i]
                right[n, i] += part * right[n - 1, i]
        for i in range(lanes):
            right[points - 1, i] /= centre[points - 1, i]
        for n in range(points - 2, -1, -1):
            for i in range(lanes):
                right[n, i] = (right[n, i] + half_dt * axial[i] * right[n + 1, i]) / centre[n, i]
        for n in range(points):
            for i in range(lanes):
                d, old = right[n, i], v[n, i]
                rises = (old + d >= level) & (old < level) & (spike[n, i] < zero)
                spike[n, i] = number(k) + (level - old) / d if rises else spike[n, i]
            for i in range(lanes):
                v[n, i] += right[n, i]
                peak[n, i] = max(peak[n, i], v[n, i])
            for i in range(lanes):
                middle[n, i] = v[n, i] + (right[n, i] - dv[n, i]) * curvature
                dv[n, i] = right[n, i]
            for i in range(lanes):
                new_na[n, i], new_k[n, i] = na_leak, k_leak
        channels(x, middle, new_na, new_k, warm, dt)
        for n in range(points):
            for i in range(lanes):
                g = half * (g_na[n, i] + new_na[n, i])
                current[i] = g * (v[n, i] - ena[n, i] - half * dena[n, i]) + pumped_na[n, i]
            for i in range(lanes):
                c[0, n, i] -= dt * into[i] * current[i]
                c[1, n, i] = (c[1, n, i] * spread + dt * per_mA * current[i]) * pull
            for i in range(lanes):
                g = half * (g_k[n, i] + opened[n, i] + new_k[n, i])
                current[i] = g * (v[n, i] - ek[n, i] - half * dek[n, i]) + pumped_k[n, i]
            for i in range(lanes):
                c[2, n, i] -= dt * into[i] * current[i]
                c[3, n, i] = (c[3, n, i] * spread + dt * per_mA * current[i]) * pull
            for i in range(lanes):
                e = thermal * log((na_out + c[1, n, i]) / (na_in + c[0, n, i]))
                dena[n, i], ena[n, i] = e - ena[n, i], e
            for i in range(lanes):
                e = thermal * log((k_out + c[3, n, i]) / (k_in + c[2, n, i]))
                dek[n, i], ek[n, i] = e - ek[n, i], e
            for i in range(lanes):
                p = pump(na_in + c[0, n, i], k_out + c[3, n, i])
                pumped_na[n, i], pumped_k[n, i] = p[0] + na_pump, p[1] + k_pump
            for i in range(lanes):
                opened[n, i] = pump(na_in + c[0, n, i], k_out + c[3, n, i])[2]
                new_k[n, i] += opened[n, i]
        g_na, new_na, g_k, new_k = new_na, g_na, new_k, g_k
        for kept in range(keep.shape[0]):
            for i in range(lanes):
                traces[k, kept, i] = v[keep[kept], i]
        for e in range(electrodes):
            for n in range(points):
                for i in range(lanes):
                    recorded[k, e, i] += see[e, n, i] * (v[n, i] - v_rest)
