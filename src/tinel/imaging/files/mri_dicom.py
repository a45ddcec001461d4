"""Slices of MR neurography as a series of DICOM MR Images, in one frame of reference.

The patient's x axis runs across the picture, y down from the skin and z along the nerve towards the
spinal cord, as in a limb that lies in the scanner with the skin above.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tinel.imaging.extra import need
from tinel.imaging.files.frame import MARK, written
from tinel.imaging.files.header import Study, headed
from tinel.imaging.picture import Picture

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

Floats = NDArray[np.float64]

MR_IMAGE = "1.2.840.10008.5.1.4.1.1.4"
OWN_BLOCK, OWN_CREATOR, PICTURE_ROWS = 0x0071, "TINEL", 0x01
WHITE, MARK_ROWS = 4095, 14
# what a map holds: third word of the image's type, and its unit with its name
MAPS = {
    "T2 (ms)": ("T2 MAP", "ms", "millisecond"),
    "FA": ("DIFFUSION MAP", "1", "no units"),
    "ADC (µm²/ms)": ("DIFFUSION MAP", "um2/ms", "square micrometer per millisecond"),
}


@dataclass(frozen=True)
class Slice:
    """A picture with where it was taken and how.

    Args:
        picture: of MR.
        position_mm: along the nerve, from the cord.
        thickness_mm: of the slice, above 0.
        field_T: strength of the magnet.
        repetition_ms, echo_ms: of the sequence; None where it has none, as in a map.
        inversion_ms: of STIR; None where nothing is inverted.
        echoes: refocused per excitation.
    """

    picture: Picture
    position_mm: float
    thickness_mm: float
    field_T: float
    repetition_ms: float | None = None
    echo_ms: float | None = None
    inversion_ms: float | None = None
    echoes: int | None = None


def mr_series(slices: Sequence[Slice], study: Study, series: int = 1) -> tuple[Dataset, ...]:
    """Slices of one kind as DICOM datasets, one each, from the cord on.

    Pixels are whole numbers; of a map ``RealWorldValueMappingSequence`` says what they mean. Rows
    that say SIMULATED are added below the picture.

    Args:
        slices: at least one, all of the same kind and size.
        study: which study they belong to.
        series: number of the series in the study.

    Raises:
        TinelError: pydicom is not installed.

    Example:
        >>> flat = Picture(np.ones((40, 60), np.float32), 0.4, 0.4, "mri", shows="T2-weighted")
        >>> each = mr_series([Slice(flat, z, 3, 3, 4000, 60) for z in (300, 304)], Study("a", "1"))
        >>> [float(data.ImagePositionPatient[2]) for data in each]
        [-300.0, -304.0]
    """
    ordered = sorted(slices, key=lambda one: one.position_mm)
    most = max(float(np.nanmax(one.picture.pixels, initial=0.0)) for one in ordered)
    step = (most or 1.0) / WHITE
    return tuple(_image(one, study, series, k, step) for k, one in enumerate(ordered, 1))


def _image(one: Slice, study: Study, series: int, number: int, step: float) -> Dataset:
    picture = one.picture
    data = headed(study, MR_IMAGE, "MR", 10 + series, number)
    kind, unit, meaning = MAPS.get(picture.shows, ("OTHER", "", ""))
    data.ImageType = ["DERIVED", "SECONDARY" if unit else "PRIMARY", kind]
    data.SeriesDescription = f"{MARK} {plain(picture.shows)}".strip()[:64]
    data.PatientPosition, data.BodyPartExamined = "HFS", "EXTREMITY"
    data.FrameOfReferenceUID = study.uid("frame of reference")
    data.PositionReferenceIndicator = ""
    _sequence(data, one)
    _, width = picture.size_mm
    down, across = picture.row_mm, picture.column_mm
    data.PixelSpacing = [_short(down), _short(across)]
    data.SliceThickness = _short(one.thickness_mm)
    data.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    left_mm = -width / 2 + across / 2
    at = (left_mm, down / 2, -one.position_mm)
    data.ImagePositionPatient = [_short(mm) for mm in at]
    data.SliceLocation = _short(at[2])
    pixels = _marked(np.nan_to_num(np.asarray(picture.pixels, np.float64)) / step)
    data.Rows, data.Columns = pixels.shape
    data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
    data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 16, 12, 11, 0
    data.WindowCenter, data.WindowWidth = f"{WHITE / 2:.1f}", str(WHITE)
    data.PixelData = pixels.astype("<u2").tobytes()
    data["PixelData"].VR = "OW"
    if unit:
        data.RealWorldValueMappingSequence = [_meaning(step, unit, meaning, picture.shows)]
    own = data.private_block(OWN_BLOCK, OWN_CREATOR, create=True)
    own.add_new(PICTURE_ROWS, "US", picture.pixels.shape[0])
    return data


def _sequence(data: Dataset, one: Slice) -> None:
    inverted = one.inversion_ms is not None
    data.ScanningSequence = ["SE", "IR"] if inverted else "SE"
    data.SequenceVariant, data.ScanOptions = "SK", "" if inverted else "FS"
    data.MRAcquisitionType, data.MagneticFieldStrength = "2D", _short(one.field_T)
    data.RepetitionTime = "" if one.repetition_ms is None else _short(one.repetition_ms)
    data.EchoTime = "" if one.echo_ms is None else _short(one.echo_ms)
    data.EchoTrainLength = "" if one.echoes is None else one.echoes
    if one.inversion_ms is not None:
        data.InversionTime = _short(one.inversion_ms)


def _marked(numbers: Floats) -> Floats:
    """The numbers with rows below them that say SIMULATED."""
    whole = np.clip(np.rint(numbers), 0, WHITE)
    below = np.zeros((MARK_ROWS, whole.shape[1]), np.uint8)
    words = written(below, MARK, 2, 1, grey=255).astype(np.float64)
    return np.concatenate([whole, words / 255 * WHITE])


def _meaning(step: float, unit: str, meaning: str, shows: str) -> Dataset:
    item = need("pydicom.dataset").Dataset()
    item.LUTExplanation = item.LUTLabel = plain(shows)[:16]
    item.RealWorldValueFirstValueMapped, item.RealWorldValueLastValueMapped = 0, WHITE
    item.RealWorldValueIntercept, item.RealWorldValueSlope = 0.0, step
    code = need("pydicom.dataset").Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = unit, "UCUM", meaning
    item.MeasurementUnitsCodeSequence = [code]
    return item


def plain(shows: str) -> str:
    """What a picture shows without its unit, in plain letters.

    Example:
        >>> plain("ADC (µm²/ms)")
        'ADC'
    """
    return shows.partition(" (")[0].encode("ascii", "replace").decode()


def _short(number: float) -> str:
    """A number in at most 16 signs, as a decimal string of the standard holds."""
    return f"{number:.8g}"
