"""How thick regrown axons become: thinner for good after a torn tube, and each differently."""

from __future__ import annotations

import numpy as np

from tinel.lesion.state import Floats, Ints
from tinel.twins import Twins


def in_the_end(sunderland_grade: Ints, twins: Twins) -> Floats:
    """Calibre of a regrown axon in the end over that before the injury, ``(n_twin, n_fibre)``.

    Args:
        sunderland_grade: of each tube, ``(n_twin, n_fibre)``; from 3 on it is torn.
        twins: whose axons.

    Source:
        ``course.maturity.*``: Ballantyne & Campbell 1973 after suture, the rat after a crush.
    """
    p = twins.parameters
    torn = sunderland_grade >= 3
    last = np.where(torn, p["course.maturity.end_torn"], p["course.maturity.end_whole"])
    differs = twins.normal("course.maturity.fibre", sunderland_grade.shape[1])
    spread = np.exp(p["course.maturity.fibre_spread"] * differs)
    end: Floats = np.clip(last * spread, p["course.maturity.start"], 1.0)
    return end
