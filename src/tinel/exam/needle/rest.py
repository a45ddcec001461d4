"""The signal of a muscle at rest: insertion, fibrillations and positive sharp waves."""

from __future__ import annotations

import numpy as np

from tinel.exam.limb import Floats, Limb
from tinel.exam.needle.discharges import add_fasciculations, add_repetitive, discharges
from tinel.exam.needle.fibre import NEAREST_mm, STEP_ms
from tinel.exam.needle.motor_units import Layout, fibre_templates, nearest_template
from tinel.exam.needle.spontaneous import graded, spontaneous
from tinel.nerve.anatomy import Target


def resting(
    limb: Limb,
    muscle: Target,
    twin: int,
    layout: Layout,
    n_time: int,
    *,
    inserted: bool,
    rng: np.random.Generator,
) -> Floats:
    """What a muscle does by itself, ``(n_time,)`` in µV.

    Args:
        limb: the limb on the day.
        muscle: the muscle.
        twin: place of the twin among the limb's twins.
        layout: how fibres look to the needle.
        n_time: samples.
        inserted: the needle is moved at the start.
        rng: random numbers.
    """
    p, found = limb.parameters, spontaneous(limb, muscle)
    shapes = _shapes(layout, p.scalar("needle.electrode.seen_mm"), rng)
    size = np.ptp(shapes, axis=1).mean()
    signal = np.zeros(n_time)
    slow, fast = (p.scalar(f"needle.fibrillation.{key}_Hz") for key in ("slowest", "fastest"))
    scale = found.amplitude_uV[twin] / size
    wave = _wave(p.scalar("needle.fibrillation.wave_tail_ms"))
    # a fibre shows one or the other: waves come first, spikes take over
    n_spike = int(rng.poisson(found.spikes[twin]))
    n_wave = int(rng.poisson(max(found.waves[twin] - found.spikes[twin] / 2, 0.0)))
    for k in range(n_spike + n_wave):
        rate = np.exp(rng.uniform(np.log(slow), np.log(fast)))
        times = np.arange(rng.random() / rate, n_time * STEP_ms / 1000, 1 / rate)
        fibre = shapes[rng.integers(len(shapes))] * scale
        _add(signal, times, fibre if k < n_spike else np.ptp(fibre) * wave)
    other = discharges(limb, muscle)
    if other.repetitive[twin] > 0:
        add_repetitive(signal, limb, layout, rng)
    if other.fasciculations[twin] > 0:
        add_fasciculations(signal, float(other.fasciculations[twin]), layout, rng)
    if inserted:
        length = p.scalar("needle.insertion.burst_ms") / 1000
        if found.living[twin] < p.scalar("needle.insertion.living_least"):
            length *= found.living[twin]
        elif graded(found.waves, limb)[twin] > 0:
            length *= p.scalar("needle.insertion.lengthened")
        n = rng.poisson(p.scalar("needle.insertion.spikes_Hz") * length)
        for at in length * rng.random(n):
            _add(signal, np.array([at]), shapes[rng.integers(len(shapes))])
    return signal


def _shapes(layout: Layout, seen_mm: float, rng: np.random.Generator) -> Floats:
    """Potentials of single fibres at random places before the needle, ``(50, n_time)``."""
    distance = np.maximum(seen_mm * np.sqrt(rng.random(50)), NEAREST_mm)
    templates, _ = fibre_templates(layout)
    return templates[nearest_template(distance)]


def _wave(tail_ms: float) -> Floats:
    """A positive sharp wave of size 1: a steep positive peak, then a long low negative part."""
    time = np.arange(0.0, 4 * tail_ms, STEP_ms)
    sharp = np.exp(-time / 0.6) * np.minimum(time / 0.2, 1.0)
    tail = time / tail_ms * np.exp(1 - 2 * time / tail_ms)
    shape = -sharp / sharp.max() + 0.3 * tail / tail.max()
    scaled: Floats = shape / np.ptp(shape)
    return scaled


def _add(signal: Floats, times_s: Floats, shape: Floats) -> None:
    for start in np.round(times_s * 1000 / STEP_ms).astype(int).tolist():
        start = min(start, signal.size)
        end = min(start + shape.size, signal.size)
        signal[start:end] += shape[: end - start]
