"""B-mode pictures of a limb as an examiner takes them, with what is read off them blind."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tinel.evidence import Parameters
from tinel.exam.limb import Limb
from tinel.exam.pictures import TakenPicture
from tinel.exam.scanning import Place, nearest, pointed_mm, scanned, spread_mm
from tinel.exam.ultrasound_names import (
    AREA,
    CONTRAST,
    FASCICLES,
    FLATTENING,
    GAP,
    LARGEST,
    WHOLE,
)
from tinel.imaging.anatomy.scanned import Scanned
from tinel.imaging.anatomy.section import cross_section
from tinel.imaging.anatomy.shape import shape_at
from tinel.imaging.measured.nerve_on_ultrasound import (
    NerveOnUltrasound,
    NoNerve,
    nerve_on_ultrasound,
)
from tinel.imaging.measured.slide import along_slide
from tinel.imaging.picture import Picture
from tinel.imaging.plane import Plane
from tinel.imaging.ultrasound.b_mode import b_mode, clip
from tinel.imaging.ultrasound.handling import Handling, usual_handling
from tinel.imaging.ultrasound.held import as_held
from tinel.imaging.ultrasound.probe import Probe, linear_probe

# how much of what the probe sees is computed: all that is measured lies in it
WIDE_mm, BELOW_mm, MARKED_mm = 24.0, 10.0, 0.3


def frequency_MHz(depth_mm: float, parameters: Parameters) -> float:
    """Frequency of the probe that is taken for a nerve at a depth, MHz."""
    deep = depth_mm > parameters.scalar("pictures.deep_mm")
    return parameters.scalar("pictures.deep_MHz" if deep else "pictures.near_MHz")


def at_place(limb: Limb, place: Place, twin: int) -> TakenPicture:
    """A picture of one twin across the nerve at a place, held as examiners hold the probe.

    Args:
        limb: of the twins.
        place: where, but for the examiner's error.
        twin: by its place among them.
    """
    one, p = scanned(limb, twin), limb.parameters
    rng = _stream(one, place)
    held = usual_handling(rng, p)
    along = one.nerve.branch(place.branch)
    at = float(np.clip(place.position_mm + held.off_mm, along.start_mm, along.end_mm))
    planes, probe, depths = _planes(one, place, [at])
    picture = b_mode(planes[0], probe, rng, p, handling=held)
    near = pointed_mm(pressed_to_mm(planes[0], depths[0], held, p), limb, rng)
    return _read(place, picture, nerve_on_ultrasound(picture, near, p))


def slid_through(limb: Limb, place: Place, twin: int) -> TakenPicture:
    """The picture at an injury, and whether the nerve is continuous in a slide through it.

    Args:
        limb: of the twins.
        place: the injured one.
        twin: by its place among them.
    """
    one, p = scanned(limb, twin), limb.parameters
    rng = _stream(one, place)
    held = usual_handling(rng, p)
    at = spread_mm(one, place, round(p.scalar("pictures.slide_pictures")))
    planes, probe, depths = _planes(one, place, at)
    pictures = list(clip(planes, probe, rng, p, handling=held))
    near = pointed_mm(pressed_to_mm(planes[0], depths[0], held, p), limb, rng)
    found = along_slide(pictures, at, near, p)
    k = nearest(at, place)
    taken = _read(place, pictures[k], found.seen[k])
    verdict = ((WHOLE, float(found.continuous), "0 or 1"), (GAP, found.longest_gap_mm, "mm"))
    return replace(taken, read=(*taken.read, *verdict))


def pressed_to_mm(plane: Plane, depth_mm: float, held: Handling, parameters: Parameters) -> float:
    """How deep the middle of a plane lies under the probe that presses on it, mm.

    Args:
        plane: across the nerve.
        depth_mm: of the place without a probe.
        held: how the probe is held.
        parameters: how soft tissues are.
    """
    rows = np.abs(plane.depth_mm - depth_mm) <= MARKED_mm
    columns = np.abs(plane.across_mm) <= MARKED_mm
    mark = np.asarray(rows[:, None] & columns[None, :], np.float32)
    there = as_held(replace(plane, axons=mark), held, parameters).axons.sum(axis=1)
    if not there.any():
        return depth_mm
    return float(there @ plane.depth_mm / there.sum())


def _stream(one: Scanned, place: Place) -> np.random.Generator:
    return one.stream(f"ultrasound {place.name} {one.state.day!r}")


def _planes(
    one: Scanned, place: Place, at_mm: list[float]
) -> tuple[list[Plane], Probe, list[float]]:
    """Planes of one size across a nerve, the probe for them, and how deep the nerve lies (mm)."""
    depths = [shape_at(one, mm, place.branch).depth_mm for mm in at_mm]
    deepest = max(depths)
    deep_mm = deepest + BELOW_mm
    planes = [
        cross_section(one, mm, branch=place.branch, width_mm=WIDE_mm, depth_mm=deep_mm)
        for mm in at_mm
    ]
    return planes, linear_probe(frequency_MHz(deepest, one.parameters), one.parameters), depths


def _read(place: Place, picture: Picture, seen: NerveOnUltrasound | NoNerve) -> TakenPicture:
    if isinstance(seen, NoNerve):
        return TakenPicture(place.name, place.position_mm, picture, why=seen.why)
    read = (
        (AREA, seen.area_mm2, "mm²"),
        (FLATTENING, seen.width_to_height, "ratio"),
        (FASCICLES, float(len(seen.fascicles)), ""),
        (LARGEST, seen.largest_fascicle_mm2, "mm²"),
        (CONTRAST, seen.contrast_index, "ratio"),
    )
    sizes = np.array([picture.row_mm, picture.column_mm])
    outline = (seen.outline_mm + np.array([0.0, picture.size_mm[1] / 2])) / sizes - 0.5
    return TakenPicture(place.name, place.position_mm, picture, (outline,), read)
