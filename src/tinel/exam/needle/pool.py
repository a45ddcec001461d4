"""Firing of a pool of motor neurons: recruitment by size and rate coding (Fuglevand et al. 1993).

Unit i of n is recruited at the excitation range^(i/n); from there its rate rises linearly from the
least one to a peak that is lower the later the unit comes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.evidence import Parameters
from tinel.twins import Twins

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pool:
    """Numbers of the pool, each ``(n_twin, 1)``: see ``needle.pool``."""

    recruitment_range: Floats
    least_Hz: Floats
    gain_Hz: Floats
    peak_Hz: Floats
    peak_fall_Hz: Floats

    @classmethod
    def of(cls, twins: Twins) -> Pool:
        """The pool of some twins, whose least rates differ from person to person."""
        read = {name: twins.each(f"needle.pool.{name}")[:, None] for name in cls.__annotations__}
        spread = twins.each("needle.pool.person_spread")[:, None]
        read["least_Hz"] = read["least_Hz"] * np.exp(spread * twins.normal("needle.pool", 1))
        return cls(**read)

    def threshold(self, order: Floats) -> Floats:
        """Excitation that recruits each unit, ``(n_twin, n_unit)``; ``order`` 0 (first) to 1."""
        found: Floats = self.recruitment_range**order
        return found

    @property
    def most(self) -> Floats:
        """Excitation of full effort, at which the last unit fires at its peak, ``(n_twin, 1)``."""
        last = np.maximum(self.peak_Hz - self.peak_fall_Hz - self.least_Hz, 0.0)
        found: Floats = self.recruitment_range + last / self.gain_Hz
        return found

    def rate_Hz(self, excitation: Floats, threshold: Floats) -> Floats:
        """Firing rate of each unit, ``(n_twin, n_unit)``; 0 below its threshold.

        Example:
            >>> one = Pool(*(np.array([[x]]) for x in (30.0, 8.0, 1.5, 45.0, 10.0)))
            >>> one.rate_Hz(np.array([[3.0]]), np.array([[1.0, 3.0, 9.0]])).tolist()
            [[11.0, 8.0, 0.0]]
        """
        peak = self.peak_Hz - self.peak_fall_Hz * threshold / self.recruitment_range
        rate = self.least_Hz + self.gain_Hz * (excitation - threshold)
        found: Floats = np.where(excitation >= threshold, np.minimum(rate, peak), 0.0)
        return found


def discharges_s(rate_Hz: float, seconds: float, spread: float, rng: np.random.Generator) -> Floats:
    """Times at which one unit fires, ``(n,)``, with intervals that vary normally.

    Args:
        rate_Hz: mean rate; 0 gives none.
        seconds: how long it fires.
        spread: standard deviation of the intervals over their mean.
        rng: random numbers.
    """
    if rate_Hz <= 0:
        return np.zeros(0)
    n = int(seconds * rate_Hz * 1.5) + 10
    factor = np.maximum(1 + spread * rng.standard_normal(n), 0.2)
    times = (rng.random() + np.cumsum(factor) - factor[0]) / rate_Hz
    found: Floats = times[times < seconds]
    return found


def interval_spread(parameters: Parameters) -> float:
    """Standard deviation of a unit's intervals over their mean."""
    return parameters.scalar("needle.pool.interval_spread")
