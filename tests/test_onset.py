"""Sudden and strong fields."""

from __future__ import annotations

import numpy as np
import pytest

from tinel.cable import mrg, oracle
from tinel.cable.internode import elements, healthy
from tinel.cable.simulate import simulate
from tinel.cable.stimulus import Stimulus, point_source, positions_um, pulse

NODES, AT = 21, 10


def field(diameter_um: float, distance_um: float, count: int = 1):
    fibres = elements(mrg.table_geometry(np.full(count, diameter_um)), healthy(count))
    z = positions_um(fibres, NODES)
    return fibres, point_source(z, float(z[0, 11 * AT]), distance_um)


@pytest.mark.parametrize("method", ["lanes", "jax"])
@pytest.mark.parametrize("diameter", [5.7, 10.0, 16.0])
def test_a_sudden_field_does_not_ring(diameter: float, method: str) -> None:
    """The node under the electrode, at 5 us, against the converged uncondensed fibre.

    The engine takes the change to come in the middle of its step: half a step of delay.
    """
    e, unit = field(diameter, 250.0)
    potential, fine = -0.02 * unit, 0.00025
    truth = oracle.run(
        e, 0, NODES, duration_ms=0.6, dt_ms=fine, theta=0.5, potential_mV=potential[0],
        waveform=pulse(0.6, fine, 0.5, 0.05),
    )  # fmt: skip
    run = simulate(
        e, NODES, Stimulus(pulse(0.6, 0.005, 0.5, 0.05), potential_mV=potential),
        keep_nodes=(AT,), method=method,
    )  # fmt: skip
    assert run.v_mV is not None
    away = np.abs(run.v_mV[0, :, 0] - truth.v_mV[10::20, AT])
    jump = np.abs(truth.v_mV[:, AT] - truth.v_mV[0, AT]).max()
    print(f"{diameter} um: largest difference {away.max():.2f} mV of {jump:.1f} mV")
    assert away.max() < 0.04 * jump  # 0.13 to 0.26 when it rings


def test_strong_fields_stay_finite() -> None:
    """Nodes driven to hundreds of millivolts: rates saturate, nothing overflows."""
    amplitudes = np.geomspace(1.0, 300.0, 64)
    e, unit = field(10.0, 1000.0, len(amplitudes))
    stimulus = Stimulus(pulse(2.0, 0.005, 0.5, 0.1), potential_mV=-amplitudes[:, None] * unit)
    run = simulate(e, NODES, stimulus)
    assert not np.any(run.status == 2)
    assert np.all(np.isfinite(run.peak_mV))
