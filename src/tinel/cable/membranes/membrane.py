"""What a membrane model has to say; one file per model says it (``mrg``)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tinel.cable.membranes.operations import Operations, on_arrays


@dataclass(frozen=True)
class Membrane:
    """A membrane whose channels open by gates of first order.

    Args:
        name: short name.
        gates: the gates' names, in the order of the formulas.
        rest_mV: potential from which the search for rest starts.
        warmth: factors on the rates at a temperature (C), a tuple.
        formulas: given ``Operations``, returns ``rates(v, warmth)``, four numbers per gate
            (numerator and denominator of the opening and of the closing rate, 1/ms), and
            ``conductance(gate, gate, ...)``, the total (S/cm2) and its product with the
            reversals (S/cm2 mV).
        source: where the numbers come from.
    """

    name: str
    gates: tuple[str, ...]
    rest_mV: float
    warmth: Callable[[Any], tuple[Any, ...]]
    formulas: Callable[[Operations], tuple[Any, Any]]
    source: str

    def rates(self, v: Any, temperature_C: Any, xp: Any = np) -> tuple[Any, Any]:
        """Opening and closing rates (1/ms), gates on axis 0; numpy or JAX arrays (``xp``)."""
        r = self.formulas(on_arrays(xp))[0](v, self.warmth(temperature_C))
        each = range(len(self.gates))
        opening = xp.stack([r[4 * k] / r[4 * k + 1] for k in each])
        return opening, xp.stack([r[4 * k + 2] / r[4 * k + 3] for k in each])

    def conductance(self, gates: Any, xp: Any = np) -> tuple[Any, Any]:
        """Total conductance (S/cm2) and its product with the reversals (S/cm2 mV)."""
        total, driven = self.formulas(on_arrays(xp))[1](*gates)
        return total, driven

    def steady(self, v: Any, temperature_C: Any, xp: Any = np) -> tuple[Any, Any]:
        """As ``conductance``, with the gates settled at ``v``."""
        opening, closing = self.rates(v, temperature_C, xp)
        return self.conductance(opening / (opening + closing), xp)
