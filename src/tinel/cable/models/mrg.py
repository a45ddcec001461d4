"""The MRG fibre: a human motor axon with node, paranode and internode (double cable).

McIntyre, Richardson and Grill 2002, J Neurophysiol 87:995-1006, doi 10.1152/jn.00353.2001; numbers
in evidence/data/engine/mrg.toml.
Units here: um, mV, ms, ohm cm, uF/cm2, S/cm2, degrees Celsius.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinel.cable.fibres.double_cable import DoubleCable, Geometry
from tinel.cable.fibres.model import Between, OneOf
from tinel.cable.membranes.channels import Axon
from tinel.cable.membranes.constants import Constants, made_when_needed
from tinel.cable.membranes.formulas import Formulas, Warmth
from tinel.cable.membranes.membrane import Membrane, passive
from tinel.cable.membranes.operations import Operations, Rate
from tinel.errors import TinelError
from tinel.evidence import Parameters

Floats = NDArray[np.float64]
Gates = Mapping[str, tuple[Rate, Rate]]

SOURCE = "McIntyre, Richardson and Grill 2002, doi 10.1152/jn.00353.2001"
GATES = ("m", "h", "p", "s")
TABLE_COLUMNS = ("fibre", "spacing", "node", "axon", "flut", "lamellae")


def constants(parameters: Parameters | None = None) -> Constants:
    """All numbers of the model but the published table, of these parameters or as published.

    Example:
        >>> constants()["naf.density_S_per_cm2"]
        3.0
    """
    return Constants.of("engine.mrg", parameters, without="table")


def double_cable(parameters: Parameters | None = None) -> DoubleCable:
    """Lengths and electrical constants that all fibres of the model share.

    Example:
        >>> double_cable().resistivity_ohm_cm
        70.0
    """
    c = constants(parameters)
    return DoubleCable(
        node_um=c["length.node_um"],
        mysa_um=c["length.mysa_um"],
        node_gap_um=c["gap.node_um"],
        internode_gap_um=c["gap.internode_um"],
        resistivity_ohm_cm=c["axoplasm.resistivity_ohm_cm"],
        axolemma_uF_per_cm2=c["axolemma.capacitance_uF_per_cm2"],
        mysa_S_per_cm2=c["axolemma.mysa_S_per_cm2"],
        internode_S_per_cm2=c["axolemma.internode_S_per_cm2"],
        myelin_uF_per_cm2=c["myelin.capacitance_uF_per_cm2"],
        myelin_S_per_cm2=c["myelin.conductance_S_per_cm2"],
    )


def table_geometry(diameter_um: Floats, parameters: Parameters | None = None) -> Geometry:
    """Sizes of the nine published fibres.

    Raises:
        TinelError: a diameter that is not in the table.

    Example:
        >>> float(table_geometry(np.array([10.0]))["axon"][0])
        6.9
    """
    d = np.atleast_1d(np.asarray(diameter_um, dtype=float))
    table = _table(parameters)
    row = np.abs(table[:, 0] - d[:, None]).argmin(axis=1)
    absent = ~np.isclose(table[row, 0], d)
    if np.any(absent):
        allowed = ", ".join(f"{a:g}" for a in table[:, 0])
        given = f"diameter {d[absent][0]:g} um"
        raise TinelError(f"{given} is not in the MRG table (allowed: {allowed} um)")
    return Geometry(dict(zip(TABLE_COLUMNS, table[row].T, strict=True)), double_cable(parameters))


def geometry(diameter_um: Floats, parameters: Parameters | None = None) -> Geometry:
    """Sizes of any fibre from 2 to 16 um by the interpolating polynomials of PyFibers.

    Example:
        >>> float(geometry(np.array([10.0]))["axon"][0].round(3))
        6.746

    Raises:
        TinelError: a diameter outside 2 to 16 um.
    """
    c = constants(parameters)
    d = within(diameter_um, c, "MRG diameters")
    sizes = dict(
        fibre=d,
        spacing=spacing_um(d, c),
        node=quadratic(d, c.row("size.node")),
        axon=quadratic(d, c.row("size.axon")),
        flut=quadratic(d, c.row("size.flut")),
        lamellae=quadratic(d, c.row("lamellae")),
    )
    return Geometry(sizes, double_cable(parameters))


def spacing_um(diameter_um: Floats, c: Constants) -> Floats:
    """From node to node, by the polynomials, shaped as the diameters.

    Example:
        >>> spacing_um(np.array([10.0]), constants()).round(1)
        array([1122.3])
    """
    d = diameter_um
    _, thin, shift = c.row("size.thin_spacing")
    long_from = c["diameter.long_spacing_from_um"]
    spacing: Floats = np.where(
        d >= long_from, quadratic(d, c.row("size.spacing")), thin * d + shift
    )
    return spacing


def diameters(parameters: Parameters | None = None) -> Between:
    """The outer diameters that the polynomials hold for.

    Example:
        >>> diameters().text
        '2 to 16 um'
    """
    return bounds(constants(parameters))


def published_diameters(parameters: Parameters | None = None) -> OneOf:
    """The outer diameters of the table.

    Example:
        >>> published_diameters().text
        '5.7, 7.3, 8.7, 10, 11.5, 12.8, 14, 15, 16 um'
    """
    return OneOf(tuple(float(d) for d in _table(parameters)[:, 0]))


def bounds(c: Constants) -> Between:
    """The range of diameters among a model's numbers.

    Example:
        >>> bounds(constants()).high_um
        16.0
    """
    return Between(c["diameter.thinnest_um"], c["diameter.thickest_um"])


def within(diameter_um: Floats, c: Constants, what: str) -> Floats:
    """Diameters as an array, refused outside the model's range.

    Raises:
        TinelError: one outside it, or not finite.

    Example:
        >>> within([8, 10], constants(), "fibres")
        array([ 8., 10.])
    """
    d = np.atleast_1d(np.asarray(diameter_um, dtype=float))
    allowed = bounds(c)
    if not np.all(allowed(d)):
        given = f"{what} of {d.min():g} to {d.max():g} um"
        raise TinelError(f"{given} are out of range (allowed: {allowed.text})")
    return d


def quadratic(d: Floats, c: tuple[float, ...]) -> Floats:
    """Square, linear and constant term.

    Example:
        >>> quadratic(np.array([2.0]), (1.0, 3.0, 5.0))
        array([15.])
    """
    square, linear, constant = c
    return square * d**2 + linear * d + constant


def warmth(c: Constants) -> Warmth:
    """Factors on the rates of m and p, of h, and of s."""
    return Warmth(tuple(c.row(f"warmth.{name}") for name in ("m_and_p", "h", "s")))


def gates(c: Constants) -> dict[str, tuple[Any, Any]]:
    """Opening and closing rate of the gates that have them under ``gate``."""
    rates = c.rows("gate")
    names = dict.fromkeys(name.split("_")[0] for name in rates)
    return {name: (rates[f"{name}_open"], rates[f"{name}_close"]) for name in names}


def channels(op: Operations, gates: Gates) -> tuple[Any, Any]:
    """The four gates in the given operations, with these numbers.

    Returns:
        ``rates(v, sodium_v, warmth)``, four numbers per gate (m, h, p, s): numerator and
        denominator of the opening and of the closing rate, in 1/ms, the sodium gates at a
        potential of their own; and ``opened(m, h, p, s)``, the open fraction of each current.
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


