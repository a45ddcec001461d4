"""A nerve followed from picture to picture as the probe slides along it: swelling, neuroma, gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.errors import TinelError
from tinel.evidence import Parameters
from tinel.imaging.measured.nerve_on_ultrasound import (
    NerveOnUltrasound,
    NoNerve,
    nerve_on_ultrasound,
)
from tinel.imaging.picture import Picture

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Slide:
    """What was read along a nerve.

    Args:
        at_mm: places along the nerve, ascending, ``(n,)``.
        seen: what each picture shows, ``(n,)``.
        longest_gap_mm: the longest stretch between two pictures that show the nerve in which none
            does; to the end of the slide where it is not seen again.
        continuous: whether that stretch is shorter than ``measured.slide.gap_mm``.
    """

    at_mm: Floats
    seen: tuple[NerveOnUltrasound | NoNerve, ...]
    longest_gap_mm: float
    continuous: bool

    @property
    def area_mm2(self) -> Floats:
        """Area per picture, nan where no nerve was found, ``(n,)``."""
        return np.array([np.nan if isinstance(one, NoNerve) else one.area_mm2 for one in self.seen])

    @property
    def swelling_ratio(self) -> float:
        """The largest area over the median of all; nan where fewer than three show the nerve."""
        area = self.area_mm2[np.isfinite(self.area_mm2)]
        return float(area.max() / np.median(area)) if len(area) >= 3 else float("nan")

    @property
    def diameter_ratio(self) -> float:
        """Diameter of the thickest place over that of the nerve: a neuroma's ratio."""
        return float(np.sqrt(self.swelling_ratio))


def along_slide(
    pictures: Sequence[Picture],
    at_mm: Sequence[float],
    near_mm: tuple[float, float],
    parameters: Parameters,
) -> Slide:
    """Follow a nerve through cross-sections: each is measured near where the last was seen.

    Where none was seen, the picture is looked at once more on the line between its neighbours.

    Args:
        pictures: B-mode cross-sections in the order of the slide.
        at_mm: where each was taken, ascending, as many.
        near_mm: where the examiner points on the first one.
        parameters: ``measured.*``.

    Raises:
        TinelError: no picture, or places that are not as many or not ascending.

    Example:
        >>> grey = np.random.default_rng(1).random((200, 200), np.float32)
        >>> nothing = Picture(grey, 0.05, 0.05, "ultrasound")
        >>> found = along_slide([nothing] * 2, [0.0, 5.0], (5.0, 0.0), Parameters.of_evidence())
        >>> found.continuous, found.longest_gap_mm
        (False, 5.0)
    """
    place = np.asarray(at_mm, np.float64)
    if len(pictures) != len(place) or not len(place) or (np.diff(place) <= 0).any():
        told = f"{len(pictures)} pictures at {len(place)} places"
        raise TinelError(f"{told} (allowed: one place per picture, ascending)", "at_mm")
    seen: list[NerveOnUltrasound | NoNerve] = []
    point = near_mm
    for picture in pictures:
        one = _as_large(nerve_on_ultrasound(picture, point, parameters), seen, parameters)
        if isinstance(one, NerveOnUltrasound):
            point = one.centre_mm
        seen.append(one)
    for k, again in enumerate(between(place, seen)):
        if again is not None:
            found = nerve_on_ultrasound(pictures[k], again, parameters)
            seen[k] = _as_large(found, seen, parameters)
    shown = np.array([isinstance(one, NerveOnUltrasound) for one in seen])
    gap = longest_gap(place, shown)
    return Slide(place, tuple(seen), gap, gap < parameters.scalar("measured.slide.gap_mm"))


def _as_large(
    one: NerveOnUltrasound | NoNerve,
    seen: Sequence[NerveOnUltrasound | NoNerve],
    parameters: Parameters,
) -> NerveOnUltrasound | NoNerve:
    """What was found, unless it is a spot much smaller than the nerve on any picture so far."""
    areas = [other.area_mm2 for other in seen if isinstance(other, NerveOnUltrasound)]
    least = parameters.scalar("measured.slide.least_part") * min(areas, default=0.0)
    if isinstance(one, NerveOnUltrasound) and one.area_mm2 < least:
        return NoNerve("what is seen here is much smaller than the nerve")
    return one


def between(
    at_mm: Floats, seen: Sequence[NerveOnUltrasound | NoNerve]
) -> list[tuple[float, float] | None]:
    """Where the nerve should lie on pictures that do not show it, by those before and after.

    Args:
        at_mm: places along the nerve, ascending, ``(n,)``.
        seen: what each picture shows, ``(n,)``.

    Returns:
        None for a picture that shows it, or that has none before or after it that does.
    """
    there = [k for k, one in enumerate(seen) if isinstance(one, NerveOnUltrasound)]
    middles = np.array([one.centre_mm for one in seen if isinstance(one, NerveOnUltrasound)])

    def middle(k: int) -> tuple[float, float]:
        depth, across = (np.interp(at_mm[k], at_mm[there], way) for way in middles.T)
        return float(depth), float(across)

    return [
        middle(k) if there and there[0] < k < there[-1] and k not in there else None
        for k in range(len(seen))
    ]


def longest_gap(at_mm: Floats, found: NDArray[np.bool_]) -> float:
    """The longest stretch without the nerve, mm; from the first to the last picture at most.

    Example:
        >>> longest_gap(np.array([0.0, 2.0, 4.0, 6.0]), np.array([True, False, True, True]))
        2.0
        >>> longest_gap(np.array([0.0, 2.0, 4.0]), np.array([True, True, True]))
        0.0
    """
    longest, k = 0.0, 0
    while k < len(found):
        if found[k]:
            k += 1
            continue
        begin = k
        while k < len(found) and not found[k]:
            k += 1
        # half the way to the neighbours that show it
        first = at_mm[begin] if begin == 0 else (at_mm[begin - 1] + at_mm[begin]) / 2
        last = at_mm[k - 1] if k == len(found) else (at_mm[k - 1] + at_mm[k]) / 2
        longest = max(longest, float(last - first))
    return longest
