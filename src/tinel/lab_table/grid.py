"""A file as rows of cells: any usual encoding, and what stands between its columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tinel.errors import TinelError
from tinel.terminal import shown_name

MOST_BYTES, MOST_ROWS, MOST_CELLS = 5_000_000, 5_000, 200
BETWEEN = (";", "\t", ",", "|")
WORKBOOKS = (".xlsx", ".xlsm")


@dataclass(frozen=True)
class Row:
    """One row of a table: its number in the file, counted from 1, and its cells.

    ``unplaced`` says why nobody can tell which cell stands under which header; empty where it is
    known.
    """

    number: int
    cells: tuple[str, ...]
    unplaced: str = ""

    @property
    def filled(self) -> tuple[int, ...]:
        """The places of cells that are not empty."""
        return tuple(k for k, cell in enumerate(self.cells) if cell)


def at_cell(name: str, row: int, column: str = "") -> str:
    """A place for errors.

    Example:
        >>> at_cell("a.csv", 3, "Amp (mV)")
        "a.csv: row 3, column 'Amp (mV)'"
    """
    return f"{name}: row {row}" + (f", column '{column[:60]}'" if column else "")


def bytes_of(path: Path) -> bytes:
    """The content of an ordinary file that is not too large.

    Raises:
        TinelError: missing, unreadable, no ordinary file, empty or too large.
    """
    try:
        if not path.is_file():
            told = "is no ordinary file" if path.exists() else "there is no such file"
            raise TinelError(told, str(path), "check the spelling and the folder")
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as problem:
        if isinstance(problem, TinelError):
            raise
        told = getattr(problem, "strerror", None) or str(problem)
        raise TinelError(f"cannot be read: {told}", str(path)) from None
    if len(data) > MOST_BYTES:
        told = f"is larger than {MOST_BYTES:,} bytes"
        raise TinelError(told, shown_name(path), "keep the rows of one patient")
    if not data.strip():
        raise TinelError("the file is empty", shown_name(path))
    return data


def text_of(data: bytes, name: str, encoding: str = "") -> str:
    """The text of a file: UTF-8, UTF-16 (with or without its mark) or Latin-1.

    Args:
        data: the file's bytes.
        name: of the file, for errors.
        encoding: as the laboratory's mapping file states it; empty to find out.

    Raises:
        TinelError: no text, or not in the stated encoding.

    Example:
        >>> text_of("Amp (µV)".encode("latin-1"), "a.csv") == text_of("Amp (µV)".encode(), "a.csv")
        True
    """
    if encoding:
        try:
            return data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
        except (LookupError, UnicodeError):
            told = f"is no text in the encoding '{encoding}'"
            raise TinelError(told, name, "correct 'encoding' in the mapping file") from None
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16")
        few = data[:400]
        if few[1::2].count(0) > len(few) // 4 or few[::2].count(0) > len(few) // 4:
            little = few[1::2].count(0) > few[::2].count(0)
            return data.decode("utf-16-le" if little else "utf-16-be")
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    if "\x00" in text or text.startswith(("PK\x03\x04", "%PDF", "{\\rtf")):
        told = "is no table in text"
        raise TinelError(told, name, "export it as CSV or .xlsx, or paste its text with --paste")
    return text


def split(text: str, between: str, name: str = "") -> tuple[Row, ...]:
    """The rows of a text; lines without a cell are left out and counted.

    Args:
        text: of the file.
        between: what stands between two cells.
        name: of the file, for errors.

    Raises:
        TinelError: too many rows or cells, or quotes that never end.

    Example:
        >>> [(row.number, row.cells) for row in split('a;"b;c"', ";")]
        [(1, ('a', 'b;c'))]
    """
    return tuple(_rows(text, between, name))


def _rows(text: str, between: str, name: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=between)
    number = 0
    try:
        for cells in reader:
            first, number = number + 1, reader.line_num
            if len(cells) > MOST_CELLS or number > MOST_ROWS:
                told = f"more than {MOST_ROWS:,} rows or {MOST_CELLS} columns"
                raise TinelError(told, at_cell(name, first), "keep the rows of one patient")
            if any(cell.strip() for cell in cells):
                yield Row(first, tuple(" ".join(cell.split()) for cell in cells))
    except csv.Error as problem:
        told = f"cannot be read as a row of a table: {problem}"
        raise TinelError(told, at_cell(name, number + 1)) from None
