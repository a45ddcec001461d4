"""Forecast curves with 50 and 90 % bands, one small panel per quantity and target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from tinel.declare.quantity import shown_day
from tinel.exam.grading import synergists
from tinel.report.drawing import Axes, draw
from tinel.report.figure import Figure, Panel, Swatch, Table, table
from tinel.report.number_format import interval
from tinel.report.palette import SOFT, WAITING, arm_colour, arm_dash
from tinel.report.scale import Scale, filaments, mrc_of_force, percent
from tinel.result import Result

WIDTH, HEIGHT = 330.0, 190.0
BAND = "#0072b2"


@dataclass(frozen=True)
class Curve:
    """What one panel shows: ``quantity`` is drawn, ``written`` stands in tables, in ``unit``."""

    title: str
    quantity: str
    written: str
    unit: str
    target: str
    scale: Scale
    axis: str


def curves(result: Result) -> tuple[Curve, ...]:
    """Conduction, then every muscle and patch of skin whose fibres run through the injury."""
    found = [Curve("Fibres that conduct", "conducting fibres", "conducting fibres", "%", "",
                   percent(), "%")]  # fmt: skip
    touch = filaments()
    for target in injured_targets(result):
        subject = result.healthy.limb.nerve.target(target)
        if subject.kind == "motor":
            others = synergists(result.healthy.limb.nerve.name, target, result.parameters)
            strength = mrc_of_force(subject.movement, result.parameters, others)
            found.append(
                Curve(target, "force", "MRC grade", "0 to 5", target, strength, "MRC grade")
            )
        else:
            felt = "finest filament felt"
            found.append(Curve(target, felt, felt, "marking", target, touch, felt))
    return tuple(found)


def injured_targets(result: Result) -> tuple[str, ...]:
    """Targets with fibres through the injury, nearest first."""
    limb = next(iter(result.visits[result.waiting].values())).limb
    reached = set(limb.nerve.fibres.target[limb.lesion.present].tolist())
    inside = [t for k, t in enumerate(limb.nerve.targets) if k in reached]
    return tuple(t.name for t in sorted(inside, key=lambda t: t.path_mm))


def forecast_figure(result: Result) -> Figure:
    """The waiting arm alone: median, half and nine tenths of the twins."""
    shown = curves(result)
    panels = tuple(
        Panel(_heading(c), _panel(result, c, [result.waiting], alone=True), f"forecast-{k}")
        for k, c in enumerate(shown)
    )
    return Figure(
        title="Forecast while waiting",
        caption=(
            "Line: median over the twins. Bands: the middle 50 % and 90 %. Strength is drawn on "
            "the scale of MRC grades of the usual examiner of that movement; the table has each "
            "twin's own examiner. Touch is the finest monofilament felt (larger marking, thicker "
            "filament), each filament a row. Rings mark exam days."
        ),
        panels=panels,
        table=_table(result, shown, result.waiting),
        legend=(
            Swatch("median", BAND, ()),
            Swatch("middle 50 % of twins", "#7fb8d8"),
            Swatch("90 % of twins", "#d3e6f1"),
        ),
    )


def arms_figure(
    result: Result,
    shown: Sequence[Curve] | None = None,
    title: str = "The arms over one another",
    key: str = "arms",
) -> Figure:
    """All arms over one another on the 90 % band of waiting.

    Args:
        result: whose arms are drawn.
        shown: one panel each; ``curves(result)`` where None.
        title: heading of the figure.
        key: with which the names of its panels begin.
    """
    if shown is None:
        shown = curves(result)
    arms = [result.waiting, *(p.name for p in result.plans if p.name != result.waiting)]
    panels = tuple(
        Panel(_heading(c), _panel(result, c, arms, alone=False), f"{key}-{k}")
        for k, c in enumerate(shown)
    )
    end = len(result.days) - 1
    rows = [
        [
            _heading(c),
            *(interval(result.curve(a, c.written, c.target)[:, end], c.unit) for a in arms),
        ]
        for c in shown
    ]
    return Figure(
        title=title,
        caption=(
            "Medians over the same twins; the grey band holds 90 % of the twins who wait. Thin "
            "lines are the ends of an arm's sensitivity range (least and most help). Where an arm "
            "changes nothing its line lies on that of waiting."
        ),
        panels=panels,
        table=table(
            f"Day {shown_day(result.days[-1])}: median (90 % of twins)",
            ("", *arms),
            rows,
            wide=True,
        ),
        legend=(
            *(Swatch(a, arm_colour(k), arm_dash(k)) for k, a in enumerate(arms)),
            Swatch("90 % of twins, waiting", "#e3e7ea"),
        ),
    )


def _heading(curve: Curve) -> str:
    return f"{curve.title}, {curve.axis}"


def _panel(result: Result, c: Curve, arms: Sequence[str], alone: bool) -> Markup:
    days = np.array(result.days)

    def plot(axes: Axes) -> None:
        kind = {"drawstyle": "steps-post"} if c.scale.steps else {}
        step = {"step": "post"} if c.scale.steps else {}
        low, q1, middle, q3, high = c.scale.place(result.curve(arms[0], c.quantity, c.target))
        outer = "#d3e6f1" if alone else "#e3e7ea"
        axes.fill_between(days, *c.scale.band(low, high), color=outer, lw=0, **step)
        if alone:
            axes.fill_between(days, *c.scale.band(q1, q3), color="#7fb8d8", lw=0, **step)
            axes.plot(days, middle, color=BAND, lw=2.2, **kind)
            exam = [d for d in result.case.exam_days if d <= days[-1]]
            at = middle[np.searchsorted(days, exam)]
            axes.plot(exam, at, "o", ms=4, mfc="white", mec=BAND, mew=1.2)
        else:
            _medians(axes, result, c, arms, kind)
        axes.set_xlim(0, days[-1])
        axes.set_ylim(c.scale.bottom, c.scale.top)
        axes.set_yticks(c.scale.ticks, c.scale.labels)
        if c.scale.borders:
            axes.grid(False, axis="y")
            for border in c.scale.borders:
                axes.axhline(border, color="#dfe4e8", lw=0.8, zorder=0.5)
        axes.set_xticks(_ticks(float(days[-1])))
        axes.set_xlabel("days after the injury", color=SOFT)
        axes.spines["left"].set_visible(False)

    return draw(WIDTH, HEIGHT, plot, f"{_heading(c)} over time", margins=(36, 12, 36, 6))


def _medians(
    axes: Axes, result: Result, c: Curve, arms: Sequence[str], kind: dict[str, str]
) -> None:
    days = np.array(result.days)
    ranged = {p.name for p in result.plans if p.low is not None}
    for k, arm in enumerate(arms):
        if arm in ranged:
            for bound in ("low", "high"):
                end = c.scale.place(result.curve(arm, c.quantity, c.target, bound)[2])
                axes.plot(days, end, color=arm_colour(k), lw=0.7, alpha=0.8, **kind)
    for k, arm in enumerate(arms):
        middle = c.scale.place(result.curve(arm, c.quantity, c.target)[2])
        colour = WAITING if k == 0 else arm_colour(k)
        (line,) = axes.plot(days, middle, color=colour, lw=2.6 if k == 0 else 2.0, **kind)
        if arm_dash(k):
            line.set_dashes(tuple(d / 1.5 for d in arm_dash(k)))


def _ticks(end: float) -> list[float]:
    step = next((s for s in (30, 60, 90, 180, 365, 730, 1825) if end / s <= 6), 3650)
    return [float(x) for x in np.arange(0, end + 1, step)]


def _table(result: Result, shown: Sequence[Curve], arm: str) -> Table:
    days = [d for d in result.case.exam_days if d <= result.days[-1]]
    at = [result.days.index(d) for d in days]
    rows = []
    for c in shown:
        spread = result.curve(arm, c.written, c.target)
        rows.append([_heading(c), *(interval(spread[:, k], c.unit) for k in at)])
    head = ("", *(f"day {shown_day(d)}" for d in days))
    return table(f"{arm}: median (90 % of twins)", head, rows, wide=True)
