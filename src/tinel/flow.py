"""The one flow: case, nerve, lesion, course, exam, findings."""

from __future__ import annotations

import hashlib
import math
import platform
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, overload

import numpy as np

from tinel import __version__
from tinel.case import Case
from tinel.cohort.gather import gather
from tinel.cohort.kept import Kept
from tinel.cohort.person import courses, injure, plans
from tinel.cohort.summary import middle_twin, within_limits
from tinel.course import state_at
from tinel.declare.kinds import takes_only_its_kinds
from tinel.errors import TinelError
from tinel.exam.block import Block
from tinel.exam.examination import Visit, visit
from tinel.exam.laboratory import Laboratory, keep_tables_of_injury, set_up
from tinel.exam.limb import healthy
from tinel.exam.test import known_tests
from tinel.infer.posterior import Posterior, posterior
from tinel.progress import Progress, silent
from tinel.result import Result, Results, named_by_case
from tinel.terminal import shown_name

PICTURES = "making and measuring pictures of the example"
GRID_d = (0, 1, 3, 5, 7, 9, 11, 14, 21, 28, 42, 60, 90, 120, 150, 180, 210, 240, 270, 300, 330, 365)


@overload
def run(
    cases: Case,
    *,
    seed: int | None = None,
    twins: int | None = None,
    workers: int = 1,
    progress: Progress = silent,
    keep: bool = False,
    today: float = math.inf,
) -> Result: ...


@overload
def run(
    cases: Sequence[Case],
    *,
    seed: int | None = None,
    twins: int | None = None,
    workers: int = 1,
    progress: Progress = silent,
    keep: bool = False,
    today: float = math.inf,
) -> Results: ...


@takes_only_its_kinds
def run(
    cases: Case | Sequence[Case],
    *,
    seed: int | None = None,
    twins: int | None = None,
    workers: int = 1,
    progress: Progress = silent,
    keep: bool = False,
    today: float = math.inf,
) -> Result | Results:
    """Compute one case, or several, from cause to recovery.

    Where a case has findings of its patient, its twins are those that agree with them.

    Args:
        cases: from ``case.load``; one, or a list.
        seed: instead of the cases' own; same seed and machine, same numbers.
        twins: how many virtual twins, instead of the cases' own number.
        workers: processes to use, 1 or more; two or more need a script with a ``__main__`` guard.
        progress: called with how far it is.
        keep: whether the computed twins stay in the cache folder until ``Result.forget_parts``,
            so that a failure after the run, on a full disk for example, costs no twin.
        today: findings of a later day are not read; all are where left out.

    Returns:
        ``Result`` of one case, ``Results`` of a list. That of a case with several nerves holds
        those of the further ones in ``Result.beside``.

    Raises:
        TinelError: the injury does not fit the nerve, an arm is not allowed, an empty list, or no
            worker.

    Example:
        >>> from tinel.case import load
        >>> result = run(load("examples/cut.toml"), twins=2)
        >>> result.twins("wait", "conducting fibres").shape == (2, len(result.days))
        True
    """
    if workers < 1:
        raise TinelError(f"workers is {workers} (allowed: 1 or more)")
    if isinstance(cases, Case):
        return _run(cases.with_run(seed, twins), workers, progress, keep, today)
    if not cases:
        raise TinelError("the list of cases is empty", advice="give one case or more")
    each = [_run(case.with_run(seed, twins), workers, progress, keep, today) for case in cases]
    return named_by_case(each)


def _run(case: Case, workers: int, progress: Progress, keep: bool, today: float) -> Result:
    result = _of_nerve(case, workers, progress, keep, today)
    beside = {c.nerve.label: _of_nerve(c, workers, progress, keep, today) for c in case.beside}
    return replace(result, beside=beside)


