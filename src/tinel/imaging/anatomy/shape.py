"""The nerve's own cross-section at a place on a day, as numbers: area, fascicles, what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, sqrt

import numpy as np

from tinel.imaging.anatomy import jacket, swelling
from tinel.imaging.anatomy.along import branch_at, through
from tinel.imaging.anatomy.arrange import arrange, sizes
from tinel.imaging.anatomy.ends import Ends, ends, grafted, in_gap, neuroma_at, suture_at
from tinel.imaging.anatomy.scanned import Scanned
from tinel.imaging.anatomy.sites import round_it
from tinel.imaging.anatomy.size import Calibre, calibre, healthy_mm2
from tinel.imaging.anatomy.swelling import Pressed
from tinel.imaging.anatomy.tracts import Fates, Tract, merged, tract
from tinel.lesion.state import Floats


@dataclass(frozen=True)
class FascicleShape:
    """A fascicle as it lies in a round nerve of the same area: centre and radius, mm.

    ``axons`` is the part of its axons that stand with their myelin, ``water`` 0 to 1, ``neuroma``
    whether axons held at the injury fill it, ``parted`` whether it is missing there between its cut
    ends, ``index`` its place among the nerve's fascicles.
    """

    x_mm: float
    y_mm: float
    radius_mm: float
    axons: float
    water: float
    neuroma: bool
    index: int
    parted: bool = False


@dataclass(frozen=True)
class NerveShape:
    """The nerve at a place on a day.

    Args:
        branch: on which the place lies.
        position_mm: way from the cord.
        area_mm2: of the nerve within its epineurium; 0 in a gap.
        healthy_mm2: what it would be without injury.
        width_to_height: of its outline.
        depth_mm: of its centre below the skin.
        fat_mm: fat beyond a usual man's at the place.
        fascicles: as they lie in a round nerve of this area.
        water: of the epineurium, 0 to 1.
        scar_mm: thickness of scar round it.
        neuroma: part of the cross-section that a neuroma fills, 0 to 1.
        suture: whether threads lie there.
        graft: whether it is a piece of another nerve.
        gap: whether it is missing between its ends.
        gap_scar: how far what fills a gap, of the nerve or of a fascicle, is scar: 0 (blood) to 1.
        gap_mm2: area of what fills the gap.
        fluid_mm2: cross-section of injected fluid round it.
    """

    branch: str
    position_mm: float
    area_mm2: float
    healthy_mm2: float
    width_to_height: float
    depth_mm: float
    fat_mm: float
    fascicles: tuple[FascicleShape, ...]
    water: float
    scar_mm: float
    neuroma: float
    suture: bool
    graft: bool
    gap: bool
    gap_scar: float
    gap_mm2: float
    fluid_mm2: float

    @property
    def width_mm(self) -> float:
        """Width of the outline."""
        return 2.0 * sqrt(self.area_mm2 * self.width_to_height / pi)

    @property
    def height_mm(self) -> float:
        """Height of the outline."""
        return 2.0 * sqrt(self.area_mm2 / self.width_to_height / pi)

    @property
    def jacket_mm(self) -> tuple[float, float]:
        """How far fluid, and the scar that it has lifted off, reach from the outline."""
        if self.fluid_mm2 <= 0.0:
            return 0.0, self.scar_mm
        # the ring between two ellipses whose half axes differ by h has the area pi h (a + b + h)
        tall = sqrt((self.area_mm2 + self.gap_mm2) / pi / self.width_to_height)
        half = tall * (1.0 + self.width_to_height)
        fluid = 0.5 * (-half + sqrt(half**2 + 4.0 * self.fluid_mm2 / pi))
        return fluid, fluid + self.scar_mm


@dataclass(frozen=True)
class Today:
    """What is true of the whole nerve on a day, wherever the picture is taken."""

    fates: Fates
    under: Pressed
    at: Ends
    peak: float

    @classmethod
    def of(cls, scanned: Scanned) -> Today:
        """Read the state once, for any number of places."""
        fates = Fates(scanned)
        under = swelling.pressed(scanned)
        return cls(fates, under, ends(fates), swelling.bulb(fates, under))


def shape_at(scanned: Scanned, position_mm: float, branch: str = "") -> NerveShape:
    """The nerve at a place on the day.

    Args:
        scanned: whose nerve, with its state.
        position_mm: way from the cord.
        branch: which one is meant where several lie as far; see ``branch_at``.

    Raises:
        TinelError: a place off the nerve.

    Example:
        >>> from tinel import nerve
        >>> from tinel.twins import Patient, Twins
        >>> one = Twins(Patient(age=40, sex="female", height_cm=170))
        >>> arm = nerve.build("ulnar", side="left", twins=one)
        >>> there = shape_at(Scanned.healthy(arm), 500.0)
        >>> there.area_mm2 == there.healthy_mm2, len(there.fascicles), there.gap
        (True, 8, False)
    """
    return shape_on(Today.of(scanned), position_mm, branch)


def shape_on(today: Today, position_mm: float, branch: str = "") -> NerveShape:
    """As ``shape_at``, from a state that was read before."""
    fates, at, scanned = today.fates, today.at, today.fates.scanned
    branch = branch_at(scanned, position_mm, branch)
    usual = calibre(scanned, branch, position_mm)
    inside = tract(fates, branch, position_mm)
    root = round_it(scanned.nerve, branch, position_mm).one_fascicle
    if root:
        inside = merged(inside)
    concerned = _concerned(today, branch, position_mm)
    if grafted(at, position_mm) and concerned > 0.0:
        return _graft(today, branch, position_mm, usual, inside)
    gap = in_gap(at, position_mm) and concerned > 0.0
    _, disorder = neuroma_at(scanned, at, position_mm)
    _, thread = suture_at(scanned, at, position_mm)
    grown = _grown(today, inside, position_mm, concerned)
    beside, struck, squeezed = grown.beside, grown.struck, grown.squeezed
    wet, bulk = grown.wet, grown.bulk
    water = np.minimum(
        inside.water
        + scanned.number("oedema.water") * struck
        + scanned.number("bulb.water") * beside,
        1.0,
    )
    placed = arrange(
        scanned,
        inside,
        usual.area_mm2,
        grown.fascicles,
        grown.between,
        taken=scanned.number("fascicle.of_root") if root else 0.0,
    )
    near = abs(position_mm - at.middle_mm) <= 0.5 * scanned.number("gap.fascicle_mm")
    parted = (inside.parted > 0.95) & near
    is_neuroma = (inside.held > 0.5) & (disorder * concerned > 0.1)
    fascicles = tuple(
        FascicleShape(
            x_mm=float(placed.x_mm[k]),
            y_mm=float(placed.y_mm[k]),
            radius_mm=float(placed.radius_mm[k]),
            axons=0.0 if parted[k] else float(inside.axons[k]),
            water=0.0 if parted[k] else float(water[k]),
            neuroma=bool(is_neuroma[k]),
            index=int(inside.index[k]),
            parted=bool(parted[k]),
        )
        for k in range(inside.index.size)
    )
    flatter = 1.0 + (scanned.number("squeeze.flatter") - 1.0) * squeezed
    # what swells becomes rounder
    rounder = (1.0 + wet + bulk) ** 0.25
    since = max(scanned.state.day - float(scanned.lesion.struck_d[scanned.twin]), 0.0)
    gap_scar = 1.0 - float(np.exp(-since / scanned.number("gap.blood_d")))
    filling = usual.area_mm2 * scanned.number("gap.width") * (1.0 - gap_scar * 2.0 / 3.0)
    epineurium_water = float(
        min(
            scanned.number("oedema.water") * struck + scanned.number("bulb.water") * beside,
            1.0,
        )
    )
    width_to_height = max(usual.width_to_height * flatter / rounder, 1.0)
    # a thick nerve sinks, as the skin stays over it
    least_mm = scanned.number("skin_mm") + 0.5 + sqrt(placed.area_mm2 / pi / width_to_height)
    return NerveShape(
        branch=branch,
        position_mm=position_mm,
        area_mm2=0.0 if gap else placed.area_mm2,
        healthy_mm2=usual.area_mm2,
        width_to_height=width_to_height,
        depth_mm=max(usual.depth_mm, least_mm),
        fat_mm=usual.fat_mm,
        fascicles=() if gap else fascicles,
        water=0.5 * epineurium_water,
        scar_mm=jacket.scar_mm(fates, branch, position_mm, today.under, at) * (concerned > 0),
        neuroma=0.0 if gap else disorder * concerned,
        suture=thread and concerned > 0.0,
        graft=False,
        gap=gap,
        gap_scar=gap_scar if gap or parted.any() else 0.0,
        gap_mm2=filling if gap else 0.0,
        fluid_mm2=jacket.fluid_mm2(fates, position_mm) * (concerned > 0.0),
    )


def area_on(today: Today, position_mm: float, branch: str = "") -> float:
    """The area of ``shape_on`` alone (mm²), in half of its time.

    Args:
        today: of one twin.
        position_mm, branch: as in ``shape_at``; not within a gap.

    Example:
        >>> from tinel import nerve
        >>> from tinel.twins import Patient, Twins
        >>> one = Twins(Patient(age=40, sex="female", height_cm=170))
        >>> today = Today.of(Scanned.healthy(nerve.build("ulnar", side="left", twins=one)))
        >>> area_on(today, 500.0) == shape_on(today, 500.0).area_mm2
        True
    """
    fates, scanned = today.fates, today.fates.scanned
    branch = branch_at(scanned, position_mm, branch)
    concerned = _concerned(today, branch, position_mm)
    unlike = in_gap(today.at, position_mm) or grafted(today.at, position_mm)
    if unlike and concerned > 0.0:
        return shape_on(today, position_mm, branch).area_mm2
    inside = tract(fates, branch, position_mm)
    root = round_it(scanned.nerve, branch, position_mm).one_fascicle
    if root:
        inside = merged(inside)
    grown = _grown(today, inside, position_mm, concerned)
    taken = scanned.number("fascicle.of_root") if root else 0.0
    usual = healthy_mm2(scanned, branch, position_mm)
    areas, around = sizes(scanned, inside, usual, grown.fascicles, grown.between, taken)
    return float(areas.sum() + around)


@dataclass(frozen=True)
class _Grown:
    """What a place has gained or lost, of its fascicles ``(n_fascicle,)`` and between, and why."""

    fascicles: Floats
    between: float
    beside: float
    struck: float
    squeezed: float
    wet: float
    bulk: float


def _grown(today: Today, inside: Tract, position_mm: float, concerned: float) -> _Grown:
    """Factors on the areas of a healthy nerve at a place."""
    fates, at, scanned = today.fates, today.at, today.fates.scanned
    beside = swelling.bulb_at(fates, position_mm, today.peak) * concerned
    struck = swelling.oedema(fates, position_mm) * concerned
    squeezed = today.under.squeezed * concerned * _within(fates, position_mm)
    sewn, _ = suture_at(scanned, at, position_mm)
    wet = beside + struck * scanned.number("oedema.area") + sewn * concerned
    shrunk = _shrunk(scanned, inside)
    # what the stump's water adds to fascicles is within them; a neuroma takes those it holds
    own = (1.0 + scanned.number("stump.area") * inside.water) * shrunk
    bulk = neuroma_at(scanned, at, position_mm)[0] * concerned
    growth = own * (1.0 + wet) * (1.0 + bulk * _of_held(inside))
    squeeze = 1.0 - scanned.number("squeeze.area") * squeezed
    return _Grown(
        fascicles=growth * squeeze,
        between=(1.0 + wet) * (1.0 + bulk) * squeeze,
        beside=beside,
        struck=struck,
        squeezed=squeezed,
        wet=wet,
        bulk=bulk,
    )


def _concerned(today: Today, branch: str, position_mm: float) -> float:
    """Part of the axons at a place that run through the injured place, 0 to 1."""
    fates = today.fates
    here = through(fates.scanned, branch, position_mm)
    both = here & fates.hurt
    return float(fates.weight[both].sum()) / max(float(fates.weight[here].sum()), 1e-9)


def _within(fates: Fates, position_mm: float) -> float:
    """1 within the injured stretch, falling to 0 over its last 2 mm."""
    edge = min(position_mm - fates.start_mm, fates.end_mm - position_mm)
    return float(np.clip(edge / 2.0 + 0.5, 0.0, 1.0))


def _of_held(inside: Tract) -> np.ndarray:
    """How much of a neuroma each fascicle bears, 1 on average."""
    held = np.asarray(inside.held, np.float64)
    mean = float(held.mean()) if held.size else 0.0
    return held / mean if mean > 1e-9 else np.ones(held.size)


def _shrunk(scanned: Scanned, inside: Tract) -> np.ndarray:
    gone = -np.expm1(-inside.lost_d / scanned.number("stump.shrinks_d"))
    return np.asarray(1.0 - scanned.number("stump.shrinks") * inside.lost * gone, np.float64)


def _graft(
    today: Today, branch: str, position_mm: float, usual: Calibre, inside: Tract
) -> NerveShape:
    """Cables of another nerve side by side, each one fascicle, with the axons that came."""
    scanned, at = today.fates.scanned, today.at
    cable = scanned.number("anatomy.size.leg.sural.mean")
    n = max(round(usual.area_mm2 / cable), 1)
    sewn, thread = suture_at(scanned, at, position_mm)
    empty = Tract(
        index=np.arange(n),
        part=np.ones(n),
        axons=np.full(n, inside.axons.mean()),
        lost=np.zeros(n),
        lost_d=np.zeros(n),
        water=np.full(n, inside.water.mean()),
        held=np.zeros(n),
        parted=np.zeros(n),
    )
    one = np.ones(n) * (1.0 + sewn)
    placed = arrange(scanned, empty, n * cable, one, 1.0 + sewn)
    fascicles = tuple(
        FascicleShape(
            x_mm=float(placed.x_mm[k]),
            y_mm=float(placed.y_mm[k]),
            radius_mm=float(placed.radius_mm[k]),
            axons=float(empty.axons[k]),
            water=float(empty.water[k]),
            neuroma=False,
            index=k,
        )
        for k in range(n)
    )
    scar = jacket.scar_mm(today.fates, branch, at.middle_mm, today.under, at)
    return NerveShape(
        branch=branch,
        position_mm=position_mm,
        area_mm2=placed.area_mm2,
        healthy_mm2=usual.area_mm2,
        width_to_height=usual.width_to_height,
        depth_mm=usual.depth_mm,
        fat_mm=usual.fat_mm,
        fascicles=fascicles,
        water=0.0,
        scar_mm=scar,
        neuroma=0.0,
        suture=thread,
        graft=True,
        gap=False,
        gap_scar=0.0,
        gap_mm2=0.0,
        fluid_mm2=jacket.fluid_mm2(today.fates, position_mm),
    )
