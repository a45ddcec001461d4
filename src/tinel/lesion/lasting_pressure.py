"""What a pressure that lasts does to a fibre: thinner myelin, and in the end a broken axon."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tinel.evidence import Parameters
from tinel.lesion import sheath, susceptibility
from tinel.lesion.state import Floats, Lesion


def local_mmHg(lesion: Lesion, pressure_mmHg: Floats, parameters: Parameters) -> Floats:
    """Pressure on each fibre under given scar pressures ``(n_twin,)``, ``(n_twin, n_fibre)``.

    None on a fibre without susceptibility, which the scar does not reach.
    """
    threshold, common = parameters["lesion.sheath.threshold"], pressure_mmHg[:, None]
    local = susceptibility.local_mmHg(lesion.susceptibility, common, threshold)
    return np.where(lesion.susceptibility > 0.0, local, 0.0)


def sheath_under(pressure_local_mmHg: ArrayLike, parameters: Parameters) -> Floats:
    """Fraction of the lamellae left when a pressure lasts for ever, same shape as given.

    Source:
        The threshold is a rabbit's, the shape (``sheath.lamellae_left``) an assumption.

    Example:
        >>> left = sheath_under([20.0, 50.0, 100.0, 1000.0], Parameters.of_evidence())
        >>> [round(float(x), 2) for x in left]
        [1.0, 0.51, 0.05, 0.01]
    """
    over = _above(pressure_local_mmHg, parameters["lesion.sheath.threshold"])
    return sheath.lamellae_left(over, "lesion.sheath.", parameters)


def overpressure(pressure_local_mmHg: ArrayLike, parameters: Parameters) -> Floats:
    """Pressure above what an axon bears without limit of time, mmHg, same shape as given.

    Example:
        >>> overpressure([40.0, 100.0], Parameters.of_evidence()).tolist()
        [0.0, 40.0]
    """
    return _above(pressure_local_mmHg, parameters["lesion.axon.threshold"])


def tolerance_mmHg_days(draw: Floats, parameters: Parameters) -> Floats:
    """Overpressure dose that breaks an axon, mmHg times days, from standard normal draws.

    Example:
        >>> tolerance_mmHg_days(np.zeros(1), Parameters.of_evidence()).tolist()
        [5000.0]
    """
    spread = parameters["lesion.axon.tolerance_spread"]
    tolerance: Floats = parameters["lesion.axon.tolerance"] * np.exp(spread * draw)
    return tolerance


def _above(pressure_mmHg: ArrayLike, threshold: float | Floats) -> Floats:
    over: Floats = np.maximum(np.asarray(pressure_mmHg, np.float64) - threshold, 0.0)
    return over
