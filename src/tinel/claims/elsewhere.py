"""Facts whose figures another room keeps, so that none is written down twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tinel.claims.statement import Fact
from tinel.errors import TinelError

if TYPE_CHECKING:
    from tinel.risk import Event

# The rooms are imported when a fact is read, so that the command line starts quickly.


def of_risk(key: str, text: str, words: Mapping[str, str]) -> Fact:
    """A fact whose figure is an event of a procedure.

    Args:
        key, text: of the fact.
        words: ``procedure``, and as many fields of the event as pick it out.

    Raises:
        TinelError: no such event, or several.

    Example:
        >>> hip = {"procedure": "hip replacement", "what": "motor palsy"}
        >>> of_risk("hip", "motor palsy", hip).count
        Count(numerator=47, denominator=27004)
    """
    from tinel.risk import procedures

    wanted = dict(words)
    name = wanted.pop("procedure")
    events = [e for p in procedures() if p.name == name for e in p.events]
    found = [e for e in events if all(getattr(e, field) == v for field, v in wanted.items())]
    if len(found) != 1:
        raise TinelError(f"{len(found)} events of '{name}' fit the fact '{key}', not one")
    return _of_event(key, text, found[0])


def of_trial(key: str, text: str, trial: str, figure: str = "") -> Fact:
    """A fact that a trial of pain printed.

    Args:
        key: of the fact.
        text: of the fact; the name of the remedy where empty. Without a figure what the trial found
            follows it.
        trial: its key.
        figure: ``points``, ``nnt``, ``on it`` or ``on placebo``; none where empty.

    Raises:
        TinelError: no such trial, or it prints no such figure.

    Example:
        >>> of_trial("no_effect", "", "Markman 2018", "points").value
        -0.22
    """
    from tinel.treatment.pain.library import known, trials

    if trial not in trials():
        raise TinelError(f"no trial is called '{trial}'", f"fact {key}")
    one = trials()[trial]
    said = text or next(name for name, each in known().items() if one in each.trials)
    source = f"{one.key}, {one.source}"
    if not figure:
        found = one.text.rstrip(".")
        return Fact(key, f"{said}: {found[:1].lower()}{found[1:]}", source, one.read)
    if figure in ("on it", "on placebo"):
        count = one.on_it if figure == "on it" else one.on_placebo
        if count is not None:
            return Fact(key, said, source, one.read, count)
    three = {"points": one.points, "nnt": one.nnt}.get(figure)
    if three is None:
        raise TinelError(f"the trial '{trial}' prints no '{figure}'", f"fact {key}")
    value, low, high = three
    unit = {"points": "points", "nnt": "people"}[figure]
    return Fact(key, said, source, one.read, None, value, low, high, unit)


def _of_event(key: str, text: str, event: Event) -> Fact:
    source, count = event.source, event.figure.count
    about = event.counted_about
    if count is not None:
        return Fact(key, text, source.reference, source.read, count, about=about)
    low, high = event.figure.interval_percent
    percent = event.figure.percent
    return Fact(key, text, source.reference, source.read, None, percent, low, high, "%")
