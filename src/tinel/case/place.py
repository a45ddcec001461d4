"""Whether the injury fits the nerve it is said to be on, and where exactly it lies."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tinel.case.injury import DISTAL, Injury
from tinel.declare import Spread
from tinel.errors import TinelError
from tinel.lesion.part import targets_in
from tinel.nerve.atlas import Layout
from tinel.nerve.naming import by_name, plain
from tinel.nerve.way import Branch, Landmark, beyond, lies_along, reach_mm


@dataclass(frozen=True)
class SpreadPlace:
    """The injured stretch: its first branch, upper end from the cord and length (mm).

    Draws of both stay on the nerve, also in the tails of a prior. ``beyond`` is that of a second
    injury, farther from the cord.
    """

    branch: str
    site_mm: Spread
    length_mm: Spread
    beyond: SpreadPlace | None = None

    def at(self, place: str) -> SpreadPlace:
        """One of two places, ``proximal`` (also where there is one) or ``distal``."""
        return self.beyond if place == DISTAL and self.beyond is not None else self


def place_of(injury: Injury, layout: Layout, where: str, usual: str = "") -> SpreadPlace:
    """Find the injury's place on a nerve; no fibre has to be drawn for that.

    Args:
        injury: the section [cause].
        layout: the places of the patient's nerve.
        where: place for errors, e.g. ``tanya.toml: cause``.
        usual: the branch that the name of the nerve meant (``peroneal``); empty where it meant
            the whole nerve. It holds where the section names no branch.

    Raises:
        TinelError: unknown landmark or branch, a landmark of another branch, or an injury that
            begins or ends beyond the nerve.
    """
    landmark = _landmark(injury.site, layout, f"{where}.site") if injury.site else None
    at = landmark.position_mm if landmark else 0.0
    site = injury.site_mm or Spread(at, at, "mm")
    if injury.branch or (usual and landmark):
        try:
            branch = by_name(layout.branches, injury.branch or usual, "branch of the nerve")
        except TinelError as problem:
            raise problem.at(f"{where}.branch") from None
        if landmark:
            _check_landmark(landmark, branch, layout, f"{where}.site")
    elif landmark:
        branch = by_name(layout.branches, landmark.branch, "branch of the nerve")
    else:
        branch = _branch_at(site, usual, layout, f"{where}.site_mm")
    for part, field in ((injury.part, "part"), (injury.acute and injury.acute.part, "with.part")):
        if part:
            _check_part(part, layout, branch, site, f"{where}.{field}")
    return _fitted(injury, layout, branch, site, where)


def in_order(
    injury: Injury, layout: Layout, where: str, usual: str = ""
) -> tuple[Injury, SpreadPlace]:
    """The injury and its place; of two the one nearer to the cord first, the other ``beyond`` it.

    Args:
        injury, layout, where, usual: as in ``place_of``; ``injury.beyond`` is the second one.

    Raises:
        TinelError: as ``place_of``; two injuries that may overlap, or of which not every fibre of
            the farther one runs through the nearer one.
    """
    second, first_at = injury.beyond, place_of(injury, layout, where, usual)
    if second is None:
        return injury, first_at
    second_at = place_of(second, layout, f"{where}.second", usual)
    near, near_at, far, far_at = injury, first_at, second, second_at
    if second_at.site_mm.median < first_at.site_mm.median:
        told = {"procedure": injury.procedure, "story": injury.story}
        near, near_at = replace(second, **told), second_at  # type: ignore[arg-type]
        far, far_at = replace(injury, procedure="", story=None, beyond=None), first_at
    _check_fibres(near_at, far_at, layout, f"{where}.second")
    high, low = near_at.site_mm.high, far_at.site_mm.low
    own = high + near_at.length_mm.high
    beside_mm = near.acute.length_mm if near.acute else None
    end = max(own, high + beside_mm.high) if beside_mm else own
    if end > low:
        beside = " with what happened beside it" if end > own else ""
        message = f"may begin at {low:.0f} mm, where the other{beside} ends at {end:.0f} mm"
        advice = (
            f"allowed: from {end:.0f} mm on; move one or shorten it, or give what happened at the "
            f"same place as [cause.with]"
        )
        raise TinelError(message, f"{where}.second", advice)
    # the tails of the priors stay apart too
    if near.acute and beside_mm:
        shorter = replace(beside_mm, most=min(beside_mm.most, low - high))
        near = replace(near, acute=replace(near.acute, length_mm=shorter))
    near_at = replace(
        near_at,
        site_mm=replace(near_at.site_mm, most=min(near_at.site_mm.most, high)),
        length_mm=replace(near_at.length_mm, most=min(near_at.length_mm.most, low - high)),
        beyond=replace(
            far_at, site_mm=replace(far_at.site_mm, least=max(far_at.site_mm.least, low))
        ),
    )
    return replace(near, beyond=far), near_at


def _check_fibres(near: SpreadPlace, far: SpreadPlace, layout: Layout, where: str) -> None:
    """Whether every fibre of the farther injury runs through the nearer one."""

    def hurt(place: SpreadPlace) -> list[str]:
        start = place.site_mm.median
        end = start + place.length_mm.median
        every = layout.targets
        return [t.name for t in every if lies_along(layout.branches, t, place.branch, start, end)]

    through, beside = hurt(near), [name for name in hurt(far) if name not in hurt(near)]
    if not beside:
        return
    ends = [f"{at.branch} at {at.site_mm.median:.0f} mm" for at in (near, far)]
    if len(beside) == len(hurt(far)):
        message = f"no fibre runs through both {ends[0]} and {ends[1]}"
    else:
        message = (
            f"fibres to {', '.join(beside)} run through {ends[1]} and not through {ends[0]}, "
            f"nearer to the cord"
        )
    advice = (
        f"allowed: two places of which the nearer has every fibre of the farther; through "
        f"{near.branch} run those to {', '.join(through)}; give each injury a case of its own"
    )
    raise TinelError(message, where, advice)


def _landmark(site: str, layout: Layout, where: str) -> Landmark:
    """The landmark of a name; a branch's name means the place where that branch begins."""
    try:
        return by_name(layout.landmarks, site, "landmark of the nerve")
    except TinelError as problem:
        for b in layout.branches:
            if b.parent and plain(site) in map(plain, (b.name, *b.other_names)):
                return Landmark(b.name, b.name, b.start_mm)
        raise problem.at(where) from None


