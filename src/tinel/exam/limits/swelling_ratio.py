"""The largest normal ratio of a nerve's areas at an injury and away from it."""

from __future__ import annotations

from tinel.exam.examination import Visit
from tinel.exam.measurement import Measurement
from tinel.exam.per_twin import of_first
from tinel.exam.pictures import was_seen
from tinel.exam.reference_limits import Bound, ReferenceLimit
from tinel.exam.ultrasound_names import SWELLING


def _bound(measurement: Measurement, visit: Visit) -> Bound:
    return Bound(of_first(visit.limb.parameters, "pictures.limit.swelling_ratio"), lower=False)


LIMIT = ReferenceLimit(
    name=SWELLING,
    text="Largest area over that of a place where nothing is hurt.",
    source="ulnar nerve at the elbow, e-arm.org 506 (abstract)",
    quantity=SWELLING,
    bound=_bound,
    applies=was_seen,
)
