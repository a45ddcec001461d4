"""Calibration on models whose posterior is known, and the runner's promises."""

from __future__ import annotations

import math

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="dependency group 'calibrate'")

from tinel.calibration.emulator import fit
from tinel.calibration.history import Target, draw_posterior, match, plausible

RNG = np.random.default_rng(4)
A = np.array([[40.0, 5.0, 0.0], [0.0, 60.0, -10.0], [10.0, 10.0, 50.0], [30.0, -30.0, 10.0]])
TRUTH = np.array([0.35, 0.6, 0.5])
VARIANCE = np.array([9.0, 16.0, 25.0, 9.0])


def linear(x: np.ndarray) -> np.ndarray:
    return x @ A.T + RNG.normal(0.0, 1.0, (len(x), len(A)))


def target() -> Target:
    return Target(A @ TRUTH, VARIANCE, np.arange(4))


def exact() -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviations of the posterior on a grid, computed without any sampling."""
    axis = np.linspace(0, 1, 81)
    grid = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1).reshape(-1, 3)
    z2 = ((grid @ A.T - A @ TRUTH) ** 2 / VARIANCE).sum(axis=1)
    weight = np.exp(-0.5 * z2)
    weight /= weight.sum()
    mean = weight @ grid
    return mean, np.sqrt(weight @ (grid - mean) ** 2)


def test_a_posterior_that_is_known_is_found_again() -> None:
    history = match(linear, target(), 3, (30, 20))
    found = draw_posterior(history.emulator, target(), 3, 400, n_draws=60_000)
    mean, sd = exact()
    print(found.mean(axis=0), mean, found.std(axis=0), sd)
    assert np.abs(found.mean(axis=0) - mean) == pytest.approx(0, abs=0.035)
    assert found.std(axis=0) == pytest.approx(sd, rel=0.25)
    assert 0 < history.left[-1] < 1  # two of four figures may miss


def test_the_truth_is_never_ruled_out() -> None:
    history = match(linear, target(), 3, (30, 20))
    assert plausible(history.emulator, target(), TRUTH[None, :]).all()


def test_an_emulator_meets_points_it_has_not_seen() -> None:
    def curved(x: np.ndarray) -> np.ndarray:
        return 100 / (1 + np.exp(-6 * (x[:, :1] - 0.5) - 2 * x[:, 1:2]))

    seen, new = RNG.random((60, 3)), RNG.random((200, 3))
    mean, variance = fit(seen, curved(seen) + RNG.normal(0, 2, (60, 1))).predict(new)
    error = (mean - curved(new))[:, 0]
    print("root mean square error", math.sqrt((error**2).mean()), "points")
    assert math.sqrt((error**2).mean()) < 2.5
    assert (np.abs(error) < 3 * np.sqrt(variance[:, 0]) + 1).mean() > 0.9


def test_figures_of_one_group_count_as_one() -> None:
    alone = Target(np.zeros(1), np.ones(1), np.zeros(1, int))
    repeated = Target(np.zeros(3), np.ones(3), np.zeros(3, int))
    x = np.full((1, 1), 2.0)
    one = alone.distance2(x, np.zeros((1, 1)))
    three = repeated.distance2(np.repeat(x, 3, axis=1), np.zeros((1, 3)))
    assert one.tolist() == three.tolist() == [[4.0]]
