"""A B-mode picture, or a slide, as a DICOM Ultrasound Image with one calibrated region."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tinel.imaging.extra import need
from tinel.imaging.files.frame import MARK, Frame, Greys, framed
from tinel.imaging.files.header import Study, headed
from tinel.imaging.files.moving import FRAME_ms, placed_frames
from tinel.imaging.picture import Picture

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

ULTRASOUND_IMAGE = "1.2.840.10008.5.1.4.1.1.6.1"
ULTRASOUND_CLIP = "1.2.840.10008.5.1.4.1.1.3.1"
FRAME_TIME = (0x0018, 0x1063)
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
    _described(data, picture, frame, words)
    _filled(data, [frame.pixels])
    return data


def ultrasound_clip(
    pictures: Sequence[Picture], places: Sequence[str], study: Study, number: int = 1
) -> Dataset:
    """Pictures of a slide as one DICOM dataset of several frames, each with its place below it.

    Args:
        pictures: of ultrasound, of one size, at least one.
        places: where each was taken, in words.
        study: which study they belong to.
        number: its number in the series, from 1.

    Raises:
        TinelError: pydicom is not installed.

    Example:
        >>> import numpy as np
        >>> flat = Picture(np.zeros((300, 400), np.float32), 0.05, 0.05, "ultrasound")
        >>> study = Study("ulnar, left, day 1, wait", "1")
        >>> int(ultrasound_clip([flat, flat], ["here", "there"], study).NumberOfFrames)
        2
    """
    data = headed(study, ULTRASOUND_CLIP, "US", 2, number)
    words = f"slide along the nerve: {places[0]} to {places[-1]}"
    _described(data, pictures[0], framed(pictures[0]), words)
    data.NumberOfFrames, data.FrameTime = len(pictures), f"{FRAME_ms:d}"
    data.FrameIncrementPointer = need("pydicom.tag").Tag(*FRAME_TIME)
    _filled(data, placed_frames(pictures, places))
    return data


def _described(data: Dataset, picture: Picture, frame: Frame, words: str) -> None:
    data.ImageType = ["DERIVED", "PRIMARY", "MUSCULOSKELETAL", "0001"]
    data.SeriesDescription = f"{MARK} {picture.shows}".strip()[:64]
    data.ImageComments = words
    data.PatientOrientation = ""
    data.SequenceOfUltrasoundRegions = [_region(frame)]


def _filled(data: Dataset, frames: Sequence[Greys]) -> None:
    rows, columns = frames[0].shape
    data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
    data.Rows, data.Columns = rows, columns
    data.BitsAllocated = data.BitsStored = 8
    data.HighBit, data.PixelRepresentation = 7, 0
    raw = b"".join(frame.tobytes() for frame in frames)
    data.PixelData = raw + b"\0" * (len(raw) % 2)
    data["PixelData"].VR = "OB"


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
