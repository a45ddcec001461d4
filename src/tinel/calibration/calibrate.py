"""Fit the free parameters to the fit cohorts, and write what is left of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.calibration import grafted
from tinel.calibration.cohorts import Cohort, Figure, published_cohorts
from tinel.calibration.compare import (
    MODEL_SD_log_days,
    MODEL_SD_points,
    fit_variance,
    on_fit_scale,
    own_variance,
)
from tinel.calibration.runner import WORKERS, Job, jobs_of, run_jobs
from tinel.calibration.together import Prior, Way, downhill
from tinel.calibration.waves import DIGITS, DRAWS, OWN, Target, Waves, compute_waves, draw_posterior
from tinel.errors import TinelError
from tinel.evidence.free import Free, free_parameters
from tinel.evidence.posterior import calibrated
from tinel.nerve.library import parameters
from tinel.progress import Progress, silent

Floats = NDArray[np.float64]

POINTS = (64, 40, 40, 40, 40, 40)  # computed in each wave
TWINS = 120  # patients for each population at a point
TOGETHER = 16  # points computed at once
DRAWN = 400  # rows drawn, of which those are kept that meet what was measured
CHECKED = 12  # rows of them that are computed
STEPS = 3  # downhill
MOVED_TWINS = 200  # patients for each population where numbers are moved together
SEED = 1


@dataclass(frozen=True)
class Fitted:
    """A finished fit.

    Args:
        free: the parameters.
        rows: of the posterior, in their units, ``(n_row, n_free)``.
        own: the program's own error over the stated one, ``(n_row,)``, drawn with each row.
        force_percent: that grafted muscles have with each row that was drawn, kept or not.
        waves: computed points and emulator.
        target: what was fitted.
        figures: cohort, place and figure behind each column.
        checked: root mean square distance by computed row, in stated errors: simulated, and as the
            emulator had it.
        problems: populations that could not be computed, with the reason.
    """

    free: tuple[Free, ...]
    rows: Floats
    own: Floats
    force_percent: Floats
    waves: Waves
    target: Target
    figures: tuple[tuple[Cohort, int, Figure], ...]
    checked: tuple[tuple[float, float], ...]
    problems: dict[str, str]


def calibrate(
    points: tuple[int, ...] = POINTS,
    n_twin: int = TWINS,
    workers: int = WORKERS,
    progress: Progress = silent,
    seed: int = SEED,
    n_draws: int = DRAWS,
) -> Fitted:
    """Fit the free parameters to the published fit cohorts.

    Args:
        points: points that each wave computes.
        n_twin: patients for each population at a point.
        workers: processes.
        progress: called as points are done.
        seed: of all draws.
        n_draws: draws from the emulator.

    Raises:
        TinelError: no fit cohort can be computed, or no row meets the force after grafts.
    """
    free = free_parameters()
    cohorts = [c for c in published_cohorts() if c.role == "fit"]
    figures, problems = _computable(cohorts, free, n_twin, workers, progress)
    target = _target(figures, n_twin)

    def simulate(x: Floats) -> Floats:
        return _simulated(x, free, cohorts, figures, n_twin, workers, progress)

    waves = compute_waves(simulate, target, len(free), points, seed)
    drawn = draw_posterior(waves.emulator, target, len(free), DRAWN, seed, n_draws)
    rows = _in_units(drawn.x, free)
    force = grafted.medians_percent(rows, [one.key for one in free], workers, progress)
    meets = np.array([grafted.met(percent) for percent in force])
    if not meets.any():
        told = f"none of {DRAWN} rows leaves grafted muscles the force that was measured"
        raise TinelError(told, advice=f"they leave {force.min():.0f} to {force.max():.0f} %")
    few = drawn.x[meets][:CHECKED].round(DIGITS)
    again = simulate(few)
    mean, variance = waves.emulator.predict(few)
    checked = tuple(
        (_rms(target, seen, np.zeros_like(seen)), _rms(target, then, var))
        for seen, then, var in zip(again, mean, variance, strict=True)
    )
    return Fitted(
        free, rows[meets], drawn.own[meets], force, waves, target, figures, checked, problems
    )


def move_together(
    steps: int = STEPS,
    n_twin: int = MOVED_TWINS,
    workers: int = WORKERS,
    progress: Progress = silent,
) -> tuple[Prior, Way]:
    """Move the free parameters together, downhill from the numbers in use.

    Args:
        steps: the most that are made.
        n_twin: patients for each population at a point, the same at every point.
        workers: processes.
        progress: called as points are done.

    Raises:
        TinelError: no fit cohort can be computed.
    """
    free, known = free_parameters(), parameters()
    prior = Prior(free, np.array([float(known.number(one.key).value) for one in free]))
    cohorts = [c for c in published_cohorts() if c.role == "fit"]
    figures, _ = _computable(cohorts, free, n_twin, workers, progress)

    def simulate(x: Floats) -> Floats:
        return _simulated(x, free, cohorts, figures, n_twin, workers, progress)

    return prior, downhill(simulate, _target(figures), prior, steps)


def about(fitted: Fitted, n_twin: int = TWINS, seed: int = SEED) -> dict[str, object]:
    """How a fit was made, in words and numbers, for the file beside its rows."""
    seen = [s for s, _ in fitted.checked]
    return {
        "what": "joint draws of the free parameters, fitted to the cohorts with the role fit",
        "method": "sequential Monte Carlo on Gaussian processes that are made anew in waves",
        "seed": seed,
        "before": _before(fitted.free),
        "prior": "; ".join(f"{f.key} {f.low:g} to {f.high:g} ({f.scale})" for f in fitted.free),
        "distance": "published minus simulated over its stated error; groups of patients weigh one",
        "model_sd_points": MODEL_SD_points,
        "model_sd_log_days": MODEL_SD_log_days,
        "own_error_over_stated_prior": list(OWN),
        "own_error_over_stated": [
            round(float(v), 2) for v in np.percentile(fitted.own, (5, 50, 95))
        ],
        "rows_drawn": len(fitted.force_percent),
        "rows_that_meet_the_force_after_grafts": len(fitted.rows),
        "force_after_grafts_percent": [
            round(float(v), 1) for v in np.percentile(fitted.force_percent, (5, 50, 95))
        ],
        "points": len(fitted.waves.x),
        "twins_per_population": n_twin,
        "figures": len(fitted.figures),
        "rows_checked": len(seen),
        "distance_of_checked_rows": round(float(np.mean(seen)), 3),
        "emulated_distance_of_checked_rows": round(
            float(np.mean([e for _, e in fitted.checked])), 3
        ),
    }


def _before(free: Sequence[Free]) -> list[float]:
    # a calibration replaces the values of the one before it, not those that stood before any
    earlier = calibrated()
    known = parameters()
    stood = {} if earlier is None else dict(zip(earlier.keys, earlier.about["before"], strict=True))
    return [float(stood.get(one.key, known.number(one.key).value)) for one in free]


def _jobs(cohorts: Sequence[Cohort], free: Sequence[Free], x: Floats, n_twin: int) -> list[Job]:
    return jobs_of(cohorts, [one.key for one in free], _in_units(x, free), n_twin)


def _in_units(x: Floats, free: Sequence[Free]) -> Floats:
    return np.stack([one.at(x[:, k]) for k, one in enumerate(free)], axis=1)


def _computable(
    cohorts: Sequence[Cohort],
    free: Sequence[Free],
    n_twin: int,
    workers: int,
    progress: Progress,
) -> tuple[tuple[tuple[Cohort, int, Figure], ...], dict[str, str]]:
    """The figures that can be computed in the middle of the prior, and why others cannot."""
    first = _jobs(cohorts, free, np.full((1, len(free)), 0.5), n_twin)
    tried = run_jobs(first, workers, progress, "cohorts once")
    problems = {f"{j.cohort}, {j.population}": d.problem for j, d in tried.items() if d.problem}
    able = {(j.cohort, j.population) for j, d in tried.items() if d.rows}
    figures = tuple(_fitted(cohorts, able))
    if not figures:
        raise TinelError("no fit cohort can be computed", advice="; ".join(problems.values()))
    return figures, problems


def _fitted(
    cohorts: Sequence[Cohort], able: set[tuple[str, str]]
) -> list[tuple[Cohort, int, Figure]]:
    return [
        (cohort, k, figure)
        for cohort in cohorts
        for k, figure in enumerate(cohort.figures)
        if figure.measure is not None and (cohort.key, figure.population) in able
    ]


def _target(figures: Sequence[tuple[Cohort, int, Figure]], n_computed: float = math.inf) -> Target:
    groups: dict[tuple[str, str | None], int] = {}
    published, variance, group, own = [], [], [], []
    for cohort, _, figure in figures:
        value = figure.mean_days if figure.mean_days is not None else figure.published_percent
        assert value is not None
        published.append(on_fit_scale(figure, value))
        variance.append(fit_variance(figure, n_computed))
        group.append(groups.setdefault((cohort.key, figure.population), len(groups)))
        own.append(own_variance(figure))
    return Target(np.array(published), np.array(variance), np.array(group), np.array(own))


def _simulated(
    x: Floats,
    free: Sequence[Free],
    cohorts: Sequence[Cohort],
    figures: Sequence[tuple[Cohort, int, Figure]],
    n_twin: int,
    workers: int,
    progress: Progress,
) -> Floats:
    batches = [x[i : i + TOGETHER] for i in range(0, len(x), TOGETHER)]
    by_batch = [_jobs(cohorts, free, batch, n_twin) for batch in batches]
    done = run_jobs([job for jobs in by_batch for job in jobs], workers, progress, "points")
    found: Floats = np.full((len(x), len(figures)), np.nan)
    for i, jobs in enumerate(by_batch):
        results = {(job.cohort, job.population): done[job].rows for job in jobs}
        for column, (cohort, k, figure) in enumerate(figures):
            for row, computed in enumerate(results[cohort.key, str(figure.population)]):
                if k in computed and math.isfinite(computed[k].value):
                    value = on_fit_scale(figure, computed[k].value)
                    found[i * TOGETHER + row, column] = value
    return found


def _rms(target: Target, seen: Floats, variance: Floats) -> float:
    known = np.isfinite(seen)
    part = Target(target.published[known], target.variance[known], target.group[known])
    squared = part.distance2(seen[None, known], variance[None, known])
    return float(np.sqrt(squared.mean()))
