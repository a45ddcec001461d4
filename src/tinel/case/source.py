"""The bytes of a case file: only an ordinary, small text file gets through."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tinel.errors import TinelError

MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class Source:
    """Where a case came from: file, SHA-256 of its bytes (hexadecimal), and its text."""

    path: Path
    sha256: str
    text: str


def table_of(source: Source) -> dict[str, Any]:
    """The tables of a case file.

    Raises:
        TinelError: no TOML.
    """
    name = source.path.name
    try:
        return tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as problem:
        message = f"not valid TOML: {problem}"
        raise TinelError(message, name, "texts need quotes; see examples/tanya.toml") from None
    except (ValueError, RecursionError):
        message = "not valid TOML: a number too long or lists nested too deep"
        raise TinelError(message, name, "see examples/tanya.toml") from None


def read_source(path: Path) -> Source:
    """Read a case file as text.

    Raises:
        TinelError: missing, unreadable, no ordinary file, empty, too large, or not UTF-8.
    """
    data = _bytes_of(path)
    if not data.strip():
        raise TinelError("the file is empty", path.name, "start from examples/tanya.toml")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        message = f"not a text in UTF-8: byte {problem.start + 1} is 0x{data[problem.start]:02x}"
        raise TinelError(message, path.name, "a case file is TOML text saved as UTF-8") from None
    return Source(path, hashlib.sha256(data).hexdigest(), text)


def _bytes_of(path: Path) -> bytes:
    try:
        # A pipe or a device could keep the reader waiting for ever.
        mode = os.stat(path).st_mode
        if stat.S_ISDIR(mode):
            raise TinelError("is a folder", str(path), "name a case file, e.g. examples/tanya.toml")
        if not stat.S_ISREG(mode):
            raise TinelError("is no regular file", str(path), "name a case file")
        with open(path, "rb") as file:
            data = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as problem:
        raise _unreadable(path, problem) from None
    if len(data) > MOST_BYTES:
        message = f"is larger than {MOST_BYTES:,} bytes"
        raise TinelError(message, path.name, "a case file is a page or two of text")
    return data


def _unreadable(path: Path, problem: OSError | ValueError) -> TinelError:
    number = problem.errno if isinstance(problem, OSError) else None
    told = {
        errno.ENOENT: ("there is no such file", "check the spelling and the folder"),
        errno.ENOTDIR: ("there is no such file", "a part of the path is a file, not a folder"),
        errno.EACCES: ("may not be read", "ask for permission to read it"),
        errno.ELOOP: ("is a link that leads back to itself", "name the real file"),
        errno.ENAMETOOLONG: ("the name is too long", "check the spelling"),
    }
    message, advice = told.get(number or 0, (f"cannot be read: {problem}", "check the path"))
    return TinelError(message, str(path), advice)
