"""NEURON's MRG fibre, its sections laid by pyfibers: thresholds, velocities and times.

Reads ``{"task": ..., ...}`` from standard input; the functions below say what each task takes.
Backward Euler with NEURON's two extracellular layers, all nodes active, start from rest reached in
200 ms. NEURON's other schemes are no choice here: ``secondorder = 2`` converges to 74 m/s where the
equations say 56 (the extracellular layers ignore it), and DASPK stops with an integrator error.
"""

import json
import sys
import time
from importlib.metadata import version

import numpy as np
from neuron import h
from pyfibers import FiberModel, build_fiber

NODES, DURATION_ms, START_ms = 21, 5.0, 0.5
LEVEL_mV, REST_mV, SIGMA_S_per_m = -30.0, -80.0, 0.3
PUSHED, STIMULATED, FIRST, LAST, WATCHED = 1, 10, 5, 12, 18


def lay(model, diameter_um):
    """Sections of one fibre; pyfibers would make the end nodes passive."""
    fibre = build_fiber(
        FiberModel[model], diameter=diameter_um, n_nodes=NODES, temperature=37,
        passive_end_nodes=False,
    )  # fmt: skip
    h.celsius = 37
    if h.nlayer_extracellular() != 2:  # one layer moves the threshold by 9 %
        raise RuntimeError("two extracellular layers expected")
    return fibre


def settle(fibre, dt_ms):
    """To rest, clock at zero."""
    apply(fibre, np.zeros(len(fibre.sections)))
    h.secondorder = 0
    h.dt = 5.0
    h.finitialize(REST_mV)
    h.t = -200.0
    for _ in range(40):
        h.fadvance()
    h.t = 0.0
    h.dt = dt_ms
    h.fcurrent()
    h.frecord_init()


def apply(fibre, potential_mV):
    """The medium's potential beside every section, until changed."""
    for section, value in zip(fibre.sections, potential_mV, strict=True):
        section(0.5).e_extracellular = value


def advance(duration_ms, dt_ms):
    for _ in range(round(duration_ms / dt_ms)):
        h.fadvance()


def thresholds(cases, dt_ms, tolerance):
    """Cathodic thresholds (mA) of ``cases`` of model, diameter_um, distance_um, width_ms, guess_mA.

    Point electrode above the middle node in a homogeneous medium, rectangle from 0.5 ms on; fires
    means an upward crossing of -30 mV at node 18 within 5 ms. Upper end of a bracket as narrow as
    ``tolerance``, relative.
    """
    found = []
    for case in cases:
        fibre = lay(case["model"], case["diameter_um"])
        z = fibre.longitudinal_coordinates
        middle = z[11 * STIMULATED]
        reach_m = np.hypot(z - middle, case["distance_um"]) * 1e-6
        cathode = -1.0 / (4 * np.pi * SIGMA_S_per_m * reach_m)
        spike = h.APCount(fibre.nodes[WATCHED](0.5))
        spike.thresh = LEVEL_mV

        def fires(amplitude_mA, fibre=fibre, cathode=cathode, spike=spike, case=case):
            settle(fibre, dt_ms)
            advance(START_ms, dt_ms)
            apply(fibre, amplitude_mA * cathode)
            advance(case["width_ms"], dt_ms)
            apply(fibre, 0 * cathode)
            for _ in range(round((DURATION_ms - START_ms - case["width_ms"]) / 0.25)):
                if spike.n:
                    break
                advance(0.25, dt_ms)
            return spike.n > 0

        low, high = 0.97 * case["guess_mA"], 1.03 * case["guess_mA"]
        while fires(low):
            low, high = low / 1.1, low
        while not fires(high):
            low, high = high, high * 1.1
        while high / low - 1 > tolerance:
            middle_mA = np.sqrt(low * high)
            low, high = (low, middle_mA) if fires(middle_mA) else (middle_mA, high)
        found.append(high)
    return found


def velocities(fibres, dt_ms):
    """Velocity (m/s) from node 5 to 12 after 5 nA for 0.1 ms into node 1, per [model, um]."""
    found = []
    for model, diameter_um in fibres:
        fibre = lay(model, diameter_um)
        found.append(_travel(fibre, dt_ms)[0])
    return found


def speed(dt_ms, repeats, model="MRG_DISCRETE", diameter_um=10.0):
    """Seconds of 5 ms of one fibre, ``repeats`` times, without building or settling it."""
    fibre = lay(model, diameter_um)
    runs = [_travel(fibre, dt_ms) for _ in range(repeats)]
    return {"velocity_m_per_s": runs[0][0], "seconds": [seconds for _, seconds in runs]}


def _travel(fibre, dt_ms):
    clamp = h.IClamp(fibre.nodes[PUSHED](0.5))
    clamp.delay, clamp.dur, clamp.amp = START_ms, 0.1, 5.0
    seen = [h.Vector().record(fibre.nodes[k](0.5)._ref_v) for k in (FIRST, LAST)]
    settle(fibre, dt_ms)
    parallel = h.ParallelContext()  # its loop is the one without a Python call per step
    parallel.set_maxstep(10)
    start = time.perf_counter()
    parallel.psolve(DURATION_ms)
    seconds = time.perf_counter() - start
    first, last = (_crossing(np.array(v)) * dt_ms for v in seen)
    return (LAST - FIRST) * fibre.delta_z * 1e-3 / (last - first), seconds


def _crossing(v):
    k = np.flatnonzero((v[1:] >= LEVEL_mV) & (v[:-1] < LEVEL_mV))[0]
    return k + (LEVEL_mV - v[k]) / (v[k + 1] - v[k])


if __name__ == "__main__":
    request = json.load(sys.stdin)
    tasks = {"thresholds": thresholds, "velocities": velocities, "speed": speed}
    result = tasks[request.pop("task")](**request)
    versions = {name: version(name) for name in ("neuron", "pyfibers")}
    print(json.dumps({"result": result, "versions": versions}))