def _check_landmark(landmark: Landmark, branch: Branch, layout: Layout, where: str) -> None:
    on = {branch.name, *(b.name for b in beyond(layout.branches, branch.name))}
    if landmark.branch in on:
        return
    there = [mark.name for mark in layout.landmarks if mark.branch == branch.name]
    message = f"'{landmark.name}' lies on {landmark.branch}, not on {branch.name}"
    advice = f"landmarks there: {', '.join(there) or 'none; use site_mm'}"
    if branch in beyond(layout.branches, landmark.branch):
        advice += f"; for all of {landmark.branch} write branch = '{landmark.branch}', for the "
        advice += f"fibres of {branch.name} in it part = '{branch.name}' as well"
    raise TinelError(message, where, advice)


def _branch_at(site: Spread, usual: str, layout: Layout, where: str) -> Branch:
    """The branch that is meant by a position alone: the usual one, or the one it goes on as."""
    named = by_name(layout.branches, usual, "branch of the nerve") if usual else layout.trunk
    if site.low < named.start_mm and named.parent:
        message = f"{site.text} is above {named.name}, which begins at {named.start_mm:.0f} mm"
        raise TinelError(message, where, f"name the branch: branch = '{named.parent}'")
    if site.high <= named.end_mm:
        return named
    later = [b for b in beyond(layout.branches, named.name) if b.start_mm <= site.low <= b.end_mm]
    if len(later) > 1:
        every = ", ".join(b.name for b in later)
        message = f"at {site.text} {named.name} has become {every}"
        advice = f"name one of them as 'branch', or {named.name} for all of them"
        raise TinelError(message, where, advice)
    return later[0] if later else named


def _fitted(
    injury: Injury, layout: Layout, branch: Branch, site: Spread, where: str
) -> SpreadPlace:
    start, reach = branch.start_mm, reach_mm(layout.branches, layout.targets, branch.name)
    runs = f"{branch.name} runs from {start:.0f} to {branch.end_mm:.0f} mm"
    if reach > branch.end_mm:
        runs += f" and its fibres to {reach:.0f} mm"
    field = f"{where}.site" if injury.site else f"{where}.site_mm"
    length = injury.length_mm or Spread(0.0, 0.0, "mm")
    if site.low < start or site.high > reach:
        raise TinelError(f"{site.text} is not on the nerve; {runs}", field, "move it")
    if site.high + length.high > reach:
        message = f"the injury ends at {site.high + length.high:.0f} mm, beyond the nerve; {runs}"
        raise TinelError(message, f"{where}.length_mm", "shorten it or move it up")
    for at in (site.low, site.high):
        if not any(lies_along(layout.branches, t, branch.name, at, at) for t in layout.targets):
            message = f"no fibre runs through {branch.name} at {at:.0f} mm; {runs}"
            raise TinelError(message, field, "move it up")
    # a draw stays on the branch where the whole prior does, so that the same fibres are hurt
    most = branch.end_mm if site.high <= branch.end_mm else reach
    return SpreadPlace(
        branch.name,
        replace(site, least=start, most=most),
        replace(length, most=min(length.most, reach - site.high)),
    )


def _check_part(part: str, layout: Layout, branch: Branch, site: Spread, where: str) -> None:
    try:
        names = targets_in(part, layout.branches, layout.targets)
    except TinelError as problem:
        raise TinelError(problem.message, where, problem.advice) from None
    at = site.median
    here = [t.name for t in layout.targets if lies_along(layout.branches, t, branch.name, at, at)]
    if not set(names) & set(here):
        message = f"no fibre of '{part}' runs through {branch.name} at {at:.0f} mm"
        raise TinelError(message, where, f"supplied there: {', '.join(here)}")
