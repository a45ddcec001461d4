"""Where normal ends: two standard deviations from the published mean.

Amplitudes are spread log-normally (their published SD would otherwise put the limit near or below
zero); latencies and velocities normally. Side-to-side: a response below half of the other side's
is called abnormal too, the customary rule of thumb.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from tinel import evidence
from tinel.evidence import Number
from tinel.exam.protocol import Measure
from tinel.nerve.anatomy import Study


@dataclass(frozen=True)
class Limit:
    """A bound: ``text`` such as ``>= 4.2``; ``broken(value)`` tells if a value is abnormal."""

    value: float
    lower: bool

    @property
    def text(self) -> str:
        """The limit as a table prints it."""
        return f"{'≥' if self.lower else '≤'} {self.value:.3g}"

    def broken(self, value: float) -> bool:
        """Whether a measured value (nan for an absent response) lies on the wrong side."""
        return not (value >= self.value if self.lower else value <= self.value)


def limit(measure: Measure, study: Study | None) -> Limit | None:
    """The normal limit of a measure, or None where none is published."""
    if measure.quantity == "MRC grade":
        return Limit(5.0, lower=True)
    if measure.quantity == "finest filament felt":
        return None
    if study is None:
        return None
    first = study.sites[0].name
    normal = study.normal
    if measure.quantity == "amplitude" and measure.site == first:
        number = normal.get("amplitude_mV") or normal.get("amplitude_uV")
        return _log_lower(number) if number else None
    if measure.quantity == "onset latency" and measure.site == first:
        return _two_sd(normal.get("distal_latency_ms"), lower=False)
    if measure.quantity == "velocity":
        return _two_sd(normal.get("velocity_m_per_s"), lower=True)
    if measure.quantity == "amplitude against distal":
        drop = evidence.value("exam.block.amplitude_drop")
        return Limit(100 * (1 - drop), lower=True)
    return None


def side_share() -> float:
    """Share of the other side's response below which a response is called small."""
    return evidence.value("laboratory.limit.side_share")


def tells_of_block(distal: float, lowest: float | None) -> bool:
    """Whether a distal response is large enough for a drop above it to mean block.

    Args:
        distal: amplitude of the most distal site.
        lowest: its lower limit of normal, None where none is published.
    """
    return lowest is None or distal >= evidence.value("exam.block.distal_least") * lowest


def touch_limit(healthy_marking: float) -> Limit:
    """The thickest filament a healthy person may need."""
    return Limit(healthy_marking, lower=False)


def _two_sd(number: Number | None, lower: bool) -> Limit | None:
    if number is None or number.sd is None:
        return None
    reach = evidence.value("laboratory.limit.sd") * number.sd
    return Limit(number.value - reach if lower else number.value + reach, lower)


def _log_lower(number: Number) -> Limit | None:
    if number.sd is None:
        return None
    variance = math.log(1 + (number.sd / number.value) ** 2)
    reach = evidence.value("laboratory.limit.sd") * math.sqrt(variance)
    return Limit(number.value * math.exp(-variance / 2 - reach), lower=True)
