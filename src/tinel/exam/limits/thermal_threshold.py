"""The largest cold and warm thresholds that are still normal, by method, age and limb."""

from __future__ import annotations

import math
from functools import partial

from tinel.exam.examination import Visit
from tinel.exam.measurement import Measurement
from tinel.exam.per_twin import of_first
from tinel.exam.reference_limits import Bound, ReferenceLimit
from tinel.exam.tests.warm_and_cold import LEVELS, LIMITS, delay_s, quantity
from tinel.exam.thermal import years_from_fit


def _bound(sense: str, method: str, measurement: Measurement, visit: Visit) -> Bound:
    p, nerve = visit.limb.parameters, visit.limb.nerve
    older = float(years_from_fit(nerve.twins)[0])
    reach = of_first(p, "laboratory.limit.sd") * of_first(p, f"bedside.{sense}.between_people")
    upper = of_first(p, f"bedside.{sense}.threshold_C") * math.exp(
        of_first(p, f"bedside.{sense}.per_year") * older + reach
    )
    if nerve.limb == "leg":
        upper *= of_first(p, "bedside.thermal.leg_factor")
    if method == LIMITS:
        late = delay_s(visit.limb, nerve.target(measurement.subject), sense)[0]
        upper += of_first(p, "bedside.limits.ramp_C_per_s") * float(late)
    return Bound(min(upper, of_first(p, f"bedside.{sense}.range_C")), lower=False)


def _limit(sense: str, method: str) -> ReferenceLimit:
    return ReferenceLimit(
        name=quantity(sense, method),
        text="Two SD above the middle of healthy people of that age, on a log-normal scale.",
        source="76 healthy people, see the bedside numbers",
        quantity=quantity(sense, method),
        bound=partial(_bound, sense, method),  # it crosses processes
    )


COLD_BY_LIMITS = _limit("cold", LIMITS)
COLD_BY_LEVELS = _limit("cold", LEVELS)
WARM_BY_LIMITS = _limit("warm", LIMITS)
WARM_BY_LEVELS = _limit("warm", LEVELS)
