"""The engine and NEURON side by side; minutes, only where NEURON is.

NEURON runs in a process of its own: this Python if it has neuron and pyfibers (``pip install
tinel[neuron]``, then ``pyfibers_compile``), or the one that ``TINEL_BENCH_NEURON`` names. For the
Gaines axons its ``nrnivmodl`` needs a C++ compiler.
"""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import peers
from benchmarks.peers import configurations
from benchmarks.peers.families import FAMILIES, Family, Fibre

pytestmark = [
    pytest.mark.neuron,
    pytest.mark.skipif(
        peers.interpreter(peers.NEURON) is None,
        reason=(
            "no NEURON: install tinel[neuron] and run pyfibers_compile, "
            f"or let {peers.NEURON} name a Python that has neuron and pyfibers"
        ),
    ),
]


@pytest.mark.parametrize(
    ("family", "fibre"),
    [
        pytest.param(family, fibre, id=f"{fibre[0]}-{fibre[1]:g}")
        for family in FAMILIES
        for fibre in family.fibres
    ],
)
def test_thresholds_side_by_side(family: Family, fibre: Fibre) -> None:
    """Every field and pulse; NEURON at 1 us, this engine at its default step."""
    cases = [c for c in family.cases if (c["model"], c["diameter_um"]) == fibre]
    mine = configurations.thresholds(family, cases)
    theirs, versions = configurations.neuron_thresholds(family, cases, tolerance=1e-3)
    off = mine / theirs - 1
    for case, a, b in zip(cases, mine, theirs, strict=True):
        print(
            f"{case['distance_um']:g} um, {case['width_ms']:g} ms: {a:.5g} mA, "
            f"NEURON {versions['neuron']} {b:.5g} mA ({100 * (a / b - 1):+.2f} %)"
        )
    assert np.abs(off).max() < 0.01


@pytest.mark.parametrize("family", FAMILIES, ids=lambda f: f.name)
def test_velocities_side_by_side(family: Family) -> None:
    """NEURON extrapolated to no step: at 1 us its velocity of MRG fibres is still 1.9 % low."""
    mine = configurations.velocities(family, family.fibres)
    at_1_us, theirs = configurations.neuron_velocities(family, family.fibres)
    for (model, diameter), a, b, c in zip(family.fibres, mine, theirs, at_1_us, strict=True):
        print(f"{model} {diameter:g} um: {a:.4g} m/s, NEURON {b:.4g}, at 1 us {c:.4g}")
    assert np.abs(mine / theirs - 1).max() < 0.005


@pytest.mark.parametrize("family", [f for f in FAMILIES if f.traced], ids=lambda f: f.name)
def test_spikes_side_by_side(family: Family) -> None:
    away = np.abs(configurations.traces(family) - configurations.neuron_traces(family)).max(axis=1)
    for (model, diameter), most in zip(family.traced, away, strict=True):
        print(f"{model} {diameter:g} um: largest difference {most:.3f} mV")
    assert away.max() < 0.5
