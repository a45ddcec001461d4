"""The signs of a conduction study: what was measured, beside the other side and the limits."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

from tinel.evidence import Parameters
from tinel.exam.block_criteria import Met, Sign, met_here
from tinel.exam.examination import Visit
from tinel.exam.limb import Limb
from tinel.exam.limits.amplitude_ratio import large_enough
from tinel.exam.per_twin import of_first
from tinel.exam.reference_limits import limit_of
from tinel.exam.response import RATIO
from tinel.exam.side_comparison import side_fraction
from tinel.lesion.state import Lesion
from tinel.nerve.anatomy import Study

Place = Literal["elsewhere", "above", "across", "below", "beyond"]


@dataclass(frozen=True)
class Signs:
    """What one conduction study shows on one day.

    Args:
        kind: ``motor`` or ``sensory``.
        day: days after the injury.
        place: where the injury lies: ``above`` all stimulation sites, ``across`` (a site on either
            side of it), ``below`` every site but before the recording electrode, ``beyond`` that
            electrode, or ``elsewhere`` (these fibres do not run through it).
        amplitude: that of the most distal site.
        other: the other side's.
        lowest: its lower limit of normal, None where none is published.
        kept_percent: the smallest proximal over distal amplitude as a percentage of the same ratio
            on the other side; nan where there is one site or no response.
        slow: a latency or velocity outside its limit on this side only.
        mrc_grade: of the study's muscle, None where it was not tested.
        force_percent: the muscle's force as a percentage of the healthy one.
        criteria: of block, dispersion and slowing that segments of a motor study meet on this
            side and not on the other; none where the distal response is too small for them.
        parameters: with the limits of ``laboratory.limit`` and ``exam.block``.
    """

    kind: str
    day: float
    place: Place
    amplitude: float
    other: float
    lowest: float | None = None
    kept_percent: float = math.nan
    slow: bool = False
    mrc_grade: float | None = None
    force_percent: float = math.nan
    criteria: tuple[Met, ...] = ()
    parameters: Parameters = field(default_factory=Parameters.of_evidence, repr=False)

    def of(self, sign: Sign) -> Met | None:
        """The first criterion met that is a sign of something, None where there is none."""
        return next((one for one in self.criteria if one.criterion.sign == sign), None)

    @property
    def large(self) -> bool:
        """Whether the distal response is large enough for a drop above it to mean block."""
        return large_enough(self.amplitude, self.lowest, self.parameters)

    @property
    def weak(self) -> bool:
        """The muscle was tested and is not at full strength."""
        return self.mrc_grade is not None and self.mrc_grade < 5

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
        return below_limit or self.amplitude < side_fraction(self.parameters) * self.other

    @property
    def doubtful(self) -> bool:
        """Not reduced, yet small beside the other side on a path that the injury lies on."""
        if self.reduced or self.place in ("elsewhere", "beyond") or not self.other > 0:
            return False
        both_low = self.lowest is not None and self.amplitude < self.lowest
        least = of_first(self.parameters, "laboratory.limit.side_doubt")
        return not both_low and self.amplitude < least * self.other


def settled_d(kind: str, parameters: Parameters) -> float:
    """The day from which a response beyond the injury shows which axons are alive.

    Two standard deviations past the median day on which broken axons fall silent: the endplates
    of motor axons fail first, the stumps of sensory ones later.

    Example:
        >>> p = Parameters.of_evidence()
        >>> round(settled_d("motor", p), 1), round(settled_d("sensory", p), 1)
        (6.9, 10.8)
    """
    key = "course.junction.motor" if kind == "motor" else "course.stump.conduction"
    spread = math.hypot(
        of_first(parameters, "course.degeneration.fibre_spread"),
        of_first(parameters, "course.degeneration.twin_spread"),
    )
    reach = of_first(parameters, "laboratory.limit.sd") * spread
    return of_first(parameters, key) * math.exp(reach)


def falls_silent_d(kind: str, parameters: Parameters) -> tuple[int, int]:
    """Whole days between which broken axons fall silent beyond the injury.

    Two standard deviations on either side of the median; from the second on ``settled_d`` holds.

    Example:
        >>> p = Parameters.of_evidence()
        >>> falls_silent_d("motor", p), falls_silent_d("sensory", p)
        ((2, 7), (4, 11))
    """
    key = "course.junction.motor" if kind == "motor" else "course.stump.conduction"
    median, last = of_first(parameters, key), settled_d(kind, parameters)
    return math.floor(median * median / last), math.ceil(last)


def place_of_injury(limb: Limb, study: Study) -> Place:
    """Where the injury of the first twin lies on a study's path, see ``Signs``.

    Of two that hurt, one between two sites of the study; else the one nearer to the cord.
    """
    places = [_place(limb, one, study) for one in limb.hurt_places]
    return "across" if "across" in places else places[0]


def _place(limb: Limb, lesion: Lesion, study: Study) -> Place:
    if not lesion.present[limb.fibres_of(study.target)].any():
        return "elsewhere"
    at = float(lesion.site_mm[0])
    if at >= study.record_mm:
        return "beyond"
    above = [site.position_mm < at for site in study.sites]
    return "below" if all(above) else "across" if any(above) else "above"


def signs(study: Study, visit: Visit, other_side: Visit, place: Place | None = None) -> Signs:
    """The signs of a study, from what was measured on both sides of the first twin.

    Args:
        study: the conduction study.
        visit: the injured limb, examined.
        other_side: the healthy limb, examined.
        place: where the injury lies; None to see it from the limb's lesion.
    """
    amplitude, other, ratios, slow = 0.0, 0.0, [math.nan], False
    lowest: float | None = None
    examination = visit.examination
    for measurement in examination.measurements:
        if measurement.subject != study.name:
            continue
        value = float(measurement.values[0])
        quantity, site = measurement.quantity, measurement.site
        beside = other_side.examination.value(study.name, quantity, site)
        there = math.nan if beside is None else beside
        _, bound = limit_of(measurement, visit)
        if quantity == "amplitude" and site == study.sites[0].name:
            amplitude, other, lowest = value, there, bound.value if bound else None
        elif quantity == RATIO and there > 0:
            ratios.append(100 * value / there)
        elif bound and quantity != "duration" and math.isfinite(value):
            slow = slow or (bound.broken(value) and not bound.broken(there))
    known = [r for r in ratios if not math.isnan(r)]
    force = examination.value(study.target, "force")
    criteria = met_here(study, visit, other_side)
    slow = slow or any(one.criterion.sign == "slowing" for one in criteria)
    return Signs(
        kind=study.kind,
        day=visit.day,
        place=place or place_of_injury(visit.limb, study),
        amplitude=amplitude,
        other=other,
        lowest=lowest,
        kept_percent=min(known) if known else math.nan,
        slow=slow,
        mrc_grade=examination.value(study.target, "MRC grade"),
        force_percent=math.nan if force is None else force,
        criteria=criteria,
        parameters=visit.limb.parameters,
    )
