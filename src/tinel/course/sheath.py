"""Myelin at the lesion: it thins under pressure over months and grows back over weeks."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinel.evidence import Parameters
from tinel.lesion.lasting_pressure import local_mmHg, sheath_under
from tinel.lesion.state import Bools, Floats, Lesion
from tinel.lesion.vulnerability import sheath_time_factor
from tinel.twins import Twins


def relax(
    lamellae_left: Floats,
    target: Floats,
    elapsed_d: Floats | float,
    rested: Bools | bool,
    pace: Floats | float,
    parameters: Parameters,
) -> Floats:
    """Lamellae after some days under one pressure; exact, so days may be taken in any steps.

    Above the target the surplus decays with ``course.sheath.loss``. Below it the sheath grows
    logistically with ``course.sheath.growth`` once the first ``course.sheath.rest`` days after
    the injury are over (``rested``), ``pace`` times as slowly. Arguments broadcast.

    Example:
        >>> blocked, healthy = np.array([0.01]), np.array([1.0])
        >>> relax(blocked, healthy, 42.0, True, 1.0, Parameters.of_evidence()).round(2).tolist()
        [0.52]
    """
    elapsed = np.asarray(elapsed_d)
    thin = thinned(lamellae_left, target, elapsed, parameters["course.sheath.loss"])
    grown = regrown(lamellae_left, target, elapsed, parameters["course.sheath.growth"] * pace)
    below = lamellae_left < target
    left: Floats = np.where(below, np.where(rested, grown, lamellae_left), thin)
    return left


def thinned(lamellae_left: Any, target: Any, elapsed_d: Any, loss_d: Any) -> Any:
    """Lamellae above their target after some days; of numbers or arrays, as it is also compiled."""
    return target + (lamellae_left - target) * np.exp(-elapsed_d / loss_d)


def regrown(lamellae_left: Any, target: Any, elapsed_d: Any, growth_d: Any) -> Any:
    """Lamellae below their target after some days; of numbers or arrays, as it is also compiled."""
    start = np.maximum(lamellae_left, 1e-6)
    return target / (1.0 + (target / start - 1.0) * np.exp(-elapsed_d / growth_d))


def paces(n_fibre: int, twins: Twins) -> Floats:
    """Factor on the time constant of each sheath's recovery, ``(n_twin, n_fibre)``.

    People differ more than the fibres of one nerve; both are lognormal. Diabetes and other
    conditions of the patient slow it down.
    """
    p = twins.parameters
    pace: Floats = sheath_time_factor(twins) * np.exp(
        p["course.sheath.twin_spread"] * twins.normal("course.sheath.twin", 1)
        + p["course.sheath.fibre_spread"] * twins.normal("course.sheath.fibre", n_fibre)
    )
    return pace


def at_steps(
    lesion: Lesion, begins_d: Floats, pressure_mmHg: Floats, pace: Floats, parameters: Parameters
) -> tuple[Floats, Floats, Bools]:
    """Lamellae at the start of every step of pressure, and what each step would end in.

    Returns:
        ``start`` and ``target`` of shape ``(n_step, n_twin, n_fibre)`` and ``rested`` of shape
        ``(n_twin, n_step)``. Fibres that do not run through the lesion keep a whole sheath.
    """
    rest = np.ravel(parameters["course.sheath.rest"])
    rested = begins_d >= (lesion.struck_d + rest)[:, None] - 1e-9
    here = lesion.present[None, :]
    now = np.ones(lesion.lamellae_left.shape)
    starts, targets = [], []
    for step in range(begins_d.shape[1]):
        struck = (begins_d[:, step] == lesion.struck_d)[:, None]
        now = np.where(struck, np.minimum(now, lesion.lamellae_left), now)
        target = np.ones(now.shape)
        if pressure_mmHg[:, step].any():
            local = local_mmHg(lesion, pressure_mmHg[:, step], parameters)
            target = np.where(here, sheath_under(local, parameters), 1.0)
        starts.append(now)
        targets.append(target)
        if step + 1 < begins_d.shape[1]:
            lasts = (begins_d[:, step + 1] - begins_d[:, step])[:, None]
            now = relax(now, target, lasts, rested[:, step, None], pace, parameters)
    return np.stack(starts), np.stack(targets), rested
