"""The largest normal decrement of repetitive stimulation."""

from __future__ import annotations

from tinel.exam.examination import Visit
from tinel.exam.measurement import Measurement
from tinel.exam.per_twin import of_first
from tinel.exam.reference_limits import Bound, ReferenceLimit


def _bound(measurement: Measurement, visit: Visit) -> Bound | None:
    limit = of_first(visit.limb.parameters, "exam.repetitive_stimulation.limit_percent")
    return Bound(limit, lower=False)


def _measured(measurement: Measurement, visit: Visit) -> bool:
    return bool(measurement.values[0] == measurement.values[0])  # no response: no decrement


LIMIT = ReferenceLimit(
    name="decrement",
    text="Ten percent, the fourth response against the first.",
    source="Norwegian guidelines of clinical neurophysiology, repetitive stimulation",
    quantity="decrement",
    bound=_bound,
    applies=_measured,
)
