"""The nerve cut at the injury: fascicles and fibres, coloured by what they do on a day."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from tinel.declare.quantity import shown_day
from tinel.exam.examination import Visit
from tinel.exam.limb import Limb
from tinel.lesion.state import Bools
from tinel.report.drawing import Axes, draw
from tinel.report.figure import Figure, Panel, Swatch, table
from tinel.report.number_format import number
from tinel.report.palette import STATES
from tinel.result import Result

Ints = NDArray[np.int_]
SIZE, PANELS = 300.0, 4


def beyond_where_it_broke(limb: Limb) -> Bools:
    """Whether each axon of the first twin ends beyond the injury that broke it, ``(n_fibre,)``.

    An axon may break anywhere in an injury, so what has grown is seen beyond all of it.
    """
    lesion, second = limb.lesion, limb.state.beyond
    end = np.full(lesion.present.shape, lesion.site_mm[0] + lesion.length_mm[0])
    if lesion.beyond is not None and second is not None:
        far = lesion.beyond.site_mm[0] + lesion.beyond.length_mm[0]
        end = np.where(second.divided[0] & second.stands_before[0], far, end)
    return np.asarray(limb.state.front_mm[0] > end)


def fibre_states(visit: Visit) -> Ints:
    """Index into ``palette.STATES`` per fibre of the middle twin, -1 where it runs elsewhere."""
    limb = visit.limb
    state, lesion = limb.state, limb.lesion
    intact, conducts = state.intact[0], limb.conducts[0]
    thin = (state.lamellae_left < limb.parameters["lesion.classify.sheath"])[0]
    index = np.select(
        [
            ~lesion.present,
            intact & ~conducts,
            intact & thin,
            intact,
            state.reached[0],
            beyond_where_it_broke(limb),
        ],
        [-1, 2, 1, 0, 5, 4],
        3,
    )
    return index.astype(np.int_)


def percentages(visit: Visit) -> list[float]:
    """Percentage of the axons at the injury in each of ``palette.STATES``."""
    weight, index = visit.limb.nerve.fibres.weight, fibre_states(visit)
    total = weight[index >= 0].sum()
    return [100 * float(weight[index == k].sum() / total) for k in range(len(STATES))]


def section_figure(result: Result) -> Figure:
    """The cross-section of the middle twin on a few days of waiting."""
    visits = result.visits[result.waiting]
    days = _few(list(visits))
    panels = tuple(
        Panel(
            f"day {shown_day(day)}",
            _section(visits[day], shown_day(day)),
            f"section-{k}",
        )
        for k, day in enumerate(days)
    )
    rows = [
        [shown_day(day), *(number(s, "%") for s in percentages(visit))]
        for day, visit in visits.items()
    ]
    empty = _empty_fascicles(next(iter(visits.values())))
    left = (
        f" Fascicles drawn empty, {empty} of {len(result.healthy.limb.nerve.fascicles)}: their "
        f"fibres do not run through the injury, as they leave the nerve above it."
        if empty
        else ""
    )
    return Figure(
        title="The nerve cut at the injury",
        caption=(
            "The example twin, waiting. Each dot is one modelled fibre, drawn larger than it is "
            "and standing for several real axons; dots show where it lies in its fascicle. One "
            "cross-section stands for the whole nerve; packing and count of the fascicles are "
            f"assumed.{left}"
        ),
        panels=panels,
        table=table("Share of the axons at the injury, %", ("day", *STATES), rows),
        legend=tuple(Swatch(name, colour) for name, colour in STATES.items()),
    )


def _empty_fascicles(visit: Visit) -> int:
    """How many fascicles hold no fibre that runs through the injury."""
    fibres, here = visit.limb.nerve.fibres, fibre_states(visit) >= 0
    inside = (
        (np.hypot(fibres.x_mm - f.x_mm, fibres.y_mm - f.y_mm) <= f.radius_mm) & here
        for f in visit.limb.nerve.fascicles
    )
    return sum(not of_one.any() for of_one in inside)


def _few(days: list[float]) -> list[float]:
    if len(days) <= PANELS:
        return days
    return [days[round(k * (len(days) - 1) / (PANELS - 1))] for k in range(PANELS)]


def _section(visit: Visit, day: str) -> Markup:
    nerve, index = visit.limb.nerve, fibre_states(visit)
    radius = float(np.sqrt(nerve.area_mm2 / np.pi))
    reach = 1.04 * max(radius, *(np.hypot(f.x_mm, f.y_mm) + f.radius_mm for f in nerve.fascicles))
    dot = float(np.clip(2.6 * np.sqrt(1500 / max(len(index), 1)), 2.2, 5.0))

    def plot(axes: Axes) -> None:
        from matplotlib.patches import Circle, PathPatch
        from matplotlib.path import Path

        axes.set_axis_off()
        axes.set_xlim(-reach, reach)
        axes.set_ylim(-reach, reach)
        axes.add_patch(Circle((0, 0), radius, fc="#faf6f1", ec="#cdbfb0", lw=1))
        for f in nerve.fascicles:
            axes.add_patch(
                Circle((f.x_mm, f.y_mm), f.radius_mm, fc="#ffffff", ec="#cdbfb0", lw=0.8)
            )
        for k, colour in enumerate(STATES.values()):
            here = index == k
            if not here.any():
                continue
            # A line of no length with round ends is a dot, in a tenth of a marker's bytes.
            point = np.stack([nerve.fibres.x_mm[here], nerve.fibres.y_mm[here]], axis=1)
            # Left to itself matplotlib drops lines of no length.
            path = Path(np.repeat(point, 2, axis=0), [Path.MOVETO, Path.LINETO] * len(point))
            path.should_simplify = False
            axes.add_patch(
                PathPatch(path, fill=False, ec=colour, lw=dot, capstyle="round", snap=False)
            )

    told = ", ".join(f"{s:.0f} % {n}" for s, n in zip(percentages(visit), STATES, strict=True))
    return draw(SIZE, SIZE, plot, f"Cross-section on day {day}: {told}", margins=(2, 2, 2, 2))
