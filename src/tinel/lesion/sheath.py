"""How much of a sheath is left after an injury of a certain strength."""

from __future__ import annotations

from tinel.evidence import Parameters
from tinel.twins import Floats


def lamellae_left(over: Floats, of: str, parameters: Parameters) -> Floats:
    """Fraction of the lamellae left, same shape as ``over``.

    ``floor + (1 - floor) / (1 + (over / half) ** steepness)``: all of them where nothing exceeds
    the threshold of harm, half of what can be lost at ``half``.

    Args:
        over: what exceeds the threshold, 0 or more, in the unit of ``half``.
        of: beginning of the keys for ``half`` and ``steepness``, e.g. ``lesion.sheath.``.
        parameters: the numbers in use.

    Source:
        The shape is an assumption; ``lesion.sheath.floor`` is what conduction block leaves.
    """
    floor = parameters["lesion.sheath.floor"]
    times = (over / parameters[f"{of}half"]) ** parameters[f"{of}steepness"]
    left: Floats = floor + (1.0 - floor) / (1.0 + times)
    return left
