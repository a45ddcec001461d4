"""Where the numbers stand: one TOML file per subject, read when first asked for."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib import resources
from typing import Any

from tinel.errors import TinelError, suggest
from tinel.evidence.number import Number

# A report lists what it used. A context variable keeps that list out of every
# signature between the kernel that asks and the report that prints.
_used: ContextVar[dict[str, Number] | None] = ContextVar("used_numbers", default=None)


@contextmanager
def recording() -> Iterator[dict[str, Number]]:
    """Collect every number asked for inside the ``with`` block, by key.

    Example:
        >>> from tinel import evidence
        >>> with evidence.recording() as used:
        ...     _ = evidence.value("course.growth.rate")
        >>> list(used)
        ['course.growth.rate']
    """
    used: dict[str, Number] = {}
    token = _used.set(used)
    try:
        yield used
    finally:
        _used.reset(token)


def use(number: Number) -> Number:
    """Note that a number held elsewhere (a nerve's data file) was used, and return it."""
    used = _used.get()
    if used is not None:
        used[number.key] = number
    return number


def number(key: str) -> Number:
    """The number of a key, e.g. ``course.growth.rate``.

    Raises:
        TinelError: no such key; the message suggests the nearest one.
    """
    shelf = _shelf()
    if key not in shelf:
        raise TinelError(f"no number has the key '{key}'", advice=suggest(key, list(shelf)))
    return use(shelf[key])


def value(key: str) -> float:
    """The bare value of a key, in the unit its entry states."""
    return number(key).value


def keys(prefix: str = "") -> list[str]:
    """All keys that start with ``prefix``, sorted."""
    return sorted(k for k in _shelf() if k.startswith(prefix))


@cache
def _shelf() -> dict[str, Number]:
    shelf: dict[str, Number] = {}
    for file in sorted(resources.files("tinel.evidence").joinpath("data").iterdir(), key=str):
        if file.name.endswith(".toml"):
            subject = file.name.removesuffix(".toml")
            for entry in entries(subject, tomllib.loads(file.read_text(encoding="utf-8"))):
                shelf[entry.key] = entry
    return shelf


def entries(prefix: str, table: dict[str, Any]) -> Iterator[Number]:
    """Walk a table of tables; one that holds ``value`` is a number, any other a heading."""
    for name, item in table.items():
        key = f"{prefix}.{name}"
        if isinstance(item, dict) and "value" in item:
            yield Number(key=key, **item)
        elif isinstance(item, dict):
            yield from entries(key, item)
