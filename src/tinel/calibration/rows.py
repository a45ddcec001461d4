"""A validation as rows for the report."""

from __future__ import annotations

import math

from tinel.calibration.validate import Validation
from tinel.evidence.validated import Validated


def rows_of(validation: Validation) -> tuple[Validated, ...]:
    """Every computed percentage; mean days are left to the page.

    Patients with different nerves in one population stand under the nerve of most of them.
    """
    rows = []
    for row in validation.rows:
        figure, cohort = row.figure, row.cohort
        if row.seen.in_days or figure.day is None or figure.population is None:
            continue
        parts = cohort.populations[figure.population].parts
        low, high = row.seen.interval or (math.nan, math.nan)
        rows.append(
            Validated(
                cohort=cohort.key,
                nerve=max(parts, key=lambda part: part.fraction).nerve,
                who=cohort.who,
                counted=figure.counted,
                day=float(figure.day),
                published_percent=float(row.seen.published),
                low_percent=float(low),
                high_percent=float(high),
                computed_percent=float(row.seen.computed),
                role=cohort.role or "",
            )
        )
    return tuple(rows)
