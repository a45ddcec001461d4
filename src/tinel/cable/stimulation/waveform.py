"""Waveforms: how a stimulus changes in time, free of the step a run takes.

A waveform of its own step (``Samples``) is held over that step; a run of another step takes the
mean over each of its own, so that charge is kept whatever the step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tinel.declare.arrays import numbers
from tinel.errors import TinelError

Floats = NDArray[np.float64]


class Waveform(Protocol):
    """A factor on a stimulus, in time."""

    @property
    def end_ms(self) -> float:
        """When it is over; infinite for one that goes on."""
        ...

    @property
    def phase_ms(self) -> float:
        """Width of its shortest pulse or phase; infinite where no pulse has to be resolved."""
        ...

    @property
    def largest(self) -> float:
        """Its largest value, without sign."""
        ...

    def samples(self, duration_ms: float, dt_ms: float) -> Floats:
        """Mean over each step of a run, shape ``(round(duration_ms / dt_ms),)``."""
        ...


@dataclass(frozen=True)
class Pulse:
    """A rectangle of height 1; edges inside a step count by the part of it they cover.

    Raises:
        TinelError: a width that is not above 0, or a start below 0.

    Example:
        >>> Pulse(start_ms=0.01, width_ms=0.02).samples(0.05, 0.01)
        array([0., 1., 1., 0., 0.])
    """

    start_ms: float
    width_ms: float

    def __post_init__(self) -> None:
        _check_pulse(self.start_ms, self.width_ms)

    @property
    def end_ms(self) -> float:
        return self.start_ms + self.width_ms

    @property
    def phase_ms(self) -> float:
        return self.width_ms

    @property
    def largest(self) -> float:
        return 1.0

    def samples(self, duration_ms: float, dt_ms: float) -> Floats:
        return pulse_samples(duration_ms, dt_ms, self.start_ms, self.width_ms)


@dataclass(frozen=True)
class Train:
    """Rectangles of height 1 at a frequency.

    Raises:
        TinelError: no pulse, or pulses that overlap.

    Example:
        >>> Train(0.0, 0.01, count=2, frequency_Hz=25000.0).samples(0.06, 0.01)
        array([1., 0., 0., 0., 1., 0.])
    """

    start_ms: float
    width_ms: float
    count: int
    frequency_Hz: float

    def __post_init__(self) -> None:
        _check_pulse(self.start_ms, self.width_ms)
        if isinstance(self.count, bool) or self.count != int(self.count) or self.count < 1:
            raise TinelError(f"count is {self.count} (allowed: integers, 1 or more)")
        most = 1000.0 / self.width_ms
        if not 0 < self.frequency_Hz <= most:
            raise TinelError(
                f"frequency_Hz is {self.frequency_Hz:g} (allowed: above 0, to {most:g} where "
                f"pulses of {self.width_ms:g} ms would touch)"
            )

    @property
    def times_ms(self) -> Floats:
        """When each pulse begins."""
        return np.array(self.start_ms + np.arange(self.count) * 1000.0 / self.frequency_Hz)

    @property
    def end_ms(self) -> float:
        return float(self.times_ms[-1]) + self.width_ms

    @property
    def phase_ms(self) -> float:
        return self.width_ms

    @property
    def largest(self) -> float:
        return 1.0

    def samples(self, duration_ms: float, dt_ms: float) -> Floats:
        within = [t for t in self.times_ms.tolist() if t < duration_ms]
        wave = np.zeros(step_count(duration_ms, dt_ms))
        for start in within:
            wave += pulse_samples(duration_ms, dt_ms, start, self.width_ms)
        return wave


@dataclass(frozen=True)
class Alternating:
    """A kilohertz current of amplitude 1 from a start on, a sine or a square wave.

    Raises:
        TinelError: another form, or a frequency that is not above 0.

    Example:
        >>> Alternating(0.0, 20.0, "square").samples(0.05, 0.005)[4:6]
        array([ 1., -1.])
    """

    start_ms: float
    frequency_kHz: float
    form: str = "sine"

    def __post_init__(self) -> None:
        if self.form not in ("sine", "square"):
            raise TinelError(f"form is {self.form!r} (allowed: 'sine', 'square')")
        if not 0 < self.frequency_kHz < np.inf:
            raise TinelError(f"frequency_kHz is {self.frequency_kHz:g} (allowed: above 0)")
        if not 0 <= self.start_ms < np.inf:
            raise TinelError(f"start_ms is {self.start_ms:g} (allowed: 0 or more)")

    @property
    def end_ms(self) -> float:
        return np.inf

    @property
    def phase_ms(self) -> float:
        return np.inf  # ten steps per period or more are asked for elsewhere

    @property
    def largest(self) -> float:
        return 1.0

    def samples(self, duration_ms: float, dt_ms: float) -> Floats:
        return alternating_samples(duration_ms, dt_ms, self.start_ms, self.frequency_kHz, self.form)


@dataclass(frozen=True, eq=False)
class Samples:
    """A waveform of its own step, each sample held over it; nothing before and after.

    Raises:
        TinelError: no numbers, none at all, one that is not finite, or a step not above 0.

    Example:
        >>> Samples([0, 4, 2], dt_ms=0.02).samples(0.07, 0.01)
        array([0., 0., 4., 4., 2., 2., 0.])
        >>> Samples([True, False, True, True], dt_ms=0.01).samples(0.04, 0.02)
        array([0.5, 1. ])
    """

    values: Floats
    dt_ms: float
    start_ms: float = 0.0

    def __post_init__(self) -> None:
        a = numbers("samples", self.values)
        object.__setattr__(self, "values", a)
        if a.ndim != 1 or a.size == 0 or not np.all(np.isfinite(a)):
            raise TinelError(
                f"samples of shape {a.shape} (allowed: one axis, 1 or more, all finite)"
            )
        if not 0 < self.dt_ms < np.inf:
            raise TinelError(f"dt_ms of the samples is {self.dt_ms:g} (allowed: above 0)")
        if not 0 <= self.start_ms < np.inf:
            raise TinelError(f"start_ms is {self.start_ms:g} (allowed: 0 or more)")

    @property
    def end_ms(self) -> float:
        return self.start_ms + len(self.values) * self.dt_ms

    @property
    def phase_ms(self) -> float:
        return shortest_phase_ms(self.values, self.dt_ms)

    @property
    def largest(self) -> float:
        return float(np.abs(self.values).max())

    def samples(self, duration_ms: float, dt_ms: float) -> Floats:
        count = step_count(duration_ms, dt_ms)
        if dt_ms == self.dt_ms and self.start_ms == 0:  # as given
            wave = np.zeros(count)
            wave[: len(self.values)] = self.values[:count]
            return wave
        # the area up to any time is a line between samples, the mean over a step its slope
        borders = self.start_ms + np.arange(len(self.values) + 1) * self.dt_ms
        area = np.concatenate([[0.0], np.cumsum(self.values) * self.dt_ms])
        edges = np.interp(np.arange(count + 1) * dt_ms, borders, area, left=0.0, right=area[-1])
        return np.round(np.diff(edges) / dt_ms, 9)


def step_count(duration_ms: float, dt_ms: float) -> int:
    """How many steps a run takes.

    Raises:
        TinelError: a duration that is not finite or shorter than a step.

    Example:
        >>> step_count(4.0, 0.005)
        800
    """
    if not (dt_ms > 0 and dt_ms / 2 < duration_ms < np.inf):
        raise TinelError(f"duration_ms is {duration_ms:g} (allowed: {dt_ms:g} or more, finite)")
    return round(duration_ms / dt_ms)


MOST_PHASES = 8  # of one pulse; what changes its sign more often is an alternating current


def shortest_phase_ms(samples: Floats, dt_ms: float) -> float:
    """Width of the shortest stretch of one sign; infinite for none or an alternating current.

    Values below a thousandth of the largest count as none.

    Example:
        >>> shortest_phase_ms(np.array([0.0, 1.0, 1.0, -0.5, -0.5, -0.5, 0.0]), 0.01)
        0.02
    """
    sign = np.sign(np.where(np.abs(samples) > 1e-3 * np.abs(samples).max(), samples, 0.0))
    starts = np.flatnonzero(np.diff(sign, prepend=np.nan) != 0)
    lengths, signs = np.diff(starts, append=len(sign)), sign[starts]
    phases, driven = lengths[signs != 0], signs[signs != 0]
    if len(phases) == 0 or np.count_nonzero(np.diff(driven)) >= MOST_PHASES:
        return np.inf
    return float(phases.min() * dt_ms)


def pulse_samples(duration_ms: float, dt_ms: float, start_ms: float, width_ms: float) -> Floats:
    """A rectangle of height 1, one mean per step.

    Raises:
        TinelError: a step or width that is not above 0, or a pulse that does not begin within
            the duration.

    Example:
        >>> pulse_samples(0.05, 0.01, 0.01, 0.02)
        array([0., 1., 1., 0., 0.])
    """
    if not (dt_ms > 0 and 0 < width_ms < np.inf and 0 <= start_ms < duration_ms < np.inf):
        raise TinelError(
            f"a pulse of {width_ms:g} ms from {start_ms:g} ms on, in steps of {dt_ms:g} ms "
            f"(allowed: finite, above 0, and begun within the duration, {duration_ms:g} ms)"
        )
    starts = np.arange(round(duration_ms / dt_ms)) * dt_ms
    overlap = np.minimum(starts + dt_ms, start_ms + width_ms) - np.maximum(starts, start_ms)
    return np.round(np.clip(overlap / dt_ms, 0.0, 1.0), 9)


def alternating_samples(
    duration_ms: float, dt_ms: float, start_ms: float, frequency_kHz: float, shape: str = "sine"
) -> Floats:
    """A kilohertz current of amplitude 1 from ``start_ms`` on; each step holds its mean over it.

    The engines smooth over a step: of a current into a node they pass 90 % at ten steps per
    period, 97 % at twenty.

    Raises:
        TinelError: a shape other than sine or square, or fewer than ten steps per period.

    Example:
        >>> alternating_samples(0.05, 0.005, 0.0, 20.0, "square")
        array([ 1.,  1.,  1.,  1.,  1., -1., -1., -1., -1., -1.])
    """
    if not 0 <= start_ms < np.inf:
        raise TinelError(f"start_ms is {start_ms:g} (allowed: 0 or more)")
    if shape not in ("sine", "square") or not 0 < frequency_kHz * dt_ms <= 0.1 + 1e-9:
        raise TinelError(
            f"{shape!r} at {frequency_kHz:g} kHz and dt_ms {dt_ms:g} (allowed: 'sine', 'square', "
            "at least ten steps per period)"
        )
    edges = np.maximum(np.arange(round(duration_ms / dt_ms) + 1) * dt_ms - start_ms, 0.0)
    phase = np.round(edges * frequency_kHz, 9) % 1.0
    if shape == "sine":
        area = (1 - np.cos(2 * np.pi * phase)) / (2 * np.pi)
    else:
        area = np.minimum(phase, 1 - phase)
    return np.round(np.diff(area) / (frequency_kHz * dt_ms), 9)


def _check_pulse(start_ms: float, width_ms: float) -> None:
    if not (0 < width_ms < np.inf and 0 <= start_ms < np.inf):
        raise TinelError(
            f"a pulse of {width_ms:g} ms from {start_ms:g} ms on (allowed: a width above 0, a "
            "start of 0 or more)"
        )
