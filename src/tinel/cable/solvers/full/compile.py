"""Compiles ``full_loop`` for an axon's channels, and lays out the records it works on."""

from __future__ import annotations

import sys
from types import FunctionType
from typing import Any

import numpy as np

from tinel.cable.fibres.compartments import BLOCK
from tinel.cable.membranes import operations, receptor
from tinel.cable.membranes.channels import Axon, Channels
from tinel.cable.membranes.operations import on_lanes
from tinel.cable.models import mrg
from tinel.cable.solvers.compile_cache import each_gate, keep_in, once
from tinel.cable.solvers.condensed import prepare
from tinel.cable.solvers.condensed.prepare import CUBIC, QUADRATIC, STEEPEST_mV_per_ms
from tinel.cable.solvers.full import loop as full_loop

LANES = 16
FLAGS = {"nsz", "arcp", "contract", "afn", "reassoc"}


@once
def loop(axon: Axon, precision: str) -> Any:
    """Compile the loop for an axon's channels; seconds, once, then kept in the cache folder.

    The compiled function is ``full_loop.run``.
    """
    import numba

    op = on_lanes(precision)
    kinds = dict(zip(("node", "mysa", "flut", "stin"), axon.kinds, strict=True))
    modules = {sys.modules[k.formulas.__module__] for k in axon.kinds} | {
        mrg, operations, prepare, receptor, full_loop, sys.modules[__name__]
    }  # fmt: skip

    def compiled(code: Any, formulas: tuple[Any, ...], names: dict[str, Any]) -> Any:
        # Formulas enter as globals (see ``lanes_compile``).
        keep_in("full", modules, code.co_name, precision, *formulas)
        return numba.njit(fastmath=FLAGS, error_model="numpy", nogil=True, cache=True)(
            FunctionType(code, {"__name__": full_loop.__name__, **names}, code.co_name)
        )

    number = op.number
    shared = {"number": number, "zero": number(0), "one": number(1), "half": number(0.5)}
    sweeps = {}
    for kind, channels in kinds.items():
        rates, opened = channels.formulas(op)
        pull, free = receptor.formulas(op)
        warmths = len(channels.warmth(37.0))
        opened_at = each_gate(channels.voltage_gates, op.jit, opened)
        sweeps[f"sweep_{kind}"] = compiled(
            (full_loop.sweep if channels.gates else full_loop.no_sweep).__code__,
            _formulas(channels),
            {
                **shared, "rates": rates, "quadratic": number(QUADRATIC), "cubic": number(CUBIC),
                "steepest": number(STEEPEST_mV_per_ms),
                "opened_at": _freed(op.jit, opened_at, free, channels),
                "warmth_at": op.jit(_AT[warmths]),
                "reversal": tuple(number(e) for e in channels.reversal_mV),
                "gate_count": channels.voltage_gates, "current_count": len(channels.currents),
                "receptor": channels.receptor, "pull": pull, "first_drug": warmths,
                "held": channels.gates.index(receptor.GATE) if channels.receptor else 0,
            },
        )  # fmt: skip
    return compiled(
        full_loop.run.__code__,
        tuple(f for k in axon.kinds for f in _formulas(k)),
        {
            **shared,
            **sweeps,
            "drive": compiled(full_loop.drive.__code__, (), shared),
            "third": number(1 / 3),
            "block": BLOCK,
        },
    )


def _formulas(c: Channels) -> tuple[Any, ...]:
    return c.formulas, c.warmth, c.reversal_mV, c.gates, c.currents, c.receptor


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


def _freed(jit: Any, opened_at: Any, free: Any, channels: Channels) -> Any:
    state = channels.voltage_gates
    return jit(lambda x, i: free(opened_at(x, i), x[state, i])) if channels.receptor else opened_at


_AT = {
    0: lambda a, i: (),
    1: lambda a, i: (a[0, i],),
    2: lambda a, i: (a[0, i], a[1, i]),
    3: lambda a, i: (a[0, i], a[1, i], a[2, i]),
}
