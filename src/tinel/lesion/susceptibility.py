"""How a pressure on the nerve spreads over its fibres: more on outer and on larger ones."""

from __future__ import annotations

import numpy as np

from tinel.lesion import vulnerability
from tinel.lesion.state import Floats
from tinel.nerve.anatomy import Nerve


def of(nerve: Nerve) -> Floats:
    """Local over common overpressure, ``(n_twin, n_fibre)``; 1 for a fibre of reference size.

    A product of depth in the fascicle, diameter to a power, and lognormal noise, over what the
    person's nerve bears (``vulnerability.tolerance``). Uses ``lesion.susceptibility.*``: the
    directions come from rats, rabbits and baboons, the sizes are assumptions.
    """

    def value(name: str) -> float | Floats:
        return nerve.twins.parameters[f"lesion.susceptibility.{name}"]

    depth = nerve.fibres.depth[None, :] - value("reference_depth")
    size = np.log(nerve.fibres.diameter_um / value("reference_diameter"))
    noise = nerve.twins.normal("lesion.susceptibility", nerve.fibres.depth.size)
    relative: Floats = np.exp(
        np.log(value("outer_to_centre")) * depth
        + value("diameter_exponent") * size
        + value("fibre_noise") * noise
    ) / vulnerability.tolerance(nerve.twins)
    return relative


def local_mmHg(
    susceptibility: Floats, pressure_mmHg: Floats | float, threshold_mmHg: Floats | float
) -> Floats:
    """Pressure on a fibre, mmHg; the arguments broadcast.

    What exceeds the threshold is spread unevenly. Below it all bear the same, so that what harms
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
