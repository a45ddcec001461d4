"""Pictures as PNG files, with their scale in them."""

from __future__ import annotations

import io
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tinel.errors import TinelError
from tinel.imaging.extra import need
from tinel.imaging.files.frame import MARK, Outline, framed, in_colour
from tinel.imaging.files.given import Given, check_pixels, to_grey
from tinel.imaging.picture import Modality, Picture
from tinel.terminal import shown_name

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEY = "Tinel picture"
NO_SCALE = "holds no scale, so nothing can be measured on it"


def as_png(picture: Picture, outlines: tuple[Outline, ...] = ()) -> bytes:
    """A picture as the bytes of a PNG file: framed, with the pixels' size in a ``pHYs`` chunk.

    The same picture gives the same bytes. A ``tEXt`` chunk says where in the file the picture lies,
    so that ``tinel read`` finds it again.

    Args:
        picture: marked so where it is simulated.
        outlines: rows and columns ``(n, 2)`` in the picture's pixels, drawn in yellow.

    Example:
        >>> flat = Picture(np.zeros((260, 300), np.float32), 0.1, 0.1, "ultrasound")
        >>> as_png(flat)[1:4]
        b'PNG'
    """
    frame = framed(picture, picture.simulated)
    pixels = in_colour(frame, outlines) if outlines else frame.pixels
    text = need("PIL.PngImagePlugin").PngInfo()
    box = {name: getattr(frame, name) for name in ("top", "left", "rows", "columns")}
    scale = {"row_mm": frame.row_mm, "column_mm": frame.column_mm}
    told = {**box, **scale, "modality": picture.modality, "shows": picture.shows}
    text.add_text(KEY, json.dumps({**told, "view": picture.view}))
    if picture.simulated:
        text.add_text("Source", f"{MARK} by Tinel; no picture of a person")
    inch = (25.4 / frame.column_mm, 25.4 / frame.row_mm)
    out = io.BytesIO()
    image = need("PIL.Image").fromarray(pixels)
    image.save(out, format="PNG", pnginfo=text, dpi=inch, optimize=False)
    return out.getvalue()


def read_png(path: Path, raw: bytes, given: Given) -> Picture:
    """The picture in a PNG file.

    Args:
        path: named in errors.
        raw: bytes of the file.
        given: the scale, which the file needs unless it is one of ours.

    Raises:
        TinelError: no scale, or a file that cannot be decoded.
    """
    image_module = need("PIL.Image")
    name = shown_name(path)
    try:
        with image_module.open(io.BytesIO(raw), formats=["PNG"]) as image:
            check_pixels(image.height, image.width, name)
            told = image.info.get(KEY)
            sixteen = image.mode.startswith("I")
            pixels = np.asarray(image if sixteen else image.convert("RGB"), np.float64)
    except TinelError:
        raise
    except Exception as problem:  # a damaged file makes its reader fail in many ways
        kind = type(problem).__name__
        advice = "take the file from its source again"
        raise TinelError(f"is no PNG that can be decoded ({kind})", name, advice) from None
    grey = pixels / 65535 if sixteen else to_grey(pixels) / 255
    own = None if told is None or given.mm_per_pixel is not None else _own(told, grey.shape)
    if own is not None:
        part = grey[own.top : own.top + own.rows, own.left : own.left + own.columns]
        return _picture(part, own.row_mm, own.column_mm, own.modality, own.shows)
    if given.mm_per_pixel is None:
        advice = "give --mm-per-pixel, from the ruler beside the picture"
        raise TinelError(NO_SCALE, name, advice)
    return _picture(grey, given.mm_per_pixel, given.mm_per_pixel, given.modality or "ultrasound")


def _picture(
    grey: Any, row_mm: float, column_mm: float, modality: Modality, shows: str = ""
) -> Picture:
    pixels = np.ascontiguousarray(grey, np.float32)
    return Picture(pixels, row_mm, column_mm, modality, "", shows, simulated=False)


@dataclass(frozen=True)
class _Own:
    """Where the picture lies in a file of ours."""

    top: int
    left: int
    rows: int
    columns: int
    row_mm: float
    column_mm: float
    modality: Modality
    shows: str


def _own(told: Any, shape: tuple[int, ...]) -> _Own | None:
    """What the file says of itself; None where that cannot be true."""
    try:
        said = json.loads(str(told)[:2000])
        box = [said[name] for name in ("top", "left", "rows", "columns")]
        top, left, rows, columns = (int(number) for number in box)
        row_mm, column_mm = float(said["row_mm"]), float(said["column_mm"])
        modality, shows = said["modality"], str(said["shows"])[:40]
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None
    inside = min(top, left) >= 0 and top + rows <= shape[0] and left + columns <= shape[1]
    sizes = all(math.isfinite(mm) and 1e-4 < mm < 10 for mm in (row_mm, column_mm))
    if not inside or min(rows, columns) < 1 or not sizes or modality not in ("ultrasound", "mri"):
        return None
    return _Own(top, left, rows, columns, row_mm, column_mm, modality, shows)
