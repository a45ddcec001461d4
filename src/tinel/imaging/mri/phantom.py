"""A plane of known truth: an elliptic nerve with fascicles in fat between muscles."""

from __future__ import annotations

import math

import numpy as np

from tinel.errors import TinelError
from tinel.imaging.plane import Plane, Tissue


def nerve_phantom(
    *,
    area_mm2: float = 10.0,
    width_to_height: float = 1.3,
    n_fascicle: int = 9,
    fascicle_part: float = 0.55,
    water: float = 0.0,
    axons: float = 1.0,
    inside: Tissue | None = None,
    bed_mm: float = 1.2,
    size_mm: float = 16.0,
    spacing_mm: float = 0.1,
    position_mm: float = 0.0,
    centre_mm: tuple[float, float] = (0.0, 0.0),
    seed: int = 0,
) -> Plane:
    """A square plane with a nerve in its middle, to know how well pictures of it are measured.

    Args:
        area_mm2: of the nerve up to the outer border of the epineurium; 0 for none, when its bed
            is left.
        width_to_height: of the nerve, 1 or more.
        n_fascicle: how many fascicles of equal size, 1 to 40.
        fascicle_part: of the area that is fascicles, 0.1 to 0.75.
        water: free water in the nerve, 0 to 1.
        axons: part that stands, 0 to 1.
        inside: another tissue in place of fascicles and epineurium, such as ``Tissue.NEUROMA``.
        bed_mm: width of the fat around the nerve.
        size_mm, spacing_mm: side of the plane and of a pixel.
        position_mm: along the nerve.
        centre_mm: of the nerve, down and across, from the middle of the plane.
        seed: of the places of the fascicles.

    Raises:
        TinelError: a number outside its range.

    Example:
        >>> plane = nerve_phantom(area_mm2=10.0)
        >>> nerve = (plane.tissue == Tissue.FASCICLE) | (plane.tissue == Tissue.EPINEURIUM)
        >>> round(float(nerve.sum() * plane.spacing_mm**2), 1)
        10.0
    """
    for name, value, least, most in (
        ("area_mm2", area_mm2, 0.0, 200.0),
        ("width_to_height", width_to_height, 1.0, 10.0),
        ("n_fascicle", n_fascicle, 1, 40),
        ("fascicle_part", fascicle_part, 0.1, 0.75),
        ("water", water, 0.0, 1.0),
        ("axons", axons, 0.0, 1.0),
    ):
        if not least <= value <= most:
            raise TinelError(f"{value} is out of range (allowed: {least} to {most})", name)
    n = round(size_mm / spacing_mm)
    place = (np.arange(n) + 0.5) * spacing_mm - size_mm / 2
    down, across = np.meshgrid(place - centre_mm[0], place - centre_mm[1], indexing="ij")
    tissue = np.full((n, n), Tissue.MUSCLE, np.uint8)
    # fat lies round the nerve and in the cleft between two muscles that leads to it
    high = math.sqrt(max(area_mm2, 3.0) / (math.pi * width_to_height))
    wide = high * width_to_height
    bed = np.hypot(down / (high + bed_mm), across / (wide + bed_mm)) <= 1
    cleft = np.abs(down - 0.35 * across) <= 0.35
    tissue[bed | cleft] = Tissue.FAT
    nerve = (np.hypot(down / high, across / wide) <= 1) & (area_mm2 > 0)
    tissue[nerve] = Tissue.EPINEURIUM if inside is None else inside
    if inside is None and area_mm2 > 0:
        _fascicles(tissue, down, across, (high, wide), n_fascicle, fascicle_part, seed)
    grid = np.zeros((n, n), np.float32)
    return Plane(
        tissue=tissue,
        spacing_mm=spacing_mm,
        view="cross",
        position_mm=position_mm,
        water=np.asarray(np.where(nerve, water, grid), np.float32),
        fat=grid,
        axons=np.asarray(np.where(nerve, axons, grid), np.float32),
    )


def _fascicles(
    tissue: np.ndarray,
    down: np.ndarray,
    across: np.ndarray,
    half_mm: tuple[float, float],
    n_fascicle: int,
    part: float,
    seed: int,
) -> None:
    """Draw fascicles of equal area into an ellipse, each in its own share of it."""
    rng = np.random.default_rng(seed)
    # points that spread evenly over a disc, and move apart from chance places
    turn = np.arange(n_fascicle) * math.pi * (3 - math.sqrt(5)) + rng.uniform(0, 2 * math.pi)
    out = np.sqrt((np.arange(n_fascicle) + 0.5) / n_fascicle)
    out *= 0.88  # so that the outermost do not touch the border
    at = np.stack([out * np.sin(turn) * half_mm[0], out * np.cos(turn) * half_mm[1]])
    distance = np.hypot(down[..., None] - at[0][None, None], across[..., None] - at[1][None, None])
    mine = distance.argmin(axis=2)
    nearest = np.take_along_axis(distance, mine[..., None], axis=2)[..., 0]
    within = np.hypot(down / half_mm[0], across / half_mm[1])
    inside = within <= 0.97
    for k in range(n_fascicle):
        own = (mine == k) & inside
        wanted = round(part * (within <= 1).sum() / n_fascicle)
        if own.any():
            limit = np.sort(nearest[own])[min(wanted, own.sum()) - 1]
            tissue[own & (nearest <= limit)] = Tissue.FASCICLE
