"""A drawing as inline SVG: no script, no font, nothing to load, the same bytes every time."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from markupsafe import Markup, escape

from tinel.cable.solvers.compile_cache import cache_folder
from tinel.report.palette import INK, LINE, SOFT

STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "tinel",
    "font.size": 11.0,
    "font.family": "DejaVu Sans",
    "axes.linewidth": 0.8,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": SOFT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e8ecef",
    "grid.linewidth": 0.8,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.major.size": 3.0,
    "ytick.major.size": 0.0,
    "text.color": INK,
    "text.parse_math": False,
    "patch.edgecolor": LINE,
    "lines.solid_capstyle": "round",
    "path.simplify": True,
    "path.simplify_threshold": 0.2,
}

Axes = Any


@contextmanager
def style() -> Iterator[None]:
    """Draw in the report's style inside the ``with`` block; matplotlib's own stays untouched."""
    # A notebook names its own way to draw, and an unknown one stops the import; here none is used.
    # Without a home the import fails, or complains at length.
    given = os.environ.pop("MPLBACKEND", None)
    if not os.path.isdir(os.path.expanduser("~")):
        os.environ.setdefault("MPLCONFIGDIR", str(cache_folder() / "matplotlib"))
    try:
        import matplotlib
    finally:
        if given is not None:
            os.environ["MPLBACKEND"] = given
    with matplotlib.rc_context(STYLE):
        yield


def draw(
    width: float,
    height: float,
    plot: Callable[[Axes], None],
    alt: str,
    margins: tuple[float, float, float, float] = (38.0, 8.0, 34.0, 8.0),
) -> Markup:
    """One pair of axes as inline SVG that scales with its container.

    Args:
        width: in CSS pixels at natural size; so is ``height``.
        plot: draws on the axes it is given.
        alt: what a reader who cannot see it is told.
        margins: left, right, bottom, top in pixels.

    Call inside ``style()``.
    """
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width / 72, height / 72), dpi=72)
    FigureCanvasSVG(figure)
    left, right, bottom, top = margins
    axes = figure.add_axes(
        (
            left / width,
            bottom / height,
            (width - left - right) / width,
            (height - bottom - top) / height,
        )
    )
    figure.patch.set_alpha(0.0)
    plot(axes)
    text = io.StringIO()
    figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    return _inline(text.getvalue(), width, height, alt)


def _inline(svg: str, width: float, height: float, alt: str) -> Markup:
    body = svg[svg.index("<defs>") if "<defs>" in svg else svg.index("<g ") : svg.rindex("</svg>")]
    body = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", body, flags=re.S)
    # Numbered ids repeat from figure to figure; those made from content may (same id, same thing).
    body = re.sub(r' id="(?![mph][0-9a-f]{8}|C\d)[^"]*"', "", body)
    body = re.sub(r"font-family: [^;\"]*;? ?", "", body)
    body = re.sub(r"font: (?:\w+ )*?([\d.]+px) [^;\"]*", r"font-size: \1", body)
    body = re.sub(r"\d+\.\d{3,}", lambda m: f"{float(m[0]):.1f}".removesuffix(".0"), body)
    body = body.replace("xlink:href", "href")
    body = re.sub(r"\s*\n\s*", "\n", body)
    return Markup(
        f'<svg viewBox="0 0 {width:g} {height:g}" role="img" preserveAspectRatio="xMidYMid meet" '
        f'aria-label="{escape(alt)}" style="max-width:{1.35 * width:.0f}px">{body}</svg>'
    )
