"""How far this program was off for published patients with an injury of the same nerve."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tinel.evidence.posterior import calibrated
from tinel.evidence.validated import MOST_OFF_points, Validated, validated
from tinel.report.figure import Table, table

FURTHER_points = MOST_OFF_points["predict"]


@dataclass(frozen=True)
class TrackRecord:
    """A sentence for the first look and every cohort behind it; no table where there is none."""

    summary: str
    cohorts: Table | None


def track_record(
    nerve: str,
    rows: Sequence[Validated] | None = None,
    fitted: bool | None = None,
    own: Sequence[float] | None = None,
) -> TrackRecord:
    """What ``make validate`` found for cohorts of a nerve.

    Args:
        nerve: its name.
        rows: instead of those of the last validation.
        fitted: whether numbers in use were fitted to the rows with the role fit, which then are
            no test of them; left out: whether a posterior is there.
        own: low, middle and high of what the fit found the program to be off by itself, standard
            deviation in points; left out: as the posterior has it.

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
    fit = calibrated()
    if fitted is None:
        fitted = fit is not None
    if own is None:
        own = () if fit is None else fit.own_error_points
    known = [row for row in here if row.inside is not None]
    asked = [row for row in known if not fitted or row.role == "predict"]
    inside = sum(row.inside is True for row in asked)
    far = [row for row in here if row.off_points > FURTHER_points]
    rosy = sum(row.computed_percent > row.published_percent for row in far)
    unfitted = " that nothing was fitted to" if fitted else ""
    summary = (
        f"Of {len(asked)} published figures on this nerve{unfitted}, {inside} are met within their "
        f"exact 95 % interval. {len(far)} of all {len(here)} figures are off by "
        f"more than {FURTHER_points:g} points, {rosy} of them upwards."
    )
    if own:
        low, middle, high = own
        summary += (
            f" Over all nerves the program was found to be off by {middle:.0f} points by itself "
            f"({low:.0f} to {high:.0f}; standard deviation, apart from chance): how many of such "
            f"patients recover may well be {2 * middle:.0f} points more or fewer than computed. "
            "The brackets of the first screen hold what figures like these were off."
        )
    head = ("patients", "counted", "day", "published", "computed", "role", "inside")
    lines = [_cells(row) for row in sorted(here, key=lambda row: -row.off_points)]
    return TrackRecord(summary, table("Published patients", head, lines, wide=True))


def _cells(row: Validated) -> list[str]:
    published = f"{row.published_percent:.0f} %"
    if not math.isnan(row.low_percent):
        published += f" ({row.low_percent:.0f} to {row.high_percent:.0f})"
    inside = {True: "yes", False: "no", None: "no count told"}[row.inside]
    return [
        row.who,
        row.counted,
        f"{row.day:g}",
        published,
        f"{row.computed_percent:.0f} %",
        row.role,
        inside,
    ]
