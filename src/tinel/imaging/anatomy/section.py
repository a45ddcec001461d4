"""Planes through a limb: across the nerve, and along it."""

from __future__ import annotations

import numpy as np

from tinel.errors import TinelError
from tinel.imaging.anatomy.draw_long import draw_long
from tinel.imaging.anatomy.draw_nerve import draw_nerve
from tinel.imaging.anatomy.layers import Canvas, draw_limb, draw_round
from tinel.imaging.anatomy.needle import Needle
from tinel.imaging.anatomy.scanned import Scanned
from tinel.imaging.anatomy.shape import NerveShape, shape_at
from tinel.imaging.plane import Plane, Tissue, View

USUAL_DEPTH_mm = 25.0


def cross_section(
    scanned: Scanned,
    position_mm: float,
    *,
    width_mm: float = 30.0,
    depth_mm: float | None = None,
    spacing_mm: float = 0.05,
    needle: Needle | None = None,
    branch: str = "",
) -> Plane:
    """The limb cut across a nerve, with the nerve in the middle of the plane.

    Args:
        scanned: whose limb.
        position_mm: way from the cord.
        width_mm: of the plane, 1 to 300 mm.
        depth_mm: of the plane, 1 to 300 mm; None for 25 mm, or more where the nerve lies deep.
        spacing_mm: side of a pixel, 0.02 to 2 mm.
        needle: one that lies in the plane.
        branch: as in ``shape_at``.

    Raises:
        TinelError: a place off the nerve, or a size outside its range.

    Example:
        >>> from tinel import nerve
        >>> from tinel.twins import Patient, Twins
        >>> one = Twins(Patient(age=40, sex="female", height_cm=170))
        >>> arm = Scanned.healthy(nerve.build("median", side="left", twins=one))
        >>> plane = cross_section(arm, 717.0, spacing_mm=0.1)
        >>> plane.tissue.shape, bool((plane.tissue == Tissue.FASCICLE).any())
        ((250, 300), True)
    """
    shape = shape_at(scanned, position_mm, branch)
    canvas = _canvas(width_mm, _depth(depth_mm, shape), spacing_mm)
    draw_round(canvas, scanned, shape)
    draw_limb(canvas, scanned, shape)
    draw_nerve(canvas, scanned, shape)
    return _finished(canvas, "cross", position_mm, scanned, needle)


def long_section(
    scanned: Scanned,
    position_mm: float,
    *,
    width_mm: float = 30.0,
    depth_mm: float | None = None,
    spacing_mm: float = 0.05,
    needle: Needle | None = None,
    branch: str = "",
) -> Plane:
    """The limb cut along a nerve; the spinal cord lies to the left.

    Arguments and errors are those of ``cross_section``; ``position_mm`` is the middle.

    Example:
        >>> from tinel import nerve
        >>> from tinel.twins import Patient, Twins
        >>> one = Twins(Patient(age=40, sex="female", height_cm=170))
        >>> arm = Scanned.healthy(nerve.build("median", side="left", twins=one))
        >>> long_section(arm, 600.0, spacing_mm=0.1).view
        'long'
    """
    shape = shape_at(scanned, position_mm, branch)
    canvas = _canvas(width_mm, _depth(depth_mm, shape), spacing_mm)
    draw_long(canvas, scanned, shape)
    return _finished(canvas, "long", position_mm, scanned, needle)


def _depth(given_mm: float | None, shape: NerveShape) -> float:
    if given_mm is not None:
        return given_mm
    deepest = shape.depth_mm + 0.5 * shape.height_mm + 8.0
    return max(USUAL_DEPTH_mm, 5.0 * float(np.ceil(deepest / 5.0)))


def _canvas(width_mm: float, depth_mm: float, spacing_mm: float) -> Canvas:
    for name, value, least, most in (
        ("width_mm", width_mm, 1.0, 300.0),
        ("depth_mm", depth_mm, 1.0, 300.0),
        ("spacing_mm", spacing_mm, 0.02, 2.0),
    ):
        if not least <= value <= most:
            told = f"{value:g} mm is out of range (allowed: {least:g} to {most:g} mm)"
            raise TinelError(told, name)
    return Canvas.empty(width_mm, depth_mm, spacing_mm)


def _finished(
    canvas: Canvas, view: View, position_mm: float, scanned: Scanned, needle: Needle | None
) -> Plane:
    if needle is not None:
        _shaft(canvas, needle, scanned.number(f"needle.diameter_{needle.gauge}G"))
    return Plane(
        tissue=canvas.tissue,
        spacing_mm=canvas.spacing_mm,
        view=view,
        position_mm=position_mm,
        water=canvas.water,
        fat=canvas.fat,
        axons=canvas.axons,
    )


def _shaft(canvas: Canvas, needle: Needle, diameter_mm: float) -> None:
    down, right = needle.along
    y = canvas.down - np.float32(needle.tip_mm[0])
    x = canvas.across - np.float32(needle.tip_mm[1])
    along = y * down + x * right
    across = np.abs(x * down - y * right)
    # at least a pixel, so that it is not lost where it is thinner
    half = max(0.5 * diameter_mm, 0.5 * canvas.spacing_mm)
    # the bevel
    shaft = (across <= half) & (along <= -np.maximum(x * down - y * right + half, 0.0))
    canvas.tissue[shaft] = Tissue.NEEDLE
    for values in (canvas.water, canvas.fat, canvas.axons):
        values[shaft] = 0.0
