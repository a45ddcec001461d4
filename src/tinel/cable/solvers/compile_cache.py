"""Where compiled kernels are kept between runs, so that only the first run waits for them."""

from __future__ import annotations

import hashlib
import inspect
import os
import threading
from collections.abc import Callable, Iterable
from functools import cache, wraps
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any, TypeVar

Built = TypeVar("Built", bound=Callable[..., Any])
_LOCK = threading.RLock()


def cache_folder() -> Path:
    """``$TINEL_CACHE``, or ``tinel`` in the user's cache folder."""
    if given := os.environ.get("TINEL_CACHE"):
        return Path(given)
    return Path(os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))) / "tinel"


def keep_compiled() -> None:
    """Let JAX store compiled kernels in the cache folder; silently goes without where it cannot."""
    import jax

    try:
        cache_folder().mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    jax.config.update("jax_compilation_cache_dir", str(cache_folder()))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.1)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", 0)


def once(build: Built) -> Built:
    """``functools.cache`` for what builds compiled loops: one thread at a time, because numba takes
    the folder it keeps code in from a global setting."""
    cached = cache(build)

    @wraps(build)
    def locked(*arguments: Any) -> Any:
        with _LOCK:
            return cached(*arguments)

    locked.cache_clear = cached.cache_clear  # type: ignore[attr-defined]
    return locked  # type: ignore[return-value]


def keep_in(room: str, modules: Iterable[ModuleType], *formulas: Any) -> None:
    """Let numba keep what is compiled next in a folder that says what it was made from: the text
    of the modules, and the formulas with all values they close over."""
    import numba

    sources = sorted(inspect.getsource(m) for m in modules)
    said = repr((sources, [_said(f) for f in formulas]))
    mark = hashlib.sha256(said.encode()).hexdigest()[:16]
    numba.config.CACHE_DIR = str(cache_folder() / room / mark)  # type: ignore[attr-defined]


def _said(thing: Any) -> Any:
    if isinstance(thing, FunctionType):
        closed = [_said(cell.cell_contents) for cell in thing.__closure__ or ()]
        plain = (int, float, str, tuple, dict)
        around = {n: thing.__globals__.get(n) for n in sorted(thing.__code__.co_names)}
        numbers = {n: v for n, v in around.items() if isinstance(v, plain)}
        return _said(thing.__code__), closed, repr(thing.__defaults__), repr(numbers)
    if isinstance(thing, CodeType):
        return thing.co_code, [_said(c) for c in thing.co_consts], thing.co_names
    return repr(thing)


def each_gate(count: int, jit: Any, formula: Any) -> Any:
    """The formula of single gates as one of a table of gates (gate, lane) and a lane: a compiled
    formula takes each gate by itself, and how many there are is the membrane's affair."""
    return _GATES[count](jit, formula)


_GATES = {
    0: lambda jit, f: jit(lambda x, i: f()),
    1: lambda jit, f: jit(lambda x, i: f(x[0, i])),
    2: lambda jit, f: jit(lambda x, i: f(x[0, i], x[1, i])),
    3: lambda jit, f: jit(lambda x, i: f(x[0, i], x[1, i], x[2, i])),
    4: lambda jit, f: jit(lambda x, i: f(x[0, i], x[1, i], x[2, i], x[3, i])),
    5: lambda jit, f: jit(lambda x, i: f(x[0, i], x[1, i], x[2, i], x[3, i], x[4, i])),
}
