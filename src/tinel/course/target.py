"""What muscle and skin do while they wait: neighbours sprout, and readiness fades."""

from __future__ import annotations

import numpy as np

from tinel import evidence
from tinel.lesion.state import Bools, Floats, Ints


def per_target(value: Floats, target: Ints, weight: Floats, n_target: int) -> Floats:
    """Weighted mean over the fibres of each target, shape ``(n_twin, n_target)``.

    A target without fibres gets 1.

    Example:
        >>> per_target(np.array([[0.0, 1.0]]), np.array([0, 0]), np.ones(2), 1).tolist()
        [[0.5]]
    """
    member = (target[:, None] == np.arange(n_target)[None, :]) * weight[:, None]
    total = member.sum(axis=0)
    mean: Floats = np.where(total > 0, value @ member / np.maximum(total, 1e-300), 1.0)
    return mean


def unit_growth(
    joined: Bools, denervated_d: Floats, target: Ints, weight: Floats, n_target: int
) -> Floats:
    """Factor by which the joined motor units have grown, shape ``(n_twin, n_target)``.

    They aim to make up for the missing ones, up to ``course.sprouting.limit``, and get there with
    ``course.sprouting.tau``. 1 where none is joined, since nothing is left to sprout.

    Args:
        joined: axon whole from cell body to target, ``(n_twin, n_fibre)``.
        denervated_d: days for which each fibre's endings have been silent, 0 when joined.
        target, weight: ``(n_fibre,)``; ``n_target``: how many targets there are.
    """
    share = per_target(joined.astype(np.float64), target, weight, n_target)
    lost = 1.0 - share
    waiting = per_target(np.where(joined, 0.0, denervated_d), target, weight, n_target)
    waiting = np.divide(waiting, lost, out=np.zeros_like(lost), where=lost > 0)
    aim = np.minimum(1.0 / np.maximum(share, 1e-300), evidence.value("course.sprouting.limit"))
    grown = 1.0 - np.exp(-waiting / evidence.value("course.sprouting.tau"))
    growth: Floats = np.where(share > 0, 1.0 + (aim - 1.0) * grown, 1.0)
    return growth


def readiness(denervated_d: Floats, muscle: Bools) -> Floats:
    """What a target's piece can still do after days without its axon, 0 to 1.

    ``floor + (1 - floor) exp(-t / tau)``, slower for skin than for muscle. There is no wall at
    12 to 18 months: it fades, and what time has taken is not given back.

    Args:
        denervated_d: ``(n_twin, n_fibre)``.
        muscle: which fibres end in muscle, ``(n_fibre,)``.

    Example:
        >>> year, four = readiness(np.array([[365.0, 1460.0]]), np.array([True, True]))[0]
        >>> bool(0.6 < year < 0.8), bool(0.2 < four < 0.4)
        (True, True)
    """
    number = {
        (tissue, what): evidence.value(f"course.readiness.{tissue}_{what}")
        for tissue in ("muscle", "skin")
        for what in ("tau", "floor")
    }
    tau = np.where(muscle, number["muscle", "tau"], number["skin", "tau"])
    floor = np.where(muscle, number["muscle", "floor"], number["skin", "floor"])
    left: Floats = floor + (1.0 - floor) * np.exp(-denervated_d / tau)
    return left
