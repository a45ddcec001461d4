"""A fibre compartment by compartment: node, ten of the internode, node, ..., node.

Inner potential u and periaxonal potential p, both against the medium beside (p is 0 at a node):

    axolemma   c_ax d(u-p)/dt + I_ion(u - p)
    myelin     c_my dp/dt + g_my p
    along      g_in between inner, g_pe between periaxonal neighbours

as in ``internode``, with every number of its own for each compartment. Units: nF, uS, mV, ms, nA.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinel.cable.fibres.changes import CHANGES
from tinel.cable.fibres.double_cable import BLOCK, Geometry, check_sizes, disc, nF, ring, uS
from tinel.cable.fibres.injury import Injury
from tinel.cable.membranes.channels import SODIUM, Axon
from tinel.cable.membranes.membrane import Membrane
from tinel.errors import TinelError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

KINDS = np.array([0, 1, 2, 3, 3, 3, 3, 3, 3, 2, 1])  # node, MYSA, FLUT, six STIN, FLUT, MYSA


@dataclass(frozen=True)
class Compartments:
    """Electrical elements of a batch; arrays ``(n_fibre, 11 n_node - 10)`` unless stated.

    ``inner_uS``, ``outer_uS`` one fewer: between neighbours; ``density_uS`` per kind ``(n_fibre,
    n_current, count)``; ``shift_mV`` left shift of sodium gates; ``leak_uS`` to the medium from
    the end nodes, ``(n_fibre, 2)``; ``centre_um`` along the fibre, the first node's at 0;
    ``receptor_per_ms`` binding and unbinding of a drug at the nodes, ``(n_fibre, 2, n_node)``;
    ``drugs`` names of those they are bathed in.
    """

    axon: Axon
    nodes: int
    axolemma_nF: Floats
    myelin_nF: Floats
    myelin_uS: Floats
    inner_uS: Floats
    outer_uS: Floats
    density_uS: tuple[Floats, ...]
    shift_mV: Floats
    temperature_C: Floats
    leak_uS: Floats
    centre_um: Floats
    receptor_per_ms: Floats | None = None
    drugs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.axon.node.receptor != (self.receptor_per_ms is not None):
            raise TinelError("nodes have a drug receptor if and only if bathed in a drug (bathe)")

    @property
    def kind(self) -> Ints:
        """Of each compartment: 0 node, 1 MYSA, 2 FLUT, 3 STIN."""
        return np.tile(KINDS, self.nodes)[: BLOCK * (self.nodes - 1) + 1]

    @property
    def at(self) -> tuple[Ints, ...]:
        """Where the compartments of each kind are."""
        return tuple(np.flatnonzero(self.kind == k) for k in range(4))

    def drug_per_ms(self, kind: int) -> Floats | None:
        """Binding and unbinding ``(2, n_fibre, count)`` where a kind has a receptor, or None."""
        rates = self.receptor_per_ms if kind == 0 else None
        return None if rates is None else np.moveaxis(rates, 1, 0)

    def rows(self, which: slice | Ints) -> Compartments:
        """Some of the fibres."""
        arrays: dict[str, Any] = {
            n: a[which] for n, a in vars(self).items() if isinstance(a, np.ndarray)
        }
        return replace(self, **arrays, density_uS=tuple(d[which] for d in self.density_uS))


def compartments(
    geometry: Geometry,
    nodes: int,
    axon: Axon,
    injury: Injury | None = None,
    temperature_C: float | Floats = 37.0,
) -> Compartments:
    """Compute the elements of every compartment of every fibre.

    Args:
        geometry: sizes of the fibres, from a fibre model (``mrg.geometry``, ``gaines.geometry``).
        nodes: nodes per fibre.
        axon: channels of each kind of compartment.
        injury: what changed, or nothing.
        temperature_C: one number, or per compartment ``(n_fibre or 1, 11 n_node - 10)``.

    Raises:
        TinelError: fewer than 2 nodes, a temperature outside 5 to 45, or an internode too short.
    """
    injury = injury or Injury()
    if nodes < 2:
        raise TinelError(f"nodes is {nodes} (allowed: 2 or more)")
    warm = np.asarray(temperature_C, dtype=float)
    if not np.all((warm >= 5) & (warm <= 45)):
        given = f"{warm.min():g} to {warm.max():g}"
        raise TinelError(f"temperature_C is {given} (allowed: 5 to 45)")
    if injury.passive_ends and nodes < 3:
        raise TinelError(
            f"passive ends of {nodes} nodes leave no membrane that excites (allowed: 3 or more)"
        )
    check_sizes(geometry)
    cable = geometry.cable
    g = {name: np.asarray(a, dtype=float)[:, None, None] for name, a in geometry.items()}
    count, kind = len(g["fibre"]), np.tile(KINDS, (nodes, 1))

    _check_places(injury, count, nodes)

    def each(a: Floats, places: int) -> Floats:
        # (fibre, block, 1); the last node's block is cut off later
        wide = np.broadcast_to(a, (count, places))
        return np.pad(wide, ((0, 0), (0, nodes - places)), mode="edge")[:, :, None]

    def flat(a: Floats) -> Floats:
        return np.broadcast_to(a, (count, nodes, BLOCK)).reshape(count, -1)[:, : 11 * nodes - 10]

    def inside(name: str) -> Floats:
        return each(getattr(injury, name), nodes - 1)

    def at_node(name: str) -> Floats:
        return each(getattr(injury, name), nodes)

    stretch = inside("length_factor")
    flut = g["flut"] * stretch
    stin = cable.stin_um(g["spacing"] * stretch, flut)
    if not np.all(stin > 0):
        raise TinelError(
            "length_factor or spacing leaves an internode no room (allowed: longer than MYSA and "
            "FLUT together)",
            advice="give a larger one",
        )
    node_um = cable.node_um * at_node("node_length_factor")
    length = _by_kind(kind, node_um, cable.mysa_um, flut, stin)
    under = g["axon"] * inside("axon_factor")
    diameter = _by_kind(kind, g["node"], g.get("mysa", g["node"]), under, under)
    wider = inside("gap_factor")
    seal = cable.node_gap_um * wider * inside("paranode_gap_factor")
    gap = _by_kind(kind, seal, seal, *[cable.internode_gap_um * wider] * 2)
    axolemma = np.pi * diameter * length
    surface = np.pi * g["fibre"] * inside("axon_factor") * length * (kind > 0)
    membranes = 2.0 * g["lamellae"] * inside("lamellae_left")
    healthy_half = 0.5 * np.where(kind == 0, cable.node_um, length)
    length, axolemma, surface = flat(length), flat(axolemma), flat(surface)
    density = []
    for k, channels in enumerate(axon.kinds):
        at = flat(kind * np.ones((count, 1, 1)))[0] == k
        area = (surface if channels.per_fibre_surface else axolemma)[:, at]
        density.append(
            np.array(channels.density_S_per_cm2)[None, :, None] * area[:, None, :] * uS
            * _factor(channels, k, injury, nodes)
        )  # fmt: skip
    half = 0.5 * length
    through = half / disc(flat(diameter))
    # of a node the share that belongs to the seal: open as the paranode on that side is, and no
    # longer where the node is, because what is exposed lies in the medium
    left, right = (
        flat(healthy_half / ring(diameter, np.where(kind == 0, beside, gap)))
        for beside in (np.roll(seal, 1, axis=1), seal)
    )
    ends = np.broadcast_to(injury.end_leak_uS, (count, 2))
    size = 11 * nodes - 10
    return Compartments(
        axon=axon,
        nodes=nodes,
        axolemma_nF=cable.axolemma_uF_per_cm2 * axolemma * nF,
        myelin_nF=cable.myelin_uF_per_cm2 / flat(membranes) * surface * nF,
        myelin_uS=cable.myelin_S_per_cm2 / flat(membranes) * surface * uS,
        inner_uS=cable.in_series(through[:, :-1], through[:, 1:]),
        outer_uS=cable.in_series(right[:, :-1], left[:, 1:]),
        density_uS=tuple(density),
        shift_mV=flat(at_node("left_shift_mV") * (kind == 0)),
        temperature_C=np.broadcast_to(warm, (count, size)),
        leak_uS=ends,
        centre_um=np.cumsum(length, axis=1) - half - half[:, :1],
    )


def _check_places(injury: Injury, count: int, nodes: int) -> None:
    # more places than the fibre has would be cut off without a word
    places = {"internode": nodes - 1, "node": nodes, "end": 2}
    for change in CHANGES.values():
        shape, wide = getattr(injury, change.field).shape, places[change.per]
        if shape[0] not in (1, count) or shape[1] not in (1, wide):
            raise TinelError(
                f"{change.field} has shape {shape} (allowed: {count} fibres or 1, {wide} "
                f"{change.per}s or 1)"
            )


def _by_kind(kind: Ints, *values: Floats | float) -> Floats:
    return np.choose(kind, [np.broadcast_to(v, np.broadcast_shapes(np.shape(v), (1, 1, 1)))
                            for v in values])  # fmt: skip


def _factor(channels: Membrane, kind: int, injury: Injury, nodes: int) -> Floats:
    # (fibre, current, place)
    places = nodes if kind == 0 else 2 * (nodes - 1)
    rows = []
    for name in channels.currents:
        factor = np.ones((1, 1))
        if kind == 0:
            factor = np.broadcast_to(injury.sodium_factor, (len(injury.sodium_factor), nodes))
            factor = factor if name in SODIUM else np.ones((1, nodes))
            if name != "leak":
                factor = factor / injury.node_length_factor
                if injury.passive_ends:
                    factor = factor * np.pad(np.ones(nodes - 2), 1)
        elif kind in (1, 2) and name == "fast_k":
            exposed = injury.exposed_kv1
            factor = np.repeat(np.broadcast_to(exposed, (len(exposed), nodes - 1)), 2, axis=1)
        elif kind == 3:
            places = 6 * (nodes - 1)
        rows.append(factor)
    count = max(len(r) for r in rows)
    return np.stack([np.broadcast_to(r, (count, places)) for r in rows], axis=1)
