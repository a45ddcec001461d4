"""One range of twins from cause to recovery."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from tinel.case import Case
from tinel.cohort.labelled import Labelled, Row
from tinel.cohort.outcomes import ARRIVALS, CLASSES, CURVES, DRAWN, EXAMS, HEALTHY, Outcomes
from tinel.cohort.person import courses, injure, plans
from tinel.course import Course, arrival, classes_at, state_at
from tinel.exam import supply
from tinel.exam.block import Block
from tinel.exam.examination import examine
from tinel.exam.laboratory import Laboratory
from tinel.exam.limb import Floats, Limb, healthy
from tinel.exam.skin import felt_fraction
from tinel.exam.tests import strength, touch
from tinel.lesion.classify import SEDDON
from tinel.symptom import loss, pain
from tinel.symptom.symptoms import NUMBNESS, OF_TEN, PAIN, PERCENT

CONDUCTING, JOINED, FRONT, TOUCH_FIBRES = (
    "conducting fibres",
    "joined axons",
    "growth front",
    "touch fibres",
)
AXONS_LOST, NEVER_BACK, FIRST_BACK, HALF_BACK = (
    "axons lost",
    "axons never back",
    "first twentieth back",
    "half back",
)
_ARRIVALS = (  # quantity, field of course.Arrival, unit
    (AXONS_LOST, "lost", "fraction"),
    (NEVER_BACK, "never", "fraction"),
    (FIRST_BACK, "first_d", "days"),
    (HALF_BACK, "half_d", "days"),
)


def compute(case: Case, twins: range, laboratory: Laboratory, days: Sequence[float]) -> Outcomes:
    """Compute a range of twins.

    Args:
        case: who is hurt, how, examined when, treated how.
        twins: their numbers.
        laboratory: from ``exam.laboratory.set_up`` for the case's nerve.
        days: those of the curves.
    """
    person = injure(case, twins)
    block = Block.of(person.nerve, person.lesion, laboratory.conduction)
    curves: list[Row] = []
    exams: list[Row] = []
    arrivals: list[Row] = []
    classes: list[Row] = []
    arms = plans(case, person.nerve.twins.parameters)
    for arm, course in zip(arms, courses(person, arms), strict=True):
        curves += _curves(course, block, days, arm.name, "")
        arrivals += _arrivals(course, arm.name, case.run.horizon_days)
        blocks = {}
        for day in case.exam_days:
            state = state_at(course, day)
            blocks[day] = block.on(state)
            limb = block.limb(person.nerve, person.lesion, state, arm.interventions)
            tests = laboratory.for_every_twin(case.tests_on(day))
            for m in examine(limb, laboratory, tests).measurements:
                exams.append(Row((arm.name, f"{day:g}", *m.labels), m.unit, m.values))
        for bound, other in (("low", arm.low), ("high", arm.high)):
            if other is not None:
                (course_then,) = courses(person, [other])
                curves += _curves(course_then, block, days, arm.name, bound)
        if not arm.interventions:
            classes = list(_classes(course, blocks))
    tests = laboratory.for_every_twin(laboratory.for_other_side(case.tests))
    other_side = examine(healthy(person.nerve), laboratory, tests)
    return Outcomes(
        days=tuple(days),
        exam_days=case.exam_days,
        curves=Labelled.of_rows(CURVES, curves),
        exams=Labelled.of_rows(EXAMS, exams),
        healthy=Labelled.of_rows(
            HEALTHY, (Row(m.labels, m.unit, m.values) for m in other_side.measurements)
        ),
        classes=Labelled.of_rows(CLASSES, classes),
        arrivals=Labelled.of_rows(ARRIVALS, arrivals),
        drawn=Labelled.of_rows(
            DRAWN, (Row((name,), _unit(case, name), v) for name, v in person.drawn.items())
        ),
        read=person.nerve.twins.parameters.read,
    )


def _curves(
    course: Course, block: Block, days: Sequence[float], arm: str, bound: str
) -> Iterator[Row]:
    columns: dict[tuple[str, str], tuple[str, list[Floats]]] = {}

    def put(quantity: str, target: str, unit: str, value: Floats) -> None:
        columns.setdefault((quantity, target), (unit, []))[1].append(value)

    nerve, parameters = course.nerve, course.nerve.twins.parameters
    weight = np.where(course.lesion.present, nerve.fibres.weight, 0.0)
    weight = weight / max(weight.sum(), 1e-300)
    for day in days:
        state = state_at(course, day)
        limb = block.limb(nerve, course.lesion, state, course.plan.interventions)
        home = limb.state.right & (limb.state.destination == nerve.fibres.target)
        put(CONDUCTING, "", "%", 100 * ((limb.conducts & home) @ weight))
        put(JOINED, "", "%", 100 * ((limb.state.joined & home) @ weight))
        put(FRONT, "", "mm", _front_mm(limb))
        put(PAIN, "", OF_TEN, pain.usual(limb))
        put(NUMBNESS, "", PERCENT, 100 * loss.numb(limb))
        for target in nerve.targets:
            if target.kind == "motor":
                force = 100 * strength.force_fraction(limb, target.name)
                mrc = strength.graded(limb, target.name, force / 100)
                put(strength.FORCE, target.name, strength.FORCE_UNIT, force)
                put(strength.MRC_GRADE, target.name, strength.MRC_UNIT, mrc)
            else:
                fibres = 100 * supply.any(limb, target.name)
                felt = touch.filament(
                    felt_fraction(limb, target), touch.healthy_marking(limb), parameters
                )
                put(TOUCH_FIBRES, target.name, "%", fibres)
                put(touch.FILAMENT, target.name, touch.FILAMENT_UNIT, felt)
    for (quantity, name), (unit, column) in columns.items():
        yield Row((arm, bound, quantity, name), unit, np.stack(column, axis=1))


def _front_mm(limb: Limb) -> Floats:
    # how far beyond the lesion the growing axons have come on average; 0 where none is growing
    growing = limb.lesion.present & ~limb.state.intact
    ahead = np.maximum(limb.state.front_mm - limb.lesion.site_mm[:, None], 0.0)  # but for rounding
    ahead = np.where(growing, ahead, 0.0)
    return ahead.sum(axis=1) / np.maximum(growing.sum(axis=1), 1)


def _arrivals(course: Course, arm: str, horizon_d: float) -> Iterator[Row]:
    seen = arrival(course, horizon_d)
    for quantity, field, unit in _ARRIVALS:
        for k, target in enumerate(seen.targets):
            yield Row((arm, target, quantity), unit, getattr(seen, field)[:, k])


def _classes(course: Course, blocks: Mapping[float, Floats]) -> Iterator[Row]:
    # neurapraxia is a block by the engine's account, not any thinning of the sheath
    by_day = [classes_at(course, day, thin_below) for day, thin_below in blocks.items()]
    for k, name in enumerate(SEDDON):
        fractions = np.stack([c.seddon[:, k] for c in by_day], axis=1)
        yield Row(("Seddon", name), "fraction", fractions)
    for sunderland_grade in range(6):
        fractions = np.stack([c.sunderland[:, sunderland_grade] for c in by_day], axis=1)
        yield Row(("Sunderland", str(sunderland_grade)), "fraction", fractions)
    counts = course.nerve.twins.each("lesion.classify.mixed")[:, None]
    mixed = np.stack([c.mixed(counts).astype(float) for c in by_day], axis=1)
    yield Row(("Mackinnon", "6"), "fraction", mixed)


def _unit(case: Case, field: str) -> str:
    size = case.cause.sizes().get(field.replace("acute.", ""))
    return size.unit if size else ""
