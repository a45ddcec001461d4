"""All twins, chunk by chunk, on as many processes as wanted.

Finished chunks are kept until the whole is done, so that an interrupted run goes on where it
stopped.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
from collections.abc import Iterator, Sequence
from multiprocessing import get_context
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from tinel import __version__
from tinel.cable.solvers.compile_cache import cache_folder
from tinel.case import Case
from tinel.cohort.chunk import compute
from tinel.cohort.labelled import Labelled
from tinel.cohort.outcomes import Outcomes
from tinel.exam.laboratory import Laboratory
from tinel.progress import Progress

CHUNK = 25


def gather(
    case: Case,
    laboratory: Laboratory,
    days: Sequence[float],
    progress: Progress,
    workers: int = 1,
) -> Outcomes:
    """Compute all twins of a case. The result depends neither on the chunks nor on the workers."""
    kept = _folder(case, laboratory, days)
    total = case.run.twins
    chunks = [range(k, min(k + CHUNK, total)) for k in range(0, total, CHUNK)]
    parts = {twins: part for twins in chunks if (part := _load(kept, twins)) is not None}
    missing = [twins for twins in chunks if twins not in parts]
    progress(len(parts), len(chunks), "computing twins")
    for twins, part in _computed(case, missing, laboratory, days, workers):
        _save(kept, twins, part)
        parts[twins] = part
        progress(len(parts), len(chunks), "computing twins")
    shutil.rmtree(kept, ignore_errors=True)
    return Outcomes.joined([parts[twins] for twins in chunks])


def _computed(
    case: Case, chunks: list[range], laboratory: Laboratory, days: Sequence[float], workers: int
) -> Iterator[tuple[range, Outcomes]]:
    if workers < 2 or len(chunks) < 2:
        for twins in chunks:
            yield twins, compute(case, twins, laboratory, days)
        return
    # spawned, because forking a process in which JAX runs threads can hang
    work = [(case, twins, laboratory, days) for twins in chunks]
    with get_context("spawn").Pool(min(workers, len(chunks)), _ignore_interrupt) as pool:
        yield from pool.imap_unordered(_one, work)


def _one(work: tuple[Case, range, Laboratory, Sequence[float]]) -> tuple[range, Outcomes]:
    return work[1], compute(*work)


def _ignore_interrupt() -> None:
    # the parent is interrupted too, and ends its workers at once
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _folder(case: Case, laboratory: Laboratory, days: Sequence[float]) -> Path:
    # whatever changes the numbers changes the name: case, seed, version, the engine's table,
    # parameters changed by hand and a user's own files
    mark = hashlib.sha256(case.source.sha256.encode())
    mark.update(json.dumps([__version__, case.run.model_dump(), list(days)]).encode())
    mark.update(laboratory.conduction.delay_ms.tobytes())
    mark.update(str([laboratory.temperature_C, _changed(case)]).encode())
    for file in (*case.files, *([case.nerve.file] if case.nerve.file else [])):
        mark.update(Path(file).read_bytes())
    return cache_folder() / "unfinished" / mark.hexdigest()[:32]


def _changed(case: Case) -> list[tuple[str, list[float]]]:
    changed = case.parameters.changed
    return [(key, np.atleast_1d(changed[key]).tolist()) for key in sorted(changed)]


def _save(folder: Path, twins: range, part: Outcomes) -> None:
    file = folder / f"{twins.start}.npz"
    tables = part.tables()
    labels = {name: [t.names, t.labels, t.units] for name, t in tables.items()}
    words = json.dumps([part.days, part.exam_days, labels, sorted(part.read)])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        temporary = file.with_suffix(".partial")
        with temporary.open("wb") as stream:
            arrays = {name: table.values for name, table in tables.items()}
            np.savez(stream, allow_pickle=False, words=np.array(words), **arrays)
        os.replace(temporary, file)
    except OSError:
        return  # no room to keep it: the run only loses the chance to be resumed


def _load(folder: Path, twins: range) -> Outcomes | None:
    try:
        with np.load(folder / f"{twins.start}.npz", allow_pickle=False) as stored:
            days, exam_days, labels, read = json.loads(str(stored["words"]))
            tables = {
                name: Labelled(tuple(names), tuple(map(tuple, rows)), tuple(units), stored[name])
                for name, (names, rows, units) in labels.items()
            }
    except (OSError, ValueError, EOFError, KeyError, BadZipFile):
        return None
    return Outcomes(tuple(days), tuple(exam_days), **tables, read=frozenset(read))
