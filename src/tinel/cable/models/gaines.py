"""Motor and sensory axons of the human median nerve: MRG fibres whose internodes have channels.

Gaines, Finn, Slopsema, Heyboer and Polasek 2018, J Comput Neurosci 45:29-43,
doi 10.1007/s10827-018-0689-5; numbers as in the authors' program (ModelDB 243841) and the
mechanisms kept by NRV (nrv-framework/NRV, nrv/_misc/mods). Node: the currents of MRG with numbers
of their own, and fast K. Axolemma under the myelin: slow K, fast K, HCN and leak.

The authors' program counts internodal densities per surface of the whole fibre, not of the axon:
its sections have the fibre's diameter, and it rescales capacitance and resistivity but not the
channels. The rest it starts from comes out only that way (see the tests).
Units: um, mV, ms, S/cm2, degrees Celsius.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinel.cable.membranes.channels import Axon, Channels
from tinel.cable.membranes.operations import Operations, Rate
from tinel.cable.models import mrg

Floats = NDArray[np.float64]
Gates = dict[str, tuple[Rate, Rate]]

SOURCE = "Gaines and others 2018, doi 10.1007/s10827-018-0689-5; ModelDB 243841"
START_mV = {"motor": -85.9411, "sensory": -79.3565}  # potential the authors' programs start from
E_NA_mV, E_K_mV, E_LEAK_mV, E_HCN_mV = 50.0, -90.0, -90.0, -54.9

MOTOR_GATES: Gates = {
    "m": ((1.86, -20.4, 10.3), (-0.086, -25.7, -9.16)),
    "h": ((-0.062, -114.0, -11.0), (2.3, -31.8, 13.4)),
    "p": ((0.01, -27.0, 10.2), (-0.00025, -34.0, -10.0)),
    "s": mrg.GATES["s"],
}
SENSORY_GATES: Gates = {
    "m": ((1.77753, -20.1795, 10.3), (-0.0823, -25.4746, -9.16)),
    "h": ((-0.075286, -112.7124, -8.3910), (2.8083, -30.5435, 10.2263)),
    "p": ((0.00957, -26.852, 10.2), (-0.0002401, -33.8333, -10.0)),
    "s": mrg.GATES["s"],
}
FAST_K: tuple[Rate, Rate] = ((0.0462, -83.2, 1.1), (-0.0824, -66.0, -10.5))
HCN_per_ms, HCN_SLOPE_mV = 0.00522, 12.2
HCN_HALF_mV = {"motor": -107.3, "sensory": -94.2}

# Densities: node fast Na, persistent Na, slow K, fast K, leak; internode slow K, fast K, HCN, leak.
NODE = {
    "motor": (3.0, 0.01, 0.08, 0.02568, 0.007),
    "sensory": (3.0, 0.01, 0.04106, 0.02737, 0.006005),
}
MYSA = {
    "motor": (0.002581, 0.15074, 0.002232, 0.002),
    "sensory": (0.001324, 0.1642, 0.003102, 0.001716),
}
INTERNODE = {
    "motor": (0.002581, 0.02568, 0.002232, 0.0002),
    "sensory": (0.001324, 0.02737, 0.003102, 0.0001716),
}


def geometry(diameter_um: Floats) -> dict[str, Floats]:
    """Geometry of any fibre from 5.7 to 16 um by the authors' fits to the MRG table.

    Example:
        >>> float(geometry(np.array([10.0]))["spacing"][0].round(1))
        1087.3

    Raises:
        ValueError: a diameter outside 5.7 to 16 um.
    """
    d = np.atleast_1d(np.asarray(diameter_um, dtype=float))
    if not np.all((d >= 5.7) & (d <= 16.0)):
        raise ValueError(f"Gaines diameters {d.min():g} to {d.max():g} um; legal: 5.7 to 16 um")
    return dict(
        fibre=d,
        spacing=969.3 * np.log(d) - 1144.6,
        node=0.3449 * d - 0.1484,
        mysa=0.3527 * d - 0.1804,
        axon=0.889 * d - 1.9104,
        flut=2.5811 * d + 19.59,
        lamellae=65.897 * np.log(d) - 32.666,
    )


def _node(op: Operations, gates: Gates) -> tuple[Any, Any]:
    as_mrg, _ = mrg.channels(op, gates)
    linoid, one = op.linoid, op.number(1.0)
    n_open, n_close = (tuple(op.number(x) for x in k) for k in FAST_K)

    def rates(v: Any, na: Any, warm: Any) -> Any:
        an, an_, bn, bn_ = *linoid(v, n_open), *linoid(v, n_close)
        return as_mrg(v, na, warm) + (warm[2] * an, an_, warm[2] * bn, bn_)  # noqa: RUF005

    def opened(m: Any, h: Any, p: Any, s: Any, n: Any) -> Any:
        return m * m * m * h, p * p * p, s, n * n * (n * n), one

    return op.jit(rates), op.jit(opened)


def _internode(op: Operations, half_mV: float) -> tuple[Any, Any]:
    number, exp, linoid, sigmoid, one = op.number, op.exp, op.linoid, op.sigmoid, op.number(1.0)
    s_open, s_close = (tuple(number(x) for x in k) for k in mrg.GATES["s"])
    n_open, n_close = (tuple(number(x) for x in k) for k in FAST_K)
    q_rate, q_half, per_slope = number(HCN_per_ms), number(half_mV), number(1 / HCN_SLOPE_mV)

    def rates(v: Any, na: Any, warm: Any) -> Any:
        a_s, a_s_, bs, bs_ = *sigmoid(v, s_open), *sigmoid(v, s_close)
        an, an_, bn, bn_ = *linoid(v, n_open), *linoid(v, n_close)
        q = exp((v - q_half) * per_slope)
        w = warm[0]
        return (
            w * a_s, a_s_, w * bs, bs_, w * an, an_, w * bn, bn_,
            w * q_rate, q, w * q_rate * q, one,
        )  # fmt: skip

    def opened(s: Any, n: Any, q: Any) -> Any:
        return s, n * n * (n * n), q, one

    return op.jit(rates), op.jit(opened)


def motor_node(op: Operations) -> tuple[Any, Any]:
    """Formulas of the motor node: gates m, h, p, s, n."""
    return _node(op, MOTOR_GATES)


def sensory_node(op: Operations) -> tuple[Any, Any]:
    """Formulas of the sensory node: gates m, h, p, s, n."""
    return _node(op, SENSORY_GATES)


def motor_internode(op: Operations) -> tuple[Any, Any]:
    """Formulas of the motor axolemma under myelin: gates s, n, q."""
    return _internode(op, HCN_HALF_mV["motor"])


def sensory_internode(op: Operations) -> tuple[Any, Any]:
    """Formulas of the sensory axolemma under myelin: gates s, n, q."""
    return _internode(op, HCN_HALF_mV["sensory"])


def _warmth(temperature_C: Any) -> tuple[Any, ...]:
    return (mrg.warmth(temperature_C)[2],)


def _axon(kind: str, node: Any, internode: Any) -> Axon:
    start = START_mV[kind]

    def under_myelin(name: str, density: tuple[float, ...]) -> Channels:
        return Channels(
            f"{kind} {name}", ("s", "n", "q"), ("ks", "fast_k", "hcn", "leak"), density,
            (E_K_mV, E_K_mV, E_HCN_mV, E_LEAK_mV), start, _warmth, internode, SOURCE,
            per_fibre_surface=True,
        )  # fmt: skip

    return Axon(
        f"gaines {kind}",
        Channels(
            f"{kind} node", ("m", "h", "p", "s", "n"), ("naf", "nap", "ks", "fast_k", "leak"),
            NODE[kind], (E_NA_mV, E_NA_mV, E_K_mV, E_K_mV, E_LEAK_mV), start, mrg.warmth, node,
            SOURCE,
        ),
        under_myelin("mysa", MYSA[kind]),
        under_myelin("flut", INTERNODE[kind]),
        under_myelin("stin", INTERNODE[kind]),
    )  # fmt: skip


MOTOR = _axon("motor", motor_node, motor_internode)
SENSORY = _axon("sensory", sensory_node, sensory_internode)
