"""What helps the pain: every remedy with its trials, pain after injuries first."""

from __future__ import annotations

from dataclasses import dataclass

from tinel.report.figure import Table, table
from tinel.treatment.pain.overview import HEAD, NO_ADVICE, SUMMARY, rows


@dataclass(frozen=True)
class PainTreatments:
    """What the section shows: a paragraph, a table, and its sources by number."""

    summary: str
    table: Table
    sources: tuple[str, ...]
    no_advice: str


def pain_treatments() -> PainTreatments:
    """Collect the section; it is the same for every case.

    Example:
        >>> pain_treatments().table.rows[0][0].text
        'amitriptyline'
    """
    numbered: dict[str, int] = {}
    lines = []
    for row in rows():
        marks = []
        for trial in row.trials:
            text = f"{trial.key}: {trial.text} {trial.source} (read: {trial.read})."
            marks.append(str(numbered.setdefault(text, len(numbered) + 1)))
        lines.append([*row.cells, ", ".join(marks)])
    return PainTreatments(
        SUMMARY,
        table(f"What helps the pain – {len(lines)} remedies", HEAD, lines, wide=True),
        tuple(numbered),
        NO_ADVICE,
    )
