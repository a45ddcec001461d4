"""Seddon's and Sunderland's classes as distributions over fibres, day by day."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup

from tinel.declare.quantity import shown_day
from tinel.exam.limb import Floats
from tinel.report import palette
from tinel.report.drawing import Axes, draw
from tinel.report.figure import Figure, Panel, Swatch, table
from tinel.report.palette import SOFT
from tinel.result import Result

# one legend for both systems: what has one colour has one entry
WORDS = {
    palette.SEDDON["unhurt"]: "conducts: unhurt or only slowed (Sunderland 0)",
    palette.SEDDON["neurapraxia"]: "neurapraxia: axon whole, conduction blocked (Sunderland 1)",
    palette.SUNDERLAND["2"]: "Sunderland 2: axon broken, tube whole (part of axonotmesis)",
    palette.SEDDON["axonotmesis"]: "axonotmesis: axon broken (Sunderland 3: tube torn)",
    palette.SUNDERLAND["4"]: "Sunderland 4: only the outer sheath holds (part of neurotmesis)",
    palette.SEDDON["neurotmesis"]: "neurotmesis: axon and tubes severed (Sunderland 5: nerve too)",
}


def class_percent(result: Result, system: str, name: str) -> Floats:
    """Percentage of the fibres at the injury in a class, ``(n_twin, n_exam_day)``, waiting."""
    return 100 * result.outcomes.classes.of(system=system, name=name)


def spoken(values: Floats) -> str:
    """Mean and 90 % interval of percentages over twins, e.g. ``47 (0 to 96)``."""
    low, high = np.quantile(values, [0.05, 0.95], method="inverted_cdf")
    mean = f"{values.mean():.0f}"
    return mean if low == high else f"{mean} ({low:.0f} to {high:.0f})"


def _said(values: Floats, system: str) -> str:
    # a nerve is of Mackinnon's sixth grade or not: only the share of the twins says anything
    return f"{values.mean():.0f}" if system == "Mackinnon" else spoken(values)


def class_figure(result: Result) -> Figure:
    """Mean percentages over the twins as bars, one per exam day; intervals in the table."""
    days = [shown_day(d) for d in result.case.exam_days]
    panels, columns = [], []
    for system, colours in (("Seddon", palette.SEDDON), ("Sunderland", palette.SUNDERLAND)):
        mean = np.array([class_percent(result, system, n).mean(axis=0) for n in colours])
        panels.append(Panel(system, _bars(days, mean, list(colours.values()), system), system))
        for name in colours:
            columns.append(
                (f"{name}" if system == "Seddon" else f"Sunderland {name}", system, name)
            )
    columns.append(("Mackinnon 6 (share of the twins)", "Mackinnon", "6"))
    rows = [
        [
            day,
            *(
                _said(class_percent(result, system, name)[:, k], system)
                for _, system, name in columns
            ),
        ]
        for k, day in enumerate(days)
    ]
    return Figure(
        title="Type of damage: a distribution, not one word",
        caption=(
            "Shares of the fibres at the injury, mean over the twins, while waiting. An axon that "
            "broke keeps its class after it has grown back. Sunderland 0 and 1 are Seddon's unhurt "
            "and neurapraxia; 2 and 3 make up axonotmesis, 4 and 5 neurotmesis. Twins differ "
            "widely: the table gives 90 % of them."
        ),
        panels=tuple(panels),
        table=table(
            "Share of the fibres in %, mean over twins (90 % of twins)",
            ("day", *(head for head, _, _ in columns)),
            rows,
            wide=True,
        ),
        legend=tuple(Swatch(words, colour) for colour, words in WORDS.items()),
    )


def _bars(days: list[str], mean: Floats, colours: list[str], system: str) -> Markup:
    height = 46.0 + 24.0 * len(days)
    left = np.cumsum(mean, axis=0) - mean

    def plot(axes: Axes) -> None:
        rows = np.arange(len(days))
        for width, start, colour in zip(mean, left, colours, strict=True):
            axes.barh(rows, width, left=start, height=0.72, color=colour, ec="white", lw=0.8)
            for row, (w, s) in enumerate(zip(width, start, strict=True)):
                if w >= 9:
                    dark = colour in ("#d55e00", "#5a2a00", "#984300")
                    ink = "white" if dark else "#1f2933"
                    axes.text(s + w / 2, row, f"{w:.0f}", ha="center", va="center", color=ink)
        axes.set_yticks(rows, [f"day {d}" for d in days])
        axes.set_ylim(len(days) - 0.5, -0.5)
        axes.set_xlim(0, 100)
        axes.set_xlabel("% of fibres at the injury", color=SOFT)
        axes.grid(False)
        axes.spines["left"].set_visible(False)

    return draw(360, height, plot, f"{system}'s classes by exam day", margins=(54, 10, 36, 4))
