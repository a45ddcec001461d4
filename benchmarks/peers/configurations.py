"""The configurations in which Tinel and NEURON are held to each other, and both answers.

``python -m benchmarks.peers.configurations`` asks NEURON again and writes ``neuron_mrg.json``, so
that the comparison can also be made where NEURON is not.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.peers import NEURON, ask
from tinel.cable import mrg
from tinel.cable.internode import Elements, elements, healthy
from tinel.cable.simulate import simulate
from tinel.cable.stimulus import Stimulus, point_source, positions_um, pulse

Floats = NDArray[np.float64]
Fibre = tuple[str, float]

NODES, DURATION_ms, START_ms, DT_ms = 21, 5.0, 0.5, 0.005
PUSHED, STIMULATED, FIRST, LAST, WATCHED = 1, 10, 5, 12, 18
FIBRES: list[Fibre] = [
    *(("MRG_DISCRETE", d) for d in (5.7, 8.7, 10.0, 12.8, 16.0)),
    *(("MRG_INTERPOLATION", d) for d in (2.0, 4.0, 7.0, 10.0, 14.5)),
]
DISTANCES_um = (250.0, 1000.0, 3000.0)
WIDTHS_ms = (0.05, 0.1, 0.5)
CASES = [
    dict(model=model, diameter_um=diameter, distance_um=distance, width_ms=width)
    for model, diameter in FIBRES
    for distance in DISTANCES_um
    for width in WIDTHS_ms
]
TABLE = Path(__file__).parent / "neuron_mrg.json"
LADDER, LEAST_mA, MOST_mA = 64, 0.003, 300.0


def fibres(which: list[Fibre]) -> Elements:
    """A batch of healthy fibres of either form."""
    laid = [
        (mrg.table_geometry if model == "MRG_DISCRETE" else mrg.geometry)(np.array([diameter]))
        for model, diameter in which
    ]
    joined = {name: np.concatenate([one[name] for one in laid]) for name in laid[0]}
    return elements(joined, healthy(len(which)))


def thresholds(cases: list[dict[str, Any]], dt_ms: float = DT_ms) -> Floats:
    """Tinel's cathodic thresholds (mA), in the order given.

    Three ladders of amplitudes, each within the step of the one before that first fired: fibres
    far above threshold can be blocked beside a cathode, so threshold is sought from below.
    """
    found = np.empty(len(cases))
    for width in sorted({case["width_ms"] for case in cases}):
        at = [k for k, case in enumerate(cases) if case["width_ms"] == width]
        wave = pulse(DURATION_ms, dt_ms, START_ms, width)
        which = [(cases[k]["model"], cases[k]["diameter_um"]) for k in at]
        batch = fibres([one for one in which for _ in range(LADDER)])
        z = positions_um(batch, NODES)
        distance = np.repeat([cases[k]["distance_um"] for k in at], LADDER)
        unit = np.array(
            [
                point_source(row, row[11 * STIMULATED], float(d))
                for row, d in zip(z, distance, strict=True)
            ]
        )
        low, high = np.full(len(at), LEAST_mA), np.full(len(at), MOST_mA)
        for _ in range(3):
            ladder = np.geomspace(low, high, LADDER, axis=1)
            field = -ladder.reshape(-1, 1) * unit
            run = simulate(batch, NODES, Stimulus(wave, potential_mV=field), dt_ms=dt_ms)
            fired = np.isfinite(run.spike_ms[:, WATCHED]).reshape(len(at), LADDER)
            first = np.maximum(fired.argmax(axis=1), 1)
            each = np.arange(len(at))
            low, high = ladder[each, first - 1], ladder[each, first]
        found[at] = high
    return found


def velocities(which: list[Fibre], dt_ms: float = DT_ms) -> Floats:
    """Tinel's velocities (m/s) from node 5 to 12 after 5 nA for 0.1 ms into node 1."""
    batch = fibres(which)
    current = np.zeros((1, NODES))
    current[0, PUSHED] = 5.0
    stimulus = Stimulus(pulse(DURATION_ms, dt_ms, START_ms, 0.1), current)
    spikes = simulate(batch, NODES, stimulus, dt_ms=dt_ms).spike_ms
    return (LAST - FIRST) * batch.spacing_um * 1e-3 / (spikes[:, LAST] - spikes[:, FIRST])


def neuron_thresholds(cases: list[dict[str, Any]], tolerance: float) -> tuple[Floats, Any]:
    """NEURON's thresholds (mA) at 1 us, and versions; Tinel's only say where to look first."""
    asked = [
        dict(case, guess_mA=guess) for case, guess in zip(cases, thresholds(cases), strict=True)
    ]
    said = ask(NEURON, dict(task="thresholds", cases=asked, dt_ms=0.001, tolerance=tolerance))
    return np.array(said["result"]), said["versions"]


def neuron_velocities(which: list[Fibre]) -> tuple[Floats, Floats]:
    """NEURON's velocities (m/s) at 1 us, and extrapolated to no step from 1 and 0.5 us.

    Its error is of first order in the step: 1.9 % of the velocity at 1 us, 10 um.
    """
    one, half = (
        np.array(ask(NEURON, dict(task="velocities", fibres=which, dt_ms=dt))["result"])
        for dt in (0.001, 0.0005)
    )
    return one, 2 * half - one


def write() -> None:
    """Ask NEURON and write the table."""
    threshold_mA, versions = neuron_thresholds(CASES, 1e-4)
    one, converged = neuron_velocities(FIBRES)
    found = {
        "conditions": (
            f"{NODES} nodes, all active, 37 C, two extracellular layers, backward Euler, settled "
            f"200 ms. Thresholds: step 1 us, cathode in 0.3 S/m above node {STIMULATED}, rectangle "
            f"from {START_ms} ms, -30 mV crossed at node {WATCHED} within {DURATION_ms:g} ms, "
            f"upper end of a bracket of 1e-4. Velocities: node {FIRST} to {LAST} after 5 nA for "
            f"0.1 ms into node {PUSHED}, at 1 us and extrapolated to no step from 1 and 0.5 us."
        ),
        "versions": versions,
        "thresholds": [
            dict(case, threshold_mA=float(f"{t:.6g}"))
            for case, t in zip(CASES, threshold_mA, strict=True)
        ],
        "velocities": [
            dict(
                model=model, diameter_um=diameter, at_1_us_m_per_s=round(a, 4),
                converged_m_per_s=round(b, 4),
            )
            for (model, diameter), a, b in zip(FIBRES, one, converged, strict=True)
        ],
    }  # fmt: skip
    TABLE.write_text(_one_row_a_line(found))


def _one_row_a_line(found: dict[str, Any]) -> str:
    parts = [
        f'"{name}": [\n' + ",\n".join(map(json.dumps, part)) + "\n]"
        if isinstance(part, list)
        else f'"{name}": {json.dumps(part)}'
        for name, part in found.items()
    ]
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    write()
