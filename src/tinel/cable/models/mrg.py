"""The MRG fibre: a human motor axon with node, paranode and internode (double cable).

McIntyre, Richardson and Grill 2002, J Neurophysiol 87:995-1006, doi 10.1152/jn.00353.2001.
Units here: um, mV, ms, ohm cm, uF/cm2, S/cm2, degrees Celsius.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinel.cable.membranes.channels import Axon, Channels, passive
from tinel.cable.membranes.membrane import Membrane
from tinel.cable.membranes.operations import Operations, Rate

Floats = NDArray[np.float64]

# Published fibres. Columns: fibre, node-to-node distance, node, axon, FLUT length, lamellae.
TABLE = np.array(
    [
        [5.7, 500, 1.9, 3.4, 35, 80],
        [7.3, 750, 2.4, 4.6, 38, 100],
        [8.7, 1000, 2.8, 5.8, 40, 110],
        [10.0, 1150, 3.3, 6.9, 46, 120],
        [11.5, 1250, 3.7, 8.1, 50, 130],
        [12.8, 1350, 4.2, 9.2, 54, 135],
        [14.0, 1400, 4.7, 10.4, 56, 140],
        [15.0, 1450, 5.0, 11.5, 58, 145],
        [16.0, 1500, 5.5, 12.7, 60, 150],
    ]
)

REST_mV = -80.0
RESISTIVITY_ohm_cm = 70.0
AXOLEMMA_uF_per_cm2 = 2.0
MYELIN_uF_per_cm2 = 0.1  # per membrane; two membranes make a lamella
MYELIN_S_per_cm2 = 1e-3
NODE_um, MYSA_um = 1.0, 3.0
NODE_GAP_um, INTERNODE_GAP_um = 0.002, 0.004
PASSIVE_MYSA_S_per_cm2, PASSIVE_INTERNODE_S_per_cm2 = 1e-3, 1e-4

G_NAF, G_NAP, G_KS, G_LEAK = 3.0, 0.01, 0.08, 0.007  # S/cm2
E_NA_mV, E_K_mV, E_LEAK_mV = 50.0, -90.0, -90.0

# Opening and closing rate of each gate: rate (1/ms), half (mV), slope (mV).
GATES = {
    "m": ((1.86, -21.4, 10.3), (-0.086, -25.7, -9.16)),
    "h": ((-0.062, -114.0, -11.0), (2.3, -31.8, 13.4)),
    "p": ((0.01, -27.0, 10.2), (-0.00025, -34.0, -10.0)),
    "s": ((0.3, -53.0, 5.0), (0.03, -90.0, 1.0)),
}


def table_geometry(diameter_um: Floats) -> dict[str, Floats]:
    """The published geometry of the nine table diameters.

    Raises:
        ValueError: a diameter that is not in the table.
    """
    d = np.atleast_1d(np.asarray(diameter_um, dtype=float))
    row = np.abs(TABLE[:, 0] - d[:, None]).argmin(axis=1)
    absent = ~np.isclose(TABLE[row, 0], d)
    if np.any(absent):
        legal = ", ".join(f"{a:g}" for a in TABLE[:, 0])
        raise ValueError(f"diameter {d[absent][0]:g} um is not in the MRG table; legal: {legal}")
    fibre, spacing, node, axon, flut, lamellae = TABLE[row].T
    return dict(fibre=fibre, spacing=spacing, node=node, axon=axon, flut=flut, lamellae=lamellae)


def geometry(diameter_um: Floats) -> dict[str, Floats]:
    """Geometry of any fibre from 2 to 16 um by the interpolating polynomials of PyFibers.

    Example:
        >>> float(geometry(np.array([10.0]))["axon"][0].round(3))
        6.746

    Raises:
        ValueError: a diameter outside 2 to 16 um.
    """
    d = np.atleast_1d(np.asarray(diameter_um, dtype=float))
    if np.any((d < 2.0) | (d > 16.0)) or not np.all(np.isfinite(d)):
        raise ValueError(f"MRG diameters from {d.min():g} to {d.max():g} um; legal: 2 to 16 um")
    return dict(
        fibre=d,
        spacing=np.where(d >= 5.643, -8.215 * d**2 + 272.4 * d - 780.2, 81.08 * d + 37.84),
        node=0.01093 * d**2 + 0.1008 * d + 1.099,
        axon=0.02361 * d**2 + 0.3673 * d + 0.7122,
        flut=-0.1652 * d**2 + 6.354 * d - 0.2862,
        lamellae=-0.4749 * d**2 + 16.85 * d - 0.7648,
    )


def warmth(temperature_C: Any) -> tuple[Any, Any, Any]:
    """Factors on the rates of m and p, of h, and of s."""
    return (
        2.2 ** ((temperature_C - 20.0) / 10.0),
        2.9 ** ((temperature_C - 20.0) / 10.0),
        3.0 ** ((temperature_C - 36.0) / 10.0),
    )


def channels(op: Operations, gates: dict[str, tuple[Rate, Rate]] = GATES) -> tuple[Any, Any]:
    """The gates in the given operations, with these or another variant's numbers.

    Returns:
        ``rates(v, sodium_v, warmth)``, four numbers per gate (m, h, p, s): numerator and
        denominator of the opening and of the closing rate, in 1/ms, the sodium gates at a
        potential of their own; and ``opened(m, h, p, s)``, the open share of each current.
    """
    n, linoid, sigmoid, one = op.number, op.linoid, op.sigmoid, op.number(1.0)
    typed = {name: tuple(tuple(n(x) for x in k) for k in pair) for name, pair in gates.items()}
    (m_open, m_close), (h_open, h_close) = typed["m"], typed["h"]
    (p_open, p_close), (s_open, s_close) = typed["p"], typed["s"]

    def rates(v: Any, na: Any, warm: Any) -> Any:
        am, am_, bm, bm_ = *linoid(na, m_open), *linoid(na, m_close)
        ah, ah_, bh, bh_ = *linoid(na, h_open), *sigmoid(na, h_close)
        ap, ap_, bp, bp_ = *linoid(na, p_open), *linoid(na, p_close)
        a_s, a_s_, bs, bs_ = *sigmoid(v, s_open), *sigmoid(v, s_close)
        w, wh, ws = warm
        return (
            w * am, am_, w * bm, bm_, wh * ah, ah_, wh * bh, bh_,
            w * ap, ap_, w * bp, bp_, ws * a_s, a_s_, ws * bs, bs_,
        )  # fmt: skip

    def opened(m: Any, h: Any, p: Any, s: Any) -> Any:
        return m * m * m * h, p * p * p, s, one

    return op.jit(rates), op.jit(opened)


def membrane(name: str, naf_S_per_cm2: float, ks_S_per_cm2: float, source: str) -> Membrane:
    """The nodal membrane with these densities of fast sodium and slow potassium."""

    def formulas(op: Operations) -> tuple[Any, Any]:
        n = op.number
        apart, _ = channels(op)
        g_naf, g_nap, g_ks, g_leak = n(naf_S_per_cm2), n(G_NAP), n(ks_S_per_cm2), n(G_LEAK)
        e_na, e_k, e_leak = n(E_NA_mV), n(E_K_mV), n(E_LEAK_mV)

        def rates(v: Any, warm: Any) -> Any:
            return apart(v, v, warm)

        def conductance(m: Any, h: Any, p: Any, s: Any) -> Any:
            sodium = g_naf * m * m * m * h + g_nap * p * p * p
            slow = g_ks * s
            return sodium + slow + g_leak, sodium * e_na + slow * e_k + g_leak * e_leak

        return op.jit(rates), op.jit(conductance)

    return Membrane(name, tuple(GATES), REST_mV, warmth, formulas, source)


MEMBRANE = membrane(
    "mrg", G_NAF, G_KS, "McIntyre, Richardson and Grill 2002, doi 10.1152/jn.00353.2001"
)

AXON = Axon(
    name="mrg",
    node=Channels(
        name="mrg node",
        gates=tuple(GATES),
        currents=("naf", "nap", "ks", "leak"),
        density_S_per_cm2=(G_NAF, G_NAP, G_KS, G_LEAK),
        reversal_mV=(E_NA_mV, E_NA_mV, E_K_mV, E_LEAK_mV),
        rest_mV=REST_mV,
        warmth=warmth,
        formulas=channels,
        source=MEMBRANE.source,
    ),
    mysa=passive("mrg mysa", PASSIVE_MYSA_S_per_cm2, REST_mV, MEMBRANE.source),
    flut=passive("mrg flut", PASSIVE_INTERNODE_S_per_cm2, REST_mV, MEMBRANE.source),
    stin=passive("mrg stin", PASSIVE_INTERNODE_S_per_cm2, REST_mV, MEMBRANE.source),
)
