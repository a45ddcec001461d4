"""Which test on which day: the clinic's rules come out of the model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tinel.case import Case, load
from tinel.cohort.person import courses, injure, plans
from tinel.course import arrival
from tinel.errors import TinelError
from tinel.forecast.next_tests import NextTest, next_tests
from tinel.infer.stories import compare

TWINS = 800  # with 60 the narrowing by a test is too uncertain to compare two
MUSCLE = "extensor digitorum communis"


@pytest.fixture(scope="module")
def pressed() -> Case:
    """A radial nerve that was pressed hard enough to lose some axons in most twins."""
    case = load("examples/block.toml").with_run(twins=TWINS)
    harder = replace(case.cause.values["acute_pressure_mmHg"], low=200.0, high=900.0)
    values = {**case.cause.values, "acute_pressure_mmHg": harder}
    return replace(case, cause=replace(case.cause, values=values), observed=(), events=())


@pytest.fixture(scope="module")
def ranked(pressed: Case) -> tuple[NextTest, ...]:
    """The tests of some days, by what they settle of the share of axons lost."""
    person = injure(pressed, range(TWINS))
    waiting = next(p for p in plans(pressed) if not p.interventions)
    (course,) = courses(person, [waiting])
    seen = arrival(course, 730.0)
    lost = seen.lost[:, list(seen.targets).index(MUSCLE)]
    print(f"axons lost: {np.quantile(lost, [0.05, 0.5, 0.95]).round(2)}")
    return next_tests(pressed, {"axons lost": lost}, 0.0, after_d=(3.0, 8.0, 24.0))


def settled(ranked: tuple[NextTest, ...], test: str, day: float) -> float:
    """The narrowing of one test on one day."""
    (one,) = [r for r in ranked if (r.test, r.day) == (test, day)]
    print(f"{test}, day {day:g}: settles {100 * one.narrowing:.0f} %")
    return one.narrowing


def test_the_needle_is_for_weeks_3_to_4(ranked: tuple[NextTest, ...]) -> None:
    early, week, month = (settled(ranked, "needle EMG", day) for day in (3.0, 8.0, 24.0))
    assert month > early + 0.1 and month > week + 0.05


def test_conduction_can_tell_before_the_needle(ranked: tuple[NextTest, ...]) -> None:
    # the exception: below the injury a response is gone after a week where its axons are
    assert settled(ranked, "motor conduction", 8.0) > settled(ranked, "motor conduction", 3.0) + 0.1
    assert settled(ranked, "motor conduction", 8.0) > settled(ranked, "needle EMG", 8.0)


def test_the_best_comes_first_and_shares_are_shares(ranked: tuple[NextTest, ...]) -> None:
    each = [one.narrowing for one in ranked]
    assert each == sorted(each, reverse=True) and min(each) >= 0 and max(each) <= 1


def test_a_settled_goal_needs_no_test(pressed: Case) -> None:
    assert next_tests(pressed, {"walks": np.ones(TWINS)}, 0.0) == ()


def test_of_two_stories_the_true_one_is_likelier() -> None:
    case = load("examples/block.toml").with_run(twins=20)
    mild = replace(case.cause.values["acute_pressure_mmHg"], low=30.0, high=60.0)
    values = {**case.cause.values, "acute_pressure_mmHg": mild}
    light = replace(case, cause=replace(case.cause, values=values))
    told = compare({"light": light, "as told": case})
    print([(s.name, round(s.probability, 3), s.found.fit.fits) for s in told])
    assert told[0].name == "as told" and told[0].probability > 0.9


def test_stories_need_findings(pressed: Case) -> None:
    with pytest.raises(TinelError, match="no findings"):
        compare({"a": pressed, "b": pressed})
