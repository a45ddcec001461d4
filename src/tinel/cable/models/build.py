"""Fibres of the published models, and of a membrane of your own.

Each function returns a ``Fibre``: one fibre, or a batch where diameters are an array.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tinel.cable.fibres.changes import CHANGES
from tinel.cable.fibres.double_cable import Geometry
from tinel.cable.fibres.fibre import Fibre
from tinel.cable.fibres.model import ABOVE_0, MYELIN, Between, Model
from tinel.declare.kinds import takes_only_its_kinds
from tinel.errors import TinelError
from tinel.evidence import Parameters

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]

__all__ = [
    "gaines_motor", "gaines_sensory", "mrg", "myelinated", "pena", "single_cable", "sundt",
    "sweeney", "tigerholm",
]  # fmt: skip

ALL_CHANGES = frozenset(CHANGES)


@takes_only_its_kinds
def mrg(
    *,
    diameter_um: ArrayLike,
    nodes: int | Ints,
    geometry: str = "interpolated",
    parameters: Parameters | None = None,
) -> Fibre:
    """Human motor axons with passive internodes (McIntyre, Richardson and Grill 2002).

    Args:
        diameter_um: outer, one number or ``(n_fibre,)``: 2 to 16 um, or those of the table.
        nodes: 2 or more, one number or ``(n_fibre,)``.
        geometry: ``"interpolated"``, polynomials through the published fibres, or ``"table"``,
            those nine alone.
        parameters: the model's numbers (``engine.mrg``); as published if left out.

    Raises:
        TinelError: an argument outside its range.

    Example:
        >>> mrg(diameter_um=10, nodes=31)
        <1 mrg fibre(s), 10 um, 31 nodes>
    """
    made = {"interpolated": MRG, "table": MRG_TABLE}
    if geometry not in made:
        raise TinelError(f"geometry is {geometry!r} (allowed: 'interpolated', 'table')")
    return _fibre(made[geometry].using(parameters), diameter_um, nodes)


@takes_only_its_kinds
def gaines_motor(
    *,
    diameter_um: ArrayLike,
    nodes: int | Ints,
    parameters: Parameters | None = None,
) -> Fibre:
    """Human motor axons with channels under the myelin (Gaines and others 2018), 5.7 to 16 um.

    Arguments as for ``mrg``.

    Example:
        >>> gaines_motor(diameter_um=[8, 10], nodes=21).expose_kv1(10, kv1_factor=5)
        <2 gaines motor fibre(s), 8 to 10 um, 21 nodes, kv1_factor changed>
    """
    return _fibre(GAINES_MOTOR.using(parameters), diameter_um, nodes)


@takes_only_its_kinds
def gaines_sensory(
    *,
    diameter_um: ArrayLike,
    nodes: int | Ints,
    parameters: Parameters | None = None,
) -> Fibre:
    """Human sensory axons with channels under the myelin (Gaines and others 2018), 5.7 to 16 um.

    Arguments as for ``mrg``.

    Example:
        >>> len(gaines_sensory(diameter_um=[8, 10, 12], nodes=21))
        3
    """
    return _fibre(GAINES_SENSORY.using(parameters), diameter_um, nodes)


@takes_only_its_kinds
def pena(
    *,
    diameter_um: ArrayLike,
    nodes: int | Ints,
    parameters: Parameters | None = None,
) -> Fibre:
    """Thin myelinated axons (Peña, Pelot and Grill 2024), 1.011 to 5.7 um.

    Arguments as for ``mrg``.

    Example:
        >>> pena(diameter_um=2.0, nodes=31)
        <1 pena fibre(s), 2 um, 31 nodes>
    """
    return _fibre(PENA.using(parameters), diameter_um, nodes)


@takes_only_its_kinds
def sundt(
    *,
    diameter_um: ArrayLike,
    nodes: int,
    compartment_um: float | None = None,
    parameters: Parameters | None = None,
) -> Fibre:
    """Unmyelinated nociceptors (Sundt, Gamper and Jaffe 2015).

    Args:
        diameter_um: above 0, one number or ``(n_fibre,)``.
        nodes: points the fibre is cut into, 2 or more.
        compartment_um: from point to point, above 0; the published 8.333 if left out.
        parameters: the model's numbers (``engine.sundt``); as published if left out.

    Raises:
        TinelError: an argument outside its range.

    Example:
        >>> sundt(diameter_um=0.8, nodes=361)
        <1 sundt fibre(s), 0.8 um, 361 nodes>
    """
    return _c_fibre("sundt", diameter_um, nodes, compartment_um, parameters)


@takes_only_its_kinds
def tigerholm(
    *,
    diameter_um: ArrayLike,
    nodes: int,
    compartment_um: float | None = None,
    parameters: Parameters | None = None,
) -> Fibre:
    """Human C nociceptors whose ion concentrations change (Tigerholm and others 2014).

    Arguments as for ``sundt``.

    Example:
        >>> tigerholm(diameter_um=1.0, nodes=181)
        <1 tigerholm fibre(s), 1 um, 181 nodes>
    """
    return _c_fibre("tigerholm", diameter_um, nodes, compartment_um, parameters)


@takes_only_its_kinds
def sweeney(
    *,
    diameter_um: ArrayLike,
    nodes: int,
    parameters: Parameters | None = None,
) -> Fibre:
    """Rabbit axons whose internodes insulate perfectly (Sweeney, Mortimer and Durand 1987).

    Arguments as for ``sundt``; a point is a node.

    Example:
        >>> sweeney(diameter_um=10.0, nodes=41)
        <1 sweeney fibre(s), 10 um, 41 nodes>
    """
    return _fibre(SWEENEY.using(parameters), diameter_um, nodes)


@takes_only_its_kinds
def myelinated(
    membrane: Any,
    *,
    diameter_um: ArrayLike,
    nodes: int | Ints,
    geometry: Callable[[Floats], Mapping[str, Floats]] | None = None,
    parameters: Parameters | None = None,
) -> Fibre:
    """Myelinated axons with a membrane of your own at the nodes, or in every compartment.

    Args:
        membrane: a ``Membrane`` of the nodes, with the passive internodes of MRG; or an ``Axon``,
            with the membranes of every kind of compartment.
        diameter_um, nodes: as for ``mrg``.
        geometry: from diameters to lengths and widths (``mrg.geometry`` is the default).
        parameters: the numbers of the internodes (``engine.mrg``); as published if left out.

    Raises:
        TinelError: an argument outside its range, or no membrane.

    Example:
        >>> from tinel.cable.models.sweeney import MEMBRANE
        >>> myelinated(MEMBRANE, diameter_um=10.0, nodes=21)
        <1 sweeney fibre(s), 10 um, 21 nodes>
    """
    from tinel.cable.models.own import own_model

    return _fibre(own_model(membrane, geometry, parameters), diameter_um, nodes)


@takes_only_its_kinds
def single_cable(
    membrane: Any,
    *,
    diameter_um: ArrayLike,
    nodes: int,
    compartment_um: float | None = None,
    resistivity_ohm_cm: float | None = None,
    capacitance_uF_per_cm2: float | None = None,
    cable: Callable[[Floats], Any] | None = None,
    parameters: Parameters | None = None,
) -> Fibre:
    """Unmyelinated axons with a membrane of your own at every point.

    Args:
        membrane: a ``Membrane`` or an ``IonMembrane``.
        diameter_um: above 0, one number or ``(n_fibre,)``.
        nodes: points, 2 or more.
        compartment_um: from point to point, above 0; that of ``sundt`` if left out, as the next
            two are.
        resistivity_ohm_cm: of the axoplasm, above 0.
        capacitance_uF_per_cm2: of the membrane, above 0.
        cable: from diameters to a ``Cable``, instead of a cylinder.
        parameters: the numbers of what is left out (``engine.sundt``); as published if left out.

    Raises:
        TinelError: an argument outside its range, or no membrane.

    Example:
        >>> from tinel.cable.models.sundt import MEMBRANE
        >>> fibre = single_cable(MEMBRANE, diameter_um=0.8, nodes=361)
        >>> fibre.model.myelinated
        False
    """
    from tinel.cable.models.own import own_cable

    given = dict(
        compartment_um=compartment_um, resistivity_ohm_cm=resistivity_ohm_cm,
        capacitance_uF_per_cm2=capacitance_uF_per_cm2,
    )  # fmt: skip
    laid = cable or partial(_cylinder, parameters, given)
    return _fibre(own_cable(membrane, laid), diameter_um, nodes)


def _fibre(model: Model, diameter_um: ArrayLike, nodes: Any) -> Fibre:
    return Fibre(model, np.asarray(diameter_um), nodes)


def _c_fibre(
    name: str, diameter_um: ArrayLike, nodes: int, compartment_um: float | None,
    parameters: Parameters | None,
) -> Fibre:  # fmt: skip
    if compartment_um is not None and not 0 < compartment_um < np.inf:
        raise TinelError(f"compartment_um is {compartment_um:g} (allowed: above 0)")
    model = Model(
        name, C_FIBRES[name], partial(_always, ABOVE_0),
        membrane=partial(_made, name, "membrane"),
        cable=partial(_laid, name, compartment_um=compartment_um),
    )  # fmt: skip
    return _fibre(model.using(parameters), diameter_um, nodes)


def _module(name: str) -> Any:
    # a model's file is read when a fibre of it is built
    from importlib import import_module

    return import_module(f"tinel.cable.models.{name}")


def _made(module: str, part: str, parameters: Parameters | None = None) -> Any:
    return getattr(_module(module), part)(parameters)


def _shaped(
    module: str, diameter_um: Floats, function: str = "geometry",
    parameters: Parameters | None = None,
) -> Geometry:  # fmt: skip
    shape: Geometry = getattr(_module(module), function)(diameter_um, parameters)
    return shape


def _laid(
    module: str, diameter_um: Floats, parameters: Parameters | None = None, **more: float | None
) -> Any:
    return _module(module).fibre(diameter_um, parameters=parameters, **more)


def _cylinder(
    parameters: Parameters | None, given: Mapping[str, float | None], diameter_um: Floats
) -> Any:
    from tinel.cable.fibres.single_cable import cylinder

    c = _module("sundt").constants(parameters)
    sizes = {n: c[f"fibre.{n}"] if a is None else a for n, a in given.items()}
    return cylinder(diameter_um, **sizes)


def _always(allowed: Between, parameters: Parameters | None = None) -> Between:
    return allowed


MRG = Model(
    "mrg", "a human motor axon with passive internodes", partial(_made, "mrg", "diameters"),
    partial(_shaped, "mrg"), partial(_made, "mrg", "membrane"), partial(_made, "mrg", "axon"),
    changes=MYELIN, source="McIntyre, Richardson and Grill 2002, doi 10.1152/jn.00353.2001",
)  # fmt: skip
MRG_TABLE = Model(
    "mrg", "a human motor axon as published", partial(_made, "mrg", "published_diameters"),
    partial(_shaped, "mrg", function="table_geometry"), partial(_made, "mrg", "membrane"),
    partial(_made, "mrg", "axon"), changes=MYELIN, source=MRG.source,
)  # fmt: skip
PENA = Model(
    "pena", "a thin myelinated axon", partial(_made, "pena", "diameters"),
    partial(_shaped, "pena"), partial(_made, "pena", "membrane"), partial(_made, "pena", "axon"),
    changes=MYELIN, source="Peña, Pelot and Grill 2024, doi 10.1371/journal.pcbi.1011833",
)  # fmt: skip
GAINES_MOTOR, GAINES_SENSORY = (
    Model(
        f"gaines {kind}", f"a human {kind} axon with channels under the myelin",
        partial(_made, "gaines", "diameters"), partial(_shaped, "gaines"),
        axon=partial(_made, "gaines", kind), changes=ALL_CHANGES,
        source="Gaines and others 2018, doi 10.1007/s10827-018-0689-5",
    )
    for kind in ("motor", "sensory")
)  # fmt: skip
SWEENEY = Model(
    "sweeney", "a rabbit axon whose internodes insulate perfectly", partial(_always, ABOVE_0),
    membrane=partial(_made, "sweeney", "membrane"), cable=partial(_laid, "sweeney"),
    source="Sweeney, Mortimer and Durand 1987",
)  # fmt: skip
C_FIBRES = {
    "sundt": "an unmyelinated nociceptor",
    "tigerholm": "a human C nociceptor whose ion concentrations change",
}
