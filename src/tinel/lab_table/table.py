"""A laboratory's table, as CSV or .xlsx, read as findings or refused with row and column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from tinel.errors import TinelError
from tinel.lab_table import header
from tinel.lab_table.grid import BETWEEN, WORKBOOKS, Row, bytes_of, split, text_of
from tinel.lab_table.guess import guess_lab
from tinel.lab_table.lab import Lab
from tinel.lab_table.reading import LeftOut, Reading
from tinel.lab_table.rules import Rules
from tinel.lab_table.scan import scan
from tinel.lab_table.workbook import sheets
from tinel.terminal import shown_name

DETECTED = 60  # rows in which a row of headers is looked for
ZIP = b"PK\x03\x04"


def is_lab_table(path: Path) -> bool:
    """Whether a file seems to hold a laboratory's table of findings, not a recording.

    Args:
        path: of a file that need not exist.
    """
    if path.suffix.casefold() in WORKBOOKS:
        return True
    if path.suffix.casefold() not in (".csv", ".tsv", ".txt") or not path.is_file():
        return False
    try:
        text = text_of(bytes_of(path)[:20_000], path.name)
        return bool(_between(text, Lab(), path.name)[1])
    except TinelError:
        return False


@dataclass(frozen=True)
class Sheet:
    """The rows of one table of a file.

    Args:
        rows: with cells.
        between: what stands between cells, where it is no comma; empty in a workbook.
        left_out: what of the file is not read.
    """

    rows: tuple[Row, ...]
    between: Literal["", ";", "\t", "|"] = ""
    left_out: tuple[LeftOut, ...] = ()


def sheet_of(path: Path, lab: Lab) -> Sheet:
    """The rows of a table that lies in a file.

    Args:
        path: a text with separators (.csv, .tsv, .txt) or a workbook (.xlsx).
        lab: the laboratory's mapping, or an empty one.

    Raises:
        TinelError: the file cannot be read.
    """
    data = bytes_of(path)
    name = shown_name(path)
    if data.startswith(ZIP) or path.suffix.casefold() in WORKBOOKS:
        return _first_table(sheets(data, name), lab)
    return _sheet_of_text(text_of(data, name, lab.encoding), lab, name)


def read_table(path: Path, rules: Rules) -> Reading:
    """Read a table of a laboratory; with ``rules.lab`` None what columns hold is guessed.

    Raises:
        TinelError: the file cannot be read, or a row or column does not fit; names both.
    """
    return read_sheet(sheet_of(path, rules.words), rules)


def read_text(text: str, rules: Rules) -> Reading:
    """Read the text of a table; as ``read_table``.

    Example:
        >>> from tinel.evidence import Parameters
        >>> from tinel.lab_table.days import Days
        >>> rules = Rules("a.csv", None, Days(42), Parameters.of_evidence())
        >>> text = "Side,Nerve,Muscle,Site,Amp (mV)\\nR,Ulnar,ADM,Wrist,0.7"
        >>> [one.observed.low for one in read_text(text, rules).findings]
        [0.7]
    """
    return read_sheet(_sheet_of_text(text, rules.words, rules.name), rules)


def read_sheet(sheet: Sheet, rules: Rules) -> Reading:
    """Read the rows of a table; as ``read_table``."""
    found = scan(sheet.rows, rules)
    lab = rules.lab or guess_lab(sheet.rows, sheet.between)
    return replace(found, lab=lab, left_out=(*sheet.left_out, *found.left_out))


def _sheet_of_text(text: str, lab: Lab, name: str) -> Sheet:
    between, _ = _between(text, lab, name)
    rows = split(text, between, name)
    marks: dict[str, Literal["", ";", "\t", "|"]] = {";": ";", "\t": "\t", "|": "|"}
    return Sheet(rows, marks.get(between, ""))


def _between(text: str, lab: Lab, name: str) -> tuple[str, int]:
    """What stands between cells, and how many columns of the row of headers are known with it."""
    if lab.between:
        return lab.between, 1
    best = ",", 0
    for mark in BETWEEN:
        try:
            rows = split(text, mark, name)[:DETECTED]
        except TinelError:
            continue
        known = max((_known(row, lab) for row in rows), default=0)
        if known > best[1]:
            best = mark, known
    return best


def _known(row: Row, lab: Lab) -> int:
    columns: Sequence[header.Column] = header.by_lab(row, lab) if lab.columns else header.guess(row)
    return sum(column.known for column in columns)


def _first_table(found: dict[str, tuple[Row, ...]], lab: Lab) -> Sheet:
    tables = [
        sheet for sheet, rows in found.items() if any(_known(row, lab) for row in rows[:DETECTED])
    ]
    chosen = next(iter(tables or found), "")
    others = [sheet for sheet, rows in found.items() if rows and sheet != chosen]
    left_out = [LeftOut(0, f"sheet {sheet}", "only one sheet is read") for sheet in others]
    return Sheet(found.get(chosen, ()), "", tuple(left_out))
