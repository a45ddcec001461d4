"""What ultrasound of every twin would find if no reader erred: sizes, gaps and neuromas.

Making a picture of a twin takes seconds, and a patient's findings are set against hundreds of
twins: their anatomy is asked instead. How far a reader errs is in ``finding.picture``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinel.exam.limb import Limb
from tinel.exam.measurement import Value
from tinel.exam.picture_measures import CONTINUOUS, INTERRUPTED, WITH_NEUROMA
from tinel.exam.scanned_places import position_of
from tinel.exam.scanning import INJURED, places, scanned
from tinel.exam.ultrasound_names import AREA, GAP, SWELLING, TERMINAL, WHOLE
from tinel.imaging.anatomy.ends import in_gap, neuroma_at
from tinel.imaging.anatomy.scanned import Scanned
from tinel.imaging.anatomy.shape import NerveShape, Today, area_on, shape_on
from tinel.imaging.anatomy.size import healthy_mm2

OUTLINED = 6  # places along a neuroma of which the largest is taken


@dataclass(frozen=True)
class Continuity:
    """Whether the ends of one twin's nerve lie apart, and what has grown there.

    Args:
        verdict: ``INTERRUPTED``, ``WITH_NEUROMA`` or ``CONTINUOUS``.
        gap_mm: between the ends; nan where they do not lie apart.
        neuroma_mm: diameter of the neuroma at the proximal end; nan where there is none, or no gap.
    """

    verdict: float
    gap_mm: float
    neuroma_mm: float


def ultrasound_values(limb: Limb, site: str, quantity: str = "") -> list[Value]:
    """What ultrasound would find at a place of every twin.

    Args:
        limb: of the twins.
        site: a place by its name, e.g. ``injured place``, which alone has continuity; empty for the
            ratio of the largest area to that where nothing is hurt.
        quantity: which of them; empty for all.

    Raises:
        TinelError: no such place.
    """
    twins = range(limb.nerve.n_twin)
    if not site:
        return [Value(SWELLING, "ratio", np.array([swelling(limb, k) for k in twins]))]
    found = []
    if quantity in ("", AREA):
        areas = [area_at(limb, site, k) for k in twins]
        found.append(Value(AREA, "mm²", np.array(areas), site))
    if quantity != AREA and site == INJURED:
        found += continuity_values(limb)
    return found


def continuity_values(limb: Limb) -> list[Value]:
    """Continuity, gap and terminal neuroma of every twin, at its injury."""
    each = [continuity(Today.of(scanned(limb, k))) for k in range(limb.nerve.n_twin)]
    return [
        Value(WHOLE, "0 or 1", np.array([one.verdict for one in each]), INJURED),
        Value(GAP, "mm", np.array([one.gap_mm for one in each]), INJURED),
        Value(TERMINAL, "mm", np.array([one.neuroma_mm for one in each]), INJURED),
    ]


def at_place(limb: Limb, site: str, twin: int) -> NerveShape:
    """The nerve of one twin at a place; beside a gap, its proximal end, which is what one sees.

    Args:
        limb: of the twins.
        site: name of the place.
        twin: by its place among them.
    """
    today = Today.of(scanned(limb, twin))
    return shape_on(today, *_outlined(today, *position_of(limb, site, twin)))


def area_at(limb: Limb, site: str, twin: int) -> float:
    """The area alone (mm²), which is quicker; arguments as for ``at_place``."""
    today = Today.of(scanned(limb, twin))
    return area_on(today, *_outlined(today, *position_of(limb, site, twin)))


def _outlined(today: Today, branch: str, position_mm: float) -> tuple[float, str]:
    """Where a nerve is outlined that is looked for at a place: there, or at its end by a gap."""
    if in_gap(today.at, position_mm):
        position_mm = max(_along_neuroma(today), key=lambda mm: _growth(today, mm))
    return position_mm, branch


def continuity(today: Today) -> Continuity:
    """Whether a nerve is whole, from the state of its ends.

    A bulge by held axons is called a neuroma from ``finding.picture.least_neuroma`` on.

    Args:
        today: of one twin.
    """
    most = math.sqrt(1.0 + max(_growth(today, mm) for mm in _along_neuroma(today)))
    one = today.fates.scanned
    seen = most >= one.parameters.scalar("finding.picture.least_neuroma")
    if today.at.apart_mm <= 0:
        return Continuity(WITH_NEUROMA if seen else CONTINUOUS, math.nan, math.nan)
    nerve_mm2 = healthy_mm2(one, one.lesion.branch, _along_neuroma(today)[0])
    neuroma_mm = most * 2.0 * math.sqrt(nerve_mm2 / math.pi)
    return Continuity(INTERRUPTED, today.at.apart_mm, neuroma_mm if seen else math.nan)


def _along_neuroma(today: Today) -> Sequence[float]:
    """Places from the proximal end, or from the middle of what was not parted, backwards."""
    one = today.fates.scanned
    end = today.at.middle_mm - today.at.apart_mm / 2
    length = one.number("anatomy.neuroma.length_mm")
    start = one.nerve.branch(one.lesion.branch).start_mm
    return [max(float(mm), start) for mm in np.linspace(end - 1e-6, end - length, OUTLINED)]


def _growth(today: Today, position_mm: float) -> float:
    one: Scanned = today.fates.scanned
    return neuroma_at(one, today.at, position_mm)[0]


def swelling(limb: Limb, twin: int) -> float:
    """The largest area over that of the place where nothing is hurt; nan where there is none.

    The places are those at which ultrasound looks.
    """
    where = places(limb, twin)
    reference = next((p for p in where if p.reference), None)
    if reference is None:
        return math.nan
    today = Today.of(scanned(limb, twin))
    there = area_on(today, reference.position_mm, reference.branch)
    areas = [
        area_on(today, *_outlined(today, p.branch, p.position_mm))
        for p in where
        if p is not reference
    ]
    return max(areas) / there if areas and there > 0 else math.nan
