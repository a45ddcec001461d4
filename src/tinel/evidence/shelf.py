"""Where the numbers stand: one TOML file per subject, read when first asked for."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from difflib import get_close_matches
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from types import MappingProxyType
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

    Example:
        >>> number("normal.ulnar.motor.adm.amplitude_mV").spread
        '± 2.1'
    """
    every = shelf()
    if key not in every:
        raise TinelError(f"no number has the key '{key}'", advice=nearest(key, every))
    return use(every[key])


def value(key: str) -> float:
    """The bare value of a key, in the unit its entry states."""
    return number(key).value


def keys(prefix: str = "") -> list[str]:
    """All keys that start with ``prefix``, sorted."""
    return sorted(k for k in shelf() if k.startswith(prefix))


def nearest(key: str, allowed: Iterable[str]) -> str:
    """Name a few close keys only: the whole shelf would bury the hint."""
    known = list(allowed)
    close = get_close_matches(key, known, n=3, cutoff=0.5)
    subjects = sorted({k.split(".")[0] for k in known})
    return f"did you mean {' or '.join(close)}?" if close else suggest(key, subjects)


@cache
def shelf() -> Mapping[str, Number]:
    """Every number of the evidence files, by key; read once, never changed.

    A file in a folder has the folder's name in its keys: ``engine/mrg.toml`` gives ``engine.mrg``.
    """
    found: dict[str, Number] = {}
    for subject, file in _files(resources.files("tinel.evidence").joinpath("data")):
        for entry in entries(subject, tomllib.loads(file.read_text(encoding="utf-8"))):
            found[entry.key] = entry
    return MappingProxyType(found)


def _files(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, Traversable]]:
    for item in sorted(folder.iterdir(), key=str):
        if item.is_dir():
            yield from _files(item, f"{prefix}{item.name}.")
        elif item.name.endswith(".toml"):
            yield prefix + item.name.removesuffix(".toml"), item


def entries(
    prefix: str, table: dict[str, Any], defaults: Mapping[str, Any] | None = None
) -> Iterator[Number]:
    """Walk a table of tables; one that holds ``value`` is a number, any other a heading.

    Two words under a heading are no numbers. ``defaults`` holds what its entries share, such as a
    source. ``columns`` names columns with their units; an entry that is a list then is a row, whose
    numbers have the column's name at the end of their keys.

    Raises:
        TinelError: a number with an unknown or missing field, an unknown grade, or a value
            outside its own range; a row of another length than the columns; or something that is
            neither number, row nor heading.

    Example:
        >>> [n.key for n in entries("a", {"b": {"c": {"value": 1.0, "unit": "mm"}}})]
        ['a.b.c']
        >>> gate = {"columns": {"half": "mV", "slope": "mV"}, "m": [-20.0, 5.0]}
        >>> [(n.key, n.value, n.unit) for n in entries("a", gate)]
        [('a.m.half', -20.0, 'mV'), ('a.m.slope', 5.0, 'mV')]
    """
    shared = {**(defaults or {}), **table.get("defaults", {})}
    columns = table.get("columns", {})
    for name, item in table.items():
        key = f"{prefix}.{name}"
        if name in ("defaults", "columns"):
            continue
        if isinstance(item, list) and len(item) == len(columns):
            for (column, unit), value in zip(columns.items(), item, strict=True):
                yield _number(f"{key}.{column}", {**shared, "value": value, "unit": unit})
        elif isinstance(item, list) and columns:
            message = f"{len(item)} values stand under {len(columns)} columns"
            raise TinelError(message, key, f"give one for each of {', '.join(columns)}")
        elif not isinstance(item, dict):
            raise TinelError(f"{item!r} stands alone", key, "write { value = ..., unit = ... }")
        elif "value" not in item:
            yield from entries(key, item, shared)
        else:
            yield _number(key, {**shared, **item})


def _number(key: str, given: dict[str, Any]) -> Number:
    if "evidence_grade" in given and "grade" in Number.__dataclass_fields__:
        given = {**given, "grade": given["evidence_grade"]}
        del given["evidence_grade"]
    try:
        return Number(key=key, **given)
    except (TypeError, ValueError) as problem:
        raise TinelError(str(problem), key, "see tinel.evidence.Number") from None
