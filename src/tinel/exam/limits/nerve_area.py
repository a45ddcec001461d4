"""The largest normal cross-section of a nerve on ultrasound."""

from __future__ import annotations

from tinel.exam.examination import Visit
from tinel.exam.measurement import Measurement
from tinel.exam.per_twin import of_first
from tinel.exam.pictures import was_seen
from tinel.exam.reference_limits import Bound, ReferenceLimit
from tinel.exam.scanning import size_of
from tinel.exam.tests.ultrasound import AREA, SUBJECT


def _bound(measurement: Measurement, visit: Visit) -> Bound | None:
    if measurement.subject != SUBJECT:
        return None
    size = size_of(visit.limb, measurement.site)
    parameters = visit.limb.parameters
    stated = f"pictures.upper.{size.rpartition('.')[2]}"
    if not size:
        return None
    if stated in parameters:
        return Bound(of_first(parameters, stated), lower=False)
    reach = of_first(parameters, "laboratory.limit.sd") * of_first(parameters, f"{size}.sd")
    return Bound(of_first(parameters, f"{size}.mean") + reach, lower=False)


LIMIT = ReferenceLimit(
    name="nerve area",
    text="The published upper limit of the site, else two SD above its mean.",
    source="see the pictures.upper and anatomy.size numbers",
    quantity=AREA,
    bound=_bound,
    applies=was_seen,
)
