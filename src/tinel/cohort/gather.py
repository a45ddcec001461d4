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
from tinel.cohort.chunk import Table, compute
from tinel.exam.laboratory import Laboratory
from tinel.progress import Progress

CHUNK = 25


def gather(
    case: Case,
    laboratory: Laboratory,
    days: Sequence[float],
    progress: Progress,
    workers: int = 1,
) -> Table:
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
    return {key: np.concatenate([parts[t][key] for t in chunks]) for key in parts[chunks[0]]}


def _computed(
    case: Case, chunks: list[range], laboratory: Laboratory, days: Sequence[float], workers: int
) -> Iterator[tuple[range, Table]]:
    if workers < 2 or len(chunks) < 2:
        for twins in chunks:
            yield twins, compute(case, twins, laboratory, days)
        return
    # spawned, because forking a process in which JAX runs threads can hang
    work = [(case, twins, laboratory, days) for twins in chunks]
    with get_context("spawn").Pool(min(workers, len(chunks)), _ignore_interrupt) as pool:
        yield from pool.imap_unordered(_one, work)


def _one(work: tuple[Case, range, Laboratory, Sequence[float]]) -> tuple[range, Table]:
    return work[1], compute(*work)


def _ignore_interrupt() -> None:
    # the parent is interrupted too, and ends its workers at once
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _folder(case: Case, laboratory: Laboratory, days: Sequence[float]) -> Path:
    # whatever changes the numbers changes the name: case, seed, version, the engine's table
    mark = hashlib.sha256(case.source.sha256.encode())
    mark.update(json.dumps([__version__, case.run.model_dump(), list(days)]).encode())
    mark.update(laboratory.conduction.delay_ms.tobytes())
    return cache_folder() / "unfinished" / mark.hexdigest()[:32]


def _save(folder: Path, twins: range, table: Table) -> None:
    file = folder / f"{twins.start}.npz"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        temporary = file.with_suffix(".partial")
        with temporary.open("wb") as stream:
            np.savez(stream, allow_pickle=False, **{json.dumps(k): v for k, v in table.items()})
        os.replace(temporary, file)
    except OSError:
        return  # no room to keep it: the run only loses the chance to be resumed


def _load(folder: Path, twins: range) -> Table | None:
    try:
        with np.load(folder / f"{twins.start}.npz", allow_pickle=False) as stored:
            return {tuple(json.loads(name)): stored[name] for name in stored.files}
    except (OSError, ValueError, EOFError, BadZipFile):
        return None
