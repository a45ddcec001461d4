"""A plane across a muscle, for pictures of what its nerve has left it."""

from __future__ import annotations

import numpy as np

from tinel.errors import TinelError, suggest
from tinel.imaging.anatomy import texture
from tinel.imaging.anatomy.layers import FINE_MM, Canvas
from tinel.imaging.anatomy.scanned import Scanned
from tinel.imaging.plane import Plane, Tissue

_BONE = 0.6  # where the bone begins, as a fraction of the plane's depth


def muscle_section(
    scanned: Scanned,
    muscle: str,
    *,
    width_mm: float = 60.0,
    depth_mm: float = 50.0,
    spacing_mm: float = 0.25,
) -> Plane:
    """A muscle of the nerve cut across, between two that are healthy, over a bone.

    Sizes are those of no muscle in particular; what is right is the state of the one in the middle.

    Args:
        scanned: whose nerve.
        muscle: name of a motor target of the nerve.
        width_mm, depth_mm: of the plane, 20 to 300 mm.
        spacing_mm: side of a pixel, 0.02 to 2 mm.

    Raises:
        TinelError: no such muscle, or a size outside its range.

    Example:
        >>> from tinel import nerve
        >>> from tinel.twins import Patient, Twins
        >>> one = Twins(Patient(age=40, sex="female", height_cm=170))
        >>> arm = Scanned.healthy(nerve.build("ulnar", side="left", twins=one))
        >>> plane = muscle_section(arm, "first dorsal interosseous")
        >>> bool((plane.tissue == Tissue.MUSCLE).any()), float(plane.water.max())
        (True, 0.0)
    """
    states = {m.name: m for m in scanned.muscles}
    if muscle not in states:
        told = f"'{muscle}' is no muscle of the {scanned.nerve.name} nerve"
        raise TinelError(told, "muscle", suggest(muscle, list(states)))
    for name, value, least, most in (
        ("width_mm", width_mm, 20.0, 300.0),
        ("depth_mm", depth_mm, 20.0, 300.0),
        ("spacing_mm", spacing_mm, 0.02, 2.0),
    ):
        if not least <= value <= most:
            told = f"{value:g} mm is out of range (allowed: {least:g} to {most:g} mm)"
            raise TinelError(told, name)
    state, canvas = states[muscle], Canvas.empty(width_mm, depth_mm, spacing_mm)
    skin = scanned.number("skin_mm")
    fascia = skin + 0.1 * depth_mm
    tissue = canvas.tissue
    tissue[:] = Tissue.FAT
    tissue[canvas.down[:, 0] < skin] = Tissue.SKIN
    middle, half = 0.5 * (fascia + _BONE * depth_mm), 0.5 * (_BONE * depth_mm - fascia) - 0.5
    wide = 0.28 * width_mm
    for x0, own in ((-2.1 * wide, False), (2.1 * wide, False), (0.0, True)):
        far = (
            np.abs((canvas.across - x0) / wide) ** 2.6
            + np.abs((canvas.down - middle) / half) ** 2.6
        )
        left = state.bulk if own else 1.0
        inside = far < left**1.3
        tissue[far < 1.05 * left**1.3] = Tissue.FASCIA
        tissue[inside] = Tissue.MUSCLE
        if own:
            canvas.water[inside] = state.water
            canvas.fat[inside] = state.fat
    bone = np.hypot(
        canvas.across / (0.2 * width_mm), (canvas.down - 0.8 * depth_mm) / (0.18 * depth_mm)
    )
    tissue[bone < 1.0] = Tissue.BONE
    if spacing_mm <= FINE_MM:
        grain = scanned.number("muscle.septum_mm")
        streaks = texture.field(
            scanned, f"muscle.{muscle}", tissue.shape, (grain, 3.0 * grain), spacing_mm, 0.0
        )
        perimysium = texture.above(streaks, scanned.number("muscle.septa"))
        tissue[perimysium & (tissue == Tissue.MUSCLE)] = Tissue.FASCIA
    return Plane(tissue, spacing_mm, "cross", 0.0, canvas.water, canvas.fat, canvas.axons)
