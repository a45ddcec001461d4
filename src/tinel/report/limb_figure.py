"""The nerve along the limb: divisions, landmarks, targets, the injury and how far axons grew."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from tinel.nerve.anatomy import Nerve
from tinel.report.drawing import Axes, draw
from tinel.report.figure import Figure, Panel, Swatch, table
from tinel.report.limb_outline import outline, spread_out
from tinel.report.numerals import number, shown_day
from tinel.report.palette import INJURY, INK, SOFT, STATES
from tinel.result import Result, Visit

Floats = NDArray[np.float64]
Across = Callable[[str, Floats | float], Floats]  # division and mm from the cord to x

WIDTH, HEIGHT, CENTRE = 430.0, 660.0, 192.0
_NERVE, _FRONT = "#0072b2", STATES["growing"]
_LABEL_GAP_px = 13.5


def limb_figure(result: Result) -> Figure:
    """Draw the middle twin's nerve and the furthest growing axon on every exam day."""
    nerve = result.healthy.limb.nerve
    arm = _growing_arm(result)
    fronts = {day: furthest_mm(visit) for day, visit in result.visits[arm].items()}
    lesion = next(iter(result.visits[arm].values())).limb.lesion
    assert lesion is not None
    site, end = float(lesion.site_mm[0]), float(lesion.site_mm[0] + lesion.length_mm[0])

    def plot(axes: Axes) -> None:
        _plot(axes, nerve, site, end, lesion.division, fronts)

    svg = draw(
        WIDTH,
        HEIGHT,
        plot,
        f"The {nerve.name} nerve along the limb, with the injury {site:.0f} mm from the cord",
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
            f"Ways are to scale, widths are not. The bar marks the injury of the middle twin: "
            f"{end - site:.0f} mm, {site:.0f} mm from the spinal cord. Arrowheads show how far its "
            f"furthest growing axon has come on exam days in the arm '{arm}'.{none}"
        ),
        panels=(Panel("", svg, "limb"),),
        table=table(
            "Furthest growing axon of the middle twin, mm beyond the upper end of the injury",
            ("day", *result.visits),
            rows,
        ),
        legend=(
            Swatch("nerve", _NERVE, ()),
            Swatch("injury", INJURY),
            Swatch("furthest growing axon", _FRONT),
        ),
    )


def furthest_mm(visit: Visit) -> float | None:
    """Where the furthest regrown axon ends (mm from the cord); None where none has left."""
    limb = visit.limb
    assert limb.lesion is not None
    broken = limb.lesion.present & ~limb.state.intact[0]
    front = limb.state.front_mm[0][broken]
    left = front[front > limb.lesion.site_mm[0] + limb.lesion.length_mm[0]]
    return float(left.max()) if left.size else None


def _growing_arm(result: Result) -> str:
    arms = [result.waiting, *(a for a in result.visits if a != result.waiting)]
    grown = (a for a in arms if any(furthest_mm(v) for v in result.visits[a].values()))
    return next(grown, result.waiting)


def _beyond(result: Result, arm: str, day: float, site: float) -> str:
    front = furthest_mm(result.visits[arm][day])
    return "none" if front is None else number(front - site, "")


