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

from tinel.cable.models import mrg

Floats = NDArray[np.float64]

COMPARTMENTS = 10
_uS, _nF = 1e-2, 1e-5  # from S/cm2 um2 and uF/cm2 um2


@dataclass(frozen=True)
class Sheath:
    """What is left of the myelin of each internode, shape ``(n_fibre, n_internode or 1)``.

    ``lamellae_left`` share of the healthy number of lamellae, above 0 to 1;
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


def elements(geometry: dict[str, Floats], sheath: Sheath, xp: Any = np) -> Elements:
    """Compute the elements of every internode of every fibre.

    Args:
        geometry: arrays of shape ``(n_fibre,)`` from a fibre model (``mrg.geometry``).
        sheath: what is left of the myelin.
        xp: ``numpy``, or ``jax.numpy`` to differentiate; then the ranges are not checked.

    Raises:
        ValueError: ``lamellae_left`` outside (0, 1] or ``gap_factor`` below 1.
    """
    if xp is np and not np.all((sheath.lamellae_left > 0) & (sheath.lamellae_left <= 1)):
        raise ValueError(
            f"lamellae_left is {_range(sheath.lamellae_left)}; legal: above 0, up to 1"
        )
    if xp is np and not np.all((sheath.gap_factor >= 1) & np.isfinite(sheath.gap_factor)):
        raise ValueError(f"gap_factor is {_range(sheath.gap_factor)}; legal: 1 or more")
    g = {name: np.asarray(a, dtype=float)[:, None] for name, a in geometry.items()}
    stin = (g["spacing"] - mrg.NODE_um - 2 * mrg.MYSA_um - 2 * g["flut"]) / 6
    if xp is np and not (np.all(stin > 0) and all(np.all(a > 0) for a in g.values())):
        raise ValueError(
            "geometry: legal are diameters, lengths and lamellae above 0, and a spacing with "
            "room for the compartments of an internode"
        )
    mysa = np.full_like(stin, mrg.MYSA_um)
    length = np.concatenate([mysa, g["flut"], *[stin] * 6, g["flut"], mysa], axis=1)
    inside = np.concatenate([g["node"], *[g["axon"]] * 8, g["node"]], axis=1)
    gap = np.array([mrg.NODE_GAP_um] + [mrg.INTERNODE_GAP_um] * 8 + [mrg.NODE_GAP_um])
    leak = np.array(
        [mrg.PASSIVE_MYSA_S_per_cm2]
        + [mrg.PASSIVE_INTERNODE_S_per_cm2] * 8
        + [mrg.PASSIVE_MYSA_S_per_cm2]
    )
    axolemma = np.pi * inside * length
    surface = np.pi * g["fibre"] * length
    membranes = 2.0 * (g["lamellae"] * sheath.lamellae_left)[:, :, None]
    gaps = gap * sheath.gap_factor[:, :, None]
    shape = np.broadcast_shapes(membranes.shape, gaps.shape, (1, 1, COMPARTMENTS))

    def wide(a: Floats) -> Floats:
        return xp.broadcast_to(a[:, None, :], shape)

    half = 0.5 * length[:, None, :]
    node_half = np.full((len(stin), 1, 1), 0.5 * mrg.NODE_um)
    node_inside = g["node"][:, :, None]
    inner = half / _disc(inside)[:, None, :]
    outer = half / _ring(inside[:, None, :], gaps)
    return Elements(
        axolemma_nF=wide(mrg.AXOLEMMA_uF_per_cm2 * axolemma * _nF),
        axolemma_uS=wide(leak * axolemma * _uS),
        myelin_nF=mrg.MYELIN_uF_per_cm2 / membranes * surface[:, None, :] * _nF,
        myelin_uS=mrg.MYELIN_S_per_cm2 / membranes * surface[:, None, :] * _uS,
        inner_uS=xp.broadcast_to(
            _in_series(node_half / _disc(node_inside), inner, xp), (*shape[:2], COMPARTMENTS + 1)
        ),
        outer_uS=xp.broadcast_to(
            _in_series(node_half / _ring(node_inside, mrg.NODE_GAP_um), outer, xp),
            (*shape[:2], COMPARTMENTS + 1),
        ),
        node_area_um2=np.pi * g["node"][:, 0] * mrg.NODE_um,
        node_nF=np.pi * g["node"][:, 0] * mrg.NODE_um * mrg.AXOLEMMA_uF_per_cm2 * _nF,
        centre_um=0.5 * mrg.NODE_um + np.cumsum(length, axis=1) - 0.5 * length,
        spacing_um=g["spacing"][:, 0],
    )


def _range(a: Floats) -> str:
    return f"{np.min(a):g} to {np.max(a):g}"


def _disc(diameter_um: Floats) -> Floats:
    return np.pi * diameter_um**2 / 4


def _ring(diameter_um: Floats, gap_um: Floats | float) -> Floats:
    return np.pi * ((diameter_um / 2 + gap_um) ** 2 - (diameter_um / 2) ** 2)


def _in_series(end: Floats, halves: Floats, xp: Any) -> Floats:
    # um per um2 on both sides of each border, times the resistivity, as a conductance
    end = xp.broadcast_to(end, (*halves.shape[:2], 1))
    chain = xp.concatenate([end, halves, end], axis=2)
    return 100.0 / (mrg.RESISTIVITY_ohm_cm * (chain[:, :, :-1] + chain[:, :, 1:]))
