"""Full strength, the only normal MRC grade."""

from __future__ import annotations

from tinel.exam.examination import Visit
from tinel.exam.measurement import Measurement
from tinel.exam.reference_limits import Bound, ReferenceLimit


def _bound(measurement: Measurement, visit: Visit) -> Bound:
    return Bound(5.0, lower=True)


LIMIT = ReferenceLimit(
    name="MRC grade",
    text="Full strength is grade 5.",
    source="Medical Research Council scale",
    quantity="MRC grade",
    bound=_bound,
)
