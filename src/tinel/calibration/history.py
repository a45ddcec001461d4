"""History matching, then approximate Bayesian computation, on an emulator.

Waves of computed points shrink the prior to what is not implausible (Craig et al. 1997; Vernon et
al. 2010) and say where the next are computed. Parameters are then drawn from the whole prior with
the likelihood of the published figures under the stated errors, in tempered steps (sequential
Monte Carlo); a stated model error in the likelihood is what makes such a posterior exact
(Wilkinson 2013).
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

IMPLAUSIBLE = 3.0  # standard deviations
MAY_MISS = 2  # groups of figures that may be implausible without a point being dropped
CANDIDATES = 20_000
DRAWS = 200_000


@dataclass(frozen=True)
class Target:
    """What is fitted.

    Args:
        published: ``(n_figure,)``, on the fit scale.
        variance: of published minus simulated mean at the right parameters, ``(n_figure,)``.
        group: number of the group of patients behind each figure, ``(n_figure,)``: figures of one
            group repeat the same patients and count as one together.
    """

    published: Floats
    variance: Floats
    group: NDArray[np.int_]

    def distance2(self, mean: Floats, variance: Floats) -> Floats:
        """Squared distances by group, ``(n_point, n_group)``, in units of the stated errors."""
        z2 = (mean - self.published) ** 2 / (self.variance + variance)
        groups = np.unique(self.group)
        return np.stack([z2[:, self.group == g].mean(axis=1) for g in groups], axis=1)


@dataclass(frozen=True)
class History:
    """Computed points of all waves, the last emulator, and what each wave left of the prior."""

    x: Floats
    y: Floats
    emulator: Emulator
    left: tuple[float, ...]


def match(
    simulate: Simulator,
    target: Target,
    n_free: int,
    points: tuple[int, ...],
    seed: int = 1,
) -> History:
    """Shrink the prior wave by wave.

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
    emulator, left = fit(x, y, seed), list[float]()
    for n in points[1:]:
        candidates = qmc.LatinHypercube(d=n_free, rng=rng).random(CANDIDATES)
        open_ = plausible(emulator, target, candidates)
        left.append(float(open_.mean()))
        more = _spread_out(_best(emulator, target, candidates, open_, n), n, rng)
        x, y = np.concatenate([x, more]), np.concatenate([y, simulate(more)])
        emulator = fit(x, y, seed)
    candidates = qmc.LatinHypercube(d=n_free, rng=rng).random(CANDIDATES)
    left.append(float(plausible(emulator, target, candidates).mean()))
    return History(x, y, emulator, tuple(left))


def plausible(emulator: Emulator, target: Target, x: Floats) -> NDArray[np.bool_]:
    """Which points are not implausible, ``(n_point,)``."""
    far = np.sqrt(target.distance2(*emulator.predict(x)))
    return np.asarray((far > IMPLAUSIBLE).sum(axis=1) <= MAY_MISS)


def log_likelihood(emulator: Emulator, target: Target, x: Floats) -> Floats:
    """Logarithm of the likelihood up to a constant, ``(n_point,)``."""
    mean, variance = emulator.predict(x)
    total = target.variance + variance
    z2 = (mean - target.published) ** 2 / total + np.log(total)
    groups = np.unique(target.group)
    by_group = np.stack([z2[:, target.group == g].mean(axis=1) for g in groups], axis=1)
    return np.asarray(-0.5 * by_group.sum(axis=1))


def draw_posterior(
    emulator: Emulator,
    target: Target,
    n_free: int,
    n: int,
    seed: int = 1,
    n_draws: int = DRAWS,
) -> Floats:
    """Parameters accepted with the likelihood, ``(n, n_free)``, as fractions of the prior.

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
    x = qmc.LatinHypercube(d=n_free, rng=rng).random(n_walk)
    score = log_likelihood(emulator, target, x)
    moves = max(1, n_draws // (n_step * n_walk))
    heats = np.linspace(0.0, 1.0, n_step + 1) ** 3
    for before, now in pairwise(heats):
        weight = np.exp((now - before) * (score - score.max()))
        chosen = rng.choice(n_walk, n_walk, p=weight / weight.sum())
        x, score = x[chosen], score[chosen]
        spread = np.cov(x.T) + 1e-5 * np.eye(n_free)
        root = np.linalg.cholesky(np.atleast_2d(spread)) * (2.38 / np.sqrt(n_free))
        for move in range(moves):
            size = 1.0 if move % 2 else 0.3
            tried = x + size * rng.standard_normal(x.shape) @ root.T
            inside = ((tried >= 0) & (tried <= 1)).all(axis=1)
            there = np.full(n_walk, -np.inf)
            if inside.any():
                there[inside] = log_likelihood(emulator, target, tried[inside])
            accepted = np.log(rng.random(n_walk)) < now * (there - score)
            x, score = np.where(accepted[:, None], tried, x), np.where(accepted, there, score)
    return np.asarray(x[rng.choice(n_walk, n, replace=n > n_walk)])


def _best(
    emulator: Emulator, target: Target, x: Floats, open_: NDArray[np.bool_], n: int
) -> Floats:
    # too few plausible ones: the least implausible instead
    if open_.sum() >= n:
        return x[open_]
    far = np.sort(target.distance2(*emulator.predict(x)), axis=1)[:, -1 - MAY_MISS]
    return x[np.argsort(far)[: 2 * n]]


def _spread_out(x: Floats, n: int, rng: np.random.Generator) -> Floats:
    # from a few hundred at random, one after another the point that is farthest from those taken
    pool = x[rng.permutation(len(x))[: 10 * n]]
    taken = [0]
    gap = ((pool - pool[0]) ** 2).sum(axis=1)
    while len(taken) < min(n, len(pool)):
        taken.append(int(gap.argmax()))
        gap = np.minimum(gap, ((pool - pool[taken[-1]]) ** 2).sum(axis=1))
    return pool[taken]
