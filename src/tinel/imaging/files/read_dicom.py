"""Reading of a picture of ultrasound or MR from a DICOM file: pixels and scale, and nothing else.

What the file says of a person, a day or a place is neither read nor passed on.
"""

from __future__ import annotations

import io
import math
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tinel.errors import TinelError
from tinel.imaging.extra import need
from tinel.imaging.files.given import Given, check_pixels, to_grey
from tinel.imaging.files.mri_dicom import MAPS, OWN_BLOCK, OWN_CREATOR, PICTURE_ROWS, plain
from tinel.imaging.files.ultrasound_dicom import CENTIMETRES, TISSUE, TWO_DIMENSIONAL
from tinel.imaging.picture import Modality, Picture
from tinel.terminal import printable, shown_name

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

Floats = NDArray[np.float64]

MODALITIES: dict[str, Modality] = {"US": "ultrasound", "MR": "mri"}
ANOTHER = "take the file from its source again, or export it anew"
SMALLEST_mm, LARGEST_mm = 1e-3, 20.0


def is_dicom(raw: bytes) -> bool:
    """Whether a file begins as DICOM files do.

    Example:
        >>> is_dicom(bytes(128) + b"DICM"), is_dicom(b"DICM")
        (True, False)
    """
    return raw[128:132] == b"DICM"


def read_dicom(path: Path, raw: bytes, given: Given) -> Picture:
    """The picture in a DICOM file.

    Of ultrasound the first calibrated region of tissue is taken, where the file has one.

    Args:
        path: named in errors.
        raw: bytes of the file.
        given: frame, and the scale where the file has none.

    Raises:
        TinelError: another modality, no scale, or a file that is damaged or cannot be decoded.
    """
    name = shown_name(path)
    reader = need("pydicom")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what a foreign file does not keep to
        try:
            return _picture(reader.dcmread(io.BytesIO(raw)), name, given)
        except TinelError:
            raise
        except Exception as problem:  # a damaged file makes its reader fail in many ways
            told = f"is a damaged DICOM file ({type(problem).__name__})"
            raise TinelError(told, name, ANOTHER) from None


def _picture(data: Dataset, name: str, given: Given) -> Picture:
    modality = MODALITIES.get(str(data.get("Modality", "")))
    if modality is None:
        said = printable(str(data.get("Modality", "")))[:16] or "no modality"
        told = f"holds {said} (allowed: US for ultrasound, MR)"
        raise TinelError(told, name, "export the ultrasound or MR picture itself")
    if "Rows" not in data or "PixelData" not in data:
        raise TinelError("holds no picture", name, ANOTHER)
    check_pixels(int(data.Rows), int(data.Columns), name)
    grey = _grey(data, name, given)
    region = _region(data) if modality == "ultrasound" else None
    scale = _of_region(region) or _of_spacing(data)
    if given.mm_per_pixel is not None:
        scale = (given.mm_per_pixel, given.mm_per_pixel)
    if scale is None:
        told = "holds no scale (no calibrated region, no PixelSpacing), so nothing can be measured"
        raise TinelError(told, name, "give --mm-per-pixel, from the ruler beside the picture")
    if region is not None:
        grey = _cropped(grey, region, name)
    grey = grey[: _own_rows(data) or len(grey)]
    pixels = np.ascontiguousarray(grey, np.float32)
    return Picture(pixels, *scale, modality, "", _shows(data), simulated=False)


def _grey(data: Dataset, name: str, given: Given) -> Floats:
    """Grey values of one frame; of ultrasound 0 to 1, of MR as the file scales them."""
    count = int(data.get("NumberOfFrames", 1) or 1)
    frame = given.frame or 1
    if frame > count:
        told = f"has {count} frame{'s' * (count != 1)}, and frame {frame} is asked for"
        raise TinelError(told, name, f"give --frame 1 to {count}")
    syntax = data.file_meta.TransferSyntaxUID
    pixel_module = need("pydicom.pixels")
    try:
        pixels = pixel_module.pixel_array(data, index=frame - 1)
    except Exception as problem:
        if not syntax.is_compressed:
            told = f"its pixels cannot be read ({type(problem).__name__})"
            raise TinelError(told, name, ANOTHER) from None
        told = f"is compressed ({printable(syntax.name)[:60]}) and cannot be decoded here"
        advice = "export it uncompressed, e.g. with dcmdjpeg or gdcmconv --raw"
        raise TinelError(told, name, advice) from None
    kind = str(data.get("PhotometricInterpretation", ""))
    if kind == "PALETTE COLOR":
        pixels = pixel_module.apply_color_lut(pixels, data)
        most = float(np.iinfo(pixels.dtype).max)
    else:
        most = float(2 ** int(data.BitsStored) - 1)
    values = np.asarray(pixels, np.float64)
    if values.ndim == 3:
        values = to_grey(values)  # colours, which pydicom has made red, green and blue
    elif data.get("Modality") == "MR":
        values = np.asarray(pixel_module.apply_modality_lut(pixels, data), np.float64)
        return _in_units(values, data)
    values = values / most
    return 1.0 - values if kind == "MONOCHROME1" else values