def _published_channels(op: Operations, c: Constants) -> tuple[Any, Any]:
    return channels(op, gates(c))


def membrane(parameters: Parameters | None = None) -> Membrane:
    """The membrane of the node.

    Example:
        >>> membrane().density_S_per_cm2
        (3.0, 0.01, 0.08, 0.007)
    """
    return _node(constants(parameters))


@cache
def _node(c: Constants) -> Membrane:
    e_na = c["naf.reversal_mV"]
    currents = ("naf", "nap", "ks", "leak")
    return Membrane(
        name="mrg",
        text="The node of a human motor axon.",
        source=SOURCE,
        gates=GATES,
        currents=currents,
        density_S_per_cm2=tuple(c[f"{name}.density_S_per_cm2"] for name in currents),
        reversal_mV=(e_na, e_na, c["ks.reversal_mV"], c["leak.reversal_mV"]),
        rest_mV=c["rest.potential_mV"],
        warmth=warmth(c),
        formulas=Formulas(_published_channels, (c,)),
    )


def axon(parameters: Parameters | None = None, node: Membrane | None = None) -> Axon:
    """All compartments: this node, or the model's own, and passive internodes.

    Example:
        >>> [kind.name for kind in axon().kinds]
        ['mrg', 'mrg mysa', 'mrg flut', 'mrg stin']
    """
    cable, node = double_cable(parameters), node or membrane(parameters)

    def leak(kind: str, density: float) -> Membrane:
        return passive(f"{node.name} {kind}", density, node.rest_mV, node.source)

    return Axon(
        node.name, node, leak("mysa", cable.mysa_S_per_cm2),
        leak("flut", cable.internode_S_per_cm2), leak("stin", cable.internode_S_per_cm2),
    )  # fmt: skip


def _table(parameters: Parameters | None = None) -> Floats:
    rows = Constants.of("engine.mrg.table", parameters).items
    return np.array([value for _, value in rows]).reshape(-1, len(TABLE_COLUMNS))


__getattr__ = made_when_needed(
    __name__, MEMBRANE=membrane, AXON=axon, OFFERS=lambda: (membrane(),), TABLE=_table
)
