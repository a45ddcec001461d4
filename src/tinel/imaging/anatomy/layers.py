"""What lies round a nerve in a cross-section: skin, fat, fascia, and the neighbours of its site."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinel.imaging.anatomy import muscles, texture
from tinel.imaging.anatomy.scanned import Scanned
from tinel.imaging.anatomy.shape import NerveShape
from tinel.imaging.anatomy.sites import Neighbour, Site, round_it
from tinel.imaging.plane import Grid, Labels, Tissue
from tinel.lesion.state import Bools

# a superellipse: bellies of muscle are fuller than an ellipse, and lie closer together
_BELLY = 2.6
_FASCIA_mm = 0.25
# below this a streak or a septum is thinner than a pixel
FINE_mm = 0.25


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
    canvas.tissue[canvas.down[:, 0] < fascia + _FASCIA_mm] = Tissue.FASCIA
    canvas.tissue[canvas.down[:, 0] < fascia] = Tissue.FAT
    canvas.tissue[canvas.down[:, 0] < skin] = Tissue.SKIN
    fine = streaks and canvas.spacing_mm <= FINE_mm
    septa = _septa(canvas, scanned, shape) if fine else None
    states = muscles.by_name(scanned)
    belly = np.zeros(canvas.tissue.shape, np.bool_)
    if site.below == Tissue.MUSCLE:
        belly |= canvas.tissue == Tissue.MUSCLE
    for one in site.neighbours:
        _neighbour(canvas, one, shape, site, belly, states)
    if septa is not None:
        speckle, lobules = septa
        canvas.tissue[belly & speckle & (canvas.tissue == Tissue.MUSCLE)] = Tissue.FASCIA
        canvas.tissue[lobules & (canvas.tissue == Tissue.FAT)] = Tissue.FASCIA


def _septa(canvas: Canvas, scanned: Scanned, shape: NerveShape) -> tuple[Bools, Bools]:
    size, spacing, at = canvas.tissue.shape, canvas.spacing_mm, shape.position_mm
    grain = scanned.number("muscle.septum_mm")
    perimysium = texture.field(scanned, "muscle", size, (grain, 2.0 * grain), spacing, at)
    lobules = texture.field(scanned, "fat", size, (0.15, 4.0), spacing, at)
    return (
        texture.above(perimysium, scanned.number("muscle.septa")),
        texture.above(lobules, scanned.number("fat.septa")),
    )


def _neighbour(
    canvas: Canvas,
    one: Neighbour,
    shape: NerveShape,
    site: Site,
    belly: Bools,
    states: dict[str, muscles.MuscleState],
) -> None:
    # what lies under the fascia moves with all of the fat, what lies in it with a part
    within = min(one.depth_mm / (site.fat_mm + 1.0), 1.0)
    centre = one.depth_mm + shape.fat_mm * within
    reach_down, reach_across = one.half_depth_mm, one.half_width_mm
    rows = _between(canvas.down[:, 0], centre, reach_down + _FASCIA_mm)
    columns = _between(canvas.across[0], one.across_mm, reach_across + _FASCIA_mm)
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return
    y = (canvas.down[rows] - centre) / np.float32(reach_down)
    x = (canvas.across[:, columns] - one.across_mm) / np.float32(reach_across)
    power = _BELLY if one.tissue == Tissue.MUSCLE else 2.0
    far = np.abs(x) ** power + np.abs(y) ** power
    inside = far < 1.0
    here = canvas.tissue[rows, columns]
    if one.tissue in (Tissue.MUSCLE, Tissue.TENDON, Tissue.FASCICLE):
        thick = _FASCIA_mm / min(reach_down, reach_across)
        here[far < (1.0 + thick) ** power] = (
            Tissue.EPINEURIUM if one.tissue == Tissue.FASCICLE else Tissue.FASCIA
        )
    here[inside] = one.tissue
    belly[rows, columns][far < 1.2] = False
    belly[rows, columns][inside] = one.tissue == Tissue.MUSCLE
    canvas.water[rows, columns][inside] = 0.0
    canvas.fat[rows, columns][inside] = 0.0
    canvas.axons[rows, columns][inside] = one.tissue == Tissue.FASCICLE
    state = states.get(one.name)
    if one.tissue == Tissue.MUSCLE and state is not None:
        canvas.water[rows, columns][inside] = state.water
        canvas.fat[rows, columns][inside] = state.fat


def _between(places: Grid, centre: float, reach: float) -> slice:
    first, last = np.searchsorted(places, [centre - reach, centre + reach])
    return slice(int(first), int(last))
