"""Where an injury lies, and checks of its numbers: what all causes share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tinel.declare.quantity import apart, shown
from tinel.errors import TinelError
from tinel.lesion.state import Floats, Lesion
from tinel.nerve.anatomy import Nerve

LENGTH_mm = (0.1, 500.0)


@dataclass(frozen=True)
class Place:
    """The injured stretch of some twins.

    ``branch`` is the name of the trunk or branch; ``site_mm`` the way from the cord to its
    proximal end and ``length_mm`` its length, each ``(n_twin,)``. ``part`` names what is hurt of
    the cross-section there, empty for all of it; see ``part.fibres_of``.
    """

    branch: str
    site_mm: Floats
    length_mm: Floats
    part: str = ""


def per_twin(
    name: str, given: ArrayLike, n_twin: int, least: float, most: float, unit: str
) -> Floats:
    """One number per twin, shape ``(n_twin,)``, from one number or one per twin.

    Raises:
        TinelError: no numbers, wrong length, not finite, or outside ``least`` to ``most``.

    Example:
        >>> per_twin("hours", 2, 3, 0, 48, "h").tolist()
        [2.0, 2.0, 2.0]
    """
    told = np.asarray(given)
    if told.dtype.kind not in "iuf":
        message = f"{shown(given)} is no number (allowed: {least:g} to {most:g} {unit})"
        raise TinelError(message, name)
    array = told.astype(np.float64)
    if array.shape not in ((), (1,), (n_twin,)):
        message = f"an array of shape {array.shape} was given"
        raise TinelError(message, name, f"give one number, or one for each of {n_twin} twins")
    array = np.broadcast_to(array, (n_twin,)).copy()
    bad = ~np.isfinite(array) | (array < least) | (array > most)
    if bad.any():
        allowed = f"allowed: {least:g} to {most:g} {unit}"
        given_there = apart(float(array[bad][0]), least, most)
        raise TinelError(f"{given_there} {unit} is out of range ({allowed})", name)
    return array


def whole(
    cause: str, nerve: Nerve, branch: str, site_mm: ArrayLike, length_mm: ArrayLike
) -> Lesion:
    """The place of an injury before anything has happened there: every sheath and axon whole.

    What all causes share is checked and explained here; a cause replaces the fields it changes.

    Args:
        cause: its name.
        nerve: the healthy nerve.
        branch: name of the trunk or branch that is hurt.
        site_mm: way from the cord to the proximal end, one number or one per twin; on the branch,
            or where its fibres run beyond it.
        length_mm: length along the nerve, 0.1 to 500 mm, one number or one per twin. A stretch may
            cross a branching; the fibres of each branch in it are hurt.

    Returns:
        A lesion without loss or pressure. The twins' sites may differ by millimetres; the fibres
        that lie in it (``present``) are those of the median stretch.

    Raises:
        TinelError: unknown branch, a site off the branch, or a length outside its range.

    Example:
        >>> from tinel import nerve
        >>> from tinel.twins import Patient, Twins
        >>> few = Twins(Patient(age=40, sex="female", height_cm=170), range(2))
        >>> arm = nerve.build("ulnar", side="left", twins=few)
        >>> place = whole("nothing", arm, "ulnar trunk", 400.0, 30.0)
        >>> bool(place.present.any()), float(place.lamellae_left.min())
        (True, 1.0)
    """
    on, reach = nerve.branch(branch), nerve.reach_mm(branch)
    start = per_twin("site_mm", site_mm, nerve.n_twin, on.start_mm, reach, "mm")
    length = per_twin("length_mm", length_mm, nerve.n_twin, *LENGTH_mm, "mm")
    shape = nerve.fibres.diameter_um.shape
    return Lesion(
        cause=cause,
        branch=on.name,
        site_mm=start,
        length_mm=length,
        pressure_mmHg=np.zeros(nerve.n_twin),
        onset_d=np.zeros(nerve.n_twin),
        present=nerve.present_along(
            branch, float(np.median(start)), float(np.median(start + length))
        ),
        lamellae_left=np.ones(shape),
        cut_d=np.full(shape, np.inf),
        sunderland_grade=np.zeros(shape, dtype=np.int_),
        susceptibility=np.ones(shape),
        paranode_opening=np.zeros(shape),
        block_d=np.zeros(shape),
        struck_d=np.zeros(nerve.n_twin),
    )
