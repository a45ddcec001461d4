"""Cables whose membrane counts ions, laid out for their compiled loop: blocks of lanes."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinel.cable.membranes import ions
from tinel.cable.membranes.ions import FARADAY_C_per_mol
from tinel.cable.solvers.condensed.blocks import in_blocks
from tinel.cable.solvers.condensed.prepare import Answer, Batch, Floats
from tinel.cable.solvers.ions.compile import loop

SLOW_STEPS, SLOW_ms = 4, 0.02  # how often slow gates move, at the least and at the most


def run(batch: Batch, diameter_um: Floats) -> Answer:
    """Run a batch of cables block by block on all cores; the last block repeats its last fibre."""
    compiled = loop(batch.membrane, batch.precision)  # type: ignore[arg-type]
    return in_blocks(batch, lambda block: _block(batch, diameter_um, block, compiled), spread=True)


def _block(batch: Batch, diameter_um: Floats, block: Any, compiled: Any) -> tuple[Any, ...]:
    real = np.dtype(batch.precision).type
    membrane: Any = batch.membrane
    points = len(batch.v_rest)
    rest = ions.rest(membrane, batch.temperature_C)
    g_na, g_k = membrane.conductance(rest.gates)
    per_mA = 1e4 / FARADAY_C_per_mol  # mM um per mA/cm2 ms
    sides = zip(membrane.inside_mM, membrane.outside_mM, strict=True)
    shell = (
        per_mA / membrane.shell_um, membrane.exchange_um_per_ms / membrane.shell_um,
        ions.thermal_mV(batch.temperature_C), *(c for pair in sides for c in pair),
    )  # fmt: skip
    still = (g_na, rest.leak[0], rest.pump[0], g_k, rest.leak[1], rest.pump[1])

    def lay(a: Floats) -> Any:
        return np.ascontiguousarray(a[..., block], real)

    def reals(values: tuple[Any, ...]) -> Any:
        return tuple(real(x) for x in values)

    see = np.zeros((0, points, len(block)), real) if batch.seen is None else lay(batch.seen["node"])
    v = lay(batch.v_rest)
    gates = np.broadcast_to(rest.gates[:, None, None], (len(rest.gates), *v.shape))
    spike, peak = np.full_like(v, -1), v.copy()
    (waveform,), (charge,) = batch.waveform, batch.driven["charge"]  # one channel
    traces = np.zeros((len(waveform), len(batch.keep_nodes), len(block)), real)
    recorded = np.zeros((len(waveform), len(see), len(block)), real)
    every = min(SLOW_STEPS, max(1, int(1.0001 * SLOW_ms / batch.dt_ms)))
    compiled(
        waveform.astype(real), np.array(gates, real), v, real(membrane.rest_mV),
        lay(batch.steps["area"]), lay(batch.steps["node_nF"]), lay(batch.steps["self_uS"][0]),
        lay(charge), lay(4 * per_mA / diameter_um), reals(shell), reals(still),
        see, np.array(batch.keep_nodes, np.int64), reals(membrane.warmth(batch.temperature_C)),
        real(batch.dt_ms), every, real(batch.level_mV), batch.first_step, spike, peak, traces,
        recorded,
    )  # fmt: skip
    found = np.where(spike < 0, np.nan, spike)
    return found.T, peak.T, v.T, np.moveaxis(traces, -1, 0), np.moveaxis(recorded, -1, 0)
