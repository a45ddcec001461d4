"""The responses of one conduction study over one another, day by day, beside the healthy side."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from markupsafe import Markup

from tinel.declare.quantity import shown_day
from tinel.exam.examination import Visit
from tinel.exam.response import Response
from tinel.report.drawing import Axes, draw
from tinel.report.figure import Swatch
from tinel.report.palette import INK, MOST_DAYS, PAPER, SOFT, day_colours
from tinel.result import Result

WIDTH = 360.0
HEALTHY = "#9aa5ad"


def drawn_days(result: Result) -> dict[float, str]:
    """The days that are drawn, with their colours: at most ``MOST_DAYS``, the same in every arm.

    Of more days the first and the last are, and of the others those that differ most from what is
    drawn already, by the amplitudes of all studies beside the healthy side, in all arms.

    Args:
        result: whose middle twin is drawn.
    """
    days = [day for day, v in result.visits[result.waiting].items() if v.examination.responses]
    sizes = np.array(
        [[x for arm in result.visits.values() for x in _sizes(result, arm[day])] for day in days]
    )
    kept = sorted({0, len(days) - 1}) if days else []
    while len(kept) < min(MOST_DAYS, len(days)):
        apart = np.abs(sizes[:, None] - sizes[None, kept]).sum(axis=2).min(axis=1)
        apart[kept] = -1.0
        kept = sorted([*kept, int(apart.argmax())])
    return dict(zip((days[k] for k in kept), day_colours(len(kept)), strict=True))


def _sizes(result: Result, visit: Visit) -> list[float]:
    """Amplitudes of all studies and sites over the healthy side's; 0 where none was made."""
    found = []
    for name, healthy in result.healthy.examination.responses.items():
        seen = visit.examination.responses.get(name)
        for k, there in enumerate(healthy.readings):
            here = 0.0 if seen is None else float(seen.readings[k].amplitude[0])
            found.append(here / max(float(there.amplitude[0]), 1e-9))
    return found


def day_legend(days: Mapping[float, str]) -> tuple[Swatch, ...]:
    """The healthy side, then the days that are drawn."""
    return (
        Swatch("healthy side", HEALTHY, (5.0, 3.0)),
        *(Swatch(f"day {shown_day(day)}", colour, ()) for day, colour in days.items()),
    )


def waveforms(result: Result, study: str, arm: str = "") -> Markup:
    """Middle twin in an arm (waiting where empty): a row per site, a line per drawn day with its
    day at the peak, negativity upward."""
    visits = result.visits[arm or result.waiting]
    colours = drawn_days(result)
    healthy = result.healthy.examination.responses[study]
    responses = {day: visits[day].examination.responses for day in colours}
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
                _trace(axes, response, row, base, until, color=colours[day], lw=1.4)
            _label_peaks(axes, done, row, base, 0.11 * step, until)
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


def _label_peaks(
    axes: Axes,
    done: Mapping[float, Response],
    row: int,
    base: float,
    height: float,
    until: float,
) -> None:
    """Write the day at the peak of each line, largest first, where there is room."""
    taken: list[tuple[float, float]] = []
    waves = {day: response.waveform[row, 0] for day, response in done.items()}
    for day in sorted(waves, key=lambda d: -float(waves[d].max())):
        at = int(waves[day].argmax())
        x, y = float(done[day].time_ms[at]), base + float(waves[day][at])
        if y < base + height or x > 0.8 * until:
            continue
        if any(abs(y - other) < height and abs(x - by) < 0.16 * until for by, other in taken):
            continue
        taken.append((x, y))
        paper = {"fc": PAPER, "ec": "none", "pad": 0.6, "alpha": 0.85}
        told = shown_day(day)
        axes.text(x, y, told, ha="center", va="bottom", color=INK, size=9.0, bbox=paper)


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
