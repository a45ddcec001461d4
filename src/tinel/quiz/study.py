"""The study of one person: both sides examined by the same tests, and the muscle that is heard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from tinel.cohort.person import courses, injure, plans
from tinel.exam.examination import Visit, visit
from tinel.exam.laboratory import Laboratory, set_up
from tinel.exam.limb import healthy
from tinel.exam.needle.record import Recording, record
from tinel.exam.test import known_tests
from tinel.quiz.draw import Drawn
from tinel.quiz.truth import NEITHER, truth_of

TESTS = ("motor conduction", "sensory conduction", "needle EMG", "strength", "touch")
EFFORTS = ("rest", "slight")
SECONDS = 3.0


@dataclass(frozen=True)
class BlindStudy:
    """What was found in one person.

    Args:
        drawn: who was drawn.
        visit: the injured side on the day of the study.
        other_side: the healthy one.
        recordings: of one muscle, at rest and in slight effort; none where the nerve moves none.
        sentences: what a laboratory would sign, ``(test, subject, sentence)``.
    """

    drawn: Drawn
    visit: Visit
    other_side: Visit
    recordings: tuple[Recording, ...]
    sentences: tuple[tuple[str, str, str], ...]


def examine(drawn: Drawn) -> BlindStudy:
    """Examine the person of a question.

    Raises:
        TinelError: the injury does not fit the nerve.

    Example:
        >>> from tinel.case import load
        >>> from tinel.quiz.draw import draw
        >>> study = examine(draw([load("examples/block.toml")], 1, 0))
        >>> [recording.effort for recording in study.recordings]
        ['rest', 'slight']
    """
    case = drawn.case
    person = injure(case, range(1))
    laboratory = set_up(person.nerve)
    waiting = next(p for p in plans(case, person.nerve.twins.parameters) if not p.interventions)
    (course,) = courses(person, [waiting])
    limbs = {day: laboratory.limb(course, day) for day in drawn.days}
    found = [day for day, limb in limbs.items() if truth_of(limb).kind != NEITHER]
    day = found[0] if found else drawn.days[-1]
    seen = visit(limbs[day], laboratory, day, TESTS)
    other = visit(healthy(person.nerve), laboratory, 0.0, TESTS)
    return BlindStudy(drawn, seen, other, _heard(seen, laboratory, drawn), _signed(seen, other))


def _heard(seen: Visit, laboratory: Laboratory, drawn: Drawn) -> tuple[Recording, ...]:
    """One muscle whose axons run through the injury, drawn among them; else any."""
    limb = seen.limb
    muscles = [t.name for t in limb.nerve.targets if t.kind == "motor"]
    hurt = [name for name in muscles if limb.lesion.present[limb.fibres_of(name)].any()]
    if not muscles:
        return ()
    rng = np.random.default_rng([drawn.seed, crc32(b"quiz.muscle")])
    among = hurt or muscles
    name = among[int(rng.integers(len(among)))]
    warm = laboratory.temperature_C
    return tuple(record(limb, name, e, seconds=SECONDS, temperature_C=warm) for e in EFFORTS)


def _signed(seen: Visit, other: Visit) -> tuple[tuple[str, str, str], ...]:
    known, said = known_tests(), []
    for name in TESTS:
        for subject in known[name].subjects(seen.limb.nerve):
            sentences: Sequence[str] = known[name].interpret(subject, [seen], other)
            if sentences and sentences[0]:
                said.append((name, subject.name, sentences[0]))
    return tuple(said)
