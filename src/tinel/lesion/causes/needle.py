"""A needle in the nerve: it severs few of the fibres in its way and pushes the others aside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from tinel.declare import Field
from tinel.declare.kinds import takes_only_its_kinds
from tinel.lesion.cause import Cause
from tinel.lesion.one_side import SIDE, nearness_mm, side_rad
from tinel.lesion.part import fibres_of
from tinel.lesion.place import Place, per_twin, whole
from tinel.lesion.state import Bools, Floats, Lesion
from tinel.nerve.anatomy import Nerve

TRACK_mm = 3.0
DIAMETER = Field("needle_mm", "outer diameter of the needle", "prior", "mm", 0.1, 5.0, default=0.8)
DEPTH = Field(
    "depth_percent", "how far it went through the nerve", "prior", "%", 0, 100, default=50.0
)
INSIDE, OUTSIDE = "inside the fascicle", "outside the fascicle"
WHERE = Field(
    "tip", "where its tip lay", "choice", default=INSIDE, choices=(INSIDE, OUTSIDE)
)  # fmt: skip


@takes_only_its_kinds
def make(
    nerve: Nerve,
    branch: str,
    *,
    site_mm: ArrayLike,
    length_mm: ArrayLike = TRACK_mm,
    needle_mm: ArrayLike = 0.8,
    depth_percent: ArrayLike = 50.0,
    inside: bool = True,
    from_degrees: ArrayLike | None = None,
    among: Bools | None = None,
) -> Lesion:
    """A needle that went into the nerve from one side, across its length.

    Args:
        nerve, branch, site_mm, length_mm: as in ``place.whole``.
        needle_mm: outer diameter, 0.1 to 5 mm.
        depth_percent: how far through the nerve, 0 to 100 % of its diameter.
        inside: whether it entered a fascicle; between fascicles it severs nothing.
        from_degrees: side it came from, as in ``laceration.make``.
        among: fibres that may be hit, ``(n_fibre,)``; all of them where None.

    Returns:
        A lesion in which some axons on the track are severed with their tubes (Sunderland 3).

    Raises:
        TinelError: a number outside its range, or as ``place.whole``.

    Source:
        ``lesion.needle.severed``; an assumption.

    Example:
        >>> from tinel import nerve
        >>> from tinel.twins import Patient, Twins
        >>> few = Twins(Patient(age=40, sex="female", height_cm=170), range(2))
        >>> arm = nerve.build("ulnar", side="left", twins=few)
        >>> stuck = make(arm, "ulnar trunk", site_mm=400.0)
        >>> bool(0.0 < np.isfinite(stuck.cut_d).mean() < 0.3)
        True
    """
    healthy = whole("needle", nerve, branch, site_mm, length_mm)
    if not inside:
        return healthy
    n = nerve.n_twin
    wide = per_twin("needle_mm", needle_mm, n, DIAMETER.least, DIAMETER.most, "mm")
    deep = per_twin("depth_percent", depth_percent, n, 0.0, 100.0, "%")
    track = on_track(nerve, wide, deep, side_rad(nerve, from_degrees)) & healthy.present
    if among is not None:
        track = track & among
    draw = nerve.twins.uniform("lesion.needle.severed", healthy.present.size)
    cut = track & (draw < nerve.twins.parameters["lesion.needle.severed"])
    return replace(
        healthy,
        cut_d=np.where(cut, 0.0, np.inf),
        sunderland_grade=np.where(cut, 3, 0),
    )


def on_track(nerve: Nerve, needle_mm: Floats, depth_percent: Floats, side: Floats) -> Bools:
    """Fibres in the way of a needle towards the centre of the nerve, ``(n_twin, n_fibre)``.

    Args:
        nerve: whose fibres have their places.
        needle_mm, depth_percent: diameter and depth, ``(n_twin,)``.
        side: the needle comes from, ``(n_twin,)`` in radians.
    """
    along, across = nearness_mm(nerve, side), nearness_mm(nerve, side + np.pi / 2.0)
    passed = along > tip_mm(nerve, depth_percent)[:, None]
    hit: Bools = (np.abs(across) < needle_mm[:, None] / 2.0) & passed
    return hit


def tip_mm(nerve: Nerve, depth_percent: Floats) -> Floats:
    """How far from the centre a tip lies, towards the side it came from, ``(n_twin,)``.

    Args:
        nerve: whose cross-section is taken for a circle.
        depth_percent: how far through it, 0 to 100 % of its diameter, ``(n_twin,)``.
    """
    radius = np.sqrt(nerve.area_mm2 / np.pi)
    tip: Floats = radius * (1.0 - 2.0 * depth_percent / 100.0)
    return tip


def _injure(place: Place, values: Mapping[str, Any], nerve: Nerve) -> Lesion:
    return make(
        nerve,
        place.branch,
        site_mm=place.site_mm,
        length_mm=place.length_mm,
        needle_mm=values["needle_mm"],
        depth_percent=values["depth_percent"],
        inside=values["tip"] == INSIDE,
        from_degrees=values["from_degrees"],
        among=fibres_of(nerve, place.part),
    )


NEEDLE = Cause(
    name="needle",
    text="A needle that went into the nerve.",
    phrase="a needle in the nerve",
    source="geometry of the track; lesion.needle.severed, an assumption",
    fields=(DIAMETER, DEPTH, WHERE, SIDE),
    other_names=("needle stick", "puncture"),
    injure=_injure,
    length_mm=TRACK_mm,
)
