"""Where compiled kernels are kept between runs, so that only the first run waits for them."""

from __future__ import annotations

import hashlib
import inspect
import os
import sys
import threading
from collections.abc import Callable, Iterable
from functools import cache, partial, wraps
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any, TypeVar

from tinel.errors import TinelError

Built = TypeVar("Built", bound=Callable[..., Any])
_LOCK = threading.RLock()
FAST_MATH = {"nsz", "arcp", "contract", "afn", "reassoc"}


def cache_folder() -> Path:
    """``$TINEL_CACHE``, or ``tinel`` in the user's cache folder."""
    if given := os.environ.get("TINEL_CACHE"):
        return Path(given)
    return Path(os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))) / "tinel"


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


def compiled(template: Any, names: dict[str, Any], keep: bool = True) -> Any:
    """A time loop, or a part of one, compiled with what its code takes from outside.

    Formulas enter as globals, not as a closure: a closure's compiled code is never found again.

    Args:
        template: the function as written; its own globals are not seen.
        names: what stands under the names it uses.
        keep: whether its machine code is kept on disk (``keep_in``); False for what is compiled
            into another function anyway.
    """
    import numba

    code = template.__code__
    function = FunctionType(code, {"__name__": template.__module__, **names}, code.co_name)
    return numba.njit(
        fastmath=FAST_MATH, error_model="numpy", nogil=True, cache=keep
    )(function)  # fmt: skip


def keep_in(room: str, modules: Iterable[ModuleType], *formulas: Any) -> None:
    """Let numba keep what is compiled next in a folder named after what it was made from: the text
    of the modules and of those the formulas come from, and the formulas with all values they
    close over."""
    import numba

    own = {sys.modules[f.__module__] for f in map(_plain, formulas) if isinstance(f, FunctionType)}
    sources = sorted(inspect.getsource(m) for m in {*modules, *own})
    said = repr((sources, [_said(f) for f in formulas]))
    mark = hashlib.sha256(said.encode()).hexdigest()[:16]
    numba.config.CACHE_DIR = str(cache_folder() / room / mark)  # type: ignore[attr-defined]


def _plain(formula: Any) -> Any:
    return formula.func if isinstance(formula, partial) else formula


def _said(thing: Any) -> Any:
    if isinstance(thing, partial):
        return _said(thing.func), repr(thing.args), repr(thing.keywords)
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
    formula takes each gate by itself, and how many there are differs between membranes.

    Raises:
        TinelError: more gates than a loop is written for.
    """
    if count not in _GATES:
        raise TinelError(f"a membrane has {count} gates (allowed: 0 to {max(_GATES)})")
    return _GATES[count](jit, formula)


_GATES = {
    0: lambda jit, f: jit(lambda x, i: f()),
    1: lambda jit, f: jit(lambda x, i: f(x[0, i])),
    2: lambda jit, f: jit(lambda x, i: f(x[0, i], x[1, i])),
    3: lambda jit, f: jit(lambda x, i: f(x[0, i], x[1, i], x[2, i])),
    4: lambda jit, f: jit(lambda x, i: f(x[0, i], x[1, i], x[2, i], x[3, i])),
    5: lambda jit, f: jit(lambda x, i: f(x[0, i], x[1, i], x[2, i], x[3, i], x[4, i])),
    6: lambda jit, f: jit(lambda x, i: f(x[0, i], x[1, i], x[2, i], x[3, i], x[4, i], x[5, i])),
}


def sum_of_currents(op: Any, density: tuple[float, ...], reversal: tuple[float, ...]) -> Any:
    """A compiled formula from the open fractions of all currents to the total conductance and its
    product with the reversals."""
    zero = op.number(0.0)
    total = op.jit(lambda opened: (zero, zero))
    for k, (g, e) in enumerate(zip(density, reversal, strict=True)):
        total = _and_one(op, total, k, op.number(g), op.number(e))
    return total


def _and_one(op: Any, before: Any, k: int, g: Any, e: Any) -> Any:
    def more(opened: Any) -> Any:
        total, driven = before(opened)
        one = g * opened[k]
        return total + one, driven + one * e

    return op.jit(more)
