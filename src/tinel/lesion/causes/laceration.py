"""A cut: a blade severs the nerve from one side, in part or altogether."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from tinel.declare import Field
from tinel.declare.kinds import takes_only_its_kinds
from tinel.lesion.cause import Cause
from tinel.lesion.one_side import SIDE, nearest, side_rad
from tinel.lesion.part import fibres_of
from tinel.lesion.place import Place, per_twin, whole
from tinel.lesion.state import Bools, Ints, Lesion
from tinel.nerve.anatomy import Nerve

SEVERED = Field(
    "severed_percent",
    "percentage of the cross-section, or of the part named, that is cut through",
    "prior",
    "%",
    0,
    100,
    needed=True,
)
BLADE_mm = 2.0  # a blade crushes about a millimetre either way


@takes_only_its_kinds
def make(
    nerve: Nerve,
    branch: str,
    *,
    site_mm: ArrayLike,
    length_mm: ArrayLike = BLADE_mm,
    fraction: ArrayLike,
    from_degrees: ArrayLike | None = None,
    among: Bools | None = None,
) -> Lesion:
    """A part of the cross-section severed from one side.

    All of it divides the trunk (Sunderland 5). Less leaves it in continuity: axons in fascicles
    that are severed altogether have lost their perineurium (4), those in fascicles severed in
    part their endoneurium only (3).

    Args:
        nerve, branch, site_mm, length_mm: as in ``place.whole``.
        fraction: fraction of the fibres severed, 0 to 1.
        from_degrees: side the blade comes from, 0 to 360 in the plane of the cross-section;
            drawn at random for each twin when left out.
        among: fibres of which that fraction is severed, ``(n_fibre,)``; all of them where None.

    Returns:
        A lesion with the severed axons broken on day 0.

    Raises:
        TinelError: a number outside its range, or as ``place.whole``.

    Example:
        >>> from tinel import lesion, nerve
        >>> from tinel.twins import Patient, Twins
        >>> few = Twins(Patient(age=40, sex="female", height_cm=170), range(2))
        >>> arm = nerve.build("ulnar", side="left", twins=few)
        >>> cut = lesion.laceration.make(arm, "ulnar trunk", site_mm=400.0, fraction=1.0)
        >>> set(cut.sunderland_grade[:, cut.present].ravel().tolist())
        {5}
    """
    healthy = whole("laceration", nerve, branch, site_mm, length_mm)
    fraction = per_twin("fraction", fraction, nerve.n_twin, 0.0, 1.0, "of the cross-section")
    here = healthy.present if among is None else healthy.present & among
    severed = nearest(nerve, here, fraction, side_rad(nerve, from_degrees))
    grade = _sunderland(nerve, healthy.present, severed)
    return replace(
        healthy,
        cut_d=np.where(severed, 0.0, np.inf),
        sunderland_grade=np.where(severed, grade, 0),
    )


def _sunderland(nerve: Nerve, present: Bools, severed: Bools) -> Ints:
    fascicle, n = nerve.fibres.fascicle, len(nerve.fascicles)
    all_here = np.bincount(fascicle[present], minlength=n)
    grade = np.full(severed.shape, 3, dtype=np.int_)
    for twin in range(len(severed)):
        gone = np.bincount(fascicle[severed[twin]], minlength=n)
        grade[twin, (gone == all_here)[fascicle]] = 4
    grade[severed[:, present].all(axis=1)] = 5
    return grade


def _injure(place: Place, values: Mapping[str, Any], nerve: Nerve) -> Lesion:
    return make(
        nerve,
        place.branch,
        site_mm=place.site_mm,
        length_mm=place.length_mm,
        fraction=values["severed_percent"] / 100,
        from_degrees=values["from_degrees"],
        among=fibres_of(nerve, place.part),
    )


LACERATION = Cause(
    name="laceration",
    text="A cut through part or all of the nerve.",
    phrase="a cut through the nerve",
    source="geometry: what lies nearest to the blade is severed first",
    fields=(SEVERED, SIDE),
    other_names=("division", "cut"),
    injure=_injure,
    length_mm=BLADE_mm,
)
