"""The parts of a batch, computed on all cores, with progress."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from tinel.progress import Progress, silent

CHUNK = 256  # fibres prepared at a time, which bounds the memory and keeps them in the cache

Part = TypeVar("Part")
Done = TypeVar("Done")


def cores() -> int:
    """How many parts are computed at a time."""
    return os.cpu_count() or 1


def chunk_size(n_fibre: int, lanes: int) -> int:
    """Fibres to take at a time: whole blocks of lanes, all cores busy, at most ``CHUNK``."""
    return lanes * max(1, min(CHUNK, n_fibre // cores()) // lanes)


def on_all_cores(
    compute: Callable[[Part], Done],
    parts: Sequence[Part],
    progress: Progress = silent,
    at_once: int | None = None,
) -> list[Done]:
    """Compute every part, in order; an interruption waits for the parts begun, no longer.

    ``at_once`` says how many at a time, where that is not all cores' affair.

    Example:
        >>> on_all_cores(lambda k: k * k, [1, 2, 3])
        [1, 4, 9]
    """
    done: list[Done] = []
    progress(0, len(parts), "simulating fibres")
    with ThreadPoolExecutor(at_once or cores()) as pool:
        for one in pool.map(compute, parts):
            done.append(one)
            progress(len(done), len(parts), "simulating fibres")
    return done
