"""Thresholds, velocities and traces of a family of fibres, from this engine and from NEURON.

``python -m benchmarks.peers.configurations gaines`` asks NEURON again and writes
``neuron_gaines.json``, so that the comparison can also be made where NEURON is not.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.peers import NEURON, ask
from benchmarks.peers.families import FAMILIES, Family, Fibre, lay
from tinel.cable.fibres.build import along_um
from tinel.cable.simulate import simulate
from tinel.cable.stimulation.medium import point_source
from tinel.cable.stimulation.stimulus import Stimulus, pulse

Floats = NDArray[np.float64]

DT_ms, LEVEL_mV = 0.005, -30.0
LADDER, LEAST_mA, MOST_mA = 64, 0.003, 300.0  # three ladders: thresholds to 0.005 %


def table(family: Family) -> Path:
    """Where the values NEURON gave are kept."""
    return Path(__file__).parent / f"neuron_{family.name}.json"


def thresholds(
    family: Family, cases: list[dict[str, Any]], dt_ms: float = DT_ms, rungs: int = LADDER
) -> Floats:
    """Tinel's cathodic thresholds (mA), in the order given.

    Three ladders of so many amplitudes (24: thresholds to 0.1 %), each within the step of the one
    before that first fired: fibres far above threshold can be blocked beside a cathode, so
    threshold is sought from below.
    """
    found, at = np.empty(len(cases)), family.setup
    every = {(case["model"], case["width_ms"]) for case in cases}
    for model, width in sorted(every):
        which = [k for k, c in enumerate(cases) if (c["model"], c["width_ms"]) == (model, width)]
        diameter = np.array([cases[k]["diameter_um"] for k in which])
        batch = lay(model, np.repeat(diameter, rungs), at.nodes)
        along = along_um(batch)
        distance = np.repeat([cases[k]["distance_um"] for k in which], rungs)
        sections = (along.shape[1] - 1) // (at.nodes - 1)
        unit = np.array(
            [
                point_source(row, row[sections * at.stimulated], float(d))
                for row, d in zip(along, distance, strict=True)
            ]
        )
        low, high = np.full(len(which), LEAST_mA), np.full(len(which), MOST_mA)
        for _ in range(3):
            ladder = np.geomspace(low, high, rungs, axis=1)
            field = -ladder.reshape(-1, 1) * unit
            push = pulse(start_ms=at.start_ms, width_ms=width, potential_mV=field)
            run = simulate(batch, push, duration_ms=at.duration_ms, dt_ms=dt_ms)
            fired = np.isfinite(run.spike_ms[:, at.watched]).reshape(len(which), rungs)
            first = np.maximum(fired.argmax(axis=1), 1)
            each = np.arange(len(which))
            low, high = ladder[each, first - 1], ladder[each, first]
        found[which] = high
    return found


def velocities(family: Family, fibres: tuple[Fibre, ...], dt_ms: float = DT_ms) -> Floats:
    """Tinel's velocities (m/s), in the order given."""
    at, found = family.setup, np.empty(len(fibres))
    for model in {m for m, _ in fibres}:
        which = [k for k, (m, _) in enumerate(fibres) if m == model]
        batch = lay(model, np.array([fibres[k][1] for k in which]), at.nodes)
        run = simulate(batch, push(family), duration_ms=at.duration_ms, dt_ms=dt_ms)
        found[which] = run.velocity_m_per_s(at.first, at.last)
    return found


def traces(family: Family, dt_ms: float = DT_ms) -> Floats:
    """Tinel's potentials (mV) of the traced fibres, ``(n_fibre, n_time)``, at ``since_ms``."""
    found = []
    for model, diameter in family.traced:
        batch = lay(model, np.array([diameter]), family.setup.nodes)
        run = simulate(
            batch, push(family), duration_ms=family.setup.duration_ms, dt_ms=dt_ms,
            keep_nodes=(family.setup.first,),
        )  # fmt: skip
        assert run.v_mV is not None
        at = run.spike_ms[0, family.setup.first] + np.array(family.since_ms)
        found.append(np.interp(at, run.time_ms, run.v_mV[0, :, 0]))
    return np.array(found)


