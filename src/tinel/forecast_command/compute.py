"""From a case to its forecast."""

from __future__ import annotations

from tinel.case import Case
from tinel.flow import run
from tinel.forecast.forecast import Forecast, forecast
from tinel.forecast.when_to_operate import when_to_operate
from tinel.infer.patient_twins import Fit, PatientTwins
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
    twins = _twins_of(case, today, workers, progress)
    if not twins.fit.fits:
        return forecast(twins)
    worth = min(twins.effective_sample_size / twins.result.outcomes.n_twin, 1.0)

    def trying(done: int, total: int, what: str) -> None:
        progress(done, total, f"{what} operated on other days")

    operated = when_to_operate(twins.case, today, worth, arm=arm, workers=workers, progress=trying)
    return forecast(twins, operated)


def _twins_of(case: Case, today: float, workers: int, progress: Progress) -> PatientTwins:
    result = run(case, workers=workers, progress=progress)
    fit = Fit(True, (), (), 1.0, 0.0)
    return PatientTwins(case, today, result, float(result.outcomes.n_twin), fit, {})
