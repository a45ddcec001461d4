"""A linear probe: what it sends, and how echoes are put together."""

from __future__ import annotations

from dataclasses import dataclass

from tinel.errors import TinelError
from tinel.evidence import Parameters

LEAST_MHz, MOST_MHz = 8.0, 24.0


@dataclass(frozen=True)
class Probe:
    """A linear probe with its settings.

    Args:
        frequency_MHz: middle of what it sends, 8 to 24 MHz.
        bandwidth_percent: width of what is sent and received (6 dB), of the middle frequency.
        pitch_mm: from element to element.
        angles_deg: of the plane waves that are added up, 0 straight down.
        f_number: depth over the width of the elements that listen at it.
        sound_mm_us: speed of sound that the machine assumes.
        attenuation: of the tissue that its pulses are computed in, dB/cm/MHz.
    """

    frequency_MHz: float
    bandwidth_percent: float
    pitch_mm: float
    angles_deg: tuple[float, ...]
    f_number: float
    sound_mm_us: float
    attenuation: float

    @property
    def wavelength_mm(self) -> float:
        """Wavelength at the middle frequency, mm."""
        return self.sound_mm_us / self.frequency_MHz


def linear_probe(frequency_MHz: float, parameters: Parameters) -> Probe:
    """A linear probe with usual settings at a frequency.

    Args:
        frequency_MHz: 8 to 24 MHz.
        parameters: with the numbers below ``ultrasound.probe``.

    Raises:
        TinelError: a frequency outside the range.

    Example:
        >>> linear_probe(12.0, Parameters.of_evidence()).wavelength_mm
        0.12833333333333333
    """
    if not LEAST_MHz <= frequency_MHz <= MOST_MHz:
        message = f"{frequency_MHz:g} MHz is out of range (allowed: {LEAST_MHz:g} to {MOST_MHz:g})"
        raise TinelError(message, advice="12 MHz sees 3 cm deep, 18 MHz shows more detail")

    def setting(name: str) -> float:
        return parameters.scalar(f"ultrasound.probe.{name}")

    sound_mm_us, steering = setting("sound_m_s") / 1000.0, setting("steering_deg")
    return Probe(
        frequency_MHz=float(frequency_MHz),
        bandwidth_percent=setting("bandwidth_percent"),
        pitch_mm=setting("pitch_wavelengths") * sound_mm_us / frequency_MHz,
        angles_deg=(-steering, -steering / 2, 0.0, steering / 2, steering),
        f_number=setting("f_number"),
        sound_mm_us=sound_mm_us,
        attenuation=setting("attenuation"),
    )
