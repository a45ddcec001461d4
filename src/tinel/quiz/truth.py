"""The simulated truth of one person, which no test sees directly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinel.exam.limb import Bools, Limb
from tinel.exam.per_twin import of_first

NEITHER = "neither"


@dataclass(frozen=True)
class Truth:
    """What is so on the day.

    Args:
        kind: ``neither``, ``block``, ``axon loss`` or ``mixed``.
        landmark: the nearest on the injured branch.
        branch: that branch.
        lost: fraction of the axons at the injured place that were broken.
        back: fraction that were broken and supply a target again.
        blocked: fraction that stand and do not conduct through the injury.
        conducting: fraction that conduct from the cord to a target.
    """

    kind: str
    landmark: str
    branch: str
    lost: float
    back: float
    blocked: float
    conducting: float


def truth_of(limb: Limb, twin: int = 0) -> Truth:
    """The truth behind a limb on its day.

    Args:
        limb: nerve, lesion and state of the day.
        twin: place of the twin among the limb's twins.

    Axon loss and block count from ``lesion.classify.mixed`` of the axons on, each.

    Example:
        >>> import tinel as tn
        >>> from tinel.exam.limb import healthy
        >>> one = tn.Twins(tn.Patient(age=40, sex="female", height_cm=170))
        >>> truth_of(healthy(tn.build("sural", side="left", twins=one))).kind
        'neither'
    """
    state, lesion = limb.state, limb.lesion
    weight = np.where(lesion.present, limb.nerve.fibres.weight, 0.0)
    total = max(float(weight.sum()), 1e-300)

    def fraction(which: Bools) -> float:
        return float((which[twin] * weight).sum() / total)

    lost = fraction(~state.intact)
    blocked = fraction(state.intact & ~limb.conducts)
    least = of_first(limb.parameters, "lesion.classify.mixed")
    kind = {
        (False, False): NEITHER,
        (False, True): "block",
        (True, False): "axon loss",
        (True, True): "mixed",
    }[(lost >= least, blocked >= least)]
    return Truth(
        kind=kind,
        landmark=_nearest(limb, twin),
        branch=lesion.branch,
        lost=lost,
        back=fraction(~state.intact & state.reached),
        blocked=blocked,
        conducting=fraction(limb.conducts),
    )


def _nearest(limb: Limb, twin: int) -> str:
    every = limb.nerve.landmarks
    own = [mark for mark in every if mark.branch == limb.lesion.branch] or list(every)
    at = float(limb.lesion.site_mm[twin])
    return min(own, key=lambda mark: abs(mark.position_mm - at)).name
