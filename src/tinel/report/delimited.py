"""Rows of one dataclass as a comma-separated file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import astuple, fields
from typing import Any

from tinel.report.number_format import clean


def as_csv(row_type: type[Any], rows: Iterable[Any]) -> str:
    """The rows under a head of field names, lines ended by a line feed.

    A text that a spreadsheet would run as a formula gets an apostrophe in front.

    Example:
        >>> from dataclasses import dataclass
        >>> @dataclass
        ... class Row:
        ...     arm: str
        ...     value: str
        >>> print(as_csv(Row, [Row("wait, then see", "-1.5"), Row("=1+1", "")]), end="")
        arm,value
        "wait, then see",-1.5
        '=1+1,
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([f.name for f in fields(row_type)])
    for row in rows:
        writer.writerow([_harmless(field) for field in astuple(row)])
    return text.getvalue()


def _harmless(field: str) -> str:
    field = clean(field)
    runs = field[:1] in ("=", "@", "+", "-", "\t", "\r") and not _is_number(field)
    return f"'{field}" if runs else field


def _is_number(field: str) -> bool:
    try:
        float(field)
    except ValueError:
        return False
    return True