def neuron_thresholds(
    family: Family, cases: list[dict[str, Any]], tolerance: float
) -> tuple[Floats, Any]:
    """NEURON's thresholds (mA) at 1 us, and versions; Tinel's only say where to look first."""
    guesses = thresholds(family, cases)
    asked = [dict(case, guess_mA=guess) for case, guess in zip(cases, guesses, strict=True)]
    request = family.request("thresholds", cases=asked, dt_ms=0.001, tolerance=tolerance)
    said = ask(NEURON, request)
    return np.array(said["result"]), said["versions"]


def neuron_velocities(family: Family, fibres: tuple[Fibre, ...]) -> tuple[Floats, Floats]:
    """NEURON's velocities (m/s) at 1 us, and extrapolated to no step from 1 and 0.5 us.

    Its error is of first order in the step: 1.9 % of the velocity at 1 us, MRG of 10 um.
    """
    return _extrapolated(family, "velocities", fibres=fibres)


def neuron_traces(family: Family) -> Floats:
    """NEURON's potentials (mV), extrapolated to no step from 1 and 0.5 us; as ``traces``."""
    return _extrapolated(
        family, "traces", fibres=family.traced, since_ms=family.since_ms
    )[1]  # fmt: skip


def _extrapolated(family: Family, task: str, **rest: Any) -> tuple[Floats, Floats]:
    one, half = (
        np.array(ask(NEURON, family.request(task, dt_ms=dt, **rest))["result"])
        for dt in (0.001, 0.0005)
    )
    return one, 2 * half - one


def push(family: Family) -> Stimulus:
    """The current that launches a spike."""
    at = family.setup
    return pulse(
        node=at.pushed, amplitude_nA=at.current_nA, start_ms=at.start_ms, width_ms=at.current_ms
    )


def conditions(family: Family) -> str:
    """How the table's values came about, in words."""
    at = family.setup
    layers = "two extracellular layers" + (" for fields, none for currents" if at.bare else "")
    return (
        f"{at.nodes} nodes, all active, 37 C, {layers}, backward Euler, settled "
        f"{at.settle_ms:g} ms. Thresholds: step 1 us, cathode in 0.3 S/m above node "
        f"{at.stimulated}, rectangle from {at.start_ms} ms, -30 mV crossed at node {at.watched} "
        f"within {at.duration_ms:g} ms, upper end of a bracket of 1e-4. Velocities: node "
        f"{at.first} to {at.last} after {at.current_nA:g} nA for {at.current_ms:g} ms into node "
        f"{at.pushed}, at 1 us and extrapolated to no step from 1 and 0.5 us."
        + (
            f" Traces: node {at.first}, around its crossing of -30 mV, extrapolated likewise."
            if family.traced
            else ""
        )
    )


def write(family: Family) -> None:
    """Ask NEURON and write the table."""
    threshold_mA, versions = neuron_thresholds(family, family.cases, 1e-4)
    one, converged = neuron_velocities(family, family.fibres)
    found = {
        "conditions": conditions(family),
        "versions": versions,
        "thresholds": [
            dict(case, threshold_mA=float(f"{t:.6g}"))
            for case, t in zip(family.cases, threshold_mA, strict=True)
        ],
        "velocities": [
            dict(
                model=model, diameter_um=diameter, at_1_us_m_per_s=round(a, 4),
                converged_m_per_s=round(b, 4),
            )
            for (model, diameter), a, b in zip(family.fibres, one, converged, strict=True)
        ],
    }  # fmt: skip
    if family.traced:
        found["traces"] = [
            dict(model=model, diameter_um=diameter, v_mV=[round(float(x), 3) for x in v])
            for (model, diameter), v in zip(family.traced, neuron_traces(family), strict=True)
        ]
    table(family).write_text(_one_row_a_line(found))


def _one_row_a_line(found: dict[str, Any]) -> str:
    parts = [
        f'"{name}": [\n' + ",\n".join(map(json.dumps, part)) + "\n]"
        if isinstance(part, list)
        else f'"{name}": {json.dumps(part)}'
        for name, part in found.items()
    ]
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    for each in FAMILIES:
        if each.name in sys.argv[1:] or len(sys.argv) == 1:
            write(each)
