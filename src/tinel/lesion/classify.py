"""Seddon's and Sunderland's classes as fractions of the fibres: one word is never enough."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinel.lesion.state import Bools, Floats, Ints

SEDDON = ("unhurt", "neurapraxia", "axonotmesis", "neurotmesis")


@dataclass(frozen=True)
class Classes:
    """How the fibres that run through the lesion are spread over the classes.

    ``sunderland`` has shape ``(n_twin, 6)``: fractions of Sunderland grade 0 (unhurt) to 5, which
    sum to 1.
    """

    sunderland: Floats

    @property
    def seddon(self) -> Floats:
        """Fractions of ``SEDDON``, ``(n_twin, 4)``: Sunderland 0, 1, 2-3 and 4-5."""
        s = self.sunderland
        return np.stack([s[:, 0], s[:, 1], s[:, 2] + s[:, 3], s[:, 4] + s[:, 5]], axis=1)

    def mixed(self, above: float | Floats) -> Bools:
        """Twins with two or more Sunderland grades of injury that both count, ``(n_twin,)``.

        Mackinnon's sixth grade.

        Args:
            above: fraction of fibres from which a grade counts (``lesion.classify.mixed``).
        """
        count = (self.sunderland[:, 1:] > above).sum(axis=1)
        several: Bools = count >= 2
        return several

    def table(self) -> dict[str, tuple[float, float, float]]:
        """Seddon's classes with mean, 5th and 95th percentile of their fraction over twins.

        Example:
            >>> pure_block = Classes(np.array([[0.25, 0.75, 0.0, 0.0, 0.0, 0.0]]))
            >>> pure_block.table()["neurapraxia"]
            (0.75, 0.75, 0.75)
        """
        fractions = self.seddon
        low, high = np.quantile(fractions, [0.05, 0.95], axis=0)
        mean = fractions.mean(axis=0)
        return {
            name: (float(mean[i]), float(low[i]), float(high[i])) for i, name in enumerate(SEDDON)
        }


def classes(
    lamellae_left: Floats,
    broken: Bools,
    sunderland_grade: Ints,
    present: Bools,
    weight: Floats,
    thin_below: float | Floats,
) -> Classes:
    """Count the fibres of each class.

    Args:
        lamellae_left: fraction of the sheath left at the lesion, ``(n_twin, n_fibre)``.
        broken: the axon was severed there, ``(n_twin, n_fibre)``.
        sunderland_grade: of the tube where it is broken, ``(n_twin, n_fibre)``.
        present: fibres that run through the lesion, ``(n_fibre,)``.
        weight: how many real axons a row stands for, ``(n_fibre,)``.
        thin_below: fraction of lamellae below which a standing axon counts as Sunderland 1, such
            as ``lesion.classify.sheath``; broadcasts to ``(n_twin, n_fibre)``.

    Example:
        >>> one = np.ones((1, 2))
        >>> here = np.array([True, True])
        >>> found = classes(one, one < 0, np.zeros((1, 2), int), here, one[0], thin_below=0.5)
        >>> found.sunderland.tolist()
        [[1.0, 0.0, 0.0, 0.0, 0.0, 0.0]]
    """
    thin = lamellae_left < thin_below
    at = np.where(broken, np.maximum(sunderland_grade, 2), np.where(thin, 1, 0))
    here = np.where(present, weight, 0.0)
    found = [((at == g) * here).sum(axis=1) for g in range(6)]
    return Classes(np.stack(found, axis=1) / max(float(here.sum()), 1e-300))
