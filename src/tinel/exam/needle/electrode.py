"""The needle electrodes: what each records with, and against what.

A concentric needle records from its core against its own cannula, which lies among the same motor
units and so takes away what reaches both; behind the cannula the core sees little. A monopolar
needle records from a bare tip, all around, against a distant electrode.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinel.errors import TinelError, suggest
from tinel.evidence import Parameters

Floats = NDArray[np.float64]
CONCENTRIC, MONOPOLAR = "concentric", "monopolar"
NEEDLES = (CONCENTRIC, MONOPOLAR)
_PLACES = 10


@dataclass(frozen=True)
class Electrode:
    """A needle electrode.

    Args:
        core_mm: length of the recording surface.
        around: whether it records on all sides, or only in front.
        cannula_mm: length of the cannula it records against; 0 for a distant reference.
        cannula_radius_mm: of that cannula.
    """

    core_mm: float
    around: bool
    cannula_mm: float
    cannula_radius_mm: float

    @classmethod
    def of(cls, parameters: Parameters, needle: str = CONCENTRIC) -> Electrode:
        """The electrode of that name, ``concentric`` or ``monopolar``.

        Raises:
            TinelError: no such needle.

        Example:
            >>> Electrode.of(Parameters.of_evidence(), "monopolar").around
            True
        """
        read = parameters.scalar
        if needle == CONCENTRIC:
            return cls(
                read("needle.electrode.core_mm"),
                False,
                read("needle.electrode.cannula_mm"),
                read("needle.electrode.cannula_radius_mm"),
            )
        if needle == MONOPOLAR:
            return cls(read("needle.electrode.tip_mm"), True, 0.0, 0.0)
        raise TinelError(f"needle is '{needle}'", "needle", suggest(needle, list(NEEDLES)))

    def to_cannula_mm(self, x_mm: Floats, y_mm: Floats) -> Floats:
        """Distances of fibres to evenly spaced places of the cannula, ``(n_place, n_fibre)``.

        Args:
            x_mm, y_mm: of the fibres, ``(n_fibre,)``; the cannula lies along x from 0 on.
        """
        if self.cannula_mm <= 0:
            return np.zeros((0, x_mm.size))
        places = (np.arange(_PLACES) + 0.5) / _PLACES * self.cannula_mm
        # a fibre nearer than half the step between places would count as if it lay at all of them
        least = max(self.cannula_radius_mm, self.cannula_mm / _PLACES / 4)
        found: Floats = np.maximum(np.hypot(x_mm - places[:, None], y_mm), least)
        return found
