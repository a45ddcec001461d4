"""Models around a membrane of a user's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinel.cable.fibres.changes import CHANGES
from tinel.cable.fibres.double_cable import Geometry
from tinel.cable.fibres.model import ABOVE_0, MYELIN, Model
from tinel.cable.membranes.channels import SODIUM, Axon
from tinel.cable.membranes.ions import IonMembrane
from tinel.cable.membranes.membrane import Membrane
from tinel.cable.models import mrg
from tinel.errors import TinelError
from tinel.evidence import Parameters

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class _Always:
    # what does not depend on anything, as a function that crosses processes
    made: Any

    def __call__(self) -> Any:
        return self.made


@dataclass(frozen=True)
class _Sized:
    # sizes by a user's function, or those of MRG
    geometry: Callable[[Floats], Mapping[str, Floats]] | None
    parameters: Parameters | None

    def __call__(self, diameter_um: Floats) -> Geometry:
        if self.geometry is None:
            return mrg.geometry(diameter_um, self.parameters)
        shape = self.geometry(diameter_um)
        if isinstance(shape, Geometry):
            return shape
        return Geometry(shape, mrg.double_cable(self.parameters))


def own_model(
    membrane: Membrane | Axon,
    geometry: Callable[[Floats], Mapping[str, Floats]] | None = None,
    parameters: Parameters | None = None,
) -> Model:
    """A myelinated model with this membrane at the nodes, or these membranes everywhere.

    Args:
        membrane: of the nodes, with the passive internodes of MRG, or of every compartment.
        geometry: from diameters to sizes; that of MRG if left out.
        parameters: the numbers of MRG, and of drugs; as published if left out.

    Raises:
        TinelError: something else than a membrane.

    Example:
        >>> own_model(mrg.membrane()).allowed_um
        '2 to 16 um'
    """
    if not isinstance(membrane, Membrane | Axon):
        raise TinelError(f"membrane is a {type(membrane).__name__} (allowed: Membrane, Axon)")
    node = membrane if isinstance(membrane, Membrane) else None
    axon = membrane if isinstance(membrane, Axon) else mrg.axon(parameters, membrane)
    allowed = mrg.diameters(parameters) if geometry is None else ABOVE_0
    return Model(
        membrane.name, f"a myelinated axon with the membrane {membrane.name}", _Always(allowed),
        _Sized(geometry, parameters), None if node is None else _Always(node), _Always(axon),
        changes=_possible(axon), source=axon.node.source, parameters=parameters,
    )  # fmt: skip


def own_cable(membrane: Membrane | IonMembrane, cable: Callable[[Floats], Any]) -> Model:
    """A single cable with this membrane at every point.

    Raises:
        TinelError: something else than a membrane.

    Example:
        >>> from tinel.cable.models import sundt
        >>> own_cable(sundt.membrane(), sundt.fibre).myelinated
        False
    """
    if not isinstance(membrane, (Membrane, IonMembrane)):
        raise TinelError(
            f"membrane is a {type(membrane).__name__} (allowed: Membrane, IonMembrane)"
        )
    return Model(
        membrane.name, f"a single cable with the membrane {membrane.name}", _Always(ABOVE_0),
        membrane=_Always(membrane), cable=cable, source=membrane.source,
    )  # fmt: skip


def _possible(axon: Axon) -> frozenset[str]:
    # changes of channels need the channels by name
    found = set(MYELIN)
    if "fast_k" in (*axon.mysa.currents, *axon.flut.currents):
        found.add("kv1_factor")
    if not set(SODIUM) & set(axon.node.currents):
        found -= {"sodium_fraction", "left_shift_mV"}
    return frozenset(found & set(CHANGES))
