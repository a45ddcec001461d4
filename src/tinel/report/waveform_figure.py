"""The responses of one conduction study over one another, day by day, beside the healthy side."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup

from tinel.declare.quantity import shown_day
from tinel.exam.response import Response
from tinel.report.drawing import Axes, draw
from tinel.report.figure import Swatch
from tinel.report.palette import INK, SOFT, day_colours
from tinel.result import Result

WIDTH = 360.0
HEALTHY = "#9aa5ad"


def day_legend(days: list[float], all_days: list[float]) -> tuple[Swatch, ...]:
    """The healthy side, then the days of a study in the colours that ``all_days`` give them."""
    colours = [c for d, c in zip(all_days, day_colours(len(all_days)), strict=True) if d in days]
    return (
        Swatch("healthy side", HEALTHY, (5.0, 3.0)),
        *(
            Swatch(f"day {shown_day(day)}", colour, ())
            for day, colour in zip(days, colours, strict=True)
        ),
    )


def waveforms(result: Result, study: str, arm: str = "") -> Markup:
    """Middle twin in an arm (waiting where empty): a row per site, a line per exam day,
    negativity upward."""
    visits = result.visits[arm or result.waiting]
    colours = dict(zip(visits, day_colours(len(visits)), strict=True))
    healthy = result.healthy.examination.responses[study]
    responses = {day: v.examination.responses for day, v in visits.items()}
    done = {day: by_study[study] for day, by_study in responses.items() if study in by_study}
    sites = [s.name for s in healthy.study.sites]
    tallest = [
        max(float(np.abs(r.waveform[k, 0]).max()) for r in (healthy, *done.values()))
        for k in range(len(sites))
    ]
    step = 1.25 * max(*tallest, 1e-9) if len(tallest) > 1 else 1.25 * max(tallest[0], 1e-9)
    until = _end(healthy, list(done.values()))

    def plot(axes: Axes) -> None:
        for row, site in enumerate(sites):
            base = -row * step
            axes.axhline(base, color="#e8ecef", lw=0.8)
            _trace(axes, healthy, row, base, until, color=HEALTHY, lw=2.6, dashes=(3, 1.6))
            for day, response in done.items():
                _trace(axes, response, row, base, until, color=colours[day], lw=1.2)
            axes.text(until, base + 0.10 * step, site, ha="right", va="bottom", color=INK)
        axes.set_xlim(0, until)
        lowest = min(float(r.waveform[-1, 0].min()) for r in (healthy, *done.values()))
        deep = min(lowest * 1.08, -0.3 * step)
        axes.set_ylim(-(len(sites) - 1) * step + deep, 0.92 * step)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.grid(False)
        axes.set_xlabel("ms after the stimulus", color=SOFT)
        unit = "µV" if healthy.unit == "uV" else healthy.unit
        bar = _round(0.45 * step)
        axes.plot([0.995 * until] * 2, [0.42 * step, 0.42 * step + bar], color=INK, lw=2)
        told = f"{bar:g} {unit}"
        axes.text(0.98 * until, 0.42 * step + bar / 2, told, ha="right", va="center")

    height = 44.0 + 88.0 * len(sites)
    return draw(WIDTH, height, plot, f"Responses of {study} by day", margins=(8, 8, 36, 4))


def _trace(
    axes: Axes,
    response: Response,
    row: int,
    base: float,
    until: float,
    color: str,
    lw: float,
    dashes: tuple[float, float] | None = None,
) -> None:
    shown = response.time_ms <= until
    (line,) = axes.plot(
        response.time_ms[shown], base + response.waveform[row, 0][shown], color=color, lw=lw
    )
    if dashes:
        line.set_dashes(dashes)


def _end(healthy: Response, others: list[Response]) -> float:
    """Until when anything is seen, in ms."""
    last = 0.0
    for response in (healthy, *others):
        size = np.abs(response.waveform[:, 0]).max(axis=0)
        seen = np.flatnonzero(size > 0.03 * max(float(size.max()), 1e-9))
        last = max(last, float(response.time_ms[seen[-1]]) if seen.size else 0.0)
    return min(last * 1.06 + 0.5, float(healthy.time_ms[-1]))


def _round(value: float) -> float:
    """The largest 1, 2 or 5 times a power of ten that is not above a value."""
    power = 10.0 ** np.floor(np.log10(value))
    return float(max(m for m in (1, 2, 5) if m * power <= value) * power)
