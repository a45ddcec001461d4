"""The signs of a conduction study: what was measured, beside the other side and the limits."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tinel import evidence
from tinel.exam.limits import limit, side_share
from tinel.exam.protocol import Measure
from tinel.nerve.anatomy import Study

Place = Literal["elsewhere", "above", "across", "below", "beyond"]


@dataclass(frozen=True)
class Signs:
    """What one conduction study shows on one day.

    ``place`` says where the injury lies: ``above`` all stimulation sites, ``across`` (a site on
    either side of it), ``below`` every site but before the recording electrode, ``beyond`` that
    electrode, or ``elsewhere`` (these fibres do not run through it). ``amplitude`` is that of the
    most distal site and ``other`` the other side's; ``lowest`` the lower limit of normal, None
    where none is published. ``kept_percent`` is the smallest proximal over distal amplitude as a
    percentage of the same ratio on the other side, nan where there is one site or no response.
    ``slow`` a latency or velocity outside its limit. ``grade`` the muscle's MRC grade, None where
    it was not tested, and ``force_percent`` its force as a percentage of the healthy one.
    """

    kind: str
    day: float
    place: Place
    amplitude: float
    other: float
    lowest: float | None = None
    kept_percent: float = math.nan
    slow: bool = False
    grade: float | None = None
    force_percent: float = math.nan

    @property
    def weak(self) -> bool:
        """The muscle was tested and is not at full strength."""
        return self.grade is not None and self.grade < 5

    @property
    def side_percent(self) -> float:
        """The response as a percentage of the other side's; nan where that is absent."""
        return 100 * self.amplitude / self.other if self.other > 0 else math.nan

    @property
    def reduced(self) -> bool:
        """Below the limit of normal, or below half of the other side."""
        lowest = self.lowest
        # where the healthy side is below the limit too, the limit says nothing about the injury
        below_limit = lowest is not None and self.amplitude < lowest <= self.other
        return below_limit or self.amplitude < side_share() * self.other


def settled_d(kind: str) -> float:
    """The day from which a response beyond the injury shows which axons are alive.

    Two standard deviations past the median day on which broken axons fall silent: the endplates
    of motor axons fail first, the stumps of sensory ones later.

    Example:
        >>> round(settled_d("motor"), 1), round(settled_d("sensory"), 1)
        (6.9, 10.8)
    """
    key = "course.junction.motor" if kind == "motor" else "course.stump.conduction"
    spread = math.hypot(
        evidence.value("course.degeneration.fibre_spread"),
        evidence.value("course.degeneration.twin_spread"),
    )
    return evidence.value(key) * math.exp(evidence.value("laboratory.limit.sd") * spread)


def signs(
    study: Study,
    values: Mapping[Measure, float],
    other_side: Mapping[Measure, float],
    day: float,
    place: Place,
    grade: float | None = None,
    force_percent: float = math.nan,
) -> Signs:
    """Collect the signs of a study from what was measured on both sides.

    Args:
        study: the conduction study.
        values: measured values; those of other tests are passed over.
        other_side: the same on the healthy side.
        day: days after the injury.
        place: where the injury lies, see ``Signs``.
        grade: MRC grade of the study's muscle.
        force_percent: its force as a percentage of the healthy one.
    """
    amplitude, other, ratios, slow = 0.0, 0.0, [math.nan], False
    lowest: float | None = None
    for measure, value in values.items():
        if measure.study != study.name:
            continue
        bound = limit(measure, study)
        there = other_side.get(measure, math.nan)
        if measure.quantity == "amplitude" and measure.site == study.sites[0].name:
            amplitude, other, lowest = value, there, bound.value if bound else None
        elif measure.quantity == "amplitude against distal" and there > 0:
            ratios.append(100 * value / there)
        elif bound and math.isfinite(value):
            slow = slow or (bound.broken(value) and not bound.broken(there))
    known = [r for r in ratios if not math.isnan(r)]
    kept = min(known) if known else math.nan
    return Signs(study.kind, day, place, amplitude, other, lowest, kept, slow, grade, force_percent)
