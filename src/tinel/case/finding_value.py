"""The value of a finding: a number with its unit, a range, or the words of a clinic.

Not tested, tested and absent, and a value are three things; a word that is not known is refused,
never guessed.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

from tinel.case.observed import State
from tinel.declare.quantity import NotAllowedError, as_plain, number, shown
from tinel.errors import suggest
from tinel.exam.measure import Measure

NOT_TESTED = ("not tested", "not done", "not examined")
STATES: dict[str, State] = {
    "absent": "absent", "no response": "absent", "none": "absent", "not felt": "absent",
    "not elicitable": "absent", "present": "present", "felt": "present", "elicitable": "present",
    "normal": "normal", "reduced": "reduced", "diminished": "reduced",
}  # fmt: skip
MOST_PERCENT = 1000.0

_SIDE = re.compile(
    r"(.*?)\s*% of (?:the )?(?:other|healthy|opposite|unaffected) side", re.IGNORECASE
)
_COMPARED = re.compile(
    r"(<=|>=|<|>|at least|at most|up to|less than|more than|under|over|below|above)\s*(.+)",
    re.IGNORECASE,
)
_BELOW = {"<": True, "less than": True, "under": True, "below": True}
_BELOW |= {"<=": False, "at most": False, "up to": False}
_ABOVE = {">": True, "more than": True, "over": True, "above": True}
_ABOVE |= {">=": False, "at least": False}
_RANGE = re.compile(r"(.+?)\s*(?:\bto\b|–)\s*(.+)")
_QUANTITY = re.compile(
    r"([-+]?[0-9]{1,30}(?:\.[0-9]{0,30})?(?:[eE][-+]?[0-9]{1,3})?)(?:\s*([^\s0-9.,+-].{0,30}))?"
)
_SIGNS = str.maketrans({"−": "-", "‐": "-", "‑": "-", "≥": ">=", "≤": "<=", "’": "'", "μ": "µ"})
# units of scales and shares, which are no units of physics, and what may be written for them
_PLAIN = {"marking": "", "1": "", "% of healthy": "%", "% of normal lost": "%", "mm apart": "mm"}


@dataclass(frozen=True)
class Told:
    """What a value says, as in ``Observed``: state, ends, and whether of the healthy side."""

    state: State
    low: float = math.nan
    high: float = math.nan
    of_other_side: bool = False


def told(given: object, measure: Measure, unit: str = "") -> Told | None:
    """Read the value of a finding; None where nothing was tested.

    Args:
        given: a number, or a text in the words of a case file.
        measure: what was measured.
        unit: the unit that stands beside it; empty where the value names its own, or none.

    Raises:
        TinelError: not a value of this quantity, another dimension, or out of range.

    Example:
        >>> size = Measure("amplitude", "mV", 0, 100)
        >>> told("700 µV", size)
        Told(state='value', low=0.7, high=0.7, of_other_side=False)
        >>> told("absent", size).state, told("not tested", size)
        ('absent', None)
        >>> told("45 % of the other side", size)
        Told(state='value', low=45.0, high=45.0, of_other_side=True)
        >>> grade = Measure("MRC grade", "0 to 5", 0, 5, levels=(0, 1, 2, 3, 4, 5))
        >>> told("< 2", grade), told("2 to 3", grade).low
        (Told(state='range', low=-inf, high=1.0, of_other_side=False), 2.0)
    """
    given = as_plain(given)
    if not isinstance(given, str):
        return _value(*[_number(given, measure, unit)] * 2)
    text = tidy(given)
    word = text.casefold()
    if unit and not re.search("[0-9]", text):
        _number(max(measure.least, 0.0), measure, unit)  # a word needs no unit, and no wrong one
    if word in NOT_TESTED:
        return None
    # a word of this quantity's own scale comes before the words that hold for all
    meant = measure.means(word)
    if meant:
        return _value(*meant)
    if STATES.get(word) in measure.states_meant:
        return Told(STATES[word])
    side = _SIDE.fullmatch(text)
    if not side:
        return _spread(text, measure, unit, given)
    if measure.levels:
        said = f"{shown(given)} cannot be a part of the scale {measure.quantity}"
        raise NotAllowedError(said, _allowed(measure))
    part = Measure(measure.quantity, "%", 0, MOST_PERCENT)
    return replace(_spread(side[1], part, "", given), of_other_side=True)


def tidy(text: str) -> str:
    """A value as it is compared: single blanks and plain signs.

    Example:
        >>> tidy(" 4−  ")
        '4-'
    """
    return " ".join(text.translate(_SIGNS).split())


def _value(low: float, high: float) -> Told:
    return Told("value" if low == high else "range", float(low), float(high))


def _spread(text: str, measure: Measure, unit: str, given: str) -> Told:
    """One number or word, a comparison with one, or two ends."""
    compared = _COMPARED.fullmatch(text)
    if compared:
        sign = compared[1].casefold()
        low, high = _ends(compared[2], measure, unit, given)
        if sign in _BELOW:
            return Told("range", -math.inf, _step(high, measure, -1) if _BELOW[sign] else high)
        return Told("range", _step(low, measure, 1) if _ABOVE[sign] else low, math.inf)
    between = _RANGE.fullmatch(text)
    if not between:
        return _value(*_ends(text, measure, unit, given))
    first, last = between[1], between[2]
    named, alone = _QUANTITY.fullmatch(last), _QUANTITY.fullmatch(first)
    if named and named[2] and alone and not alone[2]:
        first = f"{first} {named[2]}"
    low, high = _ends(first, measure, unit, given)[0], _ends(last, measure, unit, given)[1]
    if low > high:
        raise NotAllowedError(f"{shown(given)}: the first is above the second", "swap them")
    return _value(low, high)


def _step(value: float, measure: Measure, by: int) -> float:
    """The next step of a scale, as a grade below 2 is 1 at most; the number itself elsewhere."""
    if not measure.levels:
        return value
    beyond = [one for one in measure.levels if (one - value) * by > 0]
    if not beyond:
        raise NotAllowedError(f"nothing of {measure.quantity} lies beyond", _allowed(measure))
    return float(max(beyond) if by < 0 else min(beyond))


def _ends(text: str, measure: Measure, unit: str, given: str) -> tuple[float, float]:
    """The lowest and highest value of one word or number."""
    meant = measure.means(text.casefold())
    if meant:
        return meant
    quantity = _QUANTITY.fullmatch(text)
    if not quantity:
        if re.search("[0-9],[0-9]", text):
            raise NotAllowedError(f"{shown(given)} has a comma", "write a decimal point")
        raise NotAllowedError(f"{shown(given)} is not known here", _allowed(measure, given))
    own = quantity[2] or ""
    if own and unit:
        both = f"{shown(given)} names a unit, and 'unit' gives {shown(unit)} too"
        raise NotAllowedError(both, "keep one of them")
    return (_number(float(quantity[1]), measure, own or unit),) * 2


def _number(size: object, measure: Measure, unit: str) -> float:
    """One number in the measure's unit, from the unit it is given in."""
    wanted = _PLAIN.get(measure.unit, _in_pint(measure.unit))
    same = unit in ("", measure.unit, wanted)
    if " to " in wanted or " or " in wanted or wanted.startswith("°C"):
        wanted = ""  # a scale, and no unit that could be converted
    if not same and isinstance(size, int | float) and not isinstance(size, bool):
        size = f"{float(size):.15g} {_in_pint(unit)}"
    try:
        value = number(size, wanted, measure.least, measure.most)
    except NotAllowedError as problem:
        said = "" if "allowed:" in problem.message else _allowed(measure)
        raise NotAllowedError(problem.message, problem.advice or said) from None
    value = float(f"{value:.12g}")
    if not measure.levels:
        return value
    near = (one for one in measure.levels if math.isclose(value, one) or value == round(one, 2))
    step = next(near, None)
    if step is None:
        raise NotAllowedError(f"{value:g} is no step of {measure.quantity}", _allowed(measure))
    return float(step)


def _in_pint(unit: str) -> str:
    return re.sub(r"([cm]m)[2²]", r"\1^2", unit)


def _allowed(measure: Measure, given: str = "") -> str:
    return suggest(given, [*measure.written, "not tested"])
