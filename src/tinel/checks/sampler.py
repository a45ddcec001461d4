"""Patients' twins as they are really drawn, against the truth and against an independent route."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from tinel.case.observed import Observed, State
from tinel.checks.calibration import found_in, log_likelihoods_of
from tinel.checks.ranks import place
from tinel.checks.sample import Sample
from tinel.checks.stories import Known
from tinel.cohort.person import injure
from tinel.cohort.summary import weighted_quantiles
from tinel.exam.laboratory import set_up
from tinel.exam.limb import Floats
from tinel.infer.posterior import posterior
from tinel.infer.simulate import Session, simulate
from tinel.infer.tempered import effective_size
from tinel.infer.term import Column
from tinel.progress import Progress, silent

TWINS = 100
FORCE = "force"


@dataclass(frozen=True)
class Drawn:
    """A simulated patient whose twins were drawn.

    Args:
        nerve: of the story.
        fits: whether a forecast was given.
        effective: how many independent twins.
        places: by goal, where the truth fell.
        values: by goal, what becomes of the twins.
    """

    nerve: str
    fits: bool
    effective: float
    places: dict[str, float]
    values: dict[str, Floats]


def planted(patients: Sample, k: int, known: Known, found: list[Floats]) -> tuple[Observed, ...]:
    """The findings of one simulated patient, as a case has them.

    Args:
        patients: of a story.
        k: which.
        known: what is known of the patient.
        found: by term, what was found in each.
    """
    told = []
    for j in patients.known(known):
        value = float(found[j][k])
        state: State = "absent" if np.isnan(value) else "value"
        told.append(replace(patients.terms[j].seen, state=state, low=value, high=value))
    return tuple(told)


def drawn(
    twins: Sample,
    patients: Sample,
    known: Known,
    n: int,
    prior_twins: int,
    progress: Progress = silent,
) -> Iterator[Drawn]:
    """The first simulated patients of a story, with twins drawn as for a case file.

    Args:
        twins: of the story; their case is that of the patients.
        patients: with draws of another seed.
        known: what is known of them.
        n: how many patients.
        prior_twins: twins before the findings, 100 or more.
        progress: called with how far it is.
    """
    rng = np.random.default_rng([patients.case.run.seed, 15])
    found = found_in(patients, rng)
    case = twins.case
    laboratory = set_up(injure(case, range(1)).nerve, files=case.files)
    goals = {
        f"{FORCE}, day {day:g}": Column(day, "strength", twins.story.muscles[0], "", FORCE)
        for day in twins.story.goal_days
        if day > known.day
    }
    sessions = [Session(day, "strength") for day in twins.story.goal_days]
    for k in range(n):
        progress(k, n, f"twins of simulated patients of the {twins.story.nerve} nerve")
        told = replace(case.with_run(twins=TWINS), observed=planted(patients, k, known, found))
        got = posterior(told, n=TWINS, prior_twins=prior_twins)
        assert got.particles is not None, "findings were planted"
        chosen = got.traits.chosen(got.particles.own, got.particles.scores)
        of_patient = replace(told, chosen=chosen)
        seen = simulate(of_patient, range(TWINS), laboratory, sessions)
        each = np.full(TWINS, 1 / TWINS)
        places, values = {}, {}
        for name, column in goals.items():
            values[name] = seen[Session(column.day or 0.0, "strength")].column(column)
            places[name] = place(each, values[name], float(patients.goals[name][k]), rng)
        scores = dict(zip(got.traits.names, got.particles.scores.T, strict=True))
        for name, truth in patients.goals.items():
            if name.startswith("cause."):
                values[name] = scores[name]
                places[name] = place(each, scores[name], float(truth[k]), rng)
        yield Drawn(twins.story.nerve, got.fit.fits, got.particles.effective, places, values)


@dataclass(frozen=True)
class Agreed:
    """The mean of one goal by two independent routes.

    Args:
        goal: its name.
        drawn, weighted: mean, standard error and the ends of the 90 % interval by either route.
    """

    goal: str
    drawn: tuple[float, float, float, float]
    weighted: tuple[float, float, float, float]

    @property
    def standard_errors(self) -> float:
        """How far the means are apart, in standard errors of the difference."""
        off = abs(self.drawn[0] - self.weighted[0])
        return float(off / max(np.hypot(self.drawn[1], self.weighted[1]), 1e-12))


def second_route(
    first: Drawn, twins: Sample, patients: Sample, known: Known
) -> tuple[tuple[Agreed, ...], float]:
    """The first patient's forecast by weights of other twins, and how many effective twins that is.

    Args:
        first: from ``drawn``.
        twins: with draws of a seed that neither the sampler nor the patients have.
        patients, known: as of ``drawn``.
    """
    rng = np.random.default_rng([patients.case.run.seed, 15])
    found = found_in(patients, rng)
    logs = log_likelihoods_of(twins, [float(f[0]) for f in found], [{} for _ in found])
    total = logs[twins.known(known)].sum(axis=0)
    weights = np.exp(total - total.max())
    weights /= weights.sum()
    n_drawn, n_weighted = first.effective, effective_size(weights)
    rows = []
    for name, values in first.values.items():
        other, even = twins.goals[name], np.full(len(values), 1 / len(values))
        rows.append(Agreed(name, _told(values, even, n_drawn), _told(other, weights, n_weighted)))
    return tuple(rows), n_weighted


def _told(values: Floats, weights: Floats, n: float) -> tuple[float, float, float, float]:
    mean = float(weights @ values)
    error = float(np.sqrt(weights @ (values - mean) ** 2 / n))
    low, high = weighted_quantiles(values, weights, (0.05, 0.95)).tolist()
    return mean, error, low, high
