"""The longest normal negative peak of a muscle response at its most distal site."""

from __future__ import annotations

from tinel.exam.examination import Visit
from tinel.exam.measurement import Measurement
from tinel.exam.per_twin import of_first
from tinel.exam.reference_limits import Bound, ReferenceLimit

STUDIES = {
    "median motor (APB)": "median",
    "ulnar motor (ADM)": "ulnar",
    "fibular motor (EDB)": "fibular",
    "tibial motor (AH)": "tibial",
}


def _bound(measurement: Measurement, visit: Visit) -> Bound | None:
    study = visit.study_of(measurement.subject)
    if study is None or study.name not in STUDIES or measurement.site != study.sites[0].name:
        return None
    key = f"exam.dispersion.{STUDIES[study.name]}_distal_ms"
    return Bound(of_first(visit.limb.parameters, key), lower=False)


LIMIT = ReferenceLimit(
    name="duration",
    text="The distal duration from which criteria speak of dispersion.",
    source="EFNS/PNS criteria, PMC8108415 table 2",
    quantity="duration",
    bound=_bound,
)
