"""From a case to its forecast."""

from __future__ import annotations

from tinel.case import Case
from tinel.exam.limb import Floats
from tinel.forecast.forecast import Forecast, forecast
from tinel.forecast.goals import AS_BEFORE, FULL, goals_of
from tinel.forecast.next_tests import NextTest, next_tests
from tinel.forecast.patient_twins import PatientTwins, patient_twins
from tinel.forecast.recovery import days_ahead, place
from tinel.forecast.when_to_operate import when_to_operate
from tinel.progress import Progress


def computed(case: Case, today: float, arm: str, workers: int, progress: Progress) -> Forecast:
    """The forecast of a case.

    Args:
        case: computed as far ahead as its run says.
        today: findings of later days are not read.
        arm: whose operation is tried on other days; empty for the first that operates.
        workers: processes to use.
        progress: called with how far it is.
    """
    twins = patient_twins(case, today, workers=workers, progress=progress)
    if not (found := forecast(twins)).fits:
        return found
    worth = min(twins.effective_sample_size / twins.result.outcomes.n_twin, 1.0)

    def trying(done: int, total: int, what: str) -> None:
        progress(done, total, f"{what} operated on other days")

    operated = when_to_operate(twins.case, today, worth, arm=arm, workers=workers, progress=trying)
    return forecast(twins, operated, _next(twins, progress))


def _next(twins: PatientTwins, progress: Progress) -> tuple[NextTest, ...]:
    open_goals = still_open(twins)
    if not open_goals:
        return ()
    return next_tests(twins.case, open_goals, twins.as_of_day, progress=progress)


def still_open(twins: PatientTwins) -> dict[str, Floats]:
    """On which fraction of the dates ahead each twin meets each goal, ``(n_twin,)``.

    Under what was done, and without full strength and touch as before, which settle no plan.
    Goals that all twins meet alike are left out.
    """
    result = twins.result
    people = twins.case.twins(range(result.outcomes.n_twin))
    nerve = result.healthy.limb.nerve
    at = [place(result.days, day) for day in days_ahead(twins.as_of_day, result.days[-1])]
    found = {
        f"{goal.target}, {goal.name}": goal.met[:, at].mean(axis=1)
        for goal in goals_of(result.outcomes.curves, nerve, people, result.case.done)
        if goal.name not in (FULL, AS_BEFORE) and at
    }
    return {name: met for name, met in found.items() if met.min() < met.max()}
