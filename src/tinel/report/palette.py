"""The colours: Okabe and Ito's, which people with any colour vision can distinguish."""

from __future__ import annotations

from collections.abc import Sequence

INK, SOFT, LINE, PAPER = "#1f2933", "#5b6770", "#c9d1d6", "#ffffff"
WAITING = "#1f2933"
MOST_DAYS = 6  # more lines over one another cannot be told apart
_ARMS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
_DASHES = ((5.0, 2.5), (1.5, 1.5), (7.0, 2.0, 1.5, 2.0), (3.0, 1.5), (9.0, 3.0), (2.0, 4.0))

INJURY = "#d55e00"
STATES = {
    "unhurt": "#b4c0c8",
    "sheath thin, conducts": "#56b4e9",
    "blocked": "#e69f00",
    "broken": "#d55e00",
    "growing": "#cc79a7",
    "grown back": "#009e73",
}
SEDDON = {
    "unhurt": "#b4c0c8",
    "neurapraxia": "#e69f00",
    "axonotmesis": "#d55e00",
    "neurotmesis": "#5a2a00",
}
SUNDERLAND = {
    "0": "#b4c0c8",
    "1": "#e69f00",
    "2": "#f0a070",
    "3": "#d55e00",
    "4": "#984300",
    "5": "#5a2a00",
}


def arm_colour(index: int) -> str:
    """The colour of an arm by its place in the case, waiting (0) first."""
    return WAITING if index == 0 else _ARMS[(index - 1) % len(_ARMS)]


def arm_dash(index: int) -> tuple[float, ...]:
    """The dash pattern of an arm; waiting is drawn whole."""
    return () if index == 0 else _DASHES[(index - 1) % len(_DASHES)]


def day_colours(count: int) -> Sequence[str]:
    """A dark-to-light series for exam days, early to late.

    Lightness rises from step to step, so that any colour vision and a grey print can follow it.

    Args:
        count: how many days, at most ``MOST_DAYS`` where each is to be told from the next.
    """
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    scale = colormaps["plasma"]
    return [to_hex(scale(0.86 * k / max(count - 1, 1))) for k in range(count)]
