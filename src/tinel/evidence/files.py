"""Where the numbers stand: one TOML file per subject, read when first asked for."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from tinel.errors import TinelError, suggest
from tinel.evidence.catalogue import Catalogue
from tinel.evidence.number import Number


def nearest(key: str, allowed: Iterable[str]) -> str:
    """Name a few close keys only: the whole list would bury the hint."""
    known = list(allowed)
    close = get_close_matches(key, known, n=3, cutoff=0.5)
    subjects = sorted({k.split(".")[0] for k in known})
    return f"did you mean {' or '.join(close)}?" if close else suggest(key, subjects)


@cache
def published() -> Catalogue:
    """Every number of the evidence files, by key; read once, never changed.

    A file in a folder has the folder's name in its keys: ``engine/mrg.toml`` gives ``engine.mrg``.
    """
    found: dict[str, Number] = {}
    for subject, file in _files(resources.files("tinel.evidence").joinpath("data")):
        for entry in entries(subject, tomllib.loads(file.read_text(encoding="utf-8"))):
            found[entry.key] = entry
    return Catalogue(found)


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
        TinelError: a number with an unknown or missing field, an unknown evidence grade, or a value
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
    try:
        return Number(key=key, **given)
    except (TypeError, ValueError) as problem:
        raise TinelError(str(problem), key, "see tinel.evidence.Number") from None
