"""Findings of published patients, each predicted from the others.

The case files are not part of this package: a folder of them is read where it is, and a missing one
is said and left out.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from tinel.case import Case, parse
from tinel.checks.stories import FOLDER
from tinel.cohort.person import injure
from tinel.errors import TinelError
from tinel.exam.laboratory import set_up
from tinel.exam.limb import Floats
from tinel.infer.bank import from_bank
from tinel.infer.fit import log_likelihoods, surprises, weights_of
from tinel.infer.posterior import by_term
from tinel.infer.simulate import bounded, columns_of, sessions_of
from tinel.infer.term import Term, terms_of
from tinel.infer.traits import prior_of
from tinel.progress import Progress, silent

OUTSIDE = 0.10  # chance below which a finding lies outside the 90 % that is expected
_HORIZON = re.compile(r"^horizon_days\s*=\s*\d+", re.MULTILINE)


@dataclass(frozen=True)
class Patient:
    """What is published of one patient, or of a series as one of its patients.

    Args:
        name: of the case file.
        nerve: in the words of a case file.
        source: where it was read.
        findings: as sections of a case file.
        done: name of the plan that was carried out; empty where the file has one.
    """

    name: str
    nerve: str
    source: str
    findings: str
    done: str = ""


@dataclass(frozen=True)
class Predicted:
    """One finding beside what twins that agree with the patient's other findings show.

    Args:
        patient: name of its case file.
        where, found: the finding.
        expected: in words.
        chance: of something at least as unlikely; of a finding in words, of what was told, 0 to 1.
        by_story: the same from the story alone.
        in_words: whether the finding is in words.
        others: how many other findings there are.
    """

    patient: str
    where: str
    found: str
    expected: str
    chance: float
    by_story: float
    in_words: bool
    others: int

    @property
    def inside(self) -> bool:
        """Whether it lies among the 90 % that are expected."""
        return self.chance >= OUTSIDE


@cache
def patients() -> tuple[Patient, ...]:
    """All published patients.

    Example:
        >>> patients()[0].name
        'radial_sleep'
    """
    told = tomllib.loads((FOLDER / "published.toml").read_text(encoding="utf-8"))["patient"]
    return tuple(Patient(**one) for one in told)


def predictions(
    folder: Path, n: int, workers: int = 1, progress: Progress = silent
) -> Iterator[tuple[Patient, tuple[Predicted, ...] | str]]:
    """Each patient with the predicted findings, or with a sentence on why there are none.

    Args:
        folder: with the case files.
        n: twins of each patient before anything is found.
        workers: processes to use.
        progress: called with how far it is.
    """
    every = patients()
    for k, one in enumerate(every):
        progress(k, len(every), "published patients")
        file = folder / f"{one.name}.toml"
        if not file.exists():
            yield one, "the case file is not there"
            continue
        try:
            yield one, _predicted(one, _case(one, file.read_text(encoding="utf-8")), n, workers)
        except TinelError as problem:
            yield one, str(problem)


def _case(one: Patient, text: str) -> Case:
    text = _HORIZON.sub("horizon_days = 3650", text)
    own = parse(text)
    told = parse(f"{text}\n{one.findings}")
    case = replace(
        told, observed=told.observed[len(own.observed) :], events=told.events[len(own.events) :]
    )
    if not one.done:
        return case
    return replace(case, arm=tuple(replace(arm, done=arm.name == one.done) for arm in case.arm))


def _predicted(one: Patient, case: Case, n: int, workers: int) -> tuple[Predicted, ...]:
    laboratory = set_up(injure(case, range(1)).nerve, files=case.files)
    terms, _ = bounded(terms_of(case.observed, case.events, case.parameters), case, laboratory)
    columns = tuple(dict.fromkeys(c for term in terms for c in term.columns))
    prior = prior_of(case, n)
    seen = from_bank(prior, n, laboratory, sessions_of(columns), silent, workers)
    shown = by_term(terms, columns, columns_of(seen, columns))
    groups = dict.fromkeys(term.seen.where for term in terms)
    rng = np.random.default_rng([case.run.seed, 14])
    return tuple(_one(one.name, where, terms, shown, len(groups) - 1, rng) for where in groups)


def _one(
    name: str,
    where: str,
    terms: Sequence[Term],
    shown: Sequence[Sequence[Floats]],
    others: int,
    rng: np.random.Generator,
) -> Predicted:
    """A finding, which may be several terms, left out and predicted."""
    here = [k for k, term in enumerate(terms) if term.seen.where == where]
    rest = [k for k, term in enumerate(terms) if term.seen.where != where]
    seen = terms[here[0]].seen
    n = len(shown[0][0])
    if seen.state == "value":
        with_rest = [here[0], *rest]
        found = surprises([terms[k] for k in with_rest], [shown[k] for k in with_rest], rng)[0]
        alone = surprises([terms[here[0]]], [shown[here[0]]], rng)[0]
        chances, expected = (found.probability, alone.probability), found.expected
    else:
        total = np.zeros(n)
        if rest:
            logs = log_likelihoods([terms[k] for k in rest], [shown[k] for k in rest])
            total = logs.sum(axis=1)
        joint = np.exp(log_likelihoods([terms[k] for k in here], [shown[k] for k in here]).sum(1))
        chances = float(weights_of(total) @ joint), float(joint.mean())
        expected = f"so in {100 * chances[0]:.0f} %"
    return Predicted(name, where, seen.text, expected, *chances, seen.state != "value", others)
