"""A slide of the probe as an animated GIF, which browsers and programs for talks play."""

from __future__ import annotations

import io
from collections.abc import Sequence

from tinel.imaging.extra import need
from tinel.imaging.files.frame import MARK, BOTTOM_px, Greys, LEFT_px, framed, written
from tinel.imaging.picture import Picture

FRAME_ms = 240
FROM_RIGHT_px = 190


def placed_frames(pictures: Sequence[Picture], places: Sequence[str]) -> list[Greys]:
    """Framed pictures with the place of each below it.

    Args:
        pictures: of one size.
        places: one text per picture.
    """
    found = []
    for picture, place in zip(pictures, places, strict=True):
        pixels = framed(picture).pixels
        rows, columns = pixels.shape
        x = max(columns - FROM_RIGHT_px, LEFT_px)
        pixels[rows - BOTTOM_px :, x:] = 0
        found.append(written(pixels, place, x, rows - BOTTOM_px + 3))
    return found


def as_gif(pictures: Sequence[Picture], places: Sequence[str]) -> bytes:
    """Pictures as the bytes of an animated GIF that begins anew at its end.

    Args:
        pictures: of one size, at least one.
        places: where each was taken, in words that every font has.

    Example:
        >>> import numpy as np
        >>> flat = Picture(np.zeros((260, 300), np.float32), 0.1, 0.1, "ultrasound")
        >>> as_gif([flat, flat], ["here", "there"])[:6]
        b'GIF89a'
    """
    module = need("PIL.Image")
    first, *others = (module.fromarray(each) for each in placed_frames(pictures, places))
    out = io.BytesIO()
    first.save(
        out,
        format="GIF",
        save_all=True,
        append_images=others,
        duration=FRAME_ms,
        loop=0,
        optimize=False,
        comment=f"{MARK} by Tinel; {pictures[0].column_mm:.4g} mm per pixel".encode(),
    )
    return out.getvalue()
