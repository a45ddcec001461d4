"""Where compiled kernels are kept between runs, so that only the first run waits for them."""

from __future__ import annotations

import hashlib
import os
import pickle
import threading
import warnings
from collections.abc import Callable
from contextlib import ExitStack
from functools import cache, wraps
from pathlib import Path
from tempfile import gettempdir
from types import FunctionType
from typing import Any, TypeVar

from tinel.cable.membranes.operations import FAST_MATH, NOT_FROM_C
from tinel.cable.solvers.kept_files import is_own, is_torn, keep, one_maker
from tinel.cable.solvers.origin import UnknownOriginError, origin
from tinel.errors import TinelError

Built = TypeVar("Built", bound=Callable[..., Any])
_LOCK = threading.RLock()
UNCALLED = {**NOT_FROM_C, "no_cpython_wrapper": True}
_SAID: list[Exception] = []  # once per process is enough


def cache_folder() -> Path:
    """``$TINEL_CACHE``, or ``tinel`` in the user's cache folder.

    A user without a home gets a folder of their own among the temporary ones.
    """
    if given := os.environ.get("TINEL_CACHE"):
        return Path(given).absolute()
    # a relative or empty path is to be ignored, says the XDG base directory specification
    if os.path.isabs(given := os.environ.get("XDG_CACHE_HOME", "")):
        return Path(given) / "tinel"
    try:
        home = Path.home()
    except RuntimeError:
        home = Path()
    if home.is_absolute() and home.is_dir():
        return home / ".cache" / "tinel"
    who = os.getuid() if hasattr(os, "getuid") else "user"
    return Path(gettempdir()) / f"tinel-{who}"


def once(build: Built) -> Built:
    """``functools.cache`` for what builds compiled loops: one thread at a time, so that no loop is
    compiled twice."""
    cached = cache(build)

    @wraps(build)
    def locked(*arguments: Any) -> Any:
        with _LOCK:
            return cached(*arguments)

    locked.cache_clear = cached.cache_clear  # type: ignore[attr-defined]
    return locked  # type: ignore[return-value]


def compiled(template: Any, names: dict[str, Any], keep: bool = True) -> Any:
    """A time loop, or a part of one, compiled with what its code takes from outside.

    Args:
        template: the function as written; its own globals are not seen.
        names: what stands under the names it uses.
        keep: whether its machine code is kept on disk; False for what is compiled into another
            function anyway, and must not be called by Python.
    """
    import numba

    code = template.__code__
    function = FunctionType(code, {"__name__": template.__module__, **names}, code.co_name)
    wrappers = NOT_FROM_C if keep else UNCALLED
    made = numba.njit(fastmath=FAST_MATH, error_model="numpy", nogil=True, **wrappers)(function)
    if keep:
        kept(made)
    return made


def inlined(formula: Any) -> Any:
    """A formula that only compiled code calls, which is what it is compiled into; to call it by
    Python would take half as long again to compile, and must not be tried."""
    import numba

    return numba.njit(forceinline=True, fastmath=FAST_MATH, error_model="numpy", **UNCALLED)(
        formula
    )


def kept(dispatcher: Any) -> None:
    """Let numba keep a function's machine code in the cache folder, under a name made from
    everything it was compiled from (``origin``)."""
    try:
        cache = _kept_code()(dispatcher)
    except UnknownOriginError:
        return  # compiled anew in every run, which is slow and never wrong
    make = dispatcher.compile

    def compile_in_turn(types: Any) -> Any:
        try:
            return make(types)
        finally:  # one that failed or was stopped must keep nobody waiting
            cache.let_others()

    dispatcher._cache, dispatcher.compile = cache, compile_in_turn


