"""Single cables: algebra, the plain reference, and what the authors of the models published."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tinel.cable.fibres.single_cable import along_um, cylinder
from tinel.cable.membranes import ions
from tinel.cable.membranes.membrane import Membrane
from tinel.cable.membranes.operations import on_arrays, on_lanes
from tinel.cable.models import build as models
from tinel.cable.models import sundt, sweeney, tigerholm
from tinel.cable.simulate import simulate
from tinel.cable.solvers.ions import blocks as ion_blocks
from tinel.cable.solvers.reference import single_cable as cable_reference
from tinel.cable.solvers.single_cable.run import resting_mV, simulate_cable
from tinel.cable.stimulation.drive import Drive as Stimulus
from tinel.cable.stimulation.medium import point_source
from tinel.cable.stimulation.stimulus import train
from tinel.cable.stimulation.waveform import pulse_samples as pulse
from tinel.errors import TinelError

MODELS: dict[str, Any] = {"sundt": sundt, "tigerholm": tigerholm, "sweeney": sweeney}
DOC = Path(__file__).parents[1] / "docs" / "adding-a-membrane.md"

# ------------------------------------------------------------------ the passive cable, by algebra

G_S_per_cm2, REST_mV, OHM_cm = 2e-4, -65.0, 100.0
TAU_ms = 1e-3 / G_S_per_cm2  # 1 uF/cm2


def leak(op: Any) -> tuple[Any, Any]:
    one = op.number(1.0)
    return op.jit(lambda v, na, warm: (one, one, one, one)), op.jit(lambda x: (one,))


PASSIVE = Membrane(
    name="passive", text="A leak, and a gate that moves nothing.", gates=("none",),
    currents=("leak",), density_S_per_cm2=(G_S_per_cm2,), reversal_mV=(REST_mV,),
    rest_mV=REST_mV, warmth=lambda t: (1.0,), formulas=leak,
)  # fmt: skip


def lambda_um(diameter_um: float) -> float:
    return 1e4 * np.sqrt(diameter_um * 1e-4 / (4 * OHM_cm * G_S_per_cm2))


def passive(h_um: float, length_um: float, current: Any, waveform: Any, dt: float) -> Any:
    """Potential above rest at every step and compartment, and the compartments' centres."""
    points = round(length_um / h_um)
    x = (np.arange(points) + 0.5) * h_um
    run = simulate_cable(
        cylinder(np.array([1.0]), h_um, OHM_cm, 1.0), points,
        Stimulus(waveform, current(x)[None, :]), PASSIVE, dt_ms=dt, precision="float64",
        keep_points=tuple(range(points)),
    )  # fmt: skip
    assert run.v_mV is not None
    return run.v_mV[0] - REST_mV, x


def order(sizes: Any, errors: Any) -> float:
    return float(np.polyfit(np.log(sizes), np.log(errors), 1)[0])


def test_steady_passive_cable_and_its_space_constant() -> None:
    length, away, sizes = 2000.0, lambda_um(1.0), np.array([50.0, 25.0, 12.5])
    r_um = OHM_cm * 1e4 / (np.pi / 4)  # axial resistance, ohm per um
    errors, fitted = [], 0.0
    for h in sizes:
        at_end = lambda x: 0.01 * (np.arange(len(x)) == 0)  # noqa: E731
        v, x = passive(h, length, at_end, np.ones(4000), 0.02)
        true = 0.01e-6 * r_um * away * np.cosh((length - x) / away) / np.sinh(length / away)
        errors.append(np.abs(v[-1] - true).max())
        # of cosh((length - x) / lambda) the second difference gives lambda
        near = v[-1]
        fitted = float(np.sqrt(near[5] * h**2 / (near[4] - 2 * near[5] + near[6])))
    print(f"errors {errors} mV at {sizes} um: order {order(sizes, errors):.2f}")
    print(f"space constant {fitted:.2f} um, analytic {away:.2f} um")
    assert order(sizes, errors) > 1.9
    assert fitted == pytest.approx(away, rel=2e-3)


def mode_current(x: Any) -> Any:
    return 1e-4 * (x[1] - x[0]) * np.cos(np.pi * x / 1000.0)


