"""Compile the loop for a membrane's channels and pump."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinel.cable.membranes.ions import IonMembrane
from tinel.cable.membranes.operations import on_lanes
from tinel.cable.solvers.compile_cache import compiled, inlined, once
from tinel.cable.solvers.condensed.prepare import STEEPEST_mV_per_ms
from tinel.cable.solvers.ions import loop as ion_loop

CURVATURE = 1.0 / 12.0  # of v within a step, as its gates see it (trapezoidal rule)


@once
def loop(membrane: IonMembrane, precision: str) -> Any:
    """Compile the loop for a membrane; the machine code is kept in the cache folder.

    The compiled function is ``loop.run``.
    """
    op = on_lanes(precision)
    shared = dict(
        number=op.number, zero=op.number(0.0), half=op.number(0.5), one=op.number(1.0),
        two=op.number(2.0), curvature=op.number(CURVATURE), log=op.log, np=np,
        steepest=op.number(STEEPEST_mV_per_ms),
        pump=membrane.pump(op),
    )  # fmt: skip

    def made(template: Any, **more: Any) -> Any:
        return compiled(template, {**shared, **more}, keep=template is ion_loop.run)

    stay = made(ion_loop.stays)
    channels, slow, at = [], [], 0
    for c in membrane.channels:
        rates, slow_rates, opened = c.formulas(op)
        if c.slow_gates:
            count = len(c.slow_gates)
            slow.append(made(ion_loop.moves, rates=slow_rates, at=at + len(c.gates), count=count))
        open_fraction = inlined(_OPENED[len(c.all_gates)](opened, at))
        move = made(ion_loop.moves, rates=rates, at=at, count=len(c.gates)) if c.gates else stay
        channels.append(made(
            ion_loop.channel, first=move, open_fraction=open_fraction,
            g_sodium=op.number(c.sodium), g_potassium=op.number(c.potassium),
        ))  # fmt: skip
        at += len(c.all_gates)
    return made(
        ion_loop.run,
        channels=_in_one(made, ion_loop.all_of, channels, made(ion_loop.nothing)),
        slow_gates=_in_one(made, ion_loop.all_moves, slow, stay),
    )


def _in_one(made: Any, template: Any, parts: list[Any], nothing: Any) -> Any:
    # many at a time: what is called is compiled again into each function that calls it
    whole = nothing
    for k in range(0, len(parts), len(_PLACES)):
        some = parts[k : k + len(_PLACES)][::-1]
        some += [nothing] * (len(_PLACES) - len(some))
        whole = made(template, others=whole, **dict(zip(_PLACES, some, strict=True)))
    return whole


_PLACES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh")


# A compiled formula takes each gate by itself; how many there are differs between channels.
_OPENED = {
    1: lambda f, at: lambda x, n, i: f(x[at, n, i]),
    2: lambda f, at: lambda x, n, i: f(x[at, n, i], x[at + 1, n, i]),
    3: lambda f, at: lambda x, n, i: f(x[at, n, i], x[at + 1, n, i], x[at + 2, n, i]),
    4: lambda f, at: (
        lambda x, n, i: f(x[at, n, i], x[at + 1, n, i], x[at + 2, n, i], x[at + 3, n, i])
    ),
}
