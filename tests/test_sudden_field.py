"""Sudden and strong fields."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from tinel.cable.fibres.internode import elements, healthy
from tinel.cable.fibres.positions import positions_um
from tinel.cable.models import mrg
from tinel.cable.solvers.condensed.run import simulate_condensed as simulate
from tinel.cable.solvers.reference import double_cable as reference
from tinel.cable.stimulation.drive import Drive as Stimulus
from tinel.cable.stimulation.medium import point_source
from tinel.cable.stimulation.waveform import pulse_samples as pulse

NODES, AT = 21, 10


def field(diameter_um: float, distance_um: float, count: int = 1):
    fibres = elements(mrg.table_geometry(np.full(count, diameter_um)), healthy(count))
    z = positions_um(fibres, NODES)
    return fibres, point_source(z, float(z[0, 11 * AT]), distance_um)


SUDDEN_mV = -0.02  # times what one mA gives


@cache
def converged(diameter_um: float) -> np.ndarray:
    """The node under the electrode every 5 us, from the uncondensed fibre at 0.25 us."""
    e, unit = field(diameter_um, 250.0)
    fine = 0.00025
    return reference.run(
        e, 0, NODES, duration_ms=0.6, dt_ms=fine, theta=0.5, potential_mV=SUDDEN_mV * unit[0],
        waveform=pulse(0.6, fine, 0.5, 0.05),
    ).v_mV[20::20, AT]  # fmt: skip


@pytest.mark.parametrize("method", ["lanes", "jax"])
@pytest.mark.parametrize("diameter", [5.7, 10.0, 16.0])
def test_a_sudden_field_does_not_ring(diameter: float, method: str) -> None:
    """The node under the electrode, at 5 us, against the converged uncondensed fibre.

    An edge is spread over the two steps beside it, so these and the next are not compared.
    """
    e, unit = field(diameter, 250.0)
    truth = converged(diameter)
    run = simulate(
        e, NODES, Stimulus(pulse(0.6, 0.005, 0.5, 0.05), potential_mV=SUDDEN_mV * unit),
        keep_nodes=(AT,), method=method,
    )  # fmt: skip
    assert run.v_mV is not None
    away = np.abs(run.v_mV[0, :, 0] - truth)
    jump = np.abs(truth - truth[0]).max()
    beside = np.zeros(len(away), bool)
    for edge in (100, 110):
        beside[edge - 1 : edge + 2] = True
    print(
        f"{diameter} um: largest difference {away[~beside].max():.2f} mV of {jump:.1f} mV; "
        f"{away[beside].max():.2f} mV beside the edges"
    )
    assert away[~beside].max() < 0.02 * jump  # 0.13 to 0.26 where an edge rings


@pytest.mark.truth
@pytest.mark.parametrize(("diameter", "distance"), [(5.7, 250.0), (16.0, 250.0), (10.0, 3000.0)])
def test_threshold_of_a_short_pulse_against_the_reference(diameter: float, distance: float) -> None:
    """50 us, ten steps: the uncondensed fibre at a tenth of the step, within half a per cent."""
    wanted, fine, width = 0.005, 0.0005, 0.05
    e, unit = field(diameter, distance, 64)
    low, high = 0.001, 20.0
    for _ in range(4):
        tried = np.geomspace(low, high, 64)
        stimulus = Stimulus(pulse(1.5, 0.005, 0.1, width), potential_mV=-tried[:, None] * unit)
        fired = np.isfinite(simulate(e, NODES, stimulus).spike_ms[:, -2])
        first = int(fired.argmax())
        low, high = tried[first - 1], tried[first]
    one, unit = field(diameter, distance)

    def fires(amplitude: float) -> bool:
        trace = reference.run(
            one, 0, NODES, duration_ms=1.5, dt_ms=fine, theta=0.5,
            potential_mV=-amplitude * unit[0], waveform=pulse(1.5, fine, 0.1, width),
        )  # fmt: skip
        return bool(trace.v_mV[:, -2].max() > -30.0)

    below, above = fires((1 - wanted) * high), fires((1 + wanted) * high)
    told = {True: "a spike", False: "none"}
    print(f"{diameter} um at {distance} um: {high:.4f} mA; of the reference {told[below]} at "
          f"{wanted:.1%} less, {told[above]} at {wanted:.1%} more")  # fmt: skip
    assert above and not below


def test_strong_fields_stay_finite() -> None:
    """Nodes driven to hundreds of millivolts: rates saturate, nothing overflows."""
    amplitudes = np.geomspace(1.0, 300.0, 64)
    e, unit = field(10.0, 1000.0, len(amplitudes))
    stimulus = Stimulus(pulse(2.0, 0.005, 0.5, 0.1), potential_mV=-amplitudes[:, None] * unit)
    run = simulate(e, NODES, stimulus)
    assert not np.any(run.status == 2)
    assert np.all(np.isfinite(run.peak_mV))


@pytest.mark.parametrize("diameter", [5.7, 14.0])
def test_threshold_of_a_current_pulse_by_its_steps(diameter: float) -> None:
    """Against 0.5 us; pulses of fewer than ten steps are printed, not held to anything."""
    e = elements(mrg.geometry(np.full(64, diameter)), healthy(64))

    def needed(width: float, dt: float) -> float:
        low, high = 0.01, 60.0
        for _ in range(4):
            tried, current = np.geomspace(low, high, 64), np.zeros((64, NODES))
            current[:, 3] = tried
            run = simulate(
                e, NODES, Stimulus(pulse(1.5, dt, 0.1, width), current), dt_ms=dt,
                precision="float64",
            )  # fmt: skip
            first = int(np.isfinite(run.spike_ms[:, -2]).argmax())
            low, high = tried[first - 1], tried[first]
        return float(np.sqrt(low * high))

    off = {w: 100 * (needed(w, 0.005) / needed(w, 0.0005) - 1) for w in (0.1, 0.05, 0.02, 0.01)}
    print(
        f"{diameter} um, per cent at 5 us by width (ms):", {w: round(x, 2) for w, x in off.items()}
    )
    assert abs(off[0.1]) < 0.5 and abs(off[0.05]) < 0.5
