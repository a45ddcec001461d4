"""Everything the time loop needs, computed once in double precision, fibres on the last axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinel.cable.fibres.internode import Elements
from tinel.cable.membranes.membrane import Membrane
from tinel.cable.solvers.condensed.condense import HALF, FASTEST_PER_ms, Filters, Modes, filters

Floats = NDArray[np.float64]

# The gates of a coming step need the potential in its middle: v + dv/2 + 3/8 bend + 5/16 (bend -
# bend_before), with bend = dv - dv_before, is the cubic through the last four potentials.
QUADRATIC, CUBIC = 3.0 / 8.0, 5.0 / 16.0
# Potentials count in it as changing at most so fast: no spike does, stimuli may.
STEEPEST_mV_per_ms = 4000.0


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

    What an internode does to one node, and by the other one, is half the sum and half the
    difference of its even and odd part: ``own`` and ``across`` multiply dv of the node itself and
    of the neighbour, ``fast_own`` and ``fast_across`` are what of these is capacitance, ``self_uS``
    and ``mutual_uS`` the static conductances.
    """
    each = [filters(p, dt_ms, xp) for p in parities]
    implicit = [2 * dt_ms / 3 * f.static_uS + f.weight_nF.sum(axis=-1) + f.fast_nF for f in each]
    own, across = _both(*implicit)
    fast_own, fast_across = _both(*(f.fast_nF for f in each))
    self_uS, mutual_uS = _both(*(f.static_uS for f in each))
    return dict(
        own=own, across=across, fast_own=fast_own, fast_across=fast_across,
        self_uS=self_uS, mutual_uS=mutual_uS, even=_filter(each[0]), odd=_filter(each[1]),
        area=elements.node_area_um2 * 1e-2, node_nF=elements.node_nF,
    )  # fmt: skip


def _both(even: Any, odd: Any) -> tuple[Any, Any]:
    return fibres_last((even + odd) / 2), fibres_last((even - odd) / 2)


def _filter(f: Filters) -> dict[str, Floats]:
    # Half, because the loop feeds sums and differences of neighbours, not their means; with the
    # decay, because the loop holds the memory from before the step.
    return dict(decay=fibres_last(f.decay), weight=fibres_last(f.weight_nF * f.decay) / 2)


def fibres_last(a: Any) -> Any:
    """Axes in the loop's order: (mode,) internode, fibre."""
    return a.transpose(2, 1, 0) if a.ndim == 3 else a.T


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
        ), folded(at, sign))  # fmt: skip
        a, rate = parity.coupling[:, None], parity.rate[:, None]
        still = (view * a / rate).sum(axis=-1) / 2
        node[..., :-1] += still
        node[..., 1:] += sign * still
        z = rate * dt_ms
        lag = -np.expm1(-z) / z * a / rate / 2 * (rate < FASTEST_PER_ms)
        rows[name] = np.moveaxis((view * lag)[..., : parity.slow], (0, 3), (3, 1)) * 1e-3
    return dict(node=np.moveaxis(node, 0, -1) * 1e-3, **rows)


def folded(full: Floats, sign: float) -> Floats:
    """Ten inner then ten periaxonal values, folded onto the left half, even or odd (``sign``)."""
    inner, outer = full[..., : 2 * HALF], full[..., 2 * HALF :]
    return np.concatenate(
        [(a[..., :HALF] + sign * a[..., :HALF-1:-1]) for a in (inner, outer)], axis=-1
    )  # fmt: skip
