"""A B-mode picture as a DICOM Ultrasound Image with one calibrated region."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tinel.imaging.extra import need
from tinel.imaging.files.frame import MARK, Frame, framed
from tinel.imaging.files.header import Study, headed
from tinel.imaging.picture import Picture

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

ULTRASOUND_IMAGE = "1.2.840.10008.5.1.4.1.1.6.1"
TWO_DIMENSIONAL, TISSUE, CENTIMETRES = 1, 1, 3


def ultrasound_image(picture: Picture, study: Study, number: int = 1, words: str = "") -> Dataset:
    """A picture as a DICOM dataset, framed and marked as on a screen.

    The region of the file is the picture without its frame; its origin lies on the skin in the
    middle of the picture, and sizes are in cm, as the standard has them.

    Args:
        picture: of ultrasound.
        study: which study it belongs to.
        number: its number in the series, from 1.
        words: what it shows, e.g. ``wrist, cross-section``.

    Raises:
        TinelError: pydicom is not installed.

    Example:
        >>> import numpy as np
        >>> flat = Picture(np.zeros((300, 400), np.float32), 0.05, 0.05, "ultrasound")
        >>> data = ultrasound_image(flat, Study("ulnar, left, day 1, wait", "1"))
        >>> data.SequenceOfUltrasoundRegions[0].PhysicalDeltaX
        0.005
    """
    frame = framed(picture)
    data = headed(study, ULTRASOUND_IMAGE, "US", 1, number)
    data.ImageType = ["DERIVED", "PRIMARY", "MUSCULOSKELETAL", "0001"]
    data.SeriesDescription = f"{MARK} {picture.shows}".strip()[:64]
    data.ImageComments = words
    data.PatientOrientation = ""
    data.SequenceOfUltrasoundRegions = [_region(frame)]
    rows, columns = frame.pixels.shape
    data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
    data.Rows, data.Columns = rows, columns
    data.BitsAllocated = data.BitsStored = 8
    data.HighBit, data.PixelRepresentation = 7, 0
    raw = frame.pixels.tobytes()
    data.PixelData = raw + b"\0" * (len(raw) % 2)
    data["PixelData"].VR = "OB"
    return data


def _region(frame: Frame) -> Dataset:
    region = need("pydicom.dataset").Dataset()
    region.RegionSpatialFormat, region.RegionDataType = TWO_DIMENSIONAL, TISSUE
    region.RegionFlags = 0
    region.RegionLocationMinX0, region.RegionLocationMinY0 = frame.left, frame.top
    region.RegionLocationMaxX1 = frame.left + frame.columns - 1
    region.RegionLocationMaxY1 = frame.top + frame.rows - 1
    region.PhysicalUnitsXDirection = region.PhysicalUnitsYDirection = CENTIMETRES
    region.ReferencePixelX0, region.ReferencePixelY0 = frame.columns // 2, 0
    region.ReferencePixelPhysicalValueX = region.ReferencePixelPhysicalValueY = 0.0
    region.PhysicalDeltaX, region.PhysicalDeltaY = frame.column_mm / 10, frame.row_mm / 10
    return region
