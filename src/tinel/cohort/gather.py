"""All twins, chunk by chunk; finished chunks are kept until the whole is done, so that an
interrupted run goes on where it stopped."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tinel import __version__
from tinel.cable.compiled import cache_folder
from tinel.case import Case
from tinel.cohort.chunk import Table, compute
from tinel.exam.laboratory import Laboratory
from tinel.progress import Progress

CHUNK = 25


def gather(case: Case, laboratory: Laboratory, days: Sequence[float], progress: Progress) -> Table:
    """Compute all twins of a case. The result does not depend on the chunks."""
    kept = _folder(case, laboratory, days)
    starts = range(0, case.run.twins, CHUNK)
    parts: list[Table] = []
    for done, start in enumerate(starts):
        progress(done, len(starts), "computing twins")
        file = kept / f"{start}.npz"
        part = _load(file)
        if part is None:
            twins = range(start, min(start + CHUNK, case.run.twins))
            part = compute(case, twins, laboratory, days)
            _save(file, part)
        parts.append(part)
    progress(len(starts), len(starts), "computing twins")
    shutil.rmtree(kept, ignore_errors=True)
    return {key: np.concatenate([p[key] for p in parts]) for key in parts[0]}


def _folder(case: Case, laboratory: Laboratory, days: Sequence[float]) -> Path:
    # whatever changes the numbers changes the name: case, seed, version, the engine's table
    mark = hashlib.sha256(case.source.sha256.encode())
    mark.update(json.dumps([__version__, case.run.model_dump(), list(days)]).encode())
    mark.update(laboratory.conduction.delay_ms.tobytes())
    return cache_folder() / "unfinished" / mark.hexdigest()[:32]


def _save(file: Path, table: Table) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary = file.with_suffix(".partial")
        with temporary.open("wb") as stream:
            np.savez(stream, allow_pickle=False, **{json.dumps(k): v for k, v in table.items()})
        os.replace(temporary, file)
    except OSError:
        return  # no room to keep it: the run only loses the chance to be resumed


def _load(file: Path) -> Table | None:
    try:
        with np.load(file, allow_pickle=False) as stored:
            return {tuple(json.loads(name)): stored[name] for name in stored.files}
    except (OSError, ValueError, EOFError):
        return None
