"""Complex repetitive discharges and fasciculations of a muscle that has lost axons.

How often they come after the injury of one nerve, nobody has counted: by default never. A stated
chance shows what they look and sound like.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.exam.limb import Limb
from tinel.exam.needle.fibre import NEAREST_mm, STEP_ms
from tinel.exam.needle.motor_units import (
    Layout,
    draw_unit,
    fibre_templates,
    nearest_template,
    potentials,
)
from tinel.nerve.anatomy import MOTOR, Target

Floats = NDArray[np.float64]
SPREAD_ms = 8.0  # over which the fibres of one complex follow each other


@dataclass(frozen=True)
class Discharges:
    """Per twin, ``(n_twin,)``: whether the muscle has complex ``repetitive`` discharges, 0 or 1,
    and its ``fasciculations`` per minute."""

    repetitive: Floats
    fasciculations: Floats


def discharges(limb: Limb, muscle: Target) -> Discharges:
    """What discharges by itself besides single fibres, on the day of the limb."""
    twins, each = limb.nerve.twins, limb.nerve.twins.each
    own = limb.fibres_of(muscle.name) & (limb.nerve.fibres.kind == MOTOR)
    broken = ~limb.state.intact[:, own]
    longest = np.where(broken, limb.state.broken_d[:, own], 0.0).max(axis=1, initial=0.0)
    lost = broken.any(axis=1)
    drawn = twins.uniform(f"needle.repetitive.{muscle.name}", 1)[:, 0]
    old = lost & (longest >= each("needle.repetitive.from_d"))
    repetitive = old & (drawn < each("needle.repetitive.chance"))
    return Discharges(
        repetitive.astype(np.float64),
        np.where(lost, each("needle.fasciculation.per_min"), 0.0),
    )


def add_repetitive(signal: Floats, limb: Limb, layout: Layout, rng: np.random.Generator) -> None:
    """Add one complex repetitive discharge, which starts and stops abruptly, to a signal."""
    p = limb.parameters
    n = max(2, round(p.scalar("needle.repetitive.fibres")))
    slow, fast = (p.scalar(f"needle.repetitive.{key}_Hz") for key in ("slowest", "fastest"))
    rate = np.exp(rng.uniform(np.log(slow), np.log(fast)))
    templates, _ = fibre_templates(layout)
    seen = p.scalar("needle.electrode.seen_mm")
    distance = np.maximum(seen * np.sqrt(rng.random(n)), NEAREST_mm)
    # the fibres wake each other, so that their order never changes
    follow = np.sort(rng.random(n)) * min(SPREAD_ms, 500.0 / rate)
    seconds = signal.size * STEP_ms / 1000
    start, end = np.sort(rng.random(2)) * seconds
    for at in np.arange(start, end, 1 / rate):
        for late, shape in zip(follow, templates[nearest_template(distance)], strict=True):
            _add(signal, at + late / 1000, shape)


def add_fasciculations(
    signal: Floats, per_min: float, layout: Layout, rng: np.random.Generator
) -> None:
    """Add single discharges of one motor unit at irregular times to a signal."""
    seconds = signal.size * STEP_ms / 1000
    n = int(rng.poisson(per_min * seconds / 60))
    unit = draw_unit(layout, 1.0, 1.0, rng)
    (shape,) = potentials([unit], *fibre_templates(layout))
    for at in seconds * rng.random(n):
        _add(signal, at, shape)


def _add(signal: Floats, at_s: float, shape: Floats) -> None:
    start = round(at_s * 1000 / STEP_ms)
    end = min(start + shape.size, signal.size)
    if start < end:
        signal[start:end] += shape[: end - start]
