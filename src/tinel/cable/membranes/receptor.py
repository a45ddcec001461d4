"""A drug receptor on the sodium channels of a node, open to the drug while they are inactivated.

With c the concentration, k and l the rates of binding and unbinding, and h the fraction of channels
that are not inactivated, the bound fraction b follows

    db/dt = k c (1 - h) (1 - b) - l b,        sodium conductance times (1 - b):

a guarded receptor (Starmer, Grant and Strauss 1984, Biophys J 46:15-27), in the form that Docken,
Clancy and Lewis 2021, doi 10.1371/journal.pcbi.1009145, took for drugs that bind more slowly than
channels inactivate. What is kept is the free fraction against a reference,
x = (1 - b)/(1 - b0) - 1,

    dx/dt = k c (h - h0) - (k c (1 - h) + l) x,        1 - b0 = l / (k c (1 - h0) + l):

in the time loop the reference is rest, so that x starts at 0 and single precision does not lose
binding that takes seconds; with h0 = 1 it is the unbound channel, and x = -b.
"""

from __future__ import annotations

from typing import Any

from tinel.cable.membranes.operations import Operations

GATE = "h"  # the gate of fast inactivation


def formulas(op: Operations) -> tuple[Any, Any]:
    """``pull(h, kc, l, h0)``: the constant and the factor of x in dx/dt = constant - factor x,
    1/ms; and ``free(opened, x)``: open fractions, those of the sodium currents (the first two)
    times 1 + x."""
    one = op.number(1.0)

    def pull(h: Any, kc: Any, off: Any, h0: Any) -> Any:
        return kc * (h - h0), kc * (one - h) + off

    def free(opened: Any, x: Any) -> Any:
        return (opened[0] * (one + x), opened[1] * (one + x)) + opened[2:]  # noqa: RUF005

    return op.jit(pull), op.jit(free)


def free_fraction(h: Any, kc: Any, off: Any) -> Any:
    """Free fraction of the channels, 1 - b, when binding has settled at ``h``.

    Example:
        >>> free_fraction(h=0.5, kc=0.02, off=0.01)
        0.5
    """
    return off / (kc * (1.0 - h) + off)
