"""Motor units at the needle: where their fibres lie, when each comes, and what they sum to.

The fibres of a unit lie at random in its round territory; the needle sees those in front of it.
Each fibre's impulse comes at its own time, as endplates differ in place and fibres in velocity. A
unit whose axon has just grown back spreads these times the more, the thinner that axon still is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tinel.evidence import Parameters
from tinel.exam.compound import compound
from tinel.exam.motor_unit import MuscleFibre
from tinel.exam.needle.fibre import (
    BEYOND_mm,
    FARTHEST_mm,
    NEAREST_mm,
    Source,
    STEP_ms,
    seen_uV,
)

Floats = NDArray[np.float64]
WINDOW_ms = 30.0
_TEMPLATES_mm = np.geomspace(NEAREST_mm, BEYOND_mm, 14)


@dataclass(frozen=True)
class Layout:
    """How motor units are built.

    Args:
        source: what one fibre gives off.
        fibre: its action potential.
        fibres: muscle fibres of a mean unit.
        territory_mm: diameter of its territory.
        endplate_mm, endplate_spread_mm: from needle to endplates, and how these scatter.
        velocity_spread: of its fibres, standard deviation over mean.
    """

    source: Source
    fibre: MuscleFibre
    fibres: float
    territory_mm: float
    endplate_mm: float
    endplate_spread_mm: float
    velocity_spread: float

    @classmethod
    def of(cls, parameters: Parameters, temperature_C: float, needle: str = "concentric") -> Layout:
        """The layout with the numbers of ``needle.unit`` at a temperature of the muscle."""
        read = parameters.scalar
        return cls(
            Source.of(parameters, needle),
            MuscleFibre.at(temperature_C, parameters),
            read("needle.unit.fibres"),
            read("needle.unit.territory_mm"),
            read("needle.unit.endplate_mm"),
            read("needle.unit.endplate_spread_mm"),
            read("needle.fibre.velocity_spread"),
        )


@dataclass(frozen=True)
class Unit:
    """What the needle records of one unit, ``(n,)``: its fibres seen from the core, and seen again
    from places of the cannula, from which the core records.

    Args:
        distance_mm: of each view.
        delay_ms: when its fibre comes.
        weight: of the view: 1 for the core, negative for the cannula.
        fibre: which fibre of the unit it is of.
    """

    distance_mm: Floats
    delay_ms: Floats
    weight: Floats
    fibre: NDArray[np.int_]


def draw_unit(
    layout: Layout,
    growth: float,
    dispersion: float,
    rng: np.random.Generator,
    away_mm: float = 0.0,
) -> Unit:
    """Draw one unit into whose territory the needle has come at random.

    Args:
        layout: how units are built.
        growth: fibres of this unit over those of a mean one, 0 or more.
        dispersion: spread of the fibres' times over that of a healthy unit, 1 or more.
        rng: random numbers.
        away_mm: from the needle to the muscle; 0 in it.
    """
    radius = layout.territory_mm / 2
    # the needle at a random place of the territory, then the fibres around it
    away = radius * np.sqrt(rng.random())
    n = max(1, int(rng.poisson(layout.fibres * growth)))
    r, angle = radius * np.sqrt(rng.random(n)), 2 * np.pi * rng.random(n)
    turned = 2 * np.pi * rng.random()
    x = r * np.cos(angle) - away * np.cos(turned)
    y = r * np.sin(angle) - away * np.sin(turned)
    distance = np.maximum(np.hypot(np.hypot(x, y), away_mm), NEAREST_mm)
    speed = 1 + layout.velocity_spread * np.clip(rng.standard_normal(n), -3.0, 3.0)
    way = layout.endplate_mm + layout.endplate_spread_mm * rng.standard_normal(n)
    late = way / np.maximum(speed, 0.1) - layout.endplate_mm
    delay = dispersion * late / layout.fibre.velocity_m_per_s
    electrode = layout.source.electrode
    core = np.flatnonzero(((y > 0) | electrode.around) & (distance < FARTHEST_mm + away_mm))
    cannula = np.hypot(electrode.to_cannula_mm(x, y), away_mm)
    which = np.concatenate([core, np.tile(np.arange(n), len(cannula))])
    weight = np.full(which.size, -1.0 / max(len(cannula), 1))
    weight[: core.size] = 1.0
    seen = np.concatenate([distance[core], cannula.ravel()])
    return Unit(seen, delay[which], weight, which)


@lru_cache(maxsize=8)
def fibre_templates(layout: Layout) -> tuple[Floats, float]:
    """Potentials of one fibre at some distances, ``(14, n_time)``, and the time of their start."""
    slower = max(1.0, 3.5 / layout.fibre.velocity_m_per_s) * max(1.0, layout.fibre.extent)
    time = np.arange(-8.0 * slower, 12.0 * slower, STEP_ms)
    return seen_uV(_TEMPLATES_mm, time, layout.fibre, layout.source), float(time[0])


def nearest_template(distance_mm: Floats) -> NDArray[np.int_]:
    """Which of the templates stands for each distance."""
    middle = np.sqrt(_TEMPLATES_mm[1:] * _TEMPLATES_mm[:-1])
    return np.asarray(np.searchsorted(middle, distance_mm), np.int_)


def clock_ms() -> Floats:
    """Times of a motor unit potential, its middle at half the window."""
    return np.arange(0.0, WINDOW_ms, STEP_ms)


def potentials(
    units: list[Unit], templates: Floats, start_ms: float, size: list[Floats] | None = None
) -> Floats:
    """Potentials of motor units, ``(n_unit, n_time)`` on ``clock_ms``, negativity upward.

    Args:
        units: their fibres.
        templates, start_ms: from ``fibre_templates``.
        size: factor on every view of every unit; all 1 where None.
    """
    most = max(1, *(unit.distance_mm.size for unit in units))
    arrival = np.full((len(units), most), np.inf)
    which = np.zeros((len(units), most), int)
    factor = np.zeros((len(units), most))
    for k, unit in enumerate(units):
        n = unit.distance_mm.size
        arrival[k, :n] = WINDOW_ms / 2 + unit.delay_ms
        which[k, :n] = nearest_template(unit.distance_mm)
        factor[k, :n] = unit.weight if size is None else unit.weight * size[k]
    return compound(arrival, factor, which, templates, start_ms, clock_ms())
