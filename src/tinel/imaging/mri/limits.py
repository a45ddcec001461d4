"""Where normal ends for what a reader of MR neurography writes down."""

from __future__ import annotations

from dataclasses import dataclass

from tinel.evidence import Parameters


@dataclass(frozen=True)
class MrLimit:
    """The largest or smallest normal value of a quantity.

    Args:
        value: in the unit of the quantity.
        lower: whether normal values lie above it.
        key: the number in evidence with its source.
    """

    value: float
    lower: bool
    key: str


def limit(name: str, parameters: Parameters, nerve: str = "") -> MrLimit | None:
    """The limit of a quantity that ``scan.read`` names; None where none was published.

    Args:
        name: e.g. ``FA``.
        parameters: ``mri.limit``.
        nerve: whose area it is; only that of the ulnar nerve at the elbow has a limit here.

    Example:
        >>> limit("nerve-muscle ratio", Parameters.of_evidence()).value
        1.92
        >>> limit("area", Parameters.of_evidence(), nerve="median") is None
        True
    """
    keys = {
        "nerve-muscle ratio": ("mri.limit.nerve_muscle_ratio", False),
        "FA": ("mri.limit.fa", True),
        "ADC": ("mri.limit.adc", False),
        "STIR ratio": ("mri.limit.muscle_ratio", False),
    }
    if name == "T2":
        healthy = parameters.number("mri.limit.t2_ms")
        reach = parameters.scalar("mri.limit.t2_sd") * (healthy.sd or 0.0)
        return MrLimit(parameters.scalar("mri.limit.t2_ms") + reach, False, "mri.limit.t2_ms")
    if name == "area" and nerve == "ulnar":
        keys["area"] = ("mri.limit.area_ulnar_elbow_mm2", False)
    if name not in keys:
        return None
    key, lower = keys[name]
    return MrLimit(parameters.scalar(key), lower, key)
