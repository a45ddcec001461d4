"""The Sweeney fibre: rabbit nodes joined by perfectly insulating internodes (single cable).

Sweeney, Mortimer and Durand 1987, IEEE EMBS Conf 1577-1578; node after Chiu et al. 1979 at 37 C;
numbers in evidence/data/engine/sweeney.toml.
Units here: um, mV, ms, ohm cm, uF/cm2, S/cm2.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from tinel.cable.fibres.single_cable import Cable, Floats
from tinel.cable.membranes.constants import Constants, made_when_needed
from tinel.cable.membranes.formulas import Formulas
from tinel.cable.membranes.membrane import Membrane
from tinel.cable.membranes.operations import Operations
from tinel.errors import TinelError
from tinel.evidence import Parameters

SOURCE = "Sweeney, Mortimer and Durand 1987"


def constants(parameters: Parameters | None = None) -> Constants:
    """All numbers of the model, of these parameters or as published.

    Example:
        >>> constants()["fibre.axon_per_fibre"]
        0.6
    """
    return Constants.of("engine.sweeney", parameters)


def fibre(diameter_um: Floats, parameters: Parameters | None = None) -> Cable:
    """Sweeney fibres of the given outer diameters (um): each internode is an axial resistor.

    Raises:
        TinelError: a diameter that is not finite and above 0.

    Example:
        >>> float(fibre(np.array([10.0])).axial_uS[0].round(4))
        0.0517
    """
    c = constants(parameters)
    outer = np.atleast_1d(np.asarray(diameter_um, dtype=float))
    if not np.all((outer > 0) & np.isfinite(outer)):
        raise TinelError(f"diameter_um is {diameter_um} (allowed: finite, above 0)")
    axon, spacing = c["fibre.axon_per_fibre"] * outer, c["fibre.spacing_per_fibre"] * outer
    area = np.pi * axon * c["fibre.node_um"]
    return Cable(
        area_um2=area,
        capacitance_nF=c["fibre.capacitance_uF_per_cm2"] * area * 1e-5,
        axial_uS=100.0 * np.pi * axon**2 / 4 / (c["fibre.resistivity_ohm_cm"] * spacing),
        spacing_um=spacing,
        diameter_um=axon,
    )


def warmth(temperature_C: Any) -> tuple[Any]:
    """1 at any temperature: the published rates hold at 37 C and come without a Q10.

    Example:
        >>> warmth(37.0)
        (1.0,)
    """
    return (1.0 + 0.0 * temperature_C,)


def _channels(op: Operations, c: Constants) -> tuple[Any, Any]:
    number, exp, sigmoid, one = op.number, op.exp, op.sigmoid, op.number(1.0)

    def numbers(*names: str) -> tuple[Any, ...]:
        return tuple(number(c[f"gate.{name}"]) for name in names)

    base, slope = numbers("m_base_per_ms", "m_per_ms_mV")
    m_open = (one, *numbers("m_open_half_mV", "m_open_slope_mV"))
    h_close = numbers("h_close_per_ms", "h_close_half_mV", "h_close_slope_mV")
    m_half, m_step = numbers("m_back_half_mV", "m_back_slope_mV")
    h_half, h_step = numbers("h_back_half_mV", "h_back_slope_mV")

    def rates(v: Any, na: Any, warm: Any) -> Any:
        (q,) = warm
        _, m_ = sigmoid(na, m_open)
        bh, h_ = sigmoid(na, h_close)
        am = q * (base + slope * na)
        return (
            am, m_, am * exp((m_half - na) / m_step), m_,
            q * bh * exp((h_half - na) / h_step), h_, q * bh, h_,
        )  # fmt: skip

    def opened(m: Any, h: Any) -> Any:
        return m * m * h, one

    return op.jit(rates), op.jit(opened)


def membrane(parameters: Parameters | None = None) -> Membrane:
    """The membrane of the nodes.

    Example:
        >>> membrane().gates
        ('m', 'h')
    """
    return _membrane(constants(parameters))


@cache
def _membrane(c: Constants) -> Membrane:
    return Membrane(
        name="sweeney",
        text="The node of a rabbit's myelinated fibre.",
        source=SOURCE,
        gates=("m", "h"),
        currents=("naf", "leak"),
        density_S_per_cm2=(c["na.density_S_per_cm2"], c["leak.density_S_per_cm2"]),
        reversal_mV=(c["na.reversal_mV"], c["leak.reversal_mV"]),
        rest_mV=c["rest.potential_mV"],
        warmth=warmth,
        formulas=Formulas(_channels, (c,)),
    )


__getattr__ = made_when_needed(__name__, MEMBRANE=membrane, OFFERS=lambda: (membrane(),))