def mode(t: Any, x: Any, rate: float, pulse_ms: float) -> Any:
    """A cosine of half a wave along the sealed cable, charged for a while, then left to decay."""
    per_nF = 1e-4 / (np.pi * 1e-5)  # nA per um over nF per um: mV/ms
    grown = 1 - np.exp(-rate * np.minimum(t, pulse_ms))
    left = np.exp(-rate * np.maximum(t - pulse_ms, 0))
    return np.outer(per_nF / rate * grown * left, np.cos(np.pi * x / 1000.0))


def test_charging_and_decay_converge_in_space() -> None:
    rate = (1 + (np.pi * lambda_um(1.0) / 1000.0) ** 2) / TAU_ms
    sizes, errors = np.array([100.0, 50.0, 25.0]), []
    for h in sizes:
        v, x = passive(h, 1000.0, mode_current, pulse(4.0, 0.0005, 0.0, 2.0), 0.0005)
        t = (np.arange(len(v)) + 1) * 0.0005
        errors.append(np.abs(v - mode(t, x, rate, 2.0)).max())
    print(f"errors {errors} mV at {sizes} um: order {order(sizes, errors):.2f}")
    assert order(sizes, errors) > 1.9


def test_charging_and_decay_converge_in_time() -> None:
    """Second order; first order in the steps beside an edge of the current, which is spread."""
    h, sizes = 50.0, np.array([0.05, 0.025, 0.0125])
    errors: dict[str, list[float]] = {"beside an edge": [], "elsewhere": []}
    # the same cosine is a mode of the compartments, with a slightly smaller rate
    bend = (2 * np.sin(np.pi * h / 2000.0) / h) ** 2
    rate = (1 + lambda_um(1.0) ** 2 * bend) / TAU_ms
    for dt in sizes:
        v, x = passive(h, 1000.0, mode_current, pulse(4.0, dt, 0.0, 2.0), dt)
        t = (np.arange(len(v)) + 1) * dt
        away = np.abs(v - mode(t, x, rate, 2.0)).max(axis=1)
        beside = (t < 0.25) | (np.abs(t - 2.0) < 0.25)  # five of the longest steps
        errors["beside an edge"].append(away[beside].max())
        errors["elsewhere"].append(away[~beside].max())
    for where, each in errors.items():
        print(f"{where}: {each} mV at {sizes} ms: order {order(sizes, each):.2f}")
    assert order(sizes, errors["elsewhere"]) > 1.9
    assert order(sizes, errors["beside an edge"]) > 0.9


# --------------------------------------------------------------------- the loop and its reference

RUNS = {  # diameter, points, duration, current, pulse width
    "sundt": (0.8, 241, 6.0, 0.5, 0.5),
    "tigerholm": (1.0, 241, 5.0, 0.5, 0.5),
    "sweeney": (10.0, 31, 1.0, 3.0, 0.1),
}


def crossing_ms(v: Any, dt: float, level: float = -30.0) -> float:
    k = np.flatnonzero((v[1:] >= level) & (v[:-1] < level))[0]
    return float((k + (level - v[k]) / (v[k + 1] - v[k])) * dt)


def push(points: int, at: int, current_nA: float) -> Any:
    current = np.zeros((1, points))
    current[0, at] = current_nA
    return current


@cache
def reference(name: str, dt: float = 0.001) -> Any:
    """The slow plain solution, once for all tests."""
    model, (diameter, points, duration, current, width) = MODELS[name], RUNS[name]
    return cable_reference.run(
        model.fibre(np.array([diameter])), 0, points, model.MEMBRANE, duration_ms=duration,
        dt_ms=dt, theta=0.5, current_nA=push(points, 0, current)[0],
        waveform=pulse(duration, dt, 0.1, width),
    )  # fmt: skip


