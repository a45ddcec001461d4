"""How numbers are written: one fixed form per unit, the same in every file and table."""

from __future__ import annotations

import math
import re

import numpy as np
from numpy.typing import NDArray

DECIMALS = {
    "mV": 2,
    "µV": 1,
    "mV ms": 2,
    "µV ms": 1,
    "ms": 2,
    "m/s": 1,
    "%": 1,
    "% of healthy": 1,
    "mm": 1,
    "mm apart": 1,
    "mm²": 0,
    "ratio": 2,
    "µm²/ms": 2,
    "kg": 1,
    "0 to 5": 0,
    "0 to 5, in thirds": 2,
    "0 to 4": 1,
    "0 to 10": 1,
    "% of normal lost": 0,
    "marking": 2,
    "°C of change": 1,
    "0 to 8": 1,
}
SMALL_mm2 = 100.0
NEVER = {
    "marking": "not felt",
    "°C of change": "not felt",
    "mm apart": "one point",
    "days": "never",
}

# Control characters, marks that turn the direction of writing, and marks that nobody sees.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)


def number(value: float, unit: str) -> str:
    """A value with the decimals of its unit; empty for nan (an absent response has no latency).

    Example:
        >>> number(11.649, "mV"), number(float("inf"), "marking"), number(float("nan"), "ms")
        ('11.65', 'not felt', '')
    """
    if math.isnan(value):
        return ""
    if math.isinf(value):
        return NEVER.get(unit, "inf" if value > 0 else "-inf")
    # a nerve has few mm², a patch of skin thousands
    fine = 1 if unit == "mm²" and abs(value) < SMALL_mm2 else DECIMALS.get(unit, 0)
    written = f"{value:.{fine}f}"
    return written.removeprefix("-") if float(written) == 0 else written


def interval(quantiles: NDArray[np.float64], unit: str) -> str:
    """Median and 90 % interval of quantiles ``(5,)``, e.g. ``81 (9 to 100)``.

    Example:
        >>> interval(np.array([9.2, 40.0, 81.3, 90.0, 100.0]), "years")
        '81 (9 to 100)'
        >>> interval(np.full(5, 4.0), "0 to 5")
        '4 (4 to 4)'
    """
    low, mid, high = (number(float(quantiles[k]), unit) for k in (0, 2, 4))
    return "" if not mid else f"{mid} ({low} to {high})"


def day(value: float) -> str:
    """A day as it is written, e.g. ``42``."""
    return f"{value:g}"


def signed(value: float, unit: str = "") -> str:
    """A difference with its sign, and none for zero.

    Example:
        >>> signed(3.2), signed(-0.2)
        ('+3', '0')
    """
    written = number(value, unit)
    return f"+{written}" if value > 0 and float(written) != 0 else written


def percent_of(fraction: float) -> str:
    """A fraction in whole percent that is 0 or 100 only where it is so exactly.

    Example:
        >>> percent_of(0.004), percent_of(0.33), percent_of(1.0)
        ('<1', '33', '100')
    """
    if 0 < fraction < 0.01:
        return "<1"
    return ">99" if 0.99 < fraction < 1 else f"{100 * fraction:.0f}"


def clean(text: str) -> str:
    """A text whose control characters and invisible marks are written as their code points.

    Example:
        >>> clean("a\\u202eb")
        'a[U+202E]b'
    """
    return _UNPRINTABLE.sub(lambda mark: f"[U+{ord(mark[0]):04X}]", text)
