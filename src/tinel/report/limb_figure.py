"""The nerve along the limb: branches, landmarks, targets, the injury and how far axons grew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tinel.cohort.summary import quantiles
from tinel.declare.quantity import shown_day
from tinel.exam.examination import Visit
from tinel.lesion.state import Lesion
from tinel.nerve.anatomy import Nerve, branch_at
from tinel.report.drawing import Axes, draw
from tinel.report.figure import Figure, Panel, Swatch, table
from tinel.report.limb_labels import Mark, column
from tinel.report.limb_outline import outline
from tinel.report.number_format import interval, number
from tinel.report.palette import INJURY, SOFT, STATES
from tinel.report.section_figure import beyond_where_it_broke
from tinel.result import Result

Floats = NDArray[np.float64]
Across = Callable[[str, Floats | float], Floats]  # branch and mm from the cord to x


class Furthest(NamedTuple):
    """Where the furthest growing axon ends (mm from the cord), and where it is bound for."""

    mm: float
    target: str


Fronts = dict[float, Furthest | None]

WIDTH, HEIGHT, CENTRE = 430.0, 690.0, 198.0
_NERVE, _FRONT = "#0072b2", STATES["growing"]
_LABEL_GAP_px = 14.5


def limb_figure(result: Result) -> Figure:
    """Draw the middle twin's nerve and the furthest growing axon on every exam day."""
    nerve = result.healthy.limb.nerve
    arm = _growing_arm(result)
    fronts = {day: furthest(visit) for day, visit in result.visits[arm].items()}
    lesion = next(iter(result.visits[arm].values())).limb.lesion
    site, end = _stretch(lesion)
    second, marked = "", "The bar marks the injury"
    if lesion.beyond is not None:
        start, stop = _stretch(lesion.beyond)
        second = f", the second {stop - start:.0f} mm, {start:.0f} mm from it"
        marked = "The bars mark both injuries"

    def plot(axes: Axes) -> None:
        _plot(axes, nerve, lesion.sites, fronts)

    svg = draw(
        WIDTH,
        HEIGHT,
        plot,
        f"The {nerve.spoken} along the limb, with the injury {site:.0f} mm from the cord",
        margins=(2, 2, 4, 4),
    )
    rows = [
        [shown_day(day), *(_beyond(result, name, day, site) for name in result.visits)]
        for day in fronts
    ]
    none = "" if any(fronts.values()) else " No axon has grown beyond the injury in any arm."
    return Figure(
        title="The nerve along the limb",
        caption=(
            f"Ways are to scale, widths are not. {marked} of the example twin: "
            f"{end - site:.0f} mm, {site:.0f} mm from the spinal cord{_over_twins(result)}"
            f"{second}. Arrowheads show how far its furthest growing axon has come on exam days in "
            f"the arm '{arm}'.{none}"
        ),
        panels=(Panel("", svg, "limb"),),
        table=table(
            "Furthest growing axon of the example twin, mm beyond the upper end of the injury",
            ("day", *result.visits),
            rows,
        ),
        legend=(
            Swatch("nerve", _NERVE, ()),
            Swatch("injury", INJURY),
            Swatch("furthest growing axon", _FRONT),
        ),
    )


def _stretch(lesion: Lesion) -> tuple[float, float]:
    start = float(lesion.site_mm[0])
    return start, start + float(lesion.length_mm[0])


def _over_twins(result: Result) -> str:
    """Over what site and length spread, where the case does not know them."""
    drawn = result.outcomes.drawn
    names = {"length_mm": "length", "site_mm": "site"}
    told = [
        f"{word} {interval(quantiles(drawn.of(quantity=name)), 'mm')} mm"
        for name, word in names.items()
        if name in drawn.column("quantity")
    ]
    return f" (drawn, not told; over the twins {', '.join(told)})" if told else ""


def furthest(visit: Visit) -> Furthest | None:
    """The axon that has grown furthest beyond where it broke; None where none has left."""
    limb = visit.limb
    broken = limb.lesion.present & ~limb.state.intact[0]
    grown = np.flatnonzero(broken & beyond_where_it_broke(limb))
    if not grown.size:
        return None
    front = limb.state.front_mm[0][grown]
    target = limb.nerve.targets[limb.nerve.fibres.target[grown[front.argmax()]]]
    return Furthest(float(front.max()), target.name)


def _growing_arm(result: Result) -> str:
    arms = [result.waiting, *(a for a in result.visits if a != result.waiting)]
    grown = (a for a in arms if any(furthest(v) for v in result.visits[a].values()))
    return next(grown, result.waiting)