@cache
def both(name: str, dt: float) -> tuple[Any, Any]:
    model, (diameter, points, duration, current, width) = MODELS[name], RUNS[name]
    cable, at = model.fibre(np.array([diameter])), push(points, 0, current)
    truth = reference(name)
    run = simulate_cable(
        cable, points, Stimulus(pulse(duration, dt, 0.1, width), at), model.MEMBRANE, dt_ms=dt,
        keep_points=(points // 3,), precision="float64",
    )  # fmt: skip
    return truth, run


STEPS = [
    ("sundt", 0.005),
    ("tigerholm", 0.005),
    ("sweeney", 0.0025),
]
COARSE = pytest.param(
    "sweeney", 0.005,
    marks=pytest.mark.xfail(strict=True, reason="1.3 % slow at 5 us; 0.5 % wanted"),
)  # fmt: skip


@pytest.mark.parametrize(("name", "dt"), [*STEPS, COARSE])
def test_velocity_against_the_reference(name: str, dt: float) -> None:
    truth, run = both(name, dt)
    points = RUNS[name][1]
    a, b = points // 3, points * 4 // 5
    true = crossing_ms(truth.v_mV[:, b], 0.001) - crossing_ms(truth.v_mV[:, a], 0.001)
    mine = run.spike_ms[0, b] - run.spike_ms[0, a]
    print(f"{name} at {dt} ms: travel {mine:.5f} ms, reference {true:.5f} ms")
    assert abs(mine / true - 1) < 0.005


@pytest.mark.parametrize(("name", "dt"), STEPS)
def test_trace_against_the_reference(name: str, dt: float) -> None:
    truth, run = both(name, dt)
    at = RUNS[name][1] // 3
    mine = run.v_mV[0, :, 0]
    clock = (np.arange(len(mine)) + 1) * dt
    shift = crossing_ms(truth.v_mV[:, at], 0.001) - run.spike_ms[0, at]
    away = [
        np.abs(mine - np.interp(clock + shift + s, truth.time_ms, truth.v_mV[:, at]))[:-5].max()
        for s in np.arange(-0.002, 0.002, 0.0001)
    ]
    print(f"{name} at {dt} ms: largest spike-aligned difference {min(away):.3f} mV")
    assert min(away) < 0.5


# Sundt's errors change sign between these steps and are below 0.01 % at shorter ones
STEPS_ms = {"sundt": (0.05, 0.025, 0.0125), "tigerholm": (0.02, 0.01, 0.005)}


@pytest.mark.parametrize("name", ["sundt", "tigerholm"])
def test_second_order_in_time(name: str) -> None:
    model, (diameter, points, duration, current, width) = MODELS[name], RUNS[name]
    sizes, arrival = np.array(STEPS_ms[name]), []
    for dt in (*sizes, 0.00125):
        run = simulate_cable(
            model.fibre(np.array([diameter])), points,
            Stimulus(pulse(duration, dt, 0.1, width), push(points, 0, current)), model.MEMBRANE,
            dt_ms=dt, precision="float64",
        )  # fmt: skip
        arrival.append(run.spike_ms[0, points * 4 // 5] - run.spike_ms[0, points // 3])
    error = np.abs(np.array(arrival[:-1]) - arrival[-1])
    print(f"{name}: errors {error} ms at {sizes} ms: order {order(sizes, error):.2f}")
    assert order(sizes, error) > 1.8


@pytest.mark.parametrize("name", MODELS)
def test_single_precision_stays_close_to_double(name: str) -> None:
    model, (diameter, points, duration, current, width) = MODELS[name], RUNS[name]
    stimulus = Stimulus(pulse(duration, 0.005, 0.1, width), push(points, 0, current))
    cable = model.fibre(diameter * np.array([0.9, 1.0, 1.2]))
    travel = [
        (r.spike_ms[:, points * 4 // 5] - r.spike_ms[:, points // 3])
        for r in (
            simulate_cable(cable, points, stimulus, model.MEMBRANE, precision=p)
            for p in ("float32", "float64")
        )
    ]
    print(f"{name}: relative difference {np.abs(travel[0] / travel[1] - 1).max():.1e}")
    assert np.abs(travel[0] / travel[1] - 1).max() < 1e-4


@pytest.mark.parametrize("name", ["sundt", "tigerholm"])
def test_field_and_recording_against_the_reference(name: str) -> None:
    model, points, dt, duration = MODELS[name], 181, 0.005, 3.0
    cable = model.fibre(np.array([1.0]))
    z = along_um(cable, points)
    field = -4.0 * point_source(z, float(z[0, 90]), 100.0, 10.0)
    lead = point_source(z, float(z[0, 150]), 50.0)
    fine = 0.0025
    truth = cable_reference.run(
        cable, 0, points, model.MEMBRANE, duration_ms=duration, dt_ms=fine, theta=0.5,
        potential_mV=field[0], waveform=pulse(duration, fine, 0.1, 0.2),
    )  # fmt: skip
    run = simulate_cable(
        cable, points, Stimulus(pulse(duration, dt, 0.1, 0.2), potential_mV=field), model.MEMBRANE,
        lead_mV_per_mA=lead[:, None, :], keep_points=(150,),
    )  # fmt: skip
    assert run.v_mV is not None and run.recorded_uV is not None
    mine = run.v_mV[0, :, 0]
    assert np.abs(mine - truth.v_mV[2::2, 150]).max() < 1.0
    along = cable.axial_uS[0] * np.diff(truth.v_mV[2::2], axis=1)
    currents = np.pad(along, ((0, 0), (0, 1))) - np.pad(along, ((0, 0), (1, 0)))
    recorded = currents @ lead[0] * 1e-3
    scale = np.abs(recorded).max()
    print(f"{name}: recorded {np.abs(run.recorded_uV).max():.4f} uV, reference {scale:.4f} uV")
    assert np.abs(run.recorded_uV[0, :, 0] - recorded).max() < 0.03 * scale


@pytest.mark.parametrize(("precision", "near"), [("float32", 3e-7), ("float64", 1e-14)])
def test_logarithm_in_lanes(precision: str, near: float) -> None:
    import numba

    log = on_lanes(precision).log
    x = np.geomspace(1e-6, 1e6, 20001).astype(precision)
    mine = numba.njit(lambda a: np.array([log(y) for y in a]))(x)
    true = on_arrays(np).log(x.astype(float))
    assert np.abs(mine - true).max() < near * np.abs(true).max()


# ---------------------------------------------------------------------- Sundt, Gamper, Jaffe 2015


def test_sundt_gates_at_rest() -> None:
    opening, closing = sundt.MEMBRANE.rates(np.float64(-60.0), 37.0)
    mine = opening / (opening + closing)
    print("m h n l at -60 mV, 37 C:", mine.round(6))
    assert mine == pytest.approx([0.011755, 0.936692, 0.005286, 0.481304], abs=1e-6)


# velocity of NEURON 9.0.2 with the published mechanisms at 37 C, extrapolated to no step from
# 2.5 and 1.25 us; 361 compartments of 8.333 um, 0.5 nA for 0.5 ms into the first
NEURON_m_per_s = {("sundt", 0.8): 0.44305, ("sundt", 1.0): 0.49548, ("tigerholm", 1.0): 0.70452}


@pytest.mark.parametrize(("name", "diameter"), NEURON_m_per_s)
def test_velocity_against_the_reference_simulator(name: str, diameter: float) -> None:
    model = MODELS[name]
    stimulus = Stimulus(pulse(9.0, 0.005, 0.1, 0.5), push(361, 0, 0.5))
    run = simulate_cable(model.fibre(np.array([diameter])), 361, stimulus, model.MEMBRANE)
    mine = 168 * 8.333e-3 / (run.spike_ms[0, 288] - run.spike_ms[0, 120])
    theirs = NEURON_m_per_s[name, diameter]
    print(f"{name} {diameter} um: {mine:.4f} m/s, reference simulator {theirs:.4f} m/s")
    assert mine == pytest.approx(theirs, rel=0.001)


SUNDT_m_per_s = {
    0.2: 0.2238, 0.4: 0.3175, 0.6: 0.3890, 0.8: 0.4491, 1.0: 0.5034, 1.2: 0.5520, 1.4: 0.5974,
}  # fmt: skip


def as_in_morphosonic(temperature_C: float) -> Any:
    """Its conditions: sodium at 55 mV, a leak that balances -60 mV, longer compartments."""
    e_k, g_leak = sundt.MEMBRANE.reversal_mV[1], sundt.MEMBRANE.density_S_per_cm2[2]
    unbalanced = replace(sundt.MEMBRANE, reversal_mV=(55.0, e_k, 0.0))
    g, driven = unbalanced.steady(np.float64(-60.0), temperature_C)
    balance = float(-60.0 * g - driven) / g_leak
    membrane = replace(sundt.MEMBRANE, reversal_mV=(55.0, e_k, balance))
    diameter = np.array(list(SUNDT_m_per_s))
    cable = sundt.fibre(diameter, np.minimum(16.3 * diameter + 9.1, 22.0))
    stimulus = Stimulus(pulse(16.0, 0.005, 0.1, 0.5), 0.6 * diameter[:, None] * push(181, 0, 1.0))
    run = simulate_cable(
        cable, 181, stimulus, membrane, temperature_C=temperature_C, keep_points=(90,)
    )
    return run, 84 * cable.spacing_um * 1e-3 / (run.spike_ms[:, 144] - run.spike_ms[:, 60])


def test_sundt_velocity_by_diameter() -> None:
    """At the 36 C and with the reversal potentials of the code the table comes from."""
    _, mine = as_in_morphosonic(36.0)
    for (diameter, published), v in zip(SUNDT_m_per_s.items(), mine, strict=True):
        print(f"{diameter} um: {v:.4f} m/s, published {published} m/s")
        assert v == pytest.approx(published, rel=0.005)
        assert v == pytest.approx(0.503 * np.sqrt(diameter), rel=0.01)


def test_sundt_spike() -> None:
    """Published for 0.8 um: 0.44 m/s, spike 86 to 90 mV; 35 C as in ModelDB, trough to peak."""
    run, velocity = as_in_morphosonic(35.0)
    trace = run.v_mV[3, :, 0]
    height = float(np.ptp(trace))
    print(f"{velocity[3]:.3f} m/s, {trace.max() + 60:.1f} mV above rest, {height:.1f} mV in all")
    assert velocity[3] == pytest.approx(0.44, rel=0.01)
    assert 86 <= height <= 90


# ------------------------------------------------------------------------- Tigerholm et al. 2014


@pytest.mark.xfail(
    strict=True,
    reason="0.704 m/s at 1 um and 37 C, 2.1 % above the published 0.69; NEURON with the published "
    "mechanisms converges to 0.7045 as well",
)
def test_tigerholm_velocity() -> None:
    stimulus = Stimulus(pulse(9.0, 0.005, 0.1, 0.5), push(361, 0, 0.5))
    run = simulate_cable(
        tigerholm.fibre(np.array([1.0])), 361, stimulus, tigerholm.MEMBRANE
    )  # fmt: skip
    mine = 168 * 8.333e-3 / (run.spike_ms[0, 288] - run.spike_ms[0, 120])
    print(f"1 um: {mine:.3f} m/s, published 0.69 m/s")
    assert mine == pytest.approx(0.69, rel=0.01)


def test_tigerholm_velocity_at_a_customary_step() -> None:
    """The published two digits are what backward Euler gives at NEURON's default step of 25 us.

    NEURON 9.0.2 with the published mechanisms, same fibre: 0.68645 m/s. Whether the authors took
    that step is not known.
    """
    dt = 0.025
    trace = cable_reference.run(
        tigerholm.fibre(np.array([1.0])), 0, 361, tigerholm.MEMBRANE, duration_ms=9.0, dt_ms=dt,
        theta=1.0, current_nA=push(361, 0, 0.5)[0], waveform=pulse(9.0, dt, 0.1, 0.5),
    )  # fmt: skip
    first, last = (crossing_ms(trace.v_mV[:, k], dt) for k in (120, 288))
    mine = 168 * 8.333e-3 / (last - first)
    print(f"1 um, backward Euler at 25 us: {mine:.4f} m/s, NEURON 0.68645, published 0.69 m/s")
    assert mine == pytest.approx(0.68645, rel=1e-3)
    assert round(mine, 2) == 0.69


def test_tigerholm_rest_is_exact() -> None:
    """Neither potential nor concentrations move: leaks and pump balance each ion."""
    cable = tigerholm.fibre(np.array([1.0]))
    trace = cable_reference.run(cable, 0, 3, tigerholm.MEMBRANE, duration_ms=500.0, dt_ms=1.0)
    assert np.abs(trace.v_mV + 55.0).max() < 1e-9
    assert trace.state[1][:, 0] == pytest.approx([11.4, 154.0, 121.7, 5.6], rel=1e-9)
    still = Stimulus(np.zeros(20000), np.zeros((1, 3)))
    run = simulate_cable(cable, 3, still, tigerholm.MEMBRANE, dt_ms=0.02, keep_points=(1,))
    assert run.v_mV is not None
    print("drift in 400 ms, single precision:", np.abs(run.v_mV + 55.0).max(), "mV")
    assert np.abs(run.v_mV + 55.0).max() < 0.01


def test_tigerholm_concentrations_against_the_reference_simulator() -> None:
    """Mid-fibre at 9 ms, as ``NEURON_m_per_s``; sodium in and out, potassium in and out (mM)."""
    trace = cable_reference.run(
        tigerholm.fibre(np.array([1.0])), 0, 361, tigerholm.MEMBRANE, duration_ms=9.0,
        dt_ms=0.005, theta=0.5, current_nA=push(361, 0, 0.5)[0],
        waveform=pulse(9.0, 0.005, 0.1, 0.5),
    )  # fmt: skip
    mine, theirs = trace.state[1][:, 180], np.array([12.13888, 147.75100, 120.96028, 11.85849])
    print(f"{mine.round(4)} mM, reference simulator {theirs} mM")
    assert mine == pytest.approx(theirs, rel=1e-3)


def test_tigerholm_slows_with_activity() -> None:
    """Ten impulses at 20 Hz: each later than the one before; single precision sees it too."""
    every, count, points, dt = 50.0, 10, 61, 0.02
    waveform = sum(pulse(every * count, dt, 0.1 + every * k, 0.5) for k in range(count))
    stimulus = Stimulus(np.asarray(waveform), push(points, 0, 0.5))
    latency = {}
    for precision in ("float32", "float64"):
        run = simulate_cable(
            tigerholm.fibre(np.array([1.0])), points, stimulus, tigerholm.MEMBRANE, dt_ms=dt,
            keep_points=(10, 50), precision=precision,
        )  # fmt: skip
        assert run.v_mV is not None
        size = round(every / dt)
        latency[precision] = np.array(
            [
                crossing_ms(part[:, 1], dt) - crossing_ms(part[:, 0], dt)
                for part in run.v_mV[0].reshape(count, size, 2)
            ]
        )
    print("travel over 0.33 mm (ms):", latency["float64"].round(4))
    assert np.all(np.diff(latency["float64"][1:]) > 0)
    assert latency["float64"][-1] > 1.01 * latency["float64"][0]
    assert latency["float32"] == pytest.approx(latency["float64"], rel=1e-3)


def test_tigerholm_slow_gates_may_move_every_fourth_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two impulses at 50 Hz; slow gates moved in every step, and as they are."""
    every, dt, points = 20.0, 0.005, 41
    waveform = np.asarray(sum(pulse(2 * every, dt, 0.1 + every * k, 0.5) for k in range(2)))
    stimulus = Stimulus(waveform, push(points, 0, 0.5))

    def trace() -> Any:
        run = simulate_cable(
            tigerholm.fibre(np.array([1.0])), points, stimulus, tigerholm.MEMBRANE, dt_ms=dt,
            keep_points=(30,), precision="float64",
        )  # fmt: skip
        assert run.v_mV is not None
        return run.v_mV[0, :, 0]

    now = trace()
    monkeypatch.setattr(ion_blocks, "SLOW_STEPS", 1)
    then = trace()
    away = np.abs(now - then).max()
    print(f"largest difference {1e3 * away:.3f} uV of a spike of {np.ptp(then):.1f} mV")
    assert 0 < away < 0.01


# ------------------------------------------------------------------------------ Sweeney et al. 1987


def sweeney_run(dt: float) -> tuple[float, float]:
    stimulus = Stimulus(pulse(2.0, dt, 0.1, 0.1), push(41, 0, 3.0))
    run = simulate_cable(sweeney.fibre(np.array([10.0])), 41, stimulus, sweeney.MEMBRANE, dt_ms=dt)
    velocity = 20 / (run.spike_ms[0, 30] - run.spike_ms[0, 10])
    return float(velocity), float(run.peak_mV[0, 20] - sweeney.MEMBRANE.rest_mV)


def test_sweeney_velocity_and_spike() -> None:
    velocity, spike = sweeney_run(0.0025)
    print(f"10 um: {velocity:.2f} m/s, published 57 m/s; spike {spike:.1f} mV, published 90 to 95")
    assert velocity == pytest.approx(57.0, rel=0.01)
    assert 90 <= spike <= 95


SWEENEY_nA = {  # width (us): threshold of the middle node, 10 um, read off the published figure
    10: 4.4, 20: 2.8, 40: 1.95, 60: 1.6, 80: 1.45, 100: 1.4, 150: 1.3, 200: 1.25, 500: 1.25,
}  # fmt: skip


def least_nA(width_ms: float) -> float:
    low, high = 0.5, 12.0
    for _ in range(2):
        amplitude = np.linspace(low, high, 64)
        stimulus = Stimulus(pulse(2.5, 0.0005, 0.1, width_ms), amplitude[:, None] * push(21, 10, 1))
        cable = sweeney.fibre(np.full(64, 10.0))
        run = simulate_cable(cable, 21, stimulus, sweeney.MEMBRANE, dt_ms=0.0005)
        k = np.flatnonzero(np.isfinite(run.spike_ms[:, -3]))[0]
        low, high = amplitude[k - 1], amplitude[k]
    return float(high)


def test_sweeney_strength_duration() -> None:
    for width, published in SWEENEY_nA.items():
        mine = least_nA(width * 1e-3)
        print(f"{width:3d} us: {mine:.3f} nA, published {published} nA")
        assert mine == pytest.approx(published, abs=0.05)


@pytest.mark.xfail(strict=True, reason="24.4 us with the published membrane; 25.9 us published")
def test_sweeney_chronaxie() -> None:
    widths = np.array([0.015, 0.02, 0.025, 0.03, 0.035])
    needed = [least_nA(w) for w in widths]
    mine = 1e3 * float(np.interp(-2 * least_nA(0.5), -np.array(needed), widths))
    print(f"chronaxie {mine:.1f} us, published 25.9 us")
    assert mine == pytest.approx(25.9, rel=0.02)


# ---------------------------------------------------------------- thresholds of PyFibers' own tests

# Published by bisection to 1 % from above, 37 C, steps of 1 us; its end compartments are cut off by
# an axial resistivity of 1e10 ohm cm except in Tigerholm's fibre, so two fewer are active. Fields:
# point source 100 um above the middle, 10 S/m, 0.2 + 0.2 ms biphasic. Currents: 1 ms into the
# middle; its search ends 5 ms after the first spike, so only the first pulse of the train counts.
THRESHOLDS = [
    ("sundt", "field", 1.0, 263, -2.11515625),
    ("sundt", "current", 1.0, 131, 0.16650390625),
    ("tigerholm", "field", 1.0, 265, -1.9056152),
    ("tigerholm", "current", 1.0, 133, 0.419921875),
    ("sweeney", "field", 5.7, 65, -1.1515625),
    ("sweeney", "current", 5.7, 65, 0.716796875),
]


@pytest.mark.parametrize(("name", "kind", "diameter", "points", "published"), THRESHOLDS)
def test_threshold(name: str, kind: str, diameter: float, points: int, published: float) -> None:
    model, duration = MODELS[name], 10.0
    dt = 0.0025 if name == "sweeney" else 0.005
    share = np.linspace(0.95, 1.05, 64)
    cable = model.fibre(np.full(64, diameter))
    amplitude = published * share[:, None]
    if kind == "field":
        z = along_um(cable, points)
        field = amplitude * point_source(z, float(z[0, points // 2]), 100.0, 10.0)
        waveform = pulse(duration, dt, 0.0, 0.2) - pulse(duration, dt, 0.2, 0.2)
        stimulus = Stimulus(waveform, potential_mV=field)
    else:
        at = amplitude * push(points, points // 2, 1.0)
        stimulus = Stimulus(pulse(duration, dt, 0.0, 1.0), at)
    run = simulate_cable(cable, points, stimulus, model.MEMBRANE, dt_ms=dt)
    mine = published * share[np.isfinite(run.spike_ms[:, int(0.9 * (points - 1))])][0]
    print(f"{name} {diameter} um {kind}: {mine:.4f}, published {published:.4f}")
    assert mine == pytest.approx(published, rel=0.02)


# ------------------------------------------------------- several stimuli, and what is refused


def test_stimuli_of_one_pattern_add_up_where_ions_are_counted() -> None:
    cable, current, dt = tigerholm.fibre(np.array([0.8, 1.2])), push(61, 0, 0.5), 0.01
    first, second = pulse(6.0, dt, 0.1, 0.5), pulse(6.0, dt, 3.0, 0.5)

    def run(*stimuli: Stimulus) -> Any:
        return simulate_cable(cable, 61, stimuli, tigerholm.MEMBRANE, dt_ms=dt, keep_points=(0,))

    both = run(Stimulus(first, current), Stimulus(second, 0.5 * current))
    one = run(Stimulus(first + 0.5 * second, current))
    assert both.v_mV == pytest.approx(one.v_mV, abs=1e-3)
    assert np.isfinite(one.spike_ms[:, 30]).all()
    with pytest.raises(TinelError, match="one pattern along all fibres"):
        run(Stimulus(first, current), Stimulus(second, push(61, 5, 0.2)))
    with pytest.raises(TinelError, match="one pattern along all fibres"):
        run(Stimulus(first, current), Stimulus(second, current * np.array([[1.0], [0.5]])))


def test_the_page_on_adding_a_membrane(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file, *uses = re.findall(r"```python\n(.*?)```", DOC.read_text(), re.S)
    (tmp_path / "my_sweeney.py").write_text(file)
    monkeypatch.syspath_prepend(tmp_path)
    names: dict[str, Any] = {}
    for use in uses:
        exec(compile(use, str(DOC), "exec"), names)
    print(said := capsys.readouterr().out)
    assert "published 57 m/s" in said
    assert names["velocity"] == pytest.approx(57.0, rel=0.01)
    across = [r.spike_ms[0, 30] - r.spike_ms[0, 10] for r in (names["condensed"], names["kept"])]
    assert across[0] == pytest.approx(across[1], rel=0.005)
    mine = sys.modules.pop("my_sweeney").MEMBRANE
    v = np.linspace(-120.0, 60.0, 50)
    for one, other in zip(mine.rates(v, 37.0), sweeney.MEMBRANE.rates(v, 37.0), strict=True):
        assert one == pytest.approx(other, rel=1e-12)


def test_resting_potentials() -> None:
    assert resting_mV(sundt.MEMBRANE, 37.0) == pytest.approx(-59.93112, abs=1e-4)
    balance = ions.rest(tigerholm.MEMBRANE, 37.0)
    assert balance.leak[0] > 0 and balance.leak[1] > 0 and balance.pump == (0.0, 0.0)


@pytest.mark.parametrize("bad", [{"dt_ms": 0.5}, {"temperature_C": 99.0}, {"precision": "float16"}])
def test_arguments_outside_their_range_are_refused(bad: dict[str, Any]) -> None:
    stimulus = Stimulus(pulse(1.0, 0.005, 0.0, 0.1), push(11, 0, 0.1))
    with pytest.raises(ValueError, match="allowed"):
        simulate_cable(sundt.fibre(np.array([1.0])), 11, stimulus, sundt.MEMBRANE, **bad)
    with pytest.raises(TinelError, match="allowed"):
        cylinder(np.array([0.0]), 8.0, 100.0, 1.0)


def test_since_counts_later_spikes_where_ions_are_counted() -> None:
    """Two pulses: the second spike is found where the trace of the first run crosses again."""
    fibre = models.tigerholm(diameter_um=0.8, nodes=61)
    push = train(count=2, frequency_Hz=100, node=0, amplitude_nA=0.5, width_ms=0.5)
    run: dict[str, Any] = dict(duration_ms=16.0, dt_ms=0.02, keep_nodes=[40])
    first = simulate(fibre, push, **run)
    second = simulate(fibre, push, since_ms=8.0, **run)
    assert first.v_mV is not None and np.array_equal(first.v_mV, second.v_mV)
    v = first.v_mV[0, :, 0]
    k = np.flatnonzero((v[:-1] < -30) & (v[1:] >= -30))
    crossing = (k + 1 + (-30 - v[k]) / (v[k + 1] - v[k])) * 0.02
    print(crossing, first.spike_ms[0, 40], second.spike_ms[0, 40])
    assert crossing == pytest.approx([first.spike_ms[0, 40], second.spike_ms[0, 40]], abs=1e-3)
    assert simulate(fibre, push, since_ms=15.9, **run).status.tolist() == [1]
