"""The electrical elements of a fibre, as each solver takes them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinel.cable.fibres import single_cable
from tinel.cable.fibres.changes import CHANGES
from tinel.cable.fibres.compartments import Compartments, compartments
from tinel.cable.fibres.fibre import Fibre
from tinel.cable.fibres.injury import Injury
from tinel.cable.fibres.internode import Elements, Sheath, elements
from tinel.cable.fibres.positions import positions_um
from tinel.cable.fibres.single_cable import Cable

Floats = NDArray[np.float64]


def elements_of(fibre: Fibre) -> Elements:
    """Nodes and internodes of a myelinated fibre whose internodes are passive."""
    assert fibre.model.geometry is not None
    one = np.ones((len(fibre), 1))
    left, gap = (_whole(fibre, n, one) for n in ("lamellae_fraction", "gap_factor"))
    return elements(fibre.model.geometry(fibre.diameter_um), Sheath(left, gap))


def compartments_of(fibre: Fibre, temperature_C: float | Floats) -> Compartments:
    """Every compartment of a myelinated fibre, without drugs."""
    assert fibre.model.geometry is not None and fibre.model.axon is not None
    injury = Injury(
        **{CHANGES[n].field: a for n, a in fibre.changes.items()},
        passive_ends=fibre.passive_ends,
    )
    shape = fibre.model.geometry(fibre.diameter_um)
    return compartments(shape, fibre.longest, fibre.model.axon(), injury, temperature_C)


def along_um(fibre: Fibre) -> Floats:
    """Where potentials act along each fibre: node, ten compartments, node, ...; or every point.

    Returns:
        Distances from the first node, ``(n_fibre, n_place)``, um.

    Example:
        >>> from tinel.cable.models import build as models
        >>> along_um(models.mrg(diameter_um=10, nodes=3)).shape
        (1, 23)
    """
    if not fibre.model.myelinated:
        return single_cable.along_um(cable_of(fibre), fibre.longest)
    if all(CHANGES[name].condensed for name in fibre.changes):
        return positions_um(elements_of(fibre), fibre.longest)
    return compartments_of(fibre, 37.0).centre_um


def cable_of(fibre: Fibre) -> Cable:
    """Points of a single cable."""
    assert fibre.model.cable is not None
    cable: Any = fibre.model.cable(fibre.diameter_um)
    return cable


def _whole(fibre: Fibre, name: str, healthy: Floats) -> Floats:
    a = fibre.changes.get(name)
    return healthy if a is None else np.broadcast_to(a, (len(fibre), a.shape[1]))
