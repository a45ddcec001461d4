"""Membranes whose currents change the concentrations they are driven by.

Sodium and potassium are counted inside (well mixed, the axon's volume per membrane area is a
quarter of its diameter) and in the thin shell outside, which exchanges with the bath:

    d in/dt  = -4 I / (F d),        d out/dt = (I / F - D (out - bath)) / shell,

and their reversal potentials follow by Nernst's equation. At rest nothing moves: what is missing to
balance sodium or potassium is a constant leak, or a constant pump where a leak would be negative.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from tinel.cable.membranes.operations import Operations, on_arrays
from tinel.declare.offer import Offer

FARADAY_C_per_mol, GAS_J_per_mol_K = 96485.332, 8.3144626


@dataclass(frozen=True)
class Channel:
    """One kind of channel.

    Args:
        name: short name.
        gates, slow_gates: names; a slow gate's rates stay below 1/ms, so that the compiled loop
            may move it less often.
        sodium, potassium: conductance with all gates open (S/cm2) to either ion.
        formulas: given ``Operations``, returns ``rates(v, warmth)`` of gates and of slow gates,
            three numbers per gate (opening rate and the sum of both rates, in 1/ms, over a common
            denominator), and ``opened(gate, ..., slow_gate, ...)``, the open fraction.
    """

    name: str
    gates: tuple[str, ...]
    slow_gates: tuple[str, ...]
    sodium: float
    potassium: float
    formulas: Callable[[Operations], tuple[Any, Any, Any]]

    @property
    def all_gates(self) -> tuple[str, ...]:
        """In the order in which ``opened`` takes them."""
        return self.gates + self.slow_gates


@dataclass(frozen=True, kw_only=True)
class IonMembrane(Offer):
    """A membrane of channels, a pump and two counted ions.

    Args:
        channels: the kinds of channel.
        rest_mV: resting potential, exact by balance.
        inside_mM, outside_mM: sodium and potassium at rest.
        shell_um, exchange_um_per_ms: width of the shell outside and its exchange with the bath.
        warmth: factors on the rates at a temperature (C), a tuple.
        pump: given ``Operations``, returns a function of sodium inside and potassium outside (mM)
            to pumped sodium and potassium (mA/cm2) and the potassium conductance that sodium opens
            (S/cm2).
    """

    channels: tuple[Channel, ...]
    rest_mV: float
    inside_mM: tuple[float, float]
    outside_mM: tuple[float, float]
    shell_um: float
    exchange_um_per_ms: float
    warmth: Callable[[float], tuple[float, ...]]
    pump: Callable[[Operations], Any]

    @property
    def gates(self) -> tuple[str, ...]:
        """All gates in the order of the channels, as ``channel.gate``."""
        return tuple(f"{c.name}.{g}" for c in self.channels for g in c.all_gates)

    def rates(self, v: Any, temperature_C: float) -> tuple[Any, Any]:
        """Opening and closing rates (1/ms) of all gates, gates on axis 0."""
        warm, op = self.warmth(temperature_C), on_arrays(np)
        each = (rates for c in self.channels for rates in c.formulas(op)[:2])
        r = [x + 0.0 * v for rates in each for x in rates(v, warm)]
        opening, both, over = (np.array(r[k::3]) for k in range(3))
        return opening / over, (both - opening) / over

    def conductance(self, gates: Any) -> tuple[Any, Any]:
        """Sodium and potassium conductance of the channels (S/cm2), without leaks."""
        sodium, potassium, at = 0.0, 0.0, 0
        for c in self.channels:
            opened = c.formulas(on_arrays(np))[2](*gates[at : at + len(c.all_gates)])
            sodium, potassium = sodium + c.sodium * opened, potassium + c.potassium * opened
            at += len(c.all_gates)
        return sodium, potassium


def thermal_mV(temperature_C: float) -> float:
    """RT/F."""
    return 1e3 * GAS_J_per_mol_K * (273.15 + temperature_C) / FARADAY_C_per_mol


class Rest(NamedTuple):
    """What balances a membrane at rest: gates ``(n_gate,)``; leaks of sodium and potassium (S/cm2);
    constant pumps (mA/cm2)."""

    gates: Any
    leak: tuple[float, float]
    pump: tuple[float, float]


def rest(m: IonMembrane, temperature_C: float) -> Rest:
    """Balance sodium and potassium, each by itself, at ``rest_mV``."""
    opening, closing = m.rates(np.float64(m.rest_mV), temperature_C)
    gates = opening / (opening + closing)
    pumped_na, pumped_k, opened = m.pump(on_arrays(np))(m.inside_mM[0], m.outside_mM[1])
    g_na, g_k = m.conductance(gates)
    leaks, pumps = [], []
    for ion, (g, pumped) in enumerate(((g_na, pumped_na), (g_k + opened, pumped_k))):
        reversal = thermal_mV(temperature_C) * np.log(m.outside_mM[ion] / m.inside_mM[ion])
        drive = m.rest_mV - reversal
        missing = -(g * drive + pumped)
        leaks.append(max(float(missing / drive), 0.0))
        pumps.append(float(missing) - leaks[-1] * float(drive))
    return Rest(gates, (leaks[0], leaks[1]), (pumps[0], pumps[1]))
