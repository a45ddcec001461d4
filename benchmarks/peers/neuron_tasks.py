"""What NEURON is asked: thresholds, velocities, traces and times of its fibres.

Reads ``{"task": ..., "setup": ..., ...}`` from standard input; the functions below say what each
task takes, ``Setup`` what all share. Backward Euler with NEURON's two extracellular layers, all
nodes active, start from rest. NEURON's other schemes are no choice here: with ``secondorder = 2``
MRG converges to 74 m/s where the equations say 56 (the extracellular layers ignore it), and DASPK
stops with an integrator error.
"""

import json
import sys
import time
from dataclasses import dataclass
from importlib.metadata import version

import numpy as np
from neuron import h
from neuron_fibres import lay

LEVEL_mV, SIGMA_S_per_m = -30.0, 0.3


@dataclass
class Setup:
    """How fibres of a family are driven and watched; nodes are counted from 0.

    ``current_nA`` for ``current_ms`` into node ``pushed`` and travel from node ``first`` to
    ``last``; or an electrode above node ``stimulated`` and a spike at node ``watched``. Stimuli
    start at ``start_ms``. ``bare`` leaves out an extracellular space nobody needs.
    """

    nodes: int
    pushed: int
    current_nA: float
    current_ms: float
    first: int
    last: int
    stimulated: int
    watched: int
    start_ms: float
    duration_ms: float
    settle_ms: float
    bare: bool = False


def settle(fibre, setup, dt_ms):
    """To rest, clock at zero."""
    h.secondorder = 0
    h.dt = 5.0
    h.finitialize(fibre.rest_mV)
    h.t = -setup.settle_ms
    for _ in range(round(setup.settle_ms / 5.0)):
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


def thresholds(setup, cases, dt_ms, tolerance):
    """Cathodic thresholds (mA) of ``cases`` of model, diameter_um, distance_um, width_ms, guess_mA.

    Point electrode in a homogeneous medium, rectangle; fires means an upward crossing of -30 mV
    at the watched node. Upper end of a bracket as narrow as ``tolerance``, relative.
    """
    found = []
    for case in cases:
        fibre = lay(case["model"], case["diameter_um"], setup.nodes)
        z, every = fibre.z_um, len(fibre.sections) // (len(fibre.nodes) - 1)
        reach_m = np.hypot(z - z[every * setup.stimulated], case["distance_um"]) * 1e-6
        cathode = -1.0 / (4 * np.pi * SIGMA_S_per_m * reach_m)
        spike = h.APCount(fibre.nodes[setup.watched](0.5))
        spike.thresh = LEVEL_mV

        def fires(amplitude_mA, fibre=fibre, cathode=cathode, spike=spike, case=case):
            apply(fibre, 0 * cathode)
            settle(fibre, setup, dt_ms)
            advance(setup.start_ms, dt_ms)
            apply(fibre, amplitude_mA * cathode)
            advance(case["width_ms"], dt_ms)
            apply(fibre, 0 * cathode)
            for _ in range(round((setup.duration_ms - setup.start_ms - case["width_ms"]) / 0.25)):
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


def bands(setup, cases, dt_ms, tolerance):
    """Whether strong stimuli fire, and where upper block begins.

    ``cases`` have model, diameter_um, distance_um, width_ms, sign (-1 cathode, 1 anode) of a point
    electrode, amplitude_mA (a list), since_ms, and boundary_mA: where block is expected to begin,
    or nothing. Fires means an upward crossing of -30 mV at the watched node after ``since_ms``. The
    boundary is a pair, fires and does not, as narrow as ``tolerance``, or nothing.
    """
    found = []
    for case in cases:
        fibre = lay(case["model"], case["diameter_um"], setup.nodes)
        z, every = fibre.z_um, len(fibre.sections) // (len(fibre.nodes) - 1)
        reach_m = np.hypot(z - z[every * setup.stimulated], case["distance_um"]) * 1e-6
        unit = case["sign"] / (4 * np.pi * SIGMA_S_per_m * reach_m)
        spikes = h.Vector()
        counter = h.APCount(fibre.nodes[setup.watched](0.5))
        counter.thresh = LEVEL_mV
        counter.record(spikes)

        def fires(amplitude_mA, fibre=fibre, unit=unit, spikes=spikes, case=case):
            apply(fibre, 0 * unit)
            settle(fibre, setup, dt_ms)
            spikes.resize(0)
            advance(setup.start_ms, dt_ms)
            apply(fibre, amplitude_mA * unit)
            advance(case["width_ms"], dt_ms)
            apply(fibre, 0 * unit)
            for _ in range(round((setup.duration_ms - setup.start_ms) / 0.1)):
                if len(spikes) and max(spikes) > case["since_ms"]:
                    return True
                advance(0.1, dt_ms)
            return bool(len(spikes) and max(spikes) > case["since_ms"])

        said = [fires(amplitude) for amplitude in case["amplitude_mA"]]
        found.append({"fires": said, "boundary_mA": _boundary(fires, case, tolerance)})
        done = (case["model"], case["distance_um"], case["width_ms"], case["sign"], found[-1])
        print(*done, file=sys.stderr, flush=True)
    return found


