"""Muscle and skin while they wait and when axons come: who holds how much, and what it can do.

On a grid of days each target's tissue is divided into what its own standing axons hold, what their
sprouts have taken, what regrown axons hold (those of its own and those that went astray), and what
is silent. Axons take silent tissue only, so that an arriving axon never makes a muscle weaker.
Silent muscle shrinks, which regrows once it is held again, and in the end for good: tissue that
falls silent a second time starts from what the first time left.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tinel.cable.solvers.compile_cache import compiled, once
from tinel.course import fading, tissue_loop
from tinel.course.fading import Fading
from tinel.course.stays import (
    Broken,
    GRID_d,
    Stage,
    arrivals,
    binned,
    broken_again,
    first_fractions,
    stays,
)
from tinel.course.tissue_loop import Flow, Kind, Record
from tinel.lesion.state import Floats
from tinel.nerve.anatomy import Nerve
from tinel.treatment.plan import Intervention


@dataclass(frozen=True)
class Tissue:
    """Fractions of each target's tissue on the days of ``GRID_d``, ``(n_day, n_twin, n_target)``.

    ``sprouted`` taken by sprouts of standing axons; ``regrown`` held by regrown axons, with a first
    axis for ``OWN`` and ``ASTRAY``. ``sprouted_can`` and ``regrown_can`` are the same, weighted by
    what that tissue can do. ``broken`` are the regrown axons that a later injury breaks again, and
    ``before`` the fractions as if it did not, which hold until then; None where it breaks none.
    """

    sprouted: Floats
    regrown: Floats
    sprouted_can: Floats
    regrown_can: Floats
    broken: Broken | None = None
    before: Tissue | None = None

    def on(self, day: float | Floats) -> Tissue:
        """The fractions on one day, without the axis of days; or on several, ``(n_day,)``."""
        k = np.clip(np.searchsorted(GRID_d, day), 1, GRID_d.size - 1)
        part = np.clip((day - GRID_d[k - 1]) / (GRID_d[k] - GRID_d[k - 1]), 0.0, 1.0)[
            ..., None, None
        ]

        def between(value: Floats, left: Floats | float = 1.0) -> Floats:
            return (1.0 - part) * value[..., k - 1, :, :] * left + part * value[..., k, :, :]

        if self.broken is None or self.before is None:
            return Tissue(
                between(self.sprouted),
                between(self.regrown),
                between(self.sprouted_can),
                between(self.regrown_can),
            )
        # they let go on their day, and not step by step
        left, then = self.broken.left(int(k), float(day)), self.before.on(day)
        early = (day < self.broken.first_d)[:, None]
        return Tissue(
            np.where(early, then.sprouted, between(self.sprouted)),
            np.where(early, then.regrown, between(self.regrown, left)),
            np.where(early, then.sprouted_can, between(self.sprouted_can)),
            np.where(early, then.regrown_can, between(self.regrown_can, left)),
        )


def enlarged(since_d: Floats, limit: float | Floats, tau_d: float | Floats) -> Floats:
    """How many times its first size a motor unit has grown some days after it came."""
    grown: Floats = 1.0 + (limit - 1.0) * -np.expm1(-np.maximum(since_d, 0.0) / tau_d)
    return grown


def follow_tissue(
    nerve: Nerve,
    junction_fails_d: Floats,
    own_fraction: Floats,
    stages: tuple[Stage, ...],
    interventions: tuple[Intervention, ...],
) -> Tissue:
    """Follow muscle and skin under the dates of every axon.

    Args:
        nerve: the healthy nerve.
        junction_fails_d: day on which each axon's endings fall silent; inf for never.
        own_fraction: fraction of its target that each healthy axon holds, from ``own_fractions``.
        stages: which regrown axons come, in order of time.
        interventions: those that change how muscle fades.
    """
    fibres, n_target, p = nerve.fibres, len(nerve.targets), nerve.twins.parameters
    muscle = np.array([t.kind == "motor" for t in nerve.targets])
    limit = np.where(muscle, p["course.sprouting.limit"], 1.0)
    tau = p["course.sprouting.tau"]
    lost = binned(junction_fails_d, fibres.target[None, :], own_fraction, n_target)
    held_by = [stays(nerve, stage, own_fraction) for stage in stages]
    came, young, cut_out = arrivals(nerve, stages, held_by, tau)
    broken = broken_again(nerve, stages, held_by)
    kept = dict(cut_out)
    for k, left_of in (broken.kept if broken else {}).items():
        kept[k] = kept.get(k, 1.0) * left_of
    fade, pace = Fading.of(muscle, p), fading.paces(interventions, GRID_d, len(nerve.twins))

    def each(value: Floats | float) -> Floats:
        return np.array(np.broadcast_to(value, lost.shape[1:]), np.float64)

    cut, shape = np.full(GRID_d.size, -1), came[:, 0].shape
    cut[list(kept)] = np.arange(len(kept))
    flow = Flow(
        days=np.diff(GRID_d, prepend=GRID_d[0]),
        lost=lost,
        came=came,
        young=young,
        cut=cut,
        kept=np.array([*kept.values()], np.float64).reshape(-1, *shape),
        pace=np.where(muscle, pace[:, :, None], 1.0),
    )
    record = Record(*(np.zeros(v.shape) for v in (lost, came, lost, came)))
    _loop()(flow, Kind(each(limit), each(tau), Fading(*map(each, fade))), record)
    # the days before the operation are read from the course before it
    for k in filter(None, cut_out):
        for value in record:
            value[..., k - 1, :, :] = value[..., k, :, :]
    found = Tissue(*record)
    if broken is None or not broken.day.size:
        return found
    # until the first breaks, the grid must not know of it
    grown = stages[-1].grown.on(np.nextafter(broken.first_d, 0.0)[:, None])
    first_held = first_fractions(nerve, grown, own_fraction)
    last = replace(stages[-1], grown=grown, first=first_held)
    then = follow_tissue(nerve, junction_fails_d, own_fraction, (*stages[:-1], last), interventions)
    return replace(found, broken=broken, before=then)


@once
def _loop() -> Any:
    lasting = compiled(fading.left, {"np": np}, keep=False)
    return compiled(tissue_loop.run, {"np": np, "LEAST": tissue_loop.LEAST, "lasting": lasting})
