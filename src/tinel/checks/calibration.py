"""Simulation-based calibration: twins of a story play patients, and the truth is known.

Twins drawn with one seed are examined with error; twins drawn with another are weighted by how
well they agree, and what became of the patient is placed among them (Talts 2018, arXiv:1804.06788).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinel.checks.ranks import place
from tinel.checks.sample import Sample
from tinel.checks.stories import KNOWN, Known
from tinel.exam.limb import Floats
from tinel.infer.tempered import effective_size
from tinel.infer.term import Term
from tinel.progress import Progress, silent

_TINY = 1e-300
BLOCK = 50


@dataclass(frozen=True)
class Forecasts:
    """Forecasts for the simulated patients of one story at one time.

    Args:
        nerve: of the story.
        known: what was known.
        effective: effective twins behind each patient's forecast, ``(n_patient,)``.
        places: by goal, where the truth fell among the forecast, ``(n_patient,)``.
        narrower: by goal, mean over patients of how much narrower than before, 0 to 1.
        chances: by goal that is reached or not, the forecast chance, ``(n_patient,)``.
        came_true: by such a goal, 0 or 1, ``(n_patient,)``.
        before: by such a goal, its chance before anything is found.
    """

    nerve: str
    known: Known
    effective: Floats
    places: dict[str, Floats]
    narrower: dict[str, float]
    chances: dict[str, Floats]
    came_true: dict[str, Floats]
    before: dict[str, float]


def forecasts(
    twins: Sample, patients: Sample, seed: int = 12, progress: Progress = silent
) -> tuple[Forecasts, ...]:
    """Forecasts for simulated patients, by what is known of them.

    Args:
        twins: with draws of one seed.
        patients: of the same story, with draws of another.
        seed: of the errors of their findings.
        progress: called with how far it is.
    """
    rng = np.random.default_rng([seed, 1])
    found = found_in(patients, rng)
    before = {name: float(values.mean()) for name, values in twins.reached.items()}
    spread = {name: float(values.std()) for name, values in twins.goals.items()}
    n = patients.n
    effective = np.zeros((len(KNOWN), n))
    places = {name: np.zeros((len(KNOWN), n)) for name in twins.goals}
    left = {name: np.zeros((len(KNOWN), n)) for name in twins.goals}
    chances = {name: np.zeros((len(KNOWN), n)) for name in twins.reached}
    memos: list[dict[float, Floats]] = [{} for _ in twins.terms]
    for k in range(n):
        if k % BLOCK == 0:
            progress(k, n, f"simulated patients of the {twins.story.nerve} nerve")
        logs = log_likelihoods_of(twins, [float(values[k]) for values in found], memos)
        for row, known in enumerate(KNOWN):
            total = logs[twins.known(known)].sum(axis=0)
            weights = np.exp(total - total.max())
            weights /= weights.sum()
            effective[row, k] = effective_size(weights)
            for name, values in twins.goals.items():
                truth = float(patients.goals[name][k])
                places[name][row, k] = place(weights, values, truth, rng)
                mean = float(weights @ values)
                left[name][row, k] = float(weights @ (values - mean) ** 2)
            for name, values in twins.reached.items():
                chances[name][row, k] = float(weights @ values)
    return tuple(
        Forecasts(
            twins.story.nerve,
            known,
            effective[row],
            {name: each[row] for name, each in places.items()},
            {name: _narrower(left[name][row], spread[name]) for name in left},
            {name: each[row] for name, each in chances.items()},
            dict(patients.reached),
            before,
        )
        for row, known in enumerate(KNOWN)
    )


def found_in(patients: Sample, rng: np.random.Generator) -> list[Floats]:
    """What is found in each patient, with error; by term, ``(n_patient,)``."""
    return [t.drawn(s, rng) for t, s in zip(patients.terms, patients.shown, strict=True)]


def log_likelihoods_of(
    twins: Sample, found: Sequence[float], memos: Sequence[dict[float, Floats]]
) -> Floats:
    """Log-likelihood of what was found in a patient in each twin, ``(n_term, n_twin)``.

    Args:
        twins: that are weighed.
        found: by term; nan for absent.
        memos: by term, what grades gave before; filled here.
    """
    rows = []
    for term, columns, value, memo in zip(twins.terms, twins.shown, found, memos, strict=True):
        if term.error.kind != "grade":
            rows.append(_log(term, columns, value))
            continue
        if value not in memo:
            memo[value] = _log(term, columns, value)
        rows.append(memo[value])
    return np.stack(rows)


def _log(term: Term, columns: Sequence[Floats], value: float) -> Floats:
    return np.asarray(np.log(term.likelihood(value, columns) + _TINY))


def _narrower(left: Floats, before: float) -> float:
    return 0.0 if before < 1e-12 else 1.0 - float(np.sqrt(left.mean())) / before
