"""The signal of a needle in one muscle of one twin, as arrays.

Motor units fire as the pool of motor neurons makes them; each discharge is the sum of the unit's
fibres, which come a little earlier or later each time. Fibres without an axon fire regularly on
their own, in effort as at rest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from tinel.declare.kinds import takes_only_its_kinds
from tinel.errors import TinelError, suggest
from tinel.evidence import Parameters
from tinel.exam.limb import Limb
from tinel.exam.needle.fibre import STEP_ms
from tinel.exam.needle.jitter import endplate_us, missing, young_factor
from tinel.exam.needle.motor_units import (
    Layout,
    Unit,
    WINDOW_ms,
    draw_unit,
    fibre_templates,
    potentials,
)
from tinel.exam.needle.pool import Pool, discharges_s, interval_spread
from tinel.exam.needle.recruitment import Units, slight_pull, units_of
from tinel.exam.needle.rest import resting
from tinel.nerve.anatomy import Target

Floats = NDArray[np.float64]
SAMPLING_Hz = 1000.0 / STEP_ms
EFFORTS = ("rest", "slight", "full")
LONGEST_s = 600.0
_VARIANTS = 4


@dataclass(frozen=True)
class Recording:
    """What a needle recorded.

    Args:
        muscle: its name.
        effort: ``rest``, ``slight`` or ``full``.
        time_s: ``(n_time,)``.
        signal_uV: ``(n_time,)``, negativity upward.
        discharges_s: when each unit at the needle fired, one array per unit; the truth behind the
            signal, which no measurement may use.
    """

    muscle: str
    effort: str
    time_s: Floats
    signal_uV: Floats
    discharges_s: tuple[Floats, ...]


@takes_only_its_kinds
def record(
    limb: Limb,
    muscle: str,
    effort: str = "rest",
    *,
    seconds: float = 10.0,
    twin: int = 0,
    temperature_C: float = 32.5,
    needle: str = "concentric",
    in_fat: bool = False,
) -> Recording:
    """Record one muscle of one twin at 20 kHz.

    Args:
        limb: the limb on the day.
        muscle: a muscle of its nerve.
        effort: ``rest`` (with the needle's insertion), ``slight`` or ``full``.
        seconds: length, 0.1 to 600 s.
        twin: place of the twin among the limb's twins.
        temperature_C: of the muscle.
        needle: ``concentric``, or ``monopolar`` against a distant electrode.
        in_fat: the needle lies in fat beside the muscle: quiet at rest, dull in effort.

    Raises:
        TinelError: an unknown muscle, effort or needle, a skin target, or a length or twin out of
            range.

    Example:
        >>> from tinel.exam.limb import healthy
        >>> from tinel.nerve import build
        >>> from tinel.twins import Patient, Twins
        >>> one = Twins(Patient(age=40, sex="female", height_cm=170))
        >>> shoulder = healthy(build("axillary", side="left", twins=one))
        >>> quiet, full = (record(shoulder, "deltoid", e, seconds=1.0) for e in ("rest", "full"))
        >>> bool(np.std(full.signal_uV) > 10 * np.std(quiet.signal_uV[10000:]))
        True
    """
    target = _checked(limb, muscle, effort, seconds, twin)
    p = limb.parameters
    draw = [limb.nerve.twins.seed, limb.nerve.twins.own[twin]]
    place = np.random.default_rng([*draw, crc32(f"needle.place.{target.name}".encode())])
    rng = np.random.default_rng([*draw, crc32(f"needle.{effort}.{target.name}".encode())])
    layout = Layout.of(p, temperature_C, needle)
    n_time = round(seconds * SAMPLING_Hz)
    signal = p.scalar("needle.electrode.noise_uV") * rng.standard_normal(n_time)
    away_mm = p.scalar("needle.fat.away_mm") if in_fat else 0.0
    if not in_fat:
        signal += resting(limb, target, twin, layout, n_time, inserted=effort == "rest", rng=rng)
    fired: list[Floats] = []
    if effort != "rest":
        fired = _add_units(signal, limb, target, twin, layout, effort, away_mm, seconds, place, rng)
    time = np.arange(n_time) / SAMPLING_Hz
    return Recording(target.name, effort, time, signal, tuple(fired))


def _checked(limb: Limb, muscle: str, effort: str, seconds: float, twin: int) -> Target:
    target = limb.nerve.target(muscle)
    if target.kind != "motor":
        raise TinelError(f"'{muscle}' is no muscle", "muscle", "name a muscle of the nerve")
    if effort not in EFFORTS:
        raise TinelError(f"effort is '{effort}'", "effort", suggest(effort, list(EFFORTS)))
    if not 0.1 <= seconds <= LONGEST_s:
        raise TinelError(f"{seconds:g} s is out of range (allowed: 0.1 to 600 s)", "seconds")
    if not 0 <= twin < limb.nerve.n_twin:
        most = limb.nerve.n_twin - 1
        raise TinelError(f"twin {twin} is out of range (allowed: 0 to {most})", "twin")
    return target


def _add_units(
    signal: Floats,
    limb: Limb,
    muscle: Target,
    twin: int,
    layout: Layout,
    effort: str,
    away_mm: float,
    seconds: float,
    place: np.random.Generator,
    rng: np.random.Generator,
) -> list[Floats]:
    """Add the discharges of every unit at the needle to the signal."""
    units, pool, p = units_of(limb, muscle), Pool.of(limb.nerve.twins), limb.parameters
    threshold = pool.threshold(units.order)
    pull = slight_pull(limb, units) if effort == "slight" else pool.most
    rate = pool.rate_Hz(pull, threshold)[twin]
    inside = place.random(rate.size) < units.inside[twin, 0]
    chosen = np.flatnonzero(units.works[twin] & inside & (rate > 0))
    if not chosen.size:
        return []
    drawn = [
        draw_unit(layout, units.growth[twin, k], units.dispersion[twin, k], place, away_mm)
        for k in chosen
    ]
    variants = _variants(drawn, units, chosen, twin, layout, p, rng)
    spread, fired = interval_spread(p), []
    for k, shapes in zip(chosen, variants, strict=True):
        times = discharges_s(rate[k], seconds, spread, rng)
        fired.append(times)
        add(signal, times, shapes, WINDOW_ms / 2, rng)
    return fired


def _variants(
    drawn: list[Unit],
    units: Units,
    chosen: NDArray[np.int_],
    twin: int,
    layout: Layout,
    p: Parameters,
    rng: np.random.Generator,
) -> Floats:
    """Some discharges of every unit, ``(n_unit, n_variant, n_time)``: they differ by jitter."""
    jitter_ms = endplate_us(p.scalar("exam.junction.jitter_us")) / 1000
    factor = young_factor(units.young[[twin]], p)[0]
    misses = missing(units.young[[twin]], p)[0]
    moved, sizes = [], []
    for unit, k in zip(drawn, chosen, strict=True):
        n = int(unit.fibre.max(initial=-1)) + 1
        for _ in range(_VARIANTS):
            late = jitter_ms * factor[k] * rng.standard_normal(n)
            moved.append(replace(unit, delay_ms=unit.delay_ms + late[unit.fibre]))
            fires = rng.random(n) >= misses[k]
            sizes.append(units.readiness[twin, k] * fires[unit.fibre])
    waves = potentials(moved, *fibre_templates(layout), sizes)
    return waves.reshape(len(drawn), _VARIANTS, -1)


def add(
    signal: Floats, times_s: Floats, shapes: Floats, middle_ms: float, rng: np.random.Generator
) -> None:
    """Add one of some shapes to a signal at every time, its middle there."""
    which = rng.integers(len(shapes), size=times_s.size)
    starts = np.round(times_s * SAMPLING_Hz - middle_ms / STEP_ms).astype(int)
    for start, k in zip(starts.tolist(), which.tolist(), strict=True):
        low, high = max(start, 0), min(start + shapes.shape[1], signal.size)
        if low < high:
            signal[low:high] += shapes[k, low - start : high - start]
