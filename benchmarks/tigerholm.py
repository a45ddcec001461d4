"""The measured C fibre: Tigerholm, 1 um, 181 compartments of 8.333 um, 6 ms."""

from __future__ import annotations

from functools import cache

import numpy as np

from benchmarks import mrg
from benchmarks.case import Case, crossing, timed, travelled
from benchmarks.peers.families import C_FIBRES
from tinel.cable.models import tigerholm
from tinel.cable.solvers.reference import single_cable as cable_oracle
from tinel.cable.stimulation.waveform import pulse_samples

FIBRE, BATCH, DT_ms = ("TIGERHOLM", 1.0), 1024, 0.005
STEPS_ms = (0.05, 0.04, 0.032, 0.025, 0.02, 0.016, 0.0125, *mrg.STEPS_ms)


@cache
def converged() -> float:
    """Velocity (m/s) by the plain solver, trapezoidal rule at 1 us, double precision."""
    at, dt, duration = C_FIBRES.setup, 0.001, 3.0
    cable = tigerholm.fibre(np.array([FIBRE[1]]))
    current = np.zeros(at.nodes)
    current[at.pushed] = at.current_nA
    truth = cable_oracle.run(
        cable, 0, at.nodes, tigerholm.MEMBRANE, duration_ms=duration, dt_ms=dt, theta=0.5,
        current_nA=current, waveform=pulse_samples(duration, dt, at.start_ms, at.current_ms),
    )  # fmt: skip
    first, last = (crossing(truth.v_mV[:, k]) * dt for k in (at.first, at.last))
    return float((at.last - at.first) * cable.spacing_um[0] * 1e-3 / (last - first))


CASE = Case(
    "Tigerholm 1 um, 181 points, 6 ms", C_FIBRES, FIBRE, BATCH, DT_ms, STEPS_ms,
    timed(C_FIBRES, FIBRE, BATCH), travelled(C_FIBRES, FIBRE), converged,
)  # fmt: skip
