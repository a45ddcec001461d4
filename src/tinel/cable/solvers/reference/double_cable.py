"""The reference solution of fibres with passive internodes: their elements, given to ``full``."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tinel.cable.fibres.compartments import KINDS, Compartments
from tinel.cable.fibres.double_cable import BLOCK, COMPARTMENTS, uS
from tinel.cable.fibres.internode import Elements
from tinel.cable.membranes.channels import Axon
from tinel.cable.membranes.membrane import Membrane, passive
from tinel.cable.models import mrg
from tinel.cable.solvers.reference import full
from tinel.cable.solvers.reference.full import Trace

Floats = NDArray[np.float64]


def run(
    elements: Elements,
    fibre: int,
    nodes: int,
    *,
    duration_ms: float,
    dt_ms: float,
    temperature_C: float = 37.0,
    theta: float = 1.0,
    current_nA: Floats | None = None,
    potential_mV: Floats | None = None,
    waveform: Floats | None = None,
    settle_ms: float = 200.0,
    membrane: Membrane | None = None,
) -> Trace:
    """Simulate one fibre of a batch, compartment by compartment.

    Args:
        elements: elements of the batch; ``fibre`` picks the row.
        nodes: number of nodes; the ends are sealed.
        waveform: stimulus factor for the step that starts at each sample, shape ``(n_step,)``;
            none at all if left out.
        membrane: of the nodes; MRG's as published if left out.

    Other arguments as for ``full.run``; ``theta`` 1 is backward Euler, 0.5 the trapezoidal rule.
    """
    one = compartments_of(elements, fibre, nodes, membrane or mrg.membrane(), temperature_C)
    steps = round(duration_ms / dt_ms)
    wave = np.zeros(steps) if waveform is None else waveform[:steps]
    return full.run(
        one, 0, waveform=wave, dt_ms=dt_ms, current_nA=current_nA, potential_mV=potential_mV,
        theta=theta, settle_ms=settle_ms, gently=False,
    )  # fmt: skip


def compartments_of(
    elements: Elements, fibre: int, nodes: int, membrane: Membrane, temperature_C: float
) -> Compartments:
    """One fibre's nodes and passive internodes as compartments."""
    size = BLOCK * (nodes - 1) + 1

    def flat(a: Floats, at_node: float) -> Floats:
        rows = np.full((nodes, BLOCK), at_node)
        rows[:-1, 1:] = np.broadcast_to(a[fibre], (nodes - 1, COMPARTMENTS))
        return rows.ravel()[None, :size]

    def along(a: Floats) -> Floats:
        return np.broadcast_to(a[fibre], (nodes - 1, BLOCK)).reshape(1, -1)

    leak = flat(elements.axolemma_uS, 0.0)
    kind = np.tile(KINDS, nodes)[:size]
    area = elements.node_area_um2[fibre] * uS
    at_nodes = np.array(membrane.density_S_per_cm2) * area
    density = [np.broadcast_to(at_nodes[None, :, None], (1, len(at_nodes), nodes))]
    density += [leak[:, None, kind == k] for k in (1, 2, 3)]
    rest = membrane.rest_mV
    sheath = (passive(name, 1.0, rest) for name in ("mysa", "flut", "stin"))
    starts = np.arange(nodes) * elements.spacing_um[fibre]
    inside = np.concatenate([[0.0], elements.centre_um[fibre]])
    return Compartments(
        axon=Axon(membrane.name, membrane, *sheath),
        nodes=nodes,
        axolemma_nF=flat(elements.axolemma_nF, float(elements.node_nF[fibre])),
        myelin_nF=flat(elements.myelin_nF, 0.0),
        myelin_uS=flat(elements.myelin_uS, 0.0),
        inner_uS=along(elements.inner_uS),
        outer_uS=along(elements.outer_uS),
        density_uS=tuple(density),
        shift_mV=np.zeros((1, size)),
        temperature_C=np.full((1, size), temperature_C),
        leak_uS=np.zeros((1, 2)),
        centre_um=(starts[:, None] + inside).reshape(1, -1)[:, :size],
    )
