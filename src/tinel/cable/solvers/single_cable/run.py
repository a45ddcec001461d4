"""Single cables: points of membrane joined by axial resistors, in the loop the nodes run in.

    C dv_k/dt = -I_ion(v_k) + g (v_k-1 - 2 v_k + v_k+1) + g (e_k-1 - 2 e_k + e_k+1) + I_k,

e the potential of the medium, ends sealed. An unmyelinated fibre is such a cable of short
compartments; so is a myelinated one whose internodes insulate perfectly. To the compiled loop
(``condensed``) it is a chain of nodes whose internodes have no memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tinel.cable.fibres.single_cable import Cable, Floats
from tinel.cable.membranes.ions import IonMembrane
from tinel.cable.membranes.membrane import Membrane
from tinel.cable.solvers.arguments import (
    check_kept,
    check_lead,
    check_numbers,
    check_patterns,
    check_temperature,
)
from tinel.cable.solvers.condensed import blocks
from tinel.cable.solvers.condensed.prepare import Batch
from tinel.cable.solvers.ions import blocks as ion_blocks
from tinel.cable.solvers.response import Response, assembled, channels_of, response
from tinel.cable.stimulation.drive import Drive, at_ends
from tinel.errors import TinelError
from tinel.progress import Progress, silent


def simulate_cable(
    cable: Cable,
    points: int,
    stimulus: Drive | Sequence[Drive],
    membrane: Membrane | IonMembrane,
    *,
    dt_ms: float = 0.005,
    temperature_C: float = 37.0,
    level_mV: float = -30.0,
    keep_points: tuple[int, ...] = (),
    lead_mV_per_mA: Floats | None = None,
    precision: str = "float32",
    since_ms: float = 0.0,
    progress: Progress = silent,
) -> Response:
    """Run a batch of single cables.

    Args:
        cable: from ``cylinder`` or a fibre model (``sundt.fibre``); one fibre per row.
        points: compartments or nodes per fibre, at least 2; ends are sealed.
        stimulus: currents and potentials per point; the waveform's length sets the duration.
            Several add up; where the membrane counts ions they have to share one pattern.
        membrane: of every point (``sundt.MEMBRANE``, ``tigerholm.MEMBRANE``).
        dt_ms: step, 0.0001 to 0.05 ms.
        temperature_C: of the whole batch, 5 to 45.
        level_mV: potential whose upward crossing counts as the spike.
        keep_points: points whose potential is returned for every step.
        lead_mV_per_mA: lead fields ``(n_fibre, n_electrode, points)`` to record with.
        precision: ``float32`` or ``float64``.
        since_ms: crossings before this time are not spikes.
        progress: called when the batch is done.

    Raises:
        TinelError: an argument outside its range.

    Example:
        >>> import numpy as np
        >>> from tinel.cable.models import sundt
        >>> from tinel.cable.stimulation.waveform import pulse_samples
        >>> current = np.zeros((1, 361)); current[0, 0] = 0.5
        >>> stimulus = Drive(pulse_samples(9.0, 0.005, 0.1, 0.5), current)
        >>> r = simulate_cable(sundt.fibre(np.array([0.8])), 361, stimulus, sundt.MEMBRANE)
        >>> travel = r.spike_ms[0, 300] - r.spike_ms[0, 120]
        >>> bool(0.4 < 180 * 8.333e-3 / travel < 0.6)
        True
    """
    check_numbers(dt_ms, 0.05, level_mV, precision, since_ms)
    check_temperature(temperature_C)
    if points < 2:
        raise TinelError(f"points is {points} (allowed: 2 or more)")
    check_kept("keep_points", keep_points, points)
    channels = channels_of(stimulus)
    check_patterns(channels, len(cable.area_um2), points, points)
    check_lead(lead_mV_per_mA, len(cable.area_um2), points)
    steps = _steps(cable, points, dt_ms)
    seen = None if lead_mV_per_mA is None else _readout(cable, lead_mV_per_mA)
    counted = isinstance(membrane, IonMembrane)
    # the loop that counts ions is trapezoidal, the other looks at the end of a step
    each = [_drive(cable, points, one, dt_ms if counted else 2 * dt_ms / 3) for one in channels]
    driven = {n: np.concatenate([d[n] for d in each]) for n in each[0]}
    waveform = np.stack([one.waveform for one in channels])
    if not counted:
        waveform = at_ends(waveform)
    elif len(channels) > 1:
        waveform, driven["charge"] = _as_one(waveform, driven["charge"])
    if isinstance(membrane, IonMembrane):
        v = membrane.rest_mV
    else:
        v = resting_mV(membrane, temperature_C)
        conductance, current = membrane.steady(np.float64(v), temperature_C)
        steps["still"] += steps["area"] * (conductance * v - current)
    batch = Batch(
        membrane,  # type: ignore[arg-type]
        steps, driven, seen, waveform, np.full((points, len(cable.area_um2)), v),
        temperature_C, level_mV, dt_ms, keep_points, precision,
        round(since_ms / dt_ms) + (0 if counted else 1),
    )  # fmt: skip
    progress(0, 1, "simulating fibres")
    if not counted:
        found = response(blocks.run(batch, spread=True), level_mV, dt_ms)
        progress(1, 1, "simulating fibres")
        return found
    spike, peak, last, traces, recorded = ion_blocks.run(batch, cable.diameter_um)
    progress(1, 1, "simulating fibres")
    return assembled(spike * dt_ms, peak, last, traces, recorded, level_mV, dt_ms)


def _steps(cable: Cable, points: int, dt_ms: float) -> dict[str, Any]:
    g, nothing = cable.axial_uS[None], np.zeros((1, len(cable.axial_uS)))
    none = dict(decay=np.zeros((0, 1, g.size)), weight=np.zeros((0, 1, g.size)))
    return dict(
        own=2 * dt_ms / 3 * g, across=-2 * dt_ms / 3 * g, fast_own=nothing, fast_across=nothing,
        self_uS=g, mutual_uS=-g, even=none, odd=none, area=cable.area_um2 * 1e-2,
        node_nF=cable.capacitance_nF, still=np.zeros((points, g.size)),
    )  # fmt: skip


def _drive(cable: Cable, points: int, stimulus: Drive, held_ms: float) -> dict[str, Floats]:
    shape, none = (len(cable.area_um2), points), np.zeros((1, 0, 1, len(cable.area_um2)))
    charge = np.zeros(shape[::-1])
    if stimulus.current_nA is not None:
        charge += held_ms * np.broadcast_to(stimulus.current_nA, shape).T
    if stimulus.potential_mV is not None:
        outside = np.broadcast_to(stimulus.potential_mV, shape).T
        charge += held_ms * _gather(cable.axial_uS * np.diff(outside, axis=0))
    return dict(charge=charge[None], jump=np.zeros_like(charge)[None], even=none, odd=none)


def _as_one(waveform: Floats, charge: Floats) -> tuple[Floats, Floats]:
    # channels that drive in one pattern as one channel: their loop has room for no more
    pattern = charge[np.abs(charge).max(axis=(1, 2)).argmax()]
    size = np.vdot(pattern, pattern) or 1.0
    times = np.array([np.vdot(pattern, each) / size for each in charge])
    if not np.allclose(charge, times[:, None, None] * pattern, rtol=1e-9, atol=0.0):
        raise TinelError(
            f"{len(waveform)} stimuli at different places, or in different proportions from fibre "
            "to fibre, for a membrane that counts ions (allowed: one pattern along all fibres)",
            advice="run the fibres apart, or give one waveform",
        )
    return (times @ waveform)[None], pattern[None]


def _readout(cable: Cable, lead_mV_per_mA: Floats) -> dict[str, Floats]:
    # a current that leaves at k and returns at k+1 is seen by the rise of the lead field: uV per mV
    lead = np.moveaxis(lead_mV_per_mA, 0, -1)
    none = np.zeros((len(lead), 0, 1, lead.shape[-1]))
    rows = [_gather(cable.axial_uS * np.diff(e, axis=0)) for e in lead]
    return dict(node=1e-3 * np.array(rows), even=none, odd=none)


def resting_mV(membrane: Membrane, temperature_C: float) -> float:
    """Where a uniform membrane passes no current, gates settled (Newton's method).

    Raises:
        FloatingPointError: no such potential near ``membrane.rest_mV``.
    """

    def flow(v: float) -> float:
        g, driven = membrane.steady(np.float64(v), temperature_C)
        return float(g * v - driven)

    v = membrane.rest_mV
    for _ in range(60):
        step = flow(v) / ((flow(v + 1e-4) - flow(v - 1e-4)) / 2e-4)
        v -= float(np.clip(step, -5.0, 5.0))
        if abs(step) < 1e-10:
            return v
    raise FloatingPointError(f"no resting potential found for membrane {membrane.name!r}")


def _gather(flow: Floats) -> Floats:
    # what the flows between neighbours bring to each point; a flow runs from k+1 to k
    nothing = np.zeros((1, *flow.shape[1:]))
    return np.concatenate([flow, nothing]) - np.concatenate([nothing, flow])
