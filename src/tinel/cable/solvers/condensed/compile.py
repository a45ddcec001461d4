"""Compile the time loop of condensed fibres for a membrane, and define the records it works on."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from tinel.cable.membranes.membrane import Membrane
from tinel.cable.membranes.operations import on_lanes
from tinel.cable.solvers.compile_cache import compiled, each_gate, inlined, once, sum_of_currents
from tinel.cable.solvers.condensed import loop as lanes
from tinel.cable.solvers.condensed.prepare import CUBIC, QUADRATIC, STEEPEST_mV_per_ms

LANES = 64


@once
def loop(membrane: Membrane, precision: str, modes: int) -> Any:
    """Compile the loop for a membrane and a number of modes per parity; seconds, once.

    The compiled function is ``loop.run``. The machine code is kept in the cache folder.
    """
    op = on_lanes(precision)
    rates, opened = membrane.formulas(op)
    gates, summed = membrane.gates, sum_of_currents(op, len(membrane.currents))
    opened_at = each_gate(len(gates), opened)
    names = {
        "number": op.number,
        "rates": inlined(lambda v, warm: rates(v, v, warm)),
        "total_of": inlined(
            lambda x, i, density, reversal: summed(opened_at(x, i), density, reversal)
        ),
        "gate_count": len(gates),
        "modes": modes,
        "lanes": LANES,
        "zero": op.number(0.0),
        "half": op.number(0.5),
        "third": op.number(1 / 3),
        "one": op.number(1.0),
        "quadratic": op.number(QUADRATIC),
        "cubic": op.number(CUBIC),
        "steepest": op.number(STEEPEST_mV_per_ms),
    }
    return compiled(lanes.run, names)


class Records(NamedTuple):
    """Record types of ``lanes.run``.

    Offsets inside a record are known to the compiler, which can then prove that the rows of one
    record do not overlap and turn the loops over lanes into vector code.
    """

    fibre: np.dtype[Any]
    node: np.dtype[Any]
    internode: np.dtype[Any]
    state: np.dtype[Any]
    work: np.dtype[Any]


def records(gates: int, modes: int, channels: int, precision: str) -> Records:
    """Records for so many gates, modes per parity and stimulus channels."""

    def record(*rows: str, **tables: int) -> np.dtype[Any]:
        each = [(name, precision, (LANES,)) for name in rows]
        return np.dtype(each + [(n, precision, (count, LANES)) for n, count in tables.items()])

    memory = dict(even=modes, odd=modes)
    filters = dict(even_weight=modes, odd_weight=modes, even_decay=modes, odd_decay=modes)
    return Records(
        fibre=record("area", "node_nF"),
        node=record("v_rest", "still", drive=channels),
        internode=record(
            "across", "own", "own_g", "mutual_g", "fast_own", "fast_across", **filters
        ),
        state=record(
            "u", "v", "before", "bend", "dv", "share", "onward", "current", "charge", "spike",
            "peak", gate=gates, **memory,
        ),
        work=record("dv", "bend", "ahead"),
    )  # fmt: skip
