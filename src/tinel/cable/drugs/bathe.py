"""A drug at places along a fibre."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tinel.cable.drugs.drug import Action, Drug
from tinel.cable.fibres.compartments import Compartments
from tinel.cable.fibres.double_cable import BLOCK
from tinel.cable.membranes.channels import SODIUM
from tinel.cable.membranes.membrane import Membrane
from tinel.cable.membranes.receptor import GATE
from tinel.errors import TinelError
from tinel.evidence import Parameters

Floats = NDArray[np.float64]


def bathe(
    c: Compartments, drug: Drug, concentration_uM: Floats, parameters: Parameters | None = None
) -> Compartments:
    """The fibres with a drug at the membrane since long before the run.

    Args:
        c: from ``compartments``, or already bathed in another drug.
        drug: what bathes them.
        concentration_uM: at the membrane of each node and of the halves of the internodes next
            to it, ``(n_fibre or 1, n_node or 1)``, 0 or more. Not a dose.
        parameters: the drug's numbers; as published if left out.

    Returns:
        What ``simulate_full`` takes; the same fibres where every concentration is 0.

    Raises:
        TinelError: a concentration out of range or of another shape, a second bath in the same
            drug (add the concentrations and bathe once), a second drug for the sodium receptor,
            a drug for currents the fibre has not, or nodes without sodium
            inactivation.

    Example:
        >>> from tinel.cable.models import mrg
        >>> from tinel.cable.fibres.compartments import compartments
        >>> from tinel.cable.drugs.tetrodotoxin import TETRODOTOXIN
        >>> fibre = compartments(mrg.table_geometry(np.array([10.0])), 5, mrg.AXON)
        >>> bathed = bathe(fibre, TETRODOTOXIN, np.array([[0, 0, 3.6e-3, 0, 0]]))
        >>> (bathed.density_uS[0] / fibre.density_uS[0])[0, 0].round(3)
        array([1. , 1. , 0.5, 1. , 1. ])
    """
    count, nodes = len(c.axolemma_nF), c.nodes
    given = np.asarray(concentration_uM, dtype=float)
    if given.ndim != 2 or not np.all((given >= 0) & np.isfinite(given)):
        raise TinelError(
            f"concentrations of {drug.name} are out of range (allowed: two axes, fibre and node, "
            "of finite uM, 0 or more)"
        )
    if given.shape[0] not in (1, count) or given.shape[1] not in (1, nodes):
        raise TinelError(
            f"concentrations of {drug.name} have shape {given.shape} (allowed: {count} fibres or "
            f"1, {nodes} nodes or 1)"
        )
    if not any(set(drug.currents) & set(k.currents) for k in c.axon.kinds):
        told = f"{drug.name} blocks {', '.join(drug.currents)}"
        raise TinelError(f"{told}, and axon {c.axon.name!r} has none of them")
    action = drug.action(parameters)
    if not given.any():
        return c
    if drug.name in c.drugs:
        raise TinelError(
            f"the fibres are already bathed in {', '.join(c.drugs)} (allowed: each drug once)",
            advice="add the concentrations and bathe once",
        )
    at_node = np.broadcast_to(given, (count, nodes))
    nearest = (np.arange(len(c.kind)) + BLOCK // 2) // BLOCK
    left = np.asarray(action.plain_fraction(at_node[:, nearest]))
    density = []
    for channels, at, each in zip(c.axon.kinds, c.at, c.density_uS, strict=True):
        blocked = np.array([name in drug.currents for name in channels.currents])
        density.append(np.where(blocked[:, None], each * left[:, None, at], each))
    bathed = replace(c, density_uS=tuple(density), drugs=(*c.drugs, drug.name))
    return _bind(bathed, drug, action, at_node) if action.use_dependent else bathed


def _bind(c: Compartments, drug: Drug, action: Action, at_node: Floats) -> Compartments:
    node = c.axon.node
    if node.receptor:
        raise TinelError(
            f"the sodium receptor already has a drug; {drug.name} would be a second (allowed: one)"
        )
    rates = np.stack(action.rates_per_ms(at_node), axis=1)
    return replace(c, axon=replace(c.axon, node=with_receptor(node)), receptor_per_ms=rates)


def with_receptor(node: Membrane) -> Membrane:
    """The membrane with the drug receptor's state as their last gate.

    Raises:
        TinelError: they have no fast inactivation, or sodium currents are not the first two.
    """
    if GATE not in node.gates or node.currents[:2] != SODIUM:
        raise TinelError(
            f"{node.name!r} has no place for a drug receptor (allowed: a gate {GATE!r}, and "
            f"currents {', '.join(SODIUM)} first)"
        )
    return replace(node, gates=(*node.gates, "receptor"), receptor=True)
