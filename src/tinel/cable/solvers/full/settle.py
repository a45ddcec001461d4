"""Where a fibre with any channels rests: no net current into any compartment.

Newton's method on the static network, all fibres at once, gates at their steady state. A fibre
that has no rest (it fires by itself) keeps the start value and goes on its way from there.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tinel.cable.fibres.compartments import Compartments
from tinel.cable.fibres.double_cable import BLOCK

Floats = NDArray[np.float64]
STEPS, LARGEST_mV, CLOSE_mV = 80, 5.0, 1e-7


def ionic(c: Compartments, v: Floats) -> Floats:
    """Steady ionic current (nA) out of every compartment at transmembrane ``v`` (mV)."""
    out = np.empty_like(v)
    for kind, (channels, at, density) in enumerate(
        zip(c.axon.kinds, c.at, c.density_uS, strict=True)
    ):
        here, shift = v[:, at], c.shift_mV[:, at]
        gates = channels.settled(here, c.temperature_C[:, at], shift, c.drug_per_ms(kind))
        g, ge = channels.conductance(gates, density.swapaxes(0, 1))
        out[:, at] = g * here - ge
    return out


def currents(c: Compartments, u: Floats, p: Floats) -> tuple[Floats, Floats]:
    """Linear currents (nA) into the inner and periaxonal side: along, through myelin, at the ends.

    Periaxonal potentials at nodes are those of the medium, and currents there count for nothing.
    """
    into_u, into_p = np.zeros_like(u), -c.myelin_uS * p
    for into, x, along in ((into_u, u, c.inner_uS), (into_p, p, c.outer_uS)):
        flow = along * np.diff(x, axis=1)
        into[:, :-1] += flow
        into[:, 1:] -= flow
    into_u[:, [0, -1]] -= c.leak_uS * u[:, [0, -1]]
    into_p[:, ::BLOCK] = 0.0
    return into_u, into_p


def rest(c: Compartments) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Inner and periaxonal potentials (mV) at rest, and whether rest was found, per fibre."""
    start = np.array([k.rest_mV for k in c.axon.kinds])[c.kind]
    u = np.broadcast_to(start[0], c.axolemma_nF.shape).copy()
    p = np.zeros_like(u)
    found = np.zeros(len(u), bool)
    for _ in range(STEPS):
        v = u - p
        ion = ionic(c, v)
        slope = (ionic(c, v + 1e-5) - ion) / 1e-5
        into_u, into_p = currents(c, u, p)
        into_p += ion
        into_p[:, ::BLOCK] = 0.0
        du, dp = _solve(c, slope, into_u - ion, into_p)
        size = np.maximum(np.abs(du).max(axis=1), np.abs(dp).max(axis=1))
        found = size < CLOSE_mV
        if found.all():
            break
        shrink = np.minimum(1.0, LARGEST_mV / np.maximum(size, 1e-300))[:, None]
        step = np.where(np.isfinite(shrink), shrink, 0.0)
        u, p = u + step * np.nan_to_num(du), p + step * np.nan_to_num(dp)
    u[~found], p[~found] = start[0], 0.0
    return u, p, found


def _solve(c: Compartments, slope: Floats, right_u: Floats, right_p: Floats) -> tuple[Floats, ...]:
    # block elimination, two unknowns per compartment; at a node the second is held at 0
    n = slope.shape[1]
    outer = np.where(c.kind[:-1] * c.kind[1:] > 0, c.outer_uS, 0.0)
    a, d = slope.copy(), slope + c.myelin_uS
    for diagonal, along in ((a, c.inner_uS), (d, c.outer_uS)):
        diagonal[:, :-1] += along
        diagonal[:, 1:] += along
    a[:, [0, -1]] += c.leak_uS
    b = np.where(c.kind > 0, slope, 0.0)
    d[:, ::BLOCK] = 1.0
    u, p = right_u.copy(), right_p.copy()
    inverse: list[tuple[Floats, ...]] = []
    for k in range(n):
        if k > 0:
            ia, ib, idd = inverse[-1]
            li, lo = c.inner_uS[:, k - 1], outer[:, k - 1]
            a[:, k] -= li * li * ia
            b[:, k] += li * lo * ib
            d[:, k] -= lo * lo * idd
            u[:, k] += li * (ia * u[:, k - 1] + ib * p[:, k - 1])
            p[:, k] += lo * (ib * u[:, k - 1] + idd * p[:, k - 1])
        det = a[:, k] * d[:, k] - b[:, k] ** 2
        inverse.append((d[:, k] / det, b[:, k] / det, a[:, k] / det))
    for k in range(n - 1, -1, -1):
        if k < n - 1:
            u[:, k] += c.inner_uS[:, k] * u[:, k + 1]
            p[:, k] += outer[:, k] * p[:, k + 1]
        ia, ib, idd = inverse[k]
        u[:, k], p[:, k] = ia * u[:, k] + ib * p[:, k], ib * u[:, k] + idd * p[:, k]
    return u, p
