"""Myelin at the lesion: it thins under pressure over months and grows back over weeks."""

from __future__ import annotations

import numpy as np

from tinel.evidence import Parameters
from tinel.lesion.lasting_pressure import local_mmHg, sheath_under
from tinel.lesion.state import Bools, Floats, Lesion


def relax(
    lamellae_left: Floats,
    target: Floats,
    elapsed_d: Floats | float,
    rested: Bools | bool,
    parameters: Parameters,
) -> Floats:
    """Lamellae after some days under one pressure; exact, so days may be taken in any steps.

    Above the target the surplus decays with ``course.sheath.loss``. Below it the sheath grows
    logistically with ``course.sheath.growth`` once the first ``course.sheath.rest`` days after
    the injury are over (``rested``). Arguments broadcast.

    Example:
        >>> blocked, healthy = np.array([0.01]), np.array([1.0])
        >>> relax(blocked, healthy, 42.0, True, Parameters.of_evidence()).round(2).tolist()
        [0.32]
    """
    thinned = target + (lamellae_left - target) * np.exp(
        -np.asarray(elapsed_d) / parameters["course.sheath.loss"]
    )
    start = np.maximum(lamellae_left, 1e-6)
    growing = np.exp(-np.asarray(elapsed_d) / parameters["course.sheath.growth"])
    grown = target / (1.0 + (target / start - 1.0) * growing)
    below = lamellae_left < target
    left: Floats = np.where(below, np.where(rested, grown, lamellae_left), thinned)
    return left


def at_steps(
    lesion: Lesion, begins_d: Floats, pressure_mmHg: Floats, parameters: Parameters
) -> tuple[Floats, Floats, Bools]:
    """Lamellae at the start of every step of pressure, and what each step would end in.

    Returns:
        ``start`` and ``target`` of shape ``(n_step, n_twin, n_fibre)`` and ``rested`` of shape
        ``(n_twin, n_step)``. Fibres that do not run through the lesion keep a whole sheath.
    """
    struck = lesion.struck_d[:, None]
    rested = begins_d >= struck + parameters["course.sheath.rest"]
    here = lesion.present[None, :]
    now = np.ones(lesion.lamellae_left.shape)
    hit = np.zeros(struck.shape, bool)
    starts, targets = [], []
    for step in range(begins_d.shape[1]):
        hits = ~hit & (begins_d[:, step, None] >= struck)
        now = np.where(hits, np.minimum(now, lesion.lamellae_left), now)
        hit = hit | hits
        local = local_mmHg(lesion, pressure_mmHg[:, step], parameters)
        target = np.where(here, sheath_under(local, parameters), 1.0)
        starts.append(now)
        targets.append(target)
        if step + 1 < begins_d.shape[1]:
            lasts = (begins_d[:, step + 1] - begins_d[:, step])[:, None]
            now = relax(now, target, lasts, rested[:, step, None], parameters)
    return np.stack(starts), np.stack(targets), rested
