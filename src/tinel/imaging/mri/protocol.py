"""Protocols of MR neurography: times, field, pixel and slice."""

from __future__ import annotations

from dataclasses import dataclass

from tinel.errors import TinelError
from tinel.evidence import Parameters

FIELDS_T = (1.5, 3.0)


@dataclass(frozen=True)
class Protocol:
    """A spin-echo measurement.

    Args:
        name: what its pictures show, e.g. ``T2-weighted``.
        field_T: 1.5 or 3 T.
        repetition_ms, echo_ms: above 0.
        inversion_ms: time from an inversion pulse to the excitation; None for no inversion.
        fat_saturated: whether a pulse at the frequency of fat comes first.
        pixel_mm, slice_mm: above 0.

    Raises:
        TinelError: another field, or a time or size that is not above 0.

    Example:
        >>> Protocol("T2-weighted", 3.0, 7020.0, 52.0, None, True, 0.27, 3.0).echo_ms
        52.0
    """

    name: str
    field_T: float
    repetition_ms: float
    echo_ms: float
    inversion_ms: float | None
    fat_saturated: bool
    pixel_mm: float
    slice_mm: float

    def __post_init__(self) -> None:
        if self.field_T not in FIELDS_T:
            raise TinelError(f"{self.field_T} T is no field known here (allowed: 1.5 or 3)")
        for name in ("repetition_ms", "echo_ms", "pixel_mm", "slice_mm"):
            value = getattr(self, name)
            if not value > 0:
                raise TinelError(f"{value} is out of range (allowed: above 0)", name)


def t2_weighted_protocol(parameters: Parameters, field_T: float = 3.0) -> Protocol:
    """T2-weighted with fat saturation, TR/TE 7020/52 ms.

    Raises:
        TinelError: another field than 1.5 or 3 T.

    Example:
        >>> t2_weighted_protocol(Parameters.of_evidence()).pixel_mm
        0.27
    """
    return _of("T2-weighted", "t2w", parameters, field_T, None, fat_saturated=True)


def stir_protocol(parameters: Parameters, field_T: float = 3.0) -> Protocol:
    """STIR, TR/TE/TI 6120/66/180 ms: fat is dark by its T1, wherever its frequency lies.

    Raises:
        TinelError: another field than 1.5 or 3 T.

    Example:
        >>> stir_protocol(Parameters.of_evidence()).inversion_ms
        180.0
    """
    inversion_ms = parameters.scalar("mri.stir.inversion_ms")
    return _of("STIR", "stir", parameters, field_T, inversion_ms, fat_saturated=False)


def _of(
    name: str,
    key: str,
    parameters: Parameters,
    field_T: float,
    inversion_ms: float | None,
    *,
    fat_saturated: bool,
) -> Protocol:
    def number(which: str) -> float:
        return parameters.scalar(f"mri.{key}.{which}")

    return Protocol(
        name=name,
        field_T=field_T,
        repetition_ms=number("repetition_ms"),
        echo_ms=number("echo_ms"),
        inversion_ms=inversion_ms,
        fat_saturated=fat_saturated,
        pixel_mm=number("pixel_mm"),
        slice_mm=number("slice_mm"),
    )
