"""How a value was measured: what was marked, filter, temperature and distance."""

from __future__ import annotations

from dataclasses import dataclass

from tinel.exam.examination import Visit
from tinel.exam.measurement import Measurement
from tinel.nerve.anatomy import Study

# what of the response is marked for a quantity
MARKED = {
    "onset latency": "onset",
    "velocity": "onset",
    "amplitude": "negative peak from the baseline",
    "peak latency": "negative peak",
    "peak-to-peak amplitude": "both peaks",
    "duration": "negative phase",
    "area": "negative phase",
}
NO_FILTER = "none"


@dataclass(frozen=True)
class Method:
    """How one value was measured.

    Args:
        marked: what of a response, such as ``onset``; empty where no response is marked.
        filter: as the recording states it, ``none`` where there was none; empty where not known.
        temperature_C: of the skin; None where not known.
        distance_mm: from stimulus to recording electrode, or between the two sites of a velocity;
            None where not known.
    """

    marked: str = ""
    filter: str = ""
    temperature_C: float | None = None
    distance_mm: float | None = None


def method_of(visit: Visit, measurement: Measurement) -> Method:
    """How a value of a simulated visit was measured.

    Args:
        visit: whose limb was examined.
        measurement: one of its values.
    """
    patient, study = visit.limb.nerve.twins.patient, visit.study_of(measurement.subject)
    if study is None:
        return Method(temperature_C=patient.limb_temperature_c)
    return Method(
        MARKED.get(measurement.quantity, ""),
        NO_FILTER,
        patient.limb_temperature_c,
        distance_mm(study, measurement.site),
    )


def distance_mm(study: Study, site: str) -> float | None:
    """The way from a site to the recording electrode, or between the sites of a segment, to 0.1 mm.

    Args:
        study: a conduction study.
        site: name of a site, or of a segment, ``upper to lower``.

    Example:
        >>> import tinel as tn
        >>> one = tn.Twins(tn.Patient(age=40, sex="female", height_cm=165), range(1))
        >>> calf = tn.build("sural", side="left", twins=one).studies[0]
        >>> round(distance_mm(calf, calf.sites[0].name)), distance_mm(calf, "nowhere")
        (140, None)
    """
    at = {one.name: one.position_mm for one in study.sites}
    if site in at:
        return round(abs(study.record_mm - at[site]), 1)
    upper, _, lower = site.partition(" to ")
    return round(abs(at[lower] - at[upper]), 1) if upper in at and lower in at else None
