"""Compiles ``ion_loop`` for a membrane's channels and pump."""

from __future__ import annotations

import sys
from types import FunctionType
from typing import Any

import numpy as np

from tinel.cable.membranes import ions, operations
from tinel.cable.membranes.ions import IonMembrane
from tinel.cable.membranes.operations import on_lanes
from tinel.cable.solvers.compile_cache import keep_in, once
from tinel.cable.solvers.condensed import prepare
from tinel.cable.solvers.condensed.prepare import STEEPEST_mV_per_ms
from tinel.cable.solvers.ions import loop as ion_loop

CURVATURE = 1.0 / 12.0  # of v within a step, as its gates see it (trapezoidal rule)
SLOW_STEPS, SLOW_ms = 4, 0.02  # how often slow gates move, at the least and at the most
FAST: dict[str, Any] = dict(
    fastmath={"nsz", "arcp", "contract", "afn", "reassoc"}, error_model="numpy"
)


@once
def loop(membrane: IonMembrane, precision: str) -> Any:
    """Compile the loop for a membrane; the machine code is kept in the cache folder.

    The compiled function is ``ion_loop.run``.
    """
    import numba

    op = on_lanes(precision)
    here, formulas = (sys.modules[m] for m in (__name__, membrane.pump.__module__))
    channels = [(c.formulas, c.sodium, c.potassium) for c in membrane.channels.values()]
    keep_in(
        "ions", (here, formulas, ion_loop, ions, operations, prepare), membrane.pump, precision,
        *(part for channel in channels for part in channel),
    )  # fmt: skip
    shared = dict(
        __name__=ion_loop.__name__, number=op.number, zero=op.number(0.0), half=op.number(0.5),
        one=op.number(1.0), two=op.number(2.0), curvature=op.number(CURVATURE), log=op.log, np=np,
        steepest=op.number(STEEPEST_mV_per_ms),
        pump=membrane.pump(op), slow_steps=SLOW_STEPS, slow_ms=op.number(1.0001 * SLOW_ms),
    )  # fmt: skip

    def compiled(template: Any, **more: Any) -> Any:
        code = template.__code__
        return numba.njit(nogil=True, cache=template is ion_loop.run, **FAST)(
            FunctionType(code, {**shared, **more}, code.co_name)
        )

    stay = compiled(ion_loop.stays)
    chain, slow, at = compiled(ion_loop.nothing), stay, 0
    for c in membrane.channels.values():
        rates, slow_rates, share = c.formulas(op)
        if c.slow_gates:
            count = len(c.slow_gates)
            move = compiled(ion_loop.moves, rates=slow_rates, at=at + len(c.gates), count=count)
            slow = compiled(ion_loop.both_moves, first=move, others=slow)
        opened = _OPENED[len(c.all_gates)](op.jit, share, at)
        move = compiled(ion_loop.moves, rates=rates, at=at, count=len(c.gates)) if c.gates else stay
        kernel = compiled(
            ion_loop.channel, first=move, open_share=opened,
            g_sodium=op.number(c.sodium), g_potassium=op.number(c.potassium),
        )  # fmt: skip
        chain = compiled(ion_loop.both, first=kernel, others=chain)
        at += len(c.all_gates)
    return compiled(ion_loop.run, channels=chain, slow_gates=slow)


# A compiled formula takes each gate by itself; how many there are is the channel's affair.
_OPENED = {
    1: lambda jit, f, at: jit(lambda x, n, i: f(x[at, n, i])),
    2: lambda jit, f, at: jit(lambda x, n, i: f(x[at, n, i], x[at + 1, n, i])),
    3: lambda jit, f, at: jit(lambda x, n, i: f(x[at, n, i], x[at + 1, n, i], x[at + 2, n, i])),
    4: lambda jit, f, at: jit(
        lambda x, n, i: f(x[at, n, i], x[at + 1, n, i], x[at + 2, n, i], x[at + 3, n, i])
    ),
}
