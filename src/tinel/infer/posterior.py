"""From a case with findings to the twins that agree with them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from tinel.case import Case
from tinel.cohort.person import injure
from tinel.errors import TinelError
from tinel.evidence import Parameters
from tinel.exam.laboratory import Laboratory, set_up
from tinel.exam.limb import Floats
from tinel.infer.bank import Bank, from_bank
from tinel.infer.fit import Fit, Surprise, log_likelihoods, surprise_of_all, surprises
from tinel.infer.kept import Kept, kept_as, load, save
from tinel.infer.simulate import bounded, columns_of, sessions_of, simulate_all, streams_of
from tinel.infer.tempered import Ints, Particles, tempered
from tinel.infer.term import Column, Term, terms_of
from tinel.infer.traits import Traits, prior_of, traits_of
from tinel.progress import Progress, silent

LEAST_PARTICLES = 100
LEAST_PRIOR, MOST_PRIOR, PRIOR_PER_TWIN = 200, 1000, 5
# what a reader can make sense of; draws of an examination are errors
TOLD_TRAITS = ("cause.", "lesion.", "course.", "model.")


@dataclass(frozen=True)
class Posterior:
    """What findings say of a patient; as it stands, nothing: twins of the story alone.

    Args:
        terms: the findings that were used.
        particles: the twins that agree with them; None without findings.
        traits: what the scores of the twins are.
        fit: whether story and findings agree.
        contraction: by trait of injury, course or model, how much narrower than before: 0 for not
            at all, 1 for known exactly.
        left_out: sentences on findings that were not used.

    Example:
        >>> Posterior().fit.fits, Posterior().terms
        (True, ())
    """

    terms: tuple[Term, ...] = ()
    particles: Particles | None = None
    traits: Traits = field(default_factory=Traits)
    fit: Fit = field(default_factory=Fit)
    contraction: Mapping[str, float] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()

    def of_patient(self, case: Case) -> Case:
        """The case with the twins that agree; as it was where there are none or nothing fits."""
        if self.particles is None or not self.fit.fits:
            return case
        chosen = self.traits.chosen(self.particles.own, self.particles.scores)
        few = min(case.run.twins, len(self.particles.own))
        run = case.run.model_copy(update={"twins": few})
        return replace(case, chosen=chosen, run=run)


@dataclass(frozen=True)
class _Compute:
    """Log-likelihood of proposed twins; it carries what all of them share."""

    case: Case
    laboratory: Laboratory
    traits: Traits
    terms: tuple[Term, ...]
    columns: tuple[Column, ...]

    def shown(self, own: Ints, scores: Floats) -> list[list[Floats]]:
        chosen = replace(self.case, chosen=self.traits.chosen(own, scores))
        seen = simulate_all(chosen, len(own), self.laboratory, sessions_of(self.columns))
        return by_term(self.terms, self.columns, columns_of(seen, self.columns))

    def __call__(self, own: Ints, scores: Floats) -> Floats:
        shown = self.shown(own, scores)
        return np.asarray(log_likelihoods(self.terms, shown).sum(axis=1))


def by_term(terms: Sequence[Term], columns: Sequence[Column], values: Floats) -> list[list[Floats]]:
    """What each term needs of simulated columns.

    Args:
        terms: one per finding.
        columns: of the values.
        values: ``(n_twin, n_column)``.
    """
    place = {column: k for k, column in enumerate(columns)}
    return [[values[:, place[c]] for c in term.columns] for term in terms]


def posterior(
    case: Case,
    today: float = math.inf,
    *,
    n: int | None = None,
    prior_twins: int | None = None,
    workers: int = 1,
    progress: Progress = silent,
) -> Posterior:
    """The twins that agree with a patient's findings.

    Args:
        case: with its findings.
        today: later findings are not read; infinite for all of them.
        n: how many twins, at least 100; those of the case where left out.
        prior_twins: how many are examined before the findings are known, at least 100; five to a
            twin where left out, 200 to 1,000.
        workers: processes to use.
        progress: called with how far it is.

    Raises:
        TinelError: a finding that no test measures, or fewer than 100 twins asked for.
    """
    wanted = max(case.run.twins, LEAST_PARTICLES) if n is None else n
    if prior_twins is None:
        prior_twins = min(max(PRIOR_PER_TWIN * case.run.twins, LEAST_PRIOR), MOST_PRIOR)
    if min(wanted, prior_twins) < LEAST_PARTICLES:
        told = f"{min(wanted, prior_twins)} twins (allowed: {LEAST_PARTICLES} or more)"
        raise TinelError(told, advice="fewer cannot tell chances apart")
    drawn = replace(case, chosen=None)
    parameters = case.parameters
    terms = terms_of(case.observed, case.events, parameters, today)
    if not terms:
        return Posterior()
    progress(0, 1, "computing the conduction tables")
    laboratory = set_up(injure(drawn, range(1)).nerve, files=case.files)
    terms, left_out = bounded(terms, drawn, laboratory)
    if not terms:
        return Posterior(left_out=left_out)
    prior = prior_of(drawn, prior_twins)
    file = kept_as(Bank.of(prior, laboratory).folder, terms, wanted, prior_twins)
    kept = load(file)
    if kept is not None:
        traits = traits_of(prior, kept.streams)
        return Posterior(terms, kept.particles, traits, kept.fit, dict(kept.contraction), left_out)
    columns = tuple(dict.fromkeys(c for term in terms for c in term.columns))
    sessions = sessions_of(columns)
    known = from_bank(prior, prior_twins, laboratory, sessions, progress, workers)
    try:
        prior_values = columns_of(known, columns)
    except TinelError as problem:
        raise problem.at(case.source.path.name) from None
    shown = by_term(terms, columns, prior_values)
    traits = traits_of(prior, streams_of(prior, laboratory, sessions))
    scores = traits.drawn(prior, prior_twins)
    compute = _Compute(drawn, laboratory, traits, terms, columns)
    rng = np.random.default_rng([case.run.seed, 12])
    agreed = surprise_of_all(terms, shown, rng)
    logs = log_likelihoods(terms, shown).sum(axis=1)

    def tell(power: float) -> None:
        progress(round(100 * power), 100, "finding the twins that agree with the findings")

    tell(0.0)
    particles = tempered(scores, logs, wanted, compute, rng, tell)
    now = compute.shown(particles.own, particles.scores)
    both = [_joined(before, after) for before, after in zip(shown, now, strict=True)]
    fit = _fit(parameters, agreed, surprises(terms, both, rng), particles)
    narrower = _contraction(traits, scores, particles.scores)
    save(file, Kept(particles, traits.person, fit, narrower))
    return Posterior(terms, particles, traits, fit, narrower, left_out)


def _joined(before: Sequence[Floats], after: Sequence[Floats]) -> list[Floats]:
    return [np.concatenate(pair) for pair in zip(before, after, strict=True)]


def _fit(
    parameters: Parameters, agreed: float, each: tuple[Surprise, ...], particles: Particles
) -> Fit:
    alarm = parameters.scalar("finding.fit.false_alarm")
    least = parameters.scalar("finding.fit.least_twins")
    reasons = []
    if particles.effective < least:
        reasons.append(
            f"the findings leave {particles.effective:.0f} independent twins, and a forecast needs "
            f"{least:.0f}"
        )
    if agreed <= alarm:
        reasons.append(
            f"in {100 * agreed:.1f} % of people with this story, story and findings agree as badly "
            f"as here (alarm at {100 * alarm:g} %)"
        )
        reasons += [
            f"{one.where}: {one.text} does not fit the story and the other findings; "
            f"expected: {one.expected}"
            for one in each
            if one.probability < alarm
        ]
    return Fit(not reasons, tuple(reasons), each, agreed, alarm, particles.effective)


def _contraction(traits: Traits, before: Floats, after: Floats) -> dict[str, float]:
    found = {}
    for k, name in enumerate(traits.names):
        spread = float(before[:, k].std())
        if name.startswith(TOLD_TRAITS) and spread > 0:
            found[name] = max(0.0, 1.0 - float(after[:, k].std()) / spread)
    return found