def _of_nerve(case: Case, workers: int, progress: Progress, keep: bool, today: float) -> Result:
    found = Posterior()
    if case.run.findings and case.chosen is None:
        found = posterior(case, today, workers=workers, progress=progress)
        case = found.of_patient(case)
    made = plans(case)
    known = known_tests(case.files)
    for name in case.tests:
        known[name].check()
    progress(0, 1, "computing the conduction tables")
    first = injure(case, range(1))
    laboratory = set_up(first.nerve, files=case.files)
    Block.of(first.nerve, first.lesion, laboratory.conduction)  # before time is foretold
    if workers > 1:
        keep_tables_of_injury(first.nerve, laboratory)
    days = _days(case)
    kept = Kept.of(case, laboratory, days)
    outcomes = gather(case, laboratory, days, progress, workers, kept)
    waiting = next(p.name for p in made if not p.interventions)
    asked = laboratory.for_every_twin(laboratory.for_other_side(case.tests))
    other = visit(healthy(first.nerve, first.lesion), laboratory, tests=asked)
    middle = middle_twin(outcomes.curves, waiting, within_limits(outcomes.healthy, other))
    other_side, visits = _examine(case, middle, laboratory, progress)
    parameters = other_side.limb.parameters
    parameters.note(outcomes.read)
    if not keep:
        kept.forget()
    return Result(
        case=case,
        plans=tuple(made),
        outcomes=outcomes,
        middle=middle,
        healthy=other_side,
        visits=visits,
        parameters=parameters,
        manifest=_manifest(case),
        parts=kept.folder if keep else None,
        posterior=found,
    )


def _days(case: Case) -> tuple[float, ...]:
    end = case.run.horizon_days
    later = [365.0 + 45.0 * k for k in range(1, 200)]
    days = {float(d) for d in (*GRID_d, *later, *case.exam_days) if d <= end}
    return tuple(sorted(days | {end}))


def _examine(
    case: Case, twin: int, laboratory: Laboratory, progress: Progress
) -> tuple[Visit, dict[str, dict[float, Visit]]]:
    person = injure(case, range(twin, twin + 1))
    block = Block.of(person.nerve, person.lesion, laboratory.conduction)
    made = plans(case, person.nerve.twins.parameters)
    slow = {t.name for t in laboratory.tests.values() if t.example_only}
    days = [day for day in case.exam_days if slow & set(case.tests_on(day))]
    done, total = 0, len(days) * len(made) + bool(days)
    # before anything is done all arms are one, and a picture of one is a picture of all
    untouched: dict[float, Visit] = {}
    visits: dict[str, dict[float, Visit]] = {}
    for plan, course in zip(made, courses(person, made), strict=True):
        visits[plan.name] = {}
        for day in case.exam_days:
            state = state_at(course, day)
            limb = block.limb(person.nerve, person.lesion, state, plan.interventions, course)
            if day in days:
                progress(done, total, PICTURES)
                done += 1
            nothing_yet = day in days and all(i.day > day for i in plan.interventions)
            if nothing_yet and day in untouched:
                visits[plan.name][day] = replace(untouched[day], limb=limb)
                continue
            visits[plan.name][day] = visit(limb, laboratory, day, case.tests_on(day))
            if nothing_yet:
                untouched[day] = visits[plan.name][day]
    tests = laboratory.for_other_side(case.tests)
    if days:
        progress(done, total, PICTURES)
    return visit(healthy(person.nerve, person.lesion), laboratory, tests=tests), visits


def _manifest(case: Case) -> dict[str, Any]:
    packages = ("matplotlib", "numba", "numpy", "scipy")
    return {
        "tinel": __version__,
        "python": platform.python_version(),
        "packages": {name: version(name) for name in packages},
        "case": shown_name(case.source.path),
        "case_sha256": case.source.sha256,
        "nerve": case.nerve.name,
        "own_files": {
            shown_name(Path(file)): hashlib.sha256(Path(file).read_bytes()).hexdigest()
            for file in (*case.files, *([case.nerve.file] if case.nerve.file else []))
        },
        "seed": case.run.seed,
        "twins": case.run.twins,
        "notes": list(case.notes),
        "changed": {
            key: np.asarray(value).tolist() for key, value in case.parameters.changed.items()
        },
    }
