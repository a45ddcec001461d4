"""What a batch is doing at one time, so that a run can go on from there.

A test stimulus after 100 ms of another is tried at many strengths; what came before it is the same
for all of them and needs to be computed once.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinel.cable.fibres.compartments import Compartments
from tinel.cable.membranes.membrane import Membrane
from tinel.cable.solvers.full import settle
from tinel.cable.solvers.parts import CHUNK

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]
Marks = NDArray[np.uint64]

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
    of_fibres: Marks

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


def marks(c: Compartments) -> Marks:
    """A fingerprint of every fibre, ``(n_fibre,)``: over all its numbers, each in its place.

    Numbers count to eleven digits, so that the same fibre in another batch has the same.

    Example:
        >>> from tinel.cable.models import gaines
        >>> from tinel.cable.fibres.compartments import compartments
        >>> c = compartments(gaines.geometry(np.array([8.0, 9.0])), 5, gaines.MOTOR)
        >>> marks(c)[0] == marks(c)[1]
        np.False_
    """
    count = len(c.axolemma_nF)
    every = [getattr(c, f.name) for f in fields(c)]
    arrays = [a for a in every if isinstance(a, np.ndarray)] + list(c.density_uS)
    rounded = [_rounded(np.broadcast_to(a, (count, *a.shape[1:]))) for a in arrays]
    shapes = [a.shape[1:] for a in rounded]
    shared = repr((c.nodes, c.drugs, shapes, [_said(k) for k in c.axon.kinds])).encode()
    found = np.zeros(count, np.uint64)
    for row in range(count):
        digest = blake2b(shared, digest_size=8)
        for a in rounded:
            digest.update(a[row].tobytes())
        found[row] = int.from_bytes(digest.digest(), "little")
    return found


def _rounded(a: Floats) -> Floats:
    # the last bits depend on where in a vector a number was computed
    mantissa, exponent = np.frexp(np.asarray(a, float))
    return np.ascontiguousarray(np.ldexp(np.round(mantissa * 2.0**37), exponent - 37)) + 0.0


def _said(membrane: Membrane) -> tuple[object, ...]:
    # what a membrane does at some potentials and temperatures: names alone do not say
    v = np.linspace(-120.3, 60.4, 16)
    does = [a for t in (20.0, 37.0) for a in (*membrane.rates(v, t), *membrane.steady(v, t))]
    bits = tuple(_rounded(np.asarray(a)).tobytes() for a in does)
    return membrane.name, membrane.gates, membrane.currents, membrane.reversal_mV, bits


def joined(parts: list[Checkpoint]) -> Checkpoint:
    """Checkpoints of chunks of a batch as one."""
    arrays: dict[str, Any] = {
        n: np.concatenate([getattr(m, n) for m in parts])
        for n in ("rest_u_mV", "rest_p_mV", "moving_mV", "of_fibres")
    }
    gates = zip(*(m.gate for m in parts), strict=True)
    return replace(parts[0], **arrays, gate=tuple(np.concatenate(g) for g in gates))
