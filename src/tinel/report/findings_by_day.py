"""Findings of one test side by side by day, with what repeats written once."""

from __future__ import annotations

from collections.abc import Iterable

from tinel.declare.quantity import shown_day
from tinel.exam.test import Test
from tinel.report.figure import Cell, Table
from tinel.report.findings_table import FindingRow

UNSAID = ("", "0 to 5", "marking", "ratio")  # units that say nothing in a table
# sizes of a response, which are 0 where there is none
SIZES = ("amplitude", "peak-to-peak amplitude", "area", "duration", "phases")

ByDay = dict[str, FindingRow]
Lines = dict[tuple[str, str, str, str], ByDay]  # by study, place, quantity and unit
Row = tuple[Cell, ...]
BEFORE_DAYS = 3  # columns before the first day: what, its limit, the other side


def findings_by_day(
    title: str, rows: Iterable[FindingRow], test: Test, arm: str, days: tuple[str, ...]
) -> Table:
    """Findings of one arm by day, beside the limit and the healthy side.

    Days on which all of it is the same share a column. What is absent on every day, and what is
    on every day as on the healthy side, stands in one row.

    Args:
        title: caption of the table.
        rows: those of the test.
        test: whose shown quantities are taken.
        arm: whose days are shown.
        days: as they are written in the rows.
    """
    lines: Lines = {}
    for row in rows:
        shown = not test.shown or row.quantity in test.shown
        if shown and (row.side == "healthy" or row.arm == arm):
            key = (row.study, row.site or row.study, row.quantity, row.unit)
            lines.setdefault(key, {})[row.day] = row
    alike = _as_healthy(lines, days)
    gone: dict[str, list[str]] = {}
    body: list[Row] = []
    for (study, place, quantity, unit), by_day in lines.items():
        if study in alike:
            continue
        if all(_absent(by_day[day]) for day in days if day in by_day):
            gone.setdefault(study, []).append(f"{place}: {quantity}")
            if len(gone[study]) > 1:  # the first row stays, as it has the other side's size
                continue
        body.append(_line(f"{place}: {quantity}", unit, by_day, days))
    for study, what in gone.items():
        if what[1:]:
            every = len(what) == sum(key[0] == study for key in lines)
            told = f"{study}: all other values" if every else "; ".join(what[1:])
            body.append((Cell(told), Cell("–"), Cell(""), *(Cell("absent") for _ in days)))
    if alike:
        told = f"as on the other side on every day: {', '.join(alike)}"
        body.append((Cell(told), *(Cell("") for _ in range(BEFORE_DAYS - 1 + len(days)))))
    return _by_spans(title, body, days)


def _as_healthy(lines: Lines, days: tuple[str, ...]) -> list[str]:
    """Muscles or patches of skin on which every value is the healthy one, where others are not."""
    same = dict.fromkeys((study for study, *_ in lines), True)
    for (study, *_), by_day in lines.items():
        there = by_day.get("")
        for day in days:
            row = by_day.get(day)
            if row is not None and (there is None or row.value != there.value or _marked(row)):
                same[study] = False
    found = [study for study, holds in same.items() if holds]
    return found if len(found) < len(same) else []


def _line(what: str, unit: str, by_day: ByDay, days: tuple[str, ...]) -> Row:
    scale = "" if unit in UNSAID else f", {unit}"
    limit = next(iter(by_day.values())).normal_limit or "–"
    # on the other side nothing is marked: it stands there to be compared with
    other = Cell(_cell(by_day.get("")).text)
    return (Cell(f"{what}{scale}"), Cell(limit), other, *(_cell(by_day.get(day)) for day in days))


def _by_spans(title: str, body: list[Row], days: tuple[str, ...]) -> Table:
    spans: list[list[int]] = []
    for k in range(len(days)):
        at = BEFORE_DAYS + k
        if spans and all(row[at] == row[at - 1] for row in body):
            spans[-1].append(k)
        else:
            spans.append([k])
    ends = [[shown_day(float(days[k])) for k in (span[0], span[-1])] for span in spans]
    heads = (f"day {a}" if a == b else f"days {a} to {b}" for a, b in ends)
    rows = tuple(
        (*row[:BEFORE_DAYS], *(row[BEFORE_DAYS + span[0]] for span in spans)) for row in body
    )
    return Table(title, ("", "normal", "other side", *heads), rows, wide=True)


def _absent(row: FindingRow) -> bool:
    return not row.value or (row.quantity in SIZES and float(row.value) == 0)


def _marked(row: FindingRow) -> bool:
    # outside its limit on both sides: marked here, where the injury is
    return row.abnormal == "yes" or row.criterion == "limit broken on both sides"


def _cell(row: FindingRow | None) -> Cell:
    if row is None:
        return Cell("")
    missing = "absent" if row.quantity in ("onset latency", "velocity") else "–"
    text = "absent" if row.value and _absent(row) else row.value or missing
    return Cell(text, _marked(row))
