"""Which branch of a nerve lies at a place, which fibres run there, and how far from the injury."""

from __future__ import annotations

import numpy as np

from tinel.errors import TinelError
from tinel.imaging.anatomy.scanned import Scanned
from tinel.lesion.state import Bools
from tinel.nerve.anatomy import Branch, Nerve


def branch_at(scanned: Scanned, position_mm: float, branch: str = "") -> str:
    """The branch that is followed to a place.

    Args:
        scanned: whose nerve.
        position_mm: way from the cord.
        branch: the one meant; the injured one where empty, or the trunk. Before its beginning its
            parent is taken, and beyond its end the branch with the most fibres.

    Raises:
        TinelError: no such branch, or a place that no branch reaches.

    Example:
        >>> from tinel import nerve
        >>> from tinel.twins import Patient, Twins
        >>> one = Twins(Patient(age=40, sex="female", height_cm=170))
        >>> leg = Scanned.healthy(nerve.build("sciatic", side="left", twins=one))
        >>> branch_at(leg, 500.0), branch_at(leg, 760.0), branch_at(leg, 760.0, "common fibular")
        ('sciatic trunk', 'tibial', 'common fibular')
    """
    nerve = scanned.nerve
    if branch:
        at = nerve.branch(branch)
    elif scanned.lesion.present.any():
        at = nerve.branch(scanned.lesion.branch)
    else:
        at = next(b for b in nerve.branches if b.parent is None)
    while position_mm < at.start_mm and at.parent is not None:
        at = nerve.branch(at.parent)
    while position_mm > at.end_mm:
        further = [b for b in nerve.branches if at.name in (b.parent, *b.also_from)]
        further = [b for b in further if _reach(nerve, b) >= position_mm]
        if not further:
            break
        at = max(further, key=lambda b: _axons(nerve, b))
    if not at.start_mm <= position_mm <= at.end_mm:
        least = min(b.start_mm for b in nerve.branches)
        told = f"{position_mm:g} mm is out of range (allowed: {least:g} to {at.end_mm:g} mm)"
        raise TinelError(told, "position_mm", "name the branch")
    return at.name


def _reach(nerve: Nerve, branch: Branch) -> float:
    ends = [branch.end_mm]
    ends += [_reach(nerve, b) for b in nerve.branches if b.parent == branch.name]
    return max(ends)


def _axons(nerve: Nerve, branch: Branch) -> float:
    here = nerve.present(branch.name, branch.start_mm + 1.0)
    return float(nerve.fibres.weight[here].sum())


def through(scanned: Scanned, branch: str, position_mm: float) -> Bools:
    """Fibres that run through a place ``(n_fibre,)``; nearby ones where a branch has just left."""
    here = scanned.nerve.present(branch, position_mm)
    at = scanned.nerve.branch(branch)
    for back_mm in (20.0, 60.0, 200.0):
        if here.any():
            break
        here = scanned.nerve.present(branch, max(position_mm - back_mm, at.start_mm))
    return np.asarray(here, np.bool_)