@cache
def _kept_code() -> Any:
    from numba.core.caching import _Cache

    class KeptCode(_Cache):
        """One file per function and types of its arguments: a hash, then what it is the hash of.

        In place of numba's own cache, which names functions by file and line only, stops at
        a file that is torn, and goes to another folder where it cannot write to the one wanted.
        """

        def __init__(self, dispatcher: Any) -> None:
            self._name = dispatcher.py_func.__name__
            self._origin = origin(dispatcher)
            self._turn = ExitStack()  # from the file that is not there to the one that is written

        cache_path = property(lambda self: str(cache_folder() / "compiled"))

        def load_overload(self, types: Any, target: Any) -> Any:
            target.refresh()
            file = self._file(types, target.codegen())
            found = self._loaded(file, target)
            if found is None:
                self._turn.enter_context(one_maker(file))
                found = self._loaded(file, target)  # by then another process may have made it
            return found

        def let_others(self) -> None:
            """The file is written, or will not be."""
            self._turn.close()

        def _loaded(self, file: Path, target: Any) -> Any:
            try:
                if not is_own(file):
                    return None
                data = file.read_bytes()
                if not _whole(data):
                    return None
                from numba.core.compiler import CompileResult

                parts = pickle.loads(data[32:])
                return CompileResult._rebuild(target, *parts)  # type: ignore[no-untyped-call]
            except FileNotFoundError:
                return None
            except Exception as problem:
                _cannot(problem)
                return None

        def save_overload(self, types: Any, result: Any) -> None:
            if result.lifted or result.library.has_dynamic_globals:
                return
            file = self._file(types, result.codegen)
            data = pickle.dumps(result._reduce(), protocol=5)
            try:
                keep(file, hashlib.sha256(data).digest() + data)
            except OSError as problem:
                _cannot(problem)

        def _file(self, types: Any, codegen: Any) -> Path:
            words = repr((self._origin, types, codegen.magic_tuple()))
            named = hashlib.sha256(words.encode()).hexdigest()[:32]
            return cache_folder() / "compiled" / f"{self._name}-{named}.code"

        def enable(self) -> None: ...

        def disable(self) -> None: ...

        def flush(self) -> None: ...

    return KeptCode


def torn() -> list[Path]:
    """Files of compiled code, tables and unfinished runs that are not whole; each is written anew
    when it is next needed."""
    folder = cache_folder()
    code = [f for f in folder.glob("compiled/*.code") if not _whole(f.read_bytes())]
    arrays = [*folder.glob("tables/*.npz"), *folder.glob("unfinished/*/*.npz")]
    return sorted(code + [file for file in arrays if is_torn(file)])


def _whole(data: bytes) -> bool:
    return hashlib.sha256(data[32:]).digest() == data[:32]


def _cannot(problem: Exception) -> None:
    if not _SAID:
        _SAID.append(problem)
        told = getattr(problem, "strerror", None) or str(problem) or type(problem).__name__
        warnings.warn(
            f"compiled code cannot be kept in {cache_folder()} ({told}), so each run compiles "
            "anew; set TINEL_CACHE to a folder that can be written to",
            stacklevel=2,
        )


def each_gate(count: int, formula: Any) -> Any:
    """The formula of single gates as one of a table of gates (gate, lane) and a lane: a compiled
    formula takes each gate by itself, and how many there are differs between membranes.

    Raises:
        TinelError: more gates than a loop is written for.
    """
    if count not in _GATES:
        raise TinelError(f"a membrane has {count} gates (allowed: 0 to {max(_GATES)})")
    return inlined(_GATES[count](formula))


_GATES = {
    0: lambda f: lambda x, i: f(),
    1: lambda f: lambda x, i: f(x[0, i]),
    2: lambda f: lambda x, i: f(x[0, i], x[1, i]),
    3: lambda f: lambda x, i: f(x[0, i], x[1, i], x[2, i]),
    4: lambda f: lambda x, i: f(x[0, i], x[1, i], x[2, i], x[3, i]),
    5: lambda f: lambda x, i: f(x[0, i], x[1, i], x[2, i], x[3, i], x[4, i]),
    6: lambda f: lambda x, i: f(x[0, i], x[1, i], x[2, i], x[3, i], x[4, i], x[5, i]),
}


def sum_of_currents(op: Any, count: int) -> Any:
    """A compiled formula from the open fractions of so many currents, their densities and their
    reversals to the total conductance and its product with the reversals."""
    zero = op.number(0.0)
    total = inlined(lambda opened, density, reversal: (zero, zero))
    for k in range(count):
        total = _and_one(total, k)
    return total


def _and_one(before: Any, k: int) -> Any:
    def more(opened: Any, density: Any, reversal: Any) -> Any:
        total, driven = before(opened, density, reversal)
        one = density[k] * opened[k]
        return total + one, driven + one * reversal[k]

    return inlined(more)
