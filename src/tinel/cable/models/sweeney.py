"""The Sweeney fibre: rabbit nodes joined by perfectly insulating internodes (single cable).

Sweeney, Mortimer and Durand 1987, IEEE EMBS Conf 1577-1578; node after Chiu et al. 1979 at 37 C.
Units here: um, mV, ms, ohm cm, uF/cm2, S/cm2.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tinel.cable.fibres.single_cable import Cable, Floats
from tinel.cable.membranes.membrane import Membrane
from tinel.cable.membranes.operations import Operations

AXON_PER_FIBRE, SPACING_PER_FIBRE = 0.6, 100.0
NODE_um = 1.5
RESISTIVITY_ohm_cm = 54.7
CAPACITANCE_uF_per_cm2 = 2.5

G_NA, G_LEAK = 1.445, 0.128  # S/cm2
E_NA_mV, E_LEAK_mV = 35.64, -80.01
REST_mV = -80.0

# Opening of m: (126 + 0.363 v) / (1 + exp(-(v + 49) / 5.3)); closing of h: a sigmoid. The other
# two are these times exp(-(v - half) / slope).
M_BASE, M_PER_mV, M_OPEN, M_BACK = 126.0, 0.363, (1.0, -49.0, 5.3), (-56.2, 4.17)
H_CLOSE, H_BACK = (15.6, -56.0, 10.0), (-74.5, 5.0)


def fibre(diameter_um: Floats) -> Cable:
    """Sweeney fibres of the given outer diameters (um): each internode is an axial resistor.

    Raises:
        ValueError: a diameter that is not finite and above 0.

    Example:
        >>> float(fibre(np.array([10.0])).axial_uS[0].round(4))
        0.0517
    """
    outer = np.atleast_1d(np.asarray(diameter_um, dtype=float))
    if not np.all((outer > 0) & np.isfinite(outer)):
        raise ValueError(f"diameter_um is {diameter_um}; legal: finite, above 0")
    axon, spacing = AXON_PER_FIBRE * outer, SPACING_PER_FIBRE * outer
    area = np.pi * axon * NODE_um
    return Cable(
        area_um2=area,
        capacitance_nF=CAPACITANCE_uF_per_cm2 * area * 1e-5,
        axial_uS=100.0 * np.pi * axon**2 / 4 / (RESISTIVITY_ohm_cm * spacing),
        spacing_um=spacing,
        diameter_um=axon,
    )


def warmth(temperature_C: Any) -> tuple[Any]:
    """1 at any temperature: the published rates hold at 37 C and come without a Q10."""
    return (1.0 + 0.0 * temperature_C,)


def formulas(op: Operations) -> tuple[Any, Any]:
    """``rates(v, warmth)`` of m and h and ``conductance(m, h)``; see ``Membrane``."""
    number, exp, sigmoid = op.number, op.exp, op.sigmoid
    base, slope = number(M_BASE), number(M_PER_mV)
    m_open, h_close = tuple(number(x) for x in M_OPEN), tuple(number(x) for x in H_CLOSE)
    (m_half, m_step), (h_half, h_step) = map(number, M_BACK), map(number, H_BACK)
    g_na, g_leak, e_na, e_leak = number(G_NA), number(G_LEAK), number(E_NA_mV), number(E_LEAK_mV)

    def rates(v: Any, warm: Any) -> Any:
        (q,) = warm
        _, m_ = sigmoid(v, m_open)
        bh, h_ = sigmoid(v, h_close)
        am = q * (base + slope * v)
        return (
            am, m_, am * exp((m_half - v) / m_step), m_,
            q * bh * exp((h_half - v) / h_step), h_, q * bh, h_,
        )  # fmt: skip

    def conductance(m: Any, h: Any) -> Any:
        sodium = g_na * m * m * h
        return sodium + g_leak, sodium * e_na + g_leak * e_leak

    return op.jit(rates), op.jit(conductance)


MEMBRANE = Membrane(
    name="sweeney",
    gates=("m", "h"),
    rest_mV=REST_mV,
    warmth=warmth,
    formulas=formulas,
    source="Sweeney, Mortimer and Durand 1987",
)
