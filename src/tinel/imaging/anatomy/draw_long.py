"""A limb cut along its nerve: layers that run with it, the nerve, its fascicles as bands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import pi, sqrt, tan

import numpy as np

from tinel.imaging.anatomy import texture
from tinel.imaging.anatomy.draw_nerve import CORE, mean_water, turned, what_it_is
from tinel.imaging.anatomy.layers import FINE_MM, Canvas, draw_round
from tinel.imaging.anatomy.scanned import Scanned
from tinel.imaging.anatomy.shape import NerveShape, Today, shape_on
from tinel.imaging.plane import Grid, Labels, Tissue
from tinel.lesion.state import Bools, Floats

_STATION_mm = 1.0


def draw_long(canvas: Canvas, scanned: Scanned, middle: NerveShape) -> None:
    """Draw a limb along its nerve.

    Args:
        canvas: empty; it is filled.
        scanned: whose limb.
        middle: the nerve in the middle column.
    """
    shapes, place = _stations(canvas, scanned, middle)
    depth = _along(canvas, place, [s.depth_mm for s in shapes])
    _layers(canvas, scanned, middle, depth)
    _nerve(canvas, scanned, shapes, place, depth)


def _stations(
    canvas: Canvas, scanned: Scanned, middle: NerveShape
) -> tuple[list[NerveShape], Floats]:
    """Shapes at places along the plane, and where they lie across it, mm from the middle."""
    today, branch = Today.of(scanned), scanned.nerve.branch(middle.branch)
    half = 0.5 * float(canvas.across.size * canvas.spacing_mm)
    places = np.arange(-np.ceil(half), np.ceil(half) + 1.0, _STATION_mm)
    shapes = []
    for place in places:
        # beyond the end of a branch the plane goes on as it was
        at = float(np.clip(middle.position_mm + place, branch.start_mm, branch.end_mm))
        shapes.append(shape_on(today, at, middle.branch))
    return shapes, places


def _along(canvas: Canvas, places: Floats, values: list[float]) -> Grid:
    return np.asarray(np.interp(canvas.across[0], places, values), np.float32)


def _layers(canvas: Canvas, scanned: Scanned, middle: NerveShape, depth: Grid) -> None:
    """The column through the nerve, drawn out along it; what is deep follows the nerve's depth."""
    rows, columns = canvas.tissue.shape
    spacing = canvas.spacing_mm
    thin = Canvas.empty(3 * spacing, rows * spacing, spacing)
    draw_round(thin, scanned, middle, streaks=False)
    # what lies at the nerve's depth and below moves with it, the skin does not
    skin = scanned.number("skin_mm")
    shift = (depth - np.float32(middle.depth_mm))[None, :]
    far = np.clip((canvas.down - skin) / (middle.depth_mm - skin), 0.0, 1.0)
    sway = texture.field(scanned, "layers", (1, columns), (spacing, 12.0), spacing, 0.0)
    from_mm = canvas.down - (shift - np.float32(0.15) * sway) * far
    row = np.clip((from_mm / spacing).astype(np.intp), 0, rows - 1)
    canvas.tissue[:] = thin.tissue[:, 1][row]
    canvas.water[:] = thin.water[:, 1][row]
    canvas.fat[:] = thin.fat[:, 1][row]
    if spacing > FINE_MM:
        return
    grain, streak = scanned.number("muscle.septum_mm"), scanned.number("muscle.streak_mm")
    at, shape = middle.position_mm, (rows, columns)
    perimysium = texture.field(scanned, "muscle.long", shape, (0.6 * grain, streak), spacing, at)
    slope = tan(np.deg2rad(scanned.number("muscle.pennation_deg")))
    shift = np.round(slope * np.arange(columns)).astype(np.intp)
    leaning = perimysium[
        (np.arange(rows)[:, None] + shift[None, :]) % rows, np.arange(columns)[None, :]
    ]
    lobules = texture.field(scanned, "fat.long", shape, (0.15, 5.0), spacing, at)
    muscle = canvas.tissue == Tissue.MUSCLE
    fat = canvas.tissue == Tissue.FAT
    canvas.tissue[muscle & texture.above(leaning, scanned.number("muscle.septa"))] = Tissue.FASCIA
    canvas.tissue[fat & texture.above(lobules, scanned.number("fat.septa"))] = Tissue.FASCIA


