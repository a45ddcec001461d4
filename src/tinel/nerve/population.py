"""Draw the fibres of virtual twins: targets, places, diameters and sizes of motor units."""

from __future__ import annotations

import math
from collections.abc import Callable
from zlib import crc32

import numpy as np

from tinel.nerve.ageing import Ageing, ageing
from tinel.nerve.anatomy import MOTOR, SENSORY, Fascicle, Fibres, Floats, Study, Target
from tinel.nerve.blueprint import FibreTables
from tinel.nerve.cross_section import settle
from tinel.twins import Twins

NARROWEST_um = 1e-6  # least standard deviation, so that one of 0 means one diameter
SENSORY_ROWS = 320  # rows per patch of skin; each stands for several axons, which is its weight


def draw(
    name: str,
    targets: tuple[Target, ...],
    studies: tuple[Study, ...],
    tables: FibreTables,
    fascicles: tuple[Fascicle, ...],
    *,
    side: str,
    twins: Twins,
) -> Fibres:
    """Draw the fibres of some twins of one nerve.

    Every twin has generators of its own, so that it comes out the same whichever other twins
    are drawn with it. Rows, weights and places are common to all twins; diameters and motor-unit
    sizes are not. A person's thickness factor is common to all nerves.

    Args:
        name: the nerve, part of the random key.
        targets, studies: the person's anatomy; published spreads come from the studies.
        tables: fibre diameters of the nerve.
        fascicles: where fibres may lie.
        side: ``left`` or ``right``; part of the spread is common to both sides.
        twins: which twins to draw; their age acts on counts and sizes.
    """
    parameters = twins.parameters
    aged = ageing(twins.patient.age, parameters)
    rows = [_rows(t, aged) for t in targets]
    target = np.repeat(np.arange(len(targets)), rows)
    kind = np.array([MOTOR if t.kind == "motor" else SENSORY for t in targets])[target]
    real = [
        n if t.kind == "motor" else round(t.axons * aged.axons)
        for t, n in zip(targets, rows, strict=True)
    ]
    weight = np.array([a / n for a, n in zip(real, rows, strict=True)])[target]
    per_unit = parameters.scalar("nerve.unit.axons_per_unit")
    place = np.random.default_rng((twins.seed, crc32(name.encode())))
    room = weight * np.where(kind == MOTOR, per_unit, 1.0)
    inside = parameters.scalar("nerve.fascicle.inside_fraction")
    fascicle, x, y, depth = settle(target, room, fascicles, inside, place)
    spread = [_size_spread(t, n, studies, twins) for t, n in zip(targets, rows, strict=True)]
    diameter_cv = twins.each("nerve.person.diameter_cv")
    side_fraction = twins.each("nerve.person.side_fraction")
    size_cv = twins.each("nerve.unit.size_cv")
    correlation = twins.each("nerve.unit.diameter_correlation")
    shape = (len(twins), len(target))
    diameter_um, unit_uV = np.zeros(shape), np.zeros(shape)
    for row, twin in enumerate(twins.own):
        own, shared, thick = _generators(name, side, twins.seed, twin)
        thickness = _factor(diameter_cv[row], side_fraction[row], thick, own)
        start = 0
        for t, count, cv in zip(targets, rows, spread, strict=True):
            here = slice(start, start + count)
            size = _factor(cv[row], side_fraction[row], shared, own) * aged.unit_size
            drawn, quantile = _diameters(t.kind, count, tables, own)
            relative = np.zeros(count)
            if quantile is not None:
                relative = _unit_sizes(quantile, size_cv[row], correlation[row], own)
            diameter_um[row, here] = drawn * thickness
            unit_uV[row, here] = relative * t.unit_uV * size
            start += count
    diameter_um *= aged.diameter
    return Fibres(kind, target, weight, fascicle, x, y, depth, diameter_um, unit_uV)


def _diameters(
    kind: str, count: int, tables: FibreTables, rng: np.random.Generator
) -> tuple[Floats, Floats | None]:
    """Diameters (µm) of a target's fibres, and the quantiles behind them (None for skin)."""
    table = tables.motor
    if kind == "sensory" or table is None:
        return _skin_fibres(count, tables.sensory.value, rng), None
    quantile = rng.random(count)
    mean, sd = table.value("mean_um"), table.value("sd_um")
    drawn = _cut_normal(quantile, mean, sd, table.value("low_um"), table.value("high_um"))
    return drawn, quantile


