"""An injection at a nerve: inside a fascicle the drug kills axons, outside hardly any."""

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
from tinel.lesion.causes import needle
from tinel.lesion.causes.needle import DEPTH, DIAMETER, INSIDE, WHERE
from tinel.lesion.one_side import SIDE, side_rad
from tinel.lesion.part import fibres_of
from tinel.lesion.place import Place, per_twin
from tinel.lesion.state import Bools, Floats, Lesion
from tinel.nerve.anatomy import Nerve

SPREADS_mm = 30.0
DRUGS = {
    "most harmful": "worst",
    "harmful": "middle",
    "least harmful": "least",
    "local anaesthetic": "anaesthetic",
}
DRUG = Field(
    "drug",
    "what was injected, by its harm in rats (most harmful: penicillin, diazepam, chlorpromazine, "
    "diclofenac; least: iron dextran, meperidine, cephalothin)",
    "choice",
    needed=True,
    choices=tuple(DRUGS),
)
VOLUME = Field("volume_ml", "volume injected", "prior", "ml", 0.01, 50, default=1.0)


@takes_only_its_kinds
def make(
    nerve: Nerve,
    branch: str,
    *,
    site_mm: ArrayLike,
    drug: str,
    length_mm: ArrayLike = SPREADS_mm,
    volume_ml: ArrayLike = 1.0,
    needle_mm: ArrayLike = 0.8,
    depth_percent: ArrayLike = 50.0,
    inside: bool = True,
    from_degrees: ArrayLike | None = None,
    among: Bools | None = None,
) -> Lesion:
    """A needle and what it left in or beside the nerve.

    Inside, the drug fills the fascicle that the tip lies in, or the nearest one; outside it
    surrounds all fascicles, whose perineurium keeps nearly all of it out.

    Args:
        nerve, branch, site_mm, length_mm: as in ``place.whole``; the length is that of the spread.
        drug: one of ``DRUGS``.
        volume_ml: 0.01 to 50 ml; a larger one kills more.
        needle_mm, depth_percent, inside, from_degrees, among: as in ``needle.make``.

    Returns:
        A lesion with axons severed by the needle (Sunderland 3) and killed by the drug, large ones
        first, in whole tubes (2). A local anaesthetic also blocks every fibre it reaches for hours.

    Raises:
        TinelError: a number outside its range, an unknown drug, or as ``place.whole``.

    Source:
        Order of the drugs, inside against outside, more with quantity, large fibres first, whole
        tubes: Gentili et al. 1979, doi:10.1227/00006123-197903000-00009 (rat). How many axons:
        ``lesion.injection.*``, assumptions.

    Example:
        >>> from tinel import nerve
        >>> from tinel.twins import Patient, Twins
        >>> few = Twins(Patient(age=40, sex="female", height_cm=170), range(2))
        >>> arm = nerve.build("ulnar", side="left", twins=few)
        >>> into, beside = (make(arm, "ulnar trunk", site_mm=400.0, drug="most harmful", inside=i)
        ...                 for i in (True, False))
        >>> bool(np.isfinite(into.cut_d).mean() > np.isfinite(beside.cut_d).mean())
        True
    """
    if drug not in DRUGS:
        raise TinelError(f"'{drug}' is no known class of drug", "drug", suggest(drug, DRUGS))
    parameters, twins, fibres = nerve.twins.parameters, nerve.twins, nerve.fibres
    stuck = needle.make(
        nerve, branch, site_mm=site_mm, length_mm=length_mm, needle_mm=needle_mm,
        depth_percent=depth_percent, inside=inside, from_degrees=from_degrees, among=among,
    )  # fmt: skip
    volume = per_twin("volume_ml", volume_ml, nerve.n_twin, VOLUME.least, VOLUME.most, "ml")
    reached = stuck.present & np.ones(fibres.diameter_um.shape, bool)
    if among is not None:
        reached = reached & among
    if inside:
        deep = per_twin("depth_percent", depth_percent, nerve.n_twin, 0.0, 100.0, "%")
        there = _fascicle_at(nerve, deep, side_rad(nerve, from_degrees), reached)
        reached = reached & (fibres.fascicle[None, :] == there[:, None])
    quantity = (volume[:, None] / parameters["lesion.injection.volume"]) ** parameters[
        "lesion.injection.volume_exponent"
    ]
    harm = parameters[f"lesion.injection.{DRUGS[drug]}"]
    dose = -np.log(1.0 - harm) * quantity
    if not inside:
        dose = dose * parameters["lesion.injection.outside"]
    size = fibres.diameter_um / parameters["lesion.susceptibility.reference_diameter"]
    dies = 1.0 - np.exp(-dose * size ** parameters["lesion.susceptibility.diameter_exponent"])
    killed = reached & (twins.uniform("lesion.injection.axon", fibres.kind.size) < dies)
    blocks = parameters["lesion.injection.anaesthetic_hours"] / 24.0
    return replace(
        stuck,
        cause="injection",
        cut_d=np.where(killed, 0.0, stuck.cut_d),
        sunderland_grade=np.where(
            killed, np.maximum(stuck.sunderland_grade, 2), stuck.sunderland_grade
        ),
        block_d=np.where(reached & (drug == "local anaesthetic"), blocks, 0.0),
    )


def _fascicle_at(nerve: Nerve, depth_percent: Floats, side: Floats, reached: Bools) -> Any:
    # the fascicle with fibres that may be hit whose centre lies nearest to the tip, (n_twin,)
    out = needle.tip_mm(nerve, depth_percent)
    centre = np.array([[f.x_mm, f.y_mm, f.radius_mm] for f in nerve.fascicles])
    far = (
        np.hypot(
            out[:, None] * np.cos(side)[:, None] - centre[:, 0],
            out[:, None] * np.sin(side)[:, None] - centre[:, 1],
        )
        - centre[:, 2]
    )
    held = np.bincount(nerve.fibres.fascicle[reached[0]], minlength=len(centre)) > 0
    return np.argmin(np.where(held, far, np.inf), axis=1)


def _injure(place: Place, values: Mapping[str, Any], nerve: Nerve) -> Lesion:
    return make(
        nerve,
        place.branch,
        site_mm=place.site_mm,
        length_mm=place.length_mm,
        drug=values["drug"],
        volume_ml=values["volume_ml"],
        needle_mm=values["needle_mm"],
        depth_percent=values["depth_percent"],
        inside=values["tip"] == INSIDE,
        from_degrees=values["from_degrees"],
        among=fibres_of(nerve, place.part),
    )


INJECTION = Cause(
    name="injection",
    text="An injection into or beside the nerve.",
    phrase="an injection at the nerve",
    source="rats, eleven drugs (Gentili et al. 1979, doi:10.1227/00006123-197903000-00009)",
    fields=(DRUG, VOLUME, WHERE, DIAMETER, DEPTH, SIDE),
    other_names=("injection injury", "nerve block"),
    injure=_injure,
    length_mm=SPREADS_mm,
)
