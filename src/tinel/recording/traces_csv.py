"""Traces as a table: a header row with names and units, a row for every sample.

    time (ms), APB (mV), stimulus
    0.00, 0.001, wrist

The time column may be left out where the rate is given. Lines that begin with ``#`` say what is
known of the protocol. Where the time jumps, a new segment begins.
"""

from __future__ import annotations

import csv
import math
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tinel.recording.damage import at_line, of_file
from tinel.recording.recording import PER_VOLT, Channel, Floats, Mark, Recording

PER_SECOND = {"s": 1.0, "ms": 1e3, "us": 1e6, "µs": 1e6}
HEAD = re.compile(r"^\s*(.*?)\s*(?:[(\[]\s*([^()\[\]]*?)\s*[)\]])?\s*$")
TIMES = ("time", "t")
MARKS = ("stimulus", "stimuli", "mark", "marks", "event", "annotation")
FASTEST_Hz, LARGEST = 1e9, 1e15
EXAMPLE = "write for example: time (ms),APB (mV),stimulus"


@dataclass(frozen=True)
class Column:
    """A column of the table, by its place, name and unit."""

    place: int
    name: str
    unit: str


def looks_like_traces(raw: bytes) -> bool:
    """Whether a text begins with a header row that names a unit of time or potential."""
    head = next((line for line in _lines(raw[:20_000]) if not line.startswith("#")), "")
    cells = [HEAD.match(cell.strip().strip('"')) for cell in re.split(r"[,;\t]", head)]
    units = {cell[2] for cell in cells if cell and cell[2]}
    known = units & (set(PER_VOLT) | set(PER_SECOND))
    return bool(known) and not head.lstrip().startswith(("{", "[", "<"))


def read_traces(path: Path, raw: bytes, rate_Hz: float | None = None) -> Recording:
    """The traces in a CSV file; commas, semicolons (with decimal commas) or tabs between columns.

    Args:
        path: of the file; named in errors.
        raw: its bytes.
        rate_Hz: samples per second, needed where there is no time column.

    Raises:
        TinelError: a header, cell or time that does not fit; names its line.
    """
    lines = _lines(raw)
    known = dict(
        part for line in lines if line.startswith("#") and (part := _known(line)) is not None
    )
    kept = [(k, line) for k, line in enumerate(lines, 1) if line.strip() and line[0] != "#"]
    if len(kept) < 3:
        raise at_line(path, len(lines), "a table of traces needs a header and two rows", EXAMPLE)
    mark = next((m for m in ";\t," if m in kept[0][1]), ",")
    table = [_cells(path, number, line, mark) for number, line in kept]
    numbers = [k for k, _ in kept]
    columns = _columns(path, numbers[0], table[0])
    _check_widths(path, numbers, table)
    time = next((c for c in columns if c.name.casefold() in TIMES and c.unit in PER_SECOND), None)
    noted = next((c for c in columns if c.name.casefold() in MARKS and not c.unit), None)
    traces = [c for c in columns if c not in (time, noted)]
    if not traces:
        raise at_line(path, numbers[0], "there is no column of a trace", EXAMPLE)
    values = {c.place: _floats(path, numbers, table, c) for c in traces}
    if time is not None:
        clock = _floats(path, numbers, table, time) / PER_SECOND[time.unit]
        rate, cuts = _rate(path, numbers, clock)
    elif rate_Hz is None:
        told = "there is no column 'time' with a unit of s, ms or us"
        raise at_line(path, numbers[0], told, "give --rate, samples per second")
    else:
        if not 0 < rate_Hz < FASTEST_Hz:
            told = f"a rate of {rate_Hz:g} Hz is out of range (allowed: above 0 to 1e9 Hz)"
            raise of_file(path, told)
        clock, rate, cuts = np.arange(len(table) - 1) / rate_Hz, rate_Hz, []
    starts = [float(clock[k]) for k in (0, *cuts)]
    begin = starts[0]
    marks = [] if noted is None else _marks(table, noted, clock, begin)
    return Recording(
        "CSV",
        path,
        tuple(
            Channel(c.name, c.unit, rate, tuple(np.split(values[c.place], cuts))) for c in traces
        ),
        tuple(float(f"{start - begin:.9g}") for start in starts),
        tuple(marks),
        known,
        negative_up=True,
    )


def _lines(raw: bytes) -> list[str]:
    return raw.decode("utf-8-sig", "replace").splitlines()


def _known(line: str) -> tuple[str, str] | None:
    name, colon, value = line.lstrip("# ").partition(":")
    return (name.strip().casefold(), value.strip()) if colon and value.strip() else None


def _columns(path: Path, line: int, head: list[str]) -> list[Column]:
    found = []
    for place, cell in enumerate(head):
        match = HEAD.match(cell)
        if not match or not match[1]:
            raise at_line(path, line, f"column {place + 1} has no name", EXAMPLE)
        column = Column(place, match[1], match[2] or "")
        if not column.unit and column.name.casefold() not in MARKS:
            told = f"column '{column.name}' has no unit"
            raise at_line(path, line, told, "write the unit in brackets, as APB (mV)")
        found.append(column)
    return found


def _cells(path: Path, number: int, line: str, mark: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=mark), [])
    except csv.Error as problem:
        raise at_line(path, number, f"cannot be read as a row of a table: {problem}") from None


def _check_widths(path: Path, numbers: list[int], table: list[list[str]]) -> None:
    for number, row in zip(numbers, table, strict=True):
        if len(row) != len(table[0]):
            told = f"the row has {len(row)} cells (allowed: {len(table[0])}, as the header)"
            raise at_line(path, number, told)


def _floats(path: Path, numbers: list[int], table: list[list[str]], column: Column) -> Floats:
    values = np.empty(len(table) - 1)
    for k, (number, row) in enumerate(zip(numbers[1:], table[1:], strict=True)):
        text = row[column.place].strip()
        try:
            values[k] = float(text.replace(",", "."))
        except ValueError:
            values[k] = math.nan
        if not abs(values[k]) < LARGEST:
            told = f"column '{column.name}' holds '{text[:40]}', which is no number"
            raise at_line(path, number, told)
    return values


def _rate(path: Path, numbers: list[int], clock: Floats) -> tuple[float, list[int]]:
    """Samples per second, and the rows with which segments begin."""
    steps = np.diff(clock)
    step = float(np.median(steps))
    if not step > 0:
        raise at_line(path, numbers[2], "the time does not rise", "give rising times")
    wrong = np.flatnonzero(steps < 0.5 * step)
    if wrong.size:
        raise at_line(path, numbers[int(wrong[0]) + 2], "the time does not rise evenly")
    cuts = (np.flatnonzero(steps > 1.5 * step) + 1).tolist()
    inside = np.split(clock, cuts)
    longest = max(inside, key=len)
    rate = (len(longest) - 1) / float(longest[-1] - longest[0]) if len(longest) > 1 else 1 / step
    if not 0 < rate < FASTEST_Hz:
        raise at_line(path, numbers[1], f"a rate of {rate:g} Hz is out of range (allowed: above 0)")
    return float(f"{rate:.6g}"), cuts


def _marks(table: list[list[str]], column: Column, clock: Floats, begin: float) -> list[Mark]:
    what = "Stimulus" if column.name.casefold().startswith("stim") else ""
    found, before = [], ""
    for time, row in zip(clock.tolist(), table[1:], strict=True):
        text = row[column.place].strip()
        if text and text not in ("0", "0.0", before):  # a trigger stays up for some samples
            told = what if text in ("1", "1.0") else f"{what} {text}".strip()
            found.append(Mark(time - begin, told))
        before = text
    return found
