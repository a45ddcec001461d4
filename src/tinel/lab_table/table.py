"""A laboratory's table, as CSV or .xlsx, read as findings or refused with row and column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tinel.errors import TinelError
from tinel.lab_table import header
from tinel.lab_table.grid import BETWEEN, WORKBOOKS, Row, bytes_of, split, text_of
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


def read_table(path: Path, rules: Rules) -> Reading:
    """Read a table of a laboratory.

    Args:
        path: a text with separators (.csv, .tsv, .txt) or a workbook (.xlsx).
        rules: how; with ``lab`` None what columns hold is guessed.

    Raises:
        TinelError: the file cannot be read, or a row or column does not fit; names both.
    """
    data = bytes_of(path)
    name = shown_name(path)
    if data.startswith(ZIP) or path.suffix.casefold() in WORKBOOKS:
        return _workbook(sheets(data, name), rules)
    lab = rules.lab or Lab()
    text = text_of(data, name, lab.encoding)
    return read_text(text, rules)


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
    lab = rules.lab or Lab()
    between, _ = _between(text, lab, rules.name)
    found = scan(split(text, between, rules.name), rules)
    if rules.lab is None and between != ",":
        found = replace(found, lab=found.lab.model_copy(update={"between": between}))
    return found


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


def _workbook(found: dict[str, tuple[Row, ...]], rules: Rules) -> Reading:
    lab = rules.lab or Lab()
    tables = [
        sheet for sheet, rows in found.items() if any(_known(row, lab) for row in rows[:DETECTED])
    ]
    if not tables:
        rows = next(iter(found.values()), ())
        return scan(rows, rules)  # which says what is missing
    reading = scan(found[tables[0]], rules)
    others = [sheet for sheet, rows in found.items() if rows and sheet != tables[0]]
    left_out = [LeftOut(0, f"sheet {sheet}", "only one sheet is read") for sheet in others]
    return replace(reading, left_out=(*left_out, *reading.left_out))
