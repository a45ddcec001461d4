"""Pictures in colours as a screen shows them: directions of diffusion, and tracts, with a scale."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tinel.imaging.extra import need
from tinel.imaging.files.frame import MARK, RIGHT_px, framed

if TYPE_CHECKING:  # a command that shows no MR need not wait for it
    from tinel.imaging.measured.mr_tracts import Tracts
    from tinel.imaging.mri.diffusion import DiffusionSlice

Colours = NDArray[np.uint8]

WIDTH_px, LEFT_px, RIGHT_EDGE_px, TOP_px, BOTTOM_px, LEAST_HIGH_px = 560, 46, 14, 22, 44, 90
DOTS_PER_INCH, AROUND_mm = 100.0, 2.0


@dataclass(frozen=True)
class ColourFrame:
    """A screen in colours.

    Args:
        pixels: ``(n_row, n_column, 3)``.
        row_mm, column_mm: height and width of one of its pixels.
        shows: what it is a picture of.
    """

    pixels: Colours
    row_mm: float
    column_mm: float
    shows: str

    def as_png(self) -> bytes:
        """The screen as the bytes of a PNG file, with the size of a pixel in it."""
        text = need("PIL.PngImagePlugin").PngInfo()
        text.add_text("Source", f"{MARK} by Tinel; no picture of a person")
        out = io.BytesIO()
        image = need("PIL.Image").fromarray(self.pixels)
        inch = (25.4 / self.column_mm, 25.4 / self.row_mm)
        image.save(out, format="PNG", pnginfo=text, dpi=inch, optimize=False)
        return out.getvalue()


def fa_frame(found: DiffusionSlice) -> ColourFrame:
    """FA as brightness and the main direction as colour, with the ruler of the other pictures.

    Args:
        found: one slice.

    Example:
        >>> from tinel.imaging.mri.diffusion import DiffusionSlice
        >>> from tinel.imaging.picture import Picture
        >>> flat = Picture(np.full((30, 30), 0.5, np.float32), 1.2, 1.2, "mri", shows="FA")
        >>> along = np.zeros((30, 30, 3), np.float32)
        >>> along[..., 2] = 1.0
        >>> fa_frame(DiffusionSlice(flat, flat, along, flat, 0.0)).pixels[100, 100].tolist()
        [0, 0, 128]
    """
    from tinel.imaging.mri.show import fa_in_colour

    black = replace(found.fa, pixels=np.zeros_like(found.fa.pixels), shows="FA in colour")
    frame = framed(black)
    grey = frame.pixels.copy()
    grey[:, -RIGHT_px:] = 0  # a bar of greys says nothing of colours
    pixels = np.stack([grey] * 3, axis=-1)
    colours = np.rint(255 * fa_in_colour(found, frame.row_mm, frame.column_mm)).astype(np.uint8)
    inner = pixels[frame.top : frame.top + frame.rows, frame.left : frame.left + frame.columns]
    np.maximum(inner, colours, out=inner)
    return ColourFrame(pixels, frame.row_mm, frame.column_mm, "FA in colour")


def tracts_frame(tracts: Tracts, injury_mm: float) -> ColourFrame:
    """Tracts from the side, the first slice on the left, both axes in the same scale.

    Args:
        tracts: through a stack.
        injury_mm: from the first slice to the middle of the injury, which is marked.
    """
    from tinel.imaging.mri.show import draw_tracts

    figures, canvases = need("matplotlib.figure"), need("matplotlib.backends.backend_agg")
    # tracts begin where the first slice lies
    start = float(tracts.lines[0][0, 2]) if tracts.lines else 0.0
    begun = replace(tracts, lines=tuple(line - [0.0, 0.0, start] for line in tracts.lines))
    wide_mm = tracts.reach_mm + 2 * AROUND_mm
    mm = wide_mm / (WIDTH_px - LEFT_px - RIGHT_EDGE_px)
    figure = figures.Figure(dpi=DOTS_PER_INCH, facecolor="black")
    canvas = canvases.FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    draw_tracts(axes, begun)
    low, high = axes.get_ylim() if tracts.lines else (0.0, 1.0)
    inner_px = max(LEAST_HIGH_px, round((high - low + AROUND_mm) / mm))
    high_px = inner_px + TOP_px + BOTTOM_px
    figure.set_size_inches(WIDTH_px / DOTS_PER_INCH, high_px / DOTS_PER_INCH)
    axes.set_position(
        (
            LEFT_px / WIDTH_px,
            BOTTOM_px / high_px,
            1 - (LEFT_px + RIGHT_EDGE_px) / WIDTH_px,
            inner_px / high_px,
        )
    )
    axes.set_xlim(-AROUND_mm, tracts.reach_mm + AROUND_mm)
    middle, half = (low + high) / 2, inner_px * mm / 2
    axes.set_ylim(middle - half, middle + half)
    axes.axvline(injury_mm, color="#ffd600", lw=0.8, ls=(0, (2, 3)))
    for edge in (0.0, tracts.reach_mm):
        axes.axvline(edge, color="#808080", lw=0.6)
    axes.set_yticks([])
    axes.grid(False)
    axes.tick_params(colors="#e0e0e0", labelsize=8)
    for spine in axes.spines.values():
        spine.set_color("#505050")
    axes.set_xlabel("mm from the first slice", color="#e0e0e0", fontsize=8)
    said = f"{MARK} tracts through {tracts.reach_mm:.0f} mm; dotted: middle of the injury"
    figure.text(LEFT_px / WIDTH_px, 1 - 4 / high_px, said, color="#e0e0e0", fontsize=8, va="top")
    canvas.draw()
    pixels = np.ascontiguousarray(np.asarray(canvas.buffer_rgba())[..., :3])
    return ColourFrame(pixels, mm, mm, "tracts")
