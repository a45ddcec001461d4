"""How far this program was off for published patients with an injury of the same nerve."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tinel.evidence.validated import Validated, validated
from tinel.report.figure import Table, table

MOST_OFF_points = 15.0


@dataclass(frozen=True)
class TrackRecord:
    """A sentence for the first look and every cohort behind it; no table where there is none."""

    summary: str
    cohorts: Table | None


def track_record(nerve: str, rows: Sequence[Validated] | None = None) -> TrackRecord:
    """What ``make validate`` found for cohorts of a nerve.

    Args:
        nerve: its name.
        rows: instead of those of the last validation.

    Example:
        >>> track_record("no such nerve").cohorts is None
        True
    """
    every = validated() if rows is None else rows
    here = [row for row in every if row.nerve == nerve]
    if not here:
        return TrackRecord(
            "No published cohort with an injury of this nerve was computed, so nothing is known of "
            "how far such a forecast is off.",
            None,
        )
    asked = [row for row in here if row.role == "predict" and row.inside is not None]
    inside = sum(row.inside is True for row in asked)
    far = [row for row in here if row.off_points > MOST_OFF_points]
    rosy = sum(row.computed_percent > row.published_percent for row in far)
    summary = (
        f"Of {len(asked)} published figures on this nerve that nothing was fitted to, {inside} are "
        f"met within their exact 95 % interval. {len(far)} of all {len(here)} figures are off by "
        f"more than {MOST_OFF_points:g} points, {rosy} of them upwards."
    )
    head = ("patients", "counted", "day", "published", "computed", "role", "inside")
    lines = [_cells(row) for row in sorted(here, key=lambda row: -row.off_points)]
    return TrackRecord(summary, table("Published patients", head, lines, wide=True))


def _cells(row: Validated) -> list[str]:
    published = f"{row.published_percent:.0f} %"
    if not math.isnan(row.low_percent):
        published += f" ({row.low_percent:.0f} to {row.high_percent:.0f})"
    inside = {True: "yes", False: "no", None: "number not told"}[row.inside]
    return [
        row.who,
        row.counted,
        f"{row.day:g}",
        published,
        f"{row.computed_percent:.0f} %",
        "fitted" if row.role == "fit" else "predicted",
        inside,
    ]
