"""What lies round a nerve in a cross-section: skin, fat, fascia, and the neighbours of its site."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinel.imaging.anatomy import texture
from tinel.imaging.anatomy.muscles import MuscleState
from tinel.imaging.anatomy.scanned import Scanned
from tinel.imaging.anatomy.shape import NerveShape
from tinel.imaging.anatomy.sites import BAND_MM, Neighbour, Site, round_it, stands_for
from tinel.imaging.anatomy.size import deeper_by_fat_mm
from tinel.imaging.plane import Grid, Labels, Tissue
from tinel.lesion.state import Bools

# the longest linear probes and the depths they see
PROBE_MM = 60.0
# below this a streak or a septum is thinner than a pixel
FINE_MM = 0.25


@dataclass
class Canvas:
    """A plane that is being drawn: ``tissue``, ``water``, ``fat`` and ``axons`` per pixel."""

    tissue: Labels
    water: Grid
    fat: Grid
    axons: Grid
    down: Grid
    across: Grid
    spacing_mm: float

    @classmethod
    def empty(cls, width_mm: float, depth_mm: float, spacing_mm: float) -> Canvas:
        """A plane without tissue; ``down`` and ``across`` are a column and a row of places, mm."""
        rows, columns = round(depth_mm / spacing_mm), round(width_mm / spacing_mm)
        down = ((np.arange(rows) + 0.5) * spacing_mm).astype(np.float32)[:, None]
        across = ((np.arange(columns) + 0.5 - columns / 2) * spacing_mm).astype(np.float32)[None, :]
        water, fat, axons = (np.zeros((rows, columns), np.float32) for _ in range(3))
        tissue = np.zeros((rows, columns), np.uint8)
        return cls(tissue, water, fat, axons, down, across, spacing_mm)


def draw_round(
    canvas: Canvas, scanned: Scanned, shape: NerveShape, *, streaks: bool = True
) -> None:
    """Draw all that is not the nerve into a cross-section.

    Args:
        canvas: empty; it is filled.
        scanned: whose limb.
        shape: of the nerve at the place.
        streaks: whether septa of muscle and fat are drawn where pixels are fine enough.
    """
    site = round_it(scanned.nerve, shape.branch, shape.position_mm)
    skin = scanned.number("skin_mm")
    fascia = skin + site.fat_mm + shape.fat_mm
    canvas.tissue[:] = site.below
    fascia_mm = scanned.number("fascia_mm")
    canvas.tissue[canvas.down[:, 0] < fascia + fascia_mm] = Tissue.FASCIA
    canvas.tissue[canvas.down[:, 0] < fascia] = Tissue.FAT
    canvas.tissue[canvas.down[:, 0] < skin] = Tissue.SKIN
    fine = streaks and canvas.spacing_mm <= FINE_MM
    septa = _septa(canvas, scanned, shape) if fine else None
    belly = np.zeros(canvas.tissue.shape, np.bool_)
    if site.below == Tissue.MUSCLE:
        belly |= canvas.tissue == Tissue.MUSCLE
    there = _Round(
        shape=shape,
        site=site,
        belly=belly,
        states={m.name: m for m in scanned.muscles},
        halo_mm=scanned.number("nerve.halo_mm"),
        fascia_mm=fascia_mm,
        fullness=scanned.number("muscle.fullness"),
        deeper_mm=shape.depth_mm - site.depth_mm - deeper_by_fat_mm(site, shape.fat_mm, skin),
    )
    for one in site.neighbours:
        _neighbour(canvas, one, there)
    _halo(canvas, shape, there)
    if septa is not None:
        speckle, lobules = septa
        canvas.tissue[belly & speckle & (canvas.tissue == Tissue.MUSCLE)] = Tissue.FASCIA
        canvas.tissue[lobules & (canvas.tissue == Tissue.FAT)] = Tissue.FASCIA


def draw_limb(canvas: Canvas, scanned: Scanned, shape: NerveShape) -> None:
    """Draw the skin and fat of the far sides of a limb, and nothing beyond it.

    A probe flattens the skin, so that a plane no wider than one shows no curve.

    Args:
        canvas: with all that lies in the limb; it is changed.
        scanned: whose limb.
        shape: of the nerve at the place.
    """
    site = round_it(scanned.nerve, shape.branch, shape.position_mm)
    fat = max(site.fat_mm + shape.fat_mm, 0.5)
    more = max(shape.fat_mm, 0.0)
    half_width, half_depth = (0.5 * size + more for size in site.limb_mm)
    rows, columns = canvas.tissue.shape
    if columns * canvas.spacing_mm <= PROBE_MM and rows * canvas.spacing_mm <= PROBE_MM:
        return
    x = np.abs(canvas.across / np.float32(half_width))
    y = np.abs(canvas.down / np.float32(half_depth) - 1.0)
    power = scanned.number("muscle.fullness")
    far = (x**power + y**power) ** (1.0 / power)
    inward_mm = (1.0 - far) * np.minimum(half_width, half_depth)
    skin = scanned.number("skin_mm")
    # in front of the nerve the layers are drawn already
    rim = (inward_mm < skin + fat) & (canvas.tissue != Tissue.BONE)
    rim &= (canvas.down > skin + fat) | (np.abs(canvas.across) > 0.5 * half_width)
    for where, what in (
        (rim, Tissue.FAT),
        (inward_mm < skin, Tissue.SKIN),
        (inward_mm < 0.0, Tissue.OUTSIDE),
    ):
        canvas.tissue[where] = what
        for values in (canvas.water, canvas.fat, canvas.axons):
            values[where] = 0.0


def _halo(canvas: Canvas, shape: NerveShape, there: _Round) -> None:
    """Fat between a nerve and the muscles that it runs between."""
    room = there.halo_mm + shape.jacket_mm[1]
    wide, tall = 0.5 * shape.width_mm + room, 0.5 * shape.height_mm + room
    rows = _between(canvas.down[:, 0], shape.depth_mm, tall)
    columns = _between(canvas.across[0], 0.0, wide)
    near = np.hypot(canvas.across[:, columns] / wide, (canvas.down[rows] - shape.depth_mm) / tall)
    here = canvas.tissue[rows, columns]
    soft = (here == Tissue.MUSCLE) | (here == Tissue.FASCIA)
    flesh = (near < 1.0) & soft
    here[flesh & there.belly[rows, columns]] = Tissue.FAT
    there.belly[rows, columns][flesh] = False


def _septa(canvas: Canvas, scanned: Scanned, shape: NerveShape) -> tuple[Bools, Bools]:
    size, spacing, at = canvas.tissue.shape, canvas.spacing_mm, shape.position_mm
    grain = scanned.number("muscle.septum_mm")
    perimysium = texture.field(scanned, "muscle", size, (grain, 3.0 * grain), spacing, at)
    lobules = texture.field(scanned, "fat", size, (0.15, 4.0), spacing, at)
    return (
        texture.above(perimysium, scanned.number("muscle.septa")),
        texture.above(lobules, scanned.number("fat.septa")),
    )


@dataclass(frozen=True)
class _Round:
    """What the neighbours of a nerve have in common at a place.

    ``fascia_mm`` is the thickness of a fascia, ``fullness`` the power of the superellipse that a
    muscle's belly is: fuller than an ellipse, it lies closer to its neighbours. ``deeper_mm`` is
    how much deeper the nerve lies than at the site that they are taken from.
    """

    shape: NerveShape
    site: Site
    belly: Bools
    states: dict[str, MuscleState]
    halo_mm: float
    fascia_mm: float
    fullness: float
    deeper_mm: float


def _neighbour(canvas: Canvas, one: Neighbour, there: _Round) -> None:
    shape, belly = there.shape, there.belly
    # what lies under the fascia moves with all of the fat, what lies in it with a part
    within = min(one.depth_mm / (there.site.fat_mm + 1.0), 1.0)
    deeper = there.deeper_mm * min(one.depth_mm / there.site.depth_mm, 1.0)
    fascia_mm = there.fascia_mm
    depth_mm = one.depth_mm + shape.fat_mm * within + deeper
    x0, y0 = _beside(one, depth_mm, shape, fascia_mm)
    rows = _between(canvas.down[:, 0], y0, one.half_depth_mm + fascia_mm)
    columns = _between(canvas.across[0], x0, one.half_width_mm + fascia_mm)
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return
    y = (canvas.down[rows] - y0) / np.float32(one.half_depth_mm)
    x = (canvas.across[:, columns] - x0) / np.float32(one.half_width_mm)
    muscle = one.tissue == Tissue.MUSCLE
    power = there.fullness if muscle else 2.0
    far = np.abs(x) ** power + np.abs(y) ** power
    state = there.states.get(stands_for().get(one.name, one.name)) if muscle else None
    # what a muscle has lost of its bulk is filled by fat
    left = state.bulk if state is not None else 1.0
    inside = far < left ** (power / 2.0)
    here = canvas.tissue[rows, columns]
    if one.tissue in (Tissue.MUSCLE, Tissue.TENDON, Tissue.FASCICLE):
        rim = 1.0 + fascia_mm / min(one.half_depth_mm, one.half_width_mm)
        here[far < rim**power] = Tissue.FAT
        here[far < (rim * left**0.5) ** power] = (
            Tissue.EPINEURIUM if one.tissue == Tissue.FASCICLE else Tissue.FASCIA
        )
    here[inside] = one.tissue
    belly[rows, columns][far < 1.2] = False
    belly[rows, columns][inside] = muscle
    canvas.axons[rows, columns][inside] = one.tissue == Tissue.FASCICLE
    canvas.water[rows, columns][inside] = state.water if state is not None else 0.0
    canvas.fat[rows, columns][inside] = state.fat if state is not None else 0.0


def _beside(
    one: Neighbour, depth_mm: float, shape: NerveShape, fascia_mm: float
) -> tuple[float, float]:
    """Centre of a neighbour, pushed aside where the nerve and its jacket need the room."""
    x, y = one.across_mm, depth_mm - shape.depth_mm
    away = float(np.hypot(x, y))
    if one.tissue == Tissue.BONE or one.half_width_mm >= BAND_MM or away < 1e-6:
        return one.across_mm, depth_mm
    cos, sin = x / away, y / away
    beyond = shape.jacket_mm[1]
    wide, tall = 0.5 * shape.width_mm + beyond, 0.5 * shape.height_mm + beyond
    # tissue gives way as if it kept its volume
    more = max(wide * tall - shape.healthy_mm2 / np.pi, 0.0)
    room = _reach(wide, tall, cos, sin) + _reach(one.half_width_mm, one.half_depth_mm, cos, sin)
    further = max(float(np.sqrt(away**2 + more)), room + fascia_mm) - away
    return one.across_mm + further * cos, depth_mm + further * sin


def _reach(wide: float, tall: float, cos: float, sin: float) -> float:
    """Radius of an ellipse in a direction."""
    if wide <= 0.0 or tall <= 0.0:
        return 0.0
    return 1.0 / float(np.hypot(cos / wide, sin / tall))


def _between(places: Grid, centre: float, reach: float) -> slice:
    first, last = np.searchsorted(places, [centre - reach, centre + reach])
    return slice(int(first), int(last))
