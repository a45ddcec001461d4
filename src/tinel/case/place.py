"""Whether the injury fits the nerve it is said to be on, and where exactly it lies."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tinel.case.read import Case
from tinel.declare.spread import Spread
from tinel.errors import TinelError

if TYPE_CHECKING:
    from tinel.nerve.anatomy import Branch, Nerve


@dataclass(frozen=True)
class Place:
    """The injured stretch: its branch, upper end from the cord (mm) and length (mm).

    Draws of both stay on the branch, also in the tails of a prior.
    """

    branch: str
    site_mm: Spread
    length_mm: Spread


def check_against(case: Case, nerve: Nerve) -> Place:
    """Find the injury's place on a nerve.

    Raises:
        TinelError: unknown landmark or branch, a landmark of another branch, or an injury that
            begins or ends beyond the nerve.
    """
    cause = case.cause
    try:
        landmark = nerve.landmark(cause.site) if cause.site else None
    except TinelError as problem:
        raise TinelError(problem.message, case.where("cause.site"), problem.advice) from None
    try:
        branch = _branch(nerve, cause.division, landmark.branch if landmark else None)
    except TinelError as problem:
        raise TinelError(problem.message, case.where("cause.division"), problem.advice) from None
    if landmark and landmark.branch != branch.name:
        there = [mark.name for mark in nerve.landmarks if mark.branch == branch.name]
        message = f"'{landmark.name}' lies on {landmark.branch}, not on {branch.name}"
        advice = f"landmarks there: {', '.join(there) or 'none; use site_mm'}"
        raise TinelError(message, case.where("cause.site"), advice)
    at = landmark.position_mm if landmark else 0.0
    site = cause.site_mm or Spread(at, at, "mm")
    # Only a division may leave its length out: a blade crushes about a millimetre either way.
    length = cause.length_mm or Spread(2.0, 2.0, "mm")
    return _fitted(case, nerve, branch, site, length)


def _branch(nerve: Nerve, given: str | None, of_landmark: str | None) -> Branch:
    if given or of_landmark:
        return nerve.branch(given or of_landmark or "")
    return next(branch for branch in nerve.branches if branch.parent is None)


def _fitted(case: Case, nerve: Nerve, branch: Branch, site: Spread, length: Spread) -> Place:
    start, end = branch.start_mm, branch.end_mm
    legal = f"{branch.name} runs from {start:.0f} to {end:.0f} mm"
    field = "cause.site" if case.cause.site else "cause.site_mm"
    if site.low < start or site.high > end:
        raise TinelError(f"{site.text} is not on the nerve; {legal}", case.where(field), "move it")
    if site.high + length.high > end:
        message = f"the injury ends at {site.high + length.high:.0f} mm, beyond the nerve; {legal}"
        raise TinelError(message, case.where("cause.length_mm"), "shorten it or move it up")
    for at in (site.low, site.high):
        if not nerve.present(branch.name, at).any():
            message = f"no fibre runs through {branch.name} at {at:.0f} mm; {legal}"
            raise TinelError(message, case.where(field), "move it up")
    return Place(
        branch.name,
        replace(site, least=start, most=end),
        replace(length, most=min(length.most, end - site.high)),
    )
