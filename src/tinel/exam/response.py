"""One conduction study on one day: the waveforms, and what was measured on them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.exam.waveform import Reading
from tinel.nerve.anatomy import Study

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Response:
    """What a laboratory keeps of one study.

    ``waveform`` ``(n_site, n_twin, n_time)`` in ``unit``, negativity upward; ``readings`` one per
    site; ``velocity_m_per_s`` maps a pair of neighbouring sites (or the one site of a sensory
    study) to ``(n_twin,)``, nan where a response is absent.
    """

    study: Study
    unit: str
    time_ms: Floats
    waveform: Floats
    readings: tuple[Reading, ...]
    velocity_m_per_s: dict[str, Floats]

    def measure(self, quantity: str) -> Floats:
        """The value a normal table has: ``amplitude_mV``, ``amplitude_uV``, ``distal_latency_ms``
        or ``velocity_m_per_s`` (of the first segment), shape ``(n_twin,)``.

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
