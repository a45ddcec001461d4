"""From weighted prior twins to twins of a patient: tempered sequential Monte Carlo.

The likelihood is raised to a power that rises from 0 to 1. At each step twins are drawn by weight,
then each is given the chance to move to a twin near it, by a step that leaves the prior as it is
(preconditioned Crank-Nicolson), so that only the likelihood decides (Cotter 2013,
doi:10.1214/13-STS421; Del Moral 2006, doi:10.1111/j.1467-9868.2006.00553.x).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.exam.limb import Floats

Ints = NDArray[np.intp]
LogLikelihood = Callable[[Ints, Floats], Floats]

KEPT = 0.5  # effective share of the twins that each rise of the power leaves
STEP, SMALLEST_STEP = 0.5, 0.05
LEAST_ACCEPTED, MOST_ACCEPTED = 0.15, 0.45
MOVED_PARTS = (1.0, 0.3, 0.1)  # fractions of the traits that a step moves
SWEEPS, LAST_SWEEPS, MOST_SWEEPS = 2, 2, 12
ENOUGH_MOVED = 0.9
RENEWED_EVERY = 3
MOST_STEPS = 40


@dataclass(frozen=True)
class Particles:
    """Twins, each as likely as the others.

    Args:
        own: numbers of the twins whose fibres they have, ``(n,)``.
        scores: traits, ``(n, n_trait)``.
        log_likelihood: of the findings, ``(n,)``.
        log_evidence: logarithm of the mean likelihood over the prior.
        effective: how many independent twins they are worth.
        powers: those gone through.
        accepted: share of moves that were taken, by sweep.
    """

    own: Ints
    scores: Floats
    log_likelihood: Floats
    log_evidence: float
    effective: float
    powers: tuple[float, ...]
    accepted: tuple[float, ...]


def effective_size(weights: Floats) -> float:
    """How many equal weights these are worth.

    Example:
        >>> effective_size(np.array([0.5, 0.5, 0.0]))
        2.0
    """
    total = float(weights.sum())
    return total**2 / float((weights**2).sum()) if total > 0 else 0.0


def tempered(
    scores: Floats,
    log_likelihood: Floats,
    n: int,
    compute: LogLikelihood,
    rng: np.random.Generator,
    tell: Callable[[float], None] = lambda power: None,
) -> Particles:
    """Twins that agree with the findings.

    Args:
        scores: traits of the prior twins ``0`` to ``n_prior - 1``, ``(n_prior, n_trait)``.
        log_likelihood: of the findings in each, ``(n_prior,)``.
        n: how many twins are wanted.
        compute: ``(own, scores)`` of proposed twins to their log-likelihood.
        rng: decides which twins are drawn and moved.
        tell: called with the power reached.

    Example:
        >>> rng = np.random.default_rng(1)
        >>> prior = rng.standard_normal((400, 1))
        >>> def near_two(own, scores):
        ...     return -0.5 * ((scores[:, 0] - 2.0) / 0.5) ** 2
        >>> found = tempered(prior, near_two(None, prior), 200, near_two, rng)
        >>> bool(abs(found.scores.mean() - 1.6) < 0.15)
        True
    """
    own = np.arange(len(scores), dtype=np.intp)
    fresh = len(scores)
    power, evidence, size = 0.0, 0.0, STEP
    powers, accepted = [0.0], list[float]()
    moved = np.zeros(n, bool)
    while power < 1.0 and len(powers) <= MOST_STEPS:
        rise = _rise(log_likelihood, power, n)
        weights = _weights(rise * log_likelihood)
        evidence += _log_mean(rise * log_likelihood)
        power = min(power + rise, 1.0)
        powers.append(power)
        picked = _systematic(weights, n, rng)
        own, scores, log_likelihood = own[picked], scores[picked], log_likelihood[picked]
        moved = np.zeros(n, bool)
        for sweep in range(MOST_SWEEPS if power >= 1.0 else SWEEPS):
            # most sweeps keep the fibres, so that only the traits have to fit
            renewed = len(accepted) % RENEWED_EVERY == 0
            new_own = np.arange(fresh, fresh + n, dtype=np.intp) if renewed else own
            fresh += n if renewed else 0
            new = _near(scores, size, rng)
            then = compute(new_own, new)
            taken = np.log(rng.random(n)) < power * (then - log_likelihood)
            own = np.where(taken, new_own, own)
            scores = np.where(taken[:, None], new, scores)
            log_likelihood = np.where(taken, then, log_likelihood)
            moved |= taken
            rate = float(taken.mean())
            accepted.append(rate)
            if rate < LEAST_ACCEPTED:
                size = max(size * 0.6, SMALLEST_STEP)
            elif rate > MOST_ACCEPTED:
                size = min(size * 1.5, 0.95)
            if power >= 1.0 and sweep + 1 >= LAST_SWEEPS and moved.mean() > ENOUGH_MOVED:
                break
        tell(power)
    worth = _distinct(own, scores)
    gone = (tuple(powers), tuple(accepted))
    return Particles(own, scores, log_likelihood, evidence, worth, *gone)


def _near(scores: Floats, size: float, rng: np.random.Generator) -> Floats:
    """Twins near others: a part of the traits of each moves, all of them in some."""
    among = rng.choice(MOVED_PARTS, len(scores))[:, None]
    moves = rng.random(scores.shape) < among
    stepped = np.sqrt(1 - size**2) * scores + size * rng.standard_normal(scores.shape)
    return np.where(moves, stepped, scores)


def _rise(log_likelihood: Floats, power: float, n: int) -> float:
    """The largest rise of the power that leaves enough effective twins."""
    wanted = KEPT * min(n, len(log_likelihood))
    low, high = 0.0, 1.0 - power
    if effective_size(_weights(high * log_likelihood)) >= wanted:
        return high
    for _ in range(40):
        middle = (low + high) / 2
        enough = effective_size(_weights(middle * log_likelihood)) >= wanted
        low, high = (middle, high) if enough else (low, middle)
    return max(low, 1e-6)


def _weights(log_weights: Floats) -> Floats:
    raised = np.exp(log_weights - log_weights.max())
    return np.asarray(raised / raised.sum())


def _log_mean(log_values: Floats) -> float:
    most = float(log_values.max())
    return most + float(np.log(np.exp(log_values - most).mean()))


def _systematic(weights: Floats, n: int, rng: np.random.Generator) -> Ints:
    places = (rng.random() + np.arange(n)) / n
    return np.minimum(np.searchsorted(np.cumsum(weights), places), len(weights) - 1)


def _distinct(own: Ints, scores: Floats) -> float:
    # twins that are still copies of one another count once
    _, counts = np.unique(np.column_stack([own, scores]), axis=0, return_counts=True)
    return effective_size(counts.astype(np.float64))
