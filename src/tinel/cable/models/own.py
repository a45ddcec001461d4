"""Models around a membrane of a user's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinel.cable.fibres.changes import CHANGES
from tinel.cable.fibres.double_cable import Geometry
from tinel.cable.fibres.model import MYELIN, Between, Model
from tinel.cable.membranes.channels import SODIUM, Axon
from tinel.cable.membranes.ions import IonMembrane
from tinel.cable.membranes.membrane import Membrane
from tinel.cable.models import mrg
from tinel.errors import TinelError

Floats = NDArray[np.float64]

ABOVE_0 = Between(np.nextafter(0.0, 1.0), np.finfo(float).max)


def own_model(
    membrane: Membrane | Axon,
    geometry: Callable[[Floats], Mapping[str, Floats]] | None = None,
) -> Model:
    """A myelinated model with this membrane at the nodes, or these membranes everywhere.

    Raises:
        TinelError: something else than a membrane.
    """
    if not isinstance(membrane, Membrane | Axon):
        raise TinelError(f"membrane is a {type(membrane).__name__} (allowed: Membrane, Axon)")
    node = membrane if isinstance(membrane, Membrane) else None
    axon = membrane if isinstance(membrane, Axon) else mrg.axon(node=membrane)
    fits = Between(2.0, 16.0) if geometry is None else ABOVE_0

    def sized(diameter_um: Floats) -> Geometry:
        shape = mrg.geometry(diameter_um) if geometry is None else geometry(diameter_um)
        return shape if isinstance(shape, Geometry) else Geometry(shape, mrg.double_cable())

    return Model(
        membrane.name, f"a myelinated axon with the membrane {membrane.name}", fits,
        fits.text if geometry is None else "above 0 um", sized,
        None if node is None else lambda: node, lambda: axon,
        changes=_known(axon), source=axon.node.source,
    )  # fmt: skip


def own_cable(membrane: Membrane | IonMembrane, cable: Callable[[Floats], Any]) -> Model:
    """A single cable with this membrane at every point.

    Raises:
        TinelError: something else than a membrane.
    """
    if not isinstance(membrane, (Membrane, IonMembrane)):
        raise TinelError(
            f"membrane is a {type(membrane).__name__} (allowed: Membrane, IonMembrane)"
        )
    return Model(
        membrane.name, f"a single cable with the membrane {membrane.name}", ABOVE_0, "above 0 um",
        membrane=lambda: membrane, cable=cable, source=membrane.source,
    )  # fmt: skip


def _known(axon: Axon) -> frozenset[str]:
    # changes of channels need the channels by name
    known = set(MYELIN)
    if "fast_k" in (*axon.mysa.currents, *axon.flut.currents):
        known.add("kv1_factor")
    if not set(SODIUM) & set(axon.node.currents):
        known -= {"sodium_fraction", "left_shift_mV"}
    return frozenset(known & set(CHANGES))
