"""Qtrac ``.MEM`` files: what nerve excitability tests and CMAP scans of the program Qtrac leave.

A file is text: fields of the person and the protocol, then tables, each under a heading that ends
in DATA, then derived values. Every row of a table begins with its name and number, as ``TE1.17``.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from pathlib import Path

import numpy as np

from tinel.recording.damage import at_line, of_file
from tinel.recording.recording import Floats, Recording, Table

FIELD = re.compile(r"\s*([A-Z][\w/ ]*?):\s*\t?\s*(.*?)\s*$")
HEADING = re.compile(r"\s*([A-Z][A-Z/ -]*?) DATA\b")
ROW = re.compile(r"\s*([A-Z]{2}\d*)\.(\d+)\s+(.*?)\s*$")
DERIVED = re.compile(r"\s*(\d+)\.\s+(\S+)\s+(.*?)\s*$")
EXTRA = re.compile(r"\s*([^=]+?)\s*=\s*([-+]?\d+(?:[.,]\d*)?)\s*$")
POINTS = re.compile(r"\s*Scanpts:(.*)$")
SCAN = "M-SCAN"
SCAN_POINTS = "scan points"


def is_qtrac(raw: bytes) -> bool:
    """Whether the beginning of a file is that of a Qtrac file."""
    head = raw[:4000].decode("latin-1")
    return bool(re.search(r"^\s*File:", head, re.M) and re.search(r"^\s*Protocol:", head, re.M))


def read_qtrac(path: Path, raw: bytes) -> Recording:
    """The tables of a Qtrac file, a table for each group of rows such as ``TE1``.

    Args:
        path: of the file; named in errors.
        raw: its bytes.

    Raises:
        TinelError: a row that is damaged or missing; names its line.
    """
    lines = raw.decode("latin-1").splitlines()
    tables = _tables(path, lines)
    if not tables:
        raise of_file(path, "is a Qtrac file without a table", "export its data anew as .MEM")
    protocol: dict[str, str] = {}
    values: dict[str, float] = {}
    for line in lines:
        field = FIELD.match(line)
        if HEADING.match(line):
            break
        if field and field[2]:
            protocol.setdefault(field[1].casefold(), field[2])
    for line in lines:
        derived, extra = DERIVED.match(line), EXTRA.match(line)
        if derived and (value := _number(derived[2])) is not None:
            values[derived[3].replace("\\", " ")] = value
        elif extra and (value := _number(extra[2])) is not None:
            values[extra[1]] = value
    points = _scan_points(path, lines, tables)
    if points:
        protocol[SCAN_POINTS] = points
    return Recording("Qtrac MEM", path, (), (), (), protocol, tables, values)


def _tables(path: Path, lines: list[str]) -> tuple[Table, ...]:
    heading = ""
    columns: tuple[str, ...] = ("",)
    before: dict[str, list[int]] = defaultdict(list)
    found: dict[str, tuple[tuple[str, ...], list[list[float]]]] = {}
    for number, line in enumerate(lines, 1):
        if title := HEADING.match(line):
            heading, columns = title[1].strip(), ("",)
            continue
        if heading and "DERIVED" in line:
            break
        row = ROW.match(line)
        if not row:
            cells = tuple(cell.strip() for cell in re.split(r"\t|\s{3,}", line) if cell.strip())
            if heading and len(cells) > 1 and not any(_number(cell) is not None for cell in cells):
                columns = cells
            elif heading and re.match(r"\s*[A-Z]{2}\d*[.\s]", line):
                raise at_line(path, number, f"'{line.strip()[:40]}' is no row of a table")
            continue
        name = f"{heading} {row[1]}" if row[1][-1].isdigit() else heading
        head, rows = found.setdefault(name, (columns, []))
        cells = tuple(row[3].split())
        numbers = [_number(cell) for cell in cells]
        if any(one is None for one in numbers) or len(numbers) != len(head):
            told = f"row {row[1]}.{row[2]} is '{row[3][:40]}' (allowed: {len(head)} numbers)"
            raise at_line(path, number, told)
        before[name].append(int(row[2]))
        first, *others = before[name]
        if first > 2 or (others and others[-1] != before[name][-2] + first):
            raise at_line(path, number, f"row {row[1]}.{row[2]} does not follow the one before it")
        rows.append([one for one in numbers if one is not None])
    return tuple(Table(name, head, np.array(rows)) for name, (head, rows) in found.items())


def _scan_points(path: Path, lines: list[str], tables: tuple[Table, ...]) -> str:
    """Where the plateau of a CMAP scan ends and where the baseline begins, checked."""
    scan = next((t for t in tables if t.name == SCAN), None)
    for number, line in enumerate(lines, 1):
        if match := POINTS.match(line):
            words = match[1].replace(",", " ").split()
            points = [int(word) for word in words if word.isdecimal()]
            most = 0 if scan is None else len(scan.rows)
            if len(points) != 4 or len(words) != 4 or points != sorted(points) or points[3] > most:
                told = f"the scan points are '{match[1].strip()[:40]}'"
                allowed = f"(allowed: four rising row numbers up to {most}, the rows there are)"
                raise at_line(path, number, f"{told} {allowed}")
            return " ".join(str(point) for point in points)
    return ""


def scan_amplitudes_mV(recording: Recording) -> Floats | None:
    """The responses of a CMAP scan between its plateau and its baseline; None where there is none.

    Args:
        recording: from ``read_qtrac``.
    """
    scan = recording.table(SCAN)
    points = recording.protocol.get(SCAN_POINTS)
    if scan is None or scan.rows.shape[1] < 2:
        return None
    amplitude: Floats = scan.rows[:, 1]
    if points:
        _, first, last, _ = (int(point) for point in points.split())
        amplitude = amplitude[first:last]
    return amplitude


def _number(text: str) -> float | None:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None
