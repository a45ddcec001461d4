"""Twins of a case examined on one day, and one of them as the example."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tinel.case import Case
from tinel.cohort.person import courses, injure, plans
from tinel.cohort.summary import loses_fibres
from tinel.exam.examination import Visit, visit
from tinel.exam.laboratory import set_up
from tinel.exam.needle.misplaced import Place
from tinel.exam.reference_limits import ReferenceLimit
from tinel.exam.tests.tinel_sign import TEST as TINEL_SIGN
from tinel.exam_command.asked import Asked
from tinel.flow import run
from tinel.progress import Progress, silent
from tinel.result import Result


@dataclass(frozen=True)
class MisplacedNeedle:
    """Where a needle lay and was meant to be, and the reading it would have given there."""

    place: Place
    true_reading: str


@dataclass(frozen=True)
class Examined:
    """One nerve on one day.

    Args:
        asked: what was asked.
        result: all twins, of one nerve.
        visit: the example twin on that day, with the limits in use.
        other_side: that twin's healthy side.
        earlier: that twin's conduction studies and Tinel's sign on earlier days, for the reading.
        needles: those that lay elsewhere than meant, in ``visit`` alone.
    """

    asked: Asked
    result: Result
    visit: Visit
    other_side: Visit
    earlier: tuple[Visit, ...] = ()
    needles: tuple[MisplacedNeedle, ...] = ()

    @property
    def uninjured(self) -> bool:
        """Whether the example loses no fibre while waiting, as then no twin does."""
        return not loses_fibres(self.result.outcomes.curves, self.result.waiting)[
            self.result.middle
        ]


def examined(asked: Asked, progress: Progress = silent, workers: int = 1) -> tuple[Examined, ...]:
    """Compute what was asked, nerve by nerve.

    Args:
        asked: from ``ask_exam``.
        progress: called with how far it is.
        workers: processes to use.

    Raises:
        TinelError: as ``flow.run``.
    """
    result = run(asked.case, progress=progress, workers=workers)
    every = (result.case, *result.case.beside)
    return tuple(
        Examined(
            asked, one, one.visits[asked.arm][asked.day], one.healthy, _earlier(case, one, asked)
        )
        for case, one in zip(every, result.by_nerve.values(), strict=True)
    )


def with_limits(one: Examined, limits: Mapping[str, ReferenceLimit]) -> Examined:
    """The same with a laboratory's own limits, which go before the published ones."""

    def having(seen: Visit) -> Visit:
        return replace(seen, limits={**seen.limits, **limits})

    earlier = tuple(having(seen) for seen in one.earlier)
    return replace(one, visit=having(one.visit), other_side=having(one.other_side), earlier=earlier)


def _earlier(case: Case, result: Result, asked: Asked) -> tuple[Visit, ...]:
    tests = [t for t in asked.tests if t.endswith("conduction") or t == TINEL_SIGN.name]
    if not tests or not asked.earlier:
        return ()
    twin = result.middle
    person = injure(case, range(twin, twin + 1))
    laboratory = set_up(person.nerve, files=case.files)
    made = plans(case, person.nerve.twins.parameters)
    (course,) = courses(person, [p for p in made if p.name == asked.arm])
    return tuple(visit(laboratory.limb(course, d), laboratory, d, tests) for d in asked.earlier)
