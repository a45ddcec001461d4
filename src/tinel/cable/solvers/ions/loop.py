"""The compiled time loop of a single cable whose membrane counts its ions (``ions``).

Potentials stand at whole steps, by the trapezoidal rule; gates and concentrations are half a step
ahead. The charge of an ion that crosses during a step is counted with the mean of the
conductances half a step before and after, at the new potential. Lanes of fibres innermost.
Concentrations are kept as changes since rest, so that single precision does not lose slow ones.

Slow gates (rates below 1/ms) move every fourth step, or more often where that is more than 20 us,
by as much longer a step: each value is that of the middle of the steps it serves, so the order
stays two.
"""

# ruff: noqa: F821 (the names that `compile` gives to these functions)
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:  # what ``compile`` gives as globals
    number: Any
    rates: Any
    open_fraction: Any
    first: Any
    second: Any
    third: Any
    fourth: Any
    fifth: Any
    sixth: Any
    seventh: Any
    others: Any
    channels: Any
    slow_gates: Any
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
    steepest: Any


def nothing(x, v, sodium, potassium, warm, dt):  # type: ignore[no-untyped-def]
    """A membrane without channels."""


def all_of(x, v, sodium, potassium, warm, dt):  # type: ignore[no-untyped-def]
    """Up to seven channels and the rest."""
    first(x, v, sodium, potassium, warm, dt)
    second(x, v, sodium, potassium, warm, dt)
    third(x, v, sodium, potassium, warm, dt)
    fourth(x, v, sodium, potassium, warm, dt)
    fifth(x, v, sodium, potassium, warm, dt)
    sixth(x, v, sodium, potassium, warm, dt)
    seventh(x, v, sodium, potassium, warm, dt)
    others(x, v, sodium, potassium, warm, dt)


def stays(x, v, warm, dt):  # type: ignore[no-untyped-def]
    """A channel without gates of the kind."""


def all_moves(x, v, warm, dt):  # type: ignore[no-untyped-def]
    """The gates of up to seven channels and of the rest."""
    first(x, v, warm, dt)
    second(x, v, warm, dt)
    third(x, v, warm, dt)
    fourth(x, v, warm, dt)
    fifth(x, v, warm, dt)
    sixth(x, v, warm, dt)
    seventh(x, v, warm, dt)
    others(x, v, warm, dt)


def moves(x, v, warm, dt):  # type: ignore[no-untyped-def]
    """Move ``count`` gates, the first of them number ``at``, by a step."""
    points, lanes = v.shape
    for n in range(points):
        for i in range(lanes):
            r = rates(v[n, i], warm)
            for g in range(count):
                s = half * dt * r[3 * g + 1]
                # what is faster than half a step has settled; so a gate stays in 0 to 1
                most = max(r[3 * g + 2], s)
                x[at + g, n, i] = (x[at + g, n, i] * (most - s) + dt * r[3 * g]) / (most + s)


def channel(x, v, sodium, potassium, warm, dt):  # type: ignore[no-untyped-def]
    """Move the fast gates of a channel and add what it conducts."""
    first(x, v, warm, dt)
    # a loop of its own: with more arrays to tell apart the compiler would not use vectors
    points, lanes = v.shape
    for n in range(points):
        for i in range(lanes):
            opened = open_fraction(x, n, i)
            sodium[n, i] += g_sodium * opened
            potassium[n, i] += g_potassium * opened


def run(  # type: ignore[no-untyped-def]
    waveform, x, v, v_rest, area, capacitance, axial, charge, into, shell, still,
    see, keep, warm, dt, every, level, first_step, spike, peak, traces, recorded,
):  # fmt: skip
    """All steps of a block of fibres: arrays (point, lane), ``x`` (gate, point, lane).

    ``still``: sodium and potassium at rest, each g (S/cm2), leak (S/cm2), constant pump (mA/cm2);
    ``shell``: mM in the shell per mA/cm2 ms, its exchange (1/ms), RT/F (mV), concentrations at
    rest. Slow gates move once in ``every`` steps. Spikes count from ``first_step`` on. Writes
    ``v``, ``spike`` (in steps, negative for none), ``peak``, ``traces`` (step, kept point, lane)
    and ``recorded`` (step, electrode, lane).
    """
    points, lanes = v.shape
    electrodes, half_dt, bound = see.shape[0], half * dt, steepest * dt
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
                rises = rises & (k >= first_step)
                spike[n, i] = number(k) + (level - old) / d if rises else spike[n, i]
            for i in range(lanes):
                v[n, i] += right[n, i]
                peak[n, i] = max(peak[n, i], v[n, i])
            for i in range(lanes):
                # what the stimulus does in one step is not carried on beyond it
                bend = min(max(right[n, i] - dv[n, i], -bound), bound)
                middle[n, i] = v[n, i] + bend * curvature
                dv[n, i] = right[n, i]
            for i in range(lanes):
                new_na[n, i], new_k[n, i] = na_leak, k_leak
        if (k + 1) % every == 0:
            slow_gates(x, middle, warm, number(every) * dt)
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
