"""The lowest score of the tuning fork that is still normal."""

from __future__ import annotations

from tinel.exam.examination import Visit
from tinel.exam.measurement import Measurement
from tinel.exam.reference_limits import Bound, ReferenceLimit
from tinel.exam.tests.vibration import SCORE, least_normal


def _bound(measurement: Measurement, visit: Visit) -> Bound:
    return Bound(least_normal(visit.limb), lower=True)


LIMIT = ReferenceLimit(
    name=SCORE,
    text="Two SD beyond the middle of healthy people of that age.",
    source="see the bedside.vibration numbers",
    quantity=SCORE,
    bound=_bound,
)
