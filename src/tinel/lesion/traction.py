"""Stretch: the sheath gives first, then the axon, its tube, the perineurium, the trunk."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from tinel import evidence
from tinel.lesion import place
from tinel.lesion.state import Floats, Ints, Lesion
from tinel.nerve.anatomy import Nerve


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
        nerve, branch, site_mm, length_mm: as in ``place.unhurt``.
        strain_percent: lengthening of that piece, 0 to 100 %.

    Raises:
        TinelError: a number outside its range, or as ``place.unhurt``.

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
    whole = place.unhurt("stretch", nerve, branch, site_mm, length_mm)
    present = whole.present
    strain = place.per_twin("strain_percent", strain_percent, nerve.n_twin, 0.0, 100.0, "%")
    draw = nerve.twins.normal("lesion.traction.slack", present.size)
    local = strain[:, None] * np.exp(evidence.value("lesion.traction.fibre_noise") * draw)
    grade = np.where(present, grade_at(local), 0)
    parted = strain[:, None] >= evidence.value("lesion.traction.trunk")
    grade = np.where(parted & present, 5, grade)
    return replace(
        whole,
        lamellae_left=np.where(present, sheath_after(local), 1.0),
        cut_d=np.where(grade >= 2, 0.0, np.inf),
        sunderland_grade=grade,
    )


def grade_at(strain_local_percent: ArrayLike) -> Ints:
    """Sunderland's grade of a fibre at a local strain: 0 while the axon stands, then 2, 3, 4.

    Example:
        >>> grade_at([8.0, 16.0, 18.0, 22.0]).tolist()
        [0, 2, 3, 4]
    """
    strain = np.asarray(strain_local_percent, np.float64)
    steps = [evidence.value(f"lesion.traction.{at}") for at in ("axon", "endoneurium")]
    steps.append(evidence.value("lesion.traction.perineurium"))
    return np.array([0, 2, 3, 4])[np.searchsorted(np.array(steps), strain, side="right")]


def sheath_after(strain_local_percent: ArrayLike) -> Floats:
    """Share of the lamellae left after a local strain, same shape as given.

    Example:
        >>> [round(float(x), 2) for x in sheath_after([8.0, 15.0])]
        [1.0, 0.01]
    """
    over = np.maximum(
        np.asarray(strain_local_percent, np.float64)
        - evidence.value("lesion.traction.sheath_threshold"),
        0.0,
    )
    floor = evidence.value("lesion.sheath.floor")
    times = (over / evidence.value("lesion.traction.sheath_half")) ** evidence.value(
        "lesion.traction.sheath_steepness"
    )
    left: Floats = floor + (1.0 - floor) / (1.0 + times)
    return left
