"""Output to a person's terminal, or to a program that reads ``--json``."""

from __future__ import annotations

import io
import json
import math
import os
import sys
import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import Any


def printable(text: str) -> str:
    """Text without the control characters that could move a cursor or recolour a terminal.

    Example:
        >>> printable("knee\\x1b[31m\\u202e pain")
        'knee[31m pain'
        >>> printable("out/Schl" + chr(0xDCC3) + chr(0xDCBC) + "ssel")
        'out/Schlüssel'
    """
    # names of files that the locale cannot read come in surrogates, one for each byte
    text = _bytes_read(text)
    # Every general category that starts with C: control, format, surrogate, private, unassigned.
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c)[0] != "C")


def _bytes_read(text: str) -> str:
    try:
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    except UnicodeEncodeError:  # a surrogate that stands for no byte
        return text


def shown_name(path: Path) -> str:
    """Last part of a path as text, whatever bytes it has and whatever the locale.

    Names that are not UTF-8 (from old archives) show U+FFFD for what cannot be read.

    Example:
        >>> shown_name(Path(os.fsdecode(b"cases/Schl" + bytes([0xFC]) + b"ssel.toml")))
        'Schl\ufffdssel.toml'
    """
    return os.fsencode(path.name).decode("utf-8", "replace")


def say(text: str) -> None:
    """One message on standard error; where that is closed or full, nobody hears it."""
    with suppress(OSError, ValueError):
        print(printable(text), file=sys.stderr, flush=True)


def print_json(data: dict[str, Any] | list[dict[str, Any]]) -> None:
    """One JSON object, or a list of them, on standard output, in ASCII; what is not finite becomes
    null."""
    print(json.dumps(_finite(data), indent=1, default=str), flush=True)


def reopen_closed_streams() -> None:
    """Let input, output and error that were closed from outside lead nowhere.

    Else the next file that is opened takes their number, and messages would be written into it.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest free number
        if getattr(sys, name) is None:
            # for as long as the process lasts
            nowhere = open(os.devnull, "r" if number == 0 else "w", encoding="utf-8")  # noqa: SIM115
            setattr(sys, name, nowhere)


def discard_output() -> None:
    """Drop what is still to be written to standard output, which has refused it."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def allow_any_encoding() -> None:
    """Escape what standard output and error cannot show.

    A terminal that cannot show µ must not turn a finished run into a failure.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _finite(data: Any) -> Any:
    # JSON has no infinity, and readers in other languages reject Python's spelling of it.
    if isinstance(data, float) and not math.isfinite(data):
        return None
    if isinstance(data, dict):
        return {str(key): _finite(item) for key, item in data.items()}
    if isinstance(data, list | tuple):
        return [_finite(item) for item in data]
    return data
