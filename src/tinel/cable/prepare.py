"""Everything the time loop needs, computed once in double precision, fibres on the last axis."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinel.cable.condense import HALF, FASTEST_PER_ms, Filters, Modes, filters
from tinel.cable.internode import Elements
from tinel.cable.membrane import Membrane
from tinel.cable.mrg import MEMBRANE as MRG
from tinel.cable.onset import SUBSTEPS, jump
from tinel.cable.stimulus import Stimulus

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Batch:
    """A batch ready for a time loop; fibres last, double precision.

    ``steps`` from ``coefficients`` (with ``still``, the currents at rest), ``driven`` from
    ``drive`` with channels first, ``seen`` from ``readout`` or None; ``waveform`` ``(n_channel,
    n_step)``; ``v_rest`` ``(n_node, n_fibre)``. ``keep_nodes`` are the nodes whose potentials are
    returned, ``first_step`` the first step at which a crossing counts as a spike.
    """

    membrane: Membrane

    steps: dict[str, Any]
    driven: dict[str, Floats]
    seen: dict[str, Floats] | None
    waveform: Floats
    v_rest: Floats
    temperature_C: float
    level_mV: float
    dt_ms: float
    keep_nodes: tuple[int, ...]
    precision: str
    first_step: int = 0


# spikes (in steps, nan for none), peaks, last potentials ``(n_fibre, n_node)``; traces and
# recordings ``(n_fibre, n_step, ...)`` or None
Answer = tuple[Floats, Floats, Floats, Floats | None, Floats | None]


def coefficients(
    elements: Elements, dt_ms: float, parities: tuple[Modes, Modes], xp: Any = np
) -> dict[str, Any]:
    """Step coefficients: node arrays ``(n_node or 1, n_fibre)``, filters ``(n_slow, ...)``.

    With dv the step of the node potential, h = dt/2 and per internode

        L_n : (C_e + C_o)/2 dv_n + (C_e - C_o)/2 dv_n+1 + dt (G_s v_n + G_d v_n+1) ...

    ``own`` multiplies dv of the node itself, ``across`` of the neighbour.
    """
    even, odd = (filters(p, dt_ms, xp) for p in parities)
    static = (even.static_uS + odd.static_uS) / 2, (even.static_uS - odd.static_uS) / 2
    charge = (
        (even.capacitance_nF + odd.capacitance_nF) / 2,
        (even.capacitance_nF - odd.capacitance_nF) / 2,
    )
    return dict(
        own=_last(charge[0] + dt_ms / 2 * static[0]),
        across=_last(charge[1] + dt_ms / 2 * static[1]),
        self_uS=_last(static[0]),
        mutual_uS=_last(static[1]),
        even=_filter(even),
        odd=_filter(odd),
        area=elements.node_area_um2 * 1e-2,
        node_nF=elements.node_nF,
    )


def _filter(f: Filters) -> dict[str, Floats]:
    # halves, because the loop feeds sums and differences of neighbours, not their means
    return dict(decay=_last(f.decay), weight=_last(f.weight_nF) / 2)


def _last(a: Any) -> Any:
    return a.transpose(2, 1, 0) if a.ndim == 3 else a.T


def drive(
    elements: Elements,
    nodes: int,
    stimulus: Stimulus,
    dt_ms: float,
    parities: tuple[Modes, Modes],
) -> dict[str, Floats]:
    """How the stimulus enters, at waveform 1.

    ``charge`` (pC) per node and step, ``jump`` per node and change of the waveform, ``even`` and
    ``odd`` per slow mode; all with fibres last.
    """
    field = replace(stimulus, current_nA=None)
    driven = _ramped(elements, nodes, field, dt_ms, parities)
    if stimulus.potential_mV is not None:
        fine_ms = dt_ms / 2 / SUBSTEPS
        driven["jump"] = jump(
            coefficients(elements, dt_ms, parities), driven,
            coefficients(elements, fine_ms, parities),
            _ramped(elements, nodes, field, fine_ms, parities), fine_ms, _tridiagonal,
        )  # fmt: skip
    if stimulus.current_nA is not None:
        # a current is no jump of potential: it needs no care at its onset
        driven["charge"] = driven["charge"] + dt_ms * stimulus.current_nA.T
    return driven


def _ramped(
    elements: Elements,
    nodes: int,
    stimulus: Stimulus,
    dt_ms: float,
    parities: tuple[Modes, Modes],
) -> dict[str, Floats]:
    # as ``drive``; a change of the waveform is taken as a ramp over one step
    n_fibre = len(elements.spacing_um)
    charge = np.zeros((n_fibre, nodes))
    leap = np.zeros((n_fibre, nodes))
    slow = [np.zeros((p.slow, 1, 1)) for p in parities]
    if stimulus.potential_mV is not None:
        step = np.diff(np.broadcast_to(stimulus.potential_mV, (n_fibre, 11 * nodes - 10)), axis=1)
        step = step.reshape(n_fibre, nodes - 1, 11)
        inner, outer = elements.inner_uS * step, elements.outer_uS * step
        charge[:, :-1] += dt_ms * inner[..., 0]
        charge[:, 1:] -= dt_ms * inner[..., -1]
        into = np.concatenate([np.diff(inner, axis=-1), np.diff(outer, axis=-1)], axis=-1)
        for i, (parity, sign) in enumerate(zip(parities, (1.0, -1.0), strict=True)):
            force = np.einsum("...jk,...k->...j", parity.shape, _half(into, sign) / 2)
            z = parity.rate * dt_ms
            remembered = parity.rate < FASTEST_PER_ms
            mean = np.where(remembered, -np.expm1(-z) / z, 0.0)
            pull = parity.coupling / parity.rate * force
            now = (pull * dt_ms * (1 - mean)).sum(axis=-1)
            later = (pull / parity.rate * ~remembered).sum(axis=-1)
            charge[:, :-1] += now
            charge[:, 1:] += sign * now
            leap[:, :-1] -= later
            leap[:, 1:] -= sign * later
            n = parity.slow
            slow[i] = _last((2 * z / parity.coupling * force)[..., :n])
    return dict(charge=_last(charge), jump=_last(leap), even=slow[0], odd=slow[1])


def readout(
    elements: Elements,
    nodes: int,
    lead_mV_per_mA: Floats,
    dt_ms: float,
    parities: tuple[Modes, Modes],
) -> dict[str, Floats]:
    """The recording as a matrix product: potential = ``node`` . v + ``even`` . s_e + ``odd`` . s_o.

    Args:
        lead_mV_per_mA: potential at each electrode per current leaving each compartment, shape
            ``(n_fibre, n_electrode, 11 n_node - 10)``.

    Returns:
        Rows giving uV, shapes ``(n_electrode, n_node, n_fibre)`` and ``(n_electrode, n_slow,
        n_internode, n_fibre)``.
    """
    n_fibre, n_electrode, _ = lead_mV_per_mA.shape
    rise = np.diff(lead_mV_per_mA, axis=-1).reshape(n_fibre, n_electrode, nodes - 1, 11)
    # an axial current g (x_k - x_k+1) is drawn from the medium at k and returns to it at k+1
    inner = elements.inner_uS[:, None] * rise
    outer = elements.outer_uS[:, None] * rise
    node = np.zeros((n_fibre, n_electrode, nodes))
    node[..., :-1] += inner[..., 0]
    node[..., 1:] -= inner[..., -1]
    at = np.concatenate([np.diff(inner, axis=-1), np.diff(outer, axis=-1)], axis=-1)
    rows = {}
    for name, parity, sign in zip(("even", "odd"), parities, (1.0, -1.0), strict=True):
        view = np.einsum("fijk,feik->feij", np.broadcast_to(
            parity.shape, (n_fibre, nodes - 1, 2 * HALF, 2 * HALF)
        ), _half(at, sign))  # fmt: skip
        a, rate = parity.coupling[:, None], parity.rate[:, None]
        still = (view * a / rate).sum(axis=-1) / 2
        node[..., :-1] += still
        node[..., 1:] += sign * still
        z = rate * dt_ms
        lag = -np.expm1(-z) / z * a / rate / 2
        rows[name] = np.moveaxis((view * lag)[..., : parity.slow], (0, 3), (3, 1)) * 1e-3
    return dict(node=np.moveaxis(node, 0, -1) * 1e-3, **rows)


def _half(full: Floats, sign: float) -> Floats:
    # ten inner then ten periaxonal values, folded onto the left half
    inner, outer = full[..., : 2 * HALF], full[..., 2 * HALF :]
    return np.concatenate(
        [(a[..., :HALF] + sign * a[..., :HALF-1:-1]) for a in (inner, outer)], axis=-1
    )  # fmt: skip


def rest(
    elements: Elements,
    nodes: int,
    parities: tuple[Modes, Modes],
    temperature_C: float,
    membrane: Membrane = MRG,
) -> Floats:
    """Resting node potentials (mV), shape ``(n_node, n_fibre)``: no net charge anywhere.

    Newton's method on the static network; gates at their steady state.

    Raises:
        FloatingPointError: no rest found (a sheath so bare that the fibre fires by itself).
    """
    n_fibre = len(elements.spacing_um)
    even, odd = (np.broadcast_to(p.static_uS, (n_fibre, nodes - 1)).T for p in parities)
    v = np.zeros((nodes, n_fibre))
    area = elements.node_area_um2 * 1e-2
    for _ in range(60):
        v_next, residual = newton(
            v, (even + odd) / 2, (even - odd) / 2, area, temperature_C, membrane
        )
        if residual < 1e-12:
            return v + membrane.rest_mV
        v = v_next
    raise FloatingPointError("no resting potential found within 60 steps; check the sheath")


def newton(
    v: Any,
    own: Any,
    mutual: Any,
    area: Any,
    temperature_C: float,
    membrane: Membrane,
    xp: Any = np,
    solver: Any = None,
) -> tuple[Any, Any]:
    """One Newton step towards rest, and the largest current density before it (nA per um2).

    ``solver(centre, beside, right)`` solves the symmetric tridiagonal system along the nodes.
    """

    def ionic(v: Any) -> Any:
        g, ge = membrane.steady(v + membrane.rest_mV, temperature_C, xp)
        return area * (g * (v + membrane.rest_mV) - ge)

    none = xp.zeros_like(v[:1])
    left, right = own * v[:-1] + mutual * v[1:], own * v[1:] + mutual * v[:-1]
    here = ionic(v) + xp.concatenate([left, none]) + xp.concatenate([none, right])
    slope = (ionic(v + 1e-4) - ionic(v - 1e-4)) / 2e-4
    centre = slope + xp.concatenate([own, none]) + xp.concatenate([none, own])
    step = (solver or _tridiagonal)(centre, mutual, here)
    return v - xp.clip(step, -5.0, 5.0), xp.max(xp.abs(here) / area)


def _tridiagonal(centre: Floats, beside: Floats, right: Floats) -> Floats:
    centre, right = centre.copy(), right.copy()
    beside = np.broadcast_to(beside, (len(centre) - 1, *centre.shape[1:]))
    for k in range(1, len(centre)):
        f = beside[k - 1] / centre[k - 1]
        centre[k] -= f * beside[k - 1]
        right[k] -= f * right[k - 1]
    right[-1] /= centre[-1]
    for k in range(len(centre) - 2, -1, -1):
        right[k] = (right[k] - beside[k] * right[k + 1]) / centre[k]
    return right
