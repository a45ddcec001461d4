"""Windows of known pictures as an examiner would point, in grey that differs between machines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tinel.checks.teaching.kept import Lesson
from tinel.imaging.measured.window import SIDE, SPACING_mm

Grid = NDArray[np.float32]
# an examiner points into the nerve with this error, or with this chance beside it
POINT_SD_mm, BESIDE, BESIDE_mm = 1.0, 0.22, (3.0, 10.0)
# of the pictures, how many have another grey, slope over depth, blur and noise
OTHER_GREY, SLOPED, BLURRED, NOISY = 0.7, 0.3, 0.25, 0.25
# so that neither side of a picture shows where the nerve lies
MOST_CUT, LEAST_LEFT = 50, 25


def sample(lesson: Lesson, rng: np.random.Generator, varied: bool = True) -> tuple[Grid, Grid]:
    """Grey with what the picture holds, ``(2, SIDE, SIDE)``, and the nerve, ``(SIDE, SIDE)``.

    Args:
        lesson: the picture.
        rng: of this window.
        varied: whether it is cut, turned over and changed in grey, as when it is taught.
    """
    grey, nerve = (np.asarray(one / 255, np.float32) for one in (lesson.grey, lesson.nerve))
    row, column = lesson.row, lesson.column
    if varied:
        grey, nerve, column = _cut(grey, nerve, column, rng)
    down, aside = _beside(rng) if varied and rng.random() < BESIDE else _pointed(rng)
    rows, columns = grey.shape
    middle = np.clip([row + down, column + aside], 3, [rows - 3, columns - 3])
    top, left = (round(float(at) - (SIDE - 1) / 2) for at in middle)
    if varied and rng.random() < OTHER_GREY:
        grey = _other_grey(grey, rng)
    held = np.ones_like(grey)
    image = np.stack([_part(grey, top, left), _part(held, top, left)])
    return image, _part(nerve, top, left)


def _pointed(rng: np.random.Generator) -> tuple[float, float]:
    down, aside = rng.standard_normal(2) * POINT_SD_mm / SPACING_mm
    return float(down), float(aside)


def _beside(rng: np.random.Generator) -> tuple[float, float]:
    away, turn = rng.uniform(*BESIDE_mm) / SPACING_mm, rng.uniform(0, 2 * np.pi)
    return float(0.6 * away * np.sin(turn)), float(away * np.cos(turn))


def _cut(
    grey: Grid, nerve: Grid, column: float, rng: np.random.Generator
) -> tuple[Grid, Grid, float]:
    width = grey.shape[1]
    left, right = (int(cut) for cut in rng.integers(0, MOST_CUT, 2))
    left = int(min(left, max(column - LEAST_LEFT, 0)))
    right = int(min(right, max(width - column - LEAST_LEFT, 0)))
    grey, nerve, column = (
        grey[:, left : width - right],
        nerve[:, left : width - right],
        column - left,
    )
    if rng.random() < 0.5:
        grey, nerve, column = grey[:, ::-1], nerve[:, ::-1], grey.shape[1] - 1 - column
    return grey, nerve, column


def _other_grey(grey: Grid, rng: np.random.Generator) -> Grid:
    from scipy.ndimage import gaussian_filter

    power, gain, offset = (
        np.exp(rng.normal(0, 0.2)),
        np.exp(rng.normal(0, 0.12)),
        rng.normal(0, 0.04),
    )
    grey = np.clip(gain * grey**power + offset, 0, 1)
    if rng.random() < SLOPED:
        slope = 1 + rng.normal(0, 0.15) * np.linspace(-1, 1, len(grey))
        grey = np.clip(grey * slope[:, None], 0, 1)
    if rng.random() < BLURRED:
        grey = gaussian_filter(grey, rng.uniform(0.4, 1.2))
    if rng.random() < NOISY:
        grey = np.clip(grey + rng.normal(0, 0.04, grey.shape), 0, 1)
    return np.asarray(grey, np.float32)


def _part(values: Grid, top: int, left: int) -> Grid:
    """A square of an image, 0 beyond it."""
    found = np.zeros((SIDE, SIDE), np.float32)
    rows, columns = values.shape
    first, last = max(top, 0), min(top + SIDE, rows)
    begin, end = max(left, 0), min(left + SIDE, columns)
    found[first - top : last - top, begin - left : end - left] = values[first:last, begin:end]
    return found
