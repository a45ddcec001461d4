"""How bright a muscle is to a scanner that has water or fat in it."""

from __future__ import annotations

import numpy as np

from tinel.evidence import Parameters
from tinel.imaging.mri.protocol import Protocol, stir_protocol
from tinel.imaging.mri.signal import spin_echo
from tinel.imaging.mri.tissue import protons
from tinel.imaging.plane import Plane, Tissue


def stir_ratio(
    water: float, fat: float, parameters: Parameters, protocol: Protocol | None = None
) -> float:
    """Brightness of a muscle against a healthy one, before any noise.

    Args:
        water, fat: of the muscle, 0 to 1.
        parameters: relaxation times.
        protocol: None for ``stir_protocol``.

    Example:
        >>> p = Parameters.of_evidence()
        >>> stir_ratio(0.0, 0.0, p), 1.4 < stir_ratio(0.8, 0.0, p) < 1.6
        (1.0, True)
    """
    used = protocol or stir_protocol(parameters)
    row = np.array([[0.0, water]], np.float32)
    plane = Plane(
        tissue=np.full((1, 2), Tissue.MUSCLE, np.uint8),
        spacing_mm=1.0,
        view="cross",
        position_mm=0.0,
        water=row,
        fat=np.array([[0.0, fat]], np.float32),
        axons=np.zeros((1, 2), np.float32),
    )
    here = protons(plane, parameters, used.field_T)
    healthy, other = (
        here.water * spin_echo(here.t1_ms, here.t2_ms, used)
        + here.fat * spin_echo(here.fat_t1_ms, here.fat_t2_ms, used)
    )[0]
    return float(other / healthy)
