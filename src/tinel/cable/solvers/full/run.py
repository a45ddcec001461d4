"""Fibres with any channels anywhere and any injury: a batch in, spikes and recordings out.

``simulate`` condenses passive internodes and is faster; here every compartment is kept, so that
internodes may be active and every place may have its own density, gating and temperature.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tinel.cable.fibres.compartments import Compartments
from tinel.cable.solvers.arguments import check_kept, check_lead, check_numbers, check_patterns
from tinel.cable.solvers.full import blocks as full_blocks
from tinel.cable.solvers.full.checkpoint import Checkpoint, marks
from tinel.cable.solvers.response import Response, assembled, channels_of
from tinel.cable.stimulation.drive import Drive
from tinel.errors import TinelError
from tinel.progress import Progress, silent

Floats = NDArray[np.float64]


def simulate_full(
    c: Compartments,
    stimulus: Drive | Sequence[Drive],
    *,
    dt_ms: float = 0.005,
    level_mV: float = -30.0,
    keep_nodes: tuple[int, ...] = (),
    lead_mV_per_mA: Floats | None = None,
    precision: str = "float32",
    since_ms: float = 0.0,
    start: Checkpoint | None = None,
    progress: Progress = silent,
) -> Response:
    """Run a batch compartment by compartment.

    A fibre that has no rest starts from its channels' usual one and fires as it will.

    Args:
        c: from ``compartments``; one fibre per row.
        stimulus: pattern and waveform; the waveform's length sets the duration. Several channels,
            each with its own pattern and waveform of the same length, add up.
        dt_ms: step, 0.0001 to 0.01 ms.
        level_mV: potential whose upward crossing counts as the spike.
        keep_nodes: nodes whose potential is returned for every step.
        lead_mV_per_mA: lead fields ``(n_fibre, n_electrode, 11 n_node - 10)`` to record with.
        precision: ``float32`` or ``float64``.
        since_ms: crossings before this time are not spikes (a test stimulus after another).
        start: the checkpoint to go on from instead of rest (``run_until``). Times count from rest
            and waveforms cover all of it; spikes, peaks and recordings begin at ``start``.
        progress: called with how many chunks are done; ``tinel.progress.watched`` draws a bar.

    Raises:
        TinelError: an argument outside its range, channels of different length, or a start with
            another step or beyond the waveform.

    Example:
        >>> from tinel.cable.models import gaines
        >>> from tinel.cable.fibres.compartments import compartments
        >>> from tinel.cable.stimulation.drive import Drive
        >>> from tinel.cable.stimulation.waveform import pulse_samples
        >>> geometry = gaines.geometry(np.array([10.0]))
        >>> current = np.zeros((1, 21)); current[0, 1] = 5.0
        >>> r = simulate_full(
        ...     compartments(geometry, 21, gaines.MOTOR),
        ...     Drive(pulse_samples(1.5, 0.005, 0.1, 0.1), current),
        ... )
        >>> travel = r.spike_ms[0, 12] - r.spike_ms[0, 5]
        >>> bool(50 < 7 * geometry["spacing"][0] / 1000 / travel < 52)
        True
    """
    channels = _checked(c, stimulus, dt_ms, precision, start, level_mV, since_ms)
    check_kept("keep_nodes", keep_nodes, c.nodes)
    check_lead(lead_mV_per_mA, len(c.axolemma_nF), len(c.kind))
    spike, peak, last, traces, recorded, _ = full_blocks.run(
        c, channels, start, end_step=len(channels[0].waveform), dt_ms=dt_ms, precision=precision,
        level_mV=level_mV, first_step=round(since_ms / dt_ms), keep_nodes=keep_nodes,
        lead=lead_mV_per_mA, progress=progress,
    )  # fmt: skip
    return assembled(
        spike * dt_ms, peak, last, traces if keep_nodes else None,
        None if lead_mV_per_mA is None else recorded, level_mV, dt_ms,
    )  # fmt: skip


def run_until(
    c: Compartments,
    stimulus: Drive | Sequence[Drive],
    until_ms: float,
    *,
    dt_ms: float = 0.005,
    precision: str = "float32",
    level_mV: float = -30.0,
    start: Checkpoint | None = None,
) -> tuple[Checkpoint, Floats]:
    """The checkpoint a batch has reached, from which ``simulate_full`` goes on as if never stopped.

    Arguments as there; ``until_ms`` at most the waveform's length (where it ends there, its last
    sample is taken to last: give one sample more if it does not). Also returns ``(n_fibre,
    n_node)`` the first spikes (ms, nan for none) from ``start`` on.

    Example:
        >>> from tinel.cable.models import gaines
        >>> from tinel.cable.fibres.compartments import compartments
        >>> from tinel.cable.stimulation.drive import Drive
        >>> from tinel.cable.stimulation.waveform import pulse_samples
        >>> c = compartments(gaines.geometry(np.array([10.0])), 21, gaines.MOTOR)
        >>> current = np.zeros((1, 21)); current[0, 1] = 5.0
        >>> push = Drive(pulse_samples(1.5, 0.005, 0.1, 0.1), current)
        >>> halfway, _ = run_until(c, push, 0.4)
        >>> parts, whole = (simulate_full(c, push, start=s) for s in (halfway, None))
        >>> bool(parts.spike_ms[0, 18] == whole.spike_ms[0, 18])
        True
    """
    channels = _checked(c, stimulus, dt_ms, precision, start, level_mV)
    end, first = round(until_ms / dt_ms), 0 if start is None else start.step
    if not first <= end <= len(channels[0].waveform):
        allowed = f"{first * dt_ms:g} to {len(channels[0].waveform) * dt_ms:g}"
        raise TinelError(f"until_ms is {until_ms:g} (allowed: {allowed}, where the waveform ends)")
    spike, *_, reached = full_blocks.run(
        c, channels, start, end_step=end, dt_ms=dt_ms, precision=precision, level_mV=level_mV,
        keep_checkpoint=True,
    )  # fmt: skip
    assert reached is not None
    return reached, spike * dt_ms


def _checked(
    c: Compartments,
    stimulus: Drive | Sequence[Drive],
    dt_ms: float,
    precision: str,
    start: Checkpoint | None,
    level_mV: float,
    since_ms: float = 0.0,
) -> tuple[Drive, ...]:
    check_numbers(dt_ms, 0.01, level_mV, precision, since_ms)
    channels = channels_of(stimulus)
    check_patterns(channels, len(c.axolemma_nF), c.nodes, len(c.kind))
    if start is not None and not _same(start.of_fibres, marks(c)):
        raise TinelError(
            "start is a checkpoint of other fibres (allowed: one of these, in this order)"
        )
    if start is not None and start.step > 0:
        if start.dt_ms != dt_ms:
            raise TinelError(f"dt_ms is {dt_ms:g} (allowed: {start.dt_ms:g}, as up to the start)")
        if start.step > len(channels[0].waveform):
            raise TinelError(
                f"waveforms have {len(channels[0].waveform)} steps (allowed: "
                f"{start.step} or more, from rest on)"
            )
    return channels


def _same(a: NDArray[np.uint64], b: NDArray[np.uint64]) -> bool:
    return bool(np.array_equal(a, b))
