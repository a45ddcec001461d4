"""What is measured after every stimulus of a recording, by the same code as on a simulated one.

Waveform and marks alone are used. The baseline is the mean of what was recorded just before the
stimulus; where the segment begins with the stimulus it is zero, as the file has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest

import numpy as np

from tinel.errors import TinelError
from tinel.evidence import Parameters
from tinel.exam.waveform import Reading
from tinel.exam.waveform import read as measure
from tinel.recording.recording import PER_VOLT, Channel, Floats, Mark, Recording

BASELINE_s = 0.005
LONGEST_ms = 50.0
LEAST_SAMPLES = 3
# What a motor study is written in; a potential of a nerve is written in the other.
MOTOR, SENSORY = "mV", "µV"


@dataclass(frozen=True)
class Window:
    """Where after a stimulus a response is looked for, ms."""

    from_ms: float = 0.0
    until_ms: float = LONGEST_ms

    def __post_init__(self) -> None:
        if not 0 <= self.from_ms < self.until_ms < np.inf:
            told = f"{self.from_ms:g} to {self.until_ms:g} ms is out of range"
            raise TinelError(f"{told} (allowed: from 0, and from before until)", "--from, --until")


@dataclass(frozen=True)
class Sweep:
    """One response on one channel.

    Args:
        channel: name of the channel.
        mark: the stimulus.
        unit: of amplitudes, ``mV`` or ``µV``.
        time_ms: ``(n_time,)`` after the stimulus.
        signal: ``(n_time,)`` in the unit, negativity upward, from the baseline.
        reading: of one response.
    """

    channel: str
    mark: Mark
    unit: str
    time_ms: Floats
    signal: Floats
    reading: Reading

    def values(self) -> tuple[tuple[str, str, float], ...]:
        """Quantity, unit and value of everything measured, nan where the response is absent."""
        r, unit = self.reading, self.unit
        told = (
            ("amplitude", unit, r.amplitude),
            ("onset latency", "ms", r.onset_ms),
            ("peak latency", "ms", r.peak_ms),
            ("duration", "ms", r.duration_ms),
            ("area", f"{unit} ms", r.area),
            ("peak-to-peak amplitude", unit, r.peak_to_peak),
            ("phases", "1", r.phases),
        )
        return tuple((name, of, float(value[0])) for name, of, value in told)


def sweeps(
    recording: Recording,
    parameters: Parameters,
    window: Window | None = None,
    negative_up: bool | None = None,
) -> tuple[Sweep, ...]:
    """Measure the response after every stimulus on every channel of a potential.

    Args:
        recording: from ``read``.
        parameters: hold what is taken for noise, and where the take-off is marked.
        window: where a response is looked for; default 0 to 50 ms, or until the next stimulus.
        negative_up: whether larger numbers are more negative; default: as the format has it.

    Example:
        >>> from pathlib import Path
        >>> time_ms = np.arange(0, 20, 0.05)
        >>> wave = 4.0 * np.exp(-(((time_ms - 6.0) / 1.5) ** 2))
        >>> one = Channel("APB", "mV", 20000.0, (wave,))
        >>> stimulus = (Mark(0.0, "Stimulus wrist"),)
        >>> study = Recording("CSV", Path(), (one,), (0.0,), stimulus, negative_up=True)
        >>> (found,) = sweeps(study, Parameters.of_evidence())
        >>> round(float(found.reading.amplitude[0]), 2), round(float(found.reading.peak_ms[0]), 2)
        (4.0, 6.0)
    """
    window = window or Window()
    up = recording.negative_up if negative_up is None else negative_up
    stimuli = [mark for mark in recording.marks if mark.is_stimulus]
    found = []
    for mark, after in zip_longest(stimuli, stimuli[1:]):
        for channel in recording.channels:
            if channel.is_potential:
                last = np.inf if after is None else after.time_s
                sweep = _sweep(recording, channel, mark, last, window, up, parameters)
                found += [] if sweep is None else [sweep]
    return tuple(found)


def _sweep(
    recording: Recording,
    channel: Channel,
    mark: Mark,
    next_s: float,
    window: Window,
    up: bool,
    p: Parameters,
) -> Sweep | None:
    rate, half = channel.rate_Hz, 0.5 / channel.rate_Hz
    ends = zip(recording.starts_s, channel.samples, strict=True)
    later = (pair for pair in ends if pair[0] + len(pair[1]) / rate > mark.time_s + half)
    start, signal = next(later, (0.0, np.empty(0)))  # a stimulus may come before its segment
    zero = (mark.time_s - start) * rate  # in samples
    first = max(round(zero + window.from_ms / 1000 * rate), 0)
    until = min(zero + window.until_ms / 1000 * rate, (next_s - start) * rate, len(signal))
    if until - first < LEAST_SAMPLES:
        return None
    motor = _is_motor(recording, channel)
    unit = MOTOR if motor else SENSORY
    size = PER_VOLT[unit] / PER_VOLT[channel.unit] * (1 if up else -1)
    lead = signal[max(round(zero - BASELINE_s * rate), 0) : max(round(zero), 0)]
    baseline = float(lead.mean()) if lead.size else 0.0
    wave = np.asarray((signal[first : round(until)] - baseline) * size, np.float64)
    time_ms = np.asarray((first - zero + np.arange(len(wave))) / rate * 1000, np.float64)
    floor = p.scalar("laboratory.muscle.floor_mV" if motor else "laboratory.sensory.floor_uV")
    seen = (p.scalar(f"laboratory.onset.{key}") for key in ("fraction", "noise_fraction"))
    reading = measure(wave[None, :], time_ms, floor, *seen)
    return Sweep(channel.name, mark, unit, time_ms, wave, reading)


def _is_motor(recording: Recording, channel: Channel) -> bool:
    """Whether a muscle's response is measured: as the protocol says, else by the unit."""
    test = recording.protocol.get("test", "")
    return "motor" in test if test else PER_VOLT[channel.unit] <= PER_VOLT[MOTOR]