def _boundary(fires, case, tolerance):
    if (expected := case["boundary_mA"]) is None:
        return None
    low, high, wider = expected / 1.01, expected * 1.01, 1.04
    for _ in range(6):
        if not fires(low):
            low, high = low / wider, low
        elif fires(high):
            low, high = high, high * wider
        else:
            break
        wider *= wider
    else:
        return None
    while high / low - 1 > tolerance:
        middle_mA = np.sqrt(low * high)
        low, high = (middle_mA, high) if fires(middle_mA) else (low, middle_mA)
    return [low, high]


def velocities(setup, fibres, dt_ms):
    """Velocity (m/s) of every ``[model, diameter_um]`` after the current."""
    return [
        _travel(lay(model, diameter, setup.nodes, setup.bare), setup, dt_ms)[0]
        for model, diameter in fibres
    ]


def traces(setup, fibres, dt_ms, since_ms):
    """Potential (mV) of node ``first`` at times ``since_ms`` after it crosses -30 mV."""
    found = []
    for model, diameter in fibres:
        fibre = lay(model, diameter, setup.nodes, setup.bare)
        v = np.array(_travel(fibre, setup, dt_ms)[2])
        at_ms = (_crossing(v) + np.array(since_ms) / dt_ms) * dt_ms
        found.append(list(np.interp(at_ms, np.arange(len(v)) * dt_ms, v)))
    return found


def speed(setup, model, diameter_um, dt_ms, repeats):
    """Seconds of one fibre's time loop, ``repeats`` times, without building or settling it."""
    fibre = lay(model, diameter_um, setup.nodes, setup.bare)
    runs = [_travel(fibre, setup, dt_ms) for _ in range(repeats)]
    return {"velocity_m_per_s": runs[0][0], "seconds": [seconds for _, seconds, _ in runs]}


def _travel(fibre, setup, dt_ms):
    clamp = h.IClamp(fibre.nodes[setup.pushed](0.5))
    clamp.delay, clamp.dur, clamp.amp = setup.start_ms, setup.current_ms, setup.current_nA
    seen = [h.Vector().record(fibre.nodes[k](0.5)._ref_v) for k in (setup.first, setup.last)]
    settle(fibre, setup, dt_ms)
    parallel = h.ParallelContext()  # its loop is the one without a Python call per step
    parallel.set_maxstep(10)
    start = time.perf_counter()
    parallel.psolve(setup.duration_ms)
    seconds = time.perf_counter() - start
    first, last = (_crossing(np.array(v)) * dt_ms for v in seen)
    nodes = setup.last - setup.first
    return nodes * fibre.spacing_um * 1e-3 / (last - first), seconds, seen[0]


def _crossing(v):
    k = np.flatnonzero((v[1:] >= LEVEL_mV) & (v[:-1] < LEVEL_mV))[0]
    return k + (LEVEL_mV - v[k]) / (v[k + 1] - v[k])


if __name__ == "__main__":
    request = json.load(sys.stdin)
    if library := request.pop("mechanisms"):
        h.nrn_load_dll(library)
    tasks = {f.__name__: f for f in (thresholds, bands, velocities, traces, speed)}
    result = tasks[request.pop("task")](Setup(**request.pop("setup")), **request)
    versions = {name: version(name) for name in ("neuron", "pyfibers")}
    print(json.dumps({"result": result, "versions": versions}))
