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


def opening(over: Floats, half: float | Floats, steepness: float | Floats) -> Floats:
    """How far the paranodes are open, 0 closed to 1, same shape as ``over``.

    Args:
        over: what exceeds the threshold of harm, 0 or more.
        half: what opens them half, in the same unit.
        steepness: exponent of the rise.

    Source:
        The shape is an assumption; that nodes and paranodes give way under pressure is seen in
        baboons (Ochoa, Fowler & Gilliatt 1972).
    """
    times = (over / half) ** steepness
    opened: Floats = times / (1.0 + times)
    return opened
