"""A batch run by the loop that keeps every compartment: chunk by chunk, blocks on all cores."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinel.cable.compartments import BLOCK, Compartments
from tinel.cable.full_compile import LANES, loop
from tinel.cable.full_layout import lay_out, records_of
from tinel.cable.moment import CHUNK, MOVING, Moment, at_rest, joined
from tinel.cable.stimulus import Stimulus
from tinel.progress import Progress, silent

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]


def run(
    c: Compartments,
    channels: Sequence[Stimulus],
    start: Moment | None,
    *,
    end_step: int,
    dt_ms: float,
    precision: str,
    level_mV: float,
    first_step: int = 0,
    keep_nodes: tuple[int, ...] = (),
    lead: Floats | None = None,
    keep_moment: bool = False,
    progress: Progress = silent,
) -> tuple[Floats, Floats, Floats, Floats, Floats, Moment | None]:
    """From ``start`` (or rest) to ``end_step``: spikes (in steps from the very beginning, nan for
    none), peaks, last potentials, traces, recordings, and the moment reached if it is wanted."""
    count = len(c.axolemma_nF)
    compiled = loop(c.axon, precision)
    drive = np.array([_at_the_end_of_steps(one.waveform) for one in channels], precision)
    begin = 0 if start is None else start.step
    waveform = np.ascontiguousarray(drive[:, begin:end_step])

    def some(a: Floats | None, rows: slice) -> Floats | None:
        return None if a is None else np.broadcast_to(a, (count, *a.shape[1:]))[rows]

    def chunk(rows: slice) -> tuple[Any, ...]:
        part = c.rows(rows)
        now = at_rest(part) if start is None else start.rows(rows)
        patterns = [
            replace(one, current_nA=some(one.current_nA, rows),
                    potential_mV=some(one.potential_mV, rows))
            for one in channels
        ]  # fmt: skip
        laid = lay_out(part, now, patterns, dt_ms, some(lead, rows))
        last = len(part.axolemma_nF) - 1
        blocks = [np.minimum(np.arange(k, k + LANES), last) for k in range(0, last + 1, LANES)]
        done = pool.map(lambda b: block(part, laid, b), blocks)
        arrays = [np.concatenate(x)[: last + 1] for x in zip(*done, strict=True)]
        found, moving, gates = arrays[:5], arrays[5], tuple(arrays[6:])
        reached = replace(now, step=end_step, dt_ms=dt_ms, moving_mV=moving, gate=gates)
        return *found, reached if keep_moment else None

    def block(part: Compartments, laid: dict[str, Any], rows: Ints) -> tuple[Any, ...]:
        pattern, coefficient, state, sites, see = records_of(part, laid, rows, precision)
        v = coefficient["v_rest"][1:-1:BLOCK] + state["u"][1:-1:BLOCK]
        real = v.dtype.type
        spike, peak, last = np.full_like(v, -1), v.copy(), v.copy()
        steps = waveform.shape[1]
        traces = np.zeros((steps, len(keep_nodes), LANES), real)
        recorded = np.zeros((steps, len(see[0]), LANES), real)
        compiled(
            waveform, pattern, coefficient, state, *(at + 1 for at in part.at), *sites, *see,
            np.array(keep_nodes, np.int64), real(dt_ms), real(level_mV), first_step - begin,
            spike, peak, last, traces, recorded,
        )  # fmt: skip
        found = np.where(spike < 0, np.nan, spike + begin)
        moving = np.array([state[n][1:-1] for n in MOVING])
        gates = (
            s["gate"][:, : len(k.gates)].transpose(2, 1, 0)
            for s, k in zip(sites, part.axon.kinds, strict=True)
        )
        return (
            found.T, peak.T, last.T, np.moveaxis(traces, -1, 0), np.moveaxis(recorded, -1, 0),
            np.moveaxis(moving, -1, 0), *gates,
        )  # fmt: skip

    parts = []
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for k in range(0, count, CHUNK):
            parts.append(chunk(slice(k, k + CHUNK)))
            progress(min(k + CHUNK, count), count, "fibres")
    *arrays, moments = zip(*parts, strict=True)
    spike, peak, last, traces, recorded = (np.concatenate(a).astype(float) for a in arrays)
    return spike, peak, last, traces, recorded, joined(list(moments)) if keep_moment else None


def _at_the_end_of_steps(waveform: Floats) -> Floats:
    # The formula lags half a step behind a drive held over the step: take the mean of this step
    # and the next, and give the first step what that would lose.
    after = np.append(waveform[1:], waveform[-1:])
    mean = (waveform + after) / 2
    mean[:1] += waveform[:1] / 2
    return mean
