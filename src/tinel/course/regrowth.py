"""Whether a broken axon crosses the site, when it starts, how fast it grows, if it arrives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tinel.course.crossing import open_ways, passage_under
from tinel.evidence import Parameters
from tinel.lesion.lasting_pressure import local_mmHg
from tinel.lesion.state import Floats, Ints, Lesion
from tinel.treatment.plan import Intervention
from tinel.twins import Twins


@dataclass(frozen=True)
class Regrowth:
    """Fate of every broken axon, shape ``(n_twin, n_fibre)``; inf for never.

    ``start_d`` it leaves the site; ``rate_mm_per_day``; ``stall_d`` the empty stump stops
    carrying it; ``arrive_d`` it joins its target.
    """

    start_d: Floats
    rate_mm_per_day: Floats
    stall_d: Floats
    arrive_d: Floats


def waning(what: str, since_d: ArrayLike, parameters: Parameters) -> Floats:
    """Fraction left of the power to regrow (``axotomy``) or of the stump's to carry (``stump``).

    ``floor + (1 - floor) exp(-t / tau)`` of Gordon et al. 2011, with the rat's ``tau`` stretched
    by ``course.clock.human_over_rat``, which is an assumption.

    Example:
        >>> waning("stump", [0.0, 1e9], Parameters.of_evidence()).round(3).tolist()
        [1.0, 0.414]
    """
    floor = parameters[f"course.{what}.floor"]
    tau = parameters[f"course.{what}.tau"] * parameters["course.clock.human_over_rat"]
    left: Floats = floor + (1.0 - floor) * np.exp(-np.asarray(since_d, np.float64) / tau)
    return left


def regrow(
    lesion: Lesion,
    path_mm: Floats,
    cut_d: Floats,
    sunderland_grade: Ints,
    begins_d: Floats,
    pressure_mmHg: Floats,
    interventions: tuple[Intervention, ...],
    twins: Twins,
) -> Regrowth:
    """Follow every broken axon from the site to its target.

    An axon starts on the first day on which the chance to cross exceeds its own uniform draw:
    when it breaks, when the scar's pressure changes, or when an intervention opens the way. It
    arrives unless the stump ahead has been empty too long. It always finds its own target:
    misdirection beyond a torn tube is not modelled.
    """
    n_fibre, parameters = lesion.present.size, twins.parameters
    draw = twins.uniform("course.passage", n_fibre, parameters["course.passage.likeness"])
    delay = parameters["course.growth.delay"] * np.exp(
        parameters["course.growth.delay_spread"] * twins.normal("course.growth.delay", n_fibre)
    )
    rate = parameters["course.growth.rate"] * np.exp(
        parameters["course.growth.rate_fibre_spread"]
        * twins.normal("course.growth.rate.fibre", n_fibre)
        + parameters["course.growth.rate_twin_spread"] * twins.normal("course.growth.rate.twin", 1)
    )
    start = np.full(cut_d.shape, np.inf)
    for step in range(begins_d.shape[1]):
        begins, ends = begins_d[:, step], np.full(len(twins), np.inf)
        if step + 1 < begins_d.shape[1]:
            ends = begins_d[:, step + 1]
        # An axon that breaks within the step tries when it breaks, not when the step began.
        day = np.maximum(cut_d, begins[:, None])
        trying = np.isinf(start) & np.isfinite(cut_d) & (day < ends[:, None])
        if not trying.any():
            continue
        table, extra, factor = open_ways(begins, interventions, parameters)
        local = local_mmHg(lesion, pressure_mmHg[:, step], parameters)
        waited = np.where(trying, day - np.where(trying, cut_d, 0.0), 0.0)
        crossing = np.take_along_axis(table, sunderland_grade, axis=1)
        crossing = crossing * passage_under(local, parameters)
        crossing = crossing * waning("axotomy", waited, parameters)
        now = trying & (draw < crossing)
        start = np.where(now, day + delay + extra[:, None], start)
        rate = np.where(now, rate * factor[:, None], rate)
    return _arrive(lesion, path_mm, cut_d, start, rate, twins)


def _arrive(
    lesion: Lesion,
    path_mm: Floats,
    cut_d: Floats,
    start_d: Floats,
    rate: Floats,
    twins: Twins,
) -> Regrowth:
    parameters = twins.parameters
    draw = twins.uniform(
        "course.stump",
        path_mm.size,
        parameters["course.passage.likeness"],
    )
    floor = parameters["course.stump.floor"]
    tau = parameters["course.stump.tau"] * parameters["course.clock.human_over_rat"]
    # The day on which `waning("stump", ...)` falls below the axon's own draw.
    above = np.maximum((draw - floor) / (1.0 - floor), 1e-300)
    stall = cut_d + np.where(draw > floor, -tau * np.log(above), np.inf)
    way = path_mm[None, :] - lesion.site_mm[:, None]
    arrive = start_d + way / rate
    arrive = np.where((arrive <= stall) & lesion.present[None, :], arrive, np.inf)
    return Regrowth(start_d, rate, stall, arrive)
