"""The Sundt membrane: a nociceptive C fibre with sodium, potassium and leak currents.

Sundt, Gamper and Jaffe 2015, J Neurophysiol 114:3140-3153, doi 10.1152/jn.00226.2015. Sodium gates
after Traub and Miles 1991, shifted by 6 mV (activation to the right, inactivation to the left);
potassium gates after Borg-Graham 1987, whose slopes follow absolute temperature.
Units here: um, mV, ms, ohm cm, uF/cm2, S/cm2, degrees Celsius.
"""

from __future__ import annotations

from typing import Any

from tinel.cable.fibres.single_cable import Cable, Floats, cylinder
from tinel.cable.membranes.membrane import Membrane
from tinel.cable.membranes.operations import Operations

REST_mV = -60.0
RESISTIVITY_ohm_cm = 100.0
COMPARTMENT_um = 8.333  # as in ModelDB and PyFibers

G_NA, G_K, G_LEAK = 0.04, 0.04, 1e-4  # S/cm2
E_NA_mV, E_K_mV, E_LEAK_mV = 50.0, -90.0, -60.0

# Sodium gates: rate (1/ms), half (mV), slope (mV); the opening rate of h is a plain exponential.
M_OPEN, M_CLOSE = (0.32, -45.9, 4.0), (-0.28, -18.9, -5.0)
H_OPEN, H_CLOSE = (0.128, -54.0, -18.0), (4.0, -31.0, 5.0)
# Potassium gates: rate (1/ms), half (mV), valence of opening and of closing (elementary charges).
N_GATE = (0.03, -32.0, 2.0, -3.0)
L_GATE = (0.001, -61.0, -2.0, 0.0)


def fibre(diameter_um: Floats, compartment_um: float = COMPARTMENT_um) -> Cable:
    """Sundt fibres of the given diameters (um), as cylinders of short compartments.

    Raises:
        ValueError: a diameter or compartment length that is not above 0.

    Example:
        >>> import numpy as np
        >>> float(fibre(np.array([0.8])).axial_uS[0].round(5))
        0.06032
    """
    return cylinder(diameter_um, compartment_um, RESISTIVITY_ohm_cm)


def warmth(temperature_C: Any) -> tuple[Any, Any]:
    """Factor on all rates, and F/RT (1/mV), which steepens the potassium gates."""
    return 3.0 ** ((temperature_C - 30.0) / 10.0), 96.48 / (8.315 * (273.16 + temperature_C))


def formulas(
    op: Operations, e_na_mV: float = E_NA_mV, e_leak_mV: float = E_LEAK_mV
) -> tuple[Any, Any]:
    """``rates(v, warmth)`` of m, h, n, l and ``conductance(m, h, n, l)``; see ``Membrane``."""
    number, exp, linoid, sigmoid = op.number, op.exp, op.linoid, op.sigmoid
    one = number(1.0)
    m_open, m_close, h_close = (tuple(number(x) for x in k) for k in (M_OPEN, M_CLOSE, H_CLOSE))
    h_rate, h_half, h_slope = (number(x) for x in H_OPEN)
    n_rate, n_half, n_in, n_out = (number(x) for x in N_GATE)
    l_rate, l_half, l_in, l_out = (number(x) for x in L_GATE)
    g_na, g_k, g_leak = number(G_NA), number(G_K), number(G_LEAK)
    e_na, e_k, e_leak = number(e_na_mV), number(E_K_mV), number(e_leak_mV)

    def rates(v: Any, warm: Any) -> Any:
        q, per_mV = warm
        am, am_, bm, bm_ = *linoid(v, m_open), *linoid(v, m_close)
        ah, (bh, bh_) = h_rate * exp((v - h_half) / h_slope), sigmoid(v, h_close)
        n, l = (v - n_half) * per_mV, (v - l_half) * per_mV  # noqa: E741
        return (
            q * am, am_, q * bm, bm_, q * ah, one, q * bh, bh_,
            q * n_rate * exp(n_in * n), one, q * n_rate * exp(n_out * n), one,
            q * l_rate * exp(l_in * l), one, q * l_rate * exp(l_out * l), one,
        )  # fmt: skip

    def conductance(m: Any, h: Any, n: Any, l: Any) -> Any:  # noqa: E741
        sodium, potassium = g_na * m * m * m * h, g_k * n * n * n * l
        total = sodium + potassium + g_leak
        return total, sodium * e_na + potassium * e_k + g_leak * e_leak

    return op.jit(rates), op.jit(conductance)


def membrane(e_na_mV: float = E_NA_mV, e_leak_mV: float = E_LEAK_mV) -> Membrane:
    """The membrane with other reversal potentials.

    Codes that share the formulas differ here: ModelDB and PyFibers 50 and -60 mV, MorphoSONIC 55 mV
    and a leak that balances -60 mV.
    """

    def reversed_at(op: Operations) -> tuple[Any, Any]:
        return formulas(op, e_na_mV, e_leak_mV)

    return Membrane(
        name=f"sundt {e_na_mV:.6g} {e_leak_mV:.6g}",
        gates=("m", "h", "n", "l"),
        rest_mV=REST_mV,
        warmth=warmth,
        formulas=reversed_at,
        source="Sundt, Gamper and Jaffe 2015, doi 10.1152/jn.00226.2015",
    )


MEMBRANE = membrane()
