"""What a test of pictures gives: values, and the pictures on which they were measured."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tinel.exam.limb import Floats
from tinel.exam.measurement import Measurement, Value

if TYPE_CHECKING:
    from tinel.exam.examination import Visit
    from tinel.imaging.measured.mr_tracts import Tracts
    from tinel.imaging.mri.diffusion import DiffusionSlice
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
        says: what it shows, in a sentence, where nothing was read off it; empty where something
            was.
    """

    site: str
    position_mm: float
    picture: Picture
    outlines: tuple[Floats, ...] = ()
    read: tuple[tuple[str, float, str], ...] = ()
    why: str = ""
    protocol: Protocol | None = None
    says: str = ""


@dataclass(frozen=True)
class Slide:
    """Pictures of the first twin as the probe slides along the nerve through an injury.

    Args:
        site: name of the place in its middle.
        from_middle_mm: where each was taken, from the middle of the injury; below 0 towards the
            cord.
        pictures: in the order of the slide, all of one size.
    """

    site: str
    from_middle_mm: tuple[float, ...]
    pictures: tuple[Picture, ...]

    @property
    def middle(self) -> int:
        """Which picture lies nearest to the middle of the injury."""
        return min(range(len(self.pictures)), key=lambda k: abs(self.from_middle_mm[k]))

    def place(self, k: int) -> str:
        """Where a picture was taken, in words.

        Example:
            >>> one = Slide("injured place", (-3.0, 0.0, 3.0), ())
            >>> one.place(0), one.place(1)
            ('3.0 mm nearer to the cord', 'middle of the injury')
        """
        mm = self.from_middle_mm[k]
        if abs(mm) < 0.05:
            return "middle of the injury"
        return f"{abs(mm):.1f} mm {'nearer to the cord' if mm < 0 else 'further from the cord'}"


@dataclass(frozen=True)
class DiffusionView:
    """What diffusion shows of the first twin at a place beyond maps of one number.

    Args:
        site: name of the place.
        found: FA with directions, of the slice at the place.
        tracts: through the stack; None where there is one slice, or no nerve in the first.
        first_mm: from the cord to the first slice, where tracts begin.
    """

    site: str
    found: DiffusionSlice
    tracts: Tracts | None
    first_mm: float


@dataclass(frozen=True)
class Pictures:
    """Values of every twin, and pictures of the first one.

    Args:
        measured: as any test gives them.
        taken: in the order in which they were taken.
        diffusion: directions and tracts, of MR.

    Example:
        >>> both = Pictures().with_more(Pictures())
        >>> len(both.taken)
        0
    """

    measured: tuple[Value, ...] = ()
    taken: tuple[TakenPicture, ...] = ()
    diffusion: tuple[DiffusionView, ...] = ()

    def with_more(self, other: Pictures) -> Pictures:
        """Both together."""
        return replace(
            self,
            measured=self.measured + other.measured,
            taken=self.taken + other.taken,
            diffusion=self.diffusion + other.diffusion,
        )


def was_seen(measurement: Measurement, visit: Visit) -> bool:
    """Whether a value can be compared with a limit: where no nerve is seen there is none."""
    return not bool(np.isnan(measurement.values[0]))
