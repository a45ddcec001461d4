"""One injured place through time: its pressure, its sheaths, and when axons break there."""

from __future__ import annotations

from dataclasses import dataclass

from tinel.course import degeneration, pressure, sheath
from tinel.lesion.state import Bools, Floats, Ints, Lesion
from tinel.treatment.plan import Intervention
from tinel.twins import Twins


@dataclass(frozen=True)
class Site:
    """What happens at one injured place, whatever happens elsewhere.

    Shapes as in ``timeline.Course``, which says what each field is; ``interventions`` are those
    that axons meet here, in order of time: what was done to a piece that was cut out later has gone
    with it. ``cut_d`` and ``sunderland_grade`` are those of this place: inf
    and 0 or 1 where the axon stands here.
    """

    lesion: Lesion
    interventions: tuple[Intervention, ...]
    begins_d: Floats
    pressure_mmHg: Floats
    lamellae_start: Floats
    lamellae_target: Floats
    rested: Bools
    cut_d: Floats
    sunderland_grade: Ints


def follow_site(
    lesion: Lesion,
    interventions: tuple[Intervention, ...],
    since_d: float,
    pace: Floats,
    twins: Twins,
    gone_d: Floats | None = None,
) -> Site:
    """Follow one place.

    Args:
        lesion: what happened there.
        interventions: those that act there, in order of time.
        since_d: day on which the piece was last cut out; -inf for never.
        pace: factor on the times of each sheath's recovery, ``(n_twin, n_fibre)``.
        twins: whose nerve.
        gone_d: day from which no axon is there for a pressure to break, as it broke nearer to the
            cord, ``(n_twin, n_fibre)``; None where there is no such place.
    """
    begins, steps = pressure.steps(lesion, interventions, twins)
    start, target, rested = sheath.at_steps(lesion, begins, steps, pace, twins.parameters)
    cut, grade = degeneration.cut_day(lesion, begins, steps, twins, gone_d)
    after = tuple(i for i in interventions if i.day >= since_d)
    return Site(lesion, after, begins, steps, start, target, rested, cut, grade)
