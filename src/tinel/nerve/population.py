"""Draw the fibres of virtual twins: who they are, how thick, how large their motor units."""

from __future__ import annotations

import math
from collections.abc import Callable
from zlib import crc32

import numpy as np
from scipy.special import ndtr, ndtri

from tinel import evidence
from tinel.nerve.ageing import Ageing, ageing
from tinel.nerve.anatomy import MOTOR, SENSORY, Fascicle, Fibres, Floats, Study, Target
from tinel.nerve.blueprint import FibreTables
from tinel.nerve.cross_section import settle
from tinel.twins import Twins

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
    sizes are not. A person's thickness factor is shared by all nerves.

    Args:
        name: the nerve, part of the random key.
        targets, studies: the person's anatomy; published spreads come from the studies.
        tables: fibre diameters of the nerve.
        fascicles: where fibres may lie.
        side: ``left`` or ``right``; the sides of a person share part of the spread.
        twins: which twins to draw; their age acts on counts and sizes.
    """
    aged = ageing(twins.patient.age)
    rows = [_rows(t, aged) for t in targets]
    target = np.repeat(np.arange(len(targets)), rows)
    kind = np.array([MOTOR if t.kind == "motor" else SENSORY for t in targets])[target]
    real = [
        n if t.kind == "motor" else round(t.axons * aged.axons)
        for t, n in zip(targets, rows, strict=True)
    ]
    weight = np.array([a / n for a, n in zip(real, rows, strict=True)])[target]
    per_unit = evidence.value("nerve.unit.axons_per_unit")
    place = np.random.default_rng((twins.seed, crc32(name.encode())))
    fascicle, x, y, depth = settle(
        target, weight * np.where(kind == MOTOR, per_unit, 1.0), fascicles, place
    )
    spread = [_size_spread(t, n, studies) for t, n in zip(targets, rows, strict=True)]
    shape = (len(twins), len(target))
    diameter_um, unit_uV = np.zeros(shape), np.zeros(shape)
    for row, twin in enumerate(twins.numbers):
        own, shared, thick = _generators(name, side, twins.seed, twin)
        thickness = _factor(evidence.value("nerve.person.diameter_cv"), thick, own)
        start = 0
        for t, count, cv in zip(targets, rows, spread, strict=True):
            here = slice(start, start + count)
            size = _factor(cv, shared, own) * aged.unit_size
            drawn, relative = _one_target(t.kind, count, tables, own)
            diameter_um[row, here] = drawn * thickness * aged.diameter
            unit_uV[row, here] = relative * t.unit_uV * size
            start += count
    return Fibres(kind, target, weight, fascicle, x, y, depth, diameter_um, unit_uV)


def _one_target(
    kind: str, count: int, tables: FibreTables, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Diameters (µm) of a target's fibres and motor-unit sizes of mean 1 (0 for skin)."""
    table = tables.motor
    if kind == "sensory" or table is None:
        return _skin_fibres(count, tables.sensory.value, rng), np.zeros(count)
    quantile = rng.random(count)
    mean, sd = table.value("mean_um"), table.value("sd_um")
    drawn = _cut_normal(quantile, mean, sd, table.value("low_um"), table.value("high_um"))
    return drawn, _unit_sizes(quantile, rng)


def _rows(target: Target, aged: Ageing) -> int:
    if target.kind == "motor":
        return max(round(target.units * aged.units), 1)
    return min(SENSORY_ROWS, max(round(target.axons * aged.axons), 1))


def _generators(name: str, side: str, seed: int, twin: int) -> list[np.random.Generator]:
    """This side's, both sides' and the whole person's generator of one twin."""
    nerve = crc32(name.encode())
    keys = [(twin, nerve, 1 + (side == "right")), (twin, nerve, 0), (twin,)]
    return [np.random.default_rng(np.random.SeedSequence(seed, spawn_key=k)) for k in keys]


def _factor(cv: float, shared: np.random.Generator, own: np.random.Generator) -> float:
    """A lognormal factor of mean 1, part of its variance shared between the sides."""
    side = evidence.value("nerve.person.side_share")
    z = math.sqrt(1.0 - side) * shared.standard_normal() + math.sqrt(side) * own.standard_normal()
    sigma = math.sqrt(math.log1p(cv**2))
    return math.exp(sigma * z - sigma**2 / 2.0)


def _size_spread(target: Target, units: int, studies: tuple[Study, ...]) -> float:
    """CV of the person's unit-size factor that leaves the published CMAP spread."""
    if target.kind == "sensory":
        return 0.0
    cv = evidence.value("nerve.person.amplitude_cv")
    for study in studies:
        published = study.normal.get("amplitude_mV")
        if study.target == target.name and published is not None and published.sd is not None:
            cv = published.sd / published.value
    # The sum of unequal units varies by itself; that part must not be counted twice.
    by_chance = evidence.value("nerve.unit.size_cv") ** 2 / units
    return math.sqrt(max(cv**2 - by_chance, 0.0))


def _unit_sizes(quantile: Floats, rng: np.random.Generator) -> Floats:
    """Lognormal sizes of mean 1; thicker axons (by quantile) tend to have larger units."""
    rho = evidence.value("nerve.unit.diameter_correlation")
    z = rho * ndtri(quantile) + math.sqrt(1.0 - rho**2) * rng.standard_normal(len(quantile))
    sigma = math.sqrt(math.log1p(evidence.value("nerve.unit.size_cv") ** 2))
    return np.asarray(np.exp(sigma * z - sigma**2 / 2.0), dtype=np.float64)


def _cut_normal(quantile: Floats, mean: float, sd: float, low: float, high: float) -> Floats:
    """Normal distribution cut at ``low`` and ``high``, at the given quantiles."""
    a, b = ndtr((low - mean) / sd), ndtr((high - mean) / sd)
    return np.asarray(mean + sd * ndtri(a + quantile * (b - a)), dtype=np.float64)


def _skin_fibres(count: int, value: Callable[[str], float], rng: np.random.Generator) -> Floats:
    """Diameters of small and large cutaneous fibres, in random order, shape ``(count,)``."""
    # Each row stands for many axons, so that their mixture is nearly complete in it: spread the
    # quantiles evenly instead of drawing them, or the potential would vary more than a nerve's.
    quantile = (np.arange(count) + rng.random(count)) / count
    share, low, high = value("large_share"), value("low_um"), value("high_um")
    small = quantile >= share
    within = np.where(small, (quantile - share) / max(1.0 - share, 1e-9), quantile / share)
    mean = np.where(small, value("small_mean_um"), value("large_mean_um"))
    sd = np.where(small, value("small_sd_um"), value("large_sd_um"))
    a, b = ndtr((low - mean) / sd), ndtr((high - mean) / sd)
    return np.asarray(rng.permutation(mean + sd * ndtri(a + within * (b - a))), dtype=np.float64)
