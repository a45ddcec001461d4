"""What the loop of every compartment needs of a batch, computed once in double precision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinel.cable.fibres.compartments import Compartments
from tinel.cable.fibres.double_cable import BLOCK
from tinel.cable.membranes.channels import SODIUM
from tinel.cable.membranes.membrane import Membrane
from tinel.cable.membranes.receptor import GATE
from tinel.cable.solvers.full import settle
from tinel.cable.solvers.full.checkpoint import MOVING, Checkpoint
from tinel.cable.solvers.full.compile import records
from tinel.cable.stimulation.drive import Drive

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]


def lay_out(
    c: Compartments,
    start: Checkpoint,
    channels: Sequence[Drive],
    dt_ms: float,
    lead: Floats | None,
) -> dict[str, Any]:
    """Arrays of the loop, fibres first, an empty compartment at each end, conductances times h."""
    count, size = c.axolemma_nF.shape
    h = 2 * dt_ms / 3
    u, p = start.rest_u_mV, start.rest_p_mV
    leak = np.zeros((count, size))
    leak[:, [0, -1]] = c.leak_uS
    links = {n: np.pad(h * a, ((0, 0), (1, 1))) for n, a in
             (("inner", c.inner_uS), ("outer", c.outer_uS))}  # fmt: skip
    pattern = np.zeros((count, len(channels), 2, size))
    for k, one in enumerate(channels):
        if one.current_nA is not None:
            pattern[:, k, 0, ::BLOCK] += h * one.current_nA
        if one.potential_mV is not None:
            for side, along in enumerate(links.values()):
                flow = along[:, 1:-1] * np.diff(one.potential_mV, axis=1)
                pattern[:, k, side, :-1] += flow
                pattern[:, k, side, 1:] -= flow
            pattern[:, k, 1, ::BLOCK] = 0.0
    warm, density = [], []
    g, ge = np.empty((count, size)), np.empty((count, size))
    for kind, (channels_of, at, each, gate) in enumerate(
        zip(c.axon.kinds, c.at, c.density_uS, start.gate, strict=True)
    ):
        warmth = channels_of.warmth(c.temperature_C[:, at])
        drug = c.drug_per_ms(kind)
        if drug is not None:
            settled = channels_of.settled(
                (u - p)[:, at], c.temperature_C[:, at], c.shift_mV[:, at], drug
            )
            each, reference = _from_rest(channels_of, settled, each, drug)
            warmth = (*warmth, *reference)
        warm.append(np.stack(warmth, axis=1) if warmth else np.zeros((count, 0, len(at))))
        density.append(h * each)
        g[:, at], ge[:, at] = channels_of.conductance(
            gate.swapaxes(0, 1), h * each.swapaxes(0, 1)
        )  # fmt: skip

    def padded(a: Floats) -> Floats:
        return np.pad(a, (*((0, 0),) * (a.ndim - 1), (1, 1)))

    both = {n: a[:, :-1] + a[:, 1:] for n, a in links.items()}
    single = dict(
        v_rest=u - p, still=h * settle.currents(c, u, p)[0], c_ax=c.axolemma_nF, c_my=c.myelin_nF,
        g_my=h * c.myelin_uS, leak=h * leak, within=both["inner"] + h * leak,
        between=c.myelin_nF + h * c.myelin_uS + both["outer"], shift=c.shift_mV, g=g, ge=ge,
        pattern=pattern,
    )  # fmt: skip
    seen = _readout(c, np.zeros((count, 0, size)) if lead is None else lead)
    return {
        **{n: padded(a) for n, a in {**single, **seen}.items()},
        **{n: padded(a)[:, :-1] for n, a in links.items()},
        **{n: padded(a) for n, a in zip(MOVING, start.moving_mV.swapaxes(0, 1), strict=True)},
        "gate": start.gate, "warm": warm, "density": density,
    }  # fmt: skip


def _from_rest(
    channels: Membrane, settled: Floats, density: Floats, drug: Floats
) -> tuple[Floats, tuple[Floats, ...]]:
    # the receptor's reference in the loop: densities free of drug at rest, rates, h at rest
    sodium = np.array([name in SODIUM for name in channels.currents])
    free = 1.0 + settled[-1, :, None, :]
    reference = (*drug, settled[channels.gates.index(GATE)])
    return np.where(sodium[:, None], density * free, density), reference


def _readout(c: Compartments, lead: Floats) -> dict[str, Floats]:
    # an axial current g (x_k - x_k+1) is drawn from the medium at k and returns to it at k+1; uV
    rise = np.diff(lead, axis=-1) * 1e-3
    out = {}
    for name, along in (("see_u", c.inner_uS), ("see_p", c.outer_uS)):
        flow = along[:, None] * rise
        out[name] = np.pad(flow, ((0, 0), (0, 0), (0, 1))) - np.pad(flow, ((0, 0), (0, 0), (1, 0)))
    return out


def records_of(
    c: Compartments, laid: dict[str, Any], rows: Ints, precision: str
) -> tuple[Any, ...]:
    """A block of fibres as the loop wants it: fibres last, in the working precision."""
    fixed, moving, kinds = records(c.axon, precision)

    def lay(a: Floats) -> Any:
        return np.ascontiguousarray(np.moveaxis(a[rows], 0, -1), precision)

    coefficient = np.zeros(laid["v_rest"].shape[1], fixed)
    state = np.zeros(len(coefficient), moving)
    for target, names in ((coefficient, fixed.names), (state, (*MOVING, "g", "ge"))):
        for name in names or ():
            target[name] = lay(laid[name])
    sites = []
    for k, kind in enumerate(kinds):
        site = np.zeros(len(c.at[k]), kind)
        for name in ("gate", "density", "warm"):
            each = lay(laid[name][k]).swapaxes(0, 1)
            site[name][:, : each.shape[1]] = each
        sites.append(site)
    return lay(laid["pattern"]), coefficient, state, sites, (lay(laid["see_u"]), lay(laid["see_p"]))
