"""A needle in a plane: where its shaft lies."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin

from tinel.errors import TinelError

GAUGES = (25, 27, 30)


@dataclass(frozen=True)
class Needle:
    """A needle in the plane of a picture.

    Args:
        tip_mm: depth of its tip and place across, 0 in the middle of the picture.
        angle_deg: between shaft and skin, 0 to 90 degrees; it comes from the left.
        gauge: 25, 27 or 30.

    Raises:
        TinelError: a gauge or angle outside its range.

    Example:
        >>> Needle((8.0, -3.0), angle_deg=25.0, gauge=25).gauge
        25
    """

    tip_mm: tuple[float, float]
    angle_deg: float = 25.0
    gauge: int = 25

    def __post_init__(self) -> None:
        if self.gauge not in GAUGES:
            told = f"gauge {self.gauge} is not known (allowed: {', '.join(map(str, GAUGES))})"
            raise TinelError(told, "gauge")
        if not 0.0 <= self.angle_deg <= 90.0:
            told = f"{self.angle_deg:g} degrees is out of range (allowed: 0 to 90 degrees)"
            raise TinelError(told, "angle_deg")

    @property
    def along(self) -> tuple[float, float]:
        """Unit vector of the shaft down and across, from the skin towards the tip."""
        return sin(radians(self.angle_deg)), cos(radians(self.angle_deg))
