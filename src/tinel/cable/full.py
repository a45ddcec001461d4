"""Fibres with any channels anywhere and any injury: a batch in, spikes and recordings out.

``simulate`` condenses passive internodes and is faster; here every compartment is kept, so that
internodes may be active and every place may have its own density, gating and temperature.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinel.cable.compartments import BLOCK, Compartments
from tinel.cable.full_compile import LANES, loop
from tinel.cable.full_layout import lay_out, records_of
from tinel.cable.simulate import Response
from tinel.cable.stimulus import Stimulus

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]

CHUNK = 256  # fibres laid out at a time, which bounds the memory


def simulate_full(
    c: Compartments,
    stimulus: Stimulus,
    *,
    dt_ms: float = 0.005,
    level_mV: float = -30.0,
    keep_nodes: tuple[int, ...] = (),
    lead_mV_per_mA: Floats | None = None,
    precision: str = "float32",
) -> Response:
    """Run a batch compartment by compartment.

    A fibre that has no rest starts from its channels' usual one and fires as it will.

    Args:
        c: from ``compartments``; one fibre per row.
        stimulus: pattern and waveform; the waveform's length sets the duration.
        dt_ms: step, 0.0001 to 0.01 ms.
        level_mV: potential whose upward crossing counts as the spike.
        keep_nodes: nodes whose potential is returned for every step.
        lead_mV_per_mA: lead fields ``(n_fibre, n_electrode, 11 n_node - 10)`` to record with.
        precision: ``float32`` or ``float64``.

    Raises:
        ValueError: an argument outside its range.

    Example:
        >>> from tinel.cable import gaines
        >>> from tinel.cable.compartments import compartments
        >>> from tinel.cable.stimulus import Stimulus, pulse
        >>> geometry = gaines.geometry(np.array([10.0]))
        >>> current = np.zeros((1, 21)); current[0, 1] = 5.0
        >>> r = simulate_full(
        ...     compartments(geometry, 21, gaines.MOTOR),
        ...     Stimulus(pulse(1.5, 0.005, 0.1, 0.1), current),
        ... )
        >>> travel = r.spike_ms[0, 12] - r.spike_ms[0, 5]
        >>> bool(50 < 7 * geometry["spacing"][0] / 1000 / travel < 52)
        True
    """
    if not 1e-4 <= dt_ms <= 0.01:
        raise ValueError(f"dt_ms is {dt_ms:g}; legal: 0.0001 to 0.01")
    if precision not in ("float32", "float64"):
        raise ValueError(f"precision is {precision!r}; legal: 'float32', 'float64'")
    count, steps = len(c.axolemma_nF), len(stimulus.waveform)
    compiled = loop(c.axon, precision)

    def some(a: Floats | None, rows: slice) -> Floats | None:
        return None if a is None else np.broadcast_to(a, (count, *a.shape[1:]))[rows]

    def chunk(rows: slice) -> tuple[Floats, ...]:
        part = c.rows(rows)
        field, current = (some(a, rows) for a in (stimulus.potential_mV, stimulus.current_nA))
        laid = lay_out(part, field, current, dt_ms, some(lead_mV_per_mA, rows))
        last = len(part.axolemma_nF) - 1
        blocks = [np.minimum(np.arange(k, k + LANES), last) for k in range(0, last + 1, LANES)]
        done = pool.map(lambda b: block(part, laid, b), blocks)
        return tuple(np.concatenate(x)[: last + 1] for x in zip(*done, strict=True))

    def block(part: Compartments, laid: dict[str, Any], rows: Ints) -> tuple[Any, ...]:
        coefficient, state, sites, see = records_of(part, laid, rows, precision)
        v = np.ascontiguousarray(coefficient["v_rest"][1:-1:BLOCK])
        real = v.dtype.type
        spike, peak, last = np.full_like(v, -1), v.copy(), v.copy()
        traces = np.zeros((steps, len(keep_nodes), LANES), real)
        recorded = np.zeros((steps, len(see[0]), LANES), real)
        compiled(
            _at_the_end_of_steps(stimulus.waveform).astype(real), coefficient, state,
            *(at + 1 for at in part.at), *sites, *see, np.array(keep_nodes, np.int64),
            real(dt_ms), real(level_mV), spike, peak, last, traces, recorded,
        )  # fmt: skip
        found = np.where(spike < 0, np.nan, spike)
        return found.T, peak.T, last.T, np.moveaxis(traces, -1, 0), np.moveaxis(recorded, -1, 0)

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        parts = [chunk(slice(k, k + CHUNK)) for k in range(0, count, CHUNK)]
    spike, peak, last, traces, recorded = (
        np.concatenate(part).astype(float) for part in zip(*parts, strict=True)
    )
    status = np.zeros(count, int)
    status[np.all(np.isnan(spike), axis=1)] = 1
    status[np.any(last > level_mV, axis=1)] = 3
    status[~np.all(np.isfinite(last), axis=1)] = 2
    return Response(
        spike * dt_ms, peak, status, traces if keep_nodes else None,
        None if lead_mV_per_mA is None else recorded, dt_ms,
    )  # fmt: skip


def _at_the_end_of_steps(waveform: Floats) -> Floats:
    # The formula lags half a step behind a drive held over the step: take the mean of this step
    # and the next, and give the first step what that would lose.
    after = np.append(waveform[1:], waveform[-1:])
    mean = (waveform + after) / 2
    mean[:1] += waveform[:1] / 2
    return mean
