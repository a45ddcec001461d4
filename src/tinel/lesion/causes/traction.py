"""Stretch: the sheath gives first, then the axon, its tube, the perineurium, the trunk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from tinel.declare import Field
from tinel.declare.kinds import takes_only_its_kinds
from tinel.evidence import Parameters
from tinel.lesion import ischaemic_block, sheath, vulnerability
from tinel.lesion.cause import Cause
from tinel.lesion.place import Place, per_twin, whole
from tinel.lesion.state import Floats, Ints, Lesion
from tinel.nerve.anatomy import Nerve

STRAIN = Field(
    "strain_percent", "stretch beyond the resting length", "prior", "%", 0, 100, needed=True
)
HELD = Field("held_hours", "how long the stretch was held", "prior", "hours", 0, 48, default=0.0)


@takes_only_its_kinds
def make(
    nerve: Nerve,
    branch: str,
    *,
    site_mm: ArrayLike,
    length_mm: ArrayLike,
    strain_percent: ArrayLike,
    held_hours: ArrayLike = 0.0,
) -> Lesion:
    """A pull on the nerve, over in a moment or held for hours.

    People, fascicles and fibres differ in slack, people most: the same pull leaves one nerve
    whole and breaks another. Below the strain that breaks an axon its sheath blocks for weeks.
    No tube tears before the nerve's limit of elasticity. While the pull is held the vessels are
    drawn closed, all at about one strain, which blocks every fibre for as long and some hours
    more.

    Args:
        nerve, branch, site_mm, length_mm: as in ``place.whole``.
        strain_percent: lengthening of that piece, 0 to 100 %.
        held_hours: for how long, 0 to 48 hours.

    Returns:
        A lesion with thinned sheaths, open paranodes, and broken axons whose tubes (by the strain
        of each), fascicles (by that of the fascicle) and trunk (by the person's) may have torn.

    Raises:
        TinelError: a number outside its range, or as ``place.whole``.

    Source:
        ``lesion.traction.*``.

    Example:
        >>> from tinel import lesion, nerve
        >>> from tinel.twins import Patient, Twins
        >>> few = Twins(Patient(age=40, sex="female", height_cm=170), range(2))
        >>> arm = nerve.build("ulnar", side="left", twins=few)
        >>> pulled = lesion.traction.make(arm, "ulnar trunk", site_mm=400.0, length_mm=80.0,
        ...                               strain_percent=2.0)
        >>> float(pulled.lamellae_left.min()) > 0.9, bool(np.isinf(pulled.cut_d).all())
        (True, True)
    """
    parameters, twins = nerve.twins.parameters, nerve.twins

    def spread(of: str) -> float | Floats:
        return parameters[f"lesion.traction.{of}_spread"]

    healthy = whole("stretch", nerve, branch, site_mm, length_mm)
    here, n_twin = healthy.present[None, :], nerve.n_twin
    strain = per_twin("strain_percent", strain_percent, n_twin, STRAIN.least, STRAIN.most, "%")
    held = per_twin("held_hours", held_hours, n_twin, HELD.least, HELD.most, "hours")
    of_person = strain[:, None] / vulnerability.tolerance(twins)
    by_fascicle = twins.normal("lesion.traction.fascicle", len(nerve.fascicles))
    of_fascicle = of_person * np.exp(spread("fascicle") * by_fascicle[:, nerve.fibres.fascicle])
    local = of_fascicle * np.exp(
        spread("fibre") * twins.normal("lesion.traction.slack", healthy.present.size)
    )
    # as long as the coat holds, every tube in it does
    holds = of_person < parameters["lesion.traction.epineurium"]
    torn = ~holds & (of_fascicle >= parameters["lesion.traction.perineurium"])
    parted = of_person >= parameters["lesion.traction.trunk"]
    grade = sunderland_at(local, parameters)
    grade = np.where(torn, 4, np.where(holds, np.minimum(grade, 2), grade))
    grade = np.where(here, np.where(parted, 5, grade), 0)
    closed = (
        strain[:, None] * np.exp(spread("flow") * twins.normal("lesion.traction.flow", 1))
        >= parameters["lesion.traction.flow"]
    )
    clears = ischaemic_block.clears_d(nerve, np.where(closed, held[:, None], 0.0))
    over = _over(local, parameters)
    half, steepness = (
        parameters[f"lesion.traction.{key}"] for key in ("sheath_half", "sheath_steepness")
    )
    return replace(
        healthy,
        lamellae_left=np.where(
            here, sheath.lamellae_left(over, "lesion.traction.sheath_", parameters), 1.0
        ),
        cut_d=np.where(grade >= 2, 0.0, np.inf),
        sunderland_grade=grade,
        paranode_opening=np.where(here, sheath.opening(over, half, steepness), 0.0),
        block_d=np.where(here, clears, 0.0),
    )


def sunderland_at(strain_local_percent: ArrayLike, parameters: Parameters) -> Ints:
    """Sunderland grade of a fibre at its own strain: 0 while the axon stands, then 2, then 3.

    Example:
        >>> sunderland_at([8.0, 18.0, 25.0], Parameters.of_evidence()).tolist()
        [0, 2, 3]
    """
    strain = np.asarray(strain_local_percent, np.float64)
    torn = sum(
        (strain >= parameters[f"lesion.traction.{layer}"]).astype(np.int_)
        for layer in ("axon", "endoneurium")
    )
    return np.array([0, 2, 3])[torn]


def sheath_after(strain_local_percent: ArrayLike, parameters: Parameters) -> Floats:
    """Fraction of the lamellae left after a local strain, same shape as given.

    Example:
        >>> left = sheath_after([6.0, 12.0, 15.0], Parameters.of_evidence())
        >>> [round(float(x), 2) for x in left]
        [1.0, 0.17, 0.03]
    """
    over = _over(strain_local_percent, parameters)
    return sheath.lamellae_left(over, "lesion.traction.sheath_", parameters)


def _over(strain_local_percent: ArrayLike, parameters: Parameters) -> Floats:
    strain = np.asarray(strain_local_percent, np.float64)
    over: Floats = np.maximum(strain - parameters["lesion.traction.sheath_threshold"], 0.0)
    return over


def _injure(place: Place, values: Mapping[str, Any], nerve: Nerve) -> Lesion:
    return make(
        nerve,
        place.branch,
        site_mm=place.site_mm,
        length_mm=place.length_mm,
        strain_percent=values["strain_percent"],
        held_hours=values["held_hours"],
    )


TRACTION = Cause(
    name="traction",
    text="A stretch of the nerve.",
    phrase="a stretch of the nerve",
    source="animal nerve under strain: lesion.traction.*",
    fields=(STRAIN, HELD),
    other_names=("stretch",),
    injure=_injure,
)
