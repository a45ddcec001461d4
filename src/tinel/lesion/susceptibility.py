"""How a pressure on the nerve is shared among its fibres: outer and larger ones feel more."""

from __future__ import annotations

import numpy as np

from tinel import evidence
from tinel.lesion.state import Floats
from tinel.nerve.anatomy import Nerve


def of(nerve: Nerve) -> Floats:
    """Local over common overpressure, shape ``(n_twin, n_fibre)``; 1 for a middling fibre.

    A product of depth in the fascicle, diameter to a power, and lognormal noise. Uses the numbers
    ``lesion.susceptibility.*``: the directions come from rats, rabbits and baboons, the sizes are
    assumptions.
    """
    value = {
        name: evidence.value(f"lesion.susceptibility.{name}")
        for name in (
            "outer_to_centre",
            "reference_depth",
            "diameter_exponent",
            "reference_diameter",
            "fibre_noise",
        )
    }
    depth = nerve.fibres.depth[None, :] - value["reference_depth"]
    size = np.log(nerve.fibres.diameter_um / value["reference_diameter"])
    noise = nerve.twins.normal("lesion.susceptibility", nerve.fibres.depth.size)
    share: Floats = np.exp(
        np.log(value["outer_to_centre"]) * depth
        + value["diameter_exponent"] * size
        + value["fibre_noise"] * noise
    )
    return share


def local_mmHg(
    susceptibility: Floats, pressure_mmHg: Floats | float, threshold_mmHg: float
) -> Floats:
    """Pressure that a fibre feels, mmHg; the arguments broadcast.

    What exceeds the threshold is shared unevenly. Below it all feel the same, so that what harms
    no nerve harms no fibre either.

    Example:
        >>> local_mmHg(np.array([0.5, 2.0]), 65.0, 25.0).tolist()
        [45.0, 105.0]
        >>> local_mmHg(np.array([0.5, 2.0]), 15.0, 25.0).tolist()
        [15.0, 15.0]
    """
    over = np.maximum(np.asarray(pressure_mmHg, np.float64) - threshold_mmHg, 0.0)
    local: Floats = pressure_mmHg + (susceptibility - 1.0) * over
    return local
