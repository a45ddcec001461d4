"""A batch laid out for the compiled loop: blocks of lanes, computed on all cores at once."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from tinel.cable.lanes import LANES, loop
from tinel.cable.prepare import Answer, Batch, Floats


def run(batch: Batch) -> Answer:
    """Run a batch block by block; the last block repeats its last fibre to fill its lanes."""
    n_fibre = batch.v_rest.shape[1]
    blocks = [np.minimum(np.arange(k, k + LANES), n_fibre - 1) for k in range(0, n_fibre, LANES)]
    compiled = loop(batch.membrane, batch.precision)
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        parts = list(pool.map(lambda block: _block(batch, block, compiled), blocks))
    spike, peak, last, traces, recorded = (
        np.concatenate(part)[:n_fibre].astype(float) for part in zip(*parts, strict=True)
    )
    return (
        spike, peak, last, traces if batch.keep_nodes else None,
        None if batch.seen is None else recorded,
    )  # fmt: skip


def _block(batch: Batch, block: Any, compiled: Any) -> tuple[Any, ...]:
    real = np.dtype(batch.precision).type
    nodes, n_fibre = batch.v_rest.shape
    steps, driven, seen = batch.steps, batch.driven, batch.seen
    slow = max(steps[p]["decay"].shape[0] for p in ("even", "odd"))

    def lay(a: Floats, *lead: int) -> Any:
        # every axis written out, fibres last, in the working precision
        wide = np.broadcast_to(a, (*(lead or a.shape[:-1]), n_fibre))
        return np.ascontiguousarray(wide[..., block], real)

    def modes(a: Floats) -> Any:
        wide = np.zeros((slow, nodes - 1, len(block)), real)
        wide[: a.shape[0]] = np.broadcast_to(a, (a.shape[0], nodes - 1, n_fibre))[..., block]
        return np.ascontiguousarray(wide.swapaxes(0, 1))

    silent = not (np.any(driven["even"]) or np.any(driven["odd"]))
    none = np.zeros((0, 0, slow, LANES), real)
    push = [
        none if silent else np.array([modes(channel) for channel in driven[p]])
        for p in ("even", "odd")
    ]
    if seen is None:
        views = [
            np.zeros((0, nodes, LANES), real),
            *[np.zeros((0, nodes - 1, slow, LANES), real)] * 2,
        ]
    else:
        views = [
            lay(seen["node"]),
            *(np.array([modes(e) for e in seen[p]]) for p in ("even", "odd")),
        ]
    v = lay(batch.v_rest)
    spike, peak = np.full_like(v, -1), v.copy()
    steps_run = batch.waveform.shape[1]
    traces = np.zeros((steps_run, len(batch.keep_nodes), LANES), real)
    recorded = np.zeros((steps_run, len(views[0]), LANES), real)
    compiled(
        batch.waveform.astype(real), v, lay(batch.v_rest), lay(steps["still"]),
        lay(steps["area"]), lay(steps["node_nF"]),
        *(lay(steps[n], nodes - 1) for n in ("own", "across", "self_uS", "mutual_uS")),
        *(modes(steps[p][n]) for p in ("even", "odd") for n in ("decay", "weight")),
        lay(driven["charge"]), lay(driven["jump"]), *push, *views,
        np.array(batch.keep_nodes, np.int64),
        tuple(real(w) for w in batch.membrane.warmth(batch.temperature_C)),
        real(batch.dt_ms), real(batch.level_mV), batch.first_step, spike, peak, traces, recorded,
    )  # fmt: skip
    found = np.where(spike < 0, np.nan, spike)
    return found.T, peak.T, v.T, np.moveaxis(traces, -1, 0), np.moveaxis(recorded, -1, 0)
