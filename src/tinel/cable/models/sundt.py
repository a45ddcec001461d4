"""The Sundt membrane: a nociceptive C fibre with sodium, potassium and leak currents.

Sundt, Gamper and Jaffe 2015, J Neurophysiol 114:3140-3153, doi 10.1152/jn.00226.2015; numbers in
evidence/data/engine/sundt.toml. Sodium gates after Traub and Miles 1991, shifted by 6 mV
(activation to the right, inactivation to the left); potassium gates after Borg-Graham 1987, whose
slopes follow absolute temperature.
Units here: um, mV, ms, ohm cm, uF/cm2, S/cm2, degrees Celsius.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from tinel.cable.fibres.single_cable import Cable, Floats, cylinder_of
from tinel.cable.membranes.constants import Constants, made_when_needed
from tinel.cable.membranes.formulas import Formulas, Warmth
from tinel.cable.membranes.membrane import Membrane
from tinel.cable.membranes.operations import Operations
from tinel.evidence import Parameters

SOURCE = "Sundt, Gamper and Jaffe 2015, doi 10.1152/jn.00226.2015"


def constants(parameters: Parameters | None = None) -> Constants:
    """All numbers of the model, of these parameters or as published.

    Example:
        >>> constants()["fibre.compartment_um"]
        8.333
    """
    return Constants.of("engine.sundt", parameters)


def fibre(
    diameter_um: Floats,
    compartment_um: Floats | float | None = None,
    parameters: Parameters | None = None,
) -> Cable:
    """Sundt fibres of the given diameters (um), as cylinders of short compartments.

    Raises:
        TinelError: a diameter or compartment length that is not above 0.

    Example:
        >>> import numpy as np
        >>> float(fibre(np.array([0.8])).axial_uS[0].round(5))
        0.06032
    """
    return cylinder_of(constants(parameters), diameter_um, compartment_um)


@dataclass(frozen=True)
class Steepening(Warmth):
    """Factors on all rates, and F/RT (1/mV) as in the authors' program, which steepens potassium
    gates.

    Example:
        >>> Steepening(((3.0, 30.0),))(30.0)[0]
        1.0
    """

    def __call__(self, temperature_C: Any) -> tuple[Any, ...]:
        return (*super().__call__(temperature_C), 96.48 / (8.315 * (273.16 + temperature_C)))


def channels(op: Operations, c: Constants) -> tuple[Any, Any]:
    """Rates and open fractions in the given operations, as ``Membrane.formulas`` says."""
    number, exp, linoid, sigmoid = op.number, op.exp, op.linoid, op.sigmoid
    one = number(1.0)
    m_open, m_close, h_close = (
        tuple(number(x) for x in c.row(f"gate.{name}")) for name in ("m_open", "m_close", "h_close")
    )
    h_rate, h_half, h_slope = (number(x) for x in c.row("gate.h_open"))
    n_rate, n_half, n_in, n_out = (number(x) for x in c.row("charge.n"))
    l_rate, l_half, l_in, l_out = (number(x) for x in c.row("charge.l"))

    def rates(v: Any, na: Any, warm: Any) -> Any:
        q, per_mV = warm
        am, am_, bm, bm_ = *linoid(na, m_open), *linoid(na, m_close)
        ah, (bh, bh_) = h_rate * exp((na - h_half) / h_slope), sigmoid(na, h_close)
        n, l = (v - n_half) * per_mV, (v - l_half) * per_mV  # noqa: E741
        return (
            q * am, am_, q * bm, bm_, q * ah, one, q * bh, bh_,
            q * n_rate * exp(n_in * n), one, q * n_rate * exp(n_out * n), one,
            q * l_rate * exp(l_in * l), one, q * l_rate * exp(l_out * l), one,
        )  # fmt: skip

    def opened(m: Any, h: Any, n: Any, l: Any) -> Any:  # noqa: E741
        return m * m * m * h, n * n * n * l, one

    return op.jit(rates), op.jit(opened)


def membrane(parameters: Parameters | None = None) -> Membrane:
    """The membrane of every compartment.

    Codes that share the formulas differ in reversal potentials: ModelDB and PyFibers have 50 and
    -60 mV, MorphoSONIC 55 mV and a leak that balances -60 mV.

    Example:
        >>> membrane().rest_mV
        -60.0
    """
    return _membrane(constants(parameters))


@cache
def _membrane(c: Constants) -> Membrane:
    each = ("na", "k", "leak")
    return Membrane(
        name="sundt",
        text="A nociceptive C fibre.",
        source=SOURCE,
        gates=("m", "h", "n", "l"),
        currents=("naf", "kdr", "leak"),
        density_S_per_cm2=tuple(c[f"{name}.density_S_per_cm2"] for name in each),
        reversal_mV=tuple(c[f"{name}.reversal_mV"] for name in each),
        rest_mV=c["rest.potential_mV"],
        warmth=Steepening((c.row("warmth"),)),
        formulas=Formulas(channels, (c,)),
    )


__getattr__ = made_when_needed(__name__, MEMBRANE=membrane, OFFERS=lambda: (membrane(),))
