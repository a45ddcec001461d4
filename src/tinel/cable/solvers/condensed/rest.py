"""Where a fibre rests: node potentials at which no net charge flows anywhere."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinel.cable.fibres.internode import Elements
from tinel.cable.membranes.membrane import Membrane
from tinel.cable.solvers.condensed.condense import Modes

Floats = NDArray[np.float64]

Bools = NDArray[np.bool_]

SLOPE_mV = 1e-5  # over which the slope of the ionic current is taken
NEWTON_STEPS = 60
SETTLED_mV = 1e-4  # after a step of Newton's that short the next would be about 1e-9


class NoRestError(FloatingPointError):
    """Fibres without a resting potential: a sheath so bare that they fire by themselves.

    Args:
        fibres: which, ``(n_fibre,)`` truth values.
    """

    def __init__(self, fibres: Bools) -> None:
        self.fibres = fibres
        super().__init__(f"no resting potential of {fibres.sum()} fibres; check the sheath")


def rest(
    elements: Elements,
    nodes: int,
    parities: tuple[Modes, Modes],
    temperature_C: float,
    membrane: Membrane,
) -> Floats:
    """Resting node potentials (mV), shape ``(n_node, n_fibre)``: no net charge anywhere.

    Newton's method on the static network; gates at their steady state.

    Raises:
        NoRestError: no rest found.
    """
    n_fibre = len(elements.spacing_um)
    even, odd = (np.broadcast_to(p.static_uS, (n_fibre, nodes - 1)).T for p in parities)
    v = np.zeros((nodes, n_fibre))
    area = elements.node_area_um2 * 1e-2
    for _ in range(NEWTON_STEPS):
        before = v
        v, moved = newton(v, (even + odd) / 2, (even - odd) / 2, area, temperature_C, membrane)
        if moved < SETTLED_mV:
            return v + membrane.rest_mV
    raise NoRestError(~(np.abs(v - before).max(axis=0) < SETTLED_mV))


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
    """One Newton step towards rest, and the largest change of a potential (mV) it made.

    ``solver(centre, beside, right)`` solves the symmetric tridiagonal system along the nodes.
    """

    def ionic(v: Any) -> Any:
        g, ge = membrane.steady(v + membrane.rest_mV, temperature_C, xp)
        return area * (g * (v + membrane.rest_mV) - ge)

    none = xp.zeros_like(v[:1])
    left, right = own * v[:-1] + mutual * v[1:], own * v[1:] + mutual * v[:-1]
    currents = ionic(v)
    here = currents + xp.concatenate([left, none]) + xp.concatenate([none, right])
    slope = (ionic(v + SLOPE_mV) - currents) / SLOPE_mV
    centre = slope + xp.concatenate([own, none]) + xp.concatenate([none, own])
    step = xp.clip((solver or tridiagonal)(centre, mutual, here), -5.0, 5.0)
    return v - step, xp.max(xp.abs(step))


def tridiagonal(centre: Floats, beside: Floats, right: Floats) -> Floats:
    """Solve symmetric tridiagonal systems along axis 0 by elimination, all columns at once."""
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
