"""Which step a wanted accuracy needs, measured on the fibres themselves.

A few fibres are run at 10, 5 and 2.5 us. The two shorter steps, the scheme being of second order,
give the value at no step (Richardson), q + (q(h/2) - q(h))/3, and with it the error at all three.
Between them it is taken to follow a power of the step, below them its square. What condensing
leaves at any step is added.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tinel.cable.fibres.internode import Elements
from tinel.cable.membranes.membrane import Membrane
from tinel.cable.models import mrg
from tinel.cable.solvers.condensed.run import simulate_condensed
from tinel.cable.stimulation.drive import Drive
from tinel.cable.stimulation.waveform import pulse_samples
from tinel.errors import TinelError

Floats = NDArray[np.float64]

PROBES_ms, SHORTEST_ms = np.array([0.01, 0.005, 0.0025]), 0.0002
AMPLITUDES = 24
FLOOR_percent = 0.1  # what condensing leaves however short the step: 0.05 to 0.1 % of velocity


@dataclass(frozen=True)
class Step:
    """A step ``dt_ms`` and the largest error it leaves, in per cent of the converged value.

    ``velocity_percent`` and ``threshold_percent`` are estimates over the probed fibres; nan where
    none of them conducted.
    """

    dt_ms: float
    velocity_percent: float
    threshold_percent: float


def step_for(
    elements: Elements,
    nodes: int,
    accuracy_percent: float,
    *,
    temperature_C: float = 37.0,
    membrane: Membrane | None = None,
) -> Step:
    """The longest step (at most 10 us) that keeps velocity and threshold within an error.

    Args:
        elements: the batch; up to eight fibres, spread over its spacings, are probed.
        nodes: nodes per fibre, at least 12.
        accuracy_percent: wanted error of velocity and of the threshold to a 0.1 ms pulse, 0.15
            to 10 per cent.
        temperature_C, membrane: as in ``simulate``.

    Raises:
        TinelError: an argument outside its range, or an accuracy that would need a step below
            0.2 us.

    Example:
        >>> from tinel.cable.models import mrg
        >>> from tinel.cable.fibres.internode import elements, healthy
        >>> fibre = elements(mrg.table_geometry(np.array([10.0])), healthy(1))
        >>> coarse, fine = (step_for(fibre, 21, a).dt_ms for a in (1.0, 0.2))
        >>> fine < coarse <= 0.01
        True
    """
    if not 0.15 <= accuracy_percent <= 10:
        raise TinelError(f"accuracy_percent is {accuracy_percent:g} (allowed: 0.15 to 10)")
    if nodes < 12:
        raise TinelError(f"nodes is {nodes} (allowed: 12 or more)")
    order = np.argsort(elements.spacing_um, kind="stable")
    picked = order[np.unique(np.linspace(0, len(order) - 1, 8).astype(int))]
    few = replace(elements, **{n: getattr(elements, n)[picked] for n in vars(elements)})
    membrane = membrane or mrg.membrane()
    found = [_probe(few, nodes, dt, temperature_C, membrane) for dt in PROBES_ms]
    velocity, threshold = (_errors(np.array(q)) for q in zip(*found, strict=True))
    worst = np.fmax(velocity, threshold)
    wanted = accuracy_percent - FLOOR_percent
    dt = float(PROBES_ms[0])
    if worst[0] > wanted:
        at = int(np.argmax(np.append(worst, 0.0) <= wanted))  # the first step short enough
        power = 2.0
        if at < len(worst):
            power = float(
                np.log(worst[at - 1] / worst[at]) / np.log(PROBES_ms[at - 1] / PROBES_ms[at])
            )
        dt = float(PROBES_ms[at - 1] * (wanted / worst[at - 1]) ** (1 / power))
    if dt < SHORTEST_ms:
        told = f"{accuracy_percent:g} % would need a step of {1000 * dt:.2g} us"
        raise TinelError(f"{told} (allowed: {1000 * SHORTEST_ms:g} us or more)")
    return Step(dt, *(_at(dt, e) + FLOOR_percent for e in (velocity, threshold)))


def _errors(q: Floats) -> Floats:
    # per cent at every probe, the worst fibre's; an error that shrinks with the step and never 0
    limit = q[-1] + (q[-1] - q[-2]) / 3
    each = np.abs(100 * (q / limit - 1))
    if not np.isfinite(each).any():
        return np.full(len(q), np.nan)
    worst = np.maximum.accumulate(np.nanmax(each, axis=1)[::-1])[::-1]
    return np.maximum(worst, 1e-6 * PROBES_ms**2)


def _at(dt: float, error: Floats) -> float:
    # a power of the step between the probes, its square below them
    if dt <= PROBES_ms[-1]:
        return float(error[-1] * (dt / PROBES_ms[-1]) ** 2)
    return float(np.exp(np.interp(np.log(dt), np.log(PROBES_ms[::-1]), np.log(error[::-1]))))


def _probe(
    elements: Elements, nodes: int, dt: float, temperature_C: float, membrane: Membrane
) -> tuple[Floats, Floats]:
    # velocity in nodes per ms, and the threshold current at the second node
    count = len(elements.spacing_um)
    first, last = nodes // 4, nodes - 4
    wave = pulse_samples(4.0, dt, 0.1, 0.1)

    def run(which: NDArray[np.int_], amplitude: Floats) -> Floats:
        current = np.zeros((len(which), nodes))
        current[:, 1] = amplitude
        some = replace(elements, **{n: getattr(elements, n)[which] for n in vars(elements)})
        return simulate_condensed(
            some, nodes, Drive(wave, current), dt_ms=dt, temperature_C=temperature_C,
            membrane=membrane, precision="float64",
        ).spike_ms  # fmt: skip

    spikes = run(np.arange(count), np.full(count, 5.0))
    velocity = (last - first) / (spikes[:, last] - spikes[:, first])
    low, high = np.full(count, 0.01), np.full(count, 20.0)
    for _ in range(4):
        grid = np.geomspace(low, high, AMPLITUDES, axis=1)
        fired = np.isfinite(
            run(np.repeat(np.arange(count), AMPLITUDES), grid.ravel())[:, last]
        ).reshape(grid.shape)
        at = np.where(fired.any(axis=1), fired.argmax(axis=1), AMPLITUDES - 1)
        rows = np.arange(count)
        low, high = grid[rows, np.maximum(at - 1, 0)], grid[rows, at]
    return velocity, np.where(fired.any(axis=1), np.sqrt(low * high), np.nan)
