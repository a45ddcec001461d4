"""A nerve followed from slice to slice, and where it is not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from tinel.errors import TinelError
from tinel.evidence import Parameters
from tinel.imaging.measured.mr_outline import Outline, nerve_on_mri
from tinel.imaging.picture import Picture


@dataclass(frozen=True)
class Followed:
    """Outlines of a nerve in a stack.

    Args:
        position_mm: of the slices along the limb.
        outlines: None where no nerve was found.
    """

    position_mm: tuple[float, ...]
    outlines: tuple[Outline | None, ...]

    @property
    def gap_mm(self) -> float | None:
        """Length of the longest stretch without a nerve between two with one, 0 for none.

        None where fewer than two slices show a nerve.
        """
        seen = [k for k, each in enumerate(self.outlines) if each is not None]
        if len(seen) < 2:
            return None
        longest = 0.0
        for one, other in pairwise(seen):
            if other > one + 1:
                missed = self.position_mm[other - 1] - self.position_mm[one + 1]
                slices = (self.position_mm[other] - self.position_mm[one]) / (other - one)
                longest = max(longest, missed + slices)
        return longest

    @property
    def largest(self) -> tuple[float, Outline] | None:
        """Position and outline of the largest area; None where nothing was found."""
        found = [
            (at, each)
            for at, each in zip(self.position_mm, self.outlines, strict=True)
            if each is not None
        ]
        return max(found, key=lambda each: each[1].area_mm2) if found else None


def follow(
    pictures: Sequence[Picture],
    position_mm: Sequence[float],
    near_mm: tuple[float, float],
    parameters: Parameters,
) -> Followed:
    """Follow a nerve through a stack, from where the reader points in the first slice.

    In each further slice the nerve is looked for where it was last seen. A spot much smaller than
    the nerve was so far is not taken for it.

    Args:
        pictures: in order along the limb.
        position_mm: of each.
        near_mm: in the first picture, down and across from its corner.
        parameters: the reader's.

    Raises:
        TinelError: not one position for each picture.

    Example:
        >>> import numpy as np
        >>> dark = np.random.default_rng(1).normal(0.1, 0.01, (60, 60)).astype(np.float32)
        >>> stack = [Picture(dark, 0.3, 0.3, "mri")] * 3
        >>> found = follow(stack, [0.0, 3.0, 6.0], (9.0, 9.0), Parameters.of_evidence())
        >>> found.gap_mm, found.largest
        (None, None)
    """
    if len(pictures) != len(position_mm):
        told = f"{len(position_mm)} positions were given for {len(pictures)} pictures"
        raise TinelError(told, "position_mm", "give one for each")
    thinnest = parameters.scalar("mri.reader.thinnest")
    place = near_mm
    found: list[Outline | None] = []
    areas: list[float] = []
    for picture in pictures:
        outline = nerve_on_mri(picture, place, parameters)
        if outline is not None and areas and outline.area_mm2 < thinnest * median(areas):
            outline = None
        if outline is not None:
            areas.append(outline.area_mm2)
            place = outline.centre_mm
        found.append(outline)
    return Followed(tuple(float(at) for at in position_mm), tuple(found))


def is_continuous(
    followed: Followed, passing: float | None, fascicles: bool, parameters: Parameters
) -> bool | None:
    """Whether a reader calls a nerve continuous; None where it was seen in fewer than two slices.

    It has to be seen in every slice, and either its tracts pass everywhere or its fascicles are
    seen everywhere.

    Args:
        followed: the nerve from slice to slice.
        passing: from ``mr_tracts.least_passing``; None where no diffusion was measured.
        fascicles: whether each slice with a nerve shows fascicles.
        parameters: the reader's.

    Example:
        >>> is_continuous(Followed((0.0, 4.0), (None, None)), 1.0, True, Parameters.of_evidence())
    """
    gap_mm = followed.gap_mm
    if gap_mm is None:
        return None
    part = parameters.scalar("mri.reader.tract_part")
    return gap_mm == 0.0 and (fascicles or (passing is not None and passing >= part))
