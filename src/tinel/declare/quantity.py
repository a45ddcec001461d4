"""Reading a physical quantity: a number, a text with a unit, or a stated prior."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from pydantic import PlainValidator

from tinel.declare.spread import Spread
from tinel.errors import TinelError, suggest

# Number and unit are split here so that pint only ever sees a bare unit name: its parser also
# evaluates arithmetic, and a case file is not the place for that.
_NUMBER = r"[+-]?[0-9]{1,30}(?:\.[0-9]{0,30})?(?:[eE][+-]?[0-9]{1,3})?"
_WITH_UNIT = re.compile(rf"\s*({_NUMBER})\s*(\S[^\n]{{0,30}})")
_UNIT = re.compile(r"[A-Za-zµμ°%_]+(?:\s*[/*]\s*[A-Za-zµμ°%_]+)*")


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
        same = isinstance(given, str) and f"{value:g} {unit}" != given
        told = f"'{given}' ({value:g} {unit})" if same else f"{value:g} {unit}".rstrip()
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
            raise NotAllowedError(f"a prior has no part '{key}'", advice, str(key))
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
        raise NotAllowedError(f"low {ends['low']:g} is above high {ends['high']:g}", "swap them")
    return Spread(ends["low"], ends["high"], unit, why.strip(), least, most, in_view)


IN_VIEW = "symptoms_in_view"
EXAMPLE = '{ low = 20, high = 60, why = "not told; ..." }'


def one(unit: str, least: float, most: float) -> PlainValidator:
    """Validator of a field that holds one plain number in ``unit``."""
    return PlainValidator(lambda given: number(given, unit, least, most))


def many(unit: str, least: float, most: float) -> PlainValidator:
    """Validator of a field that holds a ``Spread`` in ``unit``."""
    return PlainValidator(
        lambda given: given if isinstance(given, Spread) else spread(given, unit, least, most)
    )


def shown(given: object) -> str:
    """A value as the reader of an error message wants to see it: short, control signs escaped."""
    if isinstance(given, bool):
        return str(given).lower()
    try:
        text = repr(given) if isinstance(given, int | float | str | list | dict) else str(given)
    except ValueError:  # Python refuses to print whole numbers of thousands of digits
        return "a whole number of thousands of digits"
    return text if len(text) <= 60 else text[:57] + "..."


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
    if not match or not _UNIT.fullmatch(match[2]):
        wanted = f"write a number, or a number with a unit such as '10 {unit}'"
        raise NotAllowedError(f"{shown(given)} is not a quantity ({allowed})", wanted)
    import pint  # half a second, and most files hold plain numbers only

    registry = pint.application_registry
    try:
        found = registry.Unit(match[2])
    except (pint.PintError, AttributeError, TypeError, ValueError):
        message = f"no unit is called {shown(match[2])} ({allowed})"
        raise NotAllowedError(message, f"write it in {unit}") from None
    wanted_unit = registry.Unit(unit)
    if found.dimensionality != wanted_unit.dimensionality:
        is_a = str(found.dimensionality).replace("[", "").replace("]", "")
        message = f"{shown(given)} is a {is_a} and cannot be converted to {unit} ({allowed})"
        raise NotAllowedError(message, f"write it in {unit}")
    return float(registry.Quantity(float(match[1]), found).to(wanted_unit).magnitude)
