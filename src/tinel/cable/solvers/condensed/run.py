"""Myelinated fibres with passive internodes: each internode condensed to a few modes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tinel.cable.fibres.internode import Elements
from tinel.cable.membranes.membrane import Membrane
from tinel.cable.models import mrg
from tinel.cable.solvers.arguments import (
    check_kept,
    check_lead,
    check_nodes,
    check_numbers,
    check_patterns,
    check_temperature,
)
from tinel.cable.solvers.condensed import blocks, prepare
from tinel.cable.solvers.condensed.compile import LANES
from tinel.cable.solvers.condensed.condense import modes
from tinel.cable.solvers.condensed.drive import drive
from tinel.cable.solvers.condensed.prepare import Batch
from tinel.cable.solvers.condensed.rest import NoRestError, rest
from tinel.cable.solvers.lengths import by_length, first_internodes, first_nodes
from tinel.cable.solvers.parts import chunk_size, on_all_cores
from tinel.cable.solvers.response import Response, channels_of, joined, response
from tinel.cable.stimulation.drive import Drive, at_ends
from tinel.errors import TinelError
from tinel.progress import Progress, silent

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]


def simulate_condensed(
    elements: Elements,
    nodes: int | Ints,
    stimulus: Drive | Sequence[Drive],
    *,
    dt_ms: float = 0.005,
    temperature_C: float = 37.0,
    level_mV: float = -30.0,
    keep_nodes: tuple[int, ...] = (),
    lead_mV_per_mA: Floats | None = None,
    precision: str = "float32",
    method: str = "lanes",
    membrane: Membrane | None = None,
    since_ms: float = 0.0,
    progress: Progress = silent,
) -> Response:
    """Run a batch of fibres of any diameter and any pattern of sheaths.

    Args:
        elements: from ``internode.elements``; one fibre per row.
        nodes: nodes per fibre, at least 2; ends are sealed. One number, or one per fibre
            ``(n_fibre,)``: patterns, lead fields and answers are then as wide as the longest
            fibre needs, what lies beyond a fibre's end is ignored, and answers hold nan there.
        stimulus: pattern and waveform; the waveform's length sets the duration. Several channels,
            each with its own pattern and waveform of the same length, add up.
        dt_ms: step, 0.0001 to 0.02 ms.
        temperature_C: of the whole batch, 5 to 45.
        level_mV: potential whose upward crossing counts as the spike.
        keep_nodes: nodes whose potential is returned for every step.
        lead_mV_per_mA: lead fields ``(n_fibre, n_electrode, 11 n_node - 10)`` to record with.
        precision: ``float32`` or ``float64``.
        method: ``lanes``, compiled for processors, or ``jax``, for graphics cards and gradients;
            the same equations.
        membrane: of the nodes; MRG's as published if left out.
        since_ms: crossings before this time are not spikes (a test stimulus after another).
        progress: called with how many chunks are done; ``tinel.progress.watched`` draws a bar.

    Raises:
        TinelError: an argument outside its range, or channels of different length.
        NoRestError: fibres that fire by themselves.

    Example:
        >>> import numpy as np
        >>> from tinel.cable.models import mrg
        >>> from tinel.cable.fibres.internode import elements, healthy
        >>> from tinel.cable.stimulation.drive import Drive
        >>> from tinel.cable.stimulation.waveform import pulse_samples
        >>> fibre = elements(mrg.table_geometry(np.array([10.0])), healthy(1))
        >>> current = np.zeros((1, 21)); current[0, 1] = 5.0
        >>> r = simulate_condensed(fibre, 21, Drive(pulse_samples(1.5, 0.005, 0.1, 0.1), current))
        >>> travel = r.spike_ms[0, 12] - r.spike_ms[0, 5]
        >>> bool(55 < 7 * 1.15 / travel < 57)
        True
    """
    n_fibre, longest = len(elements.spacing_um), int(np.max(nodes))
    check_numbers(dt_ms, 0.02, level_mV, precision, since_ms)
    check_temperature(temperature_C)
    check_nodes(nodes, n_fibre)
    check_kept("keep_nodes", keep_nodes, int(np.min(nodes)))
    internodes = elements.axolemma_nF.shape[1]
    if internodes not in (1, longest - 1):
        raise TinelError(
            f"{internodes} internodes between {longest} nodes (allowed: {longest - 1}, or "
            "1 for all)"
        )
    if method not in ("lanes", "jax"):
        raise TinelError(f"method is {method!r} (allowed: 'lanes', 'jax')")
    channels = channels_of(stimulus)
    check_patterns(channels, n_fibre, longest, 11 * longest - 10)
    check_lead(lead_mV_per_mA, n_fibre, 11 * longest - 10)

    def run(rows: Ints, nodes: int) -> Response:
        def part(chunk: Ints) -> Response:
            at = rows[chunk]
            try:
                return _run(
                    first_internodes(elements, at, nodes), nodes,
                    [first_nodes(c, at, n_fibre, nodes) for c in channels],
                    dt_ms, temperature_C, level_mV, keep_nodes,
                    None if lead_mV_per_mA is None else lead_mV_per_mA[at, :, : 11 * nodes - 10],
                    precision, method, membrane or mrg.membrane(), round(since_ms / dt_ms),
                )  # fmt: skip
            except NoRestError as problem:
                restless = np.bincount(at[problem.fibres], minlength=n_fibre) > 0
                raise NoRestError(restless) from None

        at_once = None if method == "lanes" else 1  # JAX spreads its own work
        return joined(on_all_cores(part, _chunks(len(rows), method), progress, at_once), len(rows))

    if np.ndim(nodes) == 0:
        return run(np.arange(n_fibre), int(nodes))
    return by_length(np.asarray(nodes), run)


def _run(
    elements: Elements,
    nodes: int,
    channels: list[Drive],
    dt_ms: float,
    temperature_C: float,
    level_mV: float,
    keep_nodes: tuple[int, ...],
    lead: Floats | None,
    precision: str,
    method: str,
    membrane: Membrane,
    first_step: int,
) -> Response:
    parities = modes(elements)
    c = prepare.coefficients(elements, dt_ms, parities)
    v_rest = rest(elements, nodes, parities, temperature_C, membrane)
    g, ge = membrane.steady(v_rest, temperature_C)
    c["still"] = c["area"] * (g * v_rest - ge)
    each = [drive(elements, nodes, one, dt_ms, parities) for one in channels]
    driven = {n: np.stack(np.broadcast_arrays(*(d[n] for d in each))) for n in each[0]}
    seen = None if lead is None else prepare.readout(elements, nodes, lead, dt_ms, parities)
    batch = Batch(
        membrane,
        c, driven, seen, at_ends(np.stack([one.waveform for one in channels])), v_rest,
        temperature_C, level_mV, dt_ms, keep_nodes, precision, first_step + 1,
    )  # fmt: skip
    if method == "lanes":
        answer = blocks.run(batch)
    else:
        from tinel.cable.solvers.condensed import jax_loop as solve

        answer = solve.run(batch)
    return response(answer, level_mV, dt_ms)


def _chunks(n_fibre: int, method: str) -> list[Ints]:
    if method == "lanes":
        size = chunk_size(n_fibre, LANES)
        return [np.arange(k, min(k + size, n_fibre)) for k in range(0, n_fibre, size)]
    from tinel.cable.solvers.condensed.jax_loop import chunks

    return chunks(n_fibre)
