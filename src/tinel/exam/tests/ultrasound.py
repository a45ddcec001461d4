"""Ultrasound: pictures across and along the nerve, and what a sonographer measures on them.

The pictures are made from the nerve as it is on the day; what is measured is measured on their grey
values alone, near where the examiner points.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from tinel.exam.examination import Visit
from tinel.exam.laboratory import Laboratory
from tinel.exam.limb import Limb
from tinel.exam.measurement import Value
from tinel.exam.picture_words import (
    area_words,
    at_injury,
    beyond_limits,
    both_sides,
    sentence,
    side_ratio,
)
from tinel.exam.pictures import Pictures, TakenPicture
from tinel.exam.scanning import Place, places, pointed_mm, scanned, whole_nerve
from tinel.exam.test import Subject, Test
from tinel.imaging.extra import check_installed
from tinel.imaging.picture import Picture
from tinel.nerve.anatomy import Nerve

if TYPE_CHECKING:
    from tinel.evidence import Parameters
    from tinel.imaging.anatomy.scanned import Scanned
    from tinel.imaging.plane import Plane
    from tinel.imaging.ultrasound.handling import Handling

SUBJECT = "nerve on ultrasound"
AREA, FLATTENING, FASCICLES, CONTRAST = (
    "cross-sectional area",
    "flattening",
    "fascicles seen",
    "surround over nerve brightness",
)
SWELLING = "swelling ratio"
MARKED_mm = 0.3
UNITS = {AREA: "mm²", FLATTENING: "ratio", FASCICLES: "", CONTRAST: "ratio"}


def subjects(nerve: Nerve) -> Sequence[Subject]:
    """The nerve as a whole: at which places it is scanned goes by its injury."""
    return whole_nerve(nerve, SUBJECT)


def ultrasound(limb: Limb, subject: Subject, laboratory: Laboratory) -> Pictures:
    """Scan the nerve of every twin at every place.

    Raises:
        TinelError: a package for pictures is not installed.
    """
    n_twin = limb.nerve.n_twin
    every = [[scan(limb, place, twin) for place in places(limb, twin)] for twin in range(n_twin)]
    found: list[Value] = []
    for k, first in enumerate(every[0]):
        for quantity, unit in UNITS.items():
            values = [_of(twin[k], quantity) for twin in every]
            found.append(Value(quantity, unit, np.array(values), first.site))
    reference = [place.reference for place in places(limb, 0)]
    if any(reference):
        ratios = [_swelling(twin, reference.index(True)) for twin in every]
        found.append(Value(SWELLING, "ratio", np.array(ratios)))
    return Pictures(tuple(found), tuple(every[0]))


def _of(taken: TakenPicture, quantity: str) -> float:
    return next((value for name, value, _ in taken.read if name == quantity), math.nan)


def _swelling(every: Sequence[TakenPicture], reference: int) -> float:
    """The largest area over that of the place where nothing is hurt; nan where one is missing."""
    areas = [_of(taken, AREA) for taken in every]
    there = areas[reference]
    found = [area for k, area in enumerate(areas) if k != reference and not math.isnan(area)]
    return max(found) / there if found and there > 0 else math.nan


def scan(limb: Limb, place: Place, twin: int) -> TakenPicture:
    """The picture of one twin at one place, and what is read off it."""
    from tinel.imaging.measured.nerve_on_ultrasound import NoNerve, nerve_on_ultrasound

    one = scanned(limb, twin)
    rng = one.stream(f"ultrasound {place.name} {limb.state.day!r}")
    picture, depth_mm = picture_at(one, place, rng)
    near = pointed_mm(depth_mm, limb, rng)
    seen = nerve_on_ultrasound(picture, near, limb.parameters)
    if isinstance(seen, NoNerve):
        return TakenPicture(place.name, place.position_mm, picture, why=seen.why)
    read = (
        (AREA, seen.area_mm2, "mm²"),
        (FLATTENING, seen.width_to_height, "ratio"),
        (FASCICLES, float(len(seen.fascicles)), ""),
        (CONTRAST, seen.contrast_index, "ratio"),
    )
    sizes = np.array([picture.row_mm, picture.column_mm])
    outline = (seen.outline_mm + np.array([0.0, picture.size_mm[1] / 2])) / sizes - 0.5
    return TakenPicture(place.name, place.position_mm, picture, (outline,), read)


def picture_at(one: Scanned, place: Place, rng: np.random.Generator) -> tuple[Picture, float]:
    """A B-mode picture across the nerve, held as an examiner holds the probe, and how deep the
    nerve lies there (mm).

    Args:
        one: whose nerve.
        place: where.
        rng: the same one gives the same picture.
    """
    from tinel.imaging.anatomy.section import cross_section
    from tinel.imaging.anatomy.shape import shape_at
    from tinel.imaging.ultrasound.b_mode import b_mode
    from tinel.imaging.ultrasound.handling import usual_handling
    from tinel.imaging.ultrasound.probe import linear_probe

    held = usual_handling(rng, one.parameters)
    along = one.nerve.branch(place.branch)
    at = float(np.clip(place.position_mm + held.off_mm, along.start_mm, along.end_mm))
    depth_mm = shape_at(one, at, place.branch).depth_mm
    probe = linear_probe(frequency_MHz(depth_mm, one.parameters), one.parameters)
    plane = cross_section(one, at, branch=place.branch)
    seen_mm = pressed_to_mm(plane, depth_mm, held, one.parameters)
    return b_mode(plane, probe, rng, one.parameters, handling=held), seen_mm


def frequency_MHz(depth_mm: float, parameters: Parameters) -> float:
    """Frequency of the probe that is taken for a nerve at a depth, MHz."""
    deep = depth_mm > parameters.scalar("pictures.deep_mm")
    return parameters.scalar("pictures.deep_MHz" if deep else "pictures.near_MHz")


def pressed_to_mm(plane: Plane, depth_mm: float, held: Handling, parameters: Parameters) -> float:
    """How deep the middle of a plane lies under the probe that presses on it, mm.

    Args:
        plane: across the nerve.
        depth_mm: of the place without a probe.
        held: how the probe is held.
        parameters: how soft tissues are.
    """
    from tinel.imaging.ultrasound.held import as_held

    rows = np.abs(plane.depth_mm - depth_mm) <= MARKED_mm
    columns = np.abs(plane.across_mm) <= MARKED_mm
    mark = np.asarray(rows[:, None] & columns[None, :], np.float32)
    there = as_held(replace(plane, axons=mark), held, parameters).axons.sum(axis=1)
    if not there.any():
        return depth_mm
    return float(there @ plane.depth_mm / there.sum())


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
    beyond = beyond_limits(visit, other_side, SUBJECT)
    parts.append(f"abnormal: {', '.join(beyond)}" if beyond else "no value beyond its limit")
    return sentence(parts)


TEST = Test(
    name="ultrasound",
    other_names=("nerve ultrasound", "HRUS", "high-resolution ultrasound", "sonography"),
    text="Scan the nerve at the injury and beside it, and measure its cross-section.",
    source="areas to the inner border of the epineurium, as pooled in doi:10.1111/ene.14759",
    subjects=subjects,
    examine=ultrasound,
    interpret=sentences,
    title="Ultrasound of the nerve (simulated B-mode, measured blind)",
    on_request=True,
    example_only=True,
    check=check_installed,
)
