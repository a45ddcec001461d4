"""What a compiled function was made from: code and values, followed to the last helper."""

from __future__ import annotations

import hashlib
import platform
import sys
from collections.abc import Iterator, Mapping
from functools import partial
from importlib.metadata import version
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

_PLAIN = (type(None), bool, int, float, complex, str, bytes, type(...))


class UnknownOriginError(Exception):
    """Something that enters compiled code and whose value cannot be told."""


def origin(dispatcher: Any) -> str:
    """A name made from everything that a function's machine code depends on, hexadecimal.

    The code of the function and of every function it calls, the values of their globals, closures
    and defaults, wherever they stand, and the versions of what compiles them.

    Args:
        dispatcher: of numba, or a plain function.

    Raises:
        UnknownOriginError: a value of a kind whose content cannot be told.
    """
    import llvmlite
    import numba

    c = numba.config
    flags = (c.OPT, c.LOOP_VECTORIZE, c.SLP_VECTORIZE, c.BOUNDSCHECK)  # type: ignore[attr-defined]
    said = hashlib.sha256(
        repr((platform.python_version(), numba.__version__, llvmlite.__version__, flags)).encode()
    )
    for word in _words(dispatcher, {}):
        said.update(word.encode())
        said.update(b"\0")
    return said.hexdigest()


def _words(thing: Any, seen: dict[int, Any]) -> Iterator[str]:
    if isinstance(thing, _PLAIN):
        yield f"{type(thing).__name__} {thing!r}"
        return
    if isinstance(thing, np.generic | np.ndarray):
        yield f"array {thing.dtype!r} {thing.shape}"
        yield hashlib.sha256(np.ascontiguousarray(thing).tobytes()).hexdigest()
        if thing.dtype.hasobject:
            raise UnknownOriginError("an array of objects")
        return
    if id(thing) in seen:
        yield f"again {seen[id(thing)][0]}"
        return
    seen[id(thing)] = len(seen), thing  # held, so that no other thing gets the same address
    if isinstance(thing, CodeType):
        yield f"code {thing.co_name} {thing.co_code.hex()} {thing.co_names} {thing.co_varnames}"
        yield f"{thing.co_freevars} {thing.co_argcount} {thing.co_flags}"
        yield from _each(thing.co_consts, seen)
    elif isinstance(thing, FunctionType):
        yield from _function(thing, seen)
    elif isinstance(thing, partial):
        yield "partial"
        yield from _each((thing.func, thing.args, thing.keywords), seen)
    elif isinstance(thing, set | frozenset):
        yield f"set {sorted(' '.join(_words(one, {})) for one in thing)}"
    elif isinstance(thing, tuple | list):
        yield f"{type(thing).__name__} {len(thing)}"
        yield from _each(thing, seen)
    elif isinstance(thing, Mapping):
        yield f"mapping {len(thing)}"
        for key in thing:
            yield from _each((key, thing[key]), seen)
    elif isinstance(thing, ModuleType):
        yield f"module {thing.__name__} {_release(thing.__name__)}"
    elif isinstance(thing, type | BuiltinFunctionType | np.ufunc):
        yield from _named(thing, seen)
    elif isinstance(thing, np.dtype) or type(thing).__module__.startswith("numba.core.types"):
        yield f"{type(thing).__name__} {thing!r}"
    else:
        yield from _object(thing, seen)


def _each(things: Any, seen: dict[int, Any]) -> Iterator[str]:
    for thing in things:
        yield from _words(thing, seen)


def _function(function: FunctionType, seen: dict[int, Any]) -> Iterator[str]:
    if release := _release(function.__module__):
        yield f"function {function.__module__}.{function.__qualname__} {release}"
        return
    yield "function"
    yield from _words(function.__code__, seen)
    yield from _each((function.__defaults__, function.__kwdefaults__), seen)
    for cell in function.__closure__ or ():
        try:
            content = cell.cell_contents
        except ValueError:
            continue  # not yet filled
        yield from _words(content, seen)
    names = sorted(set(_names(function.__code__)))
    for name in names:
        if name in function.__globals__:
            value = function.__globals__[name]
            yield f"global {name}"
            yield from _words(value, seen)
            # of a module only what is named counts: numbers.G, helpers.rate
            if isinstance(value, ModuleType) and not _release(value.__name__):
                for part in names:
                    if part in vars(value):
                        yield f"of {value.__name__} {part}"
                        yield from _words(vars(value)[part], seen)


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _named(thing: Any, seen: dict[int, Any]) -> Iterator[str]:
    module = getattr(thing, "__module__", None) or ""
    name = getattr(thing, "__qualname__", getattr(thing, "__name__", ""))
    release = _release(module) or ("numpy" if isinstance(thing, np.ufunc) else "")
    yield f"{type(thing).__name__} {module}.{name} {release}"
    if isinstance(thing, type) and not release:
        for key, value in sorted(vars(thing).items()):
            if isinstance(value, FunctionType | _PLAIN) and key not in ("__module__", "__doc__"):
                yield key
                yield from _words(value, seen)


def _object(thing: Any, seen: dict[int, Any]) -> Iterator[str]:
    if hasattr(thing, "py_func"):  # a dispatcher of numba
        yield "compiled"
        yield from _each((dict(sorted(thing.targetoptions.items())), thing.py_func), seen)
    elif hasattr(thing, "_defn"):  # an intrinsic of numba
        yield "intrinsic"
        yield from _words(thing._defn, seen)
    elif callable(thing) and _release(getattr(thing, "__module__", "")):
        yield from _named(thing, seen)
    elif hasattr(thing, "__dict__"):
        yield from _words(type(thing), seen)
        yield from _words(dict(sorted(vars(thing).items())), seen)
    else:
        raise UnknownOriginError(f"a {type(thing).__name__}")


def _release(module: str | None) -> str:
    """Version of the installed library a module belongs to; empty for code that may be edited."""
    top = (module or "").partition(".")[0]
    if top in sys.stdlib_module_names and top != "__main__":
        return platform.python_version()
    return _LIBRARIES.get(top, "")


# libraries that formulas call; anything else counts by its code
_LIBRARIES = {name: version(name) for name in ("llvmlite", "numba", "numpy", "scipy")}
