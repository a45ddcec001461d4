"""When an axon breaks, and when the stump beyond the break stops working."""

from __future__ import annotations

import numpy as np

from tinel.lesion.lasting_pressure import local_mmHg, overpressure, tolerance_mmHg_days
from tinel.lesion.state import Floats, Ints, Lesion
from tinel.nerve.anatomy import MOTOR
from tinel.twins import Twins


def cut_day(
    lesion: Lesion,
    begins_d: Floats,
    pressure_mmHg: Floats,
    twins: Twins,
    gone_d: Floats | None = None,
) -> tuple[Floats, Ints]:
    """Day each axon breaks, from the injury or from the scar's dose, and the grade of its tube.

    An axon breaks when its overpressure, summed over days, exceeds its tolerance; exact within
    each step of pressure. A scar leaves the tube whole (2) or scarred (3). From ``gone_d`` on there
    is no axon left for it to break, as it broke nearer to the cord.

    Returns:
        ``cut_d`` (inf for never) and the Sunderland grade, shape ``(n_twin, n_fibre)``.
    """
    n_fibre = lesion.present.size
    parameters = twins.parameters
    draw = twins.normal("course.axon.tolerance", n_fibre)
    tolerance = tolerance_mmHg_days(draw, parameters)
    dose = np.zeros(tolerance.shape)
    breaks = np.full(tolerance.shape, np.inf)
    n_step = begins_d.shape[1]
    for step in range(n_step):
        if not pressure_mmHg[:, step].any():
            continue
        rate = overpressure(local_mmHg(lesion, pressure_mmHg[:, step], parameters), parameters)
        if not rate.any():
            continue
        begins = begins_d[:, step, None]
        lasts = begins_d[:, step + 1, None] - begins if step + 1 < n_step else np.inf
        needs = np.divide(tolerance - dose, rate, out=np.full(rate.shape, np.inf), where=rate > 0)
        now = np.isinf(breaks) & (needs <= lasts) & np.isfinite(needs) & lesion.present[None, :]
        breaks = np.where(now, begins + needs, breaks)
        if step + 1 < n_step:
            dose = dose + rate * lasts
    if gone_d is not None:
        breaks = np.where(breaks < gone_d, breaks, np.inf)
    scarred = twins.uniform("course.scar.grade", n_fibre, 0.0)
    by_scar = np.where(scarred < parameters["lesion.scar.grade3_fraction"], 3, 2)
    grade = np.where(
        lesion.sunderland_grade >= 2,
        lesion.sunderland_grade,
        np.where(np.isfinite(breaks), by_scar, 0),
    )
    return np.minimum(lesion.cut_d, breaks), grade


def silence(cut_d: Floats, kind: Ints, twins: Twins) -> tuple[Floats, Floats]:
    """Days on which the endings stop transmitting and the distal stump stops conducting.

    Motor endings fail first (medians ``course.junction.motor``, ``course.stump.conduction``);
    sensory endings last as long as their axon. Both days share one lognormal draw per fibre and
    one per twin, so an axon that lasts longer keeps its ending longer too.

    Returns:
        ``junction_fails_d`` and ``stump_fails_d``, shape ``(n_twin, n_fibre)``; inf where the
        axon never breaks.
    """
    parameters = twins.parameters
    own = twins.normal("course.degeneration.fibre", kind.size)
    common = twins.normal("course.degeneration.twin", 1)
    pace = np.exp(
        parameters["course.degeneration.fibre_spread"] * own
        + parameters["course.degeneration.twin_spread"] * common
    )
    stump = parameters["course.stump.conduction"] * pace
    ending = np.where(kind == MOTOR, parameters["course.junction.motor"] * pace, stump)
    return cut_d + ending, cut_d + stump
