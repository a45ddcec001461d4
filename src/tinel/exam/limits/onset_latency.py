"""The longest normal latency from the most distal site."""

from __future__ import annotations

from tinel.exam.examination import Visit
from tinel.exam.measurement import Measurement
from tinel.exam.reference_limits import Bound, ReferenceLimit, two_sd


def _bound(measurement: Measurement, visit: Visit) -> Bound | None:
    study = visit.study_of(measurement.subject)
    if study is None or measurement.site != study.sites[0].name:
        return None
    return two_sd(study.normal.get("distal_latency_ms"), visit.limb.parameters, lower=False)


LIMIT = ReferenceLimit(
    name="onset latency",
    text="Two SD above the published mean.",
    source="the published values of each study, in the nerve's file",
    quantity="onset latency",
    bound=_bound,
)
