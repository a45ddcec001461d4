"""A batch laid out for the compiled loop, one block of lanes after another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinel.cable.solvers.condensed.compile import LANES, loop, records
from tinel.cable.solvers.condensed.prepare import Answer, Batch, Floats
from tinel.cable.solvers.parts import on_all_cores


def run(batch: Batch, spread: bool = False) -> Answer:
    """Run a batch block by block, or on all cores (``spread``).

    The last block repeats its last fibre to fill its lanes.
    """
    return in_blocks(batch, lambda block: _block(batch, block), spread)


def in_blocks(
    batch: Batch, compute: Callable[[NDArray[np.int_]], tuple[Any, ...]], spread: bool
) -> Answer:
    """The answers of all blocks of lanes as one; ``compute`` answers for the fibres of a block."""
    n_fibre = batch.v_rest.shape[1]
    blocks = [np.minimum(np.arange(k, k + LANES), n_fibre - 1) for k in range(0, n_fibre, LANES)]
    parts = on_all_cores(compute, blocks) if spread else [compute(block) for block in blocks]
    spike, peak, last, traces, recorded = (
        np.concatenate(part)[:n_fibre].astype(float) for part in zip(*parts, strict=True)
    )
    return (
        spike, peak, last, traces if batch.keep_nodes else None,
        None if batch.seen is None else recorded,
    )  # fmt: skip


def _block(batch: Batch, block: NDArray[np.int_]) -> tuple[Any, ...]:
    real = np.dtype(batch.precision).type
    nodes = len(batch.v_rest)
    steps, driven, seen = batch.steps, batch.driven, batch.seen
    duration = batch.waveform.shape[1]
    slow = max(steps[p]["decay"].shape[0] for p in ("even", "odd"))
    used = len(batch.waveform)
    # a loop is compiled for a number of channels: 1, or a multiple of 4 of which some stay silent
    channels = used if used <= 1 else -(-used // 4) * 4
    r = records(len(batch.membrane.gates), slow, channels, batch.precision)

    def reals(values: tuple[float, ...]) -> Any:
        return tuple(real(x) for x in values)

    def lay(a: Floats) -> Any:
        # fibres last, in the working precision
        return np.ascontiguousarray(_of(a, block), real)

    def modes(a: Floats) -> Any:
        # mode, internode, fibre -> internode, mode, lane; absent modes stay zero
        wide = np.zeros((nodes - 1, slow, LANES), real)
        wide[:, : len(a)] = _of(a, block).swapaxes(0, 1)
        return wide

    fibre, node, state, work = (
        np.zeros(count, kind)
        for count, kind in ((1, r.fibre), (nodes, r.node), (nodes + 2, r.state), (1, r.work))
    )
    h = 2 * batch.dt_ms / 3
    fibre["area"] = h * _of(steps["area"], block)
    fibre["node_nF"] = _of(steps["node_nF"], block)
    node["v_rest"] = _of(batch.v_rest, block)
    node["still"] = h * _of(steps["still"], block)
    node["drive"][:, :used] = _of(driven["charge"], block).swapaxes(0, 1)
    state["spike"] = -1
    for name in ("v", "peak"):
        state[name][1:-1] = node["v_rest"]
    # equal internodes share one record, which then stays in the innermost cache; the last is empty
    kinds = steps["even"]["decay"].shape[1]
    internode = np.zeros(kinds + 1, r.internode)
    for name, a in (
        ("across", steps["across"]), ("own", steps["own"]),
        ("fast_own", steps["fast_own"]), ("fast_across", steps["fast_across"]),
        ("own_g", h * steps["self_uS"]), ("mutual_g", h * steps["mutual_uS"]),
    ):  # fmt: skip
        internode[name][:-1] = _of(a, block)
    for p in ("even", "odd"):
        for name, a in steps[p].items():
            internode[f"{p}_{name}"][:-1, : len(a)] = _of(a, block).swapaxes(0, 1)
    inner = np.zeros(nodes - 1, int) if kinds == 1 else np.arange(nodes - 1)
    kind = np.concatenate([[kinds], inner, [kinds]])
    silent = not (np.any(driven["even"]) or np.any(driven["odd"]))
    push = [
        np.zeros((0, 0, slow, LANES), real)
        if silent
        else np.array([modes(channel) for channel in driven[p]])
        for p in ("even", "odd")
    ]
    if seen is None:
        views = [np.zeros((0, nodes, LANES), real), *[np.zeros((0, 0, slow, LANES), real)] * 2]
    else:
        views = [
            lay(seen["node"]),
            *(np.array([modes(e) for e in seen[p]]) for p in ("even", "odd")),
        ]
    traces = np.zeros((duration, len(batch.keep_nodes), LANES), real)
    recorded = np.zeros((duration, len(views[0]), LANES), real)
    membrane = batch.membrane
    loop(membrane, batch.precision, slow)(
        batch.waveform.astype(real), fibre, node, internode, kind, state, work,
        lay(driven["jump"]), *push, *views, np.array(batch.keep_nodes, np.int64),
        reals(membrane.warmth(batch.temperature_C)), reals(membrane.density_S_per_cm2),
        reals(membrane.reversal_mV),
        real(batch.dt_ms), real(batch.level_mV), batch.first_step, traces, recorded,
    )  # fmt: skip
    x = state[1:-1]
    spike = np.where(x["spike"] < 0, np.nan, x["spike"])
    return spike.T, x["peak"].T, x["v"].T, np.moveaxis(traces, -1, 0), np.moveaxis(recorded, -1, 0)


def _of(a: Floats, block: NDArray[np.int_]) -> Floats:
    # the block's fibres; what all fibres share stays as it is
    a = np.asarray(a)
    return a if a.ndim == 0 or a.shape[-1] == 1 else a[..., block]
