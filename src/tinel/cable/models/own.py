"""Models around a membrane of a user's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinel.cable.fibres.changes import CHANGES
from tinel.cable.fibres.model import MYELIN, Between, Model
from tinel.cable.membranes.channels import SODIUM, Axon, Channels, passive
from tinel.cable.membranes.ions import IonMembrane
from tinel.cable.membranes.membrane import Membrane
from tinel.cable.membranes.operations import Operations
from tinel.cable.models import mrg
from tinel.errors import TinelError

Floats = NDArray[np.float64]

ABOVE_0 = Between(np.nextafter(0.0, 1.0), np.finfo(float).max)
FAR_mV = -1000.0  # a reversal so far away that its share of the conductance is small


def own_model(
    membrane: Membrane | Channels | Axon,
    geometry: Callable[[Floats], dict[str, Floats]] | None = None,
) -> Model:
    """A myelinated model with this membrane at the nodes, or these channels everywhere.

    Raises:
        TinelError: something else than a membrane.
    """
    if isinstance(membrane, Axon):
        axon, condensed = membrane, None
    elif isinstance(membrane, Channels):
        axon, condensed = replace(mrg.AXON, name=membrane.name, node=membrane), None
    elif isinstance(membrane, Membrane):
        axon = _passive_internodes(membrane)
        condensed = membrane
    else:
        raise TinelError(
            f"membrane is a {type(membrane).__name__} (allowed: Membrane, Channels, Axon)"
        )
    fits = Between(2.0, 16.0) if geometry is None else ABOVE_0
    return Model(
        membrane.name, f"a myelinated axon with the membrane {membrane.name}", fits,
        fits.text if geometry is None else "above 0 um", geometry or mrg.geometry,
        None if condensed is None else lambda: condensed, lambda: axon,
        changes=_known(axon), source=getattr(membrane, "source", ""),
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


def _passive_internodes(membrane: Membrane) -> Axon:
    # as the condensed internode: its leak reverses where the membrane starts to look for rest
    def leaky(kind: str, density_S_per_cm2: float) -> Channels:
        return passive(
            f"{membrane.name} {kind}", density_S_per_cm2, membrane.rest_mV, membrane.source
        )

    return Axon(
        membrane.name, node_channels(membrane), leaky("mysa", mrg.PASSIVE_MYSA_S_per_cm2),
        *(leaky(kind, mrg.PASSIVE_INTERNODE_S_per_cm2) for kind in ("flut", "stin")),
    )  # fmt: skip


def _known(axon: Axon) -> frozenset[str]:
    # changes of channels need the channels by name
    known = set(MYELIN)
    if "fast_k" in (*axon.mysa.currents, *axon.flut.currents):
        known.add("kv1_factor")
    if not set(SODIUM) & set(axon.node.currents):
        known -= {"sodium_fraction", "left_shift_mV"}
    return frozenset(known & set(CHANGES))


@cache
def node_channels(membrane: Membrane) -> Channels:
    """A membrane of one total conductance g with g E, as channels that every compartment takes.

    Two currents with reversals of 0 and ``FAR_mV`` have the same sum: the second's conductance is
    g E / ``FAR_mV``, the first's the rest.
    """

    total, count = membrane.formulas, len(membrane.gates)

    def formulas(op: Operations) -> tuple[Any, Any]:
        rates_of, conductance = total(op)
        per_far = op.number(1.0 / FAR_mV)

        def rates(v: Any, na: Any, warm: Any) -> Any:
            return rates_of(v, warm)

        def split(g_ge: Any) -> Any:
            far = per_far * g_ge[1]
            return g_ge[0] - far, far

        return op.jit(rates), op.jit(_OF_GATES[count](op.jit(split), conductance))

    return Channels(
        f"{membrane.name} node", membrane.gates, ("at 0 mV", "far"), (1.0, 1.0), (0.0, FAR_mV),
        membrane.rest_mV, membrane.warmth, formulas, membrane.source,
    )  # fmt: skip


# compiled code takes each gate by itself, so there is a function for every number of gates
_OF_GATES: dict[int, Callable[[Any, Any], Any]] = {
    0: lambda split, f: lambda: split(f()),
    1: lambda split, f: lambda a: split(f(a)),
    2: lambda split, f: lambda a, b: split(f(a, b)),
    3: lambda split, f: lambda a, b, c: split(f(a, b, c)),
    4: lambda split, f: lambda a, b, c, d: split(f(a, b, c, d)),
    5: lambda split, f: lambda a, b, c, d, e: split(f(a, b, c, d, e)),
}
