"""Protocols of an excitability laboratory: thresholds, strength and duration, recovery, block.

Each takes a fibre, or a batch, and where the current goes, in the words of ``tinel.pulse``.

Example:
    >>> import tinel as tn
    >>> fibre = tn.models.mrg(diameter_um=[8, 12], nodes=21)
    >>> thin, thick = tn.threshold(fibre, tn.pulse(node=1, amplitude_nA=1), largest=20).amplitude
    >>> bool(thin < thick)
    True
"""

from tinel.cable.protocols.excitability import recovery_cycle, threshold_electrotonus
from tinel.cable.protocols.strength import recruitment, strength_duration, weiss
from tinel.cable.protocols.threshold import block_threshold, threshold

__all__ = [
    "block_threshold",
    "recovery_cycle",
    "recruitment",
    "strength_duration",
    "threshold",
    "threshold_electrotonus",
    "weiss",
]
