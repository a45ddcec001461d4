"""Hours without blood, such as behind a tied artery: axons die, myelin stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from tinel.declare import Field
from tinel.declare.kinds import takes_only_its_kinds
from tinel.lesion import ischaemic_block, vulnerability
from tinel.lesion.cause import Cause
from tinel.lesion.place import Place, per_twin, whole
from tinel.lesion.state import Lesion
from tinel.nerve.anatomy import Nerve

HOURS = Field("hours", "how long the nerve had no blood", "prior", "hours", 0, 72, needed=True)


@takes_only_its_kinds
def make(
    nerve: Nerve, branch: str, *, site_mm: ArrayLike, length_mm: ArrayLike, hours: ArrayLike
) -> Lesion:
    """A stretch of nerve without blood for some hours.

    Block begins within the hour and clears by itself within a day or so. After some hours axons
    die, those at the centre of a fascicle first; their tubes stay whole and no sheath is thinned.

    Args:
        nerve, branch, site_mm, length_mm: as in ``place.whole``.
        hours: without blood, 0 to 72 hours.

    Returns:
        A lesion with block that clears, and with broken axons in whole tubes.

    Raises:
        TinelError: a number outside its range, or as ``place.whole``.

    Source:
        ``lesion.ischaemia.*``: rats without blood for 1, 3 and 4 hours.

    Example:
        >>> from tinel import nerve
        >>> from tinel.twins import Patient, Twins
        >>> few = Twins(Patient(age=40, sex="female", height_cm=170), range(2))
        >>> arm = nerve.build("ulnar", side="left", twins=few)
        >>> hour, day = (make(arm, "ulnar trunk", site_mm=400.0, length_mm=50.0, hours=h)
        ...              for h in (1.0, 24.0))
        >>> bool(np.isfinite(hour.cut_d).mean() < 0.05), bool(np.isfinite(day.cut_d).mean() > 0.5)
        (True, True)
    """

    def value(name: str) -> Any:
        return parameters[f"lesion.ischaemia.{name}"]

    parameters, fibres = nerve.twins.parameters, nerve.fibres
    healthy = whole("ischaemia", nerve, branch, site_mm, length_mm)
    gone = per_twin("hours", hours, nerve.n_twin, HOURS.least, HOURS.most, "hours")[:, None]
    inward = parameters["lesion.susceptibility.reference_depth"] - fibres.depth[None, :]
    draw = nerve.twins.normal("lesion.ischaemia.axon", fibres.kind.size)
    bears_h = value("axon") * np.exp(
        value("axon_spread") * draw - np.log(value("centre_to_outer")) * inward
    )
    cut = healthy.present & (gone > bears_h * vulnerability.tolerance(nerve.twins))
    return replace(
        healthy,
        cut_d=np.where(cut, 0.0, np.inf),
        sunderland_grade=np.where(cut, 2, 0),
        block_d=np.where(healthy.present, ischaemic_block.clears_d(nerve, gone), 0.0),
    )


def _injure(place: Place, values: Mapping[str, Any], nerve: Nerve) -> Lesion:
    return make(
        nerve,
        place.branch,
        site_mm=place.site_mm,
        length_mm=place.length_mm,
        hours=values["hours"],
    )


ISCHAEMIA = Cause(
    name="ischaemia",
    text="A stretch of nerve without blood for some hours.",
    phrase="lack of blood in the nerve",
    source="rat nerve without blood for 1 to 4 hours: lesion.ischaemia.*",
    fields=(HOURS,),
    other_names=("ischemia", "nerve infarct"),
    injure=_injure,
)
