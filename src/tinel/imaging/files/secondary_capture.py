"""A framed picture in colours, with what was measured drawn on it, as a DICOM secondary capture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tinel.imaging.extra import need
from tinel.imaging.files.colour_frame import ColourFrame
from tinel.imaging.files.frame import MARK, Outline, framed, in_colour
from tinel.imaging.files.header import CLOCK, DAY, MANUFACTURER, NOBODY, Study, of_one_day
from tinel.imaging.files.mri_dicom import plain
from tinel.imaging.picture import Picture

if TYPE_CHECKING:
    from pydicom.dataset import Dataset


def secondary_capture(
    picture: Picture, outlines: tuple[Outline, ...], study: Study, number: int = 1
) -> Dataset:
    """The framed picture in colours with outlines on it, as a DICOM secondary capture.

    Args:
        picture: of any kind.
        outlines: rows and columns ``(n, 2)`` in the picture's pixels.
        study: which study it belongs to.
        number: its number in the series, from 1.

    Raises:
        TinelError: highdicom is not installed.
    """
    frame = framed(picture)
    pixels = in_colour(frame, outlines)
    screen = ColourFrame(pixels, frame.row_mm, frame.column_mm, picture.shows)
    return colour_capture(screen, study, number)


def colour_capture(screen: ColourFrame, study: Study, number: int) -> Dataset:
    """A screen in colours as a DICOM secondary capture.

    Args:
        screen: with what it shows.
        study: which study it belongs to.
        number: its number in the series, from 1.

    Raises:
        TinelError: highdicom is not installed.
    """
    kinds = need("highdicom")
    image = kinds.sc.SCImage(
        pixel_array=screen.pixels,
        photometric_interpretation=kinds.PhotometricInterpretationValues.RGB,
        bits_allocated=8,
        coordinate_system=kinds.CoordinateSystemNames.PATIENT,
        study_instance_uid=study.uid("study"),
        series_instance_uid=study.uid("SC series"),
        series_number=80,
        sop_instance_uid=study.uid(f"SC {number}"),
        instance_number=number,
        manufacturer=MANUFACTURER,
        patient_id=MARK,
        patient_name=NOBODY,
        study_id=MARK,
        study_date=DAY,
        study_time=CLOCK,
        pixel_spacing=(screen.row_mm, screen.column_mm),
        laterality=study.side[:1].upper() or None,
        patient_orientation=("L", "P"),
    )
    image.StudyDescription = study.words[:64]
    image.SeriesDescription = f"{MARK} {plain(screen.shows)}".strip()[:64]
    image.BurnedInAnnotation = "NO"
    return of_one_day(image)
