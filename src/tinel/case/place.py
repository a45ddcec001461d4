"""Whether the injury fits the nerve it is said to be on, and where exactly it lies."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tinel.case.injury import Injury
from tinel.declare import Spread
from tinel.errors import TinelError
from tinel.lesion.part import targets_in
from tinel.nerve.anatomy import Branch, branch_at, by_name, way
from tinel.nerve.atlas import Layout


@dataclass(frozen=True)
class SpreadPlace:
    """The injured stretch: its branch, upper end from the cord (mm) and length (mm).

    Draws of both stay on the branch, also in the tails of a prior.
    """

    branch: str
    site_mm: Spread
    length_mm: Spread


def place_of(injury: Injury, layout: Layout, where: str) -> SpreadPlace:
    """Find the injury's place on a nerve; no fibre has to be drawn for that.

    Args:
        injury: the section [cause].
        layout: the places of the patient's nerve.
        where: place for errors, e.g. ``tanya.toml: cause``.

    Raises:
        TinelError: unknown landmark or branch, a landmark of another branch, or an injury that
            begins or ends beyond the nerve.
    """
    landmark = None
    if injury.site:
        try:
            landmark = by_name(layout.landmarks, injury.site, "landmark of the nerve")
        except TinelError as problem:
            raise problem.at(f"{where}.site") from None
    trunk = next(b for b in layout.branches if b.parent is None)
    wanted = injury.branch or (landmark.branch if landmark else trunk.name)
    try:
        branch = by_name(layout.branches, wanted, "branch of the nerve")
    except TinelError as problem:
        raise problem.at(f"{where}.branch") from None
    if landmark and landmark.branch != branch.name:
        there = [mark.name for mark in layout.landmarks if mark.branch == branch.name]
        message = f"'{landmark.name}' lies on {landmark.branch}, not on {branch.name}"
        advice = f"landmarks there: {', '.join(there) or 'none; use site_mm'}"
        raise TinelError(message, f"{where}.site", advice)
    at = landmark.position_mm if landmark else 0.0
    site = injury.site_mm or Spread(at, at, "mm")
    assert injury.length_mm is not None
    for part, field in ((injury.part, "part"), (injury.acute and injury.acute.part, "with.part")):
        if part:
            _check_part(part, layout, branch, site.median, f"{where}.{field}")
    return _fitted(injury, layout, branch, site, where)


def _fitted(
    injury: Injury, layout: Layout, branch: Branch, site: Spread, where: str
) -> SpreadPlace:
    start, end = branch.start_mm, branch.end_mm
    runs = f"{branch.name} runs from {start:.0f} to {end:.0f} mm"
    field = f"{where}.site" if injury.site else f"{where}.site_mm"
    length = injury.length_mm or Spread(0.0, 0.0, "mm")
    if site.low < start or site.high > end:
        raise TinelError(f"{site.text} is not on the nerve; {runs}", field, "move it")
    if site.high + length.high > end:
        message = f"the injury ends at {site.high + length.high:.0f} mm, beyond the nerve; {runs}"
        raise TinelError(message, f"{where}.length_mm", "shorten it or move it up")
    for at in (site.low, site.high):
        if not _carries_fibres(layout, branch.name, at):
            message = f"no fibre runs through {branch.name} at {at:.0f} mm; {runs}"
            raise TinelError(message, field, "move it up")
    return SpreadPlace(
        branch.name,
        replace(site, least=start, most=end),
        replace(length, most=min(length.most, end - site.high)),
    )


def _check_part(part: str, layout: Layout, branch: Branch, at_mm: float, where: str) -> None:
    try:
        names = targets_in(part, layout.branches, layout.targets)
    except TinelError as problem:
        raise TinelError(problem.message, where, problem.advice) from None
    here = [t for t in layout.targets if branch_at(layout.branches, t, at_mm) == branch.name]
    if not any(target.name in names for target in here):
        message = f"no fibre of '{part}' runs through {branch.name} at {at_mm:.0f} mm"
        raise TinelError(message, where, f"supplied there: {', '.join(t.name for t in here)}")


def _carries_fibres(layout: Layout, branch: str, position_mm: float) -> bool:
    return any(
        stretch.name == branch and stretch.start_mm <= position_mm <= stretch.end_mm
        for target in layout.targets
        for stretch in way(layout.branches, target)
    )
