"""One conduction study on one day: the waveforms, and what was measured on them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.exam.measurement import Value
from tinel.exam.waveform import Reading
from tinel.nerve.anatomy import Study

Floats = NDArray[np.float64]

RATIO = "amplitude against distal"


@dataclass(frozen=True)
class Response:
    """The recordings of one study.

    Args:
        study: which study.
        unit: of ``waveform``: ``mV`` (motor) or ``uV`` (sensory).
        time_ms: ``(n_time,)`` after the stimulus.
        waveform: ``(n_site, n_twin, n_time)``, negativity upward.
        readings: one per site.
        velocity_m_per_s: by pair of neighbouring sites (or by the one site of a sensory study),
            ``(n_twin,)``, nan where a response is absent.
    """

    study: Study
    unit: str
    time_ms: Floats
    waveform: Floats
    readings: tuple[Reading, ...]
    velocity_m_per_s: dict[str, Floats]

    def measure(self, quantity: str) -> Floats:
        """The value of a quantity that normal tables have, ``(n_twin,)``.

        Args:
            quantity: ``amplitude_mV``, ``amplitude_uV``, ``distal_latency_ms`` or
                ``velocity_m_per_s`` (of the first segment).

        Raises:
            KeyError: any other quantity.
        """
        first = self.readings[0]
        values = {
            f"amplitude_{self.unit}": first.amplitude,
            "distal_latency_ms": first.onset_ms,
            "peak_latency_ms": first.peak_ms,
        }
        if self.velocity_m_per_s:
            values["velocity_m_per_s"] = next(iter(self.velocity_m_per_s.values()))
        return values[quantity]

    def values(self) -> tuple[Value, ...]:
        """Everything a laboratory writes down, site by site from distal, then the velocities."""
        unit = "µV" if self.unit == "uV" else self.unit
        first = self.readings[0].amplitude
        found = []
        for site, reading in zip(self.study.sites, self.readings, strict=True):
            found += [
                Value("amplitude", unit, reading.amplitude, site.name),
                Value("onset latency", "ms", reading.onset_ms, site.name),
                Value("duration", "ms", reading.duration_ms, site.name),
                Value("area", f"{unit} ms", reading.area, site.name),
                Value("peak latency", "ms", reading.peak_ms, site.name),
                Value("peak-to-peak amplitude", unit, reading.peak_to_peak, site.name),
                Value("phases", "1", reading.phases, site.name),
            ]
            if site is not self.study.sites[0]:
                ratio = 100 * reading.amplitude / np.where(first > 0, first, np.nan)
                found.append(Value(RATIO, "%", ratio, site.name))
        for segment, velocity in self.velocity_m_per_s.items():
            found.append(Value("velocity", "m/s", velocity, segment))
        return tuple(found)
