"""A finding as the table ``[[finding]]`` of a case file."""

from __future__ import annotations

import json
import math
from collections.abc import Callable

from tinel.case.observed import Observed
from tinel.errors import TinelError
from tinel.exam.findings import Finding as MadeFinding

OF_OTHER_SIDE = "% of the other side"
ABSENT, NOT_FELT = "absent", "not felt"


def as_toml(
    finding: Observed | MadeFinding,
    day: float | tuple[float, float] | None = None,
    nerve: str = "",
) -> str:
    """Write a finding so that a case file that holds it is read to the same finding.

    Args:
        finding: of a patient, or one that a test or a recording gave.
        day: days after the injury, 0 to 7300, or the first and last possible one; needed for a
            finding of a test or a recording, which has no day of its own.
        nerve: its name, for a case of several nerves; empty for the nerve of the case.

    Returns:
        Lines that end in a line break.

    Raises:
        TinelError: no day is known.

    Example:
        >>> print(as_toml(Observed(
        ...     where="", text="", test="motor conduction", subject="ulnar motor (ADM)",
        ...     site="wrist", quantity="amplitude", unit="mV", first_day=42, last_day=42,
        ...     state="value", low=0.7, high=0.7,
        ... )), end="")
        [[finding]]
        test = "motor conduction"
        place = "ulnar motor (ADM)"
        site = "wrist"
        day = 42
        quantity = "amplitude"
        value = 0.7
        unit = "mV"
    """
    value, unit = _of_patient(finding) if isinstance(finding, Observed) else _made(finding)
    days = _days(finding, day)
    lines = ["[[finding]]", f"test = {quoted(finding.test)}"]
    if nerve:
        lines.append(f"nerve = {quoted(nerve)}")
    lines.append(f"place = {quoted(finding.subject)}")
    if finding.site:
        lines.append(f"site = {quoted(finding.site)}")
    if finding.side not in ("", "affected"):
        lines.append(f"side = {quoted(finding.side)}")
    lines += [f"day = {days}", f"quantity = {quoted(finding.quantity)}", f"value = {value}"]
    if unit:
        lines.append(f"unit = {quoted(unit)}")
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """A text as TOML writes it in one line.

    Example:
        >>> print(quoted('the "funny" bone'))
        "the \\"funny\\" bone"
    """
    whole = text.encode(errors="replace").decode()  # a lone surrogate stands in no file
    return json.dumps(whole, ensure_ascii=False).replace("\x7f", "\\u007f")


def _days(finding: Observed | MadeFinding, day: float | tuple[float, float] | None) -> str:
    if day is None:
        if not isinstance(finding, Observed):
            raise TinelError("the day of the finding is missing", "day", "give days after day 0")
        day = finding.first_day, finding.last_day
    first, last = day if isinstance(day, tuple) else (day, day)
    return plain(first) if first == last else f"[{plain(first)}, {plain(last)}]"


def _made(finding: MadeFinding) -> tuple[str, str]:
    if math.isnan(finding.value):
        return quoted(ABSENT), ""
    if math.isinf(finding.value):
        return quoted(NOT_FELT), ""
    return plain(finding.value), finding.unit


def _of_patient(finding: Observed) -> tuple[str, str]:
    if finding.state not in ("value", "range"):
        return quoted(finding.state), ""
    value = between(finding.low, finding.high, plain, "<=", ">=")
    if finding.of_other_side:
        return quoted(f"{value} {OF_OTHER_SIDE}"), ""
    one = finding.low == finding.high
    return (value if one else quoted(value)), finding.unit


def between(
    low: float, high: float, written: Callable[[float], str], at_most: str, at_least: str
) -> str:
    """One number, or the range between two, either end of which may be infinite, in words.

    Args:
        low, high: the ends.
        written: how a number is written.
        at_most, at_least: words for a range with one end.

    Example:
        >>> between(2.0, 3.0, plain, "<=", ">="), between(4.0, math.inf, plain, "<=", ">=")
        ('2 to 3', '>= 4')
    """
    if low == high:
        return written(low)
    if math.isinf(low):
        return f"{at_most} {written(high)}"
    if math.isinf(high):
        return f"{at_least} {written(low)}"
    return f"{written(low)} to {written(high)}"


def plain(value: float) -> str:
    """A number with the digits that give it back, without an idle decimal point.

    Example:
        >>> plain(42.0), plain(0.7)
        ('42', '0.7')
    """
    return repr(float(value)).removesuffix(".0")
