"""The measured fibre with active internodes: Gaines motor axon, 10 um, 21 nodes, 5 ms."""

from __future__ import annotations

from functools import cache

import numpy as np

from benchmarks import mrg
from benchmarks.case import Case, crossing, timed, travelled
from benchmarks.peers.families import GAINES
from tinel.cable.fibres.compartments import compartments
from tinel.cable.models import gaines
from tinel.cable.solvers.reference import full as full_oracle
from tinel.cable.stimulation.waveform import pulse_samples

FIBRE, BATCH, DT_ms = ("GAINES_MOTOR", 10.0), 1024, 0.005


@cache
def converged() -> float:
    """Velocity (m/s) by the plain solver, trapezoidal rule at 0.5 us, double precision."""
    at, dt, duration = GAINES.setup, 0.0005, 1.8
    shape = gaines.geometry(np.array([FIBRE[1]]))
    current = np.zeros(at.nodes)
    current[at.pushed] = at.current_nA
    truth = full_oracle.run(
        compartments(shape, at.nodes, gaines.MOTOR), 0, current_nA=current, dt_ms=dt,
        waveform=pulse_samples(duration, dt, at.start_ms, at.current_ms),
    )  # fmt: skip
    first, last = (crossing(truth.v_mV[:, k]) * dt for k in (at.first, at.last))
    return float((at.last - at.first) * shape["spacing"][0] * 1e-3 / (last - first))


CASE = Case(
    "Gaines motor 10 um, 21 nodes, 5 ms", GAINES, FIBRE, BATCH, DT_ms, mrg.STEPS_ms,
    timed(GAINES, FIBRE, BATCH), travelled(GAINES, FIBRE), converged,
)  # fmt: skip
