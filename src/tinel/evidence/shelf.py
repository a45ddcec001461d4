"""Where the numbers stand: one TOML file per subject, read when first asked for."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import cache
from importlib import resources
from typing import Any

from tinel.errors import TinelError, suggest
from tinel.evidence.catalogue import Catalogue
from tinel.evidence.number import Number


def nearest(key: str, allowed: Iterable[str]) -> str:
    """Name a few close keys only: the whole shelf would bury the hint."""
    known = list(allowed)
    close = get_close_matches(key, known, n=3, cutoff=0.5)
    subjects = sorted({k.split(".")[0] for k in known})
    return f"did you mean {' or '.join(close)}?" if close else suggest(key, subjects)


@cache
def shelf() -> Catalogue:
    """Every number of the evidence files, by key; read once, never changed."""
    found: dict[str, Number] = {}
    for file in sorted(resources.files("tinel.evidence").joinpath("data").iterdir(), key=str):
        if file.name.endswith(".toml"):
            subject = file.name.removesuffix(".toml")
            for entry in entries(subject, tomllib.loads(file.read_text(encoding="utf-8"))):
                found[entry.key] = entry
    return Catalogue(found)


def entries(prefix: str, table: dict[str, Any]) -> Iterator[Number]:
    """Walk a table of tables; one that holds ``value`` is a number, any other a heading.

    Raises:
        TinelError: a number with an unknown or missing field, an unknown evidence grade, or a value
            outside its own range; or something that is neither number nor heading.

    Example:
        >>> [n.key for n in entries("a", {"b": {"c": {"value": 1.0, "unit": "mm"}}})]
        ['a.b.c']
    """
    for name, item in table.items():
        key = f"{prefix}.{name}"
        if not isinstance(item, dict):
            raise TinelError(f"{item!r} stands alone", key, "write { value = ..., unit = ... }")
        if "value" not in item:
            yield from entries(key, item)
            continue
        try:
            yield Number(key=key, **item)
        except (TypeError, ValueError) as problem:
            raise TinelError(str(problem), key, "see tinel.evidence.Number") from None
