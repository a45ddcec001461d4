"""The vertical axes of forecasts: percent, MRC grades, monofilaments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.evidence import Parameters
from tinel.exam.grading import edges
from tinel.exam.tests.touch import FILAMENTS

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Scale:
    """How a quantity is drawn: ``place`` maps values to heights; ticks are heights and labels.

    ``borders`` are heights at which a grade ends, where grades are bands.
    """

    place: Callable[[Floats], Floats]
    ticks: tuple[float, ...]
    labels: tuple[str, ...]
    bottom: float
    top: float
    steps: bool = False
    borders: tuple[float, ...] = ()

    def band(self, one: Floats, other: Floats) -> tuple[Floats, Floats]:
        """Lower and upper edge between two heights; a step counts as a whole row.

        Example:
            >>> low, high = filaments().band(np.array([3.0]), np.array([2.0]))
            >>> low.tolist(), high.tolist()
            ([1.5], [3.5])
        """
        half = 0.5 if self.steps else 0.0
        return np.minimum(one, other) - half, np.maximum(one, other) + half


def percent() -> Scale:
    """Percent as it is."""
    return Scale(lambda v: v, (0, 25, 50, 75, 100), ("0", "25", "50", "75", "100"), -3, 104)


def of_ten() -> Scale:
    """A symptom of 0 to 10 as it is."""
    return Scale(lambda v: v, (0, 2, 4, 6, 8, 10), ("0", "2", "4", "6", "8", "10"), -0.3, 10.4)


def mrc_of_force(movement: str, parameters: Parameters, others: float | Floats = 0.0) -> Scale:
    """Force (% of healthy) on an axis of MRC grades, each grade as high as any other.

    The grades are those that the usual examiner gives for a movement to which muscles of other
    nerves bring ``others`` (``exam.grading``).

    Within its band a grade rises evenly with force, so that grade 4 does not fill the picture.
    """
    begin = np.reshape(edges(movement, parameters, 1.0, others), (-1, 5))[0]
    forces = [0.0, *(100 * begin), 100.0]
    heights = np.arange(7.0)
    heights[-1] = 5.6  # grade 5 is the last part of the force only
    middles = tuple(float(x) for x in (heights[:-1] + heights[1:]) / 2)
    return Scale(
        lambda v: np.interp(v, forces, heights),
        middles,
        tuple("012345"),
        -0.1,
        5.7,
        borders=tuple(float(h) for h in heights[1:-1]),
    )


def filaments() -> Scale:
    """The usual set of monofilaments, the finest on top; "none" where nothing is felt."""
    count = len(FILAMENTS)

    def place(marking: Floats) -> Floats:
        index = np.searchsorted(FILAMENTS, np.where(np.isinf(marking), 99.0, marking) - 1e-9)
        return np.asarray(count - index, float)

    labels = ("none", *(f"{f:.2f}" for f in FILAMENTS[::-1]))
    return Scale(place, tuple(range(count + 1)), labels, -0.6, count + 0.6, steps=True)
