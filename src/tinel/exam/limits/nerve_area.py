"""The largest normal cross-section of a nerve on ultrasound."""

from __future__ import annotations

from tinel.evidence import Parameters
from tinel.exam.examination import Visit
from tinel.exam.measurement import Measurement
from tinel.exam.per_twin import of_first
from tinel.exam.pictures import was_seen
from tinel.exam.reference_limits import Bound, ReferenceLimit
from tinel.exam.scanning import size_of
from tinel.exam.tests.ultrasound import SUBJECT
from tinel.exam.ultrasound_names import AREA


def _bound(measurement: Measurement, visit: Visit) -> Bound | None:
    if measurement.subject != SUBJECT:
        return None
    size = size_of(visit.limb, measurement.site)
    return Bound(largest_mm2(size, visit.limb.parameters), lower=False) if size else None


def largest_mm2(size: str, parameters: Parameters) -> float:
    """The largest normal cross-section at a place, mm².

    Args:
        size: key of its normal size, e.g. ``anatomy.size.arm.median_wrist``.
        parameters: the numbers in use.

    Example:
        >>> largest_mm2("anatomy.size.arm.median_wrist", Parameters.of_evidence())
        11.0
    """
    stated = f"pictures.upper.{size.rpartition('.')[2]}"
    if stated in parameters:
        return of_first(parameters, stated)
    reach = of_first(parameters, "laboratory.limit.sd") * of_first(parameters, f"{size}.sd")
    return of_first(parameters, f"{size}.mean") + reach


LIMIT = ReferenceLimit(
    name="nerve area",
    text="The published upper limit of the site, else two SD above its mean.",
    source="see the pictures.upper and anatomy.size numbers",
    quantity=AREA,
    bound=_bound,
    applies=was_seen,
)
