"""The thickest monofilament that a healthy person may need."""

from __future__ import annotations

from tinel.exam.examination import Visit
from tinel.exam.measurement import Measurement
from tinel.exam.reference_limits import Bound, ReferenceLimit
from tinel.exam.tests.touch import healthy_marking


def _bound(measurement: Measurement, visit: Visit) -> Bound:
    return Bound(healthy_marking(visit.limb.nerve), lower=False)


LIMIT = ReferenceLimit(
    name="finest filament felt",
    text="The filament that healthy skin of a hand or a foot feels.",
    source="the normal.monofilament numbers",
    quantity="finest filament felt",
    bound=_bound,
)