def _nerve(
    canvas: Canvas, scanned: Scanned, shapes: list[NerveShape], places: Floats, depth: Grid
) -> None:
    def along(values: list[float]) -> Grid:
        return _along(canvas, places, values)

    height = along([_half_mm(s) for s in shapes])
    jackets = [s.jacket_mm for s in shapes]
    fluid, jacket = along([j[0] for j in jackets]), along([j[1] for j in jackets])
    near = np.abs(canvas.down[:, 0] - float(np.median(depth))) < float(
        (height + jacket).max() + np.ptp(depth) + 0.5
    )
    rows = slice(int(near.argmax()), int(near.size - near[::-1].argmax()))
    y = canvas.down[rows] - depth[None, :]
    strip = _Strip(canvas.tissue[rows], canvas.water[rows], canvas.fat[rows], canvas.axons[rows])
    tissue, fill = strip.tissue, strip.fill
    nearest = np.abs(canvas.across[0][:, None] - places[None, :]).argmin(axis=1)

    def column(values: list[float]) -> Grid:
        return np.asarray(np.array(values, np.float32)[nearest])

    away, soft = np.abs(y), ~np.isin(tissue, (Tissue.BONE, Tissue.SKIN))
    ragged = texture.field(
        scanned, "scar.long", (1, depth.size), (canvas.spacing_mm, 3.0), canvas.spacing_mm, 0.0
    )
    scar = (jacket - fluid) * np.maximum(1.0 + scanned.number("scar.irregular") * ragged, 0.0)
    fill((away < height + fluid + scar) & (scar > 0.5 * canvas.spacing_mm) & soft, Tissue.SCAR, 0.0)
    fill((away < height + fluid) & (fluid > 0.0) & soft, Tissue.FLUID, 1.0)
    inside = away < height
    gap = column([float(s.gap) for s in shapes]) > 0.5
    fill(inside & ~gap, Tissue.EPINEURIUM, along([s.water for s in shapes]))
    core = away < CORE * height
    disorder = column([s.neuroma for s in shapes]) > 0.8
    fill(core & disorder & ~gap, Tissue.NEUROMA, along([mean_water(s) for s in shapes]))
    _fascicles(strip, scanned, shapes, along, column, y, inside & ~gap & ~disorder)
    if gap.any():
        blood = texture.field(scanned, "gap", tissue.shape, (0.5, 0.8), canvas.spacing_mm, 0.0)
        scarred = min(max(max(s.gap_scar for s in shapes), 0.001), 0.999)
        filled = texture.above(blood, scarred)
        fill(inside & gap & ~filled, Tissue.FLUID, 1.0)
        fill(inside & gap & filled, Tissue.SCAR, 0.0)
    _threads(canvas, scanned, shapes, places, depth, height)


def _half_mm(shape: NerveShape) -> float:
    return sqrt((shape.area_mm2 + shape.gap_mm2) / pi / shape.width_to_height)


@dataclass(frozen=True)
class _Strip:
    """The rows of a plane in which the nerve lies; views of its arrays."""

    tissue: Labels
    water: Grid
    fat: Grid
    axons: Grid

    def fill(self, where: Bools, what: Tissue, wet: Grid | float) -> None:
        self.tissue[where] = what
        self.water[where] = np.broadcast_to(np.asarray(wet, np.float32), where.shape)[where]
        self.fat[where] = 0.0
        self.axons[where] = 0.0


def _fascicles(
    strip: _Strip,
    scanned: Scanned,
    shapes: list[NerveShape],
    along: Callable[[list[float]], Grid],
    column: Callable[[list[float]], Grid],
    y: Grid,
    free: Bools,
) -> None:
    for index in sorted({f.index for s in shapes for f in s.fascicles}):
        rows = [_band(scanned, shape, index) for shape in shapes]
        middle, half, wet, stands, kind = ([r[k] for r in rows] for k in range(5))
        chord = along(half)
        if not (chord > 0.03).any():
            continue
        where = (np.abs(y - along(middle)) < chord) & free
        where &= strip.tissue == Tissue.EPINEURIUM
        at = np.nonzero(where)[1]
        what = column(kind).astype(np.uint8)[at]
        strip.tissue[where] = what
        strip.water[where] = np.where(what == Tissue.FLUID, 1.0, along(wet)[at])
        strip.axons[where] = np.where(what == Tissue.FASCICLE, along(stands)[at], 0.0)


def _band(scanned: Scanned, shape: NerveShape, index: int) -> tuple[float, ...]:
    """Middle and half thickness of a fascicle in the plane, its water, its axons, its tissue."""
    one = next((f for f in shape.fascicles if f.index == index), None)
    if one is None:
        return 0.0, 0.0, 0.0, 0.0, float(Tissue.FASCICLE)
    x0, y0 = turned(scanned, shape, one)
    taller = 1.0 / sqrt(shape.width_to_height)
    chord = sqrt(max(one.radius_mm**2 - x0**2, 0.0))
    return y0 * taller, chord * taller, one.water, one.axons, float(what_it_is(shape, one))


def _threads(
    canvas: Canvas,
    scanned: Scanned,
    shapes: list[NerveShape],
    places: Floats,
    depth: Grid,
    height: Grid,
) -> None:
    size = scanned.number("suture.stitch_mm")
    sewn = [float(p) for p, s in zip(places, shapes, strict=True) if s.suture]
    # one line of threads for each stretch of neighbouring places
    groups = np.split(np.array(sewn), np.flatnonzero(np.diff(sewn) > 1.5 * _STATION_mm) + 1)
    for group in groups:
        if group.size == 0:
            continue
        x0 = float(group.mean())
        column = int(np.abs(canvas.across[0] - x0).argmin())
        for side in (-CORE, CORE):
            y0 = float(depth[column] + side * height[column])
            dot = np.hypot(canvas.down - y0, canvas.across - x0) < 0.5 * size
            canvas.tissue[dot] = Tissue.SUTURE
            canvas.water[dot] = 0.0
            canvas.axons[dot] = 0.0
