"""The outline of a nerve on an MR picture, found near where a reader points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy import ndimage

from tinel.evidence import Parameters
from tinel.imaging.picture import Picture

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

N_RAY = 48
STEP_mm = 0.1
# price of a change of the radius by up to five steps from ray to ray
BENDS = 0.01 * np.arange(-5, 6) ** 2


@dataclass(frozen=True)
class Outline:
    """A closed outline around a centre, as a reader draws it.

    Args:
        centre_mm: of it, down from the top and across from the left border of the picture.
        radius_mm: from the centre in ``N_RAY`` directions, the first to the right, the next down.
        brightness: median inside.
        surround: median of a ring around it.
        noise: standard deviation of the noise there.
    """

    centre_mm: tuple[float, float]
    radius_mm: Floats
    brightness: float
    surround: float
    noise: float

    @property
    def area_mm2(self) -> float:
        """Area inside."""
        turn = 2 * np.pi / len(self.radius_mm)
        return float(0.5 * np.sin(turn) * (self.radius_mm * np.roll(self.radius_mm, 1)).sum())

    @property
    def width_to_height(self) -> float:
        """Largest over smallest diameter through the centre."""
        across = self.radius_mm + np.roll(self.radius_mm, len(self.radius_mm) // 2)
        return float(across.max() / across.min())

    def holds(self, place_mm: tuple[float, float]) -> bool:
        """Whether a place lies inside."""
        down, across = (place_mm[k] - self.centre_mm[k] for k in range(2))
        turn = np.arctan2(down, across) * len(self.radius_mm) / (2 * np.pi)
        return bool(np.hypot(down, across) <= self.radius_mm[round(turn) % len(self.radius_mm)])

    def inside(self, picture: Picture, scale: float = 1.0) -> Bools:
        """Pixels of any picture of the same region that lie inside, ``(n_row, n_column)``.

        Args:
            picture: need not be the one that the outline was drawn on.
            scale: 1 for the whole, less for its middle, more for what surrounds it too.
        """
        rows, columns = picture.pixels.shape
        down = (np.arange(rows) + 0.5) * picture.row_mm - self.centre_mm[0]
        across = (np.arange(columns) + 0.5) * picture.column_mm - self.centre_mm[1]
        y, x = np.meshgrid(down, across, indexing="ij")
        turn = np.mod(np.arctan2(y, x), 2 * np.pi) * len(self.radius_mm) / (2 * np.pi)
        lower = np.floor(turn).astype(int) % len(self.radius_mm)
        part = turn - np.floor(turn)
        near, far = self.radius_mm[lower], self.radius_mm[(lower + 1) % len(self.radius_mm)]
        return np.asarray(np.hypot(y, x) <= scale * (near + part * (far - near)))


def nerve_on_mri(
    picture: Picture, near_mm: tuple[float, float], parameters: Parameters
) -> Outline | None:
    """The outline of a bright nerve in dark surroundings; None where there is none.

    A reader sees a group of dots brighter than the fat and the epineurium around them. Of the
    bright places in reach the one that stands out most for its distance is taken; rays from its
    middle end where the inside is brightest against what lies just outside, neighbours alike.

    Args:
        picture: T2-weighted or STIR.
        near_mm: where the reader points, down from the top and across from the left border.
        parameters: the reader's, ``mri.reader``.

    Example:
        >>> dark = np.random.default_rng(1).normal(0.1, 0.01, (60, 60)).astype(np.float32)
        >>> nerve_on_mri(Picture(dark, 0.3, 0.3, "mri"), (9.0, 9.0), Parameters.of_evidence())
    """

    def number(key: str) -> float:
        return parameters.scalar(f"mri.reader.{key}")

    pixels = np.asarray(picture.pixels, np.float64)
    noise = noise_of(pixels)
    sizes = np.array([picture.row_mm, picture.column_mm])
    smooth = ndimage.gaussian_filter(pixels, number("smooth_mm") / sizes)
    reach, largest = number("reach_mm"), number("largest_mm")
    found: list[tuple[float, Outline]] = []
    for place in _bright_places(pixels, sizes, near_mm, reach):
        outline = _outline(picture, pixels, smooth, place, largest, noise, number("closed"))
        if outline is None:
            continue
        away = np.hypot(outline.centre_mm[0] - near_mm[0], outline.centre_mm[1] - near_mm[1])
        stands_out = (outline.brightness - outline.surround) / noise
        fits = number("least_area_mm2") <= outline.area_mm2
        near = away <= reach + 0.5 * float(outline.radius_mm.mean())
        # a bright place twice as far has to stand out much more
        score = np.log(max(stands_out, 1e-9)) - 2.0 * (away / reach) ** 2
        if stands_out > number("contrast") and fits and near:
            found.append((score, outline))
    if not found:
        return None
    best = max(found, key=lambda each: each[0])[1]
    # a fascicle has an outline of its own: the nerve is the largest that holds it
    for _, other in sorted(found, key=lambda each: each[1].area_mm2):
        larger = other.area_mm2 > best.area_mm2
        if larger and other.holds(best.centre_mm) and other.brightness > 0.5 * best.brightness:
            best = other
    return best


def _outline(
    picture: Picture,
    pixels: Floats,
    smooth: Floats,
    place: tuple[float, float],
    largest_mm: float,
    noise: float,
    least_closed: float,
) -> Outline | None:
    """An outline about a place, or None where no bright thing ends all round."""
    sizes = np.array([picture.row_mm, picture.column_mm])
    angle = 2 * np.pi * np.arange(N_RAY) / N_RAY
    centre, radius = place, np.zeros(N_RAY)
    for turn in range(4):  # the middle of an outline is a better place for the rays
        rays = _rays(smooth, sizes, centre, largest_mm)
        radius, closed = _border(rays, noise)
        if closed < least_closed or radius.max() >= largest_mm:
            return None
        total = (radius**2 / 2).sum()
        down = float((radius**3 / 3 * np.sin(angle)).sum() / total)
        across = float((radius**3 / 3 * np.cos(angle)).sum() / total)
        if np.hypot(down, across) < picture.row_mm / 4 or turn == 3:
            break
        centre = (centre[0] + down, centre[1] + across)
    outline = Outline(centre, radius, 0.0, 0.0, noise)
    inside = outline.inside(picture)
    ring = ndimage.binary_dilation(inside, iterations=max(1, round(0.6 / picture.row_mm))) & ~inside
    if not inside.any() or not ring.any():
        return None
    return Outline(
        centre, radius, float(np.median(pixels[inside])), float(np.median(pixels[ring])), noise
    )


def noise_of(pixels: Floats) -> float:
    """Noise of a picture, from differences of pixels that lie two apart, which tissue hardly has.

    Example:
        >>> flat = np.random.default_rng(1).normal(5.0, 1.0, (64, 64))
        >>> round(noise_of(flat), 1)
        1.0
    """
    fine = pixels - ndimage.median_filter(pixels, 3)
    # a ninth of each difference is the pixel's own noise in the median
    return float(1.4826 * np.median(np.abs(fine - np.median(fine))) * 1.15 + 1e-9)


def _bright_places(
    pixels: Floats, sizes: Floats, near_mm: tuple[float, float], reach_mm: float
) -> list[tuple[float, float]]:
    """Places in reach where a dot or a group of dots is brighter than what surrounds it."""
    down = (np.arange(pixels.shape[0]) + 0.5) * sizes[0] - near_mm[0]
    across = (np.arange(pixels.shape[1]) + 0.5) * sizes[1] - near_mm[1]
    within = np.hypot(down[:, None], across[None, :]) <= reach_mm
    places: list[tuple[float, float]] = []
    for size in (0.5, 0.9, 1.6, 2.6):
        group = ndimage.gaussian_filter(pixels, size / sizes)
        stands = group - ndimage.gaussian_filter(pixels, 2.5 * size / sizes)
        top = (stands == ndimage.maximum_filter(stands, footprint=np.ones((5, 5)))) & within
        rows, columns = np.nonzero(top & (stands > 0))
        for k in np.argsort(-stands[rows, columns])[:3]:
            place = ((rows[k] + 0.5) * sizes[0], (columns[k] + 0.5) * sizes[1])
            if all(np.hypot(place[0] - p[0], place[1] - p[1]) > 0.6 for p in places):
                places.append((float(place[0]), float(place[1])))
    return places


def _rays(smooth: Floats, sizes: Floats, centre: tuple[float, float], largest_mm: float) -> Floats:
    """Brightness along rays from a place, ``(N_RAY, n_step)``."""
    angle = 2 * np.pi * np.arange(N_RAY) / N_RAY
    out = np.arange(0.0, largest_mm + 1.2, STEP_mm)
    rows = (centre[0] + np.sin(angle)[:, None] * out) / sizes[0] - 0.5
    columns = (centre[1] + np.cos(angle)[:, None] * out) / sizes[1] - 0.5
    return np.asarray(ndimage.map_coordinates(smooth, [rows, columns], order=1, mode="nearest"))


def _border(rays: Floats, noise: float) -> tuple[Floats, float]:
    """Where each ray leaves the nerve, and on which part of the rays something darker follows.

    A bright piece ends there, a dark one follows, and neighbours agree.
    """
    wide = round(0.6 / STEP_mm)
    n = rays.shape[1] - 2 * wide
    total = np.cumsum(np.pad(rays, ((0, 0), (1, 0))), axis=1)
    at = np.arange(wide, wide + n)
    inside = (total[:, at] - total[:, at - wide]) / wide
    outside = (total[:, at + wide] - total[:, at]) / wide
    step = inside - outside
    # what lies beyond a dark rim is no part of the nerve: the darkest place so far counts against
    darkest = np.minimum.accumulate(rays, axis=1)[:, at]
    bright = np.quantile(rays[:, : round(1.0 / STEP_mm)], 0.7)
    beyond = np.maximum(0.45 * bright - darkest, 0.0)
    score = step - 2.0 * np.pad(beyond, ((0, 0), (wide, 0)))[:, : beyond.shape[1]]
    best = _smoothest(score / (np.abs(score).max() + 1e-12))
    closed = (step[np.arange(N_RAY), best] > 1.5 * noise).mean()
    return at[best] * STEP_mm, float(closed)


def _smoothest(score: Floats) -> NDArray[np.intp]:
    """The closed path of best score whose radius changes little from ray to ray."""
    _, free = _path(score, None)
    # closed by coming back to where the free path begins
    return _path(score, int(free[0]))[1]


def _path(score: Floats, start: int | None) -> tuple[float, NDArray[np.intp]]:
    """The best path once round, from one place or from anywhere."""
    n_ray, n = score.shape
    far = BENDS.size // 2
    value = score[0].copy()
    if start is not None:
        value[:] = -np.inf
        value[start] = score[0, start]
    back = np.zeros((n_ray + 1, n), np.intp)
    padded = np.full(n + 2 * far, -np.inf)
    windows = sliding_window_view(padded, BENDS.size)
    each = np.arange(n)
    for k in range(1, n_ray + 1):
        padded[far : far + n] = value
        options = windows - BENDS
        which = options.argmax(axis=1)
        value = options[each, which]
        back[k] = each + which - far
        if k < n_ray:
            value = value + score[k]
    end = int(value.argmax()) if start is None else start
    path = np.zeros(n_ray, np.intp)
    path[-1] = np.clip(back[n_ray, end], 0, n - 1)
    for k in range(n_ray - 1, 0, -1):
        path[k - 1] = np.clip(back[k, path[k]], 0, n - 1)
    return float(value[end]), path
