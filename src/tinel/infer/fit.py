"""Whether story and findings agree, and which finding does not.

Two checks. All findings together: whether any twins explain them as well as they would explain
their own. Each finding by itself: what twins that agree with the others would show.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tinel.cohort.summary import weighted_quantiles
from tinel.exam.limb import Floats
from tinel.infer.tempered import effective_size
from tinel.infer.term import TOLD, Term

MOST_PATIENTS = 400
REPEATS = 12
LEAST_SPREAD = 0.5
LEAST_OTHERS = 30.0  # effective twins that agree with the other findings
_TINY = 1e-300

Columns = Sequence[Sequence[Floats]]  # by term, what the twins show


@dataclass(frozen=True)
class Surprise:
    """How well one finding agrees with the others and the story.

    Args:
        where, text: of the finding.
        probability: that a twin which fits the other findings shows something at least as unlikely,
            0 to 1; small for a contradiction.
        expected: what such twins show, in words, e.g. ``0.4 mV (0 to 1.2)``.
    """

    where: str
    text: str
    probability: float
    expected: str


@dataclass(frozen=True)
class Fit:
    """Whether the story and the findings agree; as it stands, no finding was given.

    Args:
        fits: whether a forecast is given.
        reasons: sentences; empty where all is well.
        surprises: one per finding that was used, in the order of the case.
        surprise_of_all: chance that twins of the story give findings at least as unlikely as
            these together, 0 to 1.
        alarm_below: below which chance ``fits`` is false: the false-alarm rate.
        effective_sample_size: how many independent twins the patient's twins are worth.
    """

    fits: bool = True
    reasons: tuple[str, ...] = ()
    surprises: tuple[Surprise, ...] = ()
    surprise_of_all: float = 1.0
    alarm_below: float = 0.0
    effective_sample_size: float = math.inf


def log_likelihoods(terms: Sequence[Term], shown: Columns) -> Floats:
    """Logarithm of the likelihood of each finding in each twin, ``(n_twin, n_term)``."""
    return np.stack(
        [np.log(t.likelihood(t.found, s) + _TINY) for t, s in zip(terms, shown, strict=True)],
        axis=1,
    )


def surprise_of_all(terms: Sequence[Term], shown: Columns, rng: np.random.Generator) -> float:
    """Chance that findings of a patient who fits the story agree with it no better than these.

    The measure is how far the likelihood of the findings, in the twins that agree with them best,
    falls short of that of findings made in those very twins. A rare patient agrees with some twins
    as well as a usual one does; contradictory findings agree with none. Each of some twins plays
    the patient: it is examined with error and judged by the others in the same way, so that the
    chance is exact whatever the story.

    Args:
        terms: one per finding.
        shown: by term, what prior twins show.
        rng: of the errors.
    """
    return agreement_of(terms, shown, rng).chance(log_likelihoods(terms, shown))


@dataclass(frozen=True)
class Agreement:
    """How well twins of a story agree with findings made in one of them; see ``surprise_of_all``.

    Args:
        usual, spread: mean and standard deviation of the log-likelihood of each finding where it is
            made in the twin itself, ``(n_twin, n_term)`` each.
        spread_of_all: the same of all findings together, ``(n_twin,)``.
        of_players: how well the others agree with each twin that played the patient, over all
            findings and in the worst one, ``(n_player, 2)``.
    """

    usual: Floats
    spread: Floats
    spread_of_all: Floats
    of_players: Floats

    def chance(self, log_likelihood: Floats) -> float:
        """Chance that findings of a patient of the story agree no better than these.

        Args:
            log_likelihood: of each finding in each twin, ``(n_twin, n_term)``.
        """
        players, patient = self.of_players, self.of(log_likelihood, slice(None))
        rank = (players <= patient).mean(axis=0).min()
        ordered = np.sort(players, axis=0)
        ranks = [
            np.searchsorted(ordered[:, k], players[:, k], side="right") / len(players)
            for k in range(players.shape[1])
        ]
        as_bad = int((np.min(ranks, axis=0) <= rank).sum())
        return (1 + as_bad) / (1 + len(players))

    def of(self, log_likelihood: Floats, among: slice | Floats) -> Floats:
        """How well some twins agree with findings, over all and in the worst, ``(2,)``."""
        logs, usual = log_likelihood[among], self.usual[among]
        total = logs.sum(axis=1)
        weights = np.exp(total - total.max())
        of_all = (total - usual.sum(axis=1)) / self.spread_of_all[among]
        of_each = (logs - usual) / self.spread[among]
        worst = np.average(of_each, axis=0, weights=weights).min()
        return np.array([np.average(of_all, weights=weights), worst])


def agreement_of(terms: Sequence[Term], shown: Columns, rng: np.random.Generator) -> Agreement:
    """What findings of patients who fit the story agree like; the values found do not matter.

    Args:
        terms, shown, rng: as in ``surprise_of_all``.
    """
    n = len(shown[0][0])
    one = _own_log_likelihood(terms, shown, rng)
    found = [t.drawn(s, rng) for t, s in zip(terms, shown, strict=True)]
    known: list[dict[float, Floats]] = [{} for _ in terms]
    agreed = []
    for k in range(min(n, MOST_PATIENTS)):
        logs = np.empty((n, len(terms)))
        for j, (term, values, columns) in enumerate(zip(terms, found, shown, strict=True)):
            value, memo = float(values[k]), known[j]
            # grades and words come back many times
            if value not in memo or math.isnan(value):
                memo[value] = np.log(term.likelihood(value, columns) + _TINY)
            logs[:, j] = memo[value]
        agreed.append(one.of(logs, np.arange(n) != k))
    return replace(one, of_players=np.array(agreed))


def _own_log_likelihood(
    terms: Sequence[Term], shown: Columns, rng: np.random.Generator
) -> Agreement:
    """The log-likelihood of findings made in a twin itself; nobody has played the patient yet."""
    n = len(shown[0][0])
    drawn = np.zeros((REPEATS, n, len(terms)))
    for j, (term, columns) in enumerate(zip(terms, shown, strict=True)):
        for each in drawn:
            own = term.likelihood_each(term.drawn(columns, rng), columns)
            each[:, j] = np.log(own + _TINY)
    return Agreement(
        usual=drawn.mean(axis=0),
        spread=np.maximum(drawn.std(axis=0), LEAST_SPREAD),
        spread_of_all=np.maximum(drawn.sum(axis=2).std(axis=0), LEAST_SPREAD),
        of_players=np.zeros((0, 2)),
    )


def surprises(
    terms: Sequence[Term], shown: Columns, rng: np.random.Generator
) -> tuple[Surprise, ...]:
    """How well each finding agrees with the others.

    Args:
        terms: one per finding.
        shown: by term, what twins show: prior ones, and others where few of them agree.
        rng: of the errors.
    """
    logs = log_likelihoods(terms, shown)
    total = logs.sum(axis=1)
    return tuple(
        _surprise(term, columns, weights_of(total - logs[:, k]), rng)
        for k, (term, columns) in enumerate(zip(terms, shown, strict=True))
    )


def weights_of(log_likelihood: Floats) -> Floats:
    """Weights of twins, flattened where fewer than ``LEAST_OTHERS`` would count, ``(n_twin,)``."""
    power = 1.0
    for _ in range(60):
        weights = np.exp(power * (log_likelihood - log_likelihood.max()))
        if effective_size(weights) >= min(LEAST_OTHERS, len(weights) / 2):
            break
        power *= 0.8
    return np.asarray(weights / weights.sum())


def _surprise(
    term: Term, columns: Sequence[Floats], weights: Floats, rng: np.random.Generator
) -> Surprise:
    o = term.seen
    if o.state != "value":
        chance = float(weights @ term.likelihood(TOLD, columns))
        told = f"so in {100 * chance:.0f} % of twins that fit the rest"
        return Surprise(o.where, o.text, chance, told)
    unit = "% of the other side" if o.of_other_side else o.unit
    found = term.drawn(columns, rng)
    seen = np.isfinite(found)
    absent = float(weights[~seen].sum())
    density = float(weights @ term.likelihood(o.low, columns))
    if term.error.kind == "grade":
        values = sorted(set(found[seen].tolist()))
        chances = [float(weights @ term.likelihood(v, columns)) for v in values]
        probability = sum((c for c in chances if c <= density + 1e-12), 0.0)
    else:
        above = float(weights[seen & (found >= o.low)].sum())
        below = float(weights[seen & (found <= o.low)].sum())
        probability = min(2 * min(above, below), 1.0)
    return Surprise(o.where, o.text, probability, _expected(found, weights, absent, unit))


def _expected(found: Floats, weights: Floats, absent: float, unit: str) -> str:
    seen = np.isfinite(found)
    if not seen.any() or absent > 0.95:
        return "absent"
    ends = weighted_quantiles(found[seen], weights[seen], (0.05, 0.5, 0.95))
    low, middle, high = (_shown(float(end)) for end in ends)
    of = "" if unit.startswith(("0 to", "0 or")) else f" {unit}"
    gone = f"; absent in {100 * absent:.0f} %" if absent > 0.005 else ""
    return f"{middle}{of} ({low} to {high}){gone}"


def _shown(value: float) -> str:
    return f"{value:.3g}" if abs(value) >= 1e-3 else "0"


def _log_mean(log_values: Floats) -> float:
    most = float(log_values.max())
    if not math.isfinite(most):
        return -math.inf
    return most + math.log(float(np.exp(log_values - most).mean()))
