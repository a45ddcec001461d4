"""Published criteria of block, dispersion and slowing, each on one segment of a motor study.

A segment lies between two neighbouring stimulation sites. No one rule does for every nerve: a
healthy response shrinks on its way because its units fall out of step, more so in a leg, and the
ratio of small responses scatters. Each rule here is as its source states it; which rules a reading
needs is said by ``sign``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tinel.evidence import Parameters
from tinel.exam.examination import Examination, Visit
from tinel.exam.limits.amplitude_ratio import large_enough
from tinel.exam.per_twin import of_first
from tinel.exam.reference_limits import limit_of
from tinel.exam.response import RATIO
from tinel.nerve.anatomy import Study

Sign = Literal["block", "possible block", "dispersion", "slowing"]
SHOWN_ON: dict[Sign, str] = {
    "block": RATIO,
    "possible block": RATIO,
    "dispersion": "duration",
    "slowing": "velocity",
}


@dataclass(frozen=True)
class Segment:
    """How a motor response changes from one site to the next above it.

    Args:
        name: of the segment, as velocities are named.
        limb: ``arm`` or ``leg``; other limbs have no criteria of their own.
        distal_mV: amplitude of the distal response.
        kept: proximal over distal amplitude, nan where there is no distal response.
        kept_peak_to_peak: the same of the peak-to-peak amplitude.
        kept_area: the same of the area of the negative peak.
        longer: relative rise of the duration of the negative peak.
        slower_m_per_s: velocity of the next segment towards the hand or foot minus this one's.
        proximal: name of its proximal site.

    Example:
        >>> Segment("below elbow to wrist", "arm", 8.0, kept=0.3).kept
        0.3
    """

    name: str
    limb: str
    distal_mV: float
    kept: float = math.nan
    kept_peak_to_peak: float = math.nan
    kept_area: float = math.nan
    longer: float = math.nan
    slower_m_per_s: float = math.nan
    proximal: str = ""


@dataclass(frozen=True)
class Criterion:
    """One published rule.

    Args:
        name: who states it.
        sign: what it is a sign of.
        keys: its numbers in the evidence, with source and evidence grade.
        met: ``(segment, parameters)`` to whether a segment meets it.
    """

    name: str
    sign: Sign
    keys: tuple[str, ...]
    met: Callable[[Segment, Parameters], bool]


@dataclass(frozen=True)
class Met:
    """A criterion that a segment meets."""

    segment: Segment
    criterion: Criterion


def segments(study: Study, examination: Examination, limb: str) -> tuple[Segment, ...]:
    """The segments of a study of the first twin, from distal; what was not measured is nan.

    Args:
        study: a motor study.
        examination: in which it was made.
        limb: ``arm`` or ``leg``.
    """

    def at(quantity: str, site: str) -> float:
        value = examination.value(study.name, quantity, site)
        return math.nan if value is None else value

    found: list[Segment] = []
    before = math.nan
    for near, far in zip(study.sites, study.sites[1:], strict=False):
        name = f"{far.name} to {near.name}"
        speed = at("velocity", name)
        kept, wide, area, duration = (
            _ratio(at(q, far.name), at(q, near.name))
            for q in ("amplitude", "peak-to-peak amplitude", "area", "duration")
        )
        size = at("amplitude", near.name)
        ratios = (kept, wide, area, duration - 1)
        found.append(Segment(name, limb, size, *ratios, before - speed, far.name))
        before = speed
    return tuple(found)


def met(segment: Segment, parameters: Parameters) -> tuple[Met, ...]:
    """The criteria that a segment meets, in the order of ``CRITERIA``.

    Example:
        >>> blocked = Segment("below elbow to wrist", "arm", 8.0, 0.3, 0.3, 0.3, 0.05)
        >>> [m.criterion.name for m in met(blocked, Parameters.of_evidence())][:2]
        ['EFNS/PNS', 'limit by distal amplitude']
    """
    return tuple(Met(segment, one) for one in CRITERIA if one.met(segment, parameters))


def met_here(study: Study, visit: Visit, other_side: Visit) -> tuple[Met, ...]:
    """The criteria that segments of a study meet on this side and not on the other.

    The segment over the injury comes first. None for a sensory study: no rule for the potentials
    of nerves, which fade on a healthy way too, was read. None where the distal response is too
    small.

    Args:
        study: the conduction study.
        visit: the injured limb, examined.
        other_side: the healthy limb, examined.
    """
    if study.kind != "motor":
        return ()
    distal = visit.examination.of(study.name, "amplitude", study.sites[0].name)
    bound = None if distal is None else limit_of(distal, visit)[1]
    size = 0.0 if distal is None else float(distal.values[0])
    if not large_enough(size, bound.value if bound else None, visit.limb.parameters):
        return ()
    here, there = (
        [
            met(segment, v.limb.parameters)
            for segment in segments(study, v.examination, v.limb.nerve.limb)
        ]
        for v in (visit, other_side)
    )
    alike = {(one.segment.name, one.criterion) for each in there for one in each}
    hurt = [float(one.site_mm[0]) for one in visit.limb.hurt_places]
    over = [
        any(far.position_mm < at <= near.position_mm for at in hurt)
        for near, far in zip(study.sites, study.sites[1:], strict=False)
    ]
    ordered = sorted(range(len(here)), key=lambda k: not over[k])
    found = (one for k in ordered for one in here[k])
    return tuple(one for one in found if (one.segment.name, one.criterion) not in alike)


def by_value(study: Study, visit: Visit, other_side: Visit) -> dict[tuple[str, str], list[str]]:
    """The names of the criteria met, by the quantity and site on which a table shows them."""
    found: dict[tuple[str, str], list[str]] = {}
    for one in met_here(study, visit, other_side):
        site = one.segment.name if one.criterion.sign == "slowing" else one.segment.proximal
        found.setdefault((SHOWN_ON[one.criterion.sign], site), []).append(one.criterion.name)
    return found


def _ratio(proximal: float, distal: float) -> float:
    return proximal / distal if distal > 0 else math.nan


def _efns(s: Segment, p: Parameters) -> bool:
    return s.kept <= 1 - of_first(p, "exam.block.amplitude_drop")


def _by_size(s: Segment, p: Parameters) -> bool:
    small = s.distal_mV < of_first(p, "exam.block.small_mV")
    return s.kept < of_first(p, f"exam.block.{'small' if small else 'large'}_kept")


def _consensus(s: Segment, p: Parameters) -> bool:
    if s.limb not in ("arm", "leg"):
        return False
    drop = s.kept < 1 - of_first(p, f"exam.block.consensus_{s.limb}_drop")
    area = s.kept_area < 1 - of_first(p, f"exam.block.consensus_{s.limb}_area")
    return drop and area and s.longer <= of_first(p, "exam.block.consensus_duration")


def _beyond_healthy(s: Segment, p: Parameters) -> bool:
    if s.limb not in ("arm", "leg"):
        return False
    drop = s.kept_peak_to_peak < 1 - of_first(p, f"exam.block.healthy_{s.limb}_drop")
    return drop and abs(s.longer) < of_first(p, f"exam.block.healthy_{s.limb}_duration")


def _partial(s: Segment, p: Parameters) -> bool:
    least = 1 - of_first(p, "exam.block.partial_drop")
    drop = s.kept_peak_to_peak < least or s.kept_area < least
    return drop and abs(s.longer) < of_first(p, "exam.block.partial_duration")


def _dispersed(s: Segment, p: Parameters) -> bool:
    return s.longer > of_first(p, "exam.dispersion.duration_rise")


def _slower(s: Segment, p: Parameters) -> bool:
    if s.limb not in ("arm", "leg"):
        return False
    return s.slower_m_per_s > of_first(p, f"exam.slowing.{s.limb}_m_per_s")


def _keys(room: str, *names: str) -> tuple[str, ...]:
    return tuple(f"exam.{room}.{name}" for name in names)


EFNS = Criterion("EFNS/PNS", "block", _keys("block", "amplitude_drop"), _efns)
BY_SIZE = Criterion(
    "limit by distal amplitude",
    "block",
    _keys("block", "small_mV", "small_kept", "large_kept"),
    _by_size,
)
CONSENSUS = Criterion(
    "AAEM 1999, unverified",
    "block",
    _keys(
        "block",
        *("consensus_arm_drop", "consensus_arm_area", "consensus_leg_drop", "consensus_leg_area"),
        "consensus_duration",
    ),
    _consensus,
)
BEYOND_HEALTHY = Criterion(
    "limit of 44 healthy arms and 38 legs",
    "possible block",
    _keys(
        "block",
        *("healthy_arm_drop", "healthy_arm_duration", "healthy_leg_drop", "healthy_leg_duration"),
    ),
    _beyond_healthy,
)
PARTIAL = Criterion(
    "AAN", "possible block", _keys("block", "partial_drop", "partial_duration"), _partial
)
DISPERSED = Criterion("EFNS/PNS", "dispersion", _keys("dispersion", "duration_rise"), _dispersed)
SLOWER = Criterion(
    "Buschbacher 1999", "slowing", _keys("slowing", "arm_m_per_s", "leg_m_per_s"), _slower
)
CRITERIA = (EFNS, BY_SIZE, CONSENSUS, BEYOND_HEALTHY, PARTIAL, DISPERSED, SLOWER)
