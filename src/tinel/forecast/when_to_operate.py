"""Waiting or operating: the outcome of the same twins against the day of an operation."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from tinel.case import Case
from tinel.case.arms import WAIT, Arm, days_of
from tinel.case.schema import Exam
from tinel.cohort.gather import gather
from tinel.cohort.person import injure
from tinel.declare.quantity import shown_day
from tinel.errors import TinelError
from tinel.exam.laboratory import set_up
from tinel.exam.tests import strength
from tinel.forecast.goals import goals_of
from tinel.forecast.model_error import model_error
from tinel.forecast.probability import Chance, chance
from tinel.forecast.recovery import DAYS_OF_A_MONTH
from tinel.progress import Progress, silent
from tinel.treatment import known_treatments

MONTHS_FROM_TODAY = (0, 1, 2, 3, 4, 6, 9, 12)
TWINS = 48
USUAL = Path(__file__).parent / "usual_operation.toml"


@dataclass(frozen=True)
class Operated:
    """The chance of a goal on the last day computed, with an operation on a day.

    Args:
        target, goal, means: as in ``forecast.goals.Goal``.
        operation: the treatments done, in words; empty for waiting.
        on_day: day of the first of them; None for waiting.
        by_day: the last day computed.
        chance: with its interval.
    """

    target: str
    goal: str
    means: str
    operation: str
    on_day: float | None
    by_day: float
    chance: Chance


def when_to_operate(
    case: Case,
    as_of_day: float,
    worth: float = 1.0,
    *,
    arm: str = "",
    twins: int = TWINS,
    workers: int = 1,
    progress: Progress = silent,
) -> tuple[Operated, ...]:
    """The outcome of the same twins with an operation today, and some months later.

    Args:
        case: its twins are those of the patient.
        as_of_day: today; only twins that do not meet a goal today count for it.
        worth: how many independent twins one twin is, 0 to 1.
        arm: which arm's operation is moved; the first of the case that operates where left out,
            and the usual one for its cause where it has none.
        twins: how many of them, 1 or more, at most those of the case.
        workers: processes to use.
        progress: called with how far it is.

    Returns:
        For each goal waiting first, then each day; empty where no operation is usual, or one was
        done by today.

    Raises:
        TinelError: no such arm, or one without an operation.
    """
    steps = operation_of(case, arm)
    end = case.run.horizon_days
    days = [as_of_day + round(DAYS_OF_A_MONTH * months) for months in MONTHS_FROM_TODAY]
    days = [day for day in days if case.cause.begins_d <= day < end]
    if not steps or not days or _operated_by(case, as_of_day):
        return ()
    moved = {f"operation on day {shown_day(day)}": (day, _moved(steps, day, end)) for day in days}
    arms = {name: done for name, (_, done) in moved.items()}
    few = _with_arms(case, arms, min(twins, case.run.twins))
    first = injure(few, range(1))
    laboratory = set_up(first.nerve, files=few.files)
    outcomes = gather(few, laboratory, sorted({0.0, as_of_day, end}), progress, workers)
    people, at = few.twins(range(few.run.twins)), outcomes.days.index(as_of_day)
    alone, treated = (model_error(case.nerve.name, t).sd_logit for t in (False, True))
    told = _words(steps)
    waiting = goals_of(outcomes.curves, first.nerve, people, WAIT)
    found = list[Operated]()
    by_arm = {name: goals_of(outcomes.curves, first.nerve, people, name) for name in moved}
    for k, goal in enumerate(waiting):
        not_yet = ~goal.met[:, at]
        if not not_yet.any():
            continue
        what = (goal.target, goal.name, goal.means)
        now = chance(goal.met[:, -1], not_yet, worth, alone)
        found.append(Operated(*what, "", None, end, now))
        for name, (day, _) in moved.items():
            met = by_arm[name][k].met
            error = alone if np.array_equal(met, goal.met) else treated
            then = chance(met[:, -1], not_yet, worth, error)
            found.append(Operated(*what, told, day, end, then))
    return tuple(found)


def operation_of(case: Case, arm: str = "") -> tuple[Mapping[str, Any], ...]:
    """The steps of the arm whose operation is moved; the usual one for the cause otherwise.

    Args:
        case: the case.
        arm: its name; the first arm that operates where left out.

    Raises:
        TinelError: no such arm, or one without an operation.

    Example:
        >>> from tinel.case import load
        >>> [step["treatment"] for step in operation_of(load("examples/cut.toml"))]
        ['repair']
    """
    treatments = known_treatments(case.files)
    operating = {
        one.name: tuple(s for s in one.step if not treatments[s["treatment"]].does_nothing)
        for one in case.arm
        if any(treatments[step["treatment"]].operation for step in one.step)
    }
    if arm and arm not in operating:
        given = "there is no operation" if arm in [a.name for a in case.arm] else "no arm is called"
        raise TinelError(
            f"{given} '{arm}'" if given.startswith("no") else f"{given} in the arm '{arm}'",
            advice=f"allowed: {', '.join(operating) or 'none of this case'}",
        )
    if operating:
        return operating[arm] if arm else next(iter(operating.values()))
    usual = _usual().get(case.cause.kind)
    if usual is None or case.cause.beyond is not None:  # at which of two, nobody has told
        return ()
    step = {"treatment": usual["treatment"], "day": 0.0}
    length = case.cause.length_mm
    if "gap_mm" in usual and length is not None:
        step["gap_mm"] = length.median
    return (step,)


def _operated_by(case: Case, day: float) -> bool:
    treatments = known_treatments(case.files)
    done = next(arm for arm in case.arm if arm.name == case.done)
    return any(
        treatments[step["treatment"]].operation and min(days_of(step)) <= day for step in done.step
    )


@cache
def _usual() -> dict[str, dict[str, str]]:
    return tomllib.loads(USUAL.read_text(encoding="utf-8"))


def _moved(steps: Sequence[Mapping[str, Any]], day: float, end: float) -> Iterator[dict[str, Any]]:
    """The steps with the first on a day and the others as far behind it as they were."""
    first = min(d for step in steps for d in days_of(step))
    for step in steps:
        later = [d - first + day for d in days_of(step) if d - first + day <= end]
        if later:
            yield {**step, **({"days": later} if step.get("days") else {"day": later[0]})}


def _with_arms(case: Case, arms: Mapping[str, Iterator[dict[str, Any]]], twins: int) -> Case:
    every = (Arm(WAIT), *(Arm(name, tuple(steps)) for name, steps in arms.items()))
    # kept parts are found by the text of a case, which does not say these arms
    said = hashlib.sha256(f"{case.source.sha256} {every!r}".encode()).hexdigest()
    return replace(
        case.with_run(None, twins),
        source=replace(case.source, sha256=said),
        arm=every,
        exam=(Exam(days=(1.0,), tests=(strength.TEST.name,)),),
        beside=(),
    )


def _words(steps: Sequence[Mapping[str, Any]]) -> str:
    return ", ".join(dict.fromkeys(str(step["treatment"]) for step in steps))
