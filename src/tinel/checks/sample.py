"""Twins of a story: what they would show, what becomes of them, and how they are injured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tinel.case import Case
from tinel.checks.stories import (
    AMPLITUDE,
    FILAMENT,
    MRC_GRADE,
    NEEDLE,
    Known,
    Planned,
    Story,
    planned,
)
from tinel.cohort.person import injure
from tinel.exam.laboratory import set_up
from tinel.exam.limb import Floats
from tinel.infer.bank import from_bank
from tinel.infer.posterior import by_term
from tinel.infer.simulate import Seen, Session, columns_of, sessions_of
from tinel.infer.term import Column, Term, terms_of
from tinel.infer.traits import prior_of, traits_of
from tinel.progress import Progress, silent

USEFUL = 4.0  # the grade that a forecast is of
TEMPERATURE = "limb_temperature_c = 32"
_NOT_FELT = 7.0
BROKEN, TORN = "share of axons broken", "share of broken axons whose tube is torn"


@dataclass(frozen=True)
class Sample:
    """Twins of a story.

    Args:
        story, case: whose.
        kinds: of the tests, one per term.
        terms: findings that are looked for.
        shown: by term, what the twins show.
        goals: by name, what becomes of each twin or how it is injured, ``(n_twin,)``.
        reached: by name, whether a goal is reached, 0 or 1, ``(n_twin,)``.
        elsewhere: what a needle in the spared muscle shows, for the needle's terms by place.
    """

    story: Story
    case: Case
    kinds: tuple[str, ...]
    terms: tuple[Term, ...]
    shown: tuple[tuple[Floats, ...], ...]
    goals: Mapping[str, Floats]
    reached: Mapping[str, Floats]
    elsewhere: Mapping[int, Floats]

    @property
    def n(self) -> int:
        """Number of twins."""
        return len(self.shown[0][0])

    def known(self, what: Known) -> list[int]:
        """Places of the terms that are known then."""
        days = [term.seen.last_day <= what.day for term in self.terms]
        return [k for k, on in enumerate(days) if on and self.kinds[k] in what.kinds]

    def first(self, n: int) -> Sample:
        """The first twins alone."""

        def cut(by_name: Mapping[str, Floats]) -> dict[str, Floats]:
            return {name: values[:n] for name, values in by_name.items()}

        return replace(
            self,
            shown=tuple(tuple(column[:n] for column in columns) for columns in self.shown),
            goals=cut(self.goals),
            reached=cut(self.reached),
            elsewhere={k: values[:n] for k, values in self.elsewhere.items()},
        )


def sample(
    story: Story,
    n: int,
    seed: int,
    *,
    cold_c: float | None = None,
    workers: int = 1,
    progress: Progress = silent,
) -> Sample:
    """Twins of a story as they are before anything is found; kept on disk.

    Args:
        story: whose.
        n: how many.
        seed: of the draws; twins of two seeds are independent.
        cold_c: temperature of the skin where it is not what the story says.
        workers: processes to use.
        progress: called with how far it is.
    """
    if cold_c is not None:
        warm = story.case
        story = replace(story, case=warm.replace(TEMPERATURE, f"limb_temperature_c = {cold_c:g}"))
        assert story.case != warm, "the story says no temperature"
    case = story.read(seed)
    plan = planned(story)
    terms = terms_of([one.observed for one in plan], (), case.parameters)
    laboratory = set_up(injure(case, range(1)).nerve, files=case.files)
    prior = prior_of(case, n)
    columns = tuple(dict.fromkeys(c for term in terms for c in term.columns))
    later = _goal_columns(story)
    sessions = sessions_of((*columns, *later.values()))
    seen = from_bank(prior, n, laboratory, sessions, progress, workers)
    values = columns_of(seen, columns)
    shown = by_term(terms, columns, values)
    goals, reached = _goals(story, seen, later)
    return Sample(
        story,
        case,
        tuple(one.kind for one in plan),
        terms,
        tuple(tuple(one) for one in shown),
        {**goals, **_injuries(prior, n)},
        reached,
        _elsewhere(story, plan, seen),
    )


def _goal_columns(story: Story) -> dict[str, Column]:
    muscle, last = story.muscles[0], story.goal_days[-1]
    found = {}
    for day in story.goal_days:
        found[f"force, day {day:g}"] = Column(day, "strength", muscle, "", "force")
        found[f"M4, day {day:g}"] = Column(day, "strength", muscle, "", MRC_GRADE)
    motor = story.motor["subject"], story.motor["distal"]
    found["finest filament felt, last day"] = Column(last, "touch", story.skin, "", FILAMENT)
    found["motor amplitude, last day"] = Column(last, "motor conduction", *motor, AMPLITUDE)
    return found


def _goals(
    story: Story, seen: Mapping[Session, Seen], later: Mapping[str, Column]
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    each = columns_of(seen, tuple(later.values())).T
    goals: dict[str, Floats] = {}
    reached: dict[str, Floats] = {}
    for name, values in zip(later, each, strict=True):
        if name.startswith("M4"):
            reached[name] = (values >= USEFUL - 1e-9).astype(np.float64)
        elif "filament" in name:
            goals[name] = np.where(np.isfinite(values), values, _NOT_FELT)
        else:
            goals[name] = np.nan_to_num(values)
    return goals, reached


def _injuries(prior: Case, n: int, size: int = 50) -> dict[str, Floats]:
    broken, torn = [], []
    for start in range(0, n, size):
        lesion = injure(prior, range(start, min(start + size, n))).lesion
        cut = np.isfinite(lesion.cut_d) & lesion.present
        broken.append(cut.sum(axis=1) / max(int(lesion.present.sum()), 1))
        grades = np.where(cut, lesion.sunderland_grade, 0)
        torn.append((grades >= 3).sum(axis=1) / np.maximum(cut.sum(axis=1), 1))
    traits = traits_of(prior, ())
    scores = traits.drawn(prior, n)
    sizes = {name: scores[:, k] for k, name in enumerate(traits.names) if name.startswith("cause.")}
    return {BROKEN: np.concatenate(broken), TORN: np.concatenate(torn), **sizes}


def _elsewhere(
    story: Story, plan: Sequence[Planned], seen: Mapping[Session, Seen]
) -> dict[int, Floats]:
    found = {}
    for k, one in enumerate(plan):
        o = one.observed
        if one.kind == NEEDLE:
            column = Column(o.first_day, o.test, story.spared, "", o.quantity)
            found[k] = seen[Session(o.first_day, o.test)].column(column)
    return found


def healthy_of(shown: Sample) -> dict[int, int]:
    """Places of the terms of the affected side whose like is known of the other side."""
    sides = {
        (t.seen.subject, t.seen.site, t.seen.quantity): k
        for k, t in enumerate(shown.terms)
        if t.seen.side == "healthy"
    }
    return {
        k: sides[t.seen.subject, t.seen.site, t.seen.quantity]
        for k, t in enumerate(shown.terms)
        if t.seen.side != "healthy" and (t.seen.subject, t.seen.site, t.seen.quantity) in sides
    }
