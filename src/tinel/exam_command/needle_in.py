"""Needles that lie elsewhere than meant: what is then written down, and what was true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tinel.case import Case
from tinel.cohort.person import grow
from tinel.errors import TinelError
from tinel.exam.needle.misplaced import ANOTHER_NERVE, Place, misplaced, place
from tinel.exam.tests.needle_emg import TEST
from tinel.exam_command.compute import Examined, MisplacedNeedle
from tinel.nerve import Nerve

WHERE = "--needle-in"


def check_needles(case: Case, tests: Sequence[str], texts: Sequence[str]) -> None:
    """Check what is asked before anything is computed.

    Args:
        case: the case, whole.
        tests: names of those that are done on the day.
        texts: as for ``with_needles_in``.

    Raises:
        TinelError: no needle EMG on this day, an unknown muscle or place, or a muscle named twice.
    """
    if texts and TEST.name not in tests:
        told = f"the test '{TEST.name}' is not done on this day"
        raise TinelError(told, WHERE, f"add --test '{TEST.name}'")
    nerves = [grow(one, range(1)) for one in (case, *case.beside)] if texts else []
    meant = [_nerve_of(nerves, text)[1].meant for text in texts]
    twice = next((name for name in meant if meant.count(name) > 1), None)
    if twice is not None:
        raise TinelError(f"'{twice}' is named twice", WHERE, "name each muscle once")


def lies_in(one: Examined, muscle: str) -> str:
    """Where the needle lies that is meant for a muscle."""
    return next((m.place.true for m in one.needles if m.place.meant == muscle), muscle)


def with_needles_in(every: Sequence[Examined], texts: Sequence[str]) -> tuple[Examined, ...]:
    """The examination as it is written down with needles elsewhere than meant.

    Args:
        every: from ``compute.examined``.
        texts: ``MEANT=WHERE``, as ``deltoid=fat``; see ``exam.needle.misplaced.place``. Each muscle
            at most once, see ``check_needles``.

    Raises:
        TinelError: an unknown muscle or place.
    """
    found = list(every)
    for text in texts:
        k, at = _nerve_of([one.visit.limb.nerve for one in found], text)
        one = found[k]
        true = _sentence(one, at)
        seen = misplaced(every[k].visit, one.other_side, TEST.name, at)
        swapped = {m.labels: m for m in seen.examination.measurements if m.subject == at.meant}
        kept = tuple(
            swapped[m.labels] if m.test == TEST.name and m.labels in swapped else m
            for m in one.visit.examination.measurements
        )
        visit = replace(one.visit, examination=replace(one.visit.examination, measurements=kept))
        found[k] = replace(one, visit=visit, needles=(*one.needles, MisplacedNeedle(at, true)))
    return tuple(found)


def needle_lines(one: Examined) -> list[str]:
    """The truth behind each misplaced needle, in words."""
    return [
        f"The needle lay in {_spoken(m.place.true)}, not in {m.place.meant}. "
        f"In {m.place.meant} it finds: {m.true_reading}"
        for m in one.needles
    ]


def _spoken(true: str) -> str:
    return f"a muscle of {true}" if true == ANOTHER_NERVE else true


def _sentence(one: Examined, at: Place) -> str:
    muscle = one.visit.limb.nerve.target(at.meant)
    return list(TEST.interpret(muscle, [one.visit], one.other_side))[-1]


def _nerve_of(nerves: Sequence[Nerve], text: str) -> tuple[int, Place]:
    """Which nerve's muscle is meant; the first nerve's complaint where none has it."""
    problems: list[TinelError] = []
    for k, nerve in enumerate(nerves):
        try:
            return k, place(text, nerve)
        except TinelError as problem:
            problems.append(problem)
    raise problems[0]
