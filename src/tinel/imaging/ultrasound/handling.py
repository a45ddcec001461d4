"""How a hand holds the probe: tilt, an oblique cut, a wrong place, pressure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinel.errors import TinelError
from tinel.evidence import Parameters


@dataclass(frozen=True)
class Handling:
    """How the probe is held.

    Args:
        tilt_deg: between the beam and a right angle to the fibres, -45 to 45.
        oblique_deg: between the cut and a true cross-section, -60 to 60; widens what runs along
            the limb by one over its cosine.
        off_mm: how far along the nerve the probe is from where it should be; used by who chooses
            the plane.
        press: force, 0 (a probe that floats on gel) to 1 (veins close).

    Raises:
        TinelError: outside these ranges.
    """

    tilt_deg: float = 0.0
    oblique_deg: float = 0.0
    off_mm: float = 0.0
    press: float = 0.0

    def __post_init__(self) -> None:
        for name, least, most, unit in (
            ("tilt_deg", -45.0, 45.0, "degrees"),
            ("oblique_deg", -60.0, 60.0, "degrees"),
            ("press", 0.0, 1.0, "of full force"),
        ):
            if not least <= getattr(self, name) <= most:
                message = f"{getattr(self, name):g} {unit} is out of range (allowed: {least:g}"
                raise TinelError(f"{message} to {most:g})", name)


def usual_handling(rng: np.random.Generator, parameters: Parameters) -> Handling:
    """How an examiner holds the probe this time, drawn from the errors of ``ultrasound.operator``.

    Example:
        >>> held = usual_handling(np.random.default_rng(1), Parameters.of_evidence())
        >>> abs(held.oblique_deg) < 30
        True
    """
    tilt, oblique, off, press = rng.standard_normal(4)

    def spread(name: str) -> float:
        return parameters.scalar(f"ultrasound.operator.{name}")

    force = parameters.scalar("ultrasound.press.usual") * np.exp(spread("press") * press)
    return Handling(
        tilt_deg=float(np.clip(spread("tilt_deg") * tilt, -45.0, 45.0)),
        oblique_deg=float(np.clip(spread("oblique_deg") * oblique, -60.0, 60.0)),
        off_mm=float(spread("place_mm") * off),
        press=float(min(force, 1.0)),
    )
