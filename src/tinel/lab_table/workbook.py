"""The sheets of an Excel workbook (.xlsx) as rows of cells, by what the format's standard says.

A value is as it is stored, not as a cell's format shows it: 3.4567 stays 3.4567. The text of cells
merged down a column stands in each of them. A formula stands
for the value that was last computed, and for itself where none was.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree as Xml

from tinel.errors import TinelError
from tinel.lab_table.grid import MOST_CELLS, MOST_ROWS, Row, at_cell

MOST_UNPACKED = 50_000_000
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def sheets(data: bytes, name: str) -> dict[str, tuple[Row, ...]]:
    """Every sheet's rows, by the sheet's name; empty rows are left out.

    Args:
        data: the file's bytes.
        name: of the file, for errors.

    Raises:
        TinelError: no workbook, protected by a password, damaged, or too large.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED:
                raise TinelError("is too large once unpacked", name, "keep one patient's rows")
            return dict(_sheets(parts, name))
    except TinelError:
        raise
    except (zipfile.BadZipFile, KeyError, Xml.ParseError, ValueError, OSError, RuntimeError):
        told = "is no workbook that can be read, or is protected"
        raise TinelError(told, name, "save it as .xlsx without a password, or as CSV") from None


def _sheets(parts: zipfile.ZipFile, name: str) -> Iterator[tuple[str, tuple[Row, ...]]]:
    shared = _shared(parts)
    book = _xml(parts, "xl/workbook.xml")
    if any(it.get("date1904") in ("1", "true") for it in book.iter(f"{_MAIN}workbookPr")):
        raise TinelError("counts its dates from 1904", name, "save it with dates from 1900")
    links = _xml(parts, "xl/_rels/workbook.xml.rels")
    files = {link.get("Id"): str(link.get("Target")) for link in links}
    for sheet in book.iter(f"{_MAIN}sheet"):
        target = files[sheet.get(_LINK)]
        file = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        yield str(sheet.get("name")), tuple(_rows(_xml(parts, file), shared, name))


def _xml(parts: zipfile.ZipFile, file: str) -> Xml.Element:
    data = parts.read(file)
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:  # no workbook declares entities
        raise ValueError(file)
    return Xml.fromstring(data)


def _shared(parts: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in parts.namelist():
        return []
    return [_text(item) for item in _xml(parts, "xl/sharedStrings.xml").iter(f"{_MAIN}si")]


def _text(item: Xml.Element) -> str:
    runs = [run for run in item if run.tag != f"{_MAIN}rPh"]  # which repeats an East Asian text
    return "".join(t.text or "" for run in runs for t in run.iter(f"{_MAIN}t"))


def _rows(sheet: Xml.Element, shared: list[str], name: str) -> Iterator[Row]:
    cells: dict[tuple[int, int], str] = {}
    for cell in sheet.iter(f"{_MAIN}c"):
        row, column = _place(str(cell.get("r")))
        if row > MOST_ROWS or column > MOST_CELLS:
            told = f"more than {MOST_ROWS:,} rows or {MOST_CELLS} columns"
            raise TinelError(told, at_cell(name, row), "keep the rows of one patient")
        text = " ".join(_written(cell, shared).split())
        if text:
            cells[row, column] = text
    for merged in sheet.iter(f"{_MAIN}mergeCell"):
        first, _, last = str(merged.get("ref")).partition(":")
        (top, left), (bottom, right) = _place(first), _place(last or first)
        if (top, left) in cells and bottom <= MOST_ROWS:
            # across a row a text is a title; down a column it names every row
            for row in range(top, bottom + 1) if left == right else ():
                cells[row, left] = cells[top, left]
    width = max((column for _, column in cells), default=0)
    for row in sorted({row for row, _ in cells}):
        yield Row(row, tuple(cells.get((row, k), "") for k in range(1, width + 1)))


def _place(reference: str) -> tuple[int, int]:
    found = _PLACE.fullmatch(reference)
    if not found:
        raise ValueError(reference)
    column = 0
    for letter in found[1]:
        column = 26 * column + ord(letter) - 64
    return int(found[2]), column


def _written(cell: Xml.Element, shared: list[str]) -> str:
    kind, value = cell.get("t"), cell.findtext(f"{_MAIN}v") or ""
    if kind == "s":
        return shared[int(value)]
    if kind == "inlineStr":
        inline = cell.find(f"{_MAIN}is")
        return "" if inline is None else _text(inline)
    if kind == "b":
        return str(value == "1").upper()
    if not value and cell.findtext(f"{_MAIN}f"):
        return f"={cell.findtext(f'{_MAIN}f')}"  # nothing has computed it yet
    if kind in (None, "n") and value:
        return f"{float(value):.12g}"
    return value
