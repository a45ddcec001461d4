"""Where a case came from, and its tables."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tinel.declare.quantity import short
from tinel.declare.toml_file import bytes_of, tables_of, text_of
from tinel.errors import TinelError

MOST_ENTRIES = 5000  # of a list; a case with more examination days than days of a life is none


@dataclass(frozen=True)
class Source:
    """Where a case came from: file, SHA-256 of its bytes (hexadecimal), and its text."""

    path: Path
    sha256: str
    text: str


def table_of(source: Source) -> dict[str, Any]:
    """The tables of a case file.

    Raises:
        TinelError: no TOML, or larger, longer or nested deeper than a case file may be.
    """
    name = source.path.name
    tables = tables_of(source.text, name)
    for section, value in tables.items():
        if section != "set":  # which may hold one number for each of 100,000 twins
            _check_length(value, f"{name}: {short(section)}")
    return tables


def _check_length(value: Any, where: str) -> None:
    """Refuse lists so long that to say what is wrong in them would take seconds."""
    if not isinstance(value, list | dict):
        return
    if len(value) > MOST_ENTRIES:
        told = f"holds {len(value):,} entries (allowed: up to {MOST_ENTRIES:,})"
        raise TinelError(told, where)
    named = value.items() if isinstance(value, dict) else enumerate(value, 1)
    for key, inner in named:
        if isinstance(inner, list | dict):
            step = f"[{key}]" if isinstance(value, list) else f".{short(str(key))}"
            _check_length(inner, where + step)


def read_source(path: Path) -> Source:
    """Read a case file as text.

    Raises:
        TinelError: missing, unreadable, no ordinary file, empty, too large, or not UTF-8.
    """
    data = bytes_of(path)
    return Source(path, hashlib.sha256(data).hexdigest(), text_of(data, path.name))
