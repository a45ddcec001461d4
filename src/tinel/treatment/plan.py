"""A plan is a named list of dated interventions; waiting is the empty list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from tinel.errors import TinelError
from tinel.treatment.relief import Relief
from tinel.twins import Floats

# Two injuries of one nerve, by their way from the cord.
PROXIMAL = "proximal"
PLACES = (PROXIMAL, "distal")
TOLD = "'proximal' (nearer to the cord) or 'distal'"


@dataclass(frozen=True)
class Transfer:
    """Axons of a donor nerve led to muscles or skin that have lost their own.

    Args:
        targets: names of the targets they are led to.
        distance_mm: way from the junction to each of those targets, along the nerve.
        donor_fraction: axons of the donor over axons of each target; more than 1 find no tube.
        passage: chance that a donor's axon crosses the junction.
        spread: standard deviation between patients of the log odds of that chance.

    Example:
        >>> done = Transfer(("deltoid",), 60.0, donor_fraction=0.8, passage=0.7, spread=1.0)
        >>> done.targets
        ('deltoid',)
    """

    targets: tuple[str, ...]
    distance_mm: float
    donor_fraction: float | Floats
    passage: float | Floats
    spread: float | Floats


@dataclass(frozen=True)
class Intervention:
    """What one treatment session changes, from its day on.

    A value but for the day is one number, or a column ``(n_twin, 1)`` where it differs between
    twins.

    Args:
        name: what was done, e.g. ``neurolysis``.
        day: days after the injury.
        at: which of two injuries it is done at, one of ``PLACES``; empty where there is one, and
            for what acts on the whole person.
        pressure_factor: multiplies the scar's lasting pressure (1 changes nothing).
        recurrence_d: days in which half of the relief is lost again to new scar; inf for never.
        passage: chance that a broken axon crosses from this day on, by Sunderland grade; a
            grade left out keeps what it had.
        spread: standard deviation between patients of the log odds of the chances named; None
            keeps what it was.
        misdirection: chance that a crossing axon enters a tube at random, by Sunderland grade; a
            grade left out keeps what it had.
        crossing_factor: multiplies the odds that an axon crosses from this day on (1 changes
            nothing).
        delay_d: extra days before axons that start now leave the site.
        delay_factor: multiplies the delay of axons that start now (1 changes nothing).
        growth_rate_factor: multiplies the growth rate of axons that start now (1 changes nothing).
        muscle_fade_factor: multiplies the rate at which denervated muscle fades from now on (1
            changes nothing).
        transfers: donor axons led to targets on this day.
        relief: whom it helps with pain; nerve and muscle do not change by it.
        resects: the injured piece is cut out, standing axons with it; every fibre there then
            counts as divided (Sunderland 5).
        joins_ends: cut ends are sewn together, or to a graft; pictures show it.
        gap_mm: length of nerve that is missing between the ends, from the injury on.
        graft_mm: length of the graft between them, 0 for none; pictures show it.
        fluid_mL: fluid left round the nerve; pictures show it.

    Example:
        >>> Intervention("a bandage", day=3.0).acts
        False
    """

    name: str
    day: float
    at: str = field(default="", kw_only=True)
    pressure_factor: float | Floats = 1.0
    recurrence_d: float | Floats = float("inf")
    passage: dict[int, float | Floats] = field(default_factory=dict)
    spread: float | Floats | None = None
    misdirection: dict[int, float | Floats] = field(default_factory=dict)
    crossing_factor: float | Floats = 1.0
    delay_d: float | Floats = 0.0
    delay_factor: float | Floats = 1.0
    growth_rate_factor: float | Floats = 1.0
    muscle_fade_factor: float | Floats = 1.0
    transfers: tuple[Transfer, ...] = ()
    relief: Relief | None = None
    resects: bool = False
    joins_ends: bool = False
    gap_mm: float = 0.0
    graft_mm: float = 0.0
    fluid_mL: float = 0.0

    @property
    def acts(self) -> bool:
        """Whether it changes nerve or muscle at all; if not, it leaves the course untouched."""
        factors = (
            self.pressure_factor,
            self.crossing_factor,
            self.delay_factor,
            self.growth_rate_factor,
            self.muscle_fade_factor,
        )
        return bool(
            self.passage
            or self.misdirection
            or self.transfers
            or self.resects
            or np.any(np.not_equal(self.delay_d, 0.0))
            or any(np.any(np.not_equal(factor, 1.0)) for factor in factors)
        )

    @property
    def at_a_place(self) -> bool:
        """Whether it changes what an injured place is like, so that it has to be done there."""
        return bool(
            self.passage
            or self.misdirection
            or self.resects
            or self.joins_ends
            or np.any(np.not_equal(self.pressure_factor, 1.0))
            or np.any(np.not_equal(self.crossing_factor, 1.0))
        )


def done_at(
    interventions: Sequence[Intervention], n_place: int
) -> tuple[tuple[Intervention, ...], ...]:
    """The interventions that act at each injured place, that nearest to the cord first.

    Args:
        interventions: of a plan.
        n_place: 1 or 2.

    Raises:
        TinelError: one is done at the second of one place, or does not say at which of two.

    Example:
        >>> sewn = Intervention("repair", 3.0, resects=True, at="distal")
        >>> drug = Intervention("a drug", 3.0)
        >>> [[one.name for one in there] for there in done_at((sewn, drug), 2)]
        [['a drug'], ['repair', 'a drug']]
    """
    for one in interventions:
        if one.at and one.at not in PLACES:
            raise TinelError(f"{one.name}: at is '{one.at}'", advice=f"allowed: {TOLD}")
        if one.at and n_place == 1:
            told = f"{one.name} is done at the {one.at} of two injuries, and there is one"
            raise TinelError(told, advice="leave 'at' out")
        if not one.at and n_place == 2 and one.at_a_place:
            told = f"{one.name} does not say at which of two injuries it is done"
            raise TinelError(told, advice=f"add 'at': {TOLD}")
    names = PLACES[:n_place]
    return tuple(tuple(i for i in interventions if i.at in ("", name)) for name in names)


@dataclass(frozen=True)
class Plan:
    """A named arm: what is done on which day, what it rests on, and what it might do at most.

    ``evidence_grade`` (empty for waiting) and ``says`` tell what the evidence shows; ``low`` and
    ``high`` are the same plan at the ends of the stated sensitivity range, with the least and the
    most help (None where there is nothing to vary).
    """

    name: str
    treatment: str
    interventions: tuple[Intervention, ...] = ()
    evidence_grade: str = ""
    says: str = ""
    low: Plan | None = None
    high: Plan | None = None
