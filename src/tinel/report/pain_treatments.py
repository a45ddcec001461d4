"""What helps the pain: every remedy with its trials, pain after injuries first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tinel.report.figure import Table, table
from tinel.treatment import Plan
from tinel.treatment.pain.overview import HEAD, NO_ADVICE, SUMMARY, rows


@dataclass(frozen=True)
class PainTreatments:
    """What the section shows: a paragraph, a table, and its sources by number."""

    summary: str
    table: Table
    sources: tuple[str, ...]
    no_advice: str


def pain_sentence(plan: Plan) -> str:
    """What an arm does for pain beside a placebo; empty where it holds nothing against pain."""
    lines = []
    for name, (least, value, most) in _fractions(plan).items():
        with_it, placebo = (100 * float(np.mean(f)) for f in value)
        ends = [100 * float(np.mean(f[0])) for f in (least, most)]
        more = "as many as" if with_it == placebo else f"{placebo:.0f} of 100"
        lines.append(
            f"Pain: with {name} {with_it:.0f} of 100 have half the pain (range {ends[0]:.0f} to "
            f"{ends[1]:.0f}), {more} on placebo."
        )
    return " ".join(lines)


def _fractions(plan: Plan) -> dict[str, tuple[tuple[Any, Any], ...]]:
    found: dict[str, list[tuple[Any, Any]]] = {}
    for each in (plan.low, plan, plan.high):
        reliefs = [i.relief for i in each.interventions if i.relief] if each else []
        for relief in {r.name: r for r in reliefs}.values():
            found.setdefault(relief.name, []).append((relief.with_it, relief.on_placebo))
    return {name: tuple(three) for name, three in found.items() if len(three) == 3}


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
