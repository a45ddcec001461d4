"""What every DICOM file of a simulated picture says: nobody's name, one date, who made it.

The same study has the same identifiers, as they follow from its words alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tinel import __version__
from tinel.imaging.extra import need
from tinel.imaging.files.frame import MARK

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

DAY, CLOCK = "19850101", "000000"
MANUFACTURER, MODEL = "Tinel (simulated, no device)", "Tinel"
MADE_ON = {
    "ContentDate": DAY, "InstanceCreationDate": DAY, "SeriesDate": DAY, "ContentTime": CLOCK,
    "InstanceCreationTime": CLOCK, "SeriesTime": CLOCK, "DateOfSecondaryCapture": DAY,
    "TimeOfSecondaryCapture": CLOCK, "ContributionDateTime": DAY + CLOCK,
}  # fmt: skip
NOBODY = f"{MARK}^"  # family name alone
LONGEST = 64


@dataclass(frozen=True)
class Study:
    """What belongs together in one DICOM study.

    Args:
        words: what was examined and when, e.g. ``sciatic, left, day 42, wait``; with no person.
        seed: words from which the identifiers follow, with seed and twin of the case.
        side: ``left``, ``right`` or empty.

    Example:
        >>> one = Study("median, left, day 1, wait", "hand.toml 1 7", "left")
        >>> one.uid("study") == one.uid("study") != one.uid("series 1")
        True
    """

    words: str
    seed: str
    side: str = ""

    def uid(self, what: str) -> str:
        """The identifier of a part of the study."""
        uid = need("pydicom.uid").generate_uid(entropy_srcs=[self.words, self.seed, what])
        return str(uid)


def headed(study: Study, sop_class: str, modality: str, series: int, number: int) -> Dataset:
    """A dataset with everything but the picture.

    Args:
        study: which study it belongs to.
        sop_class: identifier of its kind of object.
        modality: ``US`` or ``MR``.
        series: number of its series in the study.
        number: its own number in the series, from 1.
    """
    data = need("pydicom.dataset").Dataset()
    data.file_meta = need("pydicom.dataset").FileMetaDataset()
    data.file_meta.TransferSyntaxUID = need("pydicom.uid").ExplicitVRLittleEndian
    data.SOPClassUID, data.SOPInstanceUID = sop_class, study.uid(f"{modality} {series} {number}")
    data.file_meta.MediaStorageSOPClassUID = sop_class
    data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID
    data.StudyInstanceUID = study.uid("study")
    data.SeriesInstanceUID = study.uid(f"{modality} series {series}")
    data.SpecificCharacterSet = "ISO_IR 192"
    data.PatientName, data.PatientID = NOBODY, MARK
    data.PatientBirthDate = data.PatientSex = data.ReferringPhysicianName = ""
    data.StudyDate, data.StudyTime, data.StudyID = DAY, CLOCK, MARK
    data.ContentDate, data.ContentTime, data.AccessionNumber = DAY, CLOCK, ""
    data.StudyDescription = study.words[:LONGEST]
    data.Modality, data.SeriesNumber, data.InstanceNumber = modality, series, number
    data.Manufacturer, data.ManufacturerModelName = MANUFACTURER, MODEL
    data.DeviceSerialNumber, data.SoftwareVersions = "none", __version__
    if study.side:
        data.Laterality = study.side[0].upper()
    data.DerivationDescription = "Computed from a model of a nerve; no person was examined."
    data.BurnedInAnnotation = "NO"  # nothing in the pixels names a person
    data.LossyImageCompression = "00"
    return data


def of_one_day(data: Dataset) -> Dataset:
    """The dataset without the time at which it was made, so that it is the same every time."""

    def timed(_: Dataset, element: Any) -> None:
        if element.keyword in MADE_ON:
            element.value = MADE_ON[element.keyword]

    data.walk(timed)
    return data
