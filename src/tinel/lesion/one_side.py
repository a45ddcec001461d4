"""What reaches a nerve from one side: which fibres lie nearest to it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tinel.declare import Field
from tinel.lesion.place import per_twin
from tinel.lesion.state import Bools, Floats
from tinel.nerve.anatomy import Nerve

SIDE = Field(
    "from_degrees",
    "side it came from, in the plane of the cross-section; any where not given",
    "prior",
    "degrees",
    0,
    360,
)


def side_rad(nerve: Nerve, from_degrees: ArrayLike | None) -> Floats:
    """Side that an instrument came from, ``(n_twin,)`` in radians.

    Args:
        nerve: with the twins whose nerve it is.
        from_degrees: 0 to 360 degrees, one number or one per twin; drawn for each twin where None.

    Raises:
        TinelError: a number outside its range.
    """
    if from_degrees is None:
        # the stream keeps its first name, so that old seeds give the same people
        return 2.0 * np.pi * nerve.twins.uniform("lesion.division.side", 1, 0.0)[:, 0]
    return np.deg2rad(per_twin("from_degrees", from_degrees, nerve.n_twin, 0.0, 360.0, "degrees"))


def nearness_mm(nerve: Nerve, side: Floats) -> Floats:
    """How far each fibre lies towards a side from the centre, ``(n_twin, n_fibre)``."""
    fibres = nerve.fibres
    return np.outer(np.cos(side), fibres.x_mm) + np.outer(np.sin(side), fibres.y_mm)


def nearest(nerve: Nerve, here: Bools, fraction: Floats, side: Floats) -> Bools:
    """Fibres in the fraction of a cross-section that lies nearest to a side.

    Args:
        nerve: whose fibres have their places.
        here: fibres that count, ``(n_fibre,)``.
        fraction: of those fibres, 0 to 1, ``(n_twin,)``.
        side: from ``side_rad``.

    Returns:
        ``(n_twin, n_fibre)``; none at a fraction of 0, all that count at 1.
    """
    order_by = nearness_mm(nerve, side)
    reached = np.zeros(order_by.shape, dtype=np.bool_)
    weight = np.where(here, nerve.fibres.weight, 0.0)
    for twin in range(len(fraction)):
        order = np.argsort(-order_by[twin], kind="stable")
        # Counted at the middle of each row's weight, so that 0 takes none and 1 takes all.
        upto = np.cumsum(weight[order]) - 0.5 * weight[order]
        reached[twin, order] = upto < fraction[twin] * weight.sum()
    found: Bools = reached & here
    return found
