"""Compile the loop for an axon's membranes, and lays out the records it works on."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinel.cable.fibres.double_cable import BLOCK
from tinel.cable.membranes import receptor
from tinel.cable.membranes.channels import Axon
from tinel.cable.membranes.membrane import Membrane
from tinel.cable.membranes.operations import on_lanes
from tinel.cable.solvers.compile_cache import compiled, each_gate, inlined, once
from tinel.cable.solvers.condensed.prepare import CUBIC, QUADRATIC, STEEPEST_mV_per_ms
from tinel.cable.solvers.full import loop as full_loop

LANES = 16


@once
def loop(axon: Axon, precision: str) -> Any:
    """Compile the loop for an axon's membranes; seconds, once, then kept in the cache folder.

    The compiled function is ``loop.run``.
    """
    op = on_lanes(precision)
    kinds = dict(zip(("node", "mysa", "flut", "stin"), axon.kinds, strict=True))

    number = op.number
    shared = {"number": number, "zero": number(0), "one": number(1), "half": number(0.5)}
    sweeps = {}
    for kind, membrane in kinds.items():
        rates, opened = membrane.formulas(op)
        pull, free = receptor.formulas(op)
        warmths = len(membrane.warmth(37.0))
        opened_at = each_gate(membrane.voltage_gates, opened)
        sweeps[f"sweep_{kind}"] = compiled(
            full_loop.sweep if membrane.gates else full_loop.no_sweep,
            {
                **shared, "rates": rates, "quadratic": number(QUADRATIC), "cubic": number(CUBIC),
                "steepest": number(STEEPEST_mV_per_ms),
                "opened_at": _freed(opened_at, free, membrane),
                "warmth_at": inlined(_AT[warmths]),
                "gate_count": membrane.voltage_gates, "current_count": len(membrane.currents),
                "receptor": membrane.receptor, "pull": pull, "first_drug": warmths,
                "held": membrane.gates.index(receptor.GATE) if membrane.receptor else 0,
            },
        )  # fmt: skip
    return compiled(
        full_loop.run,
        {
            **shared,
            **sweeps,
            "drive": compiled(full_loop.drive, shared),
            "third": number(1 / 3),
            "block": BLOCK,
        },
    )


def records(axon: Axon, precision: str) -> tuple[np.dtype[Any], np.dtype[Any], list[Any]]:
    """Record types of a compartment's coefficients, of its state, and of the channels per kind.

    Offsets inside a record are known to the compiler, which can then prove that the rows of one
    record do not overlap and turn the loops over lanes into vector code.
    """
    fixed = (
        "v_rest", "still", "c_ax", "c_my", "g_my", "leak", "within", "between", "inner", "outer",
        "shift",
    )  # fmt: skip
    moving = (
        "u", "p", "du", "dp", "before", "bend", "v", "su", "sp", "ia", "ib", "ic", "g", "ge",
        "drive_u", "drive_p",
    )  # fmt: skip
    sites = [
        np.dtype([
            ("gate", precision, (max(1, len(k.gates)), LANES)),
            ("density", precision, (len(k.currents), LANES)),
            ("warm", precision, (max(1, len(k.warmth(37.0)) + 3 * k.receptor), LANES)),
        ])
        for k in axon.kinds
    ]  # fmt: skip
    rows = [np.dtype([(n, precision, (LANES,)) for n in names]) for names in (fixed, moving)]
    return rows[0], rows[1], sites


def _freed(opened_at: Any, free: Any, membrane: Membrane) -> Any:
    state = membrane.voltage_gates
    return (
        inlined(lambda x, i: free(opened_at(x, i), x[state, i])) if membrane.receptor else opened_at
    )


_AT = {
    0: lambda a, i: (),
    1: lambda a, i: (a[0, i],),
    2: lambda a, i: (a[0, i], a[1, i]),
    3: lambda a, i: (a[0, i], a[1, i], a[2, i]),
    4: lambda a, i: (a[0, i], a[1, i], a[2, i], a[3, i]),
}
