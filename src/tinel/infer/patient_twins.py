"""Twins of one patient: those whose examinations agree with the patient's findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tinel.case import Case
from tinel.result import Result


@dataclass(frozen=True)
class Surprise:
    """How well one finding agrees with the twins.

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
    """Whether the story and the findings agree.

    Args:
        fits: whether a forecast is given.
        reasons: sentences; empty where all is well.
        surprises: one per finding, in the order of the case.
        surprise_of_all: chance that twins of the story give findings at least as unlikely as
            these together, 0 to 1.
        alarm_below: below which chance ``fits`` is false: the false-alarm rate.
    """

    fits: bool
    reasons: tuple[str, ...]
    surprises: tuple[Surprise, ...]
    surprise_of_all: float
    alarm_below: float


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