def _beyond(result: Result, arm: str, day: float, site: float) -> str:
    front = furthest(result.visits[arm][day])
    return "none" if front is None else number(front.mm - site, "")


def _plot(
    axes: Axes,
    nerve: Nerve,
    sites: Sequence[Lesion],
    fronts: Fronts,
) -> None:
    axes.set_axis_off()
    along, half = outline(nerve.limb, nerve.height_cm)
    last = min(max(t.path_mm for t in nerve.targets) * 1.06, float(along[-1]))
    inside = along < last
    y = np.append(along[inside], last)
    x = np.append(half[inside], np.interp(last, along, half))
    scale = HEIGHT / (last - y[0])
    axes.set_xlim(-CENTRE, WIDTH - CENTRE)
    axes.set_ylim(last + 6 / scale, y[0] - 6 / scale)
    wide = 50.0 / x.max()
    fine = np.linspace(y[0], last, 200)
    body = wide * np.interp(fine, y, x)
    axes.fill_betweenx(fine, -body, body, color="#f3e9e2", lw=0)
    axes.plot(-body, fine, color="#d9c6ba", lw=1)
    axes.plot(body, fine, color="#d9c6ba", lw=1)
    lanes = _lanes(nerve)

    def across(branch: str, mm: Floats | float) -> Floats:
        line, start = nerve.branch(branch), nerve.branch(branch).start_mm
        here = lanes[branch]
        before = lanes[line.parent] if line.parent else here
        fraction = np.clip((np.asarray(mm, float) - start) / 45.0, 0.0, 1.0)
        return (before + (here - before) * fraction) * 0.62 * wide * np.interp(mm, y, x)

    for line in nerve.branches:
        mm = np.linspace(max(line.start_mm, y[0]), line.end_mm, 80)
        axes.plot(across(line.name, mm), mm, color=_NERVE, lw=2.2 if line.parent else 3.2)
    gap = _LABEL_GAP_px / scale
    marks = [
        Mark(m.name, m.position_mm, float(across(m.branch, m.position_mm)), SOFT, symbol=".")
        for m in nerve.landmarks
        if m.position_mm > y[0]
    ]
    for name, lesion in zip(("injury", "second injury"), sites, strict=False):
        mm = np.linspace(*_stretch(lesion), 12)
        axes.plot(across(lesion.branch, mm), mm, color=INJURY, lw=9, solid_capstyle="butt")
        middle = float(mm.mean())
        place = float(across(lesion.branch, middle))
        marks.append(Mark(name, middle, place, "#a04400", bold=True))
    column(axes, [*marks, *_front_marks(nerve, fronts, across)], -68, gap)
    column(axes, _target_marks(axes, nerve, across), 68, gap)


def _front_marks(nerve: Nerve, fronts: Fronts, across: Across) -> list[Mark]:
    # days on which the furthest axon stood still share one label
    places: dict[tuple[float, str], list[float]] = {}
    for day, front in fronts.items():
        if front is not None:
            places.setdefault((round(front.mm), front.target), []).append(day)
    marks = []
    for (mm, name), days in places.items():
        target = nerve.target(name)
        line = branch_at(nerve.branches, target, mm) or target.branch
        until = f"–{shown_day(days[-1])}" if len(days) > 1 else ""
        told = f"day {shown_day(days[0])}{until}"
        x = float(across(line, mm))
        marks.append(Mark(told, mm, x, "#8a3a68", True, "v", _FRONT))
    return marks


def _target_marks(axes: Axes, nerve: Nerve, across: Across) -> list[Mark]:
    marks = []
    for target in nerve.targets:
        x = float(across(target.branch, target.leaves_mm))
        axes.plot([x, x + 9], [target.leaves_mm, target.path_mm], color=_NERVE, lw=1)
        shape = "s" if target.kind == "motor" else "o"
        marks.append(Mark(target.name, target.path_mm, x + 9, symbol=shape))
    return marks


def _lanes(nerve: Nerve) -> dict[str, float]:
    """Where each branch runs across the limb, -1 to 1: branches side by side."""
    children: dict[str | None, list[str]] = {}
    for line in nerve.branches:
        children.setdefault(line.parent, []).append(line.name)
    ends = [d.name for d in nerve.branches if d.name not in children]
    lanes = {
        name: 2 * k / (len(ends) - 1) - 1 if len(ends) > 1 else 0.0 for k, name in enumerate(ends)
    }
    for line in reversed(nerve.branches):
        if line.name in children:
            lanes[line.name] = float(np.mean([lanes[c] for c in children[line.name]]))
    lanes |= {root: 0.0 for root in children[None]}
    return lanes