def _in_units(values: Floats, data: Dataset) -> Floats:
    """The quantity of a map whose file says what its numbers mean."""
    meaning = (data.get("RealWorldValueMappingSequence") or [None])[0]
    if meaning is None or "RealWorldValueSlope" not in meaning:
        return values
    slope, intercept = meaning.RealWorldValueSlope, meaning.get("RealWorldValueIntercept", 0.0)
    return values * float(slope) + float(intercept)


def _region(data: Dataset) -> Any:
    """The largest calibrated region of tissue; None where there is none."""
    found = [
        one
        for one in data.get("SequenceOfUltrasoundRegions") or []
        if one.get("RegionSpatialFormat") == TWO_DIMENSIONAL
        and one.get("RegionDataType") == TISSUE
        and one.get("PhysicalUnitsXDirection") == CENTIMETRES
        and one.get("PhysicalUnitsYDirection") == CENTIMETRES
    ]
    return max(found, key=_size_px, default=None)


def _size_px(region: Any) -> int:
    top, bottom, left, right = _edges(region)
    return (bottom - top) * (right - left)


def _edges(region: Any) -> tuple[int, int, int, int]:
    top, left = int(region.RegionLocationMinY0), int(region.RegionLocationMinX0)
    return top, int(region.RegionLocationMaxY1) + 1, left, int(region.RegionLocationMaxX1) + 1


def _cropped(grey: Floats, region: Any, name: str) -> Floats:
    top, bottom, left, right = _edges(region)
    inside = 0 <= top < bottom <= grey.shape[0] and 0 <= left < right <= grey.shape[1]
    if not inside:
        raise TinelError("its calibrated region lies outside its pixels", name, ANOTHER)
    check_pixels(bottom - top, right - left, name)
    return grey[top:bottom, left:right]


def _of_region(region: Any) -> tuple[float, float] | None:
    if region is None:
        return None
    return _sensible(10 * abs(float(region.PhysicalDeltaY)), 10 * abs(float(region.PhysicalDeltaX)))


def _of_spacing(data: Dataset) -> tuple[float, float] | None:
    for key in ("PixelSpacing", "ImagerPixelSpacing"):
        spacing = data.get(key)
        if spacing is not None and len(spacing) == 2:
            return _sensible(float(spacing[0]), float(spacing[1]))
    shared = (data.get("SharedFunctionalGroupsSequence") or [None])[0]
    measures = None if shared is None else (shared.get("PixelMeasuresSequence") or [None])[0]
    spacing = None if measures is None else measures.get("PixelSpacing")
    return None if spacing is None else _sensible(float(spacing[0]), float(spacing[1]))


def _sensible(row_mm: float, column_mm: float) -> tuple[float, float] | None:
    """A scale; None for one that no picture of a limb has, as where a file says 0."""
    each = (row_mm, column_mm)
    fine = all(math.isfinite(mm) and SMALLEST_mm <= mm <= LARGEST_mm for mm in each)
    return each if fine else None


def _own_rows(data: Dataset) -> int:
    """How many rows are the picture in a file of ours; 0 in others."""
    try:
        rows = int(data.private_block(OWN_BLOCK, OWN_CREATOR)[PICTURE_ROWS].value)
    except (KeyError, TypeError, ValueError):
        return 0
    return rows if 0 < rows <= int(data.Rows) else 0


def _shows(data: Dataset) -> str:
    """What a map of ours shows; empty for others, as descriptions may hold anything."""
    meaning = (data.get("RealWorldValueMappingSequence") or [None])[0]
    said = "" if meaning is None else str(meaning.get("LUTLabel", ""))
    return next((shows for shows in MAPS if plain(shows) == said), "")
