"""The days of a finding or an event: one day, or the first and last that are possible."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tinel.declare.field import day
from tinel.declare.quantity import NotAllowedError, apart, shown

Period = float | tuple[float, float]

EXAMPLE = "write a day such as 42 or '6 weeks', [40, 50], or { low = 40, high = 50 }"
# how people say it: "month 8" for "8 months"
_COUNTED = re.compile(r"\s*(day|week|month|year)\s+([0-9]{1,5}(?:\.[0-9]{1,3})?)\s*", re.IGNORECASE)


def period(given: object) -> Period:
    """Read a day, or the first and last possible one.

    Args:
        given: a number of days, a text such as ``6 weeks`` or ``month 8``, a list of two of them,
            or a table with ``low`` and ``high``; each 0 to 7300 days.

    Raises:
        TinelError: anything else, or a last day before the first.

    Example:
        >>> period("6 weeks"), period([40, "50 days"]), period({"low": 7, "high": "week 2"})
        (42.0, (40.0, 50.0), (7.0, 14.0))
    """
    if isinstance(given, Mapping):
        for key in given:
            if key not in ("low", "high"):
                raise NotAllowedError(f"a range of days has no part {shown(key)}", EXAMPLE)
        if len(given) < 2:
            raise NotAllowedError("a range of days needs low and high", EXAMPLE)
        given = [given["low"], given["high"]]
    if isinstance(given, list | tuple):
        if len(given) != 2:
            raise NotAllowedError(f"{len(given)} days are given, not a first and a last", EXAMPLE)
        first, last = (_one(item) for item in given)
        if first > last:
            told = f"the first day {apart(first, last)} is after the last {apart(last, first)}"
            raise NotAllowedError(told, "swap them")
        return first if first == last else (first, last)
    return _one(given)


def _one(given: object) -> float:
    counted = _COUNTED.fullmatch(given) if isinstance(given, str) else None
    return day(f"{counted[2]} {counted[1].lower()}s" if counted else given)


TODAY = "today"
_ROUGH_d = {"week": 7.0, "month": 30.4375, "year": 365.25}  # a month and a year as pint has them


def noticed_on(given: object) -> Period:
    """The day on which something was noticed, as exact as the words are.

    A number of days means that day. ``5 months`` is rounded, so it means half a month either way;
    ``month 5`` is the fifth month, from 4 to 5 months.

    Raises:
        TinelError: as ``period``.

    Example:
        >>> noticed_on(150), noticed_on("12 weeks"), noticed_on("week 12"), noticed_on([140, 150])
        (150.0, (80.5, 87.5), (77.0, 84.0), (140.0, 150.0))
    """
    found = period(given)
    if isinstance(found, tuple) or not isinstance(given, str):
        return found
    rough = next((d for word, d in _ROUGH_d.items() if re.search(rf"\b{word}s?\b", given)), 1.0)
    if rough == 1.0:
        return found
    after = 0.0 if _COUNTED.fullmatch(given) else rough / 2
    return max(found + after - rough, 0.0), found + after


def day_or_today(given: object) -> float | str:
    """A day, or the word ``today`` for the last day that the case knows.

    Raises:
        TinelError: neither.

    Example:
        >>> day_or_today("month 8"), day_or_today("today")
        (243.5, 'today')
    """
    if isinstance(given, str) and given.strip().casefold() == TODAY:
        return TODAY
    return _one(given)


def ends(days: Period) -> tuple[float, float]:
    """The first and the last day; equal for one day.

    Example:
        >>> ends(42.0), ends((40.0, 50.0))
        ((42.0, 42.0), (40.0, 50.0))
    """
    return days if isinstance(days, tuple) else (days, days)


def in_words(days: Period) -> str:
    """A day or a range of days as a sentence shows it.

    Example:
        >>> in_words(42.0), in_words((40.0, 50.0))
        ('day 42', 'days 40 to 50')
    """
    from tinel.declare.quantity import shown_day

    first, last = (shown_day(one) for one in ends(days))
    return f"day {first}" if first == last else f"days {first} to {last}"
