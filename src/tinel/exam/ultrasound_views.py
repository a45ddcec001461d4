"""Views of an injury by ultrasound that nobody measures: along the nerve, a slide, a needle.

They are made for who looks at them, from the limb of a visit, and cost an examination nothing.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tinel.exam.limb import Limb
from tinel.exam.pictures import Slide, TakenPicture
from tinel.exam.scanning import INJURED, Place, places, scanned, spread_mm
from tinel.exam.ultrasound_pictures import BELOW_mm, frequency_MHz
from tinel.imaging.anatomy.needle import Needle
from tinel.imaging.anatomy.section import cross_section, long_section
from tinel.imaging.anatomy.shape import NerveShape, shape_at
from tinel.imaging.plane import Plane, Tissue
from tinel.imaging.ultrasound.b_mode import b_mode, clip
from tinel.imaging.ultrasound.echo import NERVE
from tinel.imaging.ultrasound.handling import usual_handling
from tinel.imaging.ultrasound.probe import linear_probe

# widths of pictures, and how many a slide has that is looked at
LONG_mm, GUIDED_mm, SLID_mm, FRAMES = 38.0, 36.0, 18.0, 13
# a slide's pictures are smaller and coarser than measured ones, as there are many
SLID_BELOW_mm, SLID_SPACING_mm = 6.0, 0.06


def along(limb: Limb) -> TakenPicture | None:
    """The first twin's nerve cut along its length at its injury, the spinal cord on the left.

    Args:
        limb: of a visit.

    Returns:
        None of a limb without an injury.
    """
    place = injury(limb)
    if place is None:
        return None
    one, p = scanned(limb, 0), limb.parameters
    shape = shape_at(one, place.position_mm, place.branch)
    plane = long_section(
        one,
        place.position_mm,
        branch=place.branch,
        width_mm=LONG_mm,
        depth_mm=shape.depth_mm + BELOW_mm,
    )
    rng = one.stream(f"ultrasound along {place.name} {one.state.day!r}")
    probe = linear_probe(frequency_MHz(shape.depth_mm, p), p)
    picture = b_mode(plane, probe, rng, p, handling=usual_handling(rng, p))
    return TakenPicture(place.name, place.position_mm, picture, says=long_words(plane))


def slide(limb: Limb, frames: int = FRAMES) -> Slide | None:
    """Pictures across the first twin's nerve as the probe slides through its injury.

    Args:
        limb: of a visit.
        frames: how many at most, 1 or more.

    Returns:
        None of a limb without an injury.
    """
    place = injury(limb)
    if place is None:
        return None
    one, p = scanned(limb, 0), limb.parameters
    at = spread_mm(one, place, frames)
    deepest = max(shape_at(one, mm, place.branch).depth_mm for mm in at)
    deep_mm = deepest + SLID_BELOW_mm
    planes = [
        cross_section(
            one,
            mm,
            branch=place.branch,
            width_mm=SLID_mm,
            depth_mm=deep_mm,
            spacing_mm=SLID_SPACING_mm,
        )
        for mm in at
    ]
    rng = one.stream(f"ultrasound slide {place.name} {one.state.day!r}")
    probe = linear_probe(frequency_MHz(deepest, p), p)
    pictures = tuple(clip(planes, probe, rng, p, handling=usual_handling(rng, p)))
    return Slide(place.name, tuple(mm - place.position_mm for mm in at), pictures)


def guided(limb: Limb) -> TakenPicture | None:
    """The needle beside the first twin's nerve on a day on which fluid was injected there.

    Args:
        limb: of a visit.

    Returns:
        None on other days, and of a limb without an injury.
    """
    place, done = injury(limb), injected_mL(limb)
    if place is None or done <= 0.0:
        return None
    one, p = scanned(limb, 0), limb.parameters
    shape = shape_at(one, place.position_mm, place.branch)
    needle = needle_beside(shape, p.scalar("pictures.needle_deg"))
    plane = cross_section(
        one,
        place.position_mm,
        branch=place.branch,
        width_mm=GUIDED_mm,
        depth_mm=shape.depth_mm + BELOW_mm,
        needle=needle,
    )
    rng = one.stream(f"ultrasound guidance {place.name} {one.state.day!r}")
    probe = linear_probe(frequency_MHz(shape.depth_mm, p), p)
    # who guides a needle holds the probe still and straight
    picture = replace(b_mode(plane, probe, rng, p), shows="B-mode with needle")
    says = (
        f"The needle comes from the left at {needle.angle_deg:g} degrees to the skin; its tip lies "
        f"beside the nerve, in {done:g} mL of fluid, which is black round the nerve."
    )
    return TakenPicture(place.name, place.position_mm, picture, says=says)


def injury(limb: Limb) -> Place | None:
    """The injured place of the first twin; None on the healthy side, or where nothing is hurt."""
    if limb.beside is not None or not limb.lesion.present.any():
        return None
    first = places(limb, 0)[0]
    return first if first.name == INJURED else None


def injected_mL(limb: Limb) -> float:
    """Fluid that was injected round the nerve on the day of a limb's state, mL."""
    day = limb.state.day
    return sum(done.fluid_mL for done in limb.interventions if 0.0 <= day - done.day < 1.0)


def needle_beside(shape: NerveShape, angle_deg: float) -> Needle:
    """A needle in the plane whose tip lies in the fluid on the left of a nerve.

    Args:
        shape: of the nerve, with its fluid.
        angle_deg: between needle and skin, 0 to 90 degrees.
    """
    fluid_mm, _ = shape.jacket_mm
    return Needle((shape.depth_mm, -(shape.width_mm / 2 + fluid_mm / 2)), angle_deg)


def long_words(plane: Plane) -> str:
    """What was drawn in a plane along a nerve, in a sentence.

    Args:
        plane: along the nerve.

    Example:
        >>> tissue = np.full((20, 10), Tissue.MUSCLE, np.uint8)
        >>> tissue[5:9, :4] = tissue[5:9, 7:] = Tissue.FASCICLE
        >>> grey = np.zeros((20, 10), np.float32)
        >>> long_words(Plane(tissue, 1.0, "long", 0.0, grey, grey, grey))[-68:]
        'drawn in it: a nerve 4.0 to 4.0 mm thick, cut, with a gap of 3.0 mm.'
    """
    across_mm = plane.tissue.shape[1] * plane.spacing_mm
    thick = np.isin(plane.tissue, NERVE).sum(axis=0)
    there = np.flatnonzero(thick)
    where = f"Along the nerve over {across_mm:.0f} mm, the spinal cord to the left"
    if not there.size:
        return f"{where}; no nerve is drawn in it."
    held = thick[there] * plane.spacing_mm
    # the ends of the plane are no ends of a nerve
    missing = (there[-1] - there[0] + 1 - there.size) * plane.spacing_mm
    parts = [f"a nerve {held.min():.1f} to {held.max():.1f} mm thick"]
    if missing > 0:
        parts.append(f"cut, with a gap of {missing:.1f} mm")
    seen = {
        "a neuroma": Tissue.NEUROMA,
        "scar": Tissue.SCAR,
        "threads of a suture": Tissue.SUTURE,
        "fluid": Tissue.FLUID,
    }
    parts += [name for name, what in seen.items() if (plane.tissue == what).any()]
    return f"{where}; drawn in it: {', '.join(parts)}."
