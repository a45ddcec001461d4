"""Read a TOML file that a user wrote: an ordinary, small text file, with a bound on the work."""

from __future__ import annotations

import errno
import os
import re
import stat
import tomllib
from pathlib import Path
from typing import Any

from tinel.declare.dotted import longest_key
from tinel.errors import TinelError

MOST_BYTES = 100_000  # forty times the longest example; read in half a second
MOST_PARTS = 16  # of a dotted key; the longest number has five
SAMPLE = "see examples/tanya.toml"

_LINE = re.compile(r"\(at line ([0-9]+), column [0-9]+\)")
_CURLY = re.compile("[‘’“”„«»]")
# What a file begins with that is no text: what it is, and what to do.
_FOREIGN = (
    (b"PK\x03\x04", "is a zip or Word (docx) file", "copy its text into a file that ends in .toml"),
    (b"\xd0\xcf\x11\xe0", "is an old Word or Excel file", "copy its text into a plain text file"),
    (b"{\\rtf", "is rich text (RTF)", "save it as plain text"),
    (b"%PDF", "is a PDF file", "copy its text into a plain text file"),
    (b"\x1f\x8b", "is a compressed file", "unpack it first"),
)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def bytes_of(path: Path) -> bytes:
    """The content of an ordinary file.

    Raises:
        TinelError: missing, unreadable, no ordinary file, or larger than ``MOST_BYTES``.
    """
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
        for start, told, advice in _FOREIGN:
            if data.startswith(start):
                raise TinelError(told, path.name, advice)
        message = f"is larger than {MOST_BYTES:,} bytes"
        raise TinelError(message, path.name, "a case file is a page or two of text")
    return data


def text_of(data: bytes, name: str) -> str:
    """The text of a file's content.

    Args:
        data: the content.
        name: of the file, for errors.

    Raises:
        TinelError: empty, not UTF-8, or a file of another kind, with what it seems to be.

    Example:
        >>> text_of(b"age = 40", "case.toml")
        'age = 40'
    """
    if not data.strip():
        raise TinelError("the file is empty", name, "start from examples/tanya.toml")
    for start, told, advice in _FOREIGN:
        if data.startswith(start):
            raise TinelError(told, name, advice)
    # without a mark at its start, every second byte of a Latin text in UTF-16 is zero
    if data.startswith(_UTF_16) or data[:200].count(0) > len(data[:200]) // 3:
        raise TinelError("is a text in UTF-16", name, "save it again with the encoding UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        message = f"not a text in UTF-8: byte {problem.start + 1} is 0x{data[problem.start]:02x}"
        raise TinelError(message, name, "save it again with the encoding UTF-8") from None


def tables_of(text: str, where: str, advice: str = SAMPLE) -> dict[str, Any]:
    """The tables of a TOML text, however it was made: never more than a second or 200 MB.

    Args:
        text: of at most ``MOST_BYTES`` bytes.
        where: the file's name, for errors.
        advice: where to see how such a file is written.

    Raises:
        TinelError: too long, nested too deep, or no TOML.

    Example:
        >>> tables_of("patient.age = 40", "case.toml")
        {'patient': {'age': 40}}
    """
    if len(text) > MOST_BYTES:
        raise TinelError(f"is larger than {MOST_BYTES:,} bytes", where, advice)
    # the reader's time grows with the square of a key's parts: 30,000 cost a minute and gigabytes
    if longest_key(text) > MOST_PARTS:
        message = f"not valid here: a dotted key of more than {MOST_PARTS} parts"
        raise TinelError(message, where, advice)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        told, hint = str(problem), _hint(str(problem), text)
        raise TinelError(f"not valid TOML: {told}", where, f"{hint}; {advice}") from None
    except (ValueError, RecursionError):
        message = "not valid TOML: a number too long or lists nested too deep"
        raise TinelError(message, where, advice) from None


def _hint(told: str, text: str) -> str:
    found = _LINE.search(told)
    lines = text.split("\n")
    line = lines[int(found[1]) - 1] if found and int(found[1]) <= len(lines) else ""
    if _CURLY.search(line):
        return f'line {found[1] if found else ""} has curly quotes, write straight ones (")'
    if "overwrite" in told or "twice" in told or "Cannot declare" in told:
        return "give each key and section once"
    if text.lstrip().startswith(("<", "{")):
        return "this seems to be HTML, XML or JSON"
    return "texts need quotes"


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
