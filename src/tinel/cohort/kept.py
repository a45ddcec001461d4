"""Computed twins kept on disk until their result is whole, so that a stopped run goes on.

Whatever changes the numbers changes the folder they are kept in, so that no part of another model
is ever taken for one of this.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

import numpy as np

import tinel
from tinel.cable.solvers.compile_cache import cache_folder
from tinel.cable.solvers.kept_files import arrays_kept, hash_of_files, keep_arrays
from tinel.case import Case
from tinel.cohort.labelled import Labelled
from tinel.cohort.outcomes import Outcomes
from tinel.exam.laboratory import Laboratory

OLD_d = 30  # parts that nobody went on with go after so many days


@dataclass(frozen=True)
class Kept:
    """The parts of one run.

    Args:
        folder: where they are; need not exist, and the run is right without it.
    """

    folder: Path

    @classmethod
    def of(cls, case: Case, laboratory: Laboratory, days: Sequence[float]) -> Kept:
        """The parts of a case with the engine's table and the days of its curves."""
        return cls(cache_folder() / "unfinished" / mark(case, laboratory, days))

    def save(self, twins: range, part: Outcomes) -> None:
        """Keep a part; where that is impossible, it is only not there when a run goes on."""
        file = self._file(twins)
        tables = part.tables()
        labels = {name: [t.names, t.labels, t.units] for name, t in tables.items()}
        words = json.dumps([part.days, part.exam_days, labels, sorted(part.read)])
        arrays = {name: table.values for name, table in tables.items()}
        keep_arrays(file, {"words": np.array(words), **arrays})

    def load(self, twins: range) -> Outcomes | None:
        """A part, or None where it is not there whole."""
        stored = arrays_kept(self._file(twins))
        if stored is None:
            return None
        try:
            days, exam_days, labels, read = json.loads(str(stored["words"]))
            tables = {
                name: Labelled(tuple(names), tuple(map(tuple, rows)), tuple(units), stored[name])
                for name, (names, rows, units) in labels.items()
            }
            part = Outcomes(tuple(days), tuple(exam_days), **tables, read=frozenset(read))
        except (ValueError, TypeError, KeyError):
            return None
        return part if part.n_twin == len(twins) else None

    def forget(self) -> None:
        """Remove the parts: their result is whole."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _file(self, twins: range) -> Path:
        return self.folder / f"{twins.start}-{twins.stop}.npz"


def forget_old(folder: Path) -> None:
    """Remove what stands beside a folder of kept parts and was not written to for a month.

    Args:
        folder: of one run; need not exist.
    """
    with suppress(OSError):
        for other in folder.parent.iterdir():
            if other != folder and time.time() - other.stat().st_mtime > OLD_d * 86400:
                shutil.rmtree(other, ignore_errors=True)


def mark(case: Case, laboratory: Laboratory, days: Sequence[float], text: str = "") -> str:
    """A name made from everything that the numbers of a run come from.

    ``text`` is what is computed, where that is less than the whole text of the case.

    Case, nerve and place, seed, days, the engine's table, every parameter, the nerve's file, the
    code of this package and of a user's own files with what they import, and the libraries that
    compute.
    """
    said = hashlib.sha256(_program().encode())
    said.update((text or case.source.sha256).encode())
    if case.chosen is not None:
        chosen = case.chosen
        for values in (chosen.own, *chosen.traits.values(), *chosen.numbers.values()):
            said.update(np.ascontiguousarray(values).tobytes())
    said.update(repr((case.nerve, case.place)).encode())  # one text may hold several nerves
    said.update(json.dumps([case.run.model_dump(), list(days), laboratory.temperature_C]).encode())
    table = laboratory.conduction
    for array in (table.velocity_m_per_s, table.block, table.delay_ms):
        said.update(np.ascontiguousarray(array).tobytes())
    parameters = case.parameters
    for key in sorted(parameters.numbers):
        said.update(repr(parameters.numbers[key]).encode())
    for key in sorted(parameters.changed):
        said.update(repr((key, np.asarray(parameters.changed[key]).tolist())).encode())
    nerve = [case.nerve.file] if case.nerve.file else []
    for file in sorted({*map(str, (*case.files, *nerve)), *_own_modules()}):
        said.update(hashlib.sha256(Path(file).read_bytes()).digest())
    return said.hexdigest()[:32]


@cache
def _program() -> str:
    home = Path(tinel.__file__).parent
    code = hash_of_files(home, (p for p in home.rglob("*") if p.suffix in (".py", ".toml", ".csv")))
    libraries = [(name, version(name)) for name in ("numba", "numpy", "scipy")]
    machine = (platform.machine(), platform.python_version())
    return repr((tinel.__version__, libraries, machine, code))


def _own_modules() -> Iterator[str]:
    # what was imported from neither an installation nor this package is the user's: the files
    # named by --with, what they import, or the script that calls
    installed = tuple(
        os.path.join(os.path.realpath(folder), "")
        for folder in (sys.prefix, sys.base_prefix, os.path.dirname(tinel.__file__))
    )
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if isinstance(file, str):
            real = _followed(file)
            if not (real.startswith(installed) or "site-packages" in real) and os.path.isfile(real):
                yield real


@cache
def _followed(file: str) -> str:
    # thousands of modules, and each folder of each path is looked at: once is enough
    return os.path.realpath(file)
