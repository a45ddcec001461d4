"""A plan is a named list of dated interventions; waiting is the empty list."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from tinel.twins import Floats


@dataclass(frozen=True)
class Intervention:
    """What one treatment session changes, from its day on.

    A value but for the day is one number, or a column ``(n_twin, 1)`` where it differs between
    twins.

    Args:
        name: what was done, e.g. ``neurolysis``.
        day: days after the injury.
        pressure_factor: multiplies the scar's lasting pressure (1 changes nothing).
        recurrence_d: days in which half of the relief is lost again to new scar; inf for never.
        passage: chance that a broken axon crosses from this day on, by Sunderland grade; a
            grade left out keeps what it had.
        delay_d: extra days before axons that start now leave the site.
        growth_rate_factor: multiplies the growth rate of axons that start now (1 changes nothing).
        resects: the injured piece is cut out, standing axons with it; every fibre there then
            counts as divided (Sunderland 5).

    Example:
        >>> Intervention("a bandage", day=3.0).acts
        False
    """

    name: str
    day: float
    pressure_factor: float | Floats = 1.0
    recurrence_d: float | Floats = float("inf")
    passage: dict[int, float | Floats] = field(default_factory=dict)
    delay_d: float | Floats = 0.0
    growth_rate_factor: float | Floats = 1.0
    resects: bool = False

    @property
    def acts(self) -> bool:
        """Whether it changes anything at all; one that does not leaves the course untouched."""
        return bool(
            np.any(np.not_equal(self.pressure_factor, 1.0))
            or self.passage
            or np.any(np.not_equal(self.delay_d, 0.0))
            or np.any(np.not_equal(self.growth_rate_factor, 1.0))
            or self.resects
        )


@dataclass(frozen=True)
class Plan:
    """A named arm: what is done on which day, what it rests on, and what it might do at most.

    ``evidence_grade`` (empty for waiting) and ``says`` tell what the evidence shows; ``evidence``
    holds the keys of the numbers behind the effect; ``low`` and ``high`` are the same plan at the
    ends of the stated sensitivity range, with the least and the most help (None where there is
    nothing to vary).
    """

    name: str
    treatment: str
    interventions: tuple[Intervention, ...] = ()
    evidence_grade: str = ""
    says: str = ""
    evidence: tuple[str, ...] = ()
    low: Plan | None = None
    high: Plan | None = None
