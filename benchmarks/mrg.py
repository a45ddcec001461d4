"""The measured fibre: MRG 10 um, 21 nodes, 5 ms. Its speed, its velocity and the converged one."""

from __future__ import annotations

import time
from functools import cache

import numpy as np

from benchmarks.case import Case, crossing, travelled
from benchmarks.peers.families import MRG
from tinel.cable.fibres.internode import elements, healthy
from tinel.cable.models import build as models
from tinel.cable.models import mrg
from tinel.cable.simulate import simulate
from tinel.cable.solvers.reference import double_cable as oracle
from tinel.cable.stimulation.electrode import point
from tinel.cable.stimulation.stimulus import pulse
from tinel.cable.stimulation.waveform import pulse_samples

NODES, DURATION_ms, START_ms, WIDTH_ms = 21, 5.0, 0.5, 0.1
PUSHED, STIMULATED, FIRST, LAST = 1, 10, 5, 12
BATCH, DT_ms = 1024, 0.005
DISTANCE_um, AMPLITUDE_mA = 1000.0, 0.27  # 1.5 times threshold
# the steps tried for a wanted accuracy, coarsest first; the same ladder for everyone
STEPS_ms = (
    0.01, 0.008, 0.00625, 0.005, 0.004, 0.0032, 0.0025, 0.002, 0.0016, 0.00125, 0.001, 0.0008,
    0.000625, 0.0005, 0.0004,
)  # fmt: skip


def seconds(
    dt_ms: float = DT_ms, batch: int = BATCH, field: bool = False, solver: str = "condensed"
) -> float:
    """Time of one call for a whole batch, everything from geometry to spikes.

    Driven by 5 nA into node 1, or by a cathode 1 mm above node 10 (``field``), each fibre with
    potentials of its own.
    """
    start = time.perf_counter()
    fibres = models.mrg(diameter_um=np.full(batch, 10.0), nodes=NODES, geometry="table")
    when = dict(start_ms=START_ms, width_ms=WIDTH_ms)
    if field:
        cathode = point(y_mm=DISTANCE_um / 1000, node=STIMULATED)
        stimulus = pulse(**when, electrode=cathode, amplitude_mA=-AMPLITUDE_mA)
    else:
        stimulus = pulse(**when, node=PUSHED, amplitude_nA=5.0)
    run = simulate(fibres, stimulus, duration_ms=DURATION_ms, dt_ms=dt_ms, solver=solver)
    if not np.all(run.status == 0):
        raise RuntimeError(f"fibres ended with status {np.unique(run.status)}")
    return time.perf_counter() - start


def off_percent(dt_ms: float = DT_ms) -> float:
    """How far the velocity at this step is from the converged one."""
    return CASE.off(CASE.velocity(dt_ms))


@cache
def converged() -> float:
    """Velocity (m/s) of the uncondensed fibre, second order at 0.5 us, double precision."""
    fibre = elements(mrg.table_geometry(np.array([10.0])), healthy(1))
    dt = 0.0005
    truth = oracle.run(
        fibre, 0, NODES, duration_ms=1.6, dt_ms=dt, theta=0.5, current_nA=_into_first()[0],
        waveform=pulse_samples(1.6, dt, START_ms, WIDTH_ms),
    )  # fmt: skip
    first, last = (crossing(truth.v_mV[:, k]) * dt for k in (FIRST, LAST))
    return float((LAST - FIRST) * fibre.spacing_um[0] * 1e-3 / (last - first))


def _into_first() -> np.ndarray:
    current = np.zeros((1, NODES))
    current[0, PUSHED] = 5.0
    return current


CASE = Case(
    "MRG 10 um, 21 nodes, 5 ms", MRG, ("MRG_DISCRETE", 10.0), BATCH, DT_ms, STEPS_ms, seconds,
    travelled(MRG, ("MRG_DISCRETE", 10.0)), converged,
)  # fmt: skip
