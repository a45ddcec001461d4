"""A sharp pin, the only normal one."""

from __future__ import annotations

from tinel.exam.examination import Visit
from tinel.exam.measurement import Measurement
from tinel.exam.reference_limits import Bound, ReferenceLimit
from tinel.exam.tests.pin_prick import PIN


def _bound(measurement: Measurement, visit: Visit) -> Bound:
    return Bound(2.0, lower=True)


LIMIT = ReferenceLimit(
    name=PIN,
    text="A pin is sharp on healthy skin.",
    source="the method",
    quantity=PIN,
    bound=_bound,
)
