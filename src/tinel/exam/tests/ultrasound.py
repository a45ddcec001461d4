"""Ultrasound: pictures across and along the nerve, and what a sonographer measures on them.

The pictures are made from the nerve as it is on the day; what is measured is measured on their grey
values alone, near where the examiner points.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from tinel.exam.examination import Visit
from tinel.exam.laboratory import Laboratory
from tinel.exam.limb import Limb
from tinel.exam.measure import Measure
from tinel.exam.measurement import Value
from tinel.exam.picture_measures import CONTINUITY
from tinel.exam.picture_words import (
    area_words,
    at_injury,
    beyond_limits,
    both_sides,
    sentence,
    side_ratio,
)
from tinel.exam.pictures import Pictures, TakenPicture
from tinel.exam.scanning import INJURED, places, whole_nerve
from tinel.exam.test import Subject, Test
from tinel.exam.ultrasound_names import (
    AREA,
    CONTRAST,
    FASCICLES,
    FLATTENING,
    GAP,
    LARGEST,
    SWELLING,
    TERMINAL,
    WHOLE,
)
from tinel.imaging.extra import check_installed
from tinel.nerve.anatomy import Nerve

SUBJECT = "nerve on ultrasound"
UNITS = {AREA: "mm²", FLATTENING: "ratio", FASCICLES: "", LARGEST: "mm²", CONTRAST: "ratio"}
OF_SLIDE = {WHOLE: "0 or 1", GAP: "mm"}


def subjects(nerve: Nerve) -> Sequence[Subject]:
    """The nerve as a whole: at which places it is scanned goes by its injury."""
    return whole_nerve(nerve, SUBJECT)


def ultrasound(limb: Limb, subject: Subject, laboratory: Laboratory) -> Pictures:
    """Scan the nerve of every twin at every place, and slide through an injury.

    Raises:
        TinelError: a package for pictures is not installed.
    """
    # a command that makes no picture need not wait for it
    from tinel.exam.ultrasound_pictures import at_place, slid_through

    def scan(twin: int) -> list[TakenPicture]:
        return [
            slid_through(limb, place, twin)
            if place.name == INJURED and limb.beside is None
            else at_place(limb, place, twin)
            for place in places(limb, twin)
        ]

    every = [scan(twin) for twin in range(limb.nerve.n_twin)]
    found: list[Value] = []
    for k, first in enumerate(every[0]):
        slid = any(name == WHOLE for name, *_ in first.read)
        for quantity, unit in (UNITS | OF_SLIDE if slid else UNITS).items():
            values = [_of(twin[k], quantity) for twin in every]
            found.append(Value(quantity, unit, np.array(values), first.site))
    reference = [place.reference for place in places(limb, 0)]
    if any(reference):
        ratios = [_swelling(twin, reference.index(True)) for twin in every]
        found.append(Value(SWELLING, "ratio", np.array(ratios)))
    return Pictures(tuple(found), tuple(every[0]))


def without_pictures(limb: Limb, site: str, quantity: str) -> Sequence[Value]:
    """What a reader without any error would find at a place of every twin."""
    from tinel.exam.without_pictures import ultrasound_values

    return ultrasound_values(limb, site, quantity)


def _of(taken: TakenPicture, quantity: str) -> float:
    return next((value for name, value, _ in taken.read if name == quantity), math.nan)


def _swelling(every: Sequence[TakenPicture], reference: int) -> float:
    """The largest area over that of the place where nothing is hurt; nan where one is missing."""
    areas = [_of(taken, AREA) for taken in every]
    there = areas[reference]
    found = [area for k, area in enumerate(areas) if k != reference and not math.isnan(area)]
    return max(found) / there if found and there > 0 else math.nan


def sentences(subject: Subject, visits: Sequence[Visit], other_side: Visit) -> list[str]:
    """One sentence per visit; empty where nobody scanned."""
    return [_sentence(visit, other_side) for visit in visits]


def _sentence(visit: Visit, other_side: Visit) -> str:
    areas = both_sides(visit, other_side, SUBJECT, AREA)
    hurt = at_injury(areas)
    if not areas:
        return ""
    parts = []
    if hurt is not None:
        parts.append(area_words(hurt, side_ratio(visit)))
        spots = at_injury(both_sides(visit, other_side, SUBJECT, FASCICLES))
        if spots is not None and not math.isnan(spots.here + spots.there):
            count = f"{spots.here:.0f} fascicle{'s' * (spots.here != 1)}"
            parts.append(f"{count} seen there (other side {spots.there:.0f})")
        parts.append(_continuity(visit))
    beyond = beyond_limits(visit, other_side, SUBJECT)
    parts.append(f"abnormal: {', '.join(beyond)}" if beyond else "no value beyond its limit")
    return sentence(parts)


def _continuity(visit: Visit) -> str:
    """Whether the nerve is called continuous after a slide through the injury."""
    whole, gap = (visit.examination.value(SUBJECT, what, INJURED) for what in (WHOLE, GAP))
    if whole is None or gap is None or math.isnan(whole):
        return ""
    seen = f"not seen over {gap:.0f} mm" if gap > 0 else "seen in every picture"
    return f"called {'continuous' if whole > 0.5 else 'interrupted'}: {seen} of the slide"


LARGE = ("enlarged", "swollen", "thickened", "increased")
MEASURES = (
    Measure(
        AREA, "mm²", 0.1, 300.0, ("CSA", "area", "nerve area"), usual=True,
        states=(), beyond=LARGE, within=("normal", "not enlarged", "not swollen"),
    ),
    *CONTINUITY,
    Measure(
        TERMINAL, "mm", 0.5, 60.0,
        ("stump neuroma", "end neuroma", "terminal bulb", "neuroma diameter"),
        states=("absent", "present"),
    ),
    Measure(
        SWELLING, "ratio", 0.1, 20.0, ("CSA ratio", "nerve area ratio"),
        states=(), beyond=("enlarged", "increased", "raised"), within=("normal",),
    ),
)  # fmt: skip

TEST = Test(
    name="ultrasound",
    other_names=(
        "nerve ultrasound", "HRUS", "US", "high-resolution ultrasound", "sonography",
        "neuromuscular ultrasound",
    ),
    text="Scan the nerve at the injury and beside it, and measure its cross-section.",
    source="areas to the inner border of the epineurium, as pooled in doi:10.1111/ene.14759",
    subjects=subjects,
    examine=ultrasound,
    interpret=sentences,
    title="Ultrasound of the nerve (simulated B-mode, measured blind)",
    on_request=True,
    example_only=True,
    measures=MEASURES,
    without_pictures=without_pictures,
    check=check_installed,
)  # fmt: skip
