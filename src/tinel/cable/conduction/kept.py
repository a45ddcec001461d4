"""Tables kept between runs, beside compiled code, so that only the first run computes them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tinel.cable.solvers.compile_cache import cache_folder
from tinel.cable.solvers.kept_files import arrays_kept, hash_of_files, keep_arrays, one_maker

Floats = NDArray[np.float64]


ENGINE = Path(__file__).parents[1]


def kept(
    name: str, made_of: object, compute: Callable[[], Mapping[str, Floats]], code: Path = ENGINE
) -> dict[str, Floats]:
    """Arrays from the cache folder, or computed and put there.

    Args:
        name: what the table is, the beginning of its file's name.
        made_of: every number it is made of; its ``repr`` is the key, with the code.
        compute: makes it where none is kept or the file cannot be read.
        code: folder of all the code that makes it; of the engine if left out.

    Example:
        >>> table = kept("of_an_example", 1.0, lambda: {"twice": np.array([2.0])})
        >>> float(table["twice"][0])
        2.0
    """
    key = hashlib.sha256(f"{_code(code)} {made_of!r}".encode()).hexdigest()
    file = cache_folder() / "tables" / f"{name}-{key[:32]}.npz"
    if (found := arrays_kept(file)) is not None:
        return found
    with one_maker(file):
        if (found := arrays_kept(file)) is None:
            found = dict(compute())
            keep_arrays(file, found)
    return found


def engine() -> str:
    """What tables rest on, in words: a changed line of the engine may change any of them.

    Example:
        >>> engine() == engine()
        True
    """
    return _code(ENGINE)


@cache
def _code(folder: Path) -> str:
    return f"{version('numpy')} {hash_of_files(folder, folder.rglob('*.py'))}"
