"""Motor and sensory axons of the human median nerve: MRG fibres whose internodes have channels.

Gaines, Finn, Slopsema, Heyboer and Polasek 2018, J Comput Neurosci 45:29-43,
doi 10.1007/s10827-018-0689-5; numbers in evidence/data/engine/gaines.toml, as in the authors'
program (ModelDB 243841) and the mechanisms kept by NRV (nrv-framework/NRV, nrv/_misc/mods). Node:
the currents of MRG with numbers of their own, and fast K. Axolemma under the myelin: slow K, fast
K, HCN and leak.

The authors' program counts internodal densities per surface of the whole fibre, not of the axon:
its sections have the fibre's diameter, and it rescales capacitance and resistivity but not the
channels. The rest it starts from comes out only that way (see the tests).
Units: um, mV, ms, S/cm2, degrees Celsius.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinel.cable.fibres.double_cable import Geometry
from tinel.cable.fibres.model import Between
from tinel.cable.membranes.channels import Axon
from tinel.cable.membranes.constants import Constants, made_when_needed
from tinel.cable.membranes.formulas import Formulas, Warmth
from tinel.cable.membranes.membrane import Membrane
from tinel.cable.membranes.operations import Operations
from tinel.cable.models import mrg
from tinel.evidence import Parameters

Floats = NDArray[np.float64]

SOURCE = "Gaines and others 2018, doi 10.1007/s10827-018-0689-5; ModelDB 243841"


def constants(parameters: Parameters | None = None) -> Constants:
    """All numbers of the model that are not MRG's, of these parameters or as published.

    Example:
        >>> constants()["hcn.slope_mV"] > 0
        True
    """
    return Constants.of("engine.gaines", parameters)


def diameters(parameters: Parameters | None = None) -> Between:
    """The outer diameters that the model holds for.

    Example:
        >>> diameters().text
        '5.7 to 16 um'
    """
    return mrg.bounds(constants(parameters))


def geometry(diameter_um: Floats, parameters: Parameters | None = None) -> Geometry:
    """Sizes of any fibre from 5.7 to 16 um by the authors' fits to the MRG table.

    Example:
        >>> float(geometry(np.array([10.0]))["spacing"][0].round(1))
        1087.3

    Raises:
        TinelError: a diameter outside 5.7 to 16 um.
    """
    c = constants(parameters)
    d = mrg.within(diameter_um, c, "Gaines diameters")
    sizes = {"fibre": d}
    for name, heading, x in (
        ("spacing", "spacing", np.log(d)), ("node", "size.node", d), ("mysa", "size.mysa", d),
        ("axon", "size.axon", d), ("flut", "size.flut", d), ("lamellae", "lamellae", np.log(d)),
    ):  # fmt: skip
        slope, constant = c.row(heading)
        sizes[name] = slope * x + constant
    return Geometry(sizes, mrg.double_cable(parameters))


def fast_k(op: Operations, c: Constants) -> tuple[Any, Any]:
    """The gate of fast potassium: its rates at a potential and warmth, and its open fraction."""
    linoid = op.linoid
    n_open, n_close = (tuple(op.number(x) for x in k) for k in mrg.gates(c)["n"])

    def rates(v: Any, warm: Any) -> Any:
        an, an_, bn, bn_ = *linoid(v, n_open), *linoid(v, n_close)
        return warm * an, an_, warm * bn, bn_

    def opened(n: Any) -> Any:
        return n * n * (n * n)

    return op.jit(rates), op.jit(opened)


def _node(op: Operations, kind: str, c: Constants, of_mrg: Constants) -> tuple[Any, Any]:
    own = c.rows(f"{kind}.gate")
    gates: dict[str, Any] = {n: (own[f"{n}_open"], own[f"{n}_close"]) for n in ("m", "h", "p")}
    as_mrg, _ = mrg.channels(op, gates | {"s": mrg.gates(of_mrg)["s"]})
    one = op.number(1.0)
    of_n, open_n = fast_k(op, c)

    def rates(v: Any, na: Any, warm: Any) -> Any:
        return as_mrg(v, na, warm) + of_n(v, warm[2])

    def opened(m: Any, h: Any, p: Any, s: Any, n: Any) -> Any:
        return m * m * m * h, p * p * p, s, open_n(n), one

    return op.jit(rates), op.jit(opened)


def _internode(op: Operations, kind: str, c: Constants, of_mrg: Constants) -> tuple[Any, Any]:
    slow_k = mrg.gates(of_mrg)["s"]
    hcn = (c["hcn.rate_per_ms"], c[f"{kind}.hcn_half_mV"], c["hcn.slope_mV"])
    number, exp, sigmoid, one = op.number, op.exp, op.sigmoid, op.number(1.0)
    s_open, s_close = (tuple(number(x) for x in k) for k in slow_k)
    of_n, open_n = fast_k(op, c)
    q_rate, q_half, per_slope = number(hcn[0]), number(hcn[1]), number(1 / hcn[2])

    def rates(v: Any, na: Any, warm: Any) -> Any:
        a_s, a_s_, bs, bs_ = *sigmoid(v, s_open), *sigmoid(v, s_close)
        an, an_, bn, bn_ = of_n(v, warm[0])
        q = exp((v - q_half) * per_slope)
        w = warm[0]
        return (
            w * a_s, a_s_, w * bs, bs_, an, an_, bn, bn_, w * q_rate, q, w * q_rate * q, one,
        )  # fmt: skip

    def opened(s: Any, n: Any, q: Any) -> Any:
        return s, open_n(n), q, one

    return op.jit(rates), op.jit(opened)


def motor(parameters: Parameters | None = None) -> Axon:
    """All compartments of a motor axon.

    Example:
        >>> motor().node.currents
        ('naf', 'nap', 'ks', 'fast_k', 'leak')
    """
    return _axon("motor", constants(parameters), mrg.constants(parameters))


def sensory(parameters: Parameters | None = None) -> Axon:
    """All compartments of a sensory axon.

    Example:
        >>> sensory().mysa.currents
        ('ks', 'fast_k', 'hcn', 'leak')
    """
    return _axon("sensory", constants(parameters), mrg.constants(parameters))


@cache
def _axon(kind: str, c: Constants, of_mrg: Constants) -> Axon:
    e_na, e_k, e_leak, e_hcn = c.row("reversal")

    def under_myelin(name: str, density: tuple[float, ...]) -> Membrane:
        return Membrane(
            name=f"gaines_{kind} {name}",
            text="Axolemma under the myelin, with channels of its own.",
            source=SOURCE,
            gates=("s", "n", "q"),
            currents=("ks", "fast_k", "hcn", "leak"),
            density_S_per_cm2=density,
            reversal_mV=(e_k, e_k, e_hcn, e_leak),
            rest_mV=c[f"{kind}.start_mV"],
            warmth=Warmth((of_mrg.row("warmth.s"),)),
            formulas=Formulas(_internode, (kind, c, of_mrg)),
            per_fibre_surface=True,
        )

    between = c.row(f"{kind}.under_myelin.internode")
    return Axon(
        f"gaines {kind}",
        Membrane(
            name=f"gaines_{kind}",
            text=f"The node of a human {kind} axon.",
            source=SOURCE,
            gates=(*mrg.GATES, "n"),
            currents=("naf", "nap", "ks", "fast_k", "leak"),
            density_S_per_cm2=c.row(f"{kind}.density.node"),
            reversal_mV=(e_na, e_na, e_k, e_k, e_leak),
            rest_mV=c[f"{kind}.start_mV"],
            warmth=mrg.warmth(of_mrg),
            formulas=Formulas(_node, (kind, c, of_mrg)),
        ),
        under_myelin("mysa", c.row(f"{kind}.under_myelin.mysa")),
        under_myelin("flut", between),
        under_myelin("stin", between),
    )


__getattr__ = made_when_needed(
    __name__, MOTOR=motor, SENSORY=sensory, OFFERS=lambda: (motor().node, sensory().node)
)
