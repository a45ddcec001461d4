"""A crush: the jaws of an instrument break the axons and leave their tubes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from tinel.declare import Field
from tinel.declare.kinds import takes_only_its_kinds
from tinel.errors import TinelError, suggest
from tinel.lesion.cause import Cause
from tinel.lesion.one_side import SIDE, nearest, side_rad
from tinel.lesion.part import fibres_of
from tinel.lesion.place import Place, per_twin, whole
from tinel.lesion.state import Bools, Lesion
from tinel.nerve.anatomy import Nerve

JAWS_mm = 4.0
INSTRUMENTS = ("smooth clamp", "toothed clamp")
INSTRUMENT = Field(
    "instrument", "what crushed it", "choice", default=INSTRUMENTS[0], choices=INSTRUMENTS
)
CRUSHED = Field(
    "crushed_percent", "percentage of the cross-section between the jaws", "prior", "%", 0, 100,
    default=100.0,
)  # fmt: skip


@takes_only_its_kinds
def make(
    nerve: Nerve,
    branch: str,
    *,
    site_mm: ArrayLike,
    length_mm: ArrayLike = JAWS_mm,
    fraction: ArrayLike = 1.0,
    instrument: str = INSTRUMENTS[0],
    from_degrees: ArrayLike | None = None,
    among: Bools | None = None,
) -> Lesion:
    """A part or all of the cross-section crushed for a moment.

    Args:
        nerve, branch, site_mm, length_mm: as in ``place.whole``.
        fraction: fraction of the fibres between the jaws, 0 to 1.
        instrument: one of ``INSTRUMENTS``.
        from_degrees: side the jaws come from, as in ``laceration.make``.
        among: fibres of which that fraction is crushed, ``(n_fibre,)``; all where None.

    Returns:
        A lesion whose crushed axons are broken nearly all, in tubes that are whole nearly all; in
        every crushed fibre the sheath is squeezed away and the paranodes are open.

    Raises:
        TinelError: a number outside its range, an unknown instrument, or as ``place.whole``.

    Source:
        ``lesion.crush.*``.

    Example:
        >>> from tinel import nerve
        >>> from tinel.twins import Patient, Twins
        >>> few = Twins(Patient(age=40, sex="female", height_cm=170), range(2))
        >>> arm = nerve.build("ulnar", side="left", twins=few)
        >>> hurt = make(arm, "ulnar trunk", site_mm=400.0)
        >>> bool((hurt.sunderland_grade[:, hurt.present] == 2).mean() > 0.8)
        True
    """
    if instrument not in INSTRUMENTS:
        raise TinelError(
            f"'{instrument}' is no known instrument", "instrument", suggest(instrument, INSTRUMENTS)
        )
    parameters, twins = nerve.twins.parameters, nerve.twins
    healthy = whole("crush", nerve, branch, site_mm, length_mm)
    part = per_twin("fraction", fraction, nerve.n_twin, 0.0, 1.0, "of the cross-section")
    here = healthy.present if among is None else healthy.present & among
    crushed = nearest(nerve, here, part, side_rad(nerve, from_degrees))
    n_fibre = here.size
    breaks = twins.uniform("lesion.crush.axon", n_fibre) < parameters["lesion.crush.axon_broken"]
    torn = "toothed" if instrument == INSTRUMENTS[1] else "smooth"
    tube = twins.uniform("lesion.crush.tube", n_fibre) < parameters[f"lesion.crush.{torn}_tube"]
    cut = crushed & breaks
    return replace(
        healthy,
        lamellae_left=np.where(crushed, parameters["lesion.sheath.floor"], 1.0),
        cut_d=np.where(cut, 0.0, np.inf),
        sunderland_grade=np.where(cut, np.where(tube, 3, 2), 0),
        paranode_opening=np.where(crushed, 1.0, 0.0),
    )


def _injure(place: Place, values: Mapping[str, Any], nerve: Nerve) -> Lesion:
    return make(
        nerve,
        place.branch,
        site_mm=place.site_mm,
        length_mm=place.length_mm,
        fraction=values["crushed_percent"] / 100,
        instrument=values["instrument"],
        from_degrees=values["from_degrees"],
        among=fibres_of(nerve, place.part),
    )


CRUSH = Cause(
    name="crush",
    text="The jaws of an instrument that closed on the nerve.",
    phrase="a crush of the nerve",
    source="nerve crushed with forceps in animals: lesion.crush.*",
    fields=(CRUSHED, INSTRUMENT, SIDE),
    other_names=("clamp",),
    injure=_injure,
    length_mm=JAWS_mm,
)
