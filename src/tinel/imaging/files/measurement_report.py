"""What was measured on pictures, as a DICOM structured report.

A Comprehensive SR by template 1500, made by highdicom.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tinel.imaging.extra import need
from tinel.imaging.files.frame import MARK, Outline
from tinel.imaging.files.header import MANUFACTURER, Study, of_one_day

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

OWN_CODES = "99TINEL"  # codes of our own: the standard has none for a swelling ratio
KNOWN_CODES = {"area": ("42798000", "SCT", "Area")}
UNITS = {
    "mm2": ("mm2", "square millimeter"), "mm²": ("mm2", "square millimeter"),
    "mm": ("mm", "millimeter"), "%": ("%", "percent"), "ms": ("ms", "millisecond"),
    "1": ("1", "no units"), "": ("1", "no units"),
    "µm²/ms": ("um2/ms", "square micrometer per millisecond"),
    "10⁻³ mm²/s": ("10*-3.mm2/s", "thousandth of a square millimeter per second"),
}  # fmt: skip


@dataclass(frozen=True)
class Reported:
    """What was measured on one file.

    Args:
        source: the dataset of the file, as written.
        outline: rows and columns ``(n, 2)`` in the file's pixels, of the nerve; None where only
            numbers were found.
        values: quantity, number and unit each; those that are no number are left out.
        place: where it was taken, in words.
    """

    source: Dataset
    outline: Outline | None
    values: tuple[tuple[str, float, str], ...]
    place: str


def measurement_report(every: Sequence[Reported], study: Study, number: int = 1) -> Dataset:
    """The measurements of a study as a structured report with areas, outlines and sources.

    Args:
        every: at least one.
        study: which study they belong to.
        number: its number in the series, from 1.

    Raises:
        TinelError: highdicom is not installed.
    """
    sr, codes = need("highdicom.sr"), need("pydicom.sr.codedict").codes
    observer = sr.ObserverContext(
        observer_type=codes.DCM.Device,
        observer_identifying_attributes=sr.DeviceObserverIdentifyingAttributes(
            uid=study.uid("observer"), manufacturer_name=MANUFACTURER, name=MARK
        ),
    )
    groups = [_group(one, study, k) for k, one in enumerate(every)]
    content = sr.MeasurementReport(
        observation_context=sr.ObservationContext(observer_device_context=observer),
        procedure_reported=sr.CodedConcept("imaging", OWN_CODES, "Simulated picture of a nerve"),
        imaging_measurements=groups,
        title=codes.DCM.ImagingMeasurementReport,
    )
    report = sr.ComprehensiveSR(
        evidence=[one.source for one in every],
        content=content[0],
        series_number=90,
        series_instance_uid=study.uid("SR series"),
        sop_instance_uid=study.uid(f"SR {number}"),
        instance_number=number,
        manufacturer=MANUFACTURER,
        is_complete=True,
        series_description=f"{MARK} measurements",
    )
    return of_one_day(report)


def _group(one: Reported, study: Study, k: int) -> Any:
    sr, codes = need("highdicom.sr"), need("pydicom.sr.codedict").codes
    known = [value for value in one.values if np.isfinite(value[1])]
    measurements = [_measurement(*value) for value in known]
    tracking = sr.TrackingIdentifier(uid=study.uid(f"group {k}"), identifier=one.place[:64])
    sites = [sr.FindingSite(anatomic_location=codes.SCT.PeripheralNerve)]
    data = one.source
    if one.outline is None:
        image = sr.SourceImageForMeasurementGroup(data.SOPClassUID, data.SOPInstanceUID)
        return sr.MeasurementsAndQualitativeEvaluations(
            tracking_identifier=tracking,
            measurements=measurements,
            source_images=[image],
            finding_sites=sites,
        )
    # the standard counts from the corner of the first pixel, and columns come before rows
    points = np.concatenate([one.outline, one.outline[:1]])[:, ::-1] + 0.5
    image = sr.SourceImageForRegion(data.SOPClassUID, data.SOPInstanceUID)
    region = sr.ImageRegion(
        graphic_type=sr.GraphicTypeValues.POLYLINE,
        graphic_data=np.asarray(points, np.float64),
        source_image=image,
    )
    return sr.PlanarROIMeasurementsAndQualitativeEvaluations(
        tracking_identifier=tracking,
        referenced_region=region,
        finding_sites=sites,
        measurements=measurements,
    )


def _measurement(quantity: str, value: float, unit: str) -> Any:
    sr = need("highdicom.sr")
    code = KNOWN_CODES.get(quantity) or (quantity.replace(" ", "_")[:16], OWN_CODES, quantity[:64])
    short, meaning = UNITS.get(unit, (unit, unit))
    return sr.Measurement(
        name=sr.CodedConcept(*code), value=value, unit=sr.CodedConcept(short, "UCUM", meaning)
    )
