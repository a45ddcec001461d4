"""Twins of one patient: those whose examinations agree with the patient's findings."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from tinel.case import Case
from tinel.flow import run
from tinel.infer.fit import Fit
from tinel.progress import Progress, silent
from tinel.result import Result


@dataclass(frozen=True)
class PatientTwins:
    """The twins of a patient, each as likely as the others, with all that was computed for them.

    Args:
        case: whose; its twins are those of the patient.
        as_of_day: no finding of a later day was used.
        result: outcomes of the twins, as of any run; ``result.outcomes`` has the curves of every
            arm, ``(n_twin, n_row, n_day)``.
        effective_sample_size: how many independent twins they are worth.
        fit: whether story and findings agree.
        contraction: by drawn quantity, how much narrower than before the findings: 0 for not at
            all, 1 for known exactly.
    """

    case: Case
    as_of_day: float
    result: Result
    effective_sample_size: float
    fit: Fit
    contraction: Mapping[str, float]


def patient_twins(
    case: Case,
    today: float = math.inf,
    *,
    workers: int = 1,
    progress: Progress = silent,
) -> PatientTwins:
    """The twins that agree with a patient's findings, and what becomes of them under every arm.

    Args:
        case: with its findings; without any, twins of the story alone.
        today: later findings are not read; infinite for all of them.
        workers: processes to use.
        progress: called with how far it is.

    Raises:
        TinelError: as ``tinel.run``; a finding that no test measures.
    """
    return of_result(run(case, today=today, workers=workers, progress=progress), today)


def of_result(result: Result, today: float = math.inf) -> PatientTwins:
    """The twins of a result that was computed with the findings up to a day."""
    found = result.posterior
    n = float(result.outcomes.n_twin)
    last = [o.last_day for o in result.case.observed if o.last_day <= today]
    as_of = today if math.isfinite(today) else max(last, default=0.0)
    return PatientTwins(
        case=result.case,
        as_of_day=as_of,
        result=result,
        effective_sample_size=min(found.fit.effective_sample_size, n),
        fit=found.fit,
        contraction=found.contraction,
    )
