"""The internode, diagonalised once: ten compartments become scalar filters between two nodes.

An internode is linear and mirror-symmetric. Split the node potentials into an even and an odd
part, v_e = (v_L + v_R)/2 and v_o = (v_L - v_R)/2; each drives one half of the internode,

    C x' = -K x + c v,        K phi = lambda C phi,        phi' C phi = 1,

so that in the modes x = sum phi y every y is a scalar filter y' = -lambda y + a v. Let
q = y - (a/lambda) v be its lag. For a node potential that is linear within a step (second
order in the step, exact in everything else) the charge an internode puts into its left node is

    -G (v + dv/2) dt  -  C dv  +  sum_j w_j s_j      (even and odd parts added),
    s_j <- e_j s_j - dv,   e = exp(-lambda dt),   f = (1 - e)/(lambda dt),
    w = (a/lambda)^2 f (1 - e),
    G = c' (1 - K^-1 c),   C = sum (a/lambda)^2 (1 - f).

Modes far faster than any step keep no memory (e = 0) and are a plain capacitance,
(a/lambda)^2; forgetting that capacitance costs 20 % of the velocity.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.cable.internode import COMPARTMENTS, Elements

Floats = NDArray[np.float64]
HALF = COMPARTMENTS // 2
SIZES = (HALF, HALF + 3, 2 * HALF)
FASTEST_PER_ms = 1000.0  # modes faster than this forget within a microsecond


@dataclass(frozen=True)
class Modes:
    """One parity of every internode; shapes ``(n_fibre, n_internode or 1, n_mode)`` unless stated.

    ``rate`` in 1/ms; ``coupling`` a in nA/mV per mode; ``shape`` ``(..., n_mode, 10)`` maps modes
    to the half's inner (first five) and periaxonal potentials; ``static_uS`` ``(n_fibre,
    n_internode or 1)`` is G.
    """

    rate: Floats
    coupling: Floats
    shape: Floats
    static_uS: Floats

    @property
    def slow(self) -> int:
        """How many modes, slowest first, have to be remembered; few sizes, so few compilations."""
        most = int((self.rate < FASTEST_PER_ms).sum(axis=-1).max())
        return next(size for size in SIZES if most <= size)


def modes(elements: Elements) -> tuple[Modes, Modes]:
    """Even and odd modes of every internode, slowest first."""
    c_half, k_half = _half_system(elements)
    middle = elements.inner_uS[..., HALF], elements.outer_uS[..., HALF]
    entry = elements.inner_uS[..., 0]
    even = _diagonalise(c_half, k_half, entry)
    odd_k = k_half.copy()
    odd_k[..., HALF - 1, HALF - 1] += 2 * middle[0]
    odd_k[..., 2 * HALF - 1, 2 * HALF - 1] += 2 * middle[1]
    return even, _diagonalise(c_half, odd_k, entry)


def _half_system(e: Elements) -> tuple[Floats, Floats]:
    # unknowns: five inner potentials, then five periaxonal ones, counted from the left node
    lead = e.myelin_nF.shape[:2]
    c = np.zeros((*lead, 2 * HALF, 2 * HALF))
    k = np.zeros_like(c)
    for i in range(HALF):
        j = HALF + i
        for matrix, axolemma, myelin in (
            (c, e.axolemma_nF, e.myelin_nF),
            (k, e.axolemma_uS, e.myelin_uS),
        ):
            matrix[..., i, i] += axolemma[..., i]
            matrix[..., j, j] += axolemma[..., i] + myelin[..., i]
            matrix[..., i, j] -= axolemma[..., i]
            matrix[..., j, i] -= axolemma[..., i]
    for along, first in ((e.inner_uS, 0), (e.outer_uS, HALF)):
        k[..., first, first] += along[..., 0]  # to the node, whose potential is the drive
        for i in range(HALF - 1):
            g, a, b = along[..., i + 1], first + i, first + i + 1
            k[..., a, a] += g
            k[..., b, b] += g
            k[..., a, b] -= g
            k[..., b, a] -= g
    return c, k


def _diagonalise(c: Floats, k: Floats, entry: Floats) -> Modes:
    lead, n = c.shape[:-2], c.shape[-1]
    flat_c, flat_k = c.reshape(-1, n, n), k.reshape(-1, n, n)
    # A lesion repeats few kinds of internode many times: diagonalise each kind once. Equal
    # matrices have equal projections on a fixed irrational direction, and sort as scalars.
    direction = np.sqrt(np.arange(2.0, 2 + n * n))
    mark = flat_c.reshape(-1, n * n) @ direction + np.pi * (flat_k.reshape(-1, n * n) @ direction)
    _, first, kind = np.unique(mark, return_index=True, return_inverse=True)
    lower = np.linalg.cholesky(flat_c[first])
    inverse = np.linalg.inv(lower)
    rate, vector = np.linalg.eigh(inverse @ flat_k[first] @ inverse.swapaxes(-1, -2))
    shape = (inverse.swapaxes(-1, -2) @ vector).swapaxes(-1, -2)
    rate = rate[kind.ravel()].reshape(*lead, n)
    shape = shape[kind.ravel()].reshape(*lead, n, n)
    coupling = entry[..., None] * shape[..., 0]
    static = entry - (coupling**2 / rate).sum(axis=-1)
    return Modes(rate, coupling, shape, static)


@dataclass(frozen=True)
class Filters:
    """One parity's step coefficients: ``decay`` and ``weight_nF`` ``(n_fibre, n_internode or 1,
    n_slow)``, ``capacitance_nF`` and ``static_uS`` ``(n_fibre, n_internode or 1)``."""

    decay: Floats
    weight_nF: Floats
    capacitance_nF: Floats
    static_uS: Floats


def filters(parity: Modes, dt_ms: float) -> Filters:
    """Step coefficients of the slow modes; the fast ones become capacitance."""
    slow = parity.rate < FASTEST_PER_ms
    z = parity.rate * dt_ms
    decay = np.where(slow, np.exp(-z), 0.0)
    mean = np.where(slow, -np.expm1(-z) / z, 0.0)
    square = (parity.coupling / parity.rate) ** 2
    n = parity.slow
    return Filters(
        decay=decay[..., :n],
        weight_nF=(square * mean * (1 - decay) * slow)[..., :n],
        capacitance_nF=(square * (1 - mean)).sum(axis=-1),
        static_uS=parity.static_uS,
    )
