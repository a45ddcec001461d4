"""Gradients through the whole simulation against finite differences."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest

from tinel.cable.fibres.internode import Sheath, elements
from tinel.cable.models import mrg
from tinel.cable.solvers.condensed.gradient import spike_ms, value_and_slopes
from tinel.cable.solvers.condensed.run import simulate_condensed as simulate
from tinel.cable.stimulation.drive import Drive as Stimulus
from tinel.cable.stimulation.waveform import pulse_samples as pulse

NODES = 15
GEOMETRY = mrg.geometry(np.array([10.0]))
WAVE = pulse(1.5, 0.005, 0.1, 0.1)


def arrival(share, gap, amplitude):  # type: ignore[no-untyped-def]
    """Spike at node 12 behind three injured internodes."""
    left = jnp.ones((1, NODES - 1)).at[0, 5:8].set(share)
    gaps = jnp.ones((1, NODES - 1)).at[0, 5:8].set(gap)
    return spike_ms(
        left, gaps, jnp.asarray([amplitude]), geometry=GEOMETRY, nodes=NODES, waveform=WAVE
    )[0, 12]


@pytest.mark.parametrize("at", [(0.2, 1.5, 4.0), (0.1, 5.0, 2.0)])
def test_slopes_match_finite_differences(at: tuple[float, float, float]) -> None:
    _, slopes = value_and_slopes(arrival, *at)
    for k, (name, slope) in enumerate(zip(("lamellae", "gap", "current"), slopes, strict=True)):
        # small against the curvature, large against the interpolated spike's kinks
        h = 1e-5 * at[k]
        up, down = (
            value_and_slopes(arrival, *(x + s * h * (i == k) for i, x in enumerate(at)))[0]
            for s in (1, -1)
        )
        finite = (up - down) / (2 * h)
        print(f"{name} at {at[k]}: gradient {slope:.6f}, difference {finite:.6f} ms")
        assert slope == pytest.approx(finite, rel=1e-4)


def test_the_differentiable_path_is_the_same_simulation() -> None:
    left = np.ones((1, NODES - 1))
    left[0, 5:8] = 0.2
    e = elements(GEOMETRY, Sheath(left, np.ones_like(left)))
    current = np.zeros((1, NODES))
    current[0, 1] = 4.0
    run = simulate(e, NODES, Stimulus(WAVE, current), precision="float64")
    value, _ = value_and_slopes(arrival, 0.2, 1.0, 4.0)
    assert value == pytest.approx(run.spike_ms[0, 12], abs=1e-9)


def test_a_lesion_is_found_by_following_the_gradient() -> None:
    """The share of lamellae behind a measured arrival, by Newton's method on the gradient."""
    truth = 0.07
    target, _ = value_and_slopes(arrival, truth, 1.0, 4.0)
    share = 0.3
    for _ in range(12):
        now, slopes = value_and_slopes(arrival, share, 1.0, 4.0)
        step = (now - target) / (slopes[0] * share)
        share *= np.exp(-np.clip(step, -0.7, 0.7))
    print(f"found {share:.5f}, true {truth}")
    assert share == pytest.approx(truth, rel=1e-3)


@pytest.mark.parametrize(
    ("bad", "match"),
    [
        ({"node": NODES}, "node is 15"),
        ({"node": -1}, "node is -1"),
        ({"dt_ms": 0.0}, "dt_ms"),
        ({"dt_ms": 0.03}, "dt_ms"),
        ({"temperature_C": 50.0}, "temperature_C"),
        ({"nodes": 1}, "nodes is 1"),
        ({"lamellae_left": np.ones((1, NODES))}, "lamellae_left has shape"),
        ({"lamellae_left": np.zeros((1, NODES - 1))}, "lamellae_left is"),
        ({"gap_factor": np.ones((2, NODES - 1))}, "gap_factor has shape"),
        ({"gap_factor": np.full((1, NODES - 1), 0.5)}, "gap_factor is"),
        ({"geometry": mrg.geometry(np.array([10.0, 12.0]))}, "allowed"),
    ],
)
def test_bad_arguments_are_refused(bad: dict, match: str) -> None:
    whole = np.ones((1, NODES - 1))
    good = {"lamellae_left": whole, "gap_factor": whole, "amplitude_nA": np.array([4.0]),
            "geometry": GEOMETRY, "nodes": NODES, "waveform": WAVE}  # fmt: skip
    with pytest.raises(ValueError, match=match):
        spike_ms(**{**good, **bad})
