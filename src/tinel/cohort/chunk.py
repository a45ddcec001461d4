"""One range of twins from cause to recovery."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from tinel.case import Case
from tinel.cohort.labelled import Labelled, Row
from tinel.cohort.outcomes import ARRIVALS, CLASSES, CURVES, DRAWN, EXAMS, HEALTHY, Outcomes
from tinel.cohort.person import injure, plans
from tinel.course import Course, arrival, classes_at, follow, state_at
from tinel.exam import supply
from tinel.exam.block import Block
from tinel.exam.daily import daily
from tinel.exam.examination import examine
from tinel.exam.laboratory import Laboratory
from tinel.exam.limb import Floats, healthy
from tinel.exam.skin import felt_fraction
from tinel.exam.tests import strength, touch
from tinel.lesion.classify import SEDDON
from tinel.symptom import loss, pain
from tinel.symptom.symptoms import NUMBNESS, OF_TEN, PAIN, PERCENT
from tinel.treatment import Plan

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
    waited = follow(person.nerve, person.lesion, next(a for a in arms if not a.interventions))

    def under(plan: Plan) -> Course:
        if not plan.interventions:
            return waited
        return follow(person.nerve, person.lesion, plan, waited)

    # before anything is done all arms are one, and an examination of one is that of all
    untouched: dict[float, list[Row]] = {}
    for arm in arms:
        course = under(arm)
        curves += _curves(course, block, days, arm.name, "")
        arrivals += _arrivals(course, arm.name, case.run.horizon_days)
        blocks = {}
        for day in case.exam_days:
            nothing_yet = day < _same_until_d(arm)
            if nothing_yet and arm.interventions and day in untouched:
                exams += [
                    row._replace(labels=(arm.name, *row.labels[1:])) for row in untouched[day]
                ]
                continue
            state = state_at(course, day)
            blocks[day] = block.on(state)
            limb = block.limb(person.nerve, person.lesion, state, arm.interventions)
            tests = laboratory.for_every_twin(case.tests_on(day))
            measured = examine(limb, laboratory, tests).measurements
            rows = [Row((arm.name, f"{day:g}", *m.labels), m.unit, m.values) for m in measured]
            exams += rows
            if nothing_yet:
                untouched[day] = rows
        for bound, other in (("low", arm.low), ("high", arm.high)):
            if other is not None:
                curves += _curves(under(other), block, days, arm.name, bound)
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


def _same_until_d(plan: Plan) -> float:
    # until an injured piece is cut out a course is that of waiting to the last bit; what changes
    # a pressure cuts its steps elsewhere, and splits by rounding
    first = min((i.day for i in plan.interventions), default=math.inf)
    cut_out = any(i.resects and i.day == first for i in plan.interventions)
    return first if cut_out or not plan.interventions else 0.0


def _curves(
    course: Course, block: Block, days: Sequence[float], arm: str, bound: str
) -> Iterator[Row]:
    def row(quantity: str, target: str, unit: str, value: Floats) -> Row:
        return Row((arm, bound, quantity, target), unit, value)

    limb = daily(course, block, days)
    yield row(CONDUCTING, "", "%", 100 * limb.conducting.T)
    yield row(JOINED, "", "%", 100 * limb.joined.T)
    yield row(FRONT, "", "mm", limb.front_mm.T)
    yield row(PAIN, "", OF_TEN, pain.usual(limb).T)
    yield row(NUMBNESS, "", PERCENT, 100 * loss.numb(limb).T)
    for target in limb.nerve.targets:
        if target.kind == "motor":
            force = strength.force_fraction(limb, target.name).T
            mrc = strength.graded(limb, target.name, force)
            yield row(strength.FORCE, target.name, strength.FORCE_UNIT, 100 * force)
            yield row(strength.MRC_GRADE, target.name, strength.MRC_UNIT, mrc)
        else:
            fraction, normal = felt_fraction(limb, target).T, touch.healthy_marking(limb.nerve)
            felt = touch.filament(fraction, normal, limb.parameters)
            yield row(TOUCH_FIBRES, target.name, "%", 100 * supply.any(limb, target.name).T)
            yield row(touch.FILAMENT, target.name, touch.FILAMENT_UNIT, felt)


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
