"""Every cohort computed with the numbers in use, beside what was published."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.calibration.cohorts import Cohort, Figure, published_cohorts
from tinel.calibration.compare import Compared, compared
from tinel.calibration.outcome import Computed
from tinel.calibration.runner import WORKERS, Done, jobs_of, run_jobs
from tinel.evidence.posterior import Posterior, calibrated
from tinel.progress import Progress, silent

Floats = NDArray[np.float64]

TWINS = 400  # patients for each population and row
ROWS = 10  # of the posterior
INTERVAL = (5.0, 95.0)


@dataclass(frozen=True)
class Row:
    """One figure: published and computed.

    ``interval`` is the computed 90 % interval for as many patients as were published, from what is
    not known of the parameters and from chance; None for a mean day or without a number.
    ``with_own`` is the same with the error that the fit found the program to have by itself.
    """

    cohort: Cohort
    figure: Figure
    seen: Compared
    interval: tuple[float, float] | None
    with_own: tuple[float, float] | None = None


@dataclass(frozen=True)
class Validation:
    """All figures that can be computed, and why the others cannot.

    Args:
        rows: computed figures.
        problems: reason by cohort and population where nothing could be computed.
        posterior: whose rows were used; None for the numbers as they stand.
    """

    rows: tuple[Row, ...]
    problems: dict[str, str]
    posterior: Posterior | None

    def of(self, role: str) -> list[Row]:
        """The figures of one role."""
        return [row for row in self.rows if row.cohort.role == role]


def validate(
    n_twin: int = TWINS,
    n_row: int = ROWS,
    workers: int = WORKERS,
    progress: Progress = silent,
    posterior: Posterior | None = None,
) -> Validation:
    """Compute every cohort.

    Args:
        n_twin: patients for each population and row.
        n_row: rows of the posterior.
        workers: processes.
        progress: called as populations are done.
        posterior: whose rows are used; that of the last calibration where left out.
    """
    cohorts = published_cohorts()
    found = posterior or calibrated()
    keys, values = _values(found, n_row)
    jobs = jobs_of(cohorts, keys, values, n_twin)
    done = run_jobs(jobs, workers, progress, "cohorts")
    rows, problems = list[Row](), dict[str, str]()
    own = found.own_error_points[1] if found is not None and found.own_error_points else None
    known = {cohort.key: cohort for cohort in cohorts}
    for job in jobs:
        result = done[job]
        if result.problem:
            problems[f"{job.cohort}, {job.population}"] = result.problem
        rows += _rows(known[job.cohort], job.population, result, own)
    return Validation(tuple(rows), problems, found)


def before_calibration(posterior: Posterior) -> Posterior:
    """One row with the values that stood in the evidence before the calibration."""
    return Posterior(posterior.keys, np.array([posterior.about["before"]]), {})


def _values(posterior: Posterior | None, n_row: int) -> tuple[tuple[str, ...], Floats]:
    if posterior is None:
        return (), np.zeros((1, 0))
    return posterior.keys, posterior.rows[:n_row]


def _rows(cohort: Cohort, name: str, done: Done, own: float | None) -> Iterator[Row]:
    for k, figure in enumerate(cohort.figures):
        if figure.population != name or figure.measure is None:
            continue
        found = [row[k] for row in done.rows if k in row]
        values = np.array([c.value for c in found if math.isfinite(c.value)])
        if len(values):
            seen = compared(figure, float(values.mean()))
            with_own = None if own is None else interval(figure, values, found, own)
            yield Row(cohort, figure, seen, interval(figure, values, found), with_own)


def interval(
    figure: Figure, values: Floats, found: Sequence[Computed], own_points: float = 0.0
) -> tuple[float, float] | None:
    """Where 90 % of such published percentages are to be expected; None without a number.

    Args:
        figure: how many patients were counted.
        values: computed with each row, ``(n_row,)``, in percent.
        found: the same with the number of patients behind it.
        own_points: what the program is off by itself, standard deviation in points.
    """
    if figure.mean_days is not None or not figure.N:
        return None
    rng = np.random.default_rng(0)
    # what few computed patients say of a percentage is itself uncertain: half a patient either way
    n = np.array([c.n for c in found if math.isfinite(c.value)])
    each = rng.beta(values / 100 * n + 0.5, (1 - values / 100) * n + 0.5, (400, len(values)))
    off = own_points / 100 * rng.standard_normal(each.shape)
    drawn = 100 * rng.binomial(figure.N, np.clip(each + off, 0.0, 1.0)) / figure.N
    low, high = np.percentile(drawn, INTERVAL)
    return float(low), float(high)
