"""All twins, chunk by chunk, on as many processes as wanted."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tinel.case import Case
from tinel.cohort.chunk import compute
from tinel.cohort.cost import foretold
from tinel.cohort.crew import shared
from tinel.cohort.kept import Kept, forget_old
from tinel.cohort.outcomes import Growing, Outcomes
from tinel.exam.laboratory import Laboratory
from tinel.progress import Progress

CHUNK = 50


def gather(
    case: Case,
    laboratory: Laboratory,
    days: Sequence[float],
    progress: Progress,
    workers: int = 1,
    kept: Kept | None = None,
) -> Outcomes:
    """Compute all twins of a case. The result depends neither on the chunks nor on the workers.

    Args:
        case: whose twins.
        laboratory: from ``exam.laboratory.set_up`` for the case's nerve.
        days: those of the curves.
        progress: called with the finished and all chunks.
        workers: processes to use.
        kept: finished chunks, taken from there and put there; they stay. None for
            ``Kept.of`` the arguments.
    """
    kept = Kept.of(case, laboratory, days) if kept is None else kept
    forget_old(kept.folder)
    total = case.run.twins
    chunks = [range(k, min(k + CHUNK, total)) for k in range(0, total, CHUNK)]
    gathered = Growing(total)
    missing = []
    for twins in chunks:
        part = kept.load(twins)
        if part is None or not gathered.fits(part):
            missing.append(twins)
        else:
            gathered.put(twins, part)
    workers = min(workers, len(missing))
    if missing and (told := foretold(case, laboratory, days, len(missing), CHUNK, workers)):
        warnings.warn(told, stacklevel=2)
    progress(len(chunks) - len(missing), len(chunks), "computing twins")
    done = len(chunks) - len(missing)
    for twins, part in _computed(_Work(case, laboratory, tuple(days)), missing, workers):
        kept.save(twins, part)
        gathered.put(twins, part)
        done += 1
        progress(done, len(chunks), "computing twins")
    return gathered.whole()


@dataclass(frozen=True)
class _Work:
    case: Case
    laboratory: Laboratory
    days: tuple[float, ...]

    def __call__(self, twins: range) -> Outcomes:
        return compute(self.case, twins, self.laboratory, self.days)


def _computed(
    work: _Work, chunks: Sequence[range], workers: int
) -> Iterator[tuple[range, Outcomes]]:
    if workers < 2:
        return ((twins, work(twins)) for twins in chunks)
    return shared(work, chunks, workers, lambda told: warnings.warn(told, stacklevel=2))
