"""What an operation says of a case before it is examined: which nerves, and their course."""

from __future__ import annotations

from dataclasses import dataclass

from tinel.errors import TinelError
from tinel.nerve import library
from tinel.risk.event import Course, Event
from tinel.risk.match import Found, find
from tinel.risk.phrases import course_sentence, percent_text


@dataclass(frozen=True)
class NerveFraction:
    """A nerve with the event of its largest study; ``computable`` where a case may name it."""

    nerve: str
    event: Event
    computable: bool


@dataclass(frozen=True)
class Prior:
    """Nerves that an operation hurts, most often first, and their usual course."""

    found: Found
    nerves: tuple[NerveFraction, ...]
    course: tuple[Course, ...]

    @property
    def in_words(self) -> str:
        """The nerves with their percentages, each with how it was looked for."""
        return "; ".join(
            f"{n.nerve} {percent_text(n.event)} ({n.event.looking})" for n in self.nerves
        )

    @property
    def course_in_words(self) -> str:
        """The usual course, one sentence after another."""
        return " ".join(course_sentence(one) for one in self.course)


def prior(procedure: str) -> Prior:
    """The nerves that an operation hurts, with how often, and their usual course.

    Percentages found in different ways stand beside one another and are not added.

    Args:
        procedure: as for ``find``.

    Raises:
        TinelError: as ``find``.

    Example:
        >>> [n.nerve for n in prior("parotidectomy").nerves if n.computable]
        ['facial']
    """
    found = find(procedure)
    best: dict[str, Event] = {}
    for event in found.procedure.events:
        named = not event.nerve.startswith("any nerve")
        if named and event.kind != "lasting" and _size(event) > _size(best.get(event.nerve)):
            best[event.nerve] = event
    nerves = [NerveFraction(nerve, event, _is_known(nerve)) for nerve, event in best.items()]
    nerves.sort(key=lambda n: (-_middle(n.event), n.nerve))
    return Prior(found, tuple(nerves), found.procedure.course)


def advice_without_nerve(procedure: object) -> str:
    """What to write where a case names an operation but no nerve; empty where nothing is known."""
    try:
        known = prior(procedure) if isinstance(procedure, str) else None
    except TinelError:
        return ""
    if known is None or not known.nerves:
        return ""
    usable = [n.nerve for n in known.nerves if n.computable]
    name = f"; a case may name: {', '.join(usable)}" if usable else ""
    return f"{known.found.said}Hurt by {known.found.procedure.name}: {known.in_words}{name}"


def _is_known(nerve: str) -> bool:
    try:
        library.find(nerve)
    except TinelError:
        return False
    return True


def _size(event: Event | None) -> int:
    """Events with a count before those without one, by how many were counted."""
    if event is None:
        return -1
    return event.figure.denominator or 0


def _middle(event: Event) -> float:
    figure = event.figure
    if figure.percent is not None:
        return figure.percent
    return ((figure.lowest_percent or 0.0) + (figure.highest_percent or 0.0)) / 2
