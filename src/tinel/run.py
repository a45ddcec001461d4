"""The one flow: case, nerve, lesion, course, exam, findings."""

from __future__ import annotations

import platform
from importlib.metadata import version
from typing import Any

from tinel import __version__, evidence
from tinel.case import Case
from tinel.cohort.chunk import compute
from tinel.cohort.gather import gather
from tinel.cohort.person import courses, grow, injure, plans
from tinel.cohort.summary import middle_twin
from tinel.course import state_at
from tinel.exam.laboratory import Laboratory, set_up
from tinel.exam.limb import Limb, healthy
from tinel.exam.protocol import TESTS, examine
from tinel.exam.travel import block_shares, reached
from tinel.progress import Progress, silent
from tinel.result import Result, Visit

GRID_d = (0, 1, 3, 5, 7, 9, 11, 14, 21, 28, 42, 60, 90, 120, 150, 180, 210, 240, 270, 300, 330, 365)


def run(
    case: Case, *, seed: int, twins: int, progress: Progress = silent, workers: int = 1
) -> Result:
    """Compute a case from cause to recovery.

    Args:
        case: from ``tinel.case.load``.
        seed: same seed and machine, same numbers.
        twins: how many virtual twins.
        progress: told how far it is.
        workers: processes to use; more than one needs a script with a ``__main__`` guard.

    Raises:
        TinelError: the injury does not fit the nerve, or an arm is not legal.
    """
    case = case.with_run(seed, twins)
    with evidence.recording() as used:
        made = plans(case)
        injure(case, range(1))  # a case that does not fit fails before the slow part
        progress(0, 1, "computing the conduction tables")
        above = evidence.value("exam.temperature.nerve_above_skin_C")
        laboratory = set_up(grow(case, range(1)), case.patient.limb_temperature_c + above)
        days = _days(case)
        table = gather(case, laboratory, days, progress, workers)
        waiting = next(p.name for p in made if not p.interventions)
        middle = middle_twin(table, waiting)
        # once more in this process, so that every number used is noted whoever computed the rest
        compute(case, range(middle, middle + 1), laboratory, days)
        other_side, visits = _examine(case, middle, laboratory)
    return Result(
        case, tuple(made), days, table, middle, other_side, visits, used, _manifest(case, used)
    )


def _days(case: Case) -> tuple[float, ...]:
    end = case.run.horizon_days
    later = [365.0 + 45.0 * k for k in range(1, 200)]
    days = {float(d) for d in (*GRID_d, *later, *case.exam_days) if d <= end}
    return tuple(sorted(days | {end}))


def _examine(
    case: Case, twin: int, laboratory: Laboratory
) -> tuple[Visit, dict[str, dict[float, Visit]]]:
    only = range(twin, twin + 1)
    person = injure(case, only)
    made = plans(case)
    visits: dict[str, dict[float, Visit]] = {}
    for plan, course in zip(made, courses(case, only, person, made), strict=True):
        visits[plan.name] = {
            day: _visit(
                Limb(person.nerve, person.lesion, state_at(course, day)),
                laboratory,
                case.tests_on(day),
            )
            for day in case.exam_days
        }
    return _visit(healthy(person.nerve), laboratory, TESTS), visits


def _visit(limb: Limb, laboratory: Laboratory, tests: tuple[str, ...]) -> Visit:
    through = reached(limb, block_shares(limb, laboratory.conduction))
    values, responses = examine(limb, laboratory, tests, through)
    return Visit(limb, responses, {m: float(v[0]) for m, v in values.items()}, through)


def _manifest(case: Case, used: dict[str, Any]) -> dict[str, Any]:
    packages = ("jax", "numpy", "scipy", "matplotlib")
    return {
        "tinel": __version__,
        "python": platform.python_version(),
        "packages": {name: version(name) for name in packages},
        "case": case.source.path.name,
        "case_sha256": case.source.sha256,
        "seed": case.run.seed,
        "twins": case.run.twins,
        "notes": list(case.notes),
        "evidence": sorted(used),
    }
