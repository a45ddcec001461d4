"""Figures in words: percentages, how many of 1000, and the course in sentences."""

from __future__ import annotations

from tinel.risk.event import Course, Event, Figure


def number(value: float, digits: int = 0) -> str:
    """A computed value: two significant digits, from 10 on with as many decimals as told.

    Example:
        >>> number(0.0316), number(4.42), number(214.6), number(39.21, 1), number(0.0)
        ('0.032', '4.4', '215', '39.2', '0')
    """
    if value >= 10 or value == 0:
        return f"{value:.{digits if value else 0}f}"
    text = f"{value:#.2g}"
    return text if "e" not in text else f"{value:.8f}".rstrip("0")


def figure_text(figure: Figure, scale: float = 1.0) -> str:
    """A figure in percent times ``scale``, its interval in brackets; as printed where typed."""
    if figure.percent is None:
        low, high = _printed(figure.lowest_percent, scale), _printed(figure.highest_percent, scale)
        return low if low == high else f"{low} to {high}"
    low_percent, high_percent = figure.interval_percent
    if figure.count:
        digits = 1 if scale == 1 else 0
        values = (figure.percent, *figure.count.interval_percent)
        text, least, most = (number(scale * value, digits) for value in values)
        return f"{text} ({least} to {most})"
    text = _printed(figure.percent, scale)
    if low_percent is None or high_percent is None:
        return text
    return f"{text} ({_printed(low_percent, scale)} to {_printed(high_percent, scale)})"


def _printed(percent: float | None, scale: float) -> str:
    """A percentage as its source prints it, without digits that it does not have."""
    return f"{scale * (percent or 0.0):.12g}"


def percent_text(event: Event) -> str:
    """Percent with interval, e.g. ``4.7 % (2.5 to 7.9)``; a range as ``2 to 5 % over papers``."""
    text = figure_text(event.figure)
    if event.figure.percent is None:
        return f"{text} %" if " to " not in text else f"{text} % (range)"
    middle, space, rest = text.partition(" ")
    return f"{middle} %{space}{rest}"


def count_text(event: Event) -> str:
    """How many of how many, e.g. ``about 25 of 390 operations``; empty without a count."""
    figure = event.figure
    if figure.denominator is None:
        return ""
    about = "about " if event.counted_about else ""
    return f"{about}{figure.numerator:,} of {figure.denominator:,} {event.of}"


def course_sentence(course: Course) -> str:
    """One sentence, e.g. ``C5 root: well by 2 years in 33 of 36.``"""
    figure = course.figure
    if figure.denominator is not None:
        told = f"{figure.numerator} of {figure.denominator}"
    else:
        told = f"{figure_text(figure)} %"
    when = f" by {course.by}" if course.by else ""
    note = f" ({course.note})" if course.note else ""
    return f"{course.nerve}: {course.what}{when}: {told}{note}."
