"""What the engines refuse, and what must not depend on how a question is put."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tinel.cable.fibres.compartments import compartments
from tinel.cable.fibres.internode import Sheath, elements, healthy
from tinel.cable.fibres.positions import positions_um
from tinel.cable.models import gaines, mrg, sundt
from tinel.cable.solvers.condensed.run import simulate_condensed as simulate
from tinel.cable.solvers.full.run import run_until, simulate_full
from tinel.cable.solvers.single_cable.run import simulate_cable
from tinel.cable.stimulation.drive import Drive as Stimulus
from tinel.cable.stimulation.medium import point_source
from tinel.cable.stimulation.waveform import pulse_samples as pulse

NODES, DT = 11, 0.01
WAVE = pulse(0.5, DT, 0.1, 0.1)


def current(places: int, rows: int = 1) -> np.ndarray:
    a = np.zeros((rows, places))
    a[:, 0] = 5.0
    return a


def condensed(stimulus: Stimulus, **more: Any) -> Any:
    e = elements(mrg.table_geometry(np.full(2, 10.0)), healthy(2))
    return simulate(e, **{"nodes": NODES, **more}, stimulus=stimulus, dt_ms=DT)


def full(stimulus: Stimulus, **more: Any) -> Any:
    c = compartments(gaines.geometry(np.full(2, 10.0)), NODES, gaines.MOTOR)
    return simulate_full(c, stimulus, dt_ms=DT, **more)


def single(stimulus: Stimulus, **more: Any) -> Any:
    more = {("keep_points" if k == "keep_nodes" else k): v for k, v in more.items()}
    return simulate_cable(
        sundt.fibre(np.full(2, 1.0)), NODES, stimulus, sundt.MEMBRANE, dt_ms=DT, **more
    )


ENGINES = {"condensed": condensed, "full": full, "single": single}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({"keep_nodes": (NODES,)}, "allowed: integers, 0 to 10"),
        ({"keep_nodes": (-1,)}, "allowed: integers, 0 to 10"),
        ({"keep_nodes": (3.5,)}, "allowed: integers, 0 to 10"),
        ({"level_mV": float("nan")}, "level_mV is nan"),
        ({"precision": "float16"}, "allowed: 'float32', 'float64'"),
        ({"lead_mV_per_mA": np.ones((2, 1, 300))}, "lead_mV_per_mA has shape"),
    ],
)
def test_arguments_no_engine_takes(engine: str, bad: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        ENGINES[engine](Stimulus(WAVE, current(NODES)), **bad)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("shape", [(1, 1), (3, NODES), (1, NODES + 1)])
def test_a_pattern_has_a_column_per_place(engine: str, shape: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="current_nA has shape"):
        ENGINES[engine](Stimulus(WAVE, np.ones(shape)))
    with pytest.raises(ValueError, match="potential_mV has shape"):
        ENGINES[engine](Stimulus(WAVE, potential_mV=np.ones(shape if shape[1] == 1 else (1, 13))))


@pytest.mark.parametrize("nodes", [1, 11.0, np.array([11]), np.array([11.5, 11.0])])
def test_nodes_are_integers_one_or_one_per_fibre(nodes: Any) -> None:
    with pytest.raises(ValueError, match="nodes is"):
        condensed(Stimulus(WAVE, current(NODES)), nodes=nodes)


def test_stimuli_say_what_they_lack() -> None:
    with pytest.raises(ValueError, match="needs a pattern"):
        Stimulus(WAVE)
    with pytest.raises(ValueError, match="waveform has shape"):
        Stimulus(np.zeros(0), current(NODES))
    for duration, dt, start, width in ((1, 0.01, 1, 0.1), (1, 0.01, 0, -1), (1, -0.01, 0, 1)):
        with pytest.raises(ValueError, match="allowed"):
            pulse(duration, dt, start, width)


@pytest.mark.parametrize("bad", [np.nan, -0.1, 1.1])
def test_a_sheath_is_a_share(bad: float) -> None:
    left = np.ones((2, 10))
    left[1, 4] = bad
    with pytest.raises(ValueError, match="lamellae_left is"):
        elements(mrg.table_geometry(np.full(2, 10.0)), Sheath(left, np.ones_like(left)))


@pytest.mark.parametrize("method", ["lanes", pytest.param("jax", marks=pytest.mark.slow)])
def test_two_densities_under_one_name(method: str) -> None:
    """Compiled code is kept under everything it was made from, not under a name."""
    e = elements(mrg.table_geometry(np.array([10.0])), healthy(1))
    travel = []
    for naf in (3.0, 1.5):
        membrane = replace(mrg.MEMBRANE, density_S_per_cm2=(naf, 0.01, 0.08, 0.007))
        s = simulate(
            e, 21, Stimulus(pulse(1.5, 0.005, 0.1, 0.1), current(21)), membrane=membrane,
            method=method,
        ).spike_ms[0]  # fmt: skip
        travel.append(s[12] - s[5])
    print(f"seven internodes with 3 and 1.5 S/cm2: {travel[0]:.4f}, {travel[1]:.4f} ms")
    assert travel[1] > 1.3 * travel[0]


@pytest.mark.parametrize("kind", ["current", "field"])
@pytest.mark.parametrize("engine", ["condensed", "full"])
def test_a_stimulus_may_begin_with_the_run(engine: str, kind: str) -> None:
    e = elements(mrg.table_geometry(np.full(2, 10.0)), healthy(2))
    z = positions_um(e, NODES)
    unit = point_source(z, float(z[0, 55]), 500.0)
    seen = []
    for start in (0.0, 0.1):
        wave = pulse(0.6 + start, DT, start, 0.05)
        one = Stimulus(wave, current(NODES)) if kind == "current" else None
        r = ENGINES[engine](
            one or Stimulus(wave, potential_mV=-0.1 * unit), keep_nodes=(5,), precision="float64"
        )
        seen.append((r.v_mV[:, round(start / DT) :, 0], r.spike_ms - start))
    assert np.abs(seen[0][0] - seen[1][0]).max() < 1e-6
    assert np.allclose(seen[0][1], seen[1][1], atol=1e-9, equal_nan=True)


def test_a_checkpoint_of_other_fibres_is_refused() -> None:
    one, other = (
        compartments(gaines.geometry(np.array([d])), NODES, gaines.MOTOR) for d in (10.0, 16.0)
    )
    push = Stimulus(WAVE, current(NODES))
    reached, _ = run_until(one, push, 0.3, dt_ms=DT)
    with pytest.raises(ValueError, match="checkpoint of other fibres"):
        simulate_full(other, push, dt_ms=DT, start=reached)
    with pytest.raises(ValueError, match="checkpoint of other fibres"):
        simulate_full(one, push, dt_ms=DT, start=replace(reached, of_fibres=np.zeros(2)))


def test_a_checkpoint_before_the_first_step_changes_nothing() -> None:
    """The step before the waveforms begin is run once, whoever goes on from there."""
    c = compartments(gaines.geometry(np.array([10.0])), NODES, gaines.MOTOR)
    push = Stimulus(pulse(0.5, DT, 0.0, 0.1), current(NODES))
    nothing_yet, _ = run_until(c, push, 0.0, dt_ms=DT)
    whole, onward = (
        simulate_full(c, push, dt_ms=DT, keep_nodes=(0,), start=s) for s in (None, nothing_yet)
    )
    assert whole.v_mV is not None and onward.v_mV is not None
    assert np.array_equal(whole.v_mV, onward.v_mV)
