"""What a membrane model consists of; one file per model makes it (``models``), or a user's own.

A membrane is written current by current,

    I = sum_k  g_k o_k(gates) (v - E_k),        v inner minus outer potential, mV,

because an injured fibre changes density, gating and temperature from place to place. The same
membrane serves every engine: nodes between condensed internodes, every compartment, single cables.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tinel.cable.membranes import receptor
from tinel.cable.membranes.operations import Operations, on_arrays
from tinel.declare.offer import Offer


@dataclass(frozen=True, kw_only=True)
class Membrane(Offer):
    """A membrane whose channels open by gates of first order.

    Args:
        gates: the gates' names, in the order of the formulas; none for a passive membrane.
        currents: the currents' names, in the order of the open fractions. ``naf`` and ``nap`` are
            those that a left shift, a loss of sodium channels and sodium blockers act on.
        density_S_per_cm2: maximal conductance of each current.
        reversal_mV: reversal potential of each current.
        rest_mV: potential from which the search for rest starts.
        warmth: factors on the rates at a temperature (C), a tuple.
        formulas: given ``Operations``, returns ``rates(v, sodium_v, warmth)``, four numbers per
            gate (numerator and denominator of the opening and of the closing rate, 1/ms), sodium
            gates at a potential of their own (``v`` plus a left shift); and ``opened(gate, gate,
            ...)``, the open fraction of each current, 1 for a leak.
        per_fibre_surface: whether densities count per surface of the whole fibre, myelin
            included, instead of per surface of the axon.
        receptor: whether the sodium currents carry a drug receptor, whose state then is the last
            of ``gates``; ``formulas`` leave it out (``receptor`` has it).

    Example:
        >>> from tinel.cable.models import mrg
        >>> mrg.membrane().currents
        ('naf', 'nap', 'ks', 'leak')
    """

    gates: tuple[str, ...]
    currents: tuple[str, ...]
    density_S_per_cm2: tuple[float, ...]
    reversal_mV: tuple[float, ...]
    rest_mV: float
    warmth: Callable[[Any], tuple[Any, ...]]
    formulas: Callable[[Operations], tuple[Any, Any]]
    per_fibre_surface: bool = False
    receptor: bool = False

    @property
    def voltage_gates(self) -> int:
        """How many of the gates are moved by potential: all but the receptor."""
        return len(self.gates) - self.receptor

    def rates(
        self, v: Any, temperature_C: Any, shift_mV: Any = None, xp: Any = np
    ) -> tuple[Any, Any]:
        """Opening and closing rates (1/ms) of the voltage gates, gates on axis 0.

        ``shift_mV`` is the left shift of sodium gates; ``xp`` is numpy or ``jax.numpy``.
        """
        sodium_v = v if shift_mV is None else v + shift_mV
        r = self.formulas(on_arrays(xp))[0](v, sodium_v, self.warmth(temperature_C))
        each = range(self.voltage_gates)
        if not each:
            none = xp.zeros((0, *np.shape(v)))
            return none, none
        opening = xp.stack([r[4 * k] / r[4 * k + 1] for k in each])
        return opening, xp.stack([r[4 * k + 2] / r[4 * k + 3] for k in each])

    def conductance(self, gates: Any, density: Any = None, xp: Any = np) -> tuple[Any, Any]:
        """Total conductance, and its product with the reversals (mV).

        ``density`` has currents on axis 0, in any unit; by default the membrane's own, S/cm2.
        """
        op = on_arrays(xp)
        opened = self.formulas(op)[1](*gates[: self.voltage_gates])
        if self.receptor:
            opened = receptor.formulas(op)[1](opened, gates[-1])
        each = self.density_S_per_cm2 if density is None else density
        g = [d * o for d, o in zip(each, opened, strict=True)]
        return sum(g), sum(x * e for x, e in zip(g, self.reversal_mV, strict=True))

    def settled(
        self,
        v: Any,
        temperature_C: Any,
        shift_mV: Any = None,
        drug_per_ms: Any = None,
        xp: Any = np,
    ) -> Any:
        """The gates at rest at ``v``; ``drug_per_ms`` as in ``Compartments``, its rates first."""
        opening, closing = self.rates(v, temperature_C, shift_mV, xp)
        gates = opening / (opening + closing)
        if drug_per_ms is None:
            return gates
        free = receptor.free_fraction(gates[self.gates.index(receptor.GATE)], *drug_per_ms)
        return xp.concatenate([gates, free[None] - 1.0])

    def steady(self, v: Any, temperature_C: Any, xp: Any = np) -> tuple[Any, Any]:
        """As ``conductance`` at the membrane's own densities, with the gates settled at ``v``."""
        return self.conductance(self.settled(v, temperature_C, xp=xp), xp=xp)


def passive(
    name: str, leak_S_per_cm2: float, reversal_mV: float, source: str = "", text: str = ""
) -> Membrane:
    """A membrane with a leak and nothing else.

    Example:
        >>> passive("stin", 1e-4, -80.0).conductance(np.zeros((0, 1)))[1]
        -0.008
    """
    return Membrane(
        name=name, text=text or "A leak and nothing else.", source=source, gates=(),
        currents=("leak",), density_S_per_cm2=(leak_S_per_cm2,), reversal_mV=(reversal_mV,),
        rest_mV=reversal_mV, warmth=_no_gates, formulas=_leak,
    )  # fmt: skip


def _no_gates(temperature_C: Any) -> tuple[Any, ...]:
    return ()


def _leak(op: Operations) -> tuple[Any, Any]:
    one = op.number(1.0)
    return op.jit(lambda v, na, warm: ()), op.jit(lambda: (one,))
