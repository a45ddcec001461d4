"""The nerve in a cross-section: outline, fascicles, and what lies directly round it."""

from __future__ import annotations

from math import pi, sqrt

import numpy as np

from tinel.imaging.anatomy import texture
from tinel.imaging.anatomy.layers import Canvas
from tinel.imaging.anatomy.scanned import Scanned
from tinel.imaging.anatomy.shape import FascicleShape, NerveShape
from tinel.imaging.plane import Grid, Labels, Tissue
from tinel.lesion.state import Bools, Floats

CORE = 0.9  # radius of the innermost layer of the epineurium over that of the nerve


def draw_nerve(canvas: Canvas, scanned: Scanned, shape: NerveShape) -> None:
    """Draw a nerve and its jacket over what lies round it.

    Args:
        canvas: with the neighbours; it is changed.
        scanned: whose nerve.
        shape: of the nerve at the place.
    """
    outer_mm2 = shape.area_mm2 + shape.gap_mm2
    if outer_mm2 <= 0.0:
        return
    tall = sqrt(outer_mm2 / pi / shape.width_to_height)
    wide = tall * shape.width_to_height
    grow = shape.jacket_mm
    reach = 1.25 * grow[0] + 2.0 * shape.scar_mm + 0.5
    rows = _near(canvas.down[:, 0], shape.depth_mm, tall * 1.25 + reach)
    columns = _near(canvas.across[0], 0.0, wide * 1.25 + reach)
    y = canvas.down[rows] - np.float32(shape.depth_mm)
    x = canvas.across[:, columns] + np.zeros_like(y)
    y = y + np.zeros_like(x)
    angle = np.arctan2(y / np.float32(tall), x / np.float32(wide))
    outline = texture.waves(scanned.stream("outline"), scanned.number("nerve.irregular"))
    round_it = texture.radius_round(angle, outline)

    def far(more_mm: float) -> Grid:
        return np.asarray(np.hypot(x / (wide + more_mm), y / (tall + more_mm)) / round_it)

    tissue, water = canvas.tissue[rows, columns], canvas.water[rows, columns]
    fat, axons = canvas.fat[rows, columns], canvas.axons[rows, columns]
    nerve_far = far(0.0)
    soft = ~np.isin(tissue, (Tissue.BONE, Tissue.SKIN, Tissue.OUTSIDE))
    # thinner scar than half a pixel would be drawn thicker than it is
    if shape.scar_mm > 0.5 * canvas.spacing_mm:
        ragged = texture.waves(scanned.stream("scar"), 3.0 * scanned.number("scar.irregular"))
        thick = shape.scar_mm * np.maximum(texture.radius_round(angle, ragged), 0.0)
        beyond = far(grow[0])
        scar = np.hypot(x, y) * (1.0 - 1.0 / np.maximum(beyond, 1e-3)) < thick
        _set(tissue, water, fat, scar & soft, Tissue.SCAR, 0.0)
    if shape.fluid_mm2 > 0.0:
        _set(tissue, water, fat, (far(grow[0]) < 1.0) & soft, Tissue.FLUID, 1.0)
    inside = nerve_far < 1.0
    axons[inside] = 0.0
    if shape.gap:
        clot = texture.field(
            scanned, "gap", tissue.shape, (0.5, 0.8), canvas.spacing_mm, shape.position_mm
        )
        filled = texture.above(clot, min(max(shape.gap_scar, 0.001), 0.999))
        _set(tissue, water, fat, inside & ~filled, Tissue.FLUID, 1.0)
        _set(tissue, water, fat, inside & filled, Tissue.SCAR, 0.0)
        return
    _set(tissue, water, fat, inside, Tissue.EPINEURIUM, shape.water)
    core = nerve_far < CORE
    if shape.neuroma > 0.8:
        _set(tissue, water, fat, core, Tissue.NEUROMA, mean_water(shape))
    else:
        for one in shape.fascicles:
            _fascicle(canvas, scanned, shape, one, (wide, tall), (rows, columns))
    if shape.suture:
        _stitches(canvas, scanned, shape, (wide, tall))


