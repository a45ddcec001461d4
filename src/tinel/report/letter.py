"""One paragraph for a letter: the first screen as plain text."""

from __future__ import annotations

from collections.abc import Sequence

from tinel import __version__
from tinel.report.figure import Table
from tinel.report.number_format import clean

NOTICE = (
    f"Computed with Tinel {__version__}, research and teaching software: no medical device, no "
    f"advice for a person, not calibrated for individuals."
)


def letter(
    title: str,
    who: str,
    hurt: Sequence[str],
    chances: Table,
    pairs: Sequence[tuple[str, str]],
) -> str:
    """The paragraph, in one line that ends with a full stop.

    Args:
        title: nerve, side and injury.
        who: the patient, in a few words.
        hurt: sentences on what is hurt.
        chances: goal, arm, and a cell per month.
        pairs: further headings with their sentences, in order.
    """
    said = [f"{title} ({who}).", *hurt, _chances(chances)]
    said += [f"{head}: {text}" for head, text in pairs]
    return clean(" ".join(" ".join([*said, NOTICE]).split()))


def _chances(found: Table) -> str:
    """The chances at the last month: a letter needs the outcome, the page has the way there."""
    if not found.rows or len(found.head) < 3:  # no month is computed
        return ""
    told: list[str] = []
    for row in found.rows:
        goal, arm, *cells = (cell.text for cell in row)
        told.append(f"{goal}, {arm} {cells[-1]}" if goal else f"{arm} {cells[-1]}")
    by = found.head[-1]
    return f"In 100 people like this, by {by} (90 % interval): {'; '.join(told)}."
