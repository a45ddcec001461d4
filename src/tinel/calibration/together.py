"""Move the free numbers together, downhill from the numbers in use.

Where a search of the whole prior leaves nothing plausible, the way down from the numbers in use
still shows what the fitted cohorts ask for. Steps are Gauss-Newton's, with differences of the same
patients, and damped (Levenberg & Marquardt). The prior is normal around the numbers in use, as wide
as the range that stands with each; what is left of it at the end is taken as normal too (Laplace's
approximation).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from tinel.calibration.waves import Target
from tinel.evidence.free import Free

Floats = NDArray[np.float64]
# Points as fractions of the ranges (n_point, n_free) -> figures (n_point, n_figure).
Simulator = Callable[[Floats], Floats]

DIFFERENCE = 0.6  # of a standard deviation of the prior
DAMPINGS = (0.3, 1.0, 3.0)
LONGEST = 1.2  # standard deviations by which a step moves a number
NOBODY = 5.0  # stated errors off that a figure without a patient counts
LEAST = 0.5  # fall of the sum of squares for which another step is made
ENDS = 2.0 * float(norm.ppf(0.95))  # standard deviations from one end of a range to the other


@dataclass(frozen=True)
class Prior:
    """Normal priors of the free numbers on their scales, cut at the ends of their ranges.

    Args:
        free: the numbers; a range holds 90 % of an uncut prior.
        in_use: their values, in the middle of the priors, ``(n_free,)``.
    """

    free: tuple[Free, ...]
    in_use: Floats

    @property
    def middle(self) -> Floats:
        """The numbers in use as fractions of their ranges, ``(n_free,)``."""
        pairs = zip(self.free, self.in_use, strict=True)
        return np.array([float(one.fraction_of(used)) for one, used in pairs])

    def fractions(self, z: Floats) -> Floats:
        """Fractions of the ranges at standard scores, same shape.

        Example:
            >>> one = Prior((Free("k", 1.0, 100.0, "log", ""),), np.array([10.0]))
            >>> one.fractions(np.array([[0.0], [1.645], [9.0]])).round(2).ravel().tolist()
            [0.5, 1.0, 1.0]
        """
        return np.clip(self.middle + z / ENDS, 0.0, 1.0)

    def within(self, z: Floats) -> Floats:
        """The standard scores cut at the ends of the ranges."""
        cut: Floats = np.clip(z, -self.middle * ENDS, (1.0 - self.middle) * ENDS)
        return cut

    def at(self, z: Floats) -> Floats:
        """The numbers at standard scores, same shape."""
        columns = zip(self.free, self.fractions(z).T, strict=True)
        return np.stack([one.at(f) for one, f in columns], axis=-1)


@dataclass(frozen=True)
class Place:
    """Where the numbers stand: standard scores, computed figures, and two sums of squares.

    Args:
        z: 0 for the number in use, ``(n_free,)``.
        figures: on the fit scale, ``(n_figure,)``.
        off2: of the figures' stated errors.
        prior2: of ``z``.
    """

    z: Floats
    figures: Floats
    off2: float
    prior2: float

    @property
    def total(self) -> float:
        """What is made small."""
        return self.off2 + self.prior2


@dataclass(frozen=True)
class Way:
    """The places of the steps, and the covariance of ``z`` that is left at the last differences."""

    places: tuple[Place, ...]
    covariance: Floats


def downhill(simulate: Simulator, target: Target, prior: Prior, steps: int) -> Way:
    """Follow the way down.

    Args:
        simulate: computes figures; nan where no patient is counted.
        target: what is published; every figure counts as one.
        prior: of the numbers.
        steps: the most that are made; fewer where the sum of squares hardly falls.
    """
    errors = np.sqrt(target.variance)

    def places(z: Floats) -> list[Place]:
        seen = simulate(prior.fractions(z))
        # else a place that leaves nobody to count would look the better
        off2 = (np.nan_to_num((seen - target.published) / errors, nan=NOBODY) ** 2).sum(axis=1)
        return [Place(*one) for one in zip(z, seen, off2.tolist(), (z**2).sum(axis=1), strict=True)]

    one: Floats = np.eye(len(prior.free))
    (here,) = places(np.zeros((1, len(one))))
    found = [here]
    covariance: Floats = one
    for _ in range(steps):
        ahead = _beside(here.z, prior)
        seen = simulate(prior.fractions(ahead))
        slopes = (seen - here.figures).T / (np.diag(ahead) - here.z) / errors[:, None]
        slopes = np.where(np.isfinite(slopes), slopes, 0.0)
        off = np.nan_to_num((target.published - here.figures) / errors)
        curved, down = slopes.T @ slopes + one, slopes.T @ off - here.z
        covariance = np.asarray(np.linalg.inv(curved), np.float64)
        tries = [np.linalg.solve(curved + damped * one, down) for damped in DAMPINGS]
        moves = np.clip(np.stack(tries), -LONGEST, LONGEST)
        best = min(places(prior.within(here.z + moves)), key=lambda place: place.total)
        if best.total > here.total - LEAST:
            break
        here = best
        found.append(here)
    return Way(tuple(found), covariance)


def told(way: Way, prior: Prior) -> list[str]:
    """The numbers before and after, and how much of the prior's spread is left, line by line."""
    first, last = way.places[0], way.places[-1]
    left, now = np.sqrt(np.diag(way.covariance)), prior.at(last.z[None])[0]
    lines = [
        f"{one.key}: {used:.4g} -> {value:.4g}, {z:+.1f} standard deviations of its prior, "
        f"of which {part:.0%} are left"
        for one, used, value, z, part in zip(
            prior.free, prior.in_use, now, last.z, left, strict=True
        )
    ]
    sums = f"{first.off2:.1f} -> {last.off2:.1f}, and {last.prior2:.1f} of the prior"
    return [*lines, f"sum of squared stated errors: {sums}; steps: {len(way.places) - 1}"]


def _beside(z: Floats, prior: Prior) -> Floats:
    """One point beside ``z`` for each number; below it where its range ends."""
    one = DIFFERENCE * np.eye(len(z))
    above, below = prior.within(z + one), prior.within(z - one)
    ends = np.diag(above) - z < DIFFERENCE / 2
    return np.where(ends[:, None], below, above)
