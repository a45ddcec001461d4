"""A drug at places along a fibre."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tinel.cable.drugs.drug import Drug
from tinel.cable.fibres.compartments import BLOCK, Compartments
from tinel.cable.membranes.channels import SODIUM, Channels
from tinel.cable.membranes.receptor import GATE

Floats = NDArray[np.float64]


def bathe(c: Compartments, drug: Drug, concentration_uM: Floats) -> Compartments:
    """The fibres with a drug at the membrane since long before the run.

    Args:
        c: from ``compartments``, or already bathed in another drug.
        drug: what bathes them.
        concentration_uM: at the membrane of each node and of the halves of the internodes next
            to it, ``(n_fibre or 1, n_node or 1)``, 0 or more. Not a dose.

    Returns:
        What ``simulate_full`` takes; the same fibres where every concentration is 0.

    Raises:
        ValueError: a concentration out of range or of another shape, a second bath in the same
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
        raise ValueError(f"{drug.name}: legal are two axes (fibre, node) of finite uM, 0 or more")
    if given.shape[0] not in (1, count) or given.shape[1] not in (1, nodes):
        raise ValueError(
            f"{drug.name}: concentrations of shape {given.shape}; legal: {count} fibres or 1, "
            f"{nodes} nodes or 1"
        )
    if not any(set(drug.currents) & set(k.currents) for k in c.axon.kinds):
        raise ValueError(f"{drug.name} blocks {drug.currents}; axon {c.axon.name!r} has none")
    if not given.any():
        return c
    if drug.name in c.drugs:
        raise ValueError(
            f"{drug.name}: the fibres are already bathed in {c.drugs}; legal: each drug once, at "
            "the sum of its concentrations"
        )
    at_node = np.broadcast_to(given, (count, nodes))
    nearest = (np.arange(len(c.kind)) + BLOCK // 2) // BLOCK
    share = np.asarray(drug.plain_share(at_node[:, nearest]))
    density = []
    for channels, at, each in zip(c.axon.kinds, c.at, c.density_uS, strict=True):
        blocked = np.array([name in drug.currents for name in channels.currents])
        density.append(np.where(blocked[:, None], each * share[:, None, at], each))
    bathed = replace(c, density_uS=tuple(density), drugs=(*c.drugs, drug.name))
    return _bind(bathed, drug, at_node) if drug.use_dependent else bathed


def _bind(c: Compartments, drug: Drug, at_node: Floats) -> Compartments:
    node = c.axon.node
    if node.receptor:
        raise ValueError(f"{drug.name}: the sodium receptor already has a drug; give one")
    rates = np.stack(drug.rates_per_ms(at_node), axis=1)
    return replace(c, axon=replace(c.axon, node=with_receptor(node)), receptor_per_ms=rates)


def with_receptor(node: Channels) -> Channels:
    """The channels with the drug receptor's state as their last gate.

    Raises:
        ValueError: they have no fast inactivation, or sodium currents are not the first two.
    """
    if GATE not in node.gates or node.currents[:2] != SODIUM:
        raise ValueError(f"{node.name}: the receptor needs a gate {GATE!r} and {SODIUM} first")
    return replace(node, gates=(*node.gates, "receptor"), receptor=True)
