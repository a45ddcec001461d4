"""The internode, diagonalised once: ten compartments become scalar filters between two nodes.

An internode is linear and mirror-symmetric. Split the node potentials into an even and an odd
part, v_e = (v_L + v_R)/2 and v_o = (v_L - v_R)/2; each drives one half of the internode,

    C x' = -K x + c v,        K phi = lambda C phi,        phi' C phi = 1,

so that in the modes x = sum phi y every y is a scalar filter y' = -lambda y + a v. Let
q = y - (a/lambda) v be its lag. For a node potential that is linear within a step (second
order in the step, exact in everything else) the current an internode gives its left node at the
end of a step is

    -G (v + dv)  +  sum_j (a/lambda) a q_j                (even and odd parts added),
    q = (a/lambda) f s,   s <- e s - dv,   e = exp(-lambda dt),   f = (1 - e)/(lambda dt),
    G = c' (1 - K^-1 c).

Modes far faster than any step keep no memory and are a plain capacitance, (a/lambda)^2; forgetting
that capacitance costs 20 % of the velocity.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinel.cable.fibres.double_cable import COMPARTMENTS
from tinel.cable.fibres.internode import Elements

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


def modes(elements: Elements, xp: Any = np) -> tuple[Modes, Modes]:
    """Even and odd modes of every internode, slowest first; ``xp`` numpy or ``jax.numpy``."""
    c, k = _half_system(elements, xp)
    entry = elements.inner_uS[..., 0]
    even = _diagonalise(c, k, entry, xp)
    # across the middle an odd mode sees its mirror image: twice the conductance, to ground
    middle = [(_OWN[HALF - 1], elements.inner_uS), (_OWN[2 * HALF - 1], elements.outer_uS)]
    odd_k = k + sum(2 * g[..., HALF, None, None] * stamp for stamp, g in middle)
    return even, _diagonalise(c, odd_k, entry, xp)


# Unknowns of a half: five inner potentials, then five periaxonal ones, counted from the node.
# Every element enters the matrices through the same small pattern, whatever its value.
_UNIT = np.eye(2 * HALF)
_OWN = np.einsum("ki,kj->kij", _UNIT, _UNIT)
_ACROSS = np.einsum("ki,kj->kij", *[_UNIT[:HALF] - _UNIT[HALF:]] * 2)


def _chain(first: int) -> Floats:
    # conductances along one row of compartments, the first one to the node
    rows = _UNIT[first : first + HALF].copy()
    rows[1:] -= _UNIT[first : first + HALF - 1]
    return np.einsum("ki,kj->kij", rows, rows)


def _half_system(e: Elements, xp: Any) -> tuple[Any, Any]:
    def stamped(*pairs: tuple[Any, Floats]) -> Any:
        return sum(xp.einsum("...k,kij->...ij", a[..., :HALF], p) for a, p in pairs)

    c = stamped((e.axolemma_nF, _ACROSS), (e.myelin_nF, _OWN[HALF:]))
    k = stamped(
        (e.axolemma_uS, _ACROSS),
        (e.myelin_uS, _OWN[HALF:]),
        (e.inner_uS, _chain(0)),
        (e.outer_uS, _chain(HALF)),
    )
    return c, k


def _diagonalise(c: Any, k: Any, entry: Any, xp: Any) -> Modes:
    lead, n = k.shape[:-2], k.shape[-1]
    c = xp.broadcast_to(c, k.shape).reshape(-1, n, n)
    k = k.reshape(-1, n, n)
    kind = np.arange(len(k))
    if xp is np:
        # A lesion repeats few kinds of internode many times: diagonalise each kind once. Equal
        # matrices have equal projections on a fixed irrational direction, and sort as scalars.
        direction = np.sqrt(np.arange(2.0, 2 + n * n))
        mark = (c.reshape(-1, n * n) + np.pi * k.reshape(-1, n * n)) @ direction
        _, first, kind = np.unique(mark, return_index=True, return_inverse=True)
        c, k = c[first], k[first]
    inverse = xp.linalg.inv(xp.linalg.cholesky(c))
    rate, vector = xp.linalg.eigh(inverse @ k @ inverse.swapaxes(-1, -2))
    shape = (inverse.swapaxes(-1, -2) @ vector).swapaxes(-1, -2)
    rate = rate[kind.ravel()].reshape(*lead, n)
    shape = shape[kind.ravel()].reshape(*lead, n, n)
    coupling = entry[..., None] * shape[..., 0]
    return Modes(rate, coupling, shape, entry - (coupling**2 / rate).sum(axis=-1))


@dataclass(frozen=True)
class Filters:
    """One parity's step coefficients, h = 2/3 of the step.

    ``decay`` e and ``weight_nF`` h (a^2/lambda) f, shape ``(n_fibre, n_internode or 1, n_slow)``:
    the charge per memory s at the end of the step; ``fast_nF`` ``(n_fibre, n_internode or 1)``
    the capacitance of the modes without memory; ``static_uS`` G.
    """

    decay: Floats
    weight_nF: Floats
    fast_nF: Floats
    static_uS: Floats


def filters(parity: Modes, dt_ms: float, xp: Any = np) -> Filters:
    """Step coefficients of the slow modes; the fast ones become capacitance."""
    slow = parity.rate < FASTEST_PER_ms
    z = parity.rate * dt_ms
    decay = xp.where(slow, xp.exp(-z), 0.0)
    mean = xp.where(slow, -xp.expm1(-z) / z, 0.0)
    n = parity.slow if xp is np else 2 * HALF
    return Filters(
        decay=decay[..., :n],
        weight_nF=(2 * dt_ms / 3 * parity.coupling**2 / parity.rate * mean)[..., :n],
        fast_nF=((parity.coupling / parity.rate) ** 2 * ~slow).sum(axis=-1),
        static_uS=parity.static_uS,
    )
