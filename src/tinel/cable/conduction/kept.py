"""Tables kept between runs, beside compiled code, so that only the first run computes them."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from tinel.cable.solvers.compile_cache import cache_folder, is_own

Floats = NDArray[np.float64]


def kept(
    name: str, made_of: object, compute: Callable[[], Mapping[str, Floats]]
) -> dict[str, Floats]:
    """Arrays from the cache folder, or computed and put there.

    Args:
        name: what the table is, the beginning of its file's name.
        made_of: every number it is made of; its ``repr`` is the key, with the code of the engine.
        compute: makes it where none is kept or the file cannot be read.

    Example:
        >>> table = kept("of_an_example", 1.0, lambda: {"twice": np.array([2.0])})
        >>> float(table["twice"][0])
        2.0
    """
    key = hashlib.sha256(f"{engine()} {made_of!r}".encode()).hexdigest()
    file = cache_folder() / "tables" / f"{name}-{key[:32]}.npz"
    found = _load(file)
    if found is None:
        found = dict(compute())
        _keep(file, found)
    return found


def _load(file: Path) -> dict[str, Floats] | None:
    try:
        if not is_own(file):
            return None
        with np.load(file, allow_pickle=False) as arrays:
            return {n: arrays[n] for n in arrays.files}
    except (OSError, ValueError, TypeError, EOFError, KeyError, BadZipFile):
        return None  # not there, or not whole


def _keep(file: Path, arrays: dict[str, Any]) -> None:
    temporary = file.with_name(f"{file.stem}-{secrets.token_hex(4)}.part.npz")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        np.savez(temporary, **arrays)
        os.replace(temporary, file)
    except OSError:  # a folder that cannot be written costs the next run its time, no more
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


@cache
def engine() -> str:
    """Hash of the engine's code and of numpy's version: a changed line may change any table.

    Example:
        >>> len(engine())
        64
    """
    said = hashlib.sha256(version("numpy").encode())
    folder = Path(__file__).parents[1]
    for file in sorted(folder.rglob("*.py")):
        said.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    return said.hexdigest()
