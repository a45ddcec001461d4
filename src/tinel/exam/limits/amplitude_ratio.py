"""The smallest proximal response against the distal one that is no sign of conduction block."""

from __future__ import annotations

import math

from tinel.evidence import Parameters
from tinel.exam.examination import Visit
from tinel.exam.limits import amplitude
from tinel.exam.measurement import Measurement
from tinel.exam.per_twin import of_first
from tinel.exam.reference_limits import Bound, ReferenceLimit
from tinel.exam.response import RATIO


def large_enough(distal: float, lowest: float | None, parameters: Parameters) -> bool:
    """Whether a distal response is large enough for a drop above it to mean block.

    Args:
        distal: amplitude of the most distal site.
        lowest: its lower limit of normal, None where none is published.
        parameters: with ``exam.block.distal_least``.
    """
    return lowest is None or distal >= of_first(parameters, "exam.block.distal_least") * lowest


def _bound(measurement: Measurement, visit: Visit) -> Bound:
    p = visit.limb.parameters
    kept = 1 - of_first(p, "exam.block.amplitude_drop")
    study = visit.study_of(measurement.subject)
    if study is not None and study.kind == "motor":
        distal = visit.examination.value(study.name, "amplitude", study.sites[0].name)
        # ratios of small responses scatter, so that they say block only when they are smaller
        if distal is not None and distal < of_first(p, "exam.block.small_mV"):
            kept = min(kept, of_first(p, "exam.block.small_kept"))
    return Bound(100 * kept, lower=True)


def _applies(measurement: Measurement, visit: Visit) -> bool:
    if math.isnan(measurement.values[0]):
        return False  # no distal response, so no ratio
    study = visit.study_of(measurement.subject)
    if study is None:
        return True
    distal = visit.examination.of(study.name, "amplitude", study.sites[0].name)
    if distal is None:
        return True
    bound = amplitude.LIMIT.bound(distal, visit)
    lowest = bound.value if bound else None
    return large_enough(float(distal.values[0]), lowest, visit.limb.parameters)


LIMIT = ReferenceLimit(
    name=RATIO,
    text="The drop of amplitude that criteria of conduction block require.",
    source="EFNS/PNS criteria, PMC8108415 table 2; of small responses PMID 10904219",
    quantity=RATIO,
    bound=_bound,
    applies=_applies,
)
