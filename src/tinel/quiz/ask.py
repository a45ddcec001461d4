"""The questions on one study, with the right answers."""

from __future__ import annotations

from tinel.exam.cannot_see import cannot_see
from tinel.quiz.choices import Question, class_at, kind_at, next_at, texts, why_next
from tinel.quiz.study import TESTS, BlindStudy
from tinel.quiz.truth import Truth


def questions(study: BlindStudy, truth: Truth) -> tuple[Question, ...]:
    """Which injury, where, how old, how severe, and what to test next."""
    day = study.visit.day
    marks = tuple(mark.name for mark in study.visit.limb.nerve.landmarks)
    place = next_at(truth.kind, day)
    why, basis = why_next(place)
    said = "; ".join(f"{one.title} ({one.address}; {one.read}): {one.says}" for one in basis)
    return (
        Question(
            "kind",
            "Which injury is it, on this day?",
            texts("kind"),
            kind_at(truth.kind),
            f"{_percent(truth.lost)} of the axons at the injured place were broken"
            f"{_regrown(truth)}, {_percent(truth.blocked)} stand and are blocked.",
        ),
        Question(
            "where",
            "Where is it? The nearest landmark:",
            marks,
            marks.index(truth.landmark),
            f"On the {truth.branch}.",
        ),
        Question(
            "age",
            "How old is it?",
            texts("age"),
            class_at("age", day),
            f"Day {day:g} after day 0.{_onset(study)}",
        ),
        Question(
            "severity",
            "How severe is it: how many of the axons at the injured place are out of use?",
            texts("severity"),
            class_at("severity", 1.0 - truth.conducting),
            f"{_percent(1.0 - truth.conducting)} do not conduct from the cord to a target.",
        ),
        Question(
            "next", "What should be tested next?", texts("next"), place, f"{why} Basis: {said}."
        ),
    )


def unseen(study: BlindStudy) -> tuple[tuple[str, str], ...]:
    """What each test cannot see on the day, with its source."""
    parameters = study.visit.limb.parameters
    found = [cannot_see(name, study.visit.day, parameters) for name in TESTS]
    return tuple(
        (rule.test, f"{rule.text} [{rule.source}; {rule.evidence_grade}]")
        for rule in found
        if rule is not None
    )


def _percent(fraction: float) -> str:
    return f"{100 * fraction:.0f} %"


def _regrown(truth: Truth) -> str:
    return f" ({_percent(truth.back)} supply a target again)" if truth.back > 0 else ""


def _onset(study: BlindStudy) -> str:
    begins = float(study.visit.limb.lesion.onset_d[0])
    return f" A lasting pressure began on day {begins:.0f}." if begins > 0 else ""
