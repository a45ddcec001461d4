"""The engine and NEURON (fibres laid by pyfibers) side by side; minutes, only where NEURON is.

NEURON runs in a process of its own: this Python if it has neuron and pyfibers (``pip install
tinel[neuron]``, then ``pyfibers_compile``), or the one that ``TINEL_BENCH_NEURON`` names.
"""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import peers
from benchmarks.peers import configurations

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


@pytest.mark.parametrize("fibre", configurations.FIBRES, ids=lambda f: f"{f[0]}-{f[1]:g}")
def test_thresholds_side_by_side(fibre: configurations.Fibre) -> None:
    """Nine fields and pulses per fibre; NEURON at 1 us, this engine at its default step."""
    cases = [c for c in configurations.CASES if (c["model"], c["diameter_um"]) == fibre]
    mine = configurations.thresholds(cases)
    theirs, versions = configurations.neuron_thresholds(cases, tolerance=1e-3)
    off = mine / theirs - 1
    for case, a, b in zip(cases, mine, theirs, strict=True):
        print(
            f"{case['distance_um']:g} um, {case['width_ms']:g} ms: {a:.5g} mA, "
            f"NEURON {versions['neuron']} {b:.5g} mA ({100 * (a / b - 1):+.2f} %)"
        )
    assert np.abs(off).max() < 0.01


def test_velocities_side_by_side() -> None:
    """NEURON extrapolated to no step: at 1 us its velocity is still 1.9 % low."""
    mine = configurations.velocities(configurations.FIBRES)
    at_1_us, theirs = configurations.neuron_velocities(configurations.FIBRES)
    for (model, diameter), a, b, c in zip(
        configurations.FIBRES, mine, theirs, at_1_us, strict=True
    ):
        print(f"{model} {diameter:g} um: {a:.2f} m/s, NEURON {b:.2f}, at 1 us {c:.2f}")
    assert np.abs(mine / theirs - 1).max() < 0.01
