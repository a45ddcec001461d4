"""From firing to a scale of 0 to 10, and what a value on it means."""

from __future__ import annotations

import numpy as np

from tinel.lesion.state import Floats

TOP = 10.0
NONE, HARDLY = "none", "hardly any"
# upper bounds and words; the last holds for the rest
_OF_TEN = ((0.5, HARDLY), (3.5, "mild"), (6.5, "moderate"), (np.inf, "severe"))
_PERCENT = ((0.5, HARDLY), (25.0, "a little"), (75.0, "a good part"), (99.5, "most"))


def of_ten(drive: Floats) -> Floats:
    """A symptom of 0 to 10 that begins in proportion to its drive and never passes 10.

    Example:
        >>> of_ten(np.array([0.0, 1.0, 9.0])).tolist()
        [0.0, 5.0, 9.0]
    """
    return TOP * drive / (1.0 + drive)


def words_of_ten() -> tuple[tuple[str, float, float], ...]:
    """What each word for a symptom of 0 to 10 stands for: lowest and highest value.

    Example:
        >>> dict((word, (low, high)) for word, low, high in words_of_ten())["severe"]
        (6.5, 10.0)
    """
    tops = [0.0, *(min(top, TOP) for top, _ in _OF_TEN)]
    steps = [(word, tops[k], tops[k + 1]) for k, (_, word) in enumerate(_OF_TEN)]
    felt = ("present", tops[1], TOP)
    return (*steps, (NONE, 0.0, 0.0), ("absent", 0.0, 0.0), felt)


def meaning(quantity: str, value: float) -> str:
    """A value of a symptom in a word.

    Args:
        quantity: its name; ``numbness``, ``weakness`` and ``wasting`` are percentages.
        value: 0 to 10, or 0 to 100 %.

    Example:
        >>> meaning("tingling", 0.0), meaning("pain", 7.0), meaning("numbness", 100.0)
        ('none', 'severe', 'all')
    """
    if value <= 0:
        return NONE
    percent = quantity in ("numbness", "weakness", "wasting")
    words = _PERCENT if percent else _OF_TEN
    return next((word for most, word in words if value < most), "all")