def _set(tissue: Labels, water: Grid, fat: Grid, where: Bools, what: Tissue, wet: float) -> None:
    tissue[where] = what
    water[where] = wet
    fat[where] = 0.0


def mean_water(shape: NerveShape) -> float:
    """Water of a nerve's fascicles on average, 0 to 1."""
    if not shape.fascicles:
        return 0.0
    return float(np.mean([f.water for f in shape.fascicles]))


def _near(places: Grid, centre: float, reach: float) -> slice:
    first, last = np.searchsorted(places, [centre - reach, centre + reach])
    return slice(int(first), int(last))


def turned(scanned: Scanned, shape: NerveShape, one: FascicleShape) -> tuple[float, float]:
    """Centre of a fascicle in the round nerve at this place, as fascicles turn along a nerve."""
    turn = scanned.number("fascicle.turn_per_mm") * shape.position_mm
    cos, sin = np.cos(turn), np.sin(turn)
    return float(cos * one.x_mm - sin * one.y_mm), float(sin * one.x_mm + cos * one.y_mm)


def _fascicle(
    canvas: Canvas,
    scanned: Scanned,
    shape: NerveShape,
    one: FascicleShape,
    half: tuple[float, float],
    window: tuple[slice, slice],
) -> None:
    outer = sqrt(shape.area_mm2 / pi)
    wider, taller = half[0] / outer, half[1] / outer
    x0, y0 = turned(scanned, shape, one)
    cx, cy = x0 * wider, shape.depth_mm + y0 * taller
    a, b = one.radius_mm * wider, one.radius_mm * taller
    rows = _near(canvas.down[:, 0], cy, 1.25 * b)
    columns = _near(canvas.across[0], cx, 1.25 * a)
    y = (canvas.down[rows] - np.float32(cy)) / np.float32(b)
    x = (canvas.across[:, columns] - np.float32(cx)) / np.float32(a)
    y, x = np.broadcast_arrays(y, x)
    amplitudes = _outline(scanned, one.index)
    far = np.hypot(x, y) / texture.radius_round(np.arctan2(y, x), amplitudes)
    tissue = canvas.tissue[rows, columns]
    inside = (far < 1.0) & (tissue == Tissue.EPINEURIUM)
    what = what_it_is(shape, one)
    tissue[inside] = what
    canvas.water[rows, columns][inside] = 1.0 if what == Tissue.FLUID else one.water
    canvas.axons[rows, columns][inside] = one.axons if what == Tissue.FASCICLE else 0.0


def what_it_is(shape: NerveShape, one: FascicleShape) -> Tissue:
    """Tissue of a fascicle at a place: its own, a neuroma, or what fills the gap in it."""
    if one.parted:
        return Tissue.SCAR if shape.gap_scar > 0.5 else Tissue.FLUID
    return Tissue.NEUROMA if one.neuroma else Tissue.FASCICLE


def _outline(scanned: Scanned, index: int) -> Floats:
    rng = scanned.stream(f"fascicle.{index}")
    return texture.waves(rng, scanned.number("fascicle.irregular"))


def _stitches(
    canvas: Canvas, scanned: Scanned, shape: NerveShape, half: tuple[float, float]
) -> None:
    n, size = round(scanned.number("suture.stitches")), scanned.number("suture.stitch_mm")
    for k in range(n):
        turn = 2.0 * pi * k / max(n, 1)
        x0, y0 = CORE * half[0] * np.cos(turn), shape.depth_mm + CORE * half[1] * np.sin(turn)
        rows = _near(canvas.down[:, 0], y0, size)
        columns = _near(canvas.across[0], x0, size)
        dot = np.hypot(canvas.down[rows] - y0, canvas.across[:, columns] - x0) < 0.5 * size
        canvas.tissue[rows, columns][dot] = Tissue.SUTURE
        canvas.water[rows, columns][dot] = 0.0
        canvas.axons[rows, columns][dot] = 0.0
