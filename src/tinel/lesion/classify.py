"""Seddon's and Sunderland's classes as shares of the fibres, because one word is never true."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinel import evidence
from tinel.lesion.state import Bools, Floats, Ints, Lesion
from tinel.nerve.anatomy import Nerve

SEDDON = ("unhurt", "neurapraxia", "axonotmesis", "neurotmesis")


@dataclass(frozen=True)
class Classes:
    """How the fibres that run through the lesion are spread over the classes.

    ``sunderland`` has shape ``(n_twin, 6)``: shares of grade 0 (unhurt) to 5, which sum to 1.
    """

    sunderland: Floats

    @property
    def seddon(self) -> Floats:
        """Shares of ``SEDDON``, shape ``(n_twin, 4)``: grades 0, 1, 2-3 and 4-5."""
        s = self.sunderland
        return np.stack([s[:, 0], s[:, 1], s[:, 2] + s[:, 3], s[:, 4] + s[:, 5]], axis=1)

    @property
    def mixed(self) -> Bools:
        """Twins with two or more grades of injury that both count, shape ``(n_twin,)``."""
        count = (self.sunderland[:, 1:] > evidence.value("lesion.classify.mixed")).sum(axis=1)
        several: Bools = count >= 2
        return several

    def table(self) -> dict[str, tuple[float, float, float]]:
        """Seddon's classes with mean, 5th and 95th percentile of their share over twins.

        Example:
            >>> pure_block = Classes(np.array([[0.25, 0.75, 0.0, 0.0, 0.0, 0.0]]))
            >>> pure_block.table()["neurapraxia"]
            (0.75, 0.75, 0.75)
        """
        shares = self.seddon
        low, high = np.quantile(shares, [0.05, 0.95], axis=0)
        mean = shares.mean(axis=0)
        return {
            name: (float(mean[i]), float(low[i]), float(high[i])) for i, name in enumerate(SEDDON)
        }


def classes(
    lamellae_left: Floats,
    broken: Bools,
    grade: Ints,
    present: Bools,
    weight: Floats,
    thin_below: Floats | None = None,
) -> Classes:
    """Count the fibres of each class.

    Args:
        lamellae_left: share of the sheath left at the lesion, ``(n_twin, n_fibre)``.
        broken: the axon was severed there, ``(n_twin, n_fibre)``.
        grade: Sunderland's grade of the tube where it is broken, ``(n_twin, n_fibre)``.
        present: fibres that run through the lesion, ``(n_fibre,)``.
        weight: how many real axons a row stands for, ``(n_fibre,)``.
        thin_below: share of lamellae below which a standing axon counts as grade 1,
            ``(n_twin, n_fibre)``; ``lesion.classify.sheath`` where None.

    Example:
        >>> one = np.ones((1, 2))
        >>> found = classes(one, one < 0, np.zeros((1, 2), int), np.array([True, True]), one[0])
        >>> found.sunderland.tolist()
        [[1.0, 0.0, 0.0, 0.0, 0.0, 0.0]]
    """
    if thin_below is None:
        thin_below = np.full(lamellae_left.shape, evidence.value("lesion.classify.sheath"))
    thin = lamellae_left < thin_below
    at = np.where(broken, np.maximum(grade, 2), np.where(thin, 1, 0))
    here = np.where(present, weight, 0.0)
    shares = [((at == g) * here).sum(axis=1) for g in range(6)]
    return Classes(np.stack(shares, axis=1) / max(float(here.sum()), 1e-300))


def of_lesion(nerve: Nerve, lesion: Lesion) -> Classes:
    """Classes of a lesion on day 0, before time has done anything."""
    broken = lesion.cut_d <= 0.0
    weight = nerve.fibres.weight
    return classes(lesion.lamellae_left, broken, lesion.sunderland_grade, lesion.present, weight)
