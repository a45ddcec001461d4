"""A fibre that is timed, and how far its velocity is from the converged one."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks.peers import configurations
from benchmarks.peers.families import Family, lay
from tinel.cable.simulate import simulate


@dataclass(frozen=True)
class Case:
    """One model, one diameter, driven as its family is.

    ``seconds(dt_ms)`` is the time of one call for a whole ``batch``, everything from geometry to
    spikes; ``velocity`` (m/s) at a step and ``converged`` of the plain oracle; ``steps_ms`` are
    tried for a wanted accuracy, coarsest first, by everyone.
    """

    title: str
    family: Family
    fibre: tuple[str, float]
    batch: int
    dt_ms: float
    steps_ms: tuple[float, ...]
    seconds: Callable[[float], float]
    velocity: Callable[[float], float]
    converged: Callable[[], float]

    def off(self, velocity_m_per_s: float) -> float:
        """Per cent off the converged velocity."""
        return 100 * (velocity_m_per_s / self.converged() - 1)

    def longest(self, within_percent: float, velocity: Callable[[float], float]) -> float:
        """The longest step whose velocity is as near as that."""
        return next(h for h in self.steps_ms if abs(self.off(velocity(h))) < within_percent)


def timed(family: Family, fibre: tuple[str, float], batch: int) -> Callable[[float], float]:
    """``seconds`` of a batch of equal fibres."""

    def seconds(dt_ms: float) -> float:
        start = time.perf_counter()
        laid = lay(fibre[0], np.full(batch, fibre[1]), family.setup.nodes)
        run = simulate(
            laid, configurations.push(family), duration_ms=family.setup.duration_ms, dt_ms=dt_ms
        )
        if not np.all(run.status == 0):
            raise RuntimeError(f"fibres ended with status {np.unique(run.status)}")
        return time.perf_counter() - start

    return seconds


def travelled(family: Family, fibre: tuple[str, float]) -> Callable[[float], float]:
    """``velocity`` of one fibre."""
    return lambda dt_ms: float(configurations.velocities(family, (fibre,), dt_ms)[0])


def crossing(v: np.ndarray, level: float = -30.0) -> float:
    """Step at which a trace first rises through a level, between samples."""
    k = np.flatnonzero((v[1:] >= level) & (v[:-1] < level))[0]
    return float(k + (level - v[k]) / (v[k + 1] - v[k]))
