"""What stands in one cell of numbers: a value, a bound, no response, or nothing measured."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from tinel.errors import TinelError
from tinel.lab_table.words import by_word, plain, vocabulary

VALUE, ABSENT, EMPTY, DASH = "value", "absent", "empty", "dash"
PER_UNIT = {
    "ms": {"ms": 1.0, "s": 1000.0},
    "mV": {"mV": 1.0, "µV": 0.001},
    "µV": {"µV": 1.0, "mV": 1000.0},
    "m/s": {"m/s": 1.0},
    "mm": {"mm": 1.0, "cm": 10.0},
    "mV ms": {"mV ms": 1.0, "µV ms": 0.001},
    "µV ms": {"µV ms": 1.0, "mV ms": 1000.0},
    "%": {"%": 1.0},
}
# a laboratory marks what lies beyond its limits
_FLAGS = "*↑↓#!▲▼"
_NUMBER = re.compile(
    r"(?P<bound>[<>≤≥])?\s*(?P<digits>\d{1,6}(?:[.,]\d{1,6})?)\s*(?P<unit>[^\d\s][^\d]{0,12})?"
)
_DASH = re.compile(r"[-–—−]{1,3}")


@dataclass(frozen=True)
class Written:
    """What a cell says.

    Args:
        state: ``value``, ``absent`` (no response), ``empty`` (not measured) or ``dash``, which may
            be either.
        low, high: of the value, in the unit as written; infinite where only a bound is written.
        unit: Tinel's name of the unit in the cell; empty where it stands above the column.
        grouped: whether three digits follow the mark, as they do in thousands.
    """

    state: str
    low: float = math.nan
    high: float = math.nan
    unit: str = ""
    grouped: bool = False


@lru_cache(maxsize=10_000)
def unit_of(text: str) -> str:
    """Tinel's name of a unit as it is printed; empty where it is none.

    Example:
        >>> unit_of("uV"), unit_of("m/sec"), unit_of("[msec]"), unit_of("furlong")
        ('µV', 'm/s', 'ms', '')
    """
    bare = text.strip().strip("()[]").replace("μ", "u").replace("µ", "u").casefold()
    return _units().get(" ".join(bare.split()), "")


@cache
def _units() -> dict[str, str]:
    return {word: name for name, words in vocabulary()["unit"].items() for word in words}


def decimal_mark(cells: Iterable[tuple[int, str]], name: str) -> str:
    """Whether the numbers of a table have decimal commas or points: one of ``,`` and ``.``.

    Args:
        cells: number of the row and text of every cell of a column of numbers.
        name: of the file, for errors.

    Raises:
        TinelError: both stand in one table.

    Example:
        >>> decimal_mark([(2, "3,4"), (3, "8")], "a.csv")
        ','
    """
    first: dict[str, tuple[int, str]] = {}
    for row, text in cells:
        found = _NUMBER.fullmatch(text.strip().strip(_FLAGS).strip())
        for mark in ",.":
            if found and mark in found["digits"]:
                first.setdefault(mark, (row, text))
    if len(first) > 1:
        (row, text), (other, also) = first[","], first["."]
        told = f"'{text}' has a decimal comma and '{also}' in row {other} a point"
        raise TinelError(told, f"{name}: row {row}", "write all numbers alike")
    return next(iter(first), ".")


def read_cell(
    text: str,
    mark: str,
    absent: Iterable[str] = (),
    empty: Iterable[str] = (),
) -> Written:
    """What a cell of a column of numbers says.

    Args:
        text: of the cell.
        mark: decimal mark of the table.
        absent, empty: the laboratory's own words for no response and for nothing measured.

    Raises:
        TinelError: no number and no word that is known.

    Example:
        >>> read_cell("3,4*", ",").low, read_cell("NR", ".").state, read_cell("< 0.1 mV", ".").unit
        (3.4, 'absent', 'mV')
    """
    told = text.strip()
    for state, own in ((ABSENT, absent), (EMPTY, empty)):
        if told and told.casefold() in {word.strip().casefold() for word in own}:
            return Written(state)
    if not told:
        return Written(EMPTY)
    word = by_word("response").get(plain(told))
    if word:
        return Written(ABSENT if word == "absent" else EMPTY)
    if _DASH.fullmatch(told):
        return Written(DASH)
    found = _NUMBER.fullmatch(told.strip(_FLAGS).strip())
    if not found:
        raise TinelError(f"'{told[:40]}' is no number and no word for no response")
    digits, unit = found["digits"], ""
    if any(other in digits for other in ",." if other != mark):
        raise TinelError(f"'{told}' does not have the decimal mark '{mark}' of this table")
    if found["unit"]:
        unit = unit_of(found["unit"])
        if not unit:
            raise TinelError(f"'{told[:40]}': no unit is called '{found['unit'].strip()}'")
    value = float(digits.replace(",", "."))
    low = -math.inf if found["bound"] in ("<", "≤") else value
    high = math.inf if found["bound"] in (">", "≥") else value
    grouped = bool(re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", digits))
    return Written(VALUE, low, high, unit, grouped)
