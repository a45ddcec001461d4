"""Labels beside a limb: moved apart until all can be read, each with a line to its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.report.drawing import Axes
from tinel.report.palette import INK, LINE

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Mark:
    """A place on the drawing and what is written beside it; ``symbol`` is a marker's name."""

    text: str
    mm: float
    x: float
    colour: str = INK
    bold: bool = False
    symbol: str = ""
    symbol_colour: str = INK


def column(axes: Axes, marks: Sequence[Mark], edge: float, gap: float) -> None:
    """Write marks in a column beyond ``edge`` (left of the limb where it is negative).

    Args:
        axes: x in pixels from the limb's middle, y in mm.
        marks: in any order.
        edge: where the text begins, in pixels.
        gap: least distance of neighbouring labels, in mm.
    """
    sign = 1.0 if edge > 0 else -1.0
    places = spread_out(np.array([m.mm for m in marks]), gap)
    for mark, at in zip(marks, places, strict=True):
        bend, end = edge - 11 * sign, edge - 3 * sign
        axes.plot([end, bend, mark.x], [at, mark.mm, mark.mm], color=LINE, lw=0.6)
        if mark.symbol:
            size = 7 if mark.symbol == "v" else 5
            axes.plot(
                [mark.x], [mark.mm], mark.symbol, ms=size, color=mark.symbol_colour, mec="white"
            )
        axes.text(
            edge,
            at,
            mark.text,
            ha="left" if edge > 0 else "right",
            va="center",
            fontsize=11,
            color=mark.colour,
            fontweight="bold" if mark.bold else "normal",
        )


def spread_out(wanted: Floats, gap: float) -> Floats:
    """Move labels apart until neighbours are ``gap`` apart, as little as possible, order kept.

    Example:
        >>> spread_out(np.array([10.0, 10.0, 50.0]), 12.0).tolist()
        [4.0, 16.0, 50.0]
    """
    order = np.argsort(wanted, kind="stable")
    # Least squares under a minimal gap is isotonic regression of what is left without the gaps.
    rest = wanted[order] - gap * np.arange(len(wanted))
    blocks: list[tuple[float, int]] = []
    for value in rest:
        mean, count = float(value), 1
        while blocks and blocks[-1][0] > mean:
            above, size = blocks.pop()
            mean, count = (mean * count + above * size) / (count + size), count + size
        blocks.append((mean, count))
    flat = np.repeat([b[0] for b in blocks], [b[1] for b in blocks])
    placed = np.empty(len(wanted))
    placed[order] = flat + gap * np.arange(len(wanted))
    return placed
