"""The longest normal F-wave latency for a body height."""

from __future__ import annotations

from dataclasses import replace

from tinel.exam.examination import Visit
from tinel.exam.measurement import Measurement
from tinel.exam.per_twin import of_first
from tinel.exam.reference_limits import Bound, ReferenceLimit, two_sd

STUDIES = {
    "median F wave (APB)": "median",
    "ulnar F wave (ADM)": "ulnar",
    "tibial F wave (AH)": "tibial",
    "fibular F wave (EDB)": "fibular",
}
REFERENCE_HEIGHT_cm = 170.0


def _bound(measurement: Measurement, visit: Visit) -> Bound | None:
    name = STUDIES.get(measurement.subject)
    if name is None:
        return None
    parameters = visit.limb.parameters
    at_170 = parameters.in_use(f"normal.{name}.f_wave.minimum_at_170_cm_ms")
    slope = of_first(parameters, f"normal.{name}.f_wave.latency_per_height_ms_per_cm")
    longer = slope * (visit.limb.nerve.height_cm - REFERENCE_HEIGHT_cm)
    return two_sd(replace(at_170, value=at_170.value + longer), parameters, lower=False)


LIMIT = ReferenceLimit(
    name="F-wave latency",
    text="Two SD above the line of the latency over body height.",
    source="men and women, hmedj.com/en/articles/88941; spread about the line from R² with height",
    quantity="minimum latency",
    bound=_bound,
)
