"""Readings of pictures in words: what is larger or thinner than the other side, what is unseen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tinel.exam.examination import Visit
from tinel.exam.per_twin import of_first
from tinel.exam.reference_limits import limit_of
from tinel.exam.scanning import INJURED

UNSEEN = (
    "no nerve is made out at the injured place, where the other side has one: a gap, scar or a "
    "poor picture cannot be told apart by that"
)

ON_NEITHER = "no nerve is made out at the injured place, on this side or the other"


@dataclass(frozen=True)
class Sides:
    """One quantity at one place, on both sides; nan where it was not measured."""

    site: str
    here: float
    there: float


def area_words(area: Sides, ratio: float, unit: str = "mm²") -> str:
    """What the area at the injured place says beside the other side's.

    Args:
        area: mm².
        ratio: from which one is called larger.

    Example:
        >>> area_words(Sides("wrist", 15.2, 9.0), 1.55)
        'wrist: 15.2 mm², 1.7 times the other side (9.0): enlarged'
        >>> area_words(Sides("wrist", 9.4, 9.0), 1.55)
        'wrist: 9.4 mm², 1.0 times the other side (9.0)'
    """
    if math.isnan(area.here):
        return ON_NEITHER if math.isnan(area.there) else UNSEEN
    if math.isnan(area.there):
        return f"{area.site}: {area.here:.1f} {unit}; on the other side no nerve is made out there"
    times = area.here / area.there
    found = f"{area.site}: {area.here:.1f} {unit}, {times:.1f} times the other side "
    found += f"({area.there:.1f})"
    if times >= ratio:
        return f"{found}: enlarged"
    return f"{found}: thinner" if times <= 1 / ratio else found


def both_sides(visit: Visit, other_side: Visit, subject: str, quantity: str) -> tuple[Sides, ...]:
    """A quantity at every place of a visit, with the same of the other side."""
    found = []
    for one in visit.examination.measurements:
        if (one.subject, one.quantity) == (subject, quantity):
            there = other_side.examination.value(subject, quantity, one.site)
            other = math.nan if there is None else there
            found.append(Sides(one.site, float(one.values[0]), other))
    return tuple(found)


def at_injury(every: Sequence[Sides]) -> Sides | None:
    """The injured place's; None where there is none."""
    return next((one for one in every if one.site == INJURED), None)


def beyond_limits(visit: Visit, other_side: Visit, subject: str) -> list[str]:
    """Values outside their limit, where the other side's are not."""
    said = []
    for one in visit.examination.measurements:
        if one.subject != subject:
            continue
        _, bound = limit_of(one, visit)
        there = other_side.examination.value(subject, one.quantity, one.site)
        value = float(one.values[0])
        if bound is None or math.isnan(value) or not bound.broken(value):
            continue
        if there is None or math.isnan(there) or not bound.broken(there):
            where = f" at the {one.site}" if one.site else ""
            unit = f" {one.unit}" if one.unit not in ("1", "ratio", "") else ""
            said.append(f"{one.quantity}{where} {value:.3g}{unit} (normal {bound.text})")
    return said


def side_ratio(visit: Visit) -> float:
    """The ratio of areas from which sides are called different."""
    return of_first(visit.limb.parameters, "pictures.limit.side_ratio")


def sentence(parts: Sequence[str]) -> str:
    """Parts in one sentence; what is empty is left out.

    Example:
        >>> sentence(["injured place: thinner", "", "fascicles 3 of 9"])
        'Injured place: thinner; fascicles 3 of 9.'
    """
    told = "; ".join(part for part in parts if part)
    return f"{told[:1].upper()}{told[1:]}." if told else ""
