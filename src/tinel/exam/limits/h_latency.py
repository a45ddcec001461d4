"""The longest normal latency of an H reflex."""

from __future__ import annotations

from tinel.exam.examination import Visit
from tinel.exam.measurement import Measurement
from tinel.exam.reference_limits import Bound, ReferenceLimit, two_sd


def _bound(measurement: Measurement, visit: Visit) -> Bound | None:
    name = measurement.subject.replace(" H reflex ", " motor ")
    study = visit.study_of(name)
    if study is None:
        return None
    return two_sd(study.normal.get("h_latency_ms"), visit.limb.parameters, lower=False)


LIMIT = ReferenceLimit(
    name="H latency",
    text="Two SD above the published mean of adults of all heights and ages.",
    source="the published values of each study, in the nerve's file",
    quantity="H latency",
    bound=_bound,
)
