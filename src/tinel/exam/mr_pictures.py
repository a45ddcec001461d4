"""Pictures of MR neurography at a place of a limb and of its muscles, and what is read off them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from tinel.exam.limb import Limb
from tinel.exam.pictures import DiffusionView, TakenPicture
from tinel.exam.scanning import INJURED, Place, nearest, pointed_mm, scanned, spread_mm
from tinel.imaging.anatomy.scanned import Scanned
from tinel.imaging.anatomy.section import cross_section
from tinel.imaging.anatomy.shape import shape_at
from tinel.imaging.measured.mr_outline import Outline
from tinel.imaging.mri.diffusion import diffusion_protocol
from tinel.imaging.mri.limb import limb_section, limbs_of
from tinel.imaging.mri.person import Person
from tinel.imaging.mri.protocol import stir_protocol, t2_weighted_protocol
from tinel.imaging.mri.scan import MrValue, Neurography, Reading, read, read_muscles, scan
from tinel.imaging.mri.t2_map import t2_map_protocol
from tinel.imaging.mri.weighted import stir
from tinel.imaging.picture import Picture

WIDTH_mm, SPACING_mm, LIMB_SPACING_mm = 36.0, 0.15, 0.3


@dataclass(frozen=True)
class PlaceRead:
    """What was read at one place of one twin.

    Args:
        site: name of the place.
        values: as the reader names them.
        taken: the pictures of its middle slice.
        is_stack: whether the nerve was followed through several slices.
        diffusion: directions in its middle slice, and tracts through the stack.
    """

    site: str
    values: tuple[MrValue, ...]
    taken: tuple[TakenPicture, ...]
    is_stack: bool
    diffusion: DiffusionView

    def value(self, name: str) -> float:
        """A value by the reader's name; nan where there is none."""
        found = next((v.value for v in self.values if v.name == name), None)
        return math.nan if found is None else found


@dataclass(frozen=True)
class MusclesRead:
    """STIR ratio of each muscle (nan where it was not seen), and the pictures."""

    ratios: tuple[tuple[str, float], ...]
    taken: tuple[TakenPicture, ...]


def person(one: Scanned) -> Person:
    """Who is scanned, as far as healthy MR signals differ between people."""
    age = one.nerve.twins.patient.age
    return Person(age, one.normal("mri.relaxation"), one.normal("mri.radial"))


def of_place(limb: Limb, place: Place, twin: int) -> PlaceRead:
    """Scan a twin's nerve at a place: a stack of slices through the injury, one slice elsewhere
    and on the healthy side.

    Args:
        limb: of the twins.
        place: where.
        twin: by its place among them.
    """
    one, p = scanned(limb, twin), limb.parameters
    rng = one.stream(f"mri {place.name} {limb.state.day!r}")
    through = place.name == INJURED and limb.beside is None
    at = slices_mm(one, place) if through else [place.position_mm]
    depths = [shape_at(one, mm, place.branch).depth_mm for mm in at]
    deep_mm = max(depths) + WIDTH_mm / 2
    planes = [
        cross_section(
            one, mm, branch=place.branch, width_mm=WIDTH_mm, depth_mm=deep_mm, spacing_mm=SPACING_mm
        )
        for mm in at
    ]
    made = scan(planes, rng, p, person(one))
    down, across = pointed_mm(depths[0], limb, rng)
    reading = read(made, (down, across + WIDTH_mm / 2), p)
    middle = nearest(at, place)
    values = reading.values
    if len(at) > 1:  # what is read of the slice through the injury, and of the stack
        here = f"{made.position_mm[middle]:.0f} mm"
        values = tuple(v for v in values if v.where in (here, ""))
    taken = _taken(place.name, made, reading, middle, values, limb)
    view = DiffusionView(
        place.name, made.diffusion[middle], reading.tracts, float(made.position_mm[0])
    )
    return PlaceRead(place.name, values, taken, len(at) > 1, view)


def slices_mm(one: Scanned, place: Place) -> list[float]:
    """Positions of slices through an injury: as thick as far apart, or fewer where it is long."""
    p = one.parameters
    most = round(p.scalar("pictures.most_slices"))
    return spread_mm(one, place, most, p.scalar("mri.t2w.slice_mm"))


def _taken(
    site: str,
    made: Neurography,
    reading: Reading,
    k: int,
    values: tuple[MrValue, ...],
    limb: Limb,
) -> tuple[TakenPicture, ...]:
    outline, p = reading.followed.outlines[k], limb.parameters
    why = "" if outline is not None else "nothing near this point stands out"
    whole = 1.0 / math.sqrt(p.scalar("mri.reader.area_part"))  # so that it holds the area written
    wanted = (
        (made.t2_weighted[k], t2_weighted_protocol(p), ("area", "nerve-muscle ratio")),
        (made.stir[k], stir_protocol(p), ()),
        (made.t2_map[k], t2_map_protocol(p), ("T2",)),
        (made.diffusion[k].fa, diffusion_protocol(p), ("FA",)),
        (made.diffusion[k].adc, diffusion_protocol(p), ("ADC",)),
    )
    return tuple(
        TakenPicture(
            site=site,
            position_mm=made.position_mm[k],
            picture=picture,
            outlines=() if outline is None else (points(outline, picture, whole),),
            read=tuple(
                (v.name, v.value, v.unit) for v in values if v.name in names and v.value is not None
            ),
            why=why,
            protocol=protocol,
        )
        for picture, protocol, names in wanted
    )


def points(
    outline: Outline, picture: Picture, scale: float = 1.0
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Rows and columns ``(n, 2)`` of an outline in the pixels of a picture.

    Args:
        outline: as read.
        picture: in whose pixels.
        scale: of its radius.
    """
    turn = 2 * np.pi * np.arange(len(outline.radius_mm)) / len(outline.radius_mm)
    down = outline.centre_mm[0] + scale * outline.radius_mm * np.sin(turn)
    across = outline.centre_mm[1] + scale * outline.radius_mm * np.cos(turn)
    return np.stack([down / picture.row_mm - 0.5, across / picture.column_mm - 0.5], axis=1)


def muscles_read(limb: Limb, twin: int) -> MusclesRead:
    """STIR of every part of the limb in which the nerve moves a muscle, and their ratios.

    Args:
        limb: of the twins.
        twin: by its place among them.
    """
    one, p = scanned(limb, twin), limb.parameters
    names = [t.name for t in limb.nerve.targets if t.kind == "motor"]
    ratios: dict[str, float] = {}
    taken = []
    for part in limbs_of(names, p):
        rng = one.stream(f"stir {part} {limb.state.day!r}")
        section = limb_section(part, p, one.muscles, spacing_mm=LIMB_SPACING_mm)
        (picture,) = stir([section.plane], rng, p, person=person(one))
        here = [name for name in names if name in section.muscle_mm and name not in ratios]
        others = [name for name in section.muscle_mm if name not in names]
        found = read_muscles(picture, section, here, others, rng, p)
        ratios |= {v.where: math.nan if v.value is None else v.value for v in found}
        told = tuple((f"STIR {v.where}", v.value, "1") for v in found if v.value is not None)
        taken.append(TakenPicture(part, 0.0, picture, (), told, "", stir_protocol(p)))
    return MusclesRead(
        tuple((name, ratios[name]) for name in names if name in ratios), tuple(taken)
    )
