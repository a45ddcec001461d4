"""One range of twins from cause to recovery, as a flat table of arrays.

The keys say what an array is; every array has the twins on its first axis:

    ("curve", arm, bound, quantity, target)            (n_twin, n_day)
    ("exam", arm, day, *Measure)                       (n_twin,)
    ("healthy", *Measure)                              (n_twin,)
    ("class", system, name)                            (n_twin, n_exam_day), waiting arm
    ("arrival", arm, what, target)                     (n_twin,)
    ("drawn", field)                                   (n_twin,)

``bound`` is "" for the plan itself, "low" and "high" for the ends of its sensitivity range.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tinel.case import Case
from tinel.cohort.person import courses, injure, plans
from tinel.course import Course, arrival, classes_at, state_at
from tinel.exam.laboratory import Laboratory
from tinel.exam.limb import Bools, Floats, Limb, healthy
from tinel.exam.protocol import TESTS, examine
from tinel.exam.strength import force_share
from tinel.exam.touch import touch_share
from tinel.exam.travel import block_shares, reached
from tinel.lesion.classify import SEDDON

Key = tuple[str, ...]
Table = dict[Key, Floats]


def compute(case: Case, twins: range, laboratory: Laboratory, days: Sequence[float]) -> Table:
    """Compute a range of twins; ``days`` are those of the curves."""
    person = injure(case, twins)
    table: Table = {("drawn", name): values for name, values in person.drawn.items()}
    other_side = healthy(person.nerve)
    values, _ = examine(other_side, laboratory, TESTS, reached(other_side, None))
    table |= {("healthy", *measure): array for measure, array in values.items()}
    arms = plans(case)
    block: Floats | None = None
    for arm, course in zip(arms, courses(person, arms), strict=True):
        if block is None:
            first = Limb(person.nerve, person.lesion, state_at(course, 0.0))
            block = block_shares(first, laboratory.conduction)
        table |= _curves(course, block, days, arm.name, "")
        table |= _arrivals(course, arm.name, case.run.horizon_days)
        for day in case.exam_days:
            limb = Limb(person.nerve, person.lesion, state_at(course, day))
            done, _ = examine(limb, laboratory, case.tests_on(day), reached(limb, block))
            table |= {("exam", arm.name, f"{day:g}", *m): array for m, array in done.items()}
        for bound, other in (("low", arm.low), ("high", arm.high)):
            if other is not None:
                (course_then,) = courses(person, [other])
                table |= _curves(course_then, block, days, arm.name, bound)
        if not arm.interventions:
            table |= _classes(course, case.exam_days, block)
    return table


def _curves(
    course: Course, block: Floats | None, days: Sequence[float], arm: str, bound: str
) -> Table:
    columns: dict[Key, list[Floats]] = {}

    def put(quantity: str, target: str, value: Floats) -> None:
        columns.setdefault(("curve", arm, bound, quantity, target), []).append(value)

    nerve, here = course.nerve, course.lesion.present
    weight = np.where(here, nerve.fibres.weight, 0.0)
    weight = weight / max(weight.sum(), 1e-300)
    for day in days:
        limb = Limb(nerve, course.lesion, state_at(course, day))
        through: Bools = reached(limb, block)
        put("conducting fibres", "", 100 * (through @ weight))
        put("joined axons", "", 100 * (limb.state.joined @ weight))
        put("growth front", "", _front_mm(limb))
        for target in nerve.targets:
            if target.kind == "motor":
                force = force_share(limb, through, target.name)
                put("force", target.name, 100 * force)
            else:
                put("touch fibres", target.name, 100 * touch_share(limb, through, target.name))
    return {key: np.stack(column, axis=1) for key, column in columns.items()}


def _front_mm(limb: Limb) -> Floats:
    # how far beyond the lesion the growing axons have come on average; 0 where none is growing
    assert limb.lesion is not None
    growing = limb.lesion.present & ~limb.state.intact
    ahead = np.where(growing, limb.state.front_mm - limb.lesion.site_mm[:, None], 0.0)
    return ahead.sum(axis=1) / np.maximum(growing.sum(axis=1), 1)


def _arrivals(course: Course, arm: str, horizon_d: float) -> Table:
    seen = arrival(course, horizon_d)
    return {
        ("arrival", arm, what, target): getattr(seen, what)[:, k]
        for what in ("lost", "never", "first_d", "half_d")
        for k, target in enumerate(seen.targets)
    }


def _classes(course: Course, days: Sequence[float], block: Floats | None) -> Table:
    # neurapraxia is a block by the engine's account, not any thinning of the sheath
    by_day = [classes_at(course, day, block) for day in days]
    table: Table = {}
    for k, name in enumerate(SEDDON):
        table["class", "Seddon", name] = np.stack([c.seddon[:, k] for c in by_day], axis=1)
    for grade in range(6):
        shares = [c.sunderland[:, grade] for c in by_day]
        table["class", "Sunderland", str(grade)] = np.stack(shares, axis=1)
    return table
