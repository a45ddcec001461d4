"""Sequential Monte Carlo on an emulator, which is made anew in waves.

The first wave of points fills the prior; each further one is computed at draws of what the waves
before leave of it, as its error is least where points are many. Parameters are drawn with the
likelihood of the published figures, in tempered steps (Del Moral, Doucet & Jasra 2006,
doi:10.1111/j.1467-9868.2006.00553.x). How far the program is wrong by itself, with the best
parameters, is not known either and is drawn with them (Kennedy & O'Hagan 2001,
doi:10.1111/1467-9868.00294): a fit that misses figures leaves wide parameters, no sharp wrong ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from tinel.calibration.emulator import Emulator, fit

Floats = NDArray[np.float64]
# Points as fractions of the prior (n_point, n_free) -> figures (n_point, n_figure).
Simulator = Callable[[Floats], Floats]

OWN = (0.4, 6.0)  # the program's own error over the stated one: its prior, even in the logarithm
DRAWS = 200_000
FEWER_DRAWS = 60_000  # between waves
DIGITS = 6


@dataclass(frozen=True)
class Target:
    """What is fitted.

    Args:
        published: ``(n_figure,)``, on the fit scale.
        variance: of published minus simulated mean at the right parameters, ``(n_figure,)``.
        group: number of the group of patients behind each figure, ``(n_figure,)``: figures of one
            group repeat the same patients and count as one together.
        own: what of the variance is the program's own error, as stated, ``(n_figure,)``; 0 where
            left out.
    """

    published: Floats
    variance: Floats
    group: NDArray[np.int_]
    own: Floats | None = None

    def distance2(self, mean: Floats, variance: Floats) -> Floats:
        """Squared distances by group, ``(n_point, n_group)``, in units of the stated errors."""
        return self._by_group((mean - self.published) ** 2 / (self.variance + variance))

    def log_likelihood(self, mean: Floats, variance: Floats, own: Floats) -> Floats:
        """Logarithm of the likelihood up to a constant, ``(n_point,)``.

        Args:
            mean: of the simulated figures, ``(n_point, n_figure)``.
            variance: of that mean, same shape.
            own: the program's own error over the stated one, ``(n_point,)``.
        """
        stated = np.zeros_like(self.variance) if self.own is None else self.own
        total = self.variance + variance + stated * (own[:, None] ** 2 - 1.0)
        z2 = (mean - self.published) ** 2 / total + np.log(total)
        return np.asarray(-0.5 * self._by_group(z2).sum(axis=1))

    def _by_group(self, values: Floats) -> Floats:
        groups = np.unique(self.group)
        return np.stack([values[:, self.group == g].mean(axis=1) for g in groups], axis=1)


@dataclass(frozen=True)
class Waves:
    """Computed points of all waves, ``x`` and ``y``, and the last emulator."""

    x: Floats
    y: Floats
    emulator: Emulator


@dataclass(frozen=True)
class Draws:
    """What is left of the prior.

    Args:
        x: parameters as fractions of the prior, ``(n, n_free)``.
        own: the program's own error over the stated one, ``(n,)``.
    """

    x: Floats
    own: Floats


def compute_waves(
    simulate: Simulator, target: Target, n_free: int, points: tuple[int, ...], seed: int = 1
) -> Waves:
    """Compute points where what is left of the prior lies, wave by wave.

    Args:
        simulate: computes figures at points.
        target: what is published.
        n_free: number of free parameters.
        points: how many points each wave computes.
        seed: 0 or more.
    """
    rng = np.random.default_rng(seed)
    x = qmc.LatinHypercube(d=n_free, rng=rng).random(points[0])
    y = simulate(x)
    emulator = fit(x, y, seed)
    for wave, n in enumerate(points[1:], 1):
        more = draw_posterior(emulator, target, n_free, n, seed + wave, FEWER_DRAWS).x
        # the last digits of an emulator depend on the machine, and a point is kept by its digits
        more = more.round(DIGITS)
        x, y = np.concatenate([x, more]), np.concatenate([y, simulate(more)])
        emulator = fit(x, y, seed)
    return Waves(x, y, emulator)


def draw_posterior(
    emulator: Emulator,
    target: Target,
    n_free: int,
    n: int,
    seed: int = 1,
    n_draws: int = DRAWS,
) -> Draws:
    """Parameters accepted with the likelihood.

    The prior is narrowed in steps: each tempers the likelihood a little more and spreads the
    accepted points by their own covariance, so that few draws are wasted.

    Args:
        emulator: of the figures.
        target: what is published.
        n_free: number of free parameters.
        n: rows wanted.
        seed: 0 or more.
        n_draws: draws over all steps.
    """
    rng = np.random.default_rng(seed)
    n_step, n_walk = 12, 500

    def score_of(at: Floats) -> Floats:
        return target.log_likelihood(*emulator.predict(at[:, :-1]), _own(at[:, -1]))

    x = qmc.LatinHypercube(d=n_free + 1, rng=rng).random(n_walk)  # the last one is the own error
    score = score_of(x)
    moves = max(1, n_draws // (n_step * n_walk))
    heats = np.linspace(0.0, 1.0, n_step + 1) ** 3
    for before, now in pairwise(heats):
        weight = np.exp((now - before) * (score - score.max()))
        chosen = rng.choice(n_walk, n_walk, p=weight / weight.sum())
        x, score = x[chosen], score[chosen]
        spread = np.cov(x.T) + 1e-5 * np.eye(n_free + 1)
        root = np.linalg.cholesky(spread) * (2.38 / np.sqrt(n_free + 1))
        for move in range(moves):
            size = 1.0 if move % 2 else 0.3
            tried = x + size * rng.standard_normal(x.shape) @ root.T
            inside = ((tried >= 0) & (tried <= 1)).all(axis=1)
            there = np.full(n_walk, -np.inf)
            if inside.any():
                there[inside] = score_of(tried[inside])
            accepted = np.log(rng.random(n_walk)) < now * (there - score)
            x, score = np.where(accepted[:, None], tried, x), np.where(accepted, there, score)
    taken = x[rng.choice(n_walk, n, replace=n > n_walk)]
    return Draws(np.asarray(taken[:, :-1]), _own(taken[:, -1]))


def _own(fraction: Floats) -> Floats:
    low, high = OWN
    return np.asarray(low * (high / low) ** fraction)
