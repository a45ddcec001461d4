"""The slowest normal conduction velocity."""

from __future__ import annotations

from tinel.exam.examination import Visit
from tinel.exam.measurement import Measurement
from tinel.exam.reference_limits import Bound, ReferenceLimit, two_sd


def _bound(measurement: Measurement, visit: Visit) -> Bound | None:
    study = visit.study_of(measurement.subject)
    if study is None:
        return None
    return two_sd(study.normal.get("velocity_m_per_s"), visit.limb.parameters, lower=True)


LIMIT = ReferenceLimit(
    name="velocity",
    text="Two SD below the published mean.",
    source="the published values of each study, in the nerve's file",
    quantity="velocity",
    bound=_bound,
)
