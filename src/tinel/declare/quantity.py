"""Reading a physical quantity: a number, a text with a unit, or a stated prior."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from pydantic import PlainValidator

from tinel.declare.spread import Spread
from tinel.declare.units import converted
from tinel.errors import TinelError, suggest

# Number and unit are split here so that pint only ever sees a bare unit name: its parser also
# evaluates arithmetic, and a case file is not the place for that.
_NUMBER = r"[+-]?[0-9]{1,30}(?:\.[0-9]{0,30})?(?:[eE][+-]?[0-9]{1,3})?"
_WITH_UNIT = re.compile(rf"\s*({_NUMBER})\s*(\S[^\n]{{0,30}})")
_WORD = r"[A-Za-zµμ°%_]+(?:\^[23])?"
_UNIT = re.compile(rf"{_WORD}(?:\s*[/*]\s*{_WORD})*")


class NotAllowedError(TinelError):
    """A value that is not allowed; ``key`` names the part of a prior that is wrong, if any."""

    def __init__(self, message: str, advice: str = "", key: str = "") -> None:
        super().__init__(message, "", advice)
        self.key = key

    def __reduce__(self) -> tuple[type[NotAllowedError], tuple[str, str, str]]:
        return type(self), (self.message, self.advice, self.key)


def number(given: object, unit: str, least: float, most: float) -> float:
    """Read one quantity as a plain number in ``unit``.

    Args:
        given: an int or float, taken to be in ``unit`` already, or a text such as ``"6 cm"``.
        unit: the unit wanted, in pint's spelling.
        least: smallest allowed value, in ``unit``.
        most: largest allowed value, in ``unit``.

    Raises:
        NotAllowedError: not a number, not finite, of another dimension, or out of range.

    Example:
        >>> number("6 cm", "mm", 0, 1000)
        60.0
    """
    allowed = f"allowed: {least:g} to {most:g} {unit}".rstrip()
    given = as_plain(given)
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        raise NotAllowedError(f"{shown(given)} is {kind_of(given)}, not a number ({allowed})")
    if isinstance(given, str):
        value = _converted(given, unit, allowed)
    else:
        try:
            value = float(given)
        except OverflowError:
            value = math.inf
    if not math.isfinite(value):
        raise NotAllowedError(f"{shown(given)} is not a finite number ({allowed})")
    if not least <= value <= most:
        digits = apart(value, least, most)
        other = isinstance(given, str) and f"{digits} {unit}" != given
        told = f"'{given}' ({digits} {unit})" if other else f"{digits} {unit}".rstrip()
        raise NotAllowedError(f"{told} is out of range ({allowed})")
    return value


def spread(given: object, unit: str, least: float, most: float) -> Spread:
    """Read a quantity that may also be a prior ``{ low = .., high = .., why = ".." }``.

    A range that was set knowing how ill the patient was says ``symptoms_in_view = true``.

    Raises:
        NotAllowedError: as ``number``; a prior without ``why``, with ``low`` > ``high``.

    Example:
        >>> spread({"low": 2, "high": 5, "why": "not told"}, "mm", 0, 100).text
        '2 to 5 mm'
    """
    if not isinstance(given, Mapping):
        value = number(given, unit, least, most)
        return Spread(value, value, unit, "", least, most)
    parts = ["low", "high", "why"]
    for key in given:
        if key not in (*parts, IN_VIEW):
            advice = suggest(str(key), [*parts, IN_VIEW])
            raise NotAllowedError(f"a prior has no part {shown(key)}", advice, short(str(key)))
    for key in parts:
        if key not in given:
            raise NotAllowedError(f"the prior has no '{key}'", f"write {EXAMPLE}", key)
    why = given["why"]
    if not isinstance(why, str) or not why.strip():
        raise NotAllowedError("a prior must say its reason in words", f"write {EXAMPLE}", "why")
    in_view = given.get(IN_VIEW, False)
    if not isinstance(in_view, bool):
        raise NotAllowedError(
            f"{shown(in_view)} is {kind_of(in_view)}", "allowed: true, false", IN_VIEW
        )
    ends = {}
    for key in ("low", "high"):
        try:
            ends[key] = number(given[key], unit, least, most)
        except NotAllowedError as problem:
            raise NotAllowedError(problem.message, problem.advice, key) from None
    if ends["low"] > ends["high"]:
        low, high = apart(ends["low"], ends["high"]), apart(ends["high"], ends["low"])
        raise NotAllowedError(f"low {low} is above high {high}", "swap them")
    return Spread(ends["low"], ends["high"], unit, why.strip(), least, most, in_view)


IN_VIEW = "symptoms_in_view"
_LONGEST_SHOWN = 60
EXAMPLE = '{ low = 20, high = 60, why = "not told; ..." }'


def one(unit: str, least: float, most: float) -> PlainValidator:
    """Validator of a field that holds one plain number in ``unit``."""
    return PlainValidator(lambda given: number(given, unit, least, most))


def as_plain(given: object) -> object:
    """A number of numpy's as Python's own; anything else as it is.

    Example:
        >>> import numpy as np
        >>> as_plain(np.int64(7)), as_plain("7 mm")
        (7, '7 mm')
    """
    import numpy as np

    return given.item() if isinstance(given, np.generic) else given


def apart(value: float, *others: float) -> str:
    """A number with as many digits as tell it from ``others``, six at least.

    Example:
        >>> apart(220.00001, 120, 220), apart(165.0, 120, 220)
        ('220.00001', '165')
    """
    if isinstance(value, int) and abs(value) > 1e300:
        return f"a whole number of {len(str(abs(value)))} digits"
    for digits in range(6, 18):
        text = f"{value:.{digits}g}"
        if all(float(text) != other or other == value for other in others):
            break
    return text


def shown(given: object) -> str:
    """A value as the reader of an error message wants to see it: short, control signs escaped."""
    if isinstance(given, bool):
        return str(given).lower()
    try:
        text = repr(given) if isinstance(given, int | float | str | list | dict) else str(given)
    except ValueError:  # Python refuses to print whole numbers of thousands of digits
        return "a whole number of thousands of digits"
    return short(text)


def short(text: str) -> str:
    """A key or name as a message repeats it: cut where it is too long to be read.

    Example:
        >>> short("height_cm"), len(short("x" * 5000))
        ('height_cm', 60)
    """
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 3] + "..."


def shown_day(value: float) -> str:
    """A day as people say it: whole, with one decimal where it is broken before day 30.

    Example:
        >>> shown_day(182.625), shown_day(1.5), shown_day(1.0000001)
        ('183', '1.5', '1')
    """
    return f"{value:.0f}" if value >= 30 else f"{value:.1f}".removesuffix(".0")


def kind_of(given: object) -> str:
    """What a TOML value is, in words."""
    kinds = {bool: "a true/false value", int: "a number", float: "a number", str: "a text"}
    kinds |= {list: "a list", dict: "a section"}
    return kinds.get(type(given), "a date or time")


def _converted(given: str, unit: str, allowed: str) -> float:
    match = _WITH_UNIT.fullmatch(given.rstrip())
    if not match or not (_UNIT.fullmatch(match[2]) or match[2] == unit):
        example = f"write a number, or a number with a unit such as '10 {unit}'"
        wanted = example if unit else "write the number alone"
        raise NotAllowedError(f"{shown(given)} is not a quantity ({allowed})", wanted)
    if match[2] == unit:
        return float(match[1])
    value, problem = converted(float(match[1]), match[2], unit)
    if problem:
        advice = f"write it in {unit}" if unit else "write the number alone"
        raise NotAllowedError(f"{shown(given)} {problem} ({allowed})", advice)
    return value
