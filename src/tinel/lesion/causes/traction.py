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
from tinel.lesion import sheath
from tinel.lesion.cause import Cause
from tinel.lesion.place import Place, per_twin, whole
from tinel.lesion.state import Floats, Ints, Lesion
from tinel.nerve.anatomy import Nerve

STRAIN = Field(
    "strain_percent", "stretch beyond the resting length", "prior", "%", 0, 100, needed=True
)


@takes_only_its_kinds
def make(
    nerve: Nerve,
    branch: str,
    *,
    site_mm: ArrayLike,
    length_mm: ArrayLike,
    strain_percent: ArrayLike,
) -> Lesion:
    """A pull on the nerve, over in minutes to hours.

    Args:
        nerve, branch, site_mm, length_mm: as in ``place.whole``.
        strain_percent: lengthening of that piece, 0 to 100 %.

    Returns:
        A lesion with thinned sheaths, and broken axons with tubes torn by the strain of each.

    Raises:
        TinelError: a number outside its range, or as ``place.whole``.

    Example:
        >>> from tinel import lesion, nerve
        >>> from tinel.twins import Patient, Twins
        >>> few = Twins(Patient(age=40, sex="female", height_cm=170), range(2))
        >>> arm = nerve.build("ulnar", side="left", twins=few)
        >>> pulled = lesion.traction.make(arm, "ulnar trunk", site_mm=400.0, length_mm=80.0,
        ...                               strain_percent=5.0)
        >>> float(pulled.lamellae_left.min())
        1.0
    """
    healthy = whole("stretch", nerve, branch, site_mm, length_mm)
    present, parameters = healthy.present, nerve.twins.parameters
    strain = per_twin(
        "strain_percent", strain_percent, nerve.n_twin, STRAIN.least, STRAIN.most, "%"
    )[:, None]
    draw = nerve.twins.normal("lesion.traction.slack", present.size)
    local = strain * np.exp(parameters["lesion.traction.fibre_noise"] * draw)
    grade = np.where(present, sunderland_at(local, parameters), 0)
    parted = strain >= parameters["lesion.traction.trunk"]
    grade = np.where(parted & present, 5, grade)
    return replace(
        healthy,
        lamellae_left=np.where(present, sheath_after(local, parameters), 1.0),
        cut_d=np.where(grade >= 2, 0.0, np.inf),
        sunderland_grade=grade,
    )


def sunderland_at(strain_local_percent: ArrayLike, parameters: Parameters) -> Ints:
    """Sunderland grade of a fibre at a local strain: 0 while the axon stands, then 2, 3, 4.

    Example:
        >>> sunderland_at([8.0, 16.0, 18.0, 22.0], Parameters.of_evidence()).tolist()
        [0, 2, 3, 4]
    """
    strain = np.asarray(strain_local_percent, np.float64)
    torn = sum(
        (strain >= parameters[f"lesion.traction.{layer}"]).astype(np.int_)
        for layer in ("axon", "endoneurium", "perineurium")
    )
    return np.array([0, 2, 3, 4])[torn]


def sheath_after(strain_local_percent: ArrayLike, parameters: Parameters) -> Floats:
    """Fraction of the lamellae left after a local strain, same shape as given.

    Example:
        >>> left = sheath_after([8.0, 15.0], Parameters.of_evidence())
        >>> [round(float(x), 2) for x in left]
        [1.0, 0.01]
    """
    strain = np.asarray(strain_local_percent, np.float64)
    over = np.maximum(strain - parameters["lesion.traction.sheath_threshold"], 0.0)
    return sheath.lamellae_left(over, "lesion.traction.sheath_", parameters)


def _injure(place: Place, values: Mapping[str, Any], nerve: Nerve) -> Lesion:
    return make(
        nerve,
        place.branch,
        site_mm=place.site_mm,
        length_mm=place.length_mm,
        strain_percent=values["strain_percent"],
    )


TRACTION = Cause(
    name="traction",
    text="A stretch of the nerve on day 0.",
    phrase="a stretch of the nerve",
    source="animal nerve under strain: lesion.traction.*",
    fields=(STRAIN,),
    other_names=("stretch",),
    injure=_injure,
)
