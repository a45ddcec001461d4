"""Many populations under many values of the free parameters: several processes, kept on disk.

A job is one population under some sets of values, which share their patients' anatomy and cost less
together. What is done is kept line by line, so that a run that is stopped goes on where it stood.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import tinel
from tinel.cable.conduction.kept import engine
from tinel.cable.solvers.compile_cache import cache_folder
from tinel.calibration.cohorts import Cohort, published_cohorts
from tinel.calibration.outcome import Computed, compute
from tinel.cohort.crew import shared
from tinel.errors import TinelError
from tinel.progress import Progress, silent

Floats = NDArray[np.float64]

WORKERS = 2
# Rooms and files on which an outcome rests; a change in another leaves what was computed.
_ROOMS = ("case", "cohort", "course", "declare", "evidence", "exam", "lesion", "nerve", "treatment")
_FILES = ("twins.py", "calibration/outcome.py", "calibration/patients.py")


@dataclass(frozen=True)
class Job:
    """One population of a cohort under some values of the free parameters.

    ``rows`` holds one value for each of ``keys``; ``n_twin`` patients are computed for each row.
    """

    cohort: str
    population: str
    keys: tuple[str, ...]
    rows: tuple[tuple[float, ...], ...]
    n_twin: int


@dataclass(frozen=True)
class Done:
    """What became of a job: for each row figures by place, or why there are none."""

    rows: tuple[Mapping[int, Computed], ...]
    problem: str = ""


def jobs_of(cohorts: Sequence[Cohort], keys: Sequence[str], rows: Floats, n_twin: int) -> list[Job]:
    """One job for each population with a rule.

    Args:
        cohorts: published ones.
        keys: of the free parameters.
        rows: their values, ``(n_row, n_key)``.
        n_twin: patients for each population and row.
    """
    given = tuple(tuple(map(float, row)) for row in rows)
    return [
        Job(cohort.key, name, tuple(keys), given, n_twin)
        for cohort in cohorts
        for name in cohort.populations
        if any(f.population == name and f.measure for f in cohort.figures)
    ]


def run_jobs(
    jobs: Sequence[Job],
    workers: int = WORKERS,
    progress: Progress = silent,
    what: str = "cohorts",
    folder: Path | None = None,
) -> dict[Job, Done]:
    """Do the jobs that were not done before.

    Args:
        jobs: in any order; repeated ones are done once.
        workers: processes; 1 for none beside this one.
        progress: called after each.
        what: what is being done, for progress.
        folder: where finished jobs are kept; the cache folder where left out.

    Raises:
        TinelError: a worker was lost too often.
    """
    file = (folder or cache_folder() / "calibration") / f"{_program()}.jsonl"
    kept = _load(file)
    wanted = list(dict.fromkeys(jobs))
    names = {job: _name(job) for job in wanted}
    done = {job: kept[names[job]] for job in wanted if names[job] in kept}
    left = [job for job in wanted if job not in done]
    progress(len(done), len(wanted), what)
    made = shared(work, left, workers, lost=lambda _: None) if workers > 1 else _alone(left)
    for job, result in made:
        done[job] = result
        _save(file, names[job], result)
        progress(len(done), len(wanted), what)
    return done


def work(job: Job) -> Done:
    """Do one job; a population that cannot be built or has no patient gives the reason."""
    cohort = _cohorts()[job.cohort]
    try:
        rows = np.array(job.rows, np.float64).reshape(len(job.rows), len(job.keys))
        return Done(tuple(compute(cohort, job.population, job.keys, rows, job.n_twin)))
    except TinelError as problem:
        return Done((), str(problem))


def _alone(jobs: Sequence[Job]) -> Any:
    for job in jobs:
        yield job, work(job)


@cache
def _cohorts() -> dict[str, Cohort]:
    return {cohort.key: cohort for cohort in published_cohorts()}


def _load(file: Path) -> dict[str, Done]:
    found: dict[str, Done] = {}
    with suppress(OSError), file.open(encoding="utf-8") as stream:
        for line in stream:
            with suppress(ValueError, TypeError, KeyError):  # a line that was cut off
                name, rows, problem = json.loads(line)
                found[name] = Done(
                    tuple({int(k): Computed(*v) for k, v in row.items()} for row in rows), problem
                )
    return found


def _save(file: Path, name: str, done: Done) -> None:
    rows = [{k: [c.value, c.n, c.sd] for k, c in row.items()} for row in done.rows]
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with file.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps([name, rows, done.problem]) + "\n")


def _name(job: Job) -> str:
    return hashlib.sha256(repr((job, _said(job.cohort, job.population))).encode()).hexdigest()[:24]


@cache
def _said(key: str, population: str) -> str:
    cohort = _cohorts()[key]
    rules = [
        (k, f.day, f.mean_days, f.measure)
        for k, f in enumerate(cohort.figures)
        if f.population == population
    ]
    return repr((cohort.populations[population], rules))


@cache
def _program() -> str:
    home = Path(tinel.__file__).parent
    said = hashlib.sha256(engine().encode())  # the conduction tables are made by it
    files = [home / name for name in _FILES]
    for room in _ROOMS:
        files += [p for p in (home / room).rglob("*") if p.suffix in (".py", ".toml")]
    files += [home / "calibration" / "published" / f"{n}.toml" for n in ("injuries", "people")]
    for file in sorted(files):
        said.update(f"{file.relative_to(home)}\0".encode())
        said.update(hashlib.sha256(file.read_bytes()).digest())
    return said.hexdigest()[:24]
