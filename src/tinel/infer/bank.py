"""Twins of a nerve and cause before any finding is known, kept on disk and used again.

What is kept belongs to one injury, one treatment, one seed and one version of the program, and to
one test on one day, so that a further finding costs only what was not yet examined.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from tinel.cable.solvers.compile_cache import cache_folder
from tinel.cable.solvers.kept_files import arrays_kept, keep_arrays
from tinel.case import Case
from tinel.cohort.crew import shared
from tinel.cohort.kept import forget_old, mark
from tinel.exam.laboratory import Laboratory
from tinel.infer.simulate import Seen, Session, chunks_of, joined, simulate
from tinel.progress import Progress


@dataclass(frozen=True)
class Bank:
    """Kept sessions of prior twins.

    Args:
        folder: where they are; need not exist, and the bank is right without it.
    """

    folder: Path

    @classmethod
    def of(cls, case: Case, laboratory: Laboratory) -> Bank:
        """That of a case: its findings and examinations do not matter.

        Args:
            case: with its prior twins, from ``traits.prior_of``.
            laboratory: for its nerve.
        """
        arm = next(arm for arm in case.arm if arm.name == case.done)
        text = repr((case.patient, case.cause, arm.step, case.run.seed))
        run = case.run.model_copy(update={"twins": 1, "horizon_days": 1.0})
        drawn = replace(case, run=run, chosen=None)
        return cls(cache_folder() / "banks" / mark(drawn, laboratory, (), text))

    def load(self, twins: range, session: Session) -> Seen | None:
        """What a session shows of some twins; None where it is not kept whole."""
        stored = arrays_kept(self._file(twins, session))
        if stored is None:
            return None
        try:
            labels, units = json.loads(str(stored["words"]))
            seen = Seen(tuple(map(tuple, labels)), tuple(units), stored["values"])
        except (ValueError, TypeError, KeyError):
            return None
        return seen if seen.values.shape == (len(twins), len(units)) else None

    def save(self, twins: range, session: Session, seen: Seen) -> None:
        """Keep a session; where that is impossible, it is only computed again."""
        words = np.array(json.dumps([seen.labels, seen.units]))
        keep_arrays(self._file(twins, session), {"words": words, "values": seen.values})

    def _file(self, twins: range, session: Session) -> Path:
        test = session.test.replace(" ", "_").replace("'", "")
        if session.quantity:
            test += "-" + re.sub("[^A-Za-z0-9]", "_", f"{session.site}-{session.quantity}")
        return self.folder / f"{twins.start}-{twins.stop}" / f"{session.day:g}-{test}.npz"


@dataclass(frozen=True)
class _Work:
    case: Case
    laboratory: Laboratory

    def __call__(self, item: tuple[range, tuple[Session, ...]]) -> dict[Session, Seen]:
        twins, sessions = item
        return simulate(self.case, twins, self.laboratory, sessions)


def from_bank(
    case: Case,
    n: int,
    laboratory: Laboratory,
    sessions: Sequence[Session],
    progress: Progress,
    workers: int = 1,
) -> dict[Session, Seen]:
    """What the prior twins ``0`` to ``n - 1`` of a case show, kept or computed.

    Args:
        case: with its prior twins, from ``traits.prior_of``.
        n: how many.
        laboratory: for its nerve.
        sessions: tests and days.
        progress: called with finished and all parts.
        workers: processes to use.
    """
    bank = Bank.of(case, laboratory)
    forget_old(bank.folder)
    chunks = chunks_of(n)
    found: dict[tuple[range, Session], Seen] = {}
    missing = []
    for twins in chunks:
        for session in sessions:
            seen = bank.load(twins, session)
            if seen is not None:
                found[twins, session] = seen
        lacking = tuple(s for s in sessions if (twins, s) not in found)
        if lacking:
            missing.append((twins, lacking))
    done = len(chunks) - len(missing)
    told = "computing twins before the findings"
    progress(done, len(chunks), told)
    work, workers = _Work(case, laboratory), min(workers, len(missing))
    made = (
        ((item, work(item)) for item in missing)
        if workers < 2
        else shared(work, missing, workers, lambda lost: None)
    )
    for (twins, _), parts in made:
        for session, seen in parts.items():
            bank.save(twins, session, seen)
            found[twins, session] = seen
        done += 1
        progress(done, len(chunks), told)
    return joined([{s: found[twins, s] for s in sessions} for twins in chunks])