def _plot(
    axes: Axes,
    nerve: Nerve,
    site: float,
    end: float,
    on: str,
    fronts: dict[float, float | None],
) -> None:
    axes.set_axis_off()
    along, half = outline(nerve.name, nerve.height_cm)
    last = min(max(t.path_mm for t in nerve.targets) * 1.06, float(along[-1]))
    inside = along < last
    y = np.append(along[inside], last)
    x = np.append(half[inside], np.interp(last, along, half))
    scale = HEIGHT / (last - y[0])
    axes.set_xlim(-CENTRE, WIDTH - CENTRE)
    axes.set_ylim(last + 6 / scale, y[0] - 6 / scale)
    wide = 62.0 / x.max()
    fine = np.linspace(y[0], last, 200)
    body = wide * np.interp(fine, y, x)
    axes.fill_betweenx(fine, -body, body, color="#f3e9e2", lw=0)
    axes.plot(-body, fine, color="#d9c6ba", lw=1)
    axes.plot(body, fine, color="#d9c6ba", lw=1)
    lanes = _lanes(nerve)

    def across(division: str, mm: Floats | float) -> Floats:
        line, start = nerve.division(division), nerve.division(division).start_mm
        here = lanes[division]
        before = lanes[line.parent] if line.parent else here
        share = np.clip((np.asarray(mm, float) - start) / 45.0, 0.0, 1.0)
        return (before + (here - before) * share) * 0.62 * wide * np.interp(mm, y, x)

    for line in nerve.divisions:
        mm = np.linspace(max(line.start_mm, y[0]), line.end_mm, 80)
        axes.plot(across(line.name, mm), mm, color=_NERVE, lw=2.2 if line.parent else 3.2)
    _labels(axes, nerve, across, scale, y[0])
    mm = np.linspace(site, end, 12)
    axes.plot(across(on, mm), mm, color=INJURY, lw=9, solid_capstyle="butt")
    middle = (site + end) / 2
    axes.annotate(
        "injury",
        (float(across(on, middle)) + 5, middle),
        (float(across(on, middle)) + 12, middle),
        va="center",
        fontsize=11,
        fontweight="bold",
        color="#a04400",
    )
    _arrowheads(axes, fronts, scale)


def _arrowheads(axes: Axes, fronts: dict[float, float | None], scale: float) -> None:
    grown = [(day, mm) for day, mm in fronts.items() if mm is not None]
    if not grown:
        return
    # days on which the front stood still share one label
    places: dict[float, list[float]] = {}
    for day, mm in grown:
        places.setdefault(round(mm), []).append(day)
    at = np.array(list(places))
    text_at = spread_out(at, 12.0 / scale)
    for mm, text_mm, days in zip(at, text_at, places.values(), strict=True):
        x = -7.0
        axes.plot([x], [mm], marker="v", ms=7, color=_FRONT, mec="white", mew=0.6)
        told = f"d {days[0]:.0f}" + (f"–{days[-1]:.0f}" if len(days) > 1 else "")
        axes.text(x - 6, text_mm, told, ha="right", va="center", fontsize=9.5, color="#8a3a68")


def _labels(axes: Axes, nerve: Nerve, across: Across, scale: float, top: float) -> None:
    gap = _LABEL_GAP_px / scale
    marks = [m for m in nerve.landmarks if m.position_mm > top]
    wanted = np.array([m.position_mm for m in marks])
    for mark, at in zip(marks, spread_out(wanted, gap), strict=True):
        x = float(across(mark.division, mark.position_mm))
        axes.plot([-82, -72, x], [at, mark.position_mm, mark.position_mm], color="#c9d1d6", lw=0.6)
        axes.plot([x], [mark.position_mm], "o", ms=3, color="white", mec=_NERVE, mew=0.9)
        axes.text(-85, at, mark.name, ha="right", va="center", fontsize=10, color=SOFT)
    wanted = np.array([t.path_mm for t in nerve.targets])
    for target, at in zip(nerve.targets, spread_out(wanted, gap), strict=True):
        x = float(across(target.division, target.leaves_mm))
        reach = x + 9
        axes.plot([x, reach], [target.leaves_mm, target.path_mm], color=_NERVE, lw=1)
        axes.plot([reach, 72, 80], [target.path_mm, target.path_mm, at], color="#c9d1d6", lw=0.6)
        shape = "s" if target.kind == "motor" else "o"
        axes.plot([reach], [target.path_mm], shape, ms=5, color=INK)
        axes.text(83, at, target.name, ha="left", va="center", fontsize=10, color=INK)


def _lanes(nerve: Nerve) -> dict[str, float]:
    """Where each division runs across the limb, -1 to 1: branches side by side."""
    children: dict[str | None, list[str]] = {}
    for line in nerve.divisions:
        children.setdefault(line.parent, []).append(line.name)
    ends = [d.name for d in nerve.divisions if d.name not in children]
    lanes = {
        name: 2 * k / (len(ends) - 1) - 1 if len(ends) > 1 else 0.0 for k, name in enumerate(ends)
    }
    for line in reversed(nerve.divisions):
        if line.name in children:
            lanes[line.name] = float(np.mean([lanes[c] for c in children[line.name]]))
    lanes |= {root: 0.0 for root in children[None]}
    return lanes
