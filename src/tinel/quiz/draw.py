"""Who is examined when: one twin of one of the cases on one day, by random draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from tinel.case import Case
from tinel.quiz.choices import ages

_SEEDS = 2**31
_TRIES = 3


@dataclass(frozen=True)
class Drawn:
    """One person to be examined.

    Args:
        case: of one nerve, its seed drawn; its first twin is the person.
        days: after day 0, some of them; the first one on which there is something to find is the
            day of the study, so that a block that has cleared is rarely asked about.
        side: of the injury, ``left`` or ``right``.
        seed: of the noise of the recordings.
    """

    case: Case
    days: tuple[float, ...]
    side: str
    seed: int


def draw(cases: Sequence[Case], seed: int, place: int) -> Drawn:
    """Draw the person of one question; the same seed and place give the same one.

    Every class of age that the case's forecast reaches is equally likely, and so is every day in
    it. Nobody is treated.

    Args:
        cases: as loaded; the further nerves of a case count as cases of their own.
        seed: of the quiz.
        place: of the question in the quiz, from 0.

    Example:
        >>> from tinel.case import load
        >>> one = draw([load("examples/cut.toml")], 7, 0)
        >>> one.side in ("left", "right"), all(1 <= day <= 730 for day in one.days)
        (True, True)
    """
    rng = np.random.default_rng([seed, place, crc32(b"quiz")])
    each = [one for case in cases for one in (case, *case.beside)]
    case = each[int(rng.integers(len(each)))]
    end = case.run.horizon_days
    classes = [(first, last) for first, last in ages() if first <= end]
    days = []
    for _ in range(_TRIES):
        first, last = classes[int(rng.integers(len(classes)))]
        days.append(float(rng.integers(int(first), int(min(last - 1, end)) + 1)))
    side = ("left", "right")[int(rng.integers(2))]
    own, noise = (int(n) for n in rng.integers(_SEEDS, size=2))
    return Drawn(case.with_run(own), tuple(days), side, noise)
