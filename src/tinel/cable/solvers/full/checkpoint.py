"""What a batch is doing at one time, so that a run can go on from there.

A test stimulus after 100 ms of another is tried at many strengths; what came before it is the same
for all of them and needs to be computed once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinel.cable.fibres.compartments import Compartments
from tinel.cable.solvers.full import settle
from tinel.cable.solvers.parts import CHUNK

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]

# inner and periaxonal potential since rest, their last change, and that of the transmembrane
# potential before it and of that: all that the step formula remembers
MOVING = ("u", "p", "du", "dp", "before", "bend")


@dataclass(frozen=True)
class Checkpoint:
    """A batch after ``step`` steps of ``dt_ms`` (0 at rest).

    ``rest_u_mV`` and ``rest_p_mV`` ``(n_fibre, n_place)`` inner and periaxonal potentials at rest;
    ``moving_mV`` ``(n_fibre, 6, n_place)`` in the order of ``MOVING``; ``gate`` per kind of
    compartment ``(n_fibre, n_gate, count)``; ``of_fibres`` ``(n_fibre,)`` the fibres'
    ``marks``.
    """

    step: int
    dt_ms: float
    rest_u_mV: Floats
    rest_p_mV: Floats
    moving_mV: Floats
    gate: tuple[Floats, ...]
    of_fibres: Floats

    def rows(self, which: slice | Ints) -> Checkpoint:
        """Some of the fibres."""
        arrays: dict[str, Any] = {
            n: a[which] for n, a in vars(self).items() if isinstance(a, np.ndarray)
        }
        return replace(self, **arrays, gate=tuple(g[which] for g in self.gate))


def at_rest(c: Compartments) -> Checkpoint:
    """The batch before anything happens (a fibre without rest: where its channels usually rest).

    Example:
        >>> from tinel.cable.models import gaines
        >>> from tinel.cable.fibres.compartments import compartments
        >>> m = at_rest(compartments(gaines.geometry(np.array([10.0])), 21, gaines.MOTOR))
        >>> m.step, m.rest_u_mV.shape, float(m.rest_u_mV[0, 110].round(1))
        (0, (1, 221), -85.9)
    """
    starts = range(0, len(c.axolemma_nF), CHUNK)
    return joined([_rested(c.rows(slice(k, k + CHUNK))) for k in starts])


def _rested(c: Compartments) -> Checkpoint:
    u, p, _ = settle.rest(c)
    gates = []
    for kind, (k, at) in enumerate(zip(c.axon.kinds, c.at, strict=True)):
        gate = k.settled(
            (u - p)[:, at], c.temperature_C[:, at], c.shift_mV[:, at], c.drug_per_ms(kind)
        )
        if k.receptor:  # counts from rest
            gate[-1] = 0.0
        gates.append(np.moveaxis(gate, 0, 1))
    moving = np.zeros((len(u), len(MOVING), u.shape[1]))
    return Checkpoint(0, 0.0, u, p, moving, tuple(gates), marks(c))


def marks(c: Compartments) -> Floats:
    """A number per fibre, ``(n_fibre,)``, that other fibres do not have.

    Example:
        >>> from tinel.cable.models import gaines
        >>> from tinel.cable.fibres.compartments import compartments
        >>> c = compartments(gaines.geometry(np.array([8.0, 9.0])), 5, gaines.MOTOR)
        >>> marks(c)[0] == marks(c)[1]
        np.False_
    """
    count = len(c.axolemma_nF)
    every = [c.axolemma_nF, c.myelin_nF, c.inner_uS, c.outer_uS, c.shift_mV, c.temperature_C]
    every += [d.reshape(count, -1) for d in c.density_uS]
    sums = [np.broadcast_to(a, (count, a.shape[1])).sum(axis=1) for a in every]
    weight = np.sqrt(np.arange(2.0, 2 + len(sums)))
    return np.sum([w * s for w, s in zip(weight, sums, strict=True)], axis=0)


def joined(parts: list[Checkpoint]) -> Checkpoint:
    """Checkpoints of chunks of a batch as one."""
    arrays: dict[str, Any] = {
        n: np.concatenate([getattr(m, n) for m in parts])
        for n in ("rest_u_mV", "rest_p_mV", "moving_mV", "of_fibres")
    }
    gates = zip(*(m.gate for m in parts), strict=True)
    return replace(parts[0], **arrays, gate=tuple(np.concatenate(g) for g in gates))
