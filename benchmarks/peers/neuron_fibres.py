"""Fibres as NEURON has them: sections laid by pyfibers, or here where pyfibers has no such fibre.

``lay`` knows pyfibers' models (MRG_DISCRETE, MRG_INTERPOLATION, SUNDT, TIGERHOLM) and, as
GAINES_MOTOR and GAINES_SENSORY, the axons of Gaines and others 2018 (doi
10.1007/s10827-018-0689-5), whose mechanisms lie in ``gaines/``; geometry by the authors' fits.
"""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from neuron import h
from pyfibers import FiberModel, build_fiber
from pyfibers.fiber import Fiber as PyFiber

TEMPERATURE_C = 37

NODE = {
    "GAINES_MOTOR": {},  # the mechanism's defaults
    "GAINES_SENSORY": dict(
        gks=0.04106, gkf=0.02737, gl=0.006005, ma=1.77753, mav=-20.1795, mb=0.0823, mbv=-25.4746,
        ha=0.075286, hav=-112.7124, has=8.3910, hb=2.8083, hbv=-30.5435, hbs=10.2263, pa=0.00957,
        pav=-26.852, pb=0.0002401, pbv=-33.8333,
    ),
}  # fmt: skip
MYSA = {
    "GAINES_MOTOR": dict(gkf=0.15074, gl=0.002),
    "GAINES_SENSORY": dict(gks=0.001324, gkf=0.1642, gq=0.003102, gl=0.001716, vq=-94.2),
}
INTERNODE = {
    "GAINES_MOTOR": {},
    "GAINES_SENSORY": dict(gks=0.001324, gkf=0.02737, gq=0.003102, gl=0.0001716, vq=-94.2),
}
REST_mV = {"GAINES_MOTOR": -85.9411, "GAINES_SENSORY": -79.3565}


@dataclass
class Fibre:
    """Sections in order, the nodes among them, centres along the fibre, node to node, start."""

    sections: list
    nodes: list
    z_um: np.ndarray
    spacing_um: float
    rest_mV: float
    owner: object = None  # NEURON drops sections that nobody holds


def lay(model, diameter_um, nodes, bare=False):
    """One fibre at 37 C, end nodes active; ``bare`` leaves out an extracellular space that is 0 mV.

    NEURON is a third faster without it, and a current into an unmyelinated fibre needs none.
    """
    h.celsius = TEMPERATURE_C
    fibre = _gaines(model, diameter_um, nodes) if model in NODE else None
    if fibre is None:
        kept = PyFiber.nodebuilder
        PyFiber.nodebuilder = _bare if bare else kept
        laid = build_fiber(
            FiberModel[model], diameter=diameter_um, n_nodes=nodes, temperature=TEMPERATURE_C,
            passive_end_nodes=False,
        )  # fmt: skip
        PyFiber.nodebuilder = kept
        fibre = Fibre(
            laid.sections, laid.nodes, np.array(laid.longitudinal_coordinates), laid.delta_z,
            laid.v_rest, laid,
        )  # fmt: skip
    if h.nlayer_extracellular() != 2:  # one layer moves the threshold by 9 %
        raise RuntimeError("two extracellular layers expected")
    return fibre


def _bare(self, ind, node_type):
    node = h.Section(name=f"{node_type} node {ind}")
    node.L, node.diam, node.nseg, node.v = self.delta_z, self.diameter, 1, self.v_rest
    return node


def _gaines(model, diameter_um, nodes):
    # sections under myelin have the fibre's diameter, as in the authors' program: capacitance and
    # resistivity are rescaled to the axon's, channels are not
    d = diameter_um
    spacing, node_um = 969.3 * math.log(d) - 1144.6, 0.3449 * d - 0.1484
    mysa_um, axon_um, flut_um = 0.3527 * d - 0.1804, 0.889 * d - 1.9104, 2.5811 * d + 19.59
    stin_um = (spacing - 1 - 2 * 3 - 2 * flut_um) / 6
    membranes = 2 * (65.897 * math.log(d) - 32.666)

    def section(length, diam, inside, gap, mechanism, numbers):
        one = h.Section(name=mechanism)
        one.nseg, one.L, one.diam = 1, length, diam
        one.Ra, one.cm = 70 * (diam / inside) ** 2, 2 * inside / diam
        one.insert(mechanism)
        for name, value in numbers.items():
            setattr(one, f"{name}_{mechanism}", value)
        one.insert("extracellular")
        ring = math.pi * ((inside / 2 + gap) ** 2 - (inside / 2) ** 2)
        one.xraxial[0] = 70 * 100 / ring  # Mohm/cm
        one.xg[0], one.xc[0] = 1e-3 / membranes, 0.1 / membranes
        return one

    def node():
        one = section(1.0, node_um, node_um, 0.002, "gaines_node", NODE[model])
        one.xg[0], one.xc[0] = 1e10, 0
        return one

    def mysa():
        return section(3.0, d, mysa_um, 0.002, "gaines_internode", MYSA[model])

    def under_myelin(length):
        return section(length, d, axon_um, 0.004, "gaines_internode", INTERNODE[model])

    sections = [node()]
    for _ in range(nodes - 1):
        sections += [mysa(), under_myelin(flut_um), *(under_myelin(stin_um) for _ in range(6))]
        sections += [under_myelin(flut_um), mysa(), node()]
    for one, after in pairwise(sections):
        after.connect(one(1))
    length = np.array([one.L for one in sections])
    return Fibre(
        sections, sections[::11], np.cumsum(length) - 0.5 * length, spacing, REST_mV[model]
    )
