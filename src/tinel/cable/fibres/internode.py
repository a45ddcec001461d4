"""From a fibre's geometry to capacitances and conductances: one node, one internode.

An internode is ten compartments (MYSA, FLUT, six STIN, FLUT, MYSA), each with an inner (u) and
a periaxonal (p) potential against the medium outside:

    axolemma   c_ax d(u-p)/dt + g_ax (u-p)
    myelin     c_my dp/dt + g_my p
    along      g_in between inner, g_pe between periaxonal neighbours

Potentials are deviations from rest. Units: nF, uS, mV, ms, nA; lengths in um.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinel.cable.fibres.double_cable import COMPARTMENTS, Geometry, check_sizes, disc, nF, ring, uS
from tinel.errors import TinelError

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Sheath:
    """What is left of the myelin of each internode, shape ``(n_fibre, n_internode or 1)``.

    ``lamellae_left`` fraction of the healthy number of lamellae, above 0 to 1;
    ``gap_factor`` how many times wider than healthy the periaxonal gap is (1 healthy).
    """

    lamellae_left: Floats
    gap_factor: Floats


@dataclass(frozen=True)
class Elements:
    """Electrical elements of a batch; shapes ``(n_fibre, n_internode or 1, 10)`` unless stated.

    ``inner`` and ``outer`` hold 11 axial conductances (node to MYSA first and last);
    ``node_area_um2`` and ``node_nF`` have shape ``(n_fibre,)``; ``centre_um`` ``(n_fibre, 10)``
    is each compartment's centre behind the node's; ``spacing_um`` ``(n_fibre,)``.
    """

    axolemma_nF: Floats
    axolemma_uS: Floats
    myelin_nF: Floats
    myelin_uS: Floats
    inner_uS: Floats
    outer_uS: Floats
    node_area_um2: Floats
    node_nF: Floats
    centre_um: Floats
    spacing_um: Floats


def healthy(n_fibre: int) -> Sheath:
    """A whole sheath for every internode."""
    one = np.ones((n_fibre, 1))
    return Sheath(one, one)


def elements(geometry: Geometry, sheath: Sheath, xp: Any = np) -> Elements:
    """Compute the elements of every internode of every fibre.

    Args:
        geometry: sizes of the fibres, from a fibre model (``mrg.geometry``).
        sheath: what is left of the myelin.
        xp: ``numpy``, or ``jax.numpy`` to differentiate; then the ranges are not checked.

    Raises:
        TinelError: ``lamellae_left`` outside (0, 1], ``gap_factor`` below 1, or sizes that leave an
            internode no room.
    """
    if xp is np and not np.all((sheath.lamellae_left > 0) & (sheath.lamellae_left <= 1)):
        given = _range(sheath.lamellae_left)
        raise TinelError(f"lamellae_left is {given} (allowed: above 0, up to 1)")
    if xp is np and not np.all((sheath.gap_factor >= 1) & np.isfinite(sheath.gap_factor)):
        raise TinelError(f"gap_factor is {_range(sheath.gap_factor)} (allowed: 1 or more)")
    if xp is np:
        check_sizes(geometry)
    cable = geometry.cable
    g = {name: np.asarray(a, dtype=float)[:, None] for name, a in geometry.items()}
    stin = cable.stin_um(g["spacing"], g["flut"])
    if xp is np and not np.all(stin > 0):
        raise TinelError(
            "the geometry leaves an internode no room (allowed: diameters, lengths and lamellae "
            "above 0, and a spacing that is longer than MYSA and FLUT together)"
        )
    mysa = np.full_like(stin, cable.mysa_um)
    length = np.concatenate([mysa, g["flut"], *[stin] * 6, g["flut"], mysa], axis=1)
    inside = np.concatenate([g["node"], *[g["axon"]] * 8, g["node"]], axis=1)
    gap = np.array([cable.node_gap_um] + [cable.internode_gap_um] * 8 + [cable.node_gap_um])
    leak = np.array([cable.mysa_S_per_cm2, *[cable.internode_S_per_cm2] * 8, cable.mysa_S_per_cm2])
    axolemma = np.pi * inside * length
    surface = np.pi * g["fibre"] * length
    membranes = 2.0 * (g["lamellae"] * sheath.lamellae_left)[:, :, None]
    gaps = gap * sheath.gap_factor[:, :, None]
    shape = np.broadcast_shapes(membranes.shape, gaps.shape, (1, 1, COMPARTMENTS))

    def wide(a: Floats) -> Floats:
        return xp.broadcast_to(a[:, None, :], shape)

    def in_series(end: Floats, halves: Floats) -> Floats:
        end = xp.broadcast_to(end, (*halves.shape[:2], 1))
        chain = xp.concatenate([end, halves, end], axis=2)
        return xp.broadcast_to(
            cable.in_series(chain[:, :, :-1], chain[:, :, 1:]), (*shape[:2], COMPARTMENTS + 1)
        )

    half = 0.5 * length[:, None, :]
    node_half = np.full((len(stin), 1, 1), 0.5 * cable.node_um)
    node_inside = g["node"][:, :, None]
    return Elements(
        axolemma_nF=wide(cable.axolemma_uF_per_cm2 * axolemma * nF),
        axolemma_uS=wide(leak * axolemma * uS),
        myelin_nF=cable.myelin_uF_per_cm2 / membranes * surface[:, None, :] * nF,
        myelin_uS=cable.myelin_S_per_cm2 / membranes * surface[:, None, :] * uS,
        inner_uS=in_series(node_half / disc(node_inside), half / disc(inside)[:, None, :]),
        outer_uS=in_series(
            # the node's share belongs to the paranode's seal and opens with it
            node_half / ring(node_inside, gaps[:, :, :1]),
            half / ring(inside[:, None, :], gaps),
        ),
        node_area_um2=np.pi * g["node"][:, 0] * cable.node_um,
        node_nF=np.pi * g["node"][:, 0] * cable.node_um * cable.axolemma_uF_per_cm2 * nF,
        centre_um=0.5 * cable.node_um + np.cumsum(length, axis=1) - 0.5 * length,
        spacing_um=g["spacing"][:, 0],
    )


def _range(a: Floats) -> str:
    return f"{np.min(a):g} to {np.max(a):g}"
