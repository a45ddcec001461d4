"""A membrane current by current: what an injured fibre changes site by site.

``Membrane`` (nodes of the condensed engine) gives one total conductance. Where density, gating or
temperature differ from place to place each current has to be named:

    I = sum_k  g_k o_k(gates) (v - E_k),        v inner minus outer potential, mV.

``SODIUM`` currents share a left shift (their gates see v + shift); ``fast_k`` is what a lost
paranode lays bare.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinel.cable.membranes import receptor
from tinel.cable.membranes.operations import Operations, on_arrays

Floats = NDArray[np.float64]

SODIUM = ("naf", "nap")


@dataclass(frozen=True)
class Channels:
    """The channels of one kind of compartment.

    Args:
        name: short name.
        gates: the gates' names, in the order of the formulas; none for a passive membrane.
        currents: the currents' names, in the order of ``opened``.
        density_S_per_cm2: maximal conductance of each current.
        reversal_mV: reversal potential of each current.
        rest_mV: potential from which the search for rest starts.
        warmth: factors on the rates at a temperature (C), a tuple.
        formulas: given ``Operations``, returns ``rates(v, sodium_v, warmth)``, four numbers per
            gate (numerator and denominator of the opening and of the closing rate, 1/ms), and
            ``opened(gate, gate, ...)``, the open share of each current.
        source: where the numbers come from.
        per_fibre_surface: whether densities count per surface of the whole fibre, myelin
            included, instead of per surface of the axon.
        receptor: whether the sodium currents carry a drug receptor, whose state then is the last
            of ``gates``; ``formulas`` know nothing of it (``receptor`` does).
    """

    name: str
    gates: tuple[str, ...]
    currents: tuple[str, ...]
    density_S_per_cm2: tuple[float, ...]
    reversal_mV: tuple[float, ...]
    rest_mV: float
    warmth: Callable[[Any], tuple[Any, ...]]
    formulas: Callable[[Operations], tuple[Any, Any]]
    source: str
    per_fibre_surface: bool = False
    receptor: bool = False

    @property
    def voltage_gates(self) -> int:
        """How many of the gates are moved by potential: all but the receptor."""
        return len(self.gates) - self.receptor

    def rates(self, v: Floats, shift_mV: Floats, temperature_C: Floats) -> tuple[Floats, Floats]:
        """Opening and closing rates (1/ms) of the voltage gates, gates on axis 0."""
        r = self.formulas(on_arrays(np))[0](v, v + shift_mV, self.warmth(temperature_C))
        each = range(self.voltage_gates)
        none = np.zeros((0, *np.shape(v)))
        opening = np.stack([r[4 * k] / r[4 * k + 1] for k in each]) if each else none
        return opening, np.stack([r[4 * k + 2] / r[4 * k + 3] for k in each]) if each else none

    def conductance(self, gates: Floats, density: Floats) -> tuple[Floats, Floats]:
        """Total of ``density`` (currents on axis 0) times open shares, and that with reversals."""
        opened = self.formulas(on_arrays(np))[1](*gates[: self.voltage_gates])
        if self.receptor:
            opened = receptor.formulas(on_arrays(np))[1](opened, gates[-1])
        g = [d * o for d, o in zip(density, opened, strict=True)]
        return sum(g), sum(x * e for x, e in zip(g, self.reversal_mV, strict=True))

    def settled(
        self, v: Floats, shift_mV: Floats, temperature_C: Floats, drug_per_ms: Floats | None = None
    ) -> Floats:
        """The gates at rest at ``v``; ``drug_per_ms`` as in ``Compartments``, its rates first."""
        opening, closing = self.rates(v, shift_mV, temperature_C)
        gates = opening / (opening + closing)
        if drug_per_ms is None:
            return gates
        free = receptor.free_share(gates[self.gates.index(receptor.GATE)], *drug_per_ms)
        return np.concatenate([gates, free[None] - 1.0])


@dataclass(frozen=True)
class Axon:
    """The channels of the four kinds of compartment of a myelinated fibre."""

    name: str
    node: Channels
    mysa: Channels
    flut: Channels
    stin: Channels

    @property
    def kinds(self) -> tuple[Channels, Channels, Channels, Channels]:
        """Node, MYSA, FLUT, STIN."""
        return self.node, self.mysa, self.flut, self.stin


def passive(name: str, leak_S_per_cm2: float, reversal_mV: float, source: str) -> Channels:
    """A membrane with a leak and nothing else.

    Example:
        >>> passive("stin", 1e-4, -80.0, "").conductance(np.zeros((0, 1)), np.ones((1, 1)))[1]
        array([-80.])
    """
    return Channels(
        name, (), ("leak",), (leak_S_per_cm2,), (reversal_mV,), reversal_mV, _no_gates, _leak,
        source,
    )  # fmt: skip


def _no_gates(temperature_C: Any) -> tuple[Any, ...]:
    return ()


def _leak(op: Operations) -> tuple[Any, Any]:
    one = op.number(1.0)
    return op.jit(lambda v, na, warm: ()), op.jit(lambda: (one,))
