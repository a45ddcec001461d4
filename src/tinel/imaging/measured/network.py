"""How likely each pixel around a point shows a nerve: a small convolutional network.

Its weights were learned from simulated pictures (``tinel.checks.teach``), never from a patient's.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from tinel.imaging.measured.window import SIDE, SPACING_mm, Window

Grid = NDArray[np.float32]
Weights = dict[str, Grid]
# channels at each size of the picture, halved from one to the next
CHANNELS, FAR_mm = (8, 16, 24, 32, 48), 10.0


@cache
def weights() -> Weights:
    """Kernels and offsets of every layer, as learned."""
    file = resources.files("tinel.imaging.measured").joinpath("network.npz")
    with file.open("rb") as opened, np.load(opened) as kept:
        return {name: np.asarray(kept[name], np.float32) for name in kept.files}


def likelihood(around: Window, learned: Weights) -> Grid:
    """Probability of a nerve at each pixel of a window, 0 to 1, ``(SIDE, SIDE)``.

    Args:
        around: the point to which an examiner points lies in its middle.
        learned: from ``weights``.

    Source:
        Ronneberger et al. 2015, doi:10.1007/978-3-319-24574-4_28, in a small size.

    Example:
        >>> from tinel.imaging.picture import Picture
        >>> from tinel.imaging.measured.window import window
        >>> nothing = Picture(np.zeros((300, 300), np.float32), 0.05, 0.05, "ultrasound")
        >>> bool(likelihood(window(nothing, (7.0, 0.0)), weights()).max() < 0.5)
        True
    """
    image = np.stack([around.grey, around.held, from_point()])
    # a nerve has no left and right: the mean of both ways round errs less
    both = likely(image, learned) + likely(image[:, :, ::-1], learned)[:, ::-1]
    return np.asarray(both / 2, np.float32)


def likely(image: Grid, learned: Weights) -> Grid:
    """The answer to one image of grey, what is held and distance from the point."""
    kept = []
    for k in range(len(CHANNELS)):
        image = block(image if k == 0 else halved(image), learned, f"down{k}")
        kept.append(image)
    for k in reversed(range(len(CHANNELS) - 1)):
        image = block(np.concatenate([kept[k], doubled(image)]), learned, f"up{k}")
    logit = np.tensordot(learned["out.kernel"], image, 1) + learned["out.offset"]
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logit, -30.0, 30.0))), np.float32)


def from_point() -> Grid:
    """Distance of each pixel from the middle, 1 from ``FAR_mm`` on, ``(SIDE, SIDE)``."""
    at = (np.arange(SIDE) - (SIDE - 1) / 2) * SPACING_mm
    return np.asarray(np.minimum(np.hypot(at[:, None], at[None]) / FAR_mm, 1.0), np.float32)


def block(image: Grid, learned: Weights, name: str) -> Grid:
    """Two convolutions by kernels of 3 by 3, each cut off at 0: ``(n, h, w)`` to ``(m, h, w)``."""
    for step in "ab":
        image = convolved(image, learned[f"{name}.{step}.kernel"])
        image += learned[f"{name}.{step}.offset"][:, None, None]
        np.maximum(image, 0.0, out=image)
    return image


def convolved(image: Grid, kernel: Grid) -> Grid:
    """Correlation of every channel with kernels ``(m, n, 3, 3)``, zeros beyond the border.

    Example:
        >>> image = np.arange(9, dtype=np.float32).reshape(1, 3, 3)
        >>> float(convolved(image, np.ones((1, 1, 3, 3), np.float32))[0, 1, 1])
        36.0
    """
    n, rows, columns = image.shape
    wide = np.pad(image, ((0, 0), (1, 1), (1, 1)))
    every = np.empty((n, 9, rows, columns), np.float32)
    for k in range(9):
        down, aside = divmod(k, 3)
        every[:, k] = wide[:, down : down + rows, aside : aside + columns]
    found = kernel.reshape(len(kernel), -1) @ every.reshape(9 * n, -1)
    return found.reshape(len(kernel), rows, columns)


def halved(image: Grid) -> Grid:
    """The largest of each two by two pixels."""
    n, rows, columns = image.shape
    return image.reshape(n, rows // 2, 2, columns // 2, 2).max(axis=(2, 4))


def doubled(image: Grid) -> Grid:
    """Each pixel twice in both directions."""
    return image.repeat(2, axis=1).repeat(2, axis=2)
