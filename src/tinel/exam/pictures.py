"""What a test of pictures gives: values, and the pictures on which they were measured."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tinel.exam.limb import Floats
from tinel.exam.measurement import Measurement, Value

if TYPE_CHECKING:
    from tinel.exam.examination import Visit
    from tinel.imaging.mri.protocol import Protocol
    from tinel.imaging.picture import Picture


@dataclass(frozen=True)
class TakenPicture:
    """A picture of the first twin, with where it was taken and what was read off it.

    Args:
        site: name of the place, as in the values.
        position_mm: of the picture's middle along the nerve, from the cord.
        picture: grey values and scale.
        outlines: closed lines that were measured, rows and columns ``(n, 2)`` of its pixels.
        read: quantity, number and unit of what was read off it.
        why: why no nerve was found; empty where one was, or none was looked for.
        protocol: of MR; None of ultrasound.
    """

    site: str
    position_mm: float
    picture: Picture
    outlines: tuple[Floats, ...] = ()
    read: tuple[tuple[str, float, str], ...] = ()
    why: str = ""
    protocol: Protocol | None = None


@dataclass(frozen=True)
class Pictures:
    """Values of every twin, and pictures of the first one.

    Args:
        measured: as any test gives them.
        taken: in the order in which they were taken.

    Example:
        >>> both = Pictures().with_more(Pictures())
        >>> len(both.taken)
        0
    """

    measured: tuple[Value, ...] = ()
    taken: tuple[TakenPicture, ...] = ()

    def with_more(self, other: Pictures) -> Pictures:
        """Both together."""
        return replace(
            self, measured=self.measured + other.measured, taken=self.taken + other.taken
        )


def was_seen(measurement: Measurement, visit: Visit) -> bool:
    """Whether a value can be compared with a limit: where no nerve is seen there is none."""
    return not bool(np.isnan(measurement.values[0]))
