"""Thin myelinated fibres: the MRG fibre with a geometry and nodes for 1 to 5.7 um.

Peña, Pelot and Grill 2024, PLoS Comput Biol 20:e1011833, doi 10.1371/journal.pcbi.1011833; numbers
in evidence/data/engine/pena.toml, as in the package of their laboratory (pyfibers 0.13, model PENA;
under its older name there, SMALL_MRG_INTERPOLATION, nodes stay MRG's). Axon and node are thinner
and lamellae fewer than in the interpolated MRG form, and nodes have less fast sodium and more slow
potassium; all else is MRG's. At 5.7 um the forms do not meet: this one conducts a fifth more
slowly.
Units: um, S/cm2.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinel.cable.fibres.double_cable import Geometry
from tinel.cable.membranes.channels import Axon
from tinel.cable.membranes.constants import Constants, made_when_asked
from tinel.cable.membranes.membrane import Membrane
from tinel.cable.models import mrg
from tinel.evidence import Parameters

Floats = NDArray[np.float64]

SOURCE = "Peña, Pelot and Grill 2024, doi 10.1371/journal.pcbi.1011833"


def constants(parameters: Parameters | None = None) -> Constants:
    """All numbers of the model that are not MRG's, of these parameters or as published."""
    return Constants.of("engine.pena", parameters)


def geometry(diameter_um: Floats, parameters: Parameters | None = None) -> Geometry:
    """Sizes of thin fibres, as ``mrg.geometry``; arrays ``(n_fibre,)``, um.

    Use it with ``membrane`` (condensed engine) or ``axon`` (every compartment kept).

    Example:
        >>> thin = geometry(np.array([2.0]))
        >>> float(thin["axon"][0].round(3)), float(thin["spacing"][0].round(1))
        (1.082, 155.1)

    Raises:
        TinelError: a diameter outside 1.011 to 5.7 um.
    """
    c = constants(parameters)
    d = mrg.within(diameter_um, c, "thin fibres")
    axon = mrg.quadratic(d, c.row("size.axon"))
    per_um, fewer = c.row("lamellae")
    sizes = dict(
        fibre=d,
        spacing=mrg.quadratic(d, c.row("size.spacing")),
        node=mrg.quadratic(axon, c.row("size.node")),
        axon=axon,
        flut=mrg.quadratic(d, c.row("size.flut")),
        lamellae=np.floor(per_um * axon + fewer),
    )
    return Geometry(sizes, mrg.double_cable(parameters))


def membrane(parameters: Parameters | None = None) -> Membrane:
    """The membrane of the node: MRG's with other densities of fast sodium and slow potassium."""
    c, node = constants(parameters), mrg.membrane(parameters)
    own = {name: c[f"{name}.density_S_per_cm2"] for name in ("naf", "ks")}
    each = zip(node.currents, node.density_S_per_cm2, strict=True)
    return replace(
        node, name="pena", text="The node of a thin myelinated fibre.", source=SOURCE,
        density_S_per_cm2=tuple(own.get(name, density) for name, density in each),
    )  # fmt: skip


def axon(parameters: Parameters | None = None) -> Axon:
    """All compartments: the model's node and passive internodes."""
    return mrg.axon(parameters, membrane(parameters))


def _offers() -> tuple[Membrane, ...]:
    return (membrane(),)


def __getattr__(name: str) -> Any:
    # as published; made when first asked for, so that an import reads no file
    return made_when_asked(__name__, name, {"MEMBRANE": membrane, "AXON": axon, "OFFERS": _offers})
