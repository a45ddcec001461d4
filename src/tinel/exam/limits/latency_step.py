"""The largest normal latency step of an inching series."""

from __future__ import annotations

from tinel.exam.examination import Visit
from tinel.exam.measurement import Measurement
from tinel.exam.reference_limits import Bound, ReferenceLimit
from tinel.exam.tests.inching import limit_ms


def _bound(measurement: Measurement, visit: Visit) -> Bound | None:
    study = visit.study_of(measurement.subject.replace(" inching ", " "))
    if study is None:
        return None
    return Bound(limit_ms(study.kind, visit.limb.parameters), lower=False)


LIMIT = ReferenceLimit(
    name="latency step",
    text="The largest step of healthy nerves, motor or sensory.",
    source="62 ulnar nerves, doi:10.1016/j.clinph.2003.12.017; median, Kimura 1979",
    quantity="latency step",
    bound=_bound,
)
