"""A picture as a screen shows it: grey values with a ruler, a grey bar, and the word SIMULATED."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tinel.imaging.extra import need
from tinel.imaging.picture import Picture

Greys = NDArray[np.uint8]
Outline = NDArray[np.float64]

MARK = "SIMULATED"
LEFT_px, RIGHT_px, TOP_px, BOTTOM_px = 34, 22, 4, 18
TICK_mm, LONG_TICK_mm = 1.0, 5.0
LEAST_SIDE_px = 260
LINE = (255, 214, 0)


@dataclass(frozen=True)
class Frame:
    """A screen with a picture in it.

    Args:
        pixels: ``(n_row, n_column)``, 0 black to 255 white.
        top, left: first row and column of the picture.
        rows, columns: how many of the screen's pixels the picture has.
        row_mm, column_mm: height and width of one of the screen's pixels.
        times: screen pixels per pixel of the picture, down and across.
    """

    pixels: Greys
    top: int
    left: int
    rows: int
    columns: int
    row_mm: float
    column_mm: float
    times: int

    def placed(self, outline: Outline) -> Outline:
        """Rows and columns on the screen of an outline ``(n, 2)`` in the picture's pixels."""
        return np.asarray((outline + 0.5) * self.times - 0.5 + [self.top, self.left], np.float64)


def greys(picture: Picture) -> Greys:
    """Grey values from 0 to 255: of ultrasound as they are, of MR between two percentiles.

    Args:
        picture: of any size.
    """
    pixels = np.nan_to_num(np.asarray(picture.pixels, np.float64))
    low, high = window(picture)
    scaled = (pixels - low) / max(high - low, 1e-12)
    return np.asarray(np.rint(255 * np.clip(scaled, 0, 1)), np.uint8)


def window(picture: Picture) -> tuple[float, float]:
    """The values that are shown black and white.

    Example:
        >>> window(Picture(np.full((2, 2), 0.5, np.float32), 0.1, 0.1, "ultrasound"))
        (0.0, 1.0)
    """
    if picture.modality == "ultrasound":
        return 0.0, 1.0
    from tinel.imaging.mri.show import WINDOWS  # a map has one window in every picture

    if picture.shows in WINDOWS:
        return WINDOWS[picture.shows]
    found = np.asarray(picture.pixels, np.float64)
    found = found[np.isfinite(found)]
    high = float(np.percentile(found, 99.7)) if found.size else 1.0
    return 0.0, high if high > 0 else 1.0


def framed(picture: Picture, marked: bool = True) -> Frame:
    """The picture with a ruler of 1 mm on its left, a grey bar on its right and a line of words.

    Args:
        picture: small ones are drawn with whole numbers of screen pixels per pixel.
        marked: whether the word SIMULATED stands in its corner.

    Example:
        >>> screen = framed(Picture(np.zeros((300, 400), np.float32), 0.05, 0.05, "ultrasound"))
        >>> screen.rows, screen.columns, screen.row_mm
        (300, 400, 0.05)
    """
    inner = greys(picture)
    times = max(1, -(-LEAST_SIDE_px // max(inner.shape)))
    rows, columns = (n * times for n in inner.shape)
    if times > 1:  # as workstations show large pixels
        module = need("PIL.Image")
        large = module.fromarray(inner).resize((columns, rows), module.Resampling.BICUBIC)
        inner = np.array(large, np.uint8)
    pixels = np.zeros((TOP_px + rows + BOTTOM_px, LEFT_px + columns + RIGHT_px), np.uint8)
    pixels[TOP_px : TOP_px + rows, LEFT_px : LEFT_px + columns] = inner
    row_mm, column_mm = picture.row_mm / times, picture.column_mm / times
    _ruler(pixels, rows, row_mm)
    shade = np.rint(np.linspace(255, 0, rows)).astype(np.uint8)
    pixels[TOP_px : TOP_px + rows, -RIGHT_px + 8 : -RIGHT_px + 16] = shade[:, None]
    # the letters that every font has
    shows = picture.shows.replace("µ", "u").replace("²", "2")
    said = " ".join(filter(None, (MARK if marked else "", shows)))
    pixels = written(pixels, said, LEFT_px, TOP_px + rows + 3)
    if marked:
        pixels = written(pixels, MARK, LEFT_px + 4, TOP_px + 3)
    return Frame(pixels, TOP_px, LEFT_px, rows, columns, row_mm, column_mm, times)


def coarser(picture: Picture, factor: int) -> Picture:
    """The picture with blocks of pixels averaged; what does not fill a block is left out.

    Args:
        picture: of any kind.
        factor: pixels of a block in each direction, 1 or more.

    Example:
        >>> fine = Picture(np.ones((7, 9), np.float32), 0.1, 0.1, "ultrasound")
        >>> coarser(fine, 2).pixels.shape, coarser(fine, 2).row_mm
        ((3, 4), 0.2)
    """
    rows, columns = (n // factor * factor for n in picture.pixels.shape)
    blocks = picture.pixels[:rows, :columns].reshape(rows // factor, factor, -1, factor)
    return replace(
        picture,
        pixels=np.asarray(blocks.mean(axis=(1, 3)), np.float32),
        row_mm=picture.row_mm * factor,
        column_mm=picture.column_mm * factor,
    )


def _ruler(pixels: Greys, rows: int, row_mm: float) -> None:
    """Ticks of 1 mm, longer every 5 mm, with cm in words; of 5 mm where 1 mm is too dense."""
    step = TICK_mm if TICK_mm / row_mm >= 3 else LONG_TICK_mm
    for k in range(int(rows * row_mm / step + 1e-6) + 1):
        row = min(TOP_px + round(k * step / row_mm), TOP_px + rows - 1)
        long = abs(k * step / LONG_TICK_mm - round(k * step / LONG_TICK_mm)) < 1e-6
        pixels[row, LEFT_px - (9 if long else 5) : LEFT_px - 2] = 200
        if abs(k * step / 10 - round(k * step / 10)) < 1e-6:
            words = written(np.zeros_like(pixels), f"{k * step / 10:g}", 4, max(row - 6, 0))
            np.maximum(pixels, words, out=pixels)


def written(pixels: Greys, words: str, x: int, y: int, grey: int = 230) -> Greys:
    """The same pixels with a line of words on them, its upper left corner at ``x``, ``y``."""
    image_module, draw_module, font_module = (
        need(f"PIL.{name}") for name in ("Image", "ImageDraw", "ImageFont")
    )
    image = image_module.fromarray(np.ascontiguousarray(pixels))
    font = font_module.load_default()
    draw_module.Draw(image).text((x, y), words, fill=grey, font=font)
    return np.array(image, np.uint8)


def in_colour(frame: Frame, outlines: tuple[Outline, ...] = ()) -> NDArray[np.uint8]:
    """The screen in colours ``(n_row, n_column, 3)``, with closed outlines drawn on it.

    Args:
        frame: from ``framed``.
        outlines: rows and columns ``(n, 2)`` in the picture's own pixels.
    """
    image_module, draw_module = need("PIL.Image"), need("PIL.ImageDraw")
    image = image_module.fromarray(np.stack([frame.pixels] * 3, axis=-1))
    pen = draw_module.Draw(image)
    for outline in outlines:
        at = frame.placed(outline)
        points = [(float(column), float(row)) for row, column in [*at, at[0]]]
        pen.line(points, fill=LINE, width=1)
    return np.array(image, np.uint8)
