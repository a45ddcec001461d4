"""Errors of files that are damaged or foreign: each names the file and the byte or line."""

from __future__ import annotations

from pathlib import Path

from tinel.errors import TinelError
from tinel.terminal import shown_name

ANOTHER = "take the file from its source again, or export it anew"


def at_byte(path: Path, byte: int, message: str, advice: str = ANOTHER) -> TinelError:
    """The error of a byte, counted from 0."""
    return TinelError(message, f"{shown_name(path)}: byte {byte}", advice)


def at_line(path: Path, line: int, message: str, advice: str = "") -> TinelError:
    """The error of a line, counted from 1."""
    return TinelError(message, f"{shown_name(path)}: line {line}", advice)


def of_file(path: Path, message: str, advice: str = "") -> TinelError:
    """The error of a whole file."""
    return TinelError(message, shown_name(path), advice)


def shown_bytes(raw: bytes) -> str:
    """Bytes as text for a message, short and without control characters.

    Example:
        >>> shown_bytes(b"12x" + bytes([0]))
        "'12x.'"
    """
    text = raw[:24].decode("latin-1")
    return "'" + "".join(c if c.isprintable() else "." for c in text).strip() + "'"
