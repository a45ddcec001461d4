"""A batch run by the loop that keeps every compartment: chunks on all cores, block by block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinel.cable.fibres.compartments import Compartments
from tinel.cable.fibres.double_cable import BLOCK
from tinel.cable.solvers.full.checkpoint import MOVING, Checkpoint, at_rest, joined
from tinel.cable.solvers.full.compile import LANES, loop
from tinel.cable.solvers.full.layout import lay_out, records_of
from tinel.cable.solvers.parts import chunk_size, on_all_cores
from tinel.cable.stimulation.drive import Drive, at_ends
from tinel.progress import Progress, silent

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]


def run(
    c: Compartments,
    channels: Sequence[Drive],
    start: Checkpoint | None,
    *,
    end_step: int,
    dt_ms: float,
    precision: str,
    level_mV: float,
    first_step: int = 0,
    keep_nodes: tuple[int, ...] = (),
    lead: Floats | None = None,
    keep_checkpoint: bool = False,
    progress: Progress = silent,
) -> tuple[Floats, Floats, Floats, Floats, Floats, Checkpoint | None]:
    """From ``start`` (or rest) to ``end_step``: spikes (in steps from the very beginning, nan for
    none), peaks, last potentials, traces, recordings, and the checkpoint reached if wanted."""
    count = len(c.axolemma_nF)
    compiled, real = loop(c.axon, precision), np.dtype(precision).type
    reversal = tuple(tuple(real(e) for e in kind.reversal_mV) for kind in c.axon.kinds)
    drive = np.array([at_ends(one.waveform) for one in channels], precision)
    begin = 0 if start is None else start.step
    lead_in = int(begin == 0 and end_step > 0)  # the step before the waveforms begin
    waveform = np.ascontiguousarray(drive[:, begin + 1 - lead_in : end_step + 1])

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
        done = [block(part, laid, b) for b in blocks]
        arrays = [np.concatenate(x)[: last + 1] for x in zip(*done, strict=True)]
        found, moving, gates = arrays[:5], arrays[5], tuple(arrays[6:])
        reached = replace(now, step=end_step, dt_ms=dt_ms, moving_mV=moving, gate=gates)
        return *found, reached if keep_checkpoint else None

    def block(part: Compartments, laid: dict[str, Any], rows: Ints) -> tuple[Any, ...]:
        pattern, coefficient, state, sites, see = records_of(part, laid, rows, precision)
        v = coefficient["v_rest"][1:-1:BLOCK] + state["u"][1:-1:BLOCK]
        spike, peak, last = np.full_like(v, -1), v.copy(), v.copy()
        steps = waveform.shape[1]
        traces = np.zeros((steps, len(keep_nodes), LANES), real)
        recorded = np.zeros((steps, len(see[0]), LANES), real)
        compiled(
            waveform, pattern, coefficient, state, *(at + 1 for at in part.at), *sites, reversal,
            *see, np.array(keep_nodes, np.int64), real(dt_ms), real(level_mV),
            first_step - begin + lead_in, spike, peak, last, traces, recorded,
        )  # fmt: skip
        found = np.where(spike < 0, np.nan, spike + begin - lead_in)
        moving = np.array([state[n][1:-1] for n in MOVING])
        gates = (
            s["gate"][:, : len(k.gates)].transpose(2, 1, 0)
            for s, k in zip(sites, part.axon.kinds, strict=True)
        )
        return (
            found.T, peak.T, last.T, np.moveaxis(traces[lead_in:], -1, 0),
            np.moveaxis(recorded[lead_in:], -1, 0), np.moveaxis(moving, -1, 0), *gates,
        )  # fmt: skip

    size = chunk_size(count, LANES)
    parts = on_all_cores(chunk, [slice(k, k + size) for k in range(0, count, size)], progress)
    *arrays, checkpoints = zip(*parts, strict=True)
    spike, peak, last, traces, recorded = (np.concatenate(a).astype(float) for a in arrays)
    reached = joined(list(checkpoints)) if keep_checkpoint else None
    return spike, peak, last, traces, recorded, reached
