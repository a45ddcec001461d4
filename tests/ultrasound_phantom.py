"""Pictures of known nerves: speckle of scatterers under a Gaussian pulse, compressed to grey."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter

from tinel.imaging.picture import Picture

SPACING_mm = 0.05
# full widths at half height of the envelope, along and across the beam
AXIAL_mm, LATERAL_mm = 0.112, 0.25
SHOWN_dB = 60.0
TO_SIGMA = 1.0 / 2.3548
DECIBELS = {"epineurium": 0.0, "fascicle": -16.0, "muscle": -14.0, "fat": -8.0, "tendon": -5.0}
BLACK_dB = -45.0


@dataclass(frozen=True)
class Known:
    """What was drawn: the picture, the true middle and sizes inside the rim."""

    picture: Picture
    centre_mm: tuple[float, float]
    area_mm2: float
    width_to_height: float
    fascicles: int
    ratio: float


def phantom(
    seed: int,
    area_mm2: float = 9.0,
    *,
    width_to_height: float = 1.6,
    fascicles: int = 8,
    ratio: float = 0.5,
    around: str = "muscle",
    rim_mm: float = 0.3,
    nerve: bool = True,
    changed: dict[str, float] | None = None,
    size_mm: tuple[float, float] = (22.0, 28.0),
    tilt_deg: float = 0.0,
) -> Known:
    """A nerve of known size with dark fascicles in a bright rim, in muscle, fat or tendons."""
    rng = np.random.default_rng(seed)
    rows, columns = (round(side / SPACING_mm) for side in size_mm)
    z = (np.arange(rows)[:, None] + 0.5) * SPACING_mm
    x = (np.arange(columns)[None, :] + 0.5) * SPACING_mm - size_mm[1] / 2
    level = {**DECIBELS, **(changed or {})}
    echo = background(rng, z, x, around, level)
    half_height = np.sqrt(area_mm2 / np.pi / width_to_height)
    half_width = half_height * width_to_height
    centre = (6.0 + half_height + rng.uniform(0, 3), rng.uniform(-3, 3))
    turned = np.deg2rad(tilt_deg)
    u = (x - centre[1]) * np.cos(turned) + (z - centre[0]) * np.sin(turned)
    v = -(x - centre[1]) * np.sin(turned) + (z - centre[0]) * np.cos(turned)
    inside = (u / half_width) ** 2 + (v / half_height) ** 2 <= 1
    rim = (u / (half_width + rim_mm)) ** 2 + (v / (half_height + rim_mm)) ** 2 <= 1
    drawn = 0.0
    n_drawn = 0
    if nerve:
        echo[rim] = level["epineurium"]
        for uf, vf, radius in packed(rng, half_width, half_height, fascicles, ratio):
            blob = (u - uf) ** 2 + (v - vf) ** 2 <= radius**2
            echo[blob & inside] = level["fascicle"]
            drawn += float((blob & inside).sum()) * SPACING_mm**2
            n_drawn += 1
    picture = Picture(speckle(echo, rng), SPACING_mm, SPACING_mm, "ultrasound", shows="B-mode")
    return Known(picture, centre, area_mm2, width_to_height, n_drawn, drawn / area_mm2)


def background(rng, z, x, around, level):  # type: ignore[no-untyped-def]
    """Levels in dB of a limb without a nerve: skin, fat, fascia, and what lies deep to it."""
    shape = np.broadcast_shapes(z.shape, x.shape)
    echo = np.full(shape, level["fat"])
    wave = 0.6 * np.sin(x / 4 + rng.uniform(0, 6))
    streaks = gaussian_filter(rng.standard_normal(shape), (1.5, 25))
    streaks /= streaks.std()
    below = z > 4 + wave
    if around == "muscle":
        echo = np.where(below, level["muscle"] + 9.0 * (streaks > 1.3), echo)
    elif around == "fat":
        echo = np.where(below, level["fat"] - 3 + 6.0 * (streaks > 1.5), echo)
    elif around == "tendon":
        echo = np.where(below, level["muscle"], echo)
        for k in range(7):
            zc, xc = rng.uniform(6, 16), -12 + 4 * k + rng.uniform(-1, 1)
            disc = ((x - xc) / 2.2) ** 2 + ((z - zc) / 1.5) ** 2 <= 1
            echo = np.where(disc, level["tendon"] + 4 * (streaks > 1), echo)
    echo = np.where(z < 1.5, -3.0, echo)
    echo = np.where(np.abs(z - 4 - wave) < 0.25, 0.0, echo)
    return np.array(echo)


def packed(rng, half_width, half_height, fascicles, ratio):  # type: ignore[no-untyped-def]
    """Discs that do not overlap inside an ellipse, with about this part of its area."""
    radii = np.sort(rng.lognormal(0, 0.35, fascicles))[::-1]
    radii *= np.sqrt(ratio * half_width * half_height / (radii**2).sum())
    discs = []
    for radius in radii:
        for shrink in (1.0, 0.92, 0.85, 0.75):
            r, placed = radius * shrink, False
            for _ in range(400):
                turn, out = rng.uniform(0, 2 * np.pi), np.sqrt(rng.uniform())
                u = out * np.cos(turn) * max(half_width - r - 0.05, 0)
                v = out * np.sin(turn) * max(half_height - r - 0.05, 0)
                if all(np.hypot(u - a, v - b) > r + c + 0.1 for a, b, c in discs):
                    discs.append((u, v, r))
                    placed = True
                    break
            if placed:
                break
    return discs


def speckle(echo_dB, rng):  # type: ignore[no-untyped-def]
    """Grey 0 to 1 of scatterers with these levels, 60 dB shown."""
    amplitude = 10 ** (echo_dB / 20)
    sigma = (AXIAL_mm * TO_SIGMA / SPACING_mm, LATERAL_mm * TO_SIGMA / SPACING_mm)
    # the width of the envelope of a sum of pulses
    waves = [gaussian_filter(amplitude * rng.standard_normal(echo_dB.shape), sigma) for _ in "ri"]
    envelope = np.hypot(*waves)
    gain = 2 * np.sqrt(np.pi * sigma[0] * sigma[1])
    decibels = 20 * np.log10(envelope * gain + 10 ** (BLACK_dB / 20))
    return np.clip((decibels + SHOWN_dB - 14) / SHOWN_dB, 0, 1).astype(np.float32)
