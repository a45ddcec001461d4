"""Which finding settles what: expected narrowing by test and day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tinel.case.observed import Observed
from tinel.checks.sample import BROKEN, TORN, Sample
from tinel.exam.limb import Floats
from tinel.forecast.next_tests import narrowing
from tinel.infer.error import error_of
from tinel.infer.term import Term

ALL_BROKEN = 0.999  # share of axons broken from which an injury counts as complete
LEAST_TWINS = 60
LEAST_SPREAD = 0.05  # of torn tubes, below which there is nothing to settle


@dataclass(frozen=True)
class Informs:
    """What one test on one day settles, in percent of what was open of each goal.

    Args:
        nerve: of the story.
        test, day: of the finding.
        settled_percent: by goal.
    """

    nerve: str
    test: str
    day: float
    settled_percent: Mapping[str, float]


def informs(twins: Sample) -> tuple[Informs, ...]:
    """What each test settles of the outlook and of the axons lost.

    Args:
        twins: of a story.
    """
    last = f"force, day {twins.story.goal_days[-1]:g}"
    goals = {name: twins.goals[name] for name in (last, BROKEN)}
    return _by_test(twins, goals, np.ones(twins.n, bool), later=False)


def of_complete_injuries(twins: Sample) -> tuple[Informs, ...]:
    """What each test settles of torn tubes where all axons are broken.

    Before axons could have grown through, nothing can tell whole tubes from torn ones.

    Args:
        twins: of a story.

    Returns:
        Nothing where fewer than 60 twins have such an injury, or their tubes fare alike.
    """
    complete = twins.goals[BROKEN] >= ALL_BROKEN
    torn = twins.goals[TORN][complete]
    if complete.sum() < LEAST_TWINS or torn.std() < LEAST_SPREAD:
        return ()
    return _by_test(twins, {TORN: torn}, complete, later=True)


def _by_test(
    twins: Sample, goals: Mapping[str, Floats], which: np.ndarray, later: bool
) -> tuple[Informs, ...]:
    groups: dict[tuple[float, str], list[tuple[Term, Floats]]] = {}
    for term, columns in zip(twins.terms, twins.shown, strict=True):
        if term.seen.side == "affected":
            key = term.seen.last_day, term.seen.test
            groups.setdefault(key, []).append((term, columns[0][which]))
    for day in twins.story.goal_days * later:
        term = _force(twins, day)
        shown = twins.goals[f"force, day {day:g}"][which]
        groups[day, "strength"] = [(term, shown)]
    rng = np.random.default_rng(16)
    return tuple(
        Informs(
            twins.story.nerve,
            test,
            day,
            {name: 100 * part for name, part in narrowing(measured, goals, rng).items()},
        )
        for (day, test), measured in sorted(groups.items(), key=lambda one: one[0])
    )


def _force(twins: Sample, day: float) -> Term:
    unit, muscle = "% of healthy", twins.story.muscles[0]
    o = Observed("", "", "strength", muscle, "", "force", unit, day, day, "value")
    return Term(o, error_of("strength", "force", unit, twins.case.parameters))
