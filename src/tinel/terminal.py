"""Output to a person's terminal, or to a program that reads ``--json``."""

from __future__ import annotations

import io
import json
import math
import sys
import unicodedata
from typing import Any


def printable(text: str) -> str:
    """Text without the control characters that could move a cursor or recolour a terminal.

    Example:
        >>> printable("knee\\x1b[31m\\u202e pain")
        'knee[31m pain'
    """
    # Every general category that starts with C: control, format, surrogate, private, unassigned.
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c)[0] != "C")


def say(text: str) -> None:
    """One message on standard error."""
    print(printable(text), file=sys.stderr, flush=True)


def print_json(data: dict[str, Any]) -> None:
    """One JSON object on standard output, in ASCII; what is not finite becomes null."""
    print(json.dumps(_finite(data), indent=1, default=str), flush=True)


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
