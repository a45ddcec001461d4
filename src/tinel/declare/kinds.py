"""Kinds of arguments: what stands in a public function's signature is what it takes."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache, wraps
from os import PathLike
from pathlib import Path
from typing import (
    Any,
    ParamSpec,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from tinel.errors import TinelError

P = ParamSpec("P")
Made = TypeVar("Made")
_PLAIN = {
    float: "a number",
    int: "a whole number",
    bool: "True or False",
    str: "a text",
    types.NoneType: "None",
    Mapping: "a mapping",
    Path: "a path",
    PathLike: "a path",
}


def takes_only_its_kinds(function: Callable[P, Made]) -> Callable[P, Made]:
    """Let a function refuse what its signature does not name, before it begins.

    Ranges are the function's own to check. Names that are missing or unknown are Python's.

    Raises:
        TinelError: by the function that is made, where an argument is of another kind.

    Example:
        >>> @takes_only_its_kinds
        ... def double(length_mm: float) -> float:
        ...     return 2 * length_mm
        >>> double("long")
        Traceback (most recent call last):
        tinel.errors.TinelError: length_mm is 'long' (allowed: a number)
    """
    signature = inspect.signature(function)
    # when it is first called every name in its signature is there
    hints = cache(lambda: get_type_hints(function))
    keywords = {p.name for p in signature.parameters.values() if p.kind == p.VAR_KEYWORD}

    @wraps(function)
    def checked(*args: P.args, **kwargs: P.kwargs) -> Made:
        try:
            given = signature.bind(*args, **kwargs).arguments
        except TypeError:
            return function(*args, **kwargs)  # which names what is missing
        for name, value in given.items():
            if name not in keywords:
                check_kind(name, value, hints().get(name, Any))
                continue
            named = _keys_of(hints().get(name, Any))
            for key in value.keys() & named.keys():
                check_kind(key, value[key], named[key])
        return function(*args, **kwargs)

    return checked


@cache
def _keys_of(keywords: Any) -> dict[str, Any]:
    # of ``**how: Unpack[Setting]``, the keys of the table ``Setting``
    unpacked = get_args(keywords)
    return get_type_hints(unpacked[0]) if unpacked and is_typeddict(unpacked[0]) else {}


def check_kind(name: str, given: object, kind: Any) -> None:
    """Refuse a value of another kind than a type, a union of types, or a collection of them.

    Raises:
        TinelError: it is of another kind.

    Example:
        >>> check_kind("seed", "x", int)
        Traceback (most recent call last):
        tinel.errors.TinelError: seed is 'x' (allowed: a whole number)
    """
    if not _fits(given, kind):
        raise TinelError(f"{name} is {_shown(given)} (allowed: {_said(kind)})")


def _fits(given: object, kind: Any) -> bool:
    import numpy as np

    origin = get_origin(kind)
    if kind is Any or isinstance(kind, TypeVar):
        return True
    if origin is np.ndarray:
        return _is_numbers(given) and np.ndim(given) > 0  # type: ignore[arg-type]
    if _is_array(kind):
        return _is_numbers(given) or (given is None and types.NoneType in get_args(kind))
    if origin in (Union, types.UnionType):
        return any(_fits(given, one) for one in get_args(kind))
    if kind is float or kind is int:
        return _is_number(given, kind)
    if kind is bool:
        return isinstance(given, bool | np.bool_)
    if origin is Callable or getattr(kind, "_is_protocol", False):
        return _answers(given, kind)
    if origin in (Sequence, Collection):
        if isinstance(given, str | bytes | Mapping) or not isinstance(
            given, Collection | np.ndarray
        ):
            return False
        if isinstance(given, np.ndarray) and given.ndim == 0:
            return False
        return _all_fit(given, get_args(kind)[0])
    found = origin or kind
    return not isinstance(found, type) or isinstance(given, found)


def _all_fit(given: Collection[Any], kind: Any) -> bool:
    import numpy as np

    if isinstance(given, np.ndarray):
        one_type = given.ndim == 1 and given.dtype.kind in "biuf"
        return all(_fits(one, kind) for one in (given[:1] if one_type else given))
    whole = (int, np.integer)
    if kind is float or kind is int:
        numbers = whole if kind is int else (*whole, float, np.floating)
        # a long list is known by the few types in it
        if all(issubclass(t, numbers) and t is not bool for t in set(map(type, given))):
            return kind is int or _hold_as_floats(given)
    return all(_fits(one, kind) for one in given)


def _hold_as_floats(given: Collection[Any]) -> bool:
    import numpy as np

    try:
        np.fromiter(given, dtype=float, count=len(given))
    except OverflowError:
        return False
    return True


def _is_number(given: object, kind: type) -> bool:
    import numpy as np

    whole = int | np.integer
    if isinstance(given, np.ndarray) and given.shape == ():
        given = given[()]
    if isinstance(given, bool) or not isinstance(given, whole | (float | np.floating)):
        return False
    if kind is int:
        return isinstance(given, whole)
    try:
        float(given)
    except OverflowError:
        return False
    return True


def _is_numbers(given: object) -> bool:
    import numpy as np

    try:
        return np.asarray(given).dtype.kind in "biuf"
    except Exception:  # a list of lists of unequal lengths, or an object that is no array at all
        return False


@cache
def _is_array(kind: Any) -> bool:
    import numpy as np
    from numpy.typing import ArrayLike

    if get_origin(kind) is np.ndarray:
        return True
    parts = get_args(kind)
    return all(one in parts for one in get_args(ArrayLike))


def _answers(given: object, protocol: Any) -> bool:
    names = {n for n in vars(protocol) if not n.startswith("_")} or {"__call__"}
    return all(hasattr(given, name) for name in names) and not isinstance(given, type)


def _said(kind: Any) -> str:
    origin, parts = get_origin(kind), get_args(kind)
    if _is_array(kind):
        return "numbers or None" if types.NoneType in parts else "numbers"
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(_said(one) for one in parts))
    if origin in (Sequence, Collection):
        return f"a list, each {_said(parts[0])}"
    if (found := origin or kind) in _PLAIN:
        return _PLAIN[found]
    if origin is Callable:
        return "a function"
    return _a(getattr(found, "__name__", str(found)))


def _shown(given: object) -> str:
    from tinel.declare.quantity import shown

    if given is None or isinstance(given, bool | int | float | str):
        return shown(given) if not isinstance(given, bool) else str(given)
    name = given.__name__ if isinstance(given, type) else _a(type(given).__name__)
    # a short list is shown with what it holds
    return shown(list(given)) if isinstance(given, list | tuple) and len(given) < 9 else name


def _a(name: str) -> str:
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"
