"""Table of what motor unit potentials measure, by the unit's fibres and their spread in time.

Units are drawn, their potentials computed and measured as a laboratory does; an examiner moves the
needle until a potential is near, so that smaller ones are left out. A day's findings are read off
the table, which makes them cheap enough for every twin.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tinel.cable.conduction.kept import kept
from tinel.evidence import Parameters
from tinel.exam.needle.motor_units import (
    Layout,
    clock_ms,
    draw_unit,
    fibre_templates,
    potentials,
)
from tinel.exam.needle.potential import Measures, measure

Floats = NDArray[np.float64]
GROWTH = np.array([0.1, 0.3, 1.0, 3.0, 8.0])
DISPERSION = np.array([1.0, 2.0, 3.5])
AMPLITUDE, DURATION, PHASES, POLYPHASIC, TURNS = range(5)
SPREAD = (5, 6, 7, 8)  # of amplitude, duration, phases, turns
ACCEPTED = 9
N_UNITS = (100, 100, 160, 40, 40)  # more where the mean matters most and fibres are few
_SEED = 20
_EXAM = Path(__file__).parents[1]


def measured_sizes(
    parameters: Parameters, temperature_C: float, needle: str = "concentric"
) -> Floats:
    """Mean amplitude (µV), duration (ms), phases, percentage polyphasic, turns.

    Then how amplitude, duration, phases and turns differ between the potentials of one muscle:
    standard deviations over the means. Last, what part of the units an examiner accepts.

    Returns:
        ``(10, n_growth, n_dispersion)`` over ``GROWTH`` and ``DISPERSION``.
    """
    layout = Layout.of(parameters, temperature_C, needle)
    return _table(layout, *_bounds(parameters))


def at(table: Floats, growth: Floats, dispersion: Floats) -> Floats:
    """The table at some units, ``(10, ...)``: linear in growth, held at its ends."""
    x, y = GROWTH, np.log(DISPERSION)
    a = np.clip(growth, x[0], x[-1])
    b = np.clip(np.log(np.maximum(dispersion, 1e-9)), y[0], y[-1])
    i = np.clip(np.searchsorted(x, a) - 1, 0, x.size - 2)
    j = np.clip(np.searchsorted(y, b) - 1, 0, y.size - 2)
    u, v = (a - x[i]) / (x[i + 1] - x[i]), (b - y[j]) / (y[j + 1] - y[j])
    found: Floats = (
        table[:, i, j] * (1 - u) * (1 - v)
        + table[:, i + 1, j] * u * (1 - v)
        + table[:, i, j + 1] * (1 - u) * v
        + table[:, i + 1, j + 1] * u * v
    )
    return found


def _bounds(parameters: Parameters) -> tuple[float, float, float]:
    accepted, baseline, turn = (
        parameters.scalar(f"needle.electrode.{key}_uV") for key in ("accepted", "baseline", "turn")
    )
    return accepted, baseline, turn


@lru_cache(maxsize=8)
def _table(layout: Layout, accepted_uV: float, baseline_uV: float, turn_uV: float) -> Floats:
    bounds = accepted_uV, baseline_uV, turn_uV
    made = kept("needle", (layout, bounds), lambda: {"sizes": _drawn(layout, bounds)}, _EXAM)
    table = made["sizes"]
    table.setflags(write=False)
    return table


def _drawn(layout: Layout, bounds: tuple[float, float, float]) -> Floats:
    table = np.zeros((10, GROWTH.size, DISPERSION.size))
    for i, growth in enumerate(GROWTH):
        for j, spread in enumerate(DISPERSION):
            m, part = _accepted(layout, *bounds, float(growth), float(spread), N_UNITS[i])
            many = 100.0 * (m.phases > 4).mean()
            means = (m.amplitude_uV.mean(), m.duration_ms.mean(), m.phases.mean())
            table[:5, i, j] = *means, many, m.turns.mean()
            table[ACCEPTED, i, j] = part
            rows = (m.amplitude_uV, m.duration_ms, m.phases, m.turns)
            for k, row in zip(SPREAD, rows, strict=True):
                table[k, i, j] = row.std() / max(row.mean(), 1e-9)
    return table


def _accepted(
    layout: Layout,
    accepted_uV: float,
    baseline_uV: float,
    turn_uV: float,
    growth: float,
    dispersion: float,
    n: int,
) -> tuple[Measures, float]:
    rng = np.random.default_rng(_SEED)
    templates, start = fibre_templates(layout)
    units = [draw_unit(layout, growth, dispersion, rng) for _ in range(n)]
    waves = potentials(units, templates, start)
    near = np.ptp(waves, axis=1) >= accepted_uV
    kept = waves[near] if near.any() else waves
    return measure(kept, clock_ms(), baseline_uV, turn_uV), float(near.mean())
