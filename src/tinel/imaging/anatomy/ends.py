"""Cut ends: whether they lie apart, what grows on them, and where they were joined."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, sqrt

from tinel.imaging.anatomy.scanned import Scanned
from tinel.imaging.anatomy.tracts import Fates


@dataclass(frozen=True)
class Ends:
    """The ends at an injured place on the day.

    Args:
        divided: whether the trunk was cut through, whatever was done since.
        apart_mm: distance of the ends; 0 where they were never parted or are joined.
        middle_mm: way from the cord to the middle between them.
        graft_mm: length of a graft between them, 0 for none.
        joined_d: days since they were joined; negative where they never were.
        held: fraction of the axons at the place that end in it.
        neuroma: diameter of the bulb over that of the nerve, if all axons were held.
        grown: 0 to 1, how far that bulb has grown.
    """

    divided: bool
    apart_mm: float
    middle_mm: float
    graft_mm: float
    joined_d: float
    held: float
    neuroma: float
    grown: float

    @property
    def sutures_mm(self) -> tuple[float, ...]:
        """Ways from the cord to the suture lines."""
        if self.joined_d < 0.0:
            return ()
        if self.graft_mm <= 0.0:
            return (self.middle_mm,)
        return (self.middle_mm - self.graft_mm / 2, self.middle_mm + self.graft_mm / 2)


def ends(fates: Fates) -> Ends:
    """The cut ends of a nerve on the day: parted, joined, or whole.

    Source:
        ``anatomy.gap`` (an assumption) and ``anatomy.neuroma`` (a published ratio, which is met
        because it is put in).
    """
    scanned, twin = fates.scanned, fates.scanned.twin
    lesion, day = scanned.lesion, scanned.state.day
    joins = [i for i in scanned.done if i.joins_ends]
    cut = (lesion.sunderland_grade[twin] >= 5) & (lesion.cut_d[twin] <= day)
    divided = fates.fraction(cut) >= scanned.number("gap.divided")
    struck = float(lesion.struck_d[twin])
    joined_d = day - joins[-1].day if joins else -1.0
    graft_mm = max((i.graft_mm for i in joins), default=0.0)
    apart = 0.0
    if divided and not joins:
        spread = exp(scanned.number("gap.spread") * scanned.normal("gap"))
        # the ends draw apart within hours
        apart = scanned.number("gap.retraction_mm") * spread * (1.0 - exp(-(day - struck + 0.5)))
    ratio = scanned.number("neuroma.diameter_ratio") * exp(
        scanned.number("neuroma.spread") * scanned.normal("neuroma")
    )
    held = fates.fraction(fates.held)
    ages = fates.broken_d[fates.held]
    age = float(ages.mean()) if ages.size else 0.0
    if joins:
        age = min(age, joined_d)  # the old bulb was cut off
    since = max(age - scanned.number("neuroma.begins_d"), 0.0)
    return Ends(
        divided=divided,
        apart_mm=apart,
        middle_mm=0.5 * (fates.start_mm + fates.end_mm),
        graft_mm=graft_mm,
        joined_d=joined_d,
        held=held,
        neuroma=max(ratio, 1.0),
        grown=1.0 - exp(-since / scanned.number("neuroma.tau_d")),
    )


def in_gap(at: Ends, position_mm: float) -> bool:
    """Whether a place lies between two parted ends."""
    return at.apart_mm > 0.0 and abs(position_mm - at.middle_mm) < at.apart_mm / 2


def neuroma_at(scanned: Scanned, at: Ends, position_mm: float) -> tuple[float, float]:
    """Growth of the area by a neuroma at a place, and how far its inside is one, 0 to 1.

    Args:
        scanned: whose nerve.
        at: from ``ends``.
        position_mm: way from the cord.

    Returns:
        Relative growth of the area (0 for none), and the part of the cross-section without order.
    """
    if at.held <= 0.0 or at.grown <= 0.0:
        return 0.0, 0.0
    length = scanned.number("neuroma.length_mm")
    from_middle = position_mm - at.middle_mm
    whole = at.neuroma**2 - 1.0
    if at.apart_mm <= 0.0:
        bell = exp(-((2.0 * from_middle / length) ** 2))
        grows = scanned.number("neuroma.in_continuity") * whole * at.held * at.grown
        return grows * bell, at.held * at.grown * bell
    before = -from_middle - at.apart_mm / 2  # from the proximal end backwards
    if before >= 0.0:
        bell = _bulb(before / length)
        return whole * at.held * at.grown * bell, min(2.0 * at.grown, 1.0) * min(2.0 * bell, 1.0)
    beyond = from_middle - at.apart_mm / 2
    small = scanned.number("neuroma.distal_ratio") ** 2 - 1.0
    bell = _bulb(max(beyond, 0.0) / (0.5 * length))
    return small * at.grown * bell, 0.0


def _bulb(part: float) -> float:
    """Profile of a terminal bulb: round at the end, then fading into the nerve."""
    if part >= 1.0:
        return 0.0
    if part <= 0.4:
        return sqrt(max(1.0 - ((0.4 - part) / 0.45) ** 2, 0.0))
    return (1.0 - (part - 0.4) / 0.6) ** 2


def suture_at(scanned: Scanned, at: Ends, position_mm: float) -> tuple[float, bool]:
    """Growth of the area by a suture line at a place, and whether its threads lie there."""
    if not at.sutures_mm:
        return 0.0, False
    reach = scanned.number("suture.reach_mm")
    near = min(abs(position_mm - line) for line in at.sutures_mm)
    done = 1.0 - exp(-at.joined_d / scanned.number("suture.tau_d"))
    grows = scanned.number("suture.area") * done * exp(-((near / reach) ** 2))
    return grows, near <= 1.0


def grafted(at: Ends, position_mm: float) -> bool:
    """Whether a place lies within a graft."""
    return at.graft_mm > 0.0 and abs(position_mm - at.middle_mm) <= at.graft_mm / 2
