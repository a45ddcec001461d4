"""One field of a case file: its name, unit, range and meaning, and how its value is read."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal, get_args
from unicodedata import category

from tinel.declare.quantity import NotAllowedError, kind_of, number, shown, spread
from tinel.errors import TinelError, suggest

LONGEST_DAYS = 7300.0  # twenty years: no published follow-up of a nerve is longer
LONGEST_TEXT = 4000
LONGEST_NAME = 200

Form = Literal["number", "prior", "day", "days", "yes or no", "text", "choice"]


@dataclass(frozen=True)
class Field:
    """What a user may write under one key.

    Args:
        name: the key, with its unit where a reader could doubt: ``length_mm``.
        meaning: a phrase without capital or full stop, e.g. ``length of the injured stretch``.
        form: ``number``; ``prior`` (a number, or a range with a reason over which twins are drawn);
            ``day``; ``days`` (a list); ``yes or no``; ``text``; ``choice``.
        unit: of a number, in pint's spelling; ``days`` for days.
        least, most: smallest and largest allowed number, in ``unit``.
        needed: whether it must be given.
        default: the value where it is left out, None for none.
        choices: the allowed words of a ``choice``.
        other_names: keys of earlier case files that mean the same.

    Raises:
        TinelError: an unknown form, a range upside down, or a choice without choices.

    Example:
        >>> Field("length_mm", "length of the gap", "number", "mm", 1, 300).read("4 cm")
        40.0
    """

    name: str
    meaning: str
    form: Form = "number"
    unit: str = ""
    least: float = -math.inf
    most: float = math.inf
    needed: bool = False
    default: Any = None
    choices: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        where = f"field '{self.name}'"
        if self.form not in get_args(Form):
            told = f"the form '{self.form}' is not known"
            raise TinelError(told, where, suggest(self.form, get_args(Form)))
        if not self.least <= self.most:
            raise TinelError(f"least {self.least:g} is above most {self.most:g}", where)
        if (self.form == "choice") != bool(self.choices):
            raise TinelError("a field of the form 'choice' needs choices, no other has any", where)

    @property
    def allowed(self) -> str:
        """What may be given, in words, e.g. ``1 to 300 mm``."""
        if self.form == "choice":
            return ", ".join(self.choices)
        if self.form == "yes or no":
            return "true or false"
        if self.form == "text":
            return "a text"
        if self.form in ("day", "days"):
            words = "a list of days after the injury, each " if self.form == "days" else ""
            return f"{words}0 to {LONGEST_DAYS:g} days"
        return f"{self.least:g} to {self.most:g} {self.unit}".rstrip()

    @property
    def description(self) -> str:
        """Meaning and allowed values in one phrase."""
        return f"{self.meaning}: {self.allowed}"

    def read(self, given: Any) -> Any:
        """The value, in the field's unit.

        Raises:
            TinelError: not what ``allowed`` says.
        """
        if self.form == "number":
            return number(given, self.unit, self.least, self.most)
        if self.form == "prior":
            return spread(given, self.unit, self.least, self.most)
        if self.form == "day":
            return day(given)
        if self.form == "days":
            return days(given)
        if self.form == "text":
            return text(given)
        if self.form == "yes or no":
            if not isinstance(given, bool):
                raise NotAllowedError(f"{shown(given)} is {kind_of(given)}", "allowed: true, false")
            return given
        if not isinstance(given, str) or given not in self.choices:
            raise NotAllowedError(
                f"{shown(given)} is not allowed here", suggest(str(given), self.choices)
            )
        return given


def day(given: object) -> float:
    """A day after the injury, from a number or a text such as ``6 weeks``.

    It keeps the six digits with which tables name it, so that one name never means two days.

    Raises:
        TinelError: not a time, or outside 0 to ``LONGEST_DAYS``.

    Example:
        >>> day("6 weeks"), day(14.0000001)
        (42.0, 14.0)
    """
    try:
        return duration_d(given, 0)
    except NotAllowedError as problem:
        advice = problem.advice or "days count from the operation or injury, which is day 0"
        raise NotAllowedError(problem.message, advice) from None


def duration_d(given: object, least: float) -> float:
    """A number of days up to ``LONGEST_DAYS``, with the six digits by which tables name them.

    Raises:
        NotAllowedError: not a time, or out of range.

    Example:
        >>> duration_d("2 years", 1)
        730.5
    """
    return float(f"{number(given, 'days', least, LONGEST_DAYS):.6g}")


def days(given: object) -> tuple[float, ...]:
    """A list of days, in the order given.

    Raises:
        TinelError: no list, an empty one, or a day as in ``day``.
    """
    if not isinstance(given, list | tuple) or not given:
        raise NotAllowedError(
            f"{shown(given)} is no list of days", "write for example [1, 10, '6 weeks']"
        )
    return tuple(day(one) for one in given)


def text(given: object) -> str:
    """A text of at most ``LONGEST_TEXT`` characters, without blanks at its ends.

    Raises:
        TinelError: no text, an empty or a longer one, or one of invisible characters alone.

    Example:
        >>> text(" dead leg ")
        'dead leg'
    """
    return _text(given, LONGEST_TEXT)


def name(given: object) -> str:
    """A text of one line that names something: at most ``LONGEST_NAME`` characters, all visible.

    Raises:
        TinelError: as ``text``, or an invisible character, by which two names could look alike.

    Example:
        >>> name("neurolysis at 6 months")
        'neurolysis at 6 months'
    """
    found = _text(given, LONGEST_NAME)
    hidden = next((sign for sign in found if not _is_seen(sign) and sign != " "), "")
    if hidden:
        message = f"the name holds the invisible character U+{ord(hidden):04X}"
        raise NotAllowedError(message, "leave it out")
    return found


def _text(given: object, longest: int) -> str:
    if not isinstance(given, str):
        raise NotAllowedError(f"{shown(given)} is {kind_of(given)}, not a text")
    if not given.strip():
        raise NotAllowedError("the text is empty")
    if not any(_is_seen(sign) for sign in given):
        raise NotAllowedError("the text holds nothing that can be seen", "write it in words")
    if len(given) > longest:
        raise NotAllowedError(f"the text has {len(given)} characters (allowed: up to {longest})")
    return given.strip()


# Letters, marks, digits, punctuation and symbols; not blanks, format and control characters.
_SEEN = frozenset("LMNPS")
# Letters by their category that no font draws.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def _is_seen(sign: str) -> bool:
    return category(sign)[0] in _SEEN and sign not in _BLANK
