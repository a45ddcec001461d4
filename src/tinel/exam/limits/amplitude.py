"""The smallest normal amplitude of a response at its most distal site."""

from __future__ import annotations

from tinel.exam.examination import Visit
from tinel.exam.measurement import Measurement
from tinel.exam.reference_limits import Bound, ReferenceLimit, log_lower


def _bound(measurement: Measurement, visit: Visit) -> Bound | None:
    study = visit.study_of(measurement.subject)
    if study is None or measurement.site != study.sites[0].name:
        return None
    published = study.normal.get("amplitude_mV") or study.normal.get("amplitude_uV")
    return log_lower(published, visit.limb.parameters)


LIMIT = ReferenceLimit(
    name="amplitude",
    text="Two SD below the published mean on a log-normal scale, or far below the other side.",
    source="the published values of each study, in the nerve's file",
    quantity="amplitude",
    bound=_bound,
    beside_other_side=True,
)