def _rows(target: Target, aged: Ageing) -> int:
    if target.kind == "motor":
        return max(round(target.units * aged.units), 1)
    return min(SENSORY_ROWS, max(round(target.axons * aged.axons), 1))


def _generators(name: str, side: str, seed: int, twin: int) -> list[np.random.Generator]:
    """This side's, both sides' and the whole person's generator of one twin."""
    nerve = crc32(name.encode())
    keys = [(twin, nerve, 1 + (side == "right")), (twin, nerve, 0), (twin,)]
    return [np.random.default_rng(np.random.SeedSequence(seed, spawn_key=k)) for k in keys]


def _factor(cv: float, side: float, shared: np.random.Generator, own: np.random.Generator) -> float:
    """A lognormal factor of mean 1; ``side`` is the fraction of variance the sides do not share."""
    z = math.sqrt(1.0 - side) * shared.standard_normal() + math.sqrt(side) * own.standard_normal()
    sigma = math.sqrt(math.log1p(cv**2))
    return math.exp(sigma * z - sigma**2 / 2.0)


def _size_spread(target: Target, units: int, studies: tuple[Study, ...], twins: Twins) -> Floats:
    """CV of the unit-size factor that leaves the published CMAP spread, ``(n_twin,)``."""
    if target.kind == "sensory":
        return np.zeros(len(twins))
    cv: float | Floats = twins.parameters.per_twin("nerve.person.amplitude_cv")
    for study in studies:
        published = study.normal.get("amplitude_mV")
        if study.target == target.name and published is not None and published.sd is not None:
            cv = published.sd / published.value
    # The sum of unequal units varies by itself; that part must not be counted twice.
    of_sizes = twins.each("nerve.unit.size_cv") ** 2 / units
    return np.sqrt(np.maximum(cv**2 - of_sizes, 0.0))


def _unit_sizes(quantile: Floats, cv: float, rho: float, rng: np.random.Generator) -> Floats:
    """Lognormal sizes of mean 1; thicker axons (by quantile) tend to have larger units."""
    from scipy.special import ndtri

    z = rho * ndtri(quantile) + math.sqrt(1.0 - rho**2) * rng.standard_normal(len(quantile))
    sigma = math.sqrt(math.log1p(cv**2))
    return np.asarray(np.exp(sigma * z - sigma**2 / 2.0), dtype=np.float64)


def _cut_normal(quantile: Floats, mean: float, sd: float, low: float, high: float) -> Floats:
    """Normal distribution cut at ``low`` and ``high``, at the given quantiles."""
    from scipy.special import ndtr, ndtri

    sd = max(sd, NARROWEST_um)
    a, b = ndtr((low - mean) / sd), ndtr((high - mean) / sd)
    return np.clip(mean + sd * ndtri(a + quantile * (b - a)), low, high)


def _skin_fibres(count: int, value: Callable[[str], float], rng: np.random.Generator) -> Floats:
    """Diameters of small and large cutaneous fibres, in random order, shape ``(count,)``."""
    from scipy.special import ndtr, ndtri

    # Each row stands for many axons, so that their mixture is nearly complete in it: spread the
    # quantiles evenly instead of drawing them, or the potential would vary more than a nerve's.
    quantile = (np.arange(count) + rng.random(count)) / count
    large, low, high = value("large_fraction"), value("low_um"), value("high_um")
    small = quantile >= large
    within = np.where(
        small, (quantile - large) / max(1.0 - large, 1e-9), quantile / max(large, 1e-9)
    )
    mean = np.where(small, value("small_mean_um"), value("large_mean_um"))
    sd = np.maximum(np.where(small, value("small_sd_um"), value("large_sd_um")), NARROWEST_um)
    a, b = ndtr((low - mean) / sd), ndtr((high - mean) / sd)
    return rng.permutation(np.clip(mean + sd * ndtri(a + within * (b - a)), low, high))
