"""A needle in the picture: an artefact that is drawn after what was described, not computed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, label, shift

from tinel.evidence import Parameters
from tinel.imaging.plane import Plane, Tissue
from tinel.imaging.ultrasound.pattern import Grid
from tinel.imaging.ultrasound.probe import Probe

Mask = NDArray[np.bool_]

LONG = 3.0  # a cut of a needle whose length is less than this many widths is a dot


def needle_grey(angle_deg: float, parameters: Parameters) -> float:
    """Brightness of a needle as part of that across the beam, 0 to 1.

    Args:
        angle_deg: between needle and beam, 0 to 90.

    Example:
        >>> numbers = Parameters.of_evidence()
        >>> [round(needle_grey(angle, numbers), 2) for angle in (90, 60, 15)]
        [1.0, 0.63, 0.07]
    """

    def number(name: str) -> float:
        return parameters.scalar(f"ultrasound.needle.{name}")

    across, steep, least = number("across_grey"), number("steep_grey"), number("steep_deg")
    grey = np.interp(angle_deg, [0.0, least, 90.0], [0.0, steep, across])
    return float(grey / across)


def angle_to_beam(mask: Mask) -> float:
    """Angle between a needle and the beam, degrees; 90 for one that is cut across.

    Example:
        >>> angle_to_beam(np.eye(20, dtype=bool))
        45.0
    """
    rows, columns = np.nonzero(mask)
    if rows.size < 2:
        return 90.0
    size, direction = np.linalg.eigh(np.cov(rows, columns))
    if size[1] < LONG**2 * max(size[0], 1.0 / 12):
        return 90.0
    down, across = direction[:, 1]
    return round(float(np.degrees(np.arctan2(abs(across), abs(down)))), 6)


def needle_envelope(plane: Plane, probe: Probe, parameters: Parameters) -> Grid | None:
    """Magnitude that the needles in a plane add, with their weaker copies below; None without one.

    Args:
        plane: as the probe sees it.
        probe: for the width of what it shows of a thin line.

    Returns:
        Against the epineurium's mean, ``(n_depth, n_across)``.
    """
    needles, count = label(plane.tissue == Tissue.NEEDLE, np.ones((3, 3)))
    if not count:
        return None

    def number(key: str) -> float:
        return parameters.scalar(f"ultrasound.{key}")

    total = np.zeros(plane.tissue.shape, np.float32)
    wave = probe.wavelength_mm / plane.spacing_mm
    for which in range(1, count + 1):
        mask = needles == which
        # the far wall is hidden by the near one
        near = mask & (np.cumsum(mask, axis=0) <= max(1, round(wave)))
        grey = needle_grey(angle_to_beam(mask), parameters)
        dB = number("display.white_dB") - (1 - grey) * number("display.range_dB")
        line = gaussian_filter(near.astype(np.float32), (wave * 0.4, wave * 0.8))
        line *= np.float32(10 ** (dB / 20)) / max(float(line.max()), 1e-9)
        thick = max(float(mask.sum(axis=0).max()), 1.0)
        for copy in range(round(number("needle.repeats")) + 1):
            weaker = 10 ** (copy * number("needle.repeat_dB") / 20)
            total += np.float32(weaker) * shift(line, (copy * thick, 0), order=0)
    return total
