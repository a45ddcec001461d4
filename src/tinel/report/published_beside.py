"""The published count that is nearest to a case, for the first screen."""

from __future__ import annotations

from tinel.declare.quantity import shown_day
from tinel.forecast.base_rates import SAME_CAUSE, base_rates
from tinel.forecast.published import published_counts
from tinel.report.hurt_parts import muscles
from tinel.result import Result

STRENGTH, TOUCH = "('test', 'strength')", "('test', 'touch')"  # in the rule of a count
FEW = 10  # patients; a count of fewer is shown where there is no other
YEAR_d = 365.0  # a count near it says most of the end, and most patients are still followed


def published_beside(result: Result, as_of_day: float) -> tuple[tuple[str, str], ...]:
    """A heading and a sentence, none where no published patients are near enough.

    Near are those of the same nerve, hurt by what the case states first. Of several the count of
    those not recovered by today comes first, then of those untreated, then that nearest to a
    year. Most counts are of strength, so an injury that spares every muscle has none.

    Args:
        result: of a run.
        as_of_day: today, days after the injury.
    """
    told = {(one.cohort, one.counted, one.day): one for one in published_counts()}
    asked = STRENGTH if muscles(result) else TOUCH
    near = [
        rate
        for rate in base_rates(result.case, as_of_day)
        if rate.near == SAME_CAUSE
        and result.case.cause.kind in (same := told[rate.cohort, rate.counted, rate.day]).causes
        and asked in same.rule
    ]
    if not near:
        return ()
    one = min(
        near,
        key=lambda r: (
            r.given_not_by is None,
            bool(r.treatments),
            r.N < FEW,
            abs(r.day - YEAR_d),
            -r.N,
        ),
    )
    then = "" if one.given_not_by is None else f" without it by day {shown_day(one.given_not_by)}"
    done = f", after {' and '.join(one.treatments)}" if one.treatments else ""
    said = (
        f"“{one.counted}” by day {shown_day(one.day)} in {one.n} of {one.N}{then} "
        f"({one.low_percent:.0f} to {one.high_percent:.0f} %): {one.who}{done}."
    )
    return ((f"Published, {one.near}", said),)
