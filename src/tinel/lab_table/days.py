"""The day of a row: stated for the whole table, or in a column of days or of dates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tinel.declare.field import LONGEST_DAYS
from tinel.errors import TinelError
from tinel.lab_table.header import Column

_NUMBERS = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})(?:[T ]\d{1,2}:\d{2}.*)?")
_SERIAL = re.compile(r"[3-6]\d{4}(?:\.\d+)?")
_FIRST_SERIAL = date(1899, 12, 30)  # day 0 of a workbook's dates
ORDERS = {"day first": (2, 1, 0), "month first": (2, 0, 1), "year first": (0, 1, 2)}
ADVICE = "give --day N, or --injury DATE where the table has dates"


@dataclass(frozen=True)
class Days:
    """What the caller says of days: the day of the whole table, or the date of the injury."""

    day: float | None = None
    injury: date | None = None


def injury_date(text: str) -> date:
    """The date of the injury as the caller writes it, YYYY-MM-DD.

    Raises:
        TinelError: no such date.

    Example:
        >>> injury_date("2024-03-05").month
        3
    """
    try:
        if len(text) != 10:
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        told = f"'{text[:40]}' is no date (allowed: YYYY-MM-DD)"
        raise TinelError(told, "--injury", "write for example 2024-03-05") from None


def read_date(text: str, order: str = "") -> date:
    """A date as a table has it; which of day and month comes first is never guessed.

    Args:
        text: of the cell; a workbook's serial number is a date too.
        order: ``day first``, ``month first`` or ``year first``; empty where it is not stated.

    Raises:
        TinelError: no date, or one that may be two.

    Example:
        >>> read_date("05.03.2024").isoformat(), read_date("3/25/2024").isoformat()
        ('2024-03-05', '2024-03-25')
    """
    if _SERIAL.fullmatch(text):
        return _FIRST_SERIAL + timedelta(days=int(float(text)))
    found = _NUMBERS.fullmatch(text.strip())
    if not found:
        raise TinelError(f"'{text[:40]}' is no date", advice="write dates as YYYY-MM-DD")
    parts = int(found[1]), int(found[3]), int(found[4])
    if len(found[1]) == 4:
        order = "year first"
    elif not order and found[2] == ".":
        order = "day first"
    orders = [order] if order else ["day first", "month first"]
    dates = {_date(parts, each) for each in orders} - {None}
    if len(dates) > 1:
        told = f"'{text}' may be two dates"
        raise TinelError(told, advice='say date_order = "day first" or "month first" in the '
                         "mapping file")  # fmt: skip
    one = next(iter(dates), None)
    if one is None:
        raise TinelError(f"'{text[:40]}' is no date", advice="write dates as YYYY-MM-DD")
    return one


def _date(parts: tuple[int, int, int], order: str) -> date | None:
    year, month, day = (parts[k] for k in ORDERS[order])
    try:
        return date(year, month, day) if year > 99 else None
    except ValueError:
        return None


def day_of(cells: Mapping[str, tuple[Column, str]], days: Days, order: str = "") -> float:
    """The day of a row, after the injury.

    Args:
        cells: by role, the column and the text of the cell.
        days: what the caller says.
        order: of dates, as in ``read_date``.

    Raises:
        TinelError: no day is known, two are, or it lies before the injury or after a life.
    """
    known = [role for role in ("day", "date") if role in cells]
    if days.day is not None:
        if "day" in cells and cells["day"][1] != f"{days.day:g}":
            column, text = cells["day"]
            told = f"day {text} stands here, and --day says {days.day:g}"
            raise TinelError(told, column.text, "leave --day out")
        return _checked(days.day, "--day")
    if not known:
        raise TinelError("the day of the row is not known", advice=ADVICE)
    column, text = cells[known[0]]
    try:
        if known[0] == "day":
            if not re.fullmatch(r"\d{1,5}(\.\d+)?", text):
                raise TinelError(f"'{text[:40]}' is no number of days after the injury")
            return _checked(float(text), column.text)
        if days.injury is None:
            raise TinelError("a date is no day after the injury", advice=ADVICE)
        return _checked(float((read_date(text, order) - days.injury).days), column.text)
    except TinelError as problem:
        raise problem.at(column.text) from None


def _checked(day: float, where: str) -> float:
    if not 0 <= day <= LONGEST_DAYS:
        told = f"day {day:g} is out of range (allowed: 0 to {LONGEST_DAYS:g} days after the injury)"
        raise TinelError(told, where)
    return day
