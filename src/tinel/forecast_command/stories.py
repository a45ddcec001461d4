"""Several stories of one patient beside one another, as a terminal and as data show them."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

from tinel.case import Case
from tinel.infer.stories import Story, compare
from tinel.progress import Progress
from tinel.terminal import shown_name

WIDTH = 79


def stories(
    case: Case, others: Sequence[Case], today: float, workers: int, progress: Progress
) -> tuple[Story, ...]:
    """The stories, the likeliest first; none where no other is given.

    Args:
        case: whose findings are used.
        others: other causes, sites or nerves of the same patient.
        today: findings of later days are not read.
        workers: processes to use.
        progress: called with how far it is.
    """
    if not others:
        return ()
    named: dict[str, Case] = {}
    for k, one in enumerate((case, *others)):
        name = shown_name(one.source.path)
        named[name if name not in named else f"{name} ({k + 1})"] = one
    return compare(named, today, workers=workers, progress=progress)


def stories_as_text(told: Sequence[Story]) -> str:
    """One line per story, and what their chances mean."""
    lines = ["Which story fits the findings"]
    for one in told:
        fits = "" if one.found.fit.fits else "; it does not fit by itself"
        cause = f"{100 * one.probability:.0f} % among these"
        lines += wrap(f"- {one.name}: {cause}{fits}.", WIDTH, subsequent_indent="  ")
    note = (
        "All were thought equally likely before the findings. The forecast is of the first given."
    )
    return "\n".join([*lines, *wrap(note, WIDTH)])


def stories_as_data(told: Sequence[Story]) -> list[dict[str, Any]]:
    """One object per story."""
    return [
        {
            "name": one.name,
            "probability": one.probability,
            "log_evidence": one.log_evidence,
            "fits": one.found.fit.fits,
            "reasons": list(one.found.fit.reasons),
        }
        for one in told
    ]
