"""What becomes of a broken axon: where it sets out, how fast it grows, where and when it ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

import numpy as np

from tinel.course import growth
from tinel.course.state import NOWHERE
from tinel.lesion.state import Bools, Floats, Ints
from tinel.nerve.anatomy import Nerve


@dataclass(frozen=True)
class Regrowth:
    """Fate of every broken axon, shape ``(n_twin, n_fibre)``; inf for never.

    ``broke_d`` day from which its waiting counts: that on which it broke, or broke again after it
    had come back; ``from_mm`` the place it starts from; ``start_d`` it leaves it;
    ``rate_mm_per_day`` at the place of reference; ``stall_d`` the empty stump ahead stops carrying
    axons; ``ends_mm`` the place beyond which it does not grow, its target or where it gives up;
    ``destination`` the target it grows to (``NOWHERE`` for tissue that it cannot supply); ``right``
    whether it does there what it did before; ``arrive_d`` it supplies that target;
    ``donor_d`` day on which an axon of a donor was led into its tube (inf where none was), and
    ``enters_mm`` where. From
    ``since_d`` on, 0 where nothing changed, the fields are those of the donor's axon, of the
    same axon on its way beyond a second site, or of one that a later injury has broken again;
    ``own`` holds what they were before.
    """

    broke_d: Floats
    from_mm: Floats
    start_d: Floats
    rate_mm_per_day: Floats
    stall_d: Floats
    ends_mm: Floats
    destination: Ints
    right: Bools
    arrive_d: Floats
    donor_d: Floats
    enters_mm: Floats
    since_d: Floats
    own: Regrowth | None = None

    def on(self, day: float | Floats) -> Regrowth:
        """The fates as they stand on a day: each only from the day on from which it holds.

        Args:
            day: one for all, or one for each axon, ``(n_twin, n_fibre)``.
        """
        if self.own is None or not (self.since_d > day).any():
            return self
        return chosen(self.since_d <= day, self, self.own.on(day))

    def in_turn(self) -> Iterator[tuple[Regrowth, Floats]]:
        """Every fate, the last first, and the day on which another takes its place, inf for none.

        Days ``(n_twin, n_fibre)``.
        """
        fate: Regrowth | None = self
        until = np.full(self.since_d.shape, np.inf)
        while fate is not None:
            yield fate, until
            until, fate = np.minimum(until, fate.since_d), fate.own


def fates(
    nerve: Nerve,
    broke_d: Floats,
    from_mm: Floats,
    start_d: Floats,
    rate: Floats,
    end: Ints,
    right: Bools,
    reach_mm: Floats,
) -> Regrowth:
    """Fates of axons that set out from a place on a day, at a rate, for a target.

    Args:
        nerve: the healthy nerve.
        broke_d: day since which the stump ahead has been empty, ``(n_twin, n_fibre)``, as all.
        from_mm, start_d, rate, end, right: see ``Regrowth``.
        reach_mm: how far from there each grows at the most.
    """
    p, twins, fibres = nerve.twins.parameters, nerve.twins, nerve.fibres
    draw = twins.uniform("course.stump", fibres.target.size, p["course.stump.likeness"])
    floor = p["course.stump.floor"]
    clock = p["course.clock.human_over_rat"]
    rest, tau = p["course.stump.rest"] * clock, p["course.stump.tau"] * clock
    # The day on which `waning("stump", ...)` falls below the axon's own draw.
    above = np.maximum((draw - floor) / (1.0 - floor), 1e-300)
    stall = broke_d + np.where(draw > floor, rest - tau * np.log(above), np.inf)
    path = path_mm(nerve, end)
    ends = np.minimum(from_mm + reach_mm, path)
    there = start_d + growth.days_between(from_mm, ends, rate, p)
    fine = (there <= stall) & (ends >= path) & (end != NOWHERE)
    arrive = np.where(fine, there + p["course.endplate.delay"], np.inf)
    never, always = np.full(broke_d.shape, np.inf), np.zeros(broke_d.shape)
    return Regrowth(
        broke_d=broke_d,
        from_mm=from_mm,
        start_d=start_d,
        rate_mm_per_day=rate,
        stall_d=stall,
        ends_mm=ends,
        destination=end,
        right=right,
        arrive_d=arrive,
        donor_d=never,
        enters_mm=always,
        since_d=always,
    )


def path_mm(nerve: Nerve, end: Ints) -> Floats:
    """Way from the cord to the target, ``(n_twin, n_fibre)``.

    One that ends in tissue it cannot supply is followed as far as its own target.
    """
    paths = np.array([t.path_mm for t in nerve.targets])
    path: Floats = paths[np.where(end == NOWHERE, nerve.fibres.target, end)]
    return path


def chosen(which: Bools, these: Regrowth, those: Regrowth) -> Regrowth:
    """Fate by fate these where ``which``, else those; without what they were before."""
    arrays = [f.name for f in fields(Regrowth) if f.name != "own"]
    return Regrowth(**{n: np.where(which, getattr(these, n), getattr(those, n)) for n in arrays})


def spliced(which: Bools, these: Regrowth, those: Regrowth) -> Regrowth:
    """The same with what they were before."""
    last = chosen(which, these, those)
    if these.own is None and those.own is None:
        return last
    return replace(last, own=spliced(which, these.own or these, those.own or those))
